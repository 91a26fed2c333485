// SPDX-License-Identifier: MIT
#pragma once

#include <QPainter>
#include <QProxyStyle>
#include <QStyleFactory>
#include <QStyleOption>
#include <QWidget>

/// Paints some things as Windows' own styles do, which the palette does not change: a selected row is pale and its text
/// that of other rows, and a button is grey.
class WindowsLook : public QProxyStyle
{
public:
    WindowsLook()
        : QProxyStyle(QStyleFactory::create(QStringLiteral("Fusion")))
    {
    }

    void drawControl(ControlElement element, const QStyleOption *option, QPainter *painter,
        const QWidget *widget) const override
    {
        if (const auto *item = qstyleoption_cast<const QStyleOptionViewItem *>(option);
            item && element == CE_ItemViewItem) {
            QStyleOptionViewItem pale(*item);
            pale.palette.setColor(QPalette::Highlight, QColor(0xcc, 0xe8, 0xff));
            pale.palette.setColor(QPalette::HighlightedText, pale.palette.color(QPalette::Text));
            QProxyStyle::drawControl(element, &pale, painter, widget);
        } else if (element == CE_PushButtonBevel) {
            painter->fillRect(option->rect, QColor(0xe1, 0xe1, 0xe1));
        } else {
            QProxyStyle::drawControl(element, option, painter, widget);
        }
    }
};
