// SPDX-License-Identifier: MIT
#pragma once

#include "core/base/sentence.h"

namespace rr {

/// What the core says, in the user's language, with numbers as the locale writes them. What came from outside stays as
/// it came. Main thread.
QString translated(const Sentence &sentence);

} // namespace rr
