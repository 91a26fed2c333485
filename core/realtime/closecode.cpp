// SPDX-License-Identifier: MIT
#include "core/realtime/closecode.h"

#include <QtEndian>

namespace rr {

bool isCloseCodeOnWire(quint16 code)
{
    return (code >= 1000 && code <= 1003) || (code >= 1007 && code <= 1014) || (code >= 3000 && code <= 4999);
}

std::optional<ClosePayload> parseClosePayload(QByteArrayView payload)
{
    if (payload.isEmpty())
        return ClosePayload{};
    if (payload.size() < 2)
        return std::nullopt;
    const quint16 code = qFromBigEndian<quint16>(payload.data());
    const QByteArrayView reason = payload.sliced(2);
    if (!isCloseCodeOnWire(code) || !reason.isValidUtf8())
        return std::nullopt;
    return ClosePayload{code, QString::fromUtf8(reason)};
}

QByteArray closePayload(quint16 code, QByteArrayView utf8Reason)
{
    if (!isCloseCodeOnWire(code))
        return {};
    qsizetype size = utf8Reason.size();
    if (size > maxCloseReasonBytes) {
        size = maxCloseReasonBytes;
        while (size > 0 && (uchar(utf8Reason[size]) & 0xC0) == 0x80)
            --size;
    }
    QByteArray payload(2, Qt::Uninitialized);
    qToBigEndian(code, payload.data());
    return payload.append(utf8Reason.first(size));
}

} // namespace rr
