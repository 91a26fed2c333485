// SPDX-License-Identifier: MIT
#include "ui/parts/tone.h"

#include <QPainter>

namespace rr {

namespace {

QColor discColor(Tone tone)
{
    switch (tone) {
    case Tone::Quiet:
        return QColor(0x6b, 0x72, 0x80);
    case Tone::Working:
        return QColor(0x25, 0x63, 0xeb);
    case Tone::Good:
        return QColor(0x0f, 0x76, 0x6e);
    case Tone::Warning:
        return QColor(0xb4, 0x53, 0x09);
    case Tone::Bad:
        return QColor(0xb9, 0x1c, 0x1c);
    }
    return {};
}

/// In a square of 16 by 16.
void drawSign(QPainter &painter, Tone tone)
{
    switch (tone) {
    case Tone::Quiet:
        painter.drawLine(QPointF(5, 8), QPointF(11, 8));
        break;
    case Tone::Working:
        for (const double x : {4.75, 8.0, 11.25})
            painter.drawPoint(QPointF(x, 8));
        break;
    case Tone::Good:
        painter.drawPolyline(QPolygonF{{4.5, 8.25}, {7, 10.75}, {11.5, 5.5}});
        break;
    case Tone::Warning:
        painter.drawLine(QPointF(8, 4.25), QPointF(8, 8.75));
        painter.drawPoint(QPointF(8, 11.5));
        break;
    case Tone::Bad:
        painter.drawLine(QPointF(5.25, 5.25), QPointF(10.75, 10.75));
        painter.drawLine(QPointF(10.75, 5.25), QPointF(5.25, 10.75));
        break;
    }
}

} // namespace

QPixmap toneBadge(Tone tone, int side, qreal devicePixelRatio)
{
    QPixmap badge((QSizeF(side, side) * devicePixelRatio).toSize());
    badge.fill(Qt::transparent);
    QPainter painter(&badge);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.scale(badge.width() / 16.0, badge.height() / 16.0);
    painter.setPen(Qt::NoPen);
    painter.setBrush(discColor(tone));
    painter.drawEllipse(QRectF(0.5, 0.5, 15, 15));
    painter.setPen(QPen(Qt::white, 1.75, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
    painter.setBrush(Qt::NoBrush);
    drawSign(painter, tone);
    painter.end();
    badge.setDevicePixelRatio(devicePixelRatio);
    return badge;
}

QColor toneInk(Tone tone, const QPalette &palette)
{
    const bool isDark = palette.color(QPalette::Window).lightnessF() < 0.5;
    switch (tone) {
    case Tone::Good:
        return isDark ? QColor(0x5e, 0xea, 0xd4) : QColor(0x0f, 0x66, 0x5f);
    case Tone::Warning:
        return isDark ? QColor(0xfc, 0xd3, 0x4d) : QColor(0x92, 0x40, 0x0e);
    case Tone::Bad:
        return isDark ? QColor(0xfc, 0xa5, 0xa5) : QColor(0xb9, 0x1c, 0x1c);
    case Tone::Quiet:
    case Tone::Working:
        break;
    }
    return palette.color(QPalette::Active, QPalette::WindowText);
}

} // namespace rr
