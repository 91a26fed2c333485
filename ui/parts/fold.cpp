// SPDX-License-Identifier: MIT
#include "ui/parts/fold.h"

#include <QToolButton>
#include <QVBoxLayout>

namespace rr {

Fold::Fold(const QString &title, QWidget *content, QWidget *parent)
    : QWidget(parent)
    , m_line(new QToolButton(this))
    , m_content(content)
{
    m_line->setObjectName(QStringLiteral("fold"));
    m_line->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    m_line->setAutoRaise(true);
    m_line->setCheckable(true);
    m_line->setFocusPolicy(Qt::StrongFocus);
    setTitle(title);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins({});
    column->addWidget(m_line, 0, Qt::AlignLeft);
    column->addWidget(content);
    connect(m_line, &QToolButton::toggled, this, [this](bool open) {
        m_line->setArrowType(open ? Qt::DownArrow : Qt::RightArrow);
        m_content->setVisible(open);
    });
    m_line->setArrowType(Qt::RightArrow);
    m_content->setVisible(false);
}

void Fold::setTitle(const QString &title)
{
    m_line->setText(title);
}

void Fold::setOpen(bool open)
{
    m_line->setChecked(open);
}

bool Fold::isOpen() const
{
    return m_line->isChecked();
}

} // namespace rr
