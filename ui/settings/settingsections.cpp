// SPDX-License-Identifier: MIT
#include "ui/settings/settingsections.h"

#include <QHBoxLayout>
#include <QListWidget>
#include <QScrollArea>
#include <QScrollBar>
#include <QStackedWidget>

namespace rr {

SettingSections::SettingSections(QWidget *parent)
    : QWidget(parent)
    , m_list(new QListWidget(this))
    , m_stack(new QStackedWidget(this))
{
    m_list->setAccessibleName(tr("Sections"));
    const int icon = style()->pixelMetric(QStyle::PM_SmallIconSize);
    m_list->setIconSize({icon, icon});
    m_list->setSpacing(m_list->fontMetrics().height() / 6);
    m_list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    auto *layout = new QHBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_list);
    layout->addWidget(m_stack, 1);
    connect(m_list, &QListWidget::currentRowChanged, m_stack, &QStackedWidget::setCurrentIndex);
}

void SettingSections::addSection(const QString &title, QWidget *content)
{
    auto *area = new QScrollArea(m_stack);
    area->setWidgetResizable(true);
    area->setFrameShape(QFrame::NoFrame);
    area->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    area->setFocusPolicy(Qt::NoFocus);
    area->setWidget(content);
    // Nothing is cut off at the side: what the content needs at least, the area needs too.
    area->setMinimumWidth(content->minimumSizeHint().width() + area->verticalScrollBar()->sizeHint().width());
    m_stack->addWidget(area);
    m_list->addItem(title);
    if (m_list->currentRow() < 0)
        m_list->setCurrentRow(0);
}

void SettingSections::fitList()
{
    m_list->setFixedWidth(m_list->sizeHintForColumn(0) + m_list->iconSize().width() + 2 * m_list->frameWidth()
        + m_list->fontMetrics().averageCharWidth() * 4);
}

int SettingSections::current() const
{
    return m_list->currentRow();
}

void SettingSections::setCurrent(int section)
{
    if (section >= 0 && section < m_list->count())
        m_list->setCurrentRow(section);
}

void SettingSections::setMarked(int section, bool problem)
{
    QListWidgetItem *item = m_list->item(section);
    if (item->icon().isNull() != problem)
        return;
    item->setIcon(problem ? style()->standardIcon(QStyle::SP_MessageBoxWarning) : QIcon());
    item->setData(Qt::AccessibleDescriptionRole, problem ? tr("Needs attention") : QString());
}

void SettingSections::reveal(QWidget *control)
{
    for (int i = 0; i < m_stack->count(); ++i) {
        auto *area = static_cast<QScrollArea *>(m_stack->widget(i));
        if (area->isAncestorOf(control)) {
            setCurrent(i);
            area->ensureWidgetVisible(control);
            control->setFocus(Qt::OtherFocusReason);
        }
    }
}

} // namespace rr
