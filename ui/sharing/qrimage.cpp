// SPDX-License-Identifier: MIT
#include "ui/sharing/qrimage.h"

#include <qrcodegen.hpp>

#include <QPainter>

namespace rr {

namespace {

constexpr int quietZone = 4; ///< modules, on each side

} // namespace

QImage qrImage(const QString &text, int pixels)
{
    try {
        const auto code
            = qrcodegen::QrCode::encodeText(text.toUtf8().constData(), qrcodegen::QrCode::Ecc::MEDIUM);
        const int modules = code.getSize() + 2 * quietZone;
        const int scale = pixels / modules;
        if (scale < 1)
            return {};
        QImage image(modules * scale, modules * scale, QImage::Format_RGB32);
        image.fill(Qt::white);
        QPainter painter(&image);
        for (int y = 0; y < code.getSize(); ++y) {
            for (int x = 0; x < code.getSize(); ++x) {
                if (code.getModule(x, y))
                    painter.fillRect(
                        (x + quietZone) * scale, (y + quietZone) * scale, scale, scale, Qt::black);
            }
        }
        return image;
    } catch (const qrcodegen::data_too_long &) {
        return {};
    }
}

} // namespace rr
