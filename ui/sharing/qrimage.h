// SPDX-License-Identifier: MIT
#pragma once

#include <QImage>
#include <QString>

namespace rr {

/// A QR code (ISO/IEC 18004) of the text, level M, black on white, with the quiet zone of four modules that the standard asks
/// for. Every module is as many whole pixels as fit into `pixels`, so the side is `pixels` or a little less. Null: the text is
/// too long, or there are fewer pixels than modules.
QImage qrImage(const QString &text, int pixels);

} // namespace rr
