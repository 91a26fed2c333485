// SPDX-License-Identifier: MIT
#include "ui/parts/copybutton.h"

#include "ui/icons/glyphicon.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QTimer>

#include <chrono>

namespace rr {

namespace {

constexpr auto doneShown = std::chrono::milliseconds(1500);

} // namespace

CopyButton::CopyButton(const QString &name, std::function<QString()> text, QWidget *parent)
    : QToolButton(parent)
    , m_text(std::move(text))
{
    setText(tr("Copy"));
    setIcon(glyphIcon(Glyph::Copy));
    setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    setFocusPolicy(Qt::StrongFocus);
    setAccessibleName(name);
    connect(this, &QToolButton::clicked, this, [this] {
        QGuiApplication::clipboard()->setText(m_text());
        setIcon(glyphIcon(Glyph::Done));
        QTimer::singleShot(doneShown, this, [this] { setIcon(glyphIcon(Glyph::Copy)); });
    });
}

} // namespace rr
