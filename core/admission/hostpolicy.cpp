// SPDX-License-Identifier: MIT
#include "core/admission/hostpolicy.h"

#include "core/admission/originpolicy.h"

#include <QHostAddress>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace rr {
namespace {

/// A Host header taken apart; the host as browsers write it in an origin, but without a dot at its end.
struct HostAndPort
{
    QString host;
    QByteArrayView port; ///< empty: none
};

HostAndPort split(QByteArrayView header)
{
    const qsizetype bracket = header.lastIndexOf(']');
    const qsizetype colon = header.lastIndexOf(':');
    const bool hasPort = colon > bracket;
    QByteArrayView host = hasPort ? header.first(colon) : header;
    if (host.endsWith('.'))
        host.chop(1);
    return {QString::fromLatin1(host).toLower(), hasPort ? header.sliced(colon + 1) : QByteArrayView()};
}

bool isAddress(const QString &host)
{
    if (host.startsWith(u'['))
        return true;
    // QHostAddress takes "8080" for an address, too.
    return host.count(u'.') == 3 && !QHostAddress(host).isNull();
}

bool isLocalhost(const QString &host)
{
    return host == "localhost"_L1 || host.endsWith(".localhost"_L1);
}

bool nobodyOutsideCanOwn(const QString &host)
{
    static constexpr QLatin1String reserved[] = {".local"_L1, ".internal"_L1, ".home.arpa"_L1, ".test"_L1};
    return isAddress(host) || isLocalhost(host) || !host.contains(u'.')
        || std::any_of(std::begin(reserved), std::end(reserved),
            [&host](QLatin1String ending) { return host.endsWith(ending); });
}

} // namespace

HostPolicy::HostPolicy(const QStringList &names, const QString &listenAddress)
    : m_names(names)
    , m_forThisMachine(QHostAddress(listenAddress).isLoopback())
{
    m_everyName = m_names.removeAll(u"*"_s) > 0;
}

bool HostPolicy::names(const QString &host) const
{
    return std::any_of(m_names.begin(), m_names.end(), [&host](const QString &name) {
        return name.startsWith("*."_L1) ? host.endsWith(QStringView(name).sliced(1)) : host == name;
    });
}

bool HostPolicy::allows(QByteArrayView header, bool throughProxy) const
{
    const QString host = split(header).host;
    if (m_everyName || host.isEmpty() || isAddress(host) || isLocalhost(host))
        return true;
    if (m_names.isEmpty())
        return !m_forThisMachine || throughProxy || nobodyOutsideCanOwn(host);
    return names(host);
}

bool HostPolicy::isOwnOrigin(QByteArrayView origin, QByteArrayView header, bool secure) const
{
    const auto page = parseOrigin(origin);
    if (!page || header.isEmpty())
        return false;
    const bool https = page->scheme == "https"_L1;
    if (!https && (page->scheme != "http"_L1 || secure))
        return false;
    const auto [host, port] = split(header);
    const int defaultPort = https ? 443 : 80; // which a pattern has as 0
    const int asked = port.isEmpty() ? 0 : port.toInt();
    if (page->host != host || page->port != (asked == defaultPort ? 0 : asked))
        return false;
    return https || nobodyOutsideCanOwn(host) || names(host);
}

} // namespace rr
