// SPDX-License-Identifier: MIT
#pragma once

#include "core/config/secret.h"

#include <QString>

namespace rr {

/// One line of standard input, without the blanks around it. On a terminal it is asked for with `prompt`, on standard error,
/// and not shown while it is typed; a signal that ends the program there leaves the terminal as it was. Blocks. Empty: none
/// came. Main thread.
Secret readHidden(const QString &prompt);

} // namespace rr
