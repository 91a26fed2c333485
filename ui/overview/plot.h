// SPDX-License-Identifier: MIT
#pragma once

#include "ui/control/traffichistory.h"

#include <QWidget>

#include <functional>

namespace rr {

/// A line plot of the last 15 minutes (of less, while there is less), one or two lines over time. Paints only
/// when shown and fed.
class Plot : public QWidget
{
    Q_OBJECT
public:
    /// `text` turns a value of the vertical axis into text.
    Plot(const QString &title, std::function<QString(double)> text, QWidget *parent = nullptr);

    /// Calls at once: steps in one colour.
    void setCalls(const QList<TrafficSample> &samples);
    /// Bytes a second, both ways, named so.
    void setTraffic(const QList<TrafficSample> &samples, const QString &up, const QString &down);

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    struct Series
    {
        QString name;
        QList<QPointF> points; ///< x: seconds ago, y: the value
    };

    void setSeries(QList<Series> series, double least);
    QColor colorOf(qsizetype series) const;
    void paintGrid(QPainter &painter, const QRectF &area) const;
    void paintSeries(QPainter &painter, const QRectF &area, qsizetype index) const;

    QString m_title;
    std::function<QString(double)> m_text;
    QList<Series> m_series;
    int m_span = TrafficHistory::spanSeconds; ///< of the horizontal axis
    double m_top = 1; ///< of the vertical axis
};

} // namespace rr
