// SPDX-License-Identifier: MIT
#include "core/admission/clientaddress.h"

#include <algorithm>
#include <optional>

namespace rr {
namespace {

bool isPort(QByteArrayView text)
{
    return text.startsWith(':') && text.size() > 1
        && std::all_of(text.begin() + 1, text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

/// QHostAddress takes "127.1", octal numbers and blanks, too.
bool isDottedQuad(const QString &text)
{
    return QHostAddress(text).toString() == text;
}

/// QHostAddress takes signs and blanks in an IPv6 address, and anything for its scope ("%eth0").
bool isSpelledAsAddress(QByteArrayView text)
{
    const auto isLetterOrDigit
        = [](char c) { return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z'); };
    const auto scope = std::find(text.begin(), text.end(), '%');
    return std::all_of(text.begin(), scope, [&](char c) {
        return (isLetterOrDigit(c) && (c | 0x20) <= 'f') || c == ':' || c == '.';
    }) && std::all_of(scope == text.end() ? scope : scope + 1, text.end(), [&](char c) {
        return isLetterOrDigit(c) || c == '.' || c == '-' || c == '_';
    });
}

std::optional<QHostAddress> parseMember(QByteArrayView text)
{
    QByteArrayView port;
    text = text.trimmed();
    const bool bracketed = text.startsWith('[');
    if (bracketed) {
        const qsizetype close = text.indexOf(']');
        if (close < 0)
            return std::nullopt;
        port = text.sliced(close + 1);
        text = text.sliced(1, close - 1);
    } else if (text.count(':') == 1) { // an IPv6 address has two at least
        const qsizetype colon = text.indexOf(':');
        port = text.sliced(colon);
        text = text.first(colon);
    }
    if ((!port.isEmpty() && !isPort(port)) || !isSpelledAsAddress(text))
        return std::nullopt;

    const QString written = QString::fromLatin1(text);
    const QHostAddress address(written);
    switch (address.protocol()) {
    case QHostAddress::IPv4Protocol:
        return !bracketed && isDottedQuad(written) ? std::optional(canonical(address)) : std::nullopt;
    case QHostAddress::IPv6Protocol: {
        const QString end = written.section(u'%', 0, 0).section(u':', -1);
        return !end.contains(u'.') || isDottedQuad(end) ? std::optional(canonical(address)) : std::nullopt;
    }
    default:
        return std::nullopt;
    }
}

} // namespace

TrustedProxies::TrustedProxies(const QStringList &subnets)
{
    for (const QString &text : subnets) {
        auto [address, bits] = QHostAddress::parseSubnet(text.trimmed());
        if (bits < 0)
            continue;
        const QHostAddress one = canonical(address);
        if (one.protocol() != address.protocol() && bits >= 96) {
            address = one;
            bits -= 96;
        }
        m_subnets.append({address, bits});
    }
}

bool TrustedProxies::contains(const QHostAddress &address) const
{
    return std::any_of(m_subnets.begin(), m_subnets.end(),
        [&address](const auto &subnet) { return address.isInSubnet(subnet.first, subnet.second); });
}

QHostAddress canonical(const QHostAddress &address)
{
    bool isIPv4 = false;
    const quint32 asIPv4 = address.toIPv4Address(&isIPv4);
    if (isIPv4)
        return QHostAddress(asIPv4);
    QHostAddress unscoped = address;
    unscoped.setScopeId({});
    return unscoped;
}

QHostAddress clientNetwork(const QHostAddress &address)
{
    if (address.protocol() != QHostAddress::IPv6Protocol)
        return address;
    Q_IPV6ADDR bytes = address.toIPv6Address();
    std::fill(bytes.c + 8, bytes.c + 16, quint8(0));
    return QHostAddress(bytes);
}

QHostAddress clientAddress(
    const QHostAddress &peer, const QList<QByteArray> &forwardedFor, const TrustedProxies &proxies)
{
    QHostAddress client = canonical(peer);
    for (auto member = forwardedFor.crbegin(); member != forwardedFor.crend() && proxies.contains(client);
         ++member) {
        const auto address = parseMember(*member);
        if (!address)
            break;
        client = *address;
    }
    return client;
}

QHostAddress lastForwarded(const QHostAddress &peer, const QList<QByteArray> &forwardedFor)
{
    const auto last = forwardedFor.isEmpty() ? std::nullopt : parseMember(forwardedFor.last());
    return last ? *last : canonical(peer);
}

} // namespace rr
