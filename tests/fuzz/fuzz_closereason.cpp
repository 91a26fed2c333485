// SPDX-License-Identifier: MIT
// Whatever a close frame says: read as RFC 6455 says, written so that it may go on the wire, and told to people without
// a key. The bytes are the payload of a close frame.
#include "core/realtime/closecode.h"
#include "core/realtime/endreason.h"
#include "tests/fuzz/require.h"

#include <algorithm>

using namespace rr;

namespace {

/// RFC 3629, from its table of well-formed sequences.
bool isUtf8(QByteArrayView text)
{
    const auto byteAt = [&text](qsizetype at) { return at < text.size() ? unsigned(uchar(text[at])) : 0u; };
    const auto continues = [&byteAt](qsizetype at) { return byteAt(at) / 64 == 2; };
    for (qsizetype at = 0; at < text.size();) {
        const unsigned first = byteAt(at);
        const unsigned second = byteAt(at + 1);
        if (first < 0x80) {
            at += 1;
        } else if (first >= 0xC2 && first <= 0xDF && continues(at + 1)) {
            at += 2;
        } else if (first >= 0xE0 && first <= 0xEF && continues(at + 1) && continues(at + 2)
            && (first != 0xE0 || second >= 0xA0) && (first != 0xED || second <= 0x9F)) {
            at += 3;
        } else if (first >= 0xF0 && first <= 0xF4 && continues(at + 1) && continues(at + 2)
            && continues(at + 3) && (first != 0xF0 || second >= 0x90) && (first != 0xF4 || second <= 0x8F)) {
            at += 4;
        } else {
            return false;
        }
    }
    return true;
}

/// RFC 6455 7.4 and IANA's registry.
bool mayBeSent(unsigned code)
{
    if (code < 1000 || code == 1004 || code == 1005 || code == 1006 || code == 1015)
        return false;
    return code <= 1014 || (code >= 3000 && code <= 4999);
}

void checkWritten(quint16 code, QByteArrayView reason)
{
    const QByteArray written = closePayload(code, reason);
    require(written.isEmpty() == !mayBeSent(code));
    if (written.isEmpty())
        return;
    const QByteArrayView told = QByteArrayView(written).sliced(2);
    require(told.size() <= maxCloseReasonBytes && reason.startsWith(told));
    require(told.size() == reason.size() || told.size() > maxCloseReasonBytes - 4 || !isUtf8(reason));
    if (!isUtf8(reason))
        return;
    const auto again = parseClosePayload(written);
    require(again && again->code == code && again->reason.toUtf8() == told);
}

/// However the upstream closes, the client is told just that, and people are told nothing that looks like a key.
void checkDescription(const ClosePayload &close)
{
    EndDetails details;
    details.closeCode = close.code;
    details.closeReason = close.reason;
    for (const EndReason reason : {EndReason::UpstreamClosed, EndReason::ClientClosed}) {
        const EndDescription end = describe(reason, details);
        const quint16 code = reason == EndReason::UpstreamClosed ? end.clientCode : end.upstreamCode;
        const QByteArray &said = reason == EndReason::UpstreamClosed ? end.clientReason : end.upstreamReason;
        require(code == close.code || (close.code == noCloseCode && code == 1000));
        require(said.size() <= maxCloseReasonBytes && isUtf8(said));
        require(!end.hasErrorEvent());
        const QString message = plain(end.message);
        require(!message.isEmpty() && !message.contains(QLatin1String(" sk-zebra-0123456789")));
        require(std::none_of(message.begin(), message.end(), [](QChar c) { return c.unicode() < 0x20; }));
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const QByteArrayView payload(data, qsizetype(size));
    const unsigned code = size >= 2 ? data[0] * 256u + data[1] : noCloseCode;
    const bool isGood = size == 0 || (size >= 2 && mayBeSent(code) && isUtf8(payload.sliced(2)));
    const auto close = parseClosePayload(payload);
    require(close.has_value() == isGood);
    if (close) {
        require(close->code == code);
        require(size < 2 || close->reason.toUtf8() == payload.sliced(2));
        if (size <= 125)
            checkDescription(*close);
    }
    if (size >= 2)
        checkWritten(quint16(code), payload.sliced(2));
    return 0;
}
