// SPDX-License-Identifier: MIT
#include "ui/settings/settingeditor.h"

#include "ui/settings/settingwords.h"

namespace rr {

SettingEditor::SettingEditor(const SettingSpec &spec, QWidget *parent)
    : QWidget(parent)
    , m_spec(spec)
{
}

std::optional<QString> SettingEditor::problem() const
{
    return valueProblem(m_spec, text());
}

} // namespace rr
