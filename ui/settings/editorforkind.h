// SPDX-License-Identifier: MIT
#pragma once

#include "ui/settings/settingeditor.h"

namespace rr {

/// The editor for the setting's kind, owned by `parent`.
SettingEditor *makeSettingEditor(const SettingSpec &spec, QWidget *parent);

} // namespace rr
