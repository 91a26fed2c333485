// SPDX-License-Identifier: MIT
#include "core/wire/proxyheader.h"

#include <QtEndian>

#include <algorithm>
#include <array>

using namespace Qt::StringLiterals;

namespace rr {

namespace {

using Outcome = std::variant<ProxyHeader, HeadIncomplete, HeadError>;

HeadError malformed()
{
    return {400, "proxy_header_malformed"_ba,
        QT_TRANSLATE_NOOP("Core",
            "What stands in front of the relay speaks the PROXY protocol, but not as version 1 or 2 has it. Set it to "
            "one of these there.")};
}

/// As inet_pton() has them: four numbers, or what an IPv6 address is, without a scope. Null: it is none of `protocol`.
QHostAddress addressFrom(const QByteArray &text, QHostAddress::NetworkLayerProtocol protocol)
{
    // QHostAddress takes "127.1", octal numbers, signs, scopes and what stands behind a NUL, too.
    const bool isSpelled = std::all_of(text.begin(), text.end(), [](char c) {
        return isDigit(c) || ((c | 0x20) >= 'a' && (c | 0x20) <= 'f') || c == ':' || c == '.';
    });
    const QString end = QString::fromLatin1(text.sliced(text.lastIndexOf(':') + 1));
    const bool isQuad = QHostAddress(end).toString() == end;
    const QHostAddress address(QString::fromLatin1(text));
    const bool isAddress = address.protocol() == protocol
        && (isQuad || (protocol == QHostAddress::IPv6Protocol && !end.contains(u'.')));
    return isSpelled && isAddress ? address : QHostAddress();
}

bool isPort(const QByteArray &text)
{
    return !text.isEmpty() && text.size() <= 5 && std::all_of(text.begin(), text.end(), isDigit)
        && text.toInt() <= 65535;
}

/// Section 2.1 of the specification.
Outcome readLine(QByteArrayView bytes)
{
    constexpr qsizetype mostLineBytes = 107; // with its line end
    const qsizetype end = bytes.first(std::min(bytes.size(), mostLineBytes)).indexOf("\r\n");
    if (end < 0)
        return bytes.size() < mostLineBytes ? Outcome(HeadIncomplete{}) : malformed();
    const QList<QByteArray> words = bytes.first(end).sliced(proxyLineStart.size()).toByteArray().split(' ');
    if (words[0] == "UNKNOWN") // whatever comes behind it
        return ProxyHeader{{}, end + 2};
    const bool isIPv6 = words[0] == "TCP6";
    if (words.size() != 5 || (!isIPv6 && words[0] != "TCP4") || !isPort(words[3]) || !isPort(words[4]))
        return malformed();
    const auto protocol = isIPv6 ? QHostAddress::IPv6Protocol : QHostAddress::IPv4Protocol;
    const QHostAddress client = addressFrom(words[1], protocol);
    if (client.isNull() || addressFrom(words[2], protocol).isNull())
        return malformed();
    return ProxyHeader{client, end + 2};
}

/// Section 2.2.
Outcome readBinary(QByteArrayView bytes)
{
    constexpr qsizetype fixedBytes = 16;
    constexpr std::array<qsizetype, 4> addressBytes{
        0, 12, 36, 216}; // unspecified, IPv4, IPv6, Unix: both ends
    if (bytes.size() < fixedBytes)
        return HeadIncomplete{};
    const int version = uchar(bytes[12]) >> 4;
    const int command = bytes[12] & 15;
    const int family = uchar(bytes[13]) >> 4;
    const int transport = bytes[13] & 15;
    const qsizetype length = qFromBigEndian<quint16>(bytes.data() + 14);
    if (version != 2 || command > 1 || fixedBytes + length > maxProxyHeaderBytes)
        return malformed();
    const bool isLocal = command == 0; // of which nothing else is looked at
    if (!isLocal && (family > 3 || transport > 2 || length < addressBytes[size_t(family)]))
        return malformed();
    if (bytes.size() < fixedBytes + length)
        return HeadIncomplete{};
    ProxyHeader header{{}, fixedBytes + length};
    const auto *address = reinterpret_cast<const quint8 *>(bytes.data()) + fixedBytes;
    if (!isLocal && family == 1)
        header.client = QHostAddress(qFromBigEndian<quint32>(address));
    else if (!isLocal && family == 2)
        header.client = QHostAddress(address);
    return header;
}

} // namespace

Outcome readProxyHeader(QByteArrayView bytes)
{
    return bytes.startsWith(proxyLineStart) ? readLine(bytes) : readBinary(bytes);
}

} // namespace rr
