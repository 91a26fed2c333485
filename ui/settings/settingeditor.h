// SPDX-License-Identifier: MIT
#pragma once

#include "core/config/settingstable.h"

#include <QWidget>

#include <optional>

namespace rr {

/// Edits the value of one setting in the way of its kind: makeSettingEditor() makes one. The focus proxy is the control that is typed into.
class SettingEditor : public QWidget
{
    Q_OBJECT
public:
    SettingEditor(const SettingSpec &spec, QWidget *parent);

    const SettingSpec &spec() const { return m_spec; }
    virtual QString text() const = 0; ///< in the form of settingText(), perhaps not a right value
    virtual void setText(const QString &text) = 0; ///< edited() follows when it differs
    virtual std::optional<QString> problem() const; ///< of what stands there now, as a sentence

Q_SIGNALS:
    void edited();

private:
    const SettingSpec &m_spec;
};

} // namespace rr
