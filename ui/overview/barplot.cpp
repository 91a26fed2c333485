// SPDX-License-Identifier: MIT
#include "ui/overview/barplot.h"

#include <QHelpEvent>
#include <QPainter>
#include <QToolTip>

#include <algorithm>
#include <array>
#include <cmath>

namespace rr {

namespace {

constexpr std::array gridParts{0.0, 0.5, 1.0};
constexpr double leastTop = 0.01;
constexpr double partOfBar = 0.7; ///< the rest is between two of them

/// The next of 1, 2, 4, 10, 20, …: halves of it are as round.
double roundBarTop(double value)
{
    const double power = std::pow(10, std::floor(std::log10(value)));
    for (const double step : {1.0, 2.0, 4.0}) {
        if (value <= step * power)
            return step * power;
    }
    return 10 * power;
}

} // namespace

BarPlot::BarPlot(const QString &title, std::function<QString(double)> text, QWidget *parent)
    : QWidget(parent)
    , m_title(title)
    , m_text(std::move(text))
{
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Expanding);
    setAccessibleName(title);
}

void BarPlot::setTitle(const QString &title)
{
    if (title == m_title)
        return;
    m_title = title;
    setAccessibleName(title);
    update();
}

void BarPlot::setBars(const QList<Bar> &bars)
{
    if (bars == m_bars)
        return;
    m_bars = bars;
    double top = leastTop;
    QStringList said;
    for (const Bar &bar : bars) {
        top = std::max(top, bar.value);
        if (bar.value > 0)
            said.append(bar.name + QStringLiteral(": ") + bar.text);
    }
    m_top = roundBarTop(top);
    setAccessibleDescription(said.join(QStringLiteral(", ")));
    update();
}

QSize BarPlot::sizeHint() const
{
    const int line = fontMetrics().height();
    return {line * 20, line * 9};
}

QSize BarPlot::minimumSizeHint() const
{
    const int line = fontMetrics().height();
    return {line * 14, line * 7};
}

QRectF BarPlot::area() const
{
    const QFontMetrics metrics = fontMetrics();
    int axis = 0;
    for (const double part : gridParts)
        axis = std::max(axis, metrics.horizontalAdvance(m_text(part * m_top)));
    const int line = metrics.height();
    return {axis + 8.0, line * 1.9, width() - axis - 9.0, height() - line * 3.1};
}

double BarPlot::barWidth(const QRectF &area) const
{
    return area.width() / double(std::max<qsizetype>(1, m_bars.size()));
}

void BarPlot::paintNames(QPainter &painter, const QRectF &area) const
{
    // As many as fit, the last one among them: that is now.
    const QFontMetrics metrics = fontMetrics();
    const double each = barWidth(area);
    double free = area.right() + each;
    for (qsizetype i = m_bars.size() - 1; i >= 0; --i) {
        const double middle = area.left() + (double(i) + 0.5) * each;
        const double width = metrics.horizontalAdvance(m_bars[i].name);
        double left = middle - width / 2;
        left = std::clamp(left, area.left(), std::max(area.left(), area.right() - width));
        if (left + width > free)
            continue;
        painter.drawText(
            QRectF(left, area.bottom() + 2, width + 1, metrics.height()), Qt::AlignLeft, m_bars[i].name);
        free = left - metrics.averageCharWidth() * 2;
    }
}

void BarPlot::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    const QFontMetrics metrics = fontMetrics();
    QFont bold = font();
    bold.setBold(true);
    painter.setFont(bold);
    painter.setPen(palette().color(QPalette::WindowText));
    painter.drawText(QRectF(0, 0, width(), metrics.height()), Qt::AlignLeft, m_title);
    painter.setFont(font());

    const QRectF area = this->area();
    QColor line = palette().color(QPalette::WindowText);
    QColor text = line;
    line.setAlphaF(0.15F);
    text.setAlphaF(0.75F);
    for (const double part : gridParts) {
        const double y = area.bottom() - part * area.height();
        painter.setPen(line);
        painter.drawLine(QPointF(area.left(), y), QPointF(area.right(), y));
        painter.setPen(text);
        painter.drawText(QRectF(0, y - metrics.height() / 2.0, area.left() - 6, metrics.height()),
            Qt::AlignRight | Qt::AlignVCenter, m_text(part * m_top));
    }
    paintNames(painter, area);

    const bool dark = palette().color(QPalette::Window).lightnessF() < 0.5;
    painter.setPen(Qt::NoPen);
    painter.setBrush(dark ? QColor(0x2d, 0xd4, 0xbf) : QColor(0x0d, 0x94, 0x88));
    const double each = barWidth(area);
    for (qsizetype i = 0; i < m_bars.size(); ++i) {
        const double height = m_bars[i].value / m_top * area.height();
        if (height <= 0)
            continue;
        painter.drawRect(QRectF(area.left() + (double(i) + (1 - partOfBar) / 2) * each,
            area.bottom() - std::max(1.0, height), each * partOfBar, std::max(1.0, height)));
    }
}

bool BarPlot::event(QEvent *event)
{
    if (event->type() != QEvent::ToolTip)
        return QWidget::event(event);
    const auto *help = static_cast<QHelpEvent *>(event);
    const QRectF area = this->area();
    const auto i = qsizetype(std::floor((help->pos().x() - area.left()) / barWidth(area)));
    if (i >= 0 && i < m_bars.size())
        QToolTip::showText(help->globalPos(), m_bars[i].name + QStringLiteral(": ") + m_bars[i].text, this);
    else
        QToolTip::hideText();
    return true;
}

} // namespace rr
