// SPDX-License-Identifier: MIT
#pragma once

#include <QAbstractButton>
#include <QImage>

namespace rr {

/// The QR code of an address on a white card, in a dark window, too: cameras do not read a light one on a dark ground. Drawn in
/// whole pixels of the screen. A click shows it large. What it holds is never its name: that is only ever drawn.
class QrCode : public QAbstractButton
{
    Q_OBJECT
public:
    /// `side`: of the card, at least 200 for a phone at arm's length.
    explicit QrCode(int side, QWidget *parent = nullptr);

    /// Closes the one that is shown large, where the address is another.
    void setAddress(const QString &address);
    const QString &address() const { return m_address; }
    QSize sizeHint() const override { return minimumSizeHint(); }
    QSize minimumSizeHint() const override { return {m_side, m_side}; }

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    void showLarge();

    int m_side;
    QString m_address;
    QImage m_image; ///< made for m_pixels
    int m_pixels = 0;
};

} // namespace rr
