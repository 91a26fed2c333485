// SPDX-License-Identifier: MIT
#pragma once

#include <QList>
#include <QString>
#include <QWidget>

#include <functional>

namespace rr {

/// One bar: an hour, a day.
struct Bar
{
    QString name; ///< below it, where there is room, and in its tool tip
    double value = 0;
    QString text; ///< the value in words

    bool operator==(const Bar &) const = default;
};

/// A few bars side by side, with an axis. Paints only when shown and fed.
class BarPlot : public QWidget
{
    Q_OBJECT
public:
    /// `text` turns a value of the vertical axis into text.
    BarPlot(const QString &title, std::function<QString(double)> text, QWidget *parent = nullptr);

    void setTitle(const QString &title);
    void setBars(const QList<Bar> &bars); ///< from left to right

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;
    bool event(QEvent *event) override; ///< tool tips

private:
    QRectF area() const;
    double barWidth(const QRectF &area) const;
    void paintNames(QPainter &painter, const QRectF &area) const;

    QString m_title;
    std::function<QString(double)> m_text;
    QList<Bar> m_bars;
    double m_top = 1; ///< of the vertical axis
};

} // namespace rr
