// SPDX-License-Identifier: MIT
#include "ui/settings/filenotice.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QStyle>

namespace rr {

FileNotice::FileNotice(QWidget *parent)
    : QWidget(parent)
    , m_text(new QLabel(this))
    , m_setAside(new QPushButton(tr("Set the file aside"), this))
{
    auto *icon = new QLabel(this);
    icon->setPixmap(style()
                        ->standardIcon(QStyle::SP_MessageBoxWarning)
                        .pixmap(style()->pixelMetric(QStyle::PM_SmallIconSize)));
    m_text->setTextFormat(Qt::PlainText);
    m_text->setWordWrap(true);
    m_setAside->setAutoDefault(false);
    connect(m_setAside, &QPushButton::clicked, this, &FileNotice::setAsideRequested);

    auto *row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->addWidget(icon, 0, Qt::AlignTop);
    row->addWidget(m_text, 1);
    row->addWidget(m_setAside, 0, Qt::AlignTop);
    hide();
}

void FileNotice::setProblems(const QStringList &problems)
{
    m_text->setText(problems.join(u'\n') + u'\n'
        + tr(
            "Correct the file, which is then read by itself, or set it aside: it is kept with .bad at the end of "
            "its name, and what is right of it is written anew."));
    m_setAside->setAccessibleDescription(m_text->text());
    setVisible(!problems.isEmpty());
}

} // namespace rr
