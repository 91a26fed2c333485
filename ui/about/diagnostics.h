// SPDX-License-Identifier: MIT
#pragma once

#include <QString>

namespace rr {

class RelayControl;

/// What someone who helps needs to know: versions, settings with their sources, numbers, the journal's last
/// lines. In English, for any reader. Keys, passwords and message content are not in it.
QString diagnosticsText(RelayControl &control);

} // namespace rr
