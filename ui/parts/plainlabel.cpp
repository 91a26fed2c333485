// SPDX-License-Identifier: MIT
#include "ui/parts/plainlabel.h"

#include <QAccessible>
#include <QAccessibleWidget>
#include <QLabel>

namespace rr {

#if QT_VERSION < QT_VERSION_CHECK(6, 8, 0)
namespace {

constexpr QLatin1String newsName("news");

QAccessibleInterface *asNotification(const QString &, QObject *object)
{
    auto *widget = object->objectName() == newsName ? qobject_cast<QWidget *>(object) : nullptr;
    return widget ? new QAccessibleWidget(widget, QAccessible::Notification) : nullptr;
}

/// What is not seen, and is a notification to a screen reader. Each label has its own: readers ask for the name when they have
/// the event, and there may be two at once.
QWidget *newsOf(QLabel &label)
{
    if (auto *news = label.findChild<QWidget *>(newsName))
        return news;
    QAccessible::installFactory(asNotification); // which passes over one that is installed
    auto *news = new QWidget(&label);
    news->setObjectName(newsName);
    news->hide();
    return news;
}

} // namespace
#endif

QLabel *plainLabel(QWidget *parent, double scale, bool bold)
{
    auto *label = new QLabel(parent);
    label->setTextFormat(Qt::PlainText);
    QFont font = label->font();
    font.setPointSizeF(font.pointSizeF() * scale);
    font.setBold(bold);
    label->setFont(font);
    return label;
}

void announce(QLabel &label)
{
#if QT_VERSION >= QT_VERSION_CHECK(6, 8, 0)
    QAccessibleAnnouncementEvent event(&label, label.text());
#else
    // Qt tells AT-SPI nothing of QAccessible::Alert, and of a label that is another a reader says nothing while the focus is
    // elsewhere. What it says in any case is a notification that appears.
    QWidget *news = newsOf(label);
    news->setAccessibleName(label.text());
    QAccessibleEvent event(news, QAccessible::ObjectShow);
#endif
    QAccessible::updateAccessibility(&event);
}

} // namespace rr
