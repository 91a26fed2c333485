// SPDX-License-Identifier: MIT
#include "core/wire/opening.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace rr {

namespace {

using Result = std::variant<HeadIncomplete, ProxyHeader, Opened, HeadError>;
using Proxy = OpeningRules::Proxy;

HeadError proxyNotTrusted()
{
    return {400, "proxy_not_trusted"_ba,
        QT_TRANSLATE_NOOP("Core",
            "What stands in front of the relay speaks the PROXY protocol, and its address is not in TRUSTED_PROXIES. Add "
            "it there, or switch the PROXY protocol off in front.")};
}

HeadError httpOnTlsPort()
{
    return {400, "http_on_tls_port"_ba,
        QT_TRANSLATE_NOOP("Core", "This relay speaks TLS only: connect with wss:// or https://.")};
}

HeadError tlsOnPlainPort()
{
    return {400, "tls_on_plain_port"_ba,
        QT_TRANSLATE_NOOP("Core",
            "The client speaks TLS, and this relay has no certificate: connect with ws:// or http://, or set "
            "TLS_CERT_FILE and TLS_KEY_FILE.")};
}

/// Whether `bytes` begin with `start`; nothing: more of them have to come.
std::optional<bool> beginsWith(QByteArrayView bytes, QByteArrayView start)
{
    const qsizetype n = std::min(bytes.size(), start.size());
    if (bytes.first(n) != start.first(n))
        return false;
    return n == start.size() ? std::optional(true) : std::nullopt;
}

bool isLetter(char c)
{
    const char lower = char(c | 0x20);
    return lower >= 'a' && lower <= 'z';
}

Result readProxy(QByteArrayView bytes, Proxy proxy)
{
    if (proxy == Proxy::NotTrusted)
        return proxyNotTrusted();
    return std::visit([](auto &&read) -> Result { return read; }, readProxyHeader(bytes));
}

} // namespace

Result readOpening(QByteArrayView bytes, const OpeningRules &rules)
{
    if (bytes.isEmpty())
        return HeadIncomplete{};
    if (rules.proxy != Proxy::Heard) {
        for (const QByteArrayView start : {proxyLineStart, proxySignature}) {
            const auto begins = beginsWith(bytes, start);
            if (!begins)
                return HeadIncomplete{};
            if (*begins)
                return readProxy(bytes, rules.proxy);
        }
    }
    constexpr char handshakeRecord = 0x16; // which every TLS connection begins with (RFC 8446 5.1)
    if (!rules.tls && bytes[0] == handshakeRecord)
        return tlsOnPlainPort();
    if (rules.tls && isLetter(bytes[0])) // of a method: no TLS record does
        return httpOnTlsPort();
    return Opened{};
}

} // namespace rr
