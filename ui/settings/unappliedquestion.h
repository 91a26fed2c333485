// SPDX-License-Identifier: MIT
#pragma once

#include <functional>

namespace rr {

class SettingsPage;

/// Before the program quits: asks what shall become of changes of the page that are not applied, where there
/// are any. Goes on when there are none any more; not at all when the person thinks better of it.
void settleChanges(SettingsPage &page, const std::function<void()> &goOn);

} // namespace rr
