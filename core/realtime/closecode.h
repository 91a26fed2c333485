// SPDX-License-Identifier: MIT
#pragma once

#include <QByteArray>
#include <QString>

#include <optional>

namespace rr {

/// Close codes that never stand in a close frame (RFC 6455 7.4.1).
inline constexpr quint16 noCloseCode = 1005; ///< a close frame without a code
inline constexpr quint16 abnormalClose = 1006; ///< the connection ended without a close frame

/// A control frame carries 125 bytes at most (RFC 6455 5.5), two of them the code.
inline constexpr qsizetype maxCloseReasonBytes = 123;

/// Whether a close frame may carry this code: 1000 to 1003, 1007 to 1014 (RFC 6455 7.4.1 and IANA's registry)
/// and 3000 to 4999.
bool isCloseCodeOnWire(quint16 code);

struct ClosePayload
{
    quint16 code = noCloseCode;
    QString reason;
};

/// Reads the unmasked payload of a close frame. An empty one is noCloseCode. nullopt for what RFC 6455
/// forbids: a single byte, a code that may not stand there, a reason that is not UTF-8.
std::optional<ClosePayload> parseClosePayload(QByteArrayView payload);

/// The payload of a close frame, unmasked. The reason is cut at maxCloseReasonBytes, between two characters.
/// Empty for a code that may not be sent, noCloseCode among them.
QByteArray closePayload(quint16 code, QByteArrayView utf8Reason);

} // namespace rr
