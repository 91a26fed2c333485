// SPDX-License-Identifier: MIT
#include "ui/icons/glyphicon.h"

#include <QGuiApplication>
#include <QIconEngine>
#include <QPainter>
#include <QPainterPath>
#include <QPalette>

namespace rr {

namespace {

/// Draws in a square of 16 by 16.
void paintGlyph(QPainter &painter, Glyph glyph, const QColor &ink)
{
    QPen pen(ink, 1.5, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin);
    painter.setPen(pen);
    painter.setBrush(Qt::NoBrush);
    switch (glyph) {
    case Glyph::Overview:
        painter.drawPolyline(QPolygonF{{1.5, 9}, {4.5, 9}, {6.5, 3}, {9.5, 13}, {11.5, 9}, {14.5, 9}});
        break;
    case Glyph::Calls:
        for (const double y : {3.5, 8.0, 12.5}) {
            painter.drawPoint(QPointF(2.5, y));
            painter.drawLine(QPointF(5.5, y), QPointF(14, y));
        }
        break;
    case Glyph::History: // a clock
        painter.drawEllipse(QPointF(8, 8), 6.25, 6.25);
        painter.drawPolyline(QPolygonF{{8, 4.25}, {8, 8}, {10.75, 9.75}});
        break;
    case Glyph::Access: // a key
        painter.drawEllipse(QPointF(4.75, 11.25), 3, 3);
        painter.drawLine(QPointF(7, 9), QPointF(13.75, 2.25));
        painter.drawLine(QPointF(10.5, 5.5), QPointF(12.75, 7.75));
        painter.drawLine(QPointF(12.75, 3.25), QPointF(14.25, 4.75));
        break;
    case Glyph::Log:
        painter.drawRoundedRect(QRectF(2.5, 1.75, 11, 12.5), 1.5, 1.5);
        painter.drawLine(QPointF(5.5, 5.5), QPointF(10.5, 5.5));
        painter.drawLine(QPointF(5.5, 8), QPointF(10.5, 8));
        painter.drawLine(QPointF(5.5, 10.5), QPointF(8.5, 10.5));
        break;
    case Glyph::Settings:
        for (const auto &[y, x] : {std::pair(4.0, 10.5), std::pair(11.5, 5.5)}) {
            painter.drawLine(QPointF(1.75, y), QPointF(x - 2.25, y));
            painter.drawLine(QPointF(x + 2.25, y), QPointF(14.25, y));
            painter.drawEllipse(QPointF(x, y), 2.1, 2.1);
        }
        break;
    case Glyph::Doctor: // a stethoscope: the ends for the ears, the hose, the bell
        painter.drawPolyline(QPolygonF{{4, 2}, {2.5, 2}, {2.5, 6}});
        painter.drawPolyline(QPolygonF{{8, 2}, {9.5, 2}, {9.5, 6}});
        painter.drawArc(QRectF(2.5, 2.5, 7, 7), 180 * 16, 180 * 16);
        painter.drawLine(QPointF(6, 9.5), QPointF(6, 11));
        painter.drawArc(QRectF(6, 8, 6.5, 6.5), 180 * 16, 180 * 16);
        painter.drawLine(QPointF(12.5, 11), QPointF(12.5, 9.75));
        painter.drawEllipse(QPointF(12.5, 8), 1.75, 1.75);
        break;
    case Glyph::About:
        painter.drawEllipse(QPointF(8, 8), 6.25, 6.25);
        painter.drawLine(QPointF(8, 7.5), QPointF(8, 11));
        painter.drawPoint(QPointF(8, 4.9));
        break;
    case Glyph::Copy:
        painter.drawRoundedRect(QRectF(5.5, 5.5, 8.5, 8.5), 1.5, 1.5);
        painter.drawPolyline(QPolygonF{{3, 10.5}, {2, 10.5}, {2, 2}, {10.5, 2}, {10.5, 3}});
        break;
    case Glyph::Start:
        painter.setBrush(ink);
        painter.drawPolygon(QPolygonF{{4.5, 2.75}, {13, 8}, {4.5, 13.25}});
        break;
    case Glyph::Stop:
        painter.setBrush(ink);
        painter.drawRoundedRect(QRectF(3.5, 3.5, 9, 9), 1, 1);
        break;
    case Glyph::Warning:
        painter.drawPolygon(QPolygonF{{8, 1.75}, {14.75, 13.75}, {1.25, 13.75}});
        painter.drawLine(QPointF(8, 6.25), QPointF(8, 9.5));
        painter.drawPoint(QPointF(8, 11.6));
        break;
    case Glyph::Done:
        painter.drawPolyline(QPolygonF{{2.5, 8.5}, {6.25, 12.25}, {13.5, 4}});
        break;
    }
}

class GlyphEngine final : public QIconEngine
{
public:
    GlyphEngine(Glyph glyph, const QColor &ink)
        : m_glyph(glyph)
        , m_ink(ink)
    {
    }

    void paint(QPainter *painter, const QRect &rect, QIcon::Mode mode, QIcon::State) override
    {
        const QPalette palette = QGuiApplication::palette();
        QColor ink = palette.color(mode == QIcon::Disabled ? QPalette::Disabled : QPalette::Active,
            mode == QIcon::Selected ? QPalette::HighlightedText : QPalette::ButtonText);
        if (m_ink.isValid() && mode != QIcon::Disabled)
            ink = m_ink;
        painter->save();
        painter->setRenderHint(QPainter::Antialiasing);
        painter->translate(rect.topLeft());
        painter->scale(rect.width() / 16.0, rect.height() / 16.0);
        paintGlyph(*painter, m_glyph, ink);
        painter->restore();
    }

    QPixmap pixmap(const QSize &size, QIcon::Mode mode, QIcon::State state) override
    {
        QPixmap pixmap(size);
        pixmap.fill(Qt::transparent);
        QPainter painter(&pixmap);
        paint(&painter, QRect(QPoint(), size), mode, state);
        return pixmap;
    }

    QIconEngine *clone() const override { return new GlyphEngine(m_glyph, m_ink); }

private:
    Glyph m_glyph;
    QColor m_ink; ///< invalid: the palette's
};

} // namespace

QIcon glyphIcon(Glyph glyph, const QColor &ink)
{
    return QIcon(new GlyphEngine(glyph, ink));
}

} // namespace rr
