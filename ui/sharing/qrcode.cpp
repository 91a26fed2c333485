// SPDX-License-Identifier: MIT
#include "ui/sharing/qrcode.h"

#include "ui/parts/copybutton.h"
#include "ui/sharing/qrimage.h"

#include <QDialog>
#include <QPainter>
#include <QScreen>
#include <QVBoxLayout>

#include <algorithm>
#include <cmath>

namespace rr {

namespace {

constexpr double cornerRadius = 6;
constexpr double disabledStrength = 0.25;
constexpr double partWhenLarge = 0.7; ///< when it is shown large

} // namespace

QrCode::QrCode(int side, QWidget *parent)
    : QAbstractButton(parent)
    , m_side(side)
{
    setFocusPolicy(Qt::StrongFocus);
    setCursor(Qt::PointingHandCursor);
    setAccessibleName(tr("QR code of the link"));
    setToolTip(tr("Scan it with a phone; click to show it large"));
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    connect(this, &QAbstractButton::clicked, this, &QrCode::showLarge);
}

void QrCode::setAddress(const QString &address)
{
    if (address == m_address)
        return;
    m_address = address;
    m_pixels = 0;
    update();
    // A large one shows what was, and would go on offering a link that has ended.
    const auto shownLarge = findChildren<QDialog *>(Qt::FindDirectChildrenOnly);
    for (QDialog *dialog : shownLarge)
        dialog->close();
}

void QrCode::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(
        hasFocus() ? QPen(palette().color(QPalette::Highlight), 3) : QPen(QColor(0xc8, 0xcc, 0xd0), 1));
    painter.setBrush(Qt::white);
    painter.drawRoundedRect(QRectF(rect()).adjusted(1.5, 1.5, -1.5, -1.5), cornerRadius, cornerRadius);

    // In the screen's own pixels, from a whole one on, wherever a scale of 1.5 has put this widget.
    const double ratio = painter.deviceTransform().m11();
    const int pixels = int(std::floor(std::min(width(), height()) * ratio));
    if (pixels != m_pixels) {
        m_pixels = pixels;
        m_image = qrImage(m_address, pixels);
    }
    if (m_image.isNull())
        return;
    painter.setRenderHint(QPainter::Antialiasing, false);
    painter.scale(1 / ratio, 1 / ratio);
    const QTransform device = painter.deviceTransform();
    painter.translate(std::ceil(device.dx()) - device.dx(), std::ceil(device.dy()) - device.dy());
    if (!isEnabled())
        painter.setOpacity(disabledStrength);
    painter.drawImage(
        QPoint((int(width() * ratio) - m_image.width()) / 2, (int(height() * ratio) - m_image.height()) / 2),
        m_image);
}

void QrCode::showLarge()
{
    auto *dialog = new QDialog(this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setWindowTitle(tr("QR code of the link"));
    const QSize room = screen()->availableSize() * partWhenLarge;
    auto *large = new QrCode(std::min(room.width(), room.height()), dialog);
    large->setAddress(m_address);
    large->setToolTip(tr("Click to close"));
    large->disconnect(large);
    connect(large, &QAbstractButton::clicked, dialog, &QDialog::close);
    auto *column = new QVBoxLayout(dialog);
    column->addWidget(large);
    column->addWidget(new CopyButton(
                          tr("Copy the link"), [address = m_address] { return address; }, dialog),
        0, Qt::AlignHCenter);
    dialog->open();
}

} // namespace rr
