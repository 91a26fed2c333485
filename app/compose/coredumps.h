// SPDX-License-Identifier: MIT
#pragma once

namespace rr {

/// No core dump is made of this process any more, whatever becomes of it: its memory holds a key that is not its clients' own. Nor
/// may another process of the same user read its memory, where the system has that. Without effect the second time; cannot be
/// undone. Any thread.
void forbidCoreDumps();

} // namespace rr
