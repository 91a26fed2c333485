// SPDX-License-Identifier: MIT
#include "core/base/randomtext.h"

#include <QRandomGenerator>

namespace rr {

QByteArray randomBytes(qsizetype count)
{
    QByteArray bytes(count, Qt::Uninitialized);
    QRandomGenerator::system()->fillRange(
        reinterpret_cast<quint32 *>(bytes.data()), count / qsizetype(sizeof(quint32)));
    return bytes;
}

QByteArray randomText()
{
    return randomBytes(16).toBase64(QByteArray::Base64UrlEncoding | QByteArray::OmitTrailingEquals);
}

} // namespace rr
