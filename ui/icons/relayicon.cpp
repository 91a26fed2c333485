// SPDX-License-Identifier: MIT
#include "ui/icons/relayicon.h"

#include <QFont>
#include <QPainter>
#include <QPainterPath>

#include <algorithm>
#include <array>
#include <cmath>

namespace rr {

using namespace Qt::StringLiterals;

namespace {

constexpr QColor onColor(0x0d, 0x94, 0x88);
constexpr QColor offColor(0x6b, 0x72, 0x80);
constexpr QColor unprovenColor(0x4a, 0x6f, 0xa5); ///< on, but not known to work
constexpr QColor badgeColor(0x1e, 0x3a, 0x5f);
constexpr QColor attentionColor(0xf5, 0xa6, 0x23);
constexpr QColor attentionInk(0x2b, 0x1d, 0x00);

bool isOff(IconState state)
{
    return state == IconState::Off || state == IconState::OffAttention;
}

bool needsAttention(IconState state)
{
    return state == IconState::OffAttention || state == IconState::OnAttention || state == IconState::Failing;
}

QColor tileColor(IconState state)
{
    if (isOff(state))
        return offColor;
    return state == IconState::Unchecked || state == IconState::Failing ? unprovenColor : onColor;
}

/// Of the height of the icon. Flat when it is off; and low, all alike, as long as nobody knows that it works.
std::array<double, 3> barHeights(IconState state)
{
    if (isOff(state))
        return {};
    if (state == IconState::Unchecked || state == IconState::Failing)
        return {0.28, 0.28, 0.28};
    return {0.40, 0.66, 0.28};
}

QString badgeText(IconState state, int calls, int pixels)
{
    const int most = pixels < 32 ? 9 : 99;
    const QString number = calls <= 0 ? QString()
        : calls <= most               ? QString::number(calls)
                                      : QString::number(most) + u'+';
    return needsAttention(state) ? number + u'!' : number;
}

void paintBars(QPainter &painter, int pixels, IconState state, const QColor &ink)
{
    // Bars and gaps are an eighth of the size each, so they fall on whole pixels at 16, 24, 32, 40, 48.
    const int unit = std::max(1, pixels / 8);
    const int left = (pixels - 5 * unit) / 2;
    const auto heights = barHeights(state);
    for (int i = 0; i < 3; ++i) {
        int height = std::max(unit, int(std::lround(pixels * heights[size_t(i)])));
        height += (pixels - height) % 2;
        const QRectF bar(left + 2 * i * unit, (pixels - height) / 2, unit, height);
        const qreal radius = unit >= 3 ? unit / 2.0 : 0;
        QPainterPath path;
        path.addRoundedRect(bar, radius, radius);
        painter.fillPath(path, ink);
    }
}

void paintBadge(QPainter &painter, int pixels, const QString &text, const QColor &fill, const QColor &ink)
{
    const int height = std::max(9, int(std::lround(pixels * 0.56)));
    QFont font(u"DejaVu Sans"_s);
    font.setStyleHint(QFont::SansSerif);
    font.setBold(true);
    font.setPixelSize(std::max(8, int(height * (text.size() > 2 ? 0.6 : 0.82))));
    painter.setFont(font);
    QPainterPath glyphs;
    glyphs.addText(0, 0, font, text);
    const QRectF ink0 = glyphs.boundingRect();
    const qreal width
        = std::min<qreal>(pixels, std::max<qreal>(height, std::ceil(ink0.width() + height * 0.4)));
    const QRectF badge(pixels - width, pixels - height, width, height);

    const qreal ring = std::max(1.0, pixels / 24.0);
    QPainterPath hole;
    hole.addRoundedRect(badge.adjusted(-ring, -ring, ring, ring), height / 2.0 + ring, height / 2.0 + ring);
    painter.setCompositionMode(QPainter::CompositionMode_Clear);
    painter.fillPath(hole, Qt::black);
    painter.setCompositionMode(QPainter::CompositionMode_SourceOver);

    QPainterPath shape;
    shape.addRoundedRect(badge, height / 2.0, height / 2.0);
    painter.fillPath(shape, fill);
    glyphs.translate(badge.center() - ink0.center());
    painter.fillPath(glyphs, ink);
}

} // namespace

QPixmap relayPixmap(int pixels, IconState state, int calls, IconLook look, const QColor &ink)
{
    QPixmap pixmap(pixels, pixels);
    pixmap.fill(Qt::transparent);
    QPainter painter(&pixmap);
    painter.setRenderHint(QPainter::Antialiasing);

    const bool coloured = look == IconLook::Coloured;
    if (coloured) {
        QPainterPath tile;
        tile.addRoundedRect(QRectF(0, 0, pixels, pixels), pixels * 0.22, pixels * 0.22);
        painter.fillPath(tile, tileColor(state));
    }
    paintBars(painter, pixels, state, coloured ? QColor(Qt::white) : ink);

    const QString badge = badgeText(state, calls, pixels);
    if (!badge.isEmpty()) {
        const bool attention = needsAttention(state);
        const QColor paper = ink.lightnessF() > 0.5 ? Qt::black : Qt::white;
        if (!coloured)
            paintBadge(painter, pixels, badge, ink, paper);
        else
            paintBadge(painter, pixels, badge, attention ? attentionColor : badgeColor,
                attention ? attentionInk : QColor(Qt::white));
    }
    return pixmap;
}

QIcon relayIcon(IconState state, int calls, IconLook look, const QColor &ink)
{
    QIcon icon;
    for (const int pixels : {16, 20, 22, 24, 32, 40, 44, 48, 64, 96, 128})
        icon.addPixmap(relayPixmap(pixels, state, calls, look, ink));
    return icon;
}

} // namespace rr
