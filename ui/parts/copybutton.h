// SPDX-License-Identifier: MIT
#pragma once

#include <QToolButton>

#include <functional>

namespace rr {

/// Copies a text when it is clicked, and shows for a moment that it did.
class CopyButton : public QToolButton
{
    Q_OBJECT
public:
    /// `text`: asked for at the click. `name`: what a screen reader says, "Copy the address".
    CopyButton(const QString &name, std::function<QString()> text, QWidget *parent = nullptr);

private:
    std::function<QString()> m_text;
};

} // namespace rr
