// SPDX-License-Identifier: MIT
#include "ui/overview/plot.h"

#include <QPainter>
#include <QPainterPath>

#include <algorithm>
#include <cmath>

namespace rr {

using namespace Qt::StringLiterals;

namespace {

/// The next of 1, 2, 4, 10, 20, 40, …: halves of it are as round.
double roundTop(double value)
{
    const double power = std::pow(10, std::floor(std::log10(value)));
    for (const double step : {1.0, 2.0, 4.0}) {
        if (value <= step * power)
            return step * power;
    }
    return 10 * power;
}

/// A young history is shown closer: 1, 5 or 15 minutes.
int spanFor(double oldest)
{
    for (const int span : {60, 300}) {
        if (oldest <= span)
            return span;
    }
    return TrafficHistory::spanSeconds;
}

} // namespace

Plot::Plot(const QString &title, std::function<QString(double)> text, QWidget *parent)
    : QWidget(parent)
    , m_title(title)
    , m_text(std::move(text))
{
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Expanding);
    setAccessibleName(title);
}

void Plot::setCalls(const QList<TrafficSample> &samples)
{
    Series series;
    const qint64 now = samples.isEmpty() ? 0 : samples.last().second;
    for (const TrafficSample &sample : samples)
        series.points.append({double(now - sample.second), double(sample.calls)});
    setSeries({series}, 4);
}

void Plot::setTraffic(const QList<TrafficSample> &samples, const QString &up, const QString &down)
{
    Series upward{up, {}};
    Series downward{down, {}};
    const qint64 now = samples.isEmpty() ? 0 : samples.last().second;
    for (const TrafficSample &sample : samples) {
        upward.points.append({double(now - sample.second), sample.upBytesPerSecond});
        downward.points.append({double(now - sample.second), sample.downBytesPerSecond});
    }
    setSeries({upward, downward}, 1000);
}

void Plot::setSeries(QList<Series> series, double least)
{
    double top = least;
    double oldest = 0;
    for (const Series &each : std::as_const(series)) {
        for (const QPointF &point : each.points) {
            top = std::max(top, point.y());
            oldest = std::max(oldest, point.x());
        }
    }
    m_span = spanFor(oldest);
    m_top = roundTop(top);
    m_series = std::move(series);
    if (!m_series.isEmpty() && !m_series.first().points.isEmpty()) {
        QStringList now;
        for (const Series &each : std::as_const(m_series))
            now.append((each.name.isEmpty() ? QString() : each.name + u' ') + m_text(each.points.last().y()));
        setAccessibleDescription(now.join(u", "_s));
    }
    update();
}

QSize Plot::sizeHint() const
{
    const int line = fontMetrics().height();
    return {line * 20, line * 11};
}

QSize Plot::minimumSizeHint() const
{
    const int line = fontMetrics().height();
    return {line * 14, line * 8};
}

QColor Plot::colorOf(qsizetype series) const
{
    const bool dark = palette().color(QPalette::Window).lightnessF() < 0.5;
    if (series == 0)
        return dark ? QColor(0x2d, 0xd4, 0xbf) : QColor(0x0d, 0x94, 0x88);
    return dark ? QColor(0xfb, 0xbf, 0x24) : QColor(0xb4, 0x53, 0x09);
}

void Plot::paintGrid(QPainter &painter, const QRectF &area) const
{
    const QFontMetrics metrics = painter.fontMetrics();
    QColor line = palette().color(QPalette::WindowText);
    QColor text = line;
    line.setAlphaF(0.15F);
    text.setAlphaF(0.75F);

    for (const double part : {0.0, 0.5, 1.0}) {
        const double y = area.bottom() - part * area.height();
        painter.setPen(line);
        painter.drawLine(QPointF(area.left(), y), QPointF(area.right(), y));
        painter.setPen(text);
        painter.drawText(QRectF(0, y - metrics.height() / 2.0, area.left() - 6, metrics.height()),
            Qt::AlignRight | Qt::AlignVCenter, m_text(part * m_top));
    }
    const QRectF below(area.left(), area.bottom() + 2, area.width(), metrics.height());
    painter.drawText(below, Qt::AlignLeft, tr("%1 min ago").arg(m_span / 60));
    painter.drawText(below, Qt::AlignRight, tr("now"));
}

void Plot::paintSeries(QPainter &painter, const QRectF &area, qsizetype index) const
{
    const Series &series = m_series[index];
    if (series.points.isEmpty())
        return;
    QPolygonF line;
    for (const QPointF &point : series.points)
        line.append({area.right() - point.x() / m_span * area.width(),
            area.bottom() - point.y() / m_top * area.height()});
    const QColor color = colorOf(index);
    if (index == 0) {
        QPolygonF filled = line;
        filled.append({line.last().x(), area.bottom()});
        filled.append({line.first().x(), area.bottom()});
        QColor light = color;
        light.setAlphaF(0.18F);
        painter.setPen(Qt::NoPen);
        painter.setBrush(light);
        painter.drawPolygon(filled);
    }
    painter.setPen(QPen(color, 1.8, index == 0 ? Qt::SolidLine : Qt::DashLine, Qt::FlatCap, Qt::RoundJoin));
    painter.setBrush(Qt::NoBrush);
    painter.drawPolyline(line);
}

void Plot::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const QFontMetrics metrics = fontMetrics();
    const int line = metrics.height();

    QFont bold = font();
    bold.setBold(true);
    painter.setFont(bold);
    painter.setPen(palette().color(QPalette::WindowText));
    const int titleWidth = QFontMetrics(bold).horizontalAdvance(m_title);
    painter.drawText(QRectF(0, 0, width(), line), Qt::AlignLeft, m_title);
    painter.setFont(font());

    // The legend, from the right; what has no room beside the title is left out, the lines differ anyway.
    double right = width();
    for (qsizetype i = m_series.size() - 1; i >= 0; --i) {
        const QString &name = m_series[i].name;
        if (name.isEmpty())
            continue;
        const double textWidth = metrics.horizontalAdvance(name);
        if (right - textWidth - 2 * line < titleWidth + line)
            break;
        painter.setPen(palette().color(QPalette::WindowText));
        painter.drawText(QRectF(right - textWidth, 0, textWidth, line), Qt::AlignLeft, name);
        right -= textWidth + 4;
        painter.setPen(QPen(colorOf(i), 2, i == 0 ? Qt::SolidLine : Qt::DashLine));
        painter.drawLine(QPointF(right - 1.4 * line, line / 2.0), QPointF(right, line / 2.0));
        right -= 2.2 * line;
    }

    int axis = 0;
    for (const double part : {0.0, 0.5, 1.0})
        axis = std::max(axis, metrics.horizontalAdvance(m_text(part * m_top)));
    const QRectF area(axis + 8, line * 1.9, width() - axis - 9, height() - line * 3.1);
    paintGrid(painter, area);
    painter.setClipRect(area.adjusted(0, -2, 1, 2));
    for (qsizetype i = 0; i < m_series.size(); ++i)
        paintSeries(painter, area, i);
}

} // namespace rr
