// SPDX-License-Identifier: MIT
#include "core/relay/upstreamroute.h"

#include <QHostAddress>
#include <QUrlQuery>

namespace rr {

namespace {

QString fromEnvironment(const QProcessEnvironment &environment, const QString &name)
{
    const QString value = environment.value(name);
    return value.isEmpty() ? environment.value(name.toLower()) : value;
}

/// One member of NO_PROXY: "*", a host, a domain with or without a leading dot, an address or a subnet.
bool matchesNoProxy(const QString &member, const QString &host)
{
    if (member == QLatin1String("*") || member.compare(host, Qt::CaseInsensitive) == 0)
        return true;
    const QHostAddress address(host);
    if (!address.isNull()) {
        const auto subnet = QHostAddress::parseSubnet(member);
        return subnet.second >= 0 && address.isInSubnet(subnet);
    }
    const QString domain = member.startsWith(u'.') ? member : u'.' + member;
    return host.endsWith(domain, Qt::CaseInsensitive)
        || host.compare(QStringView(domain).mid(1), Qt::CaseInsensitive) == 0;
}

} // namespace

QNetworkProxy upstreamProxy(const Settings &settings, const QProcessEnvironment &environment)
{
    QString text = settings.upstreamProxy;
    if (text.isEmpty()) {
        const QString host = settings.upstreamUrl.host();
        const auto members
            = fromEnvironment(environment, QStringLiteral("NO_PROXY")).split(u',', Qt::SkipEmptyParts);
        for (const QString &member : members) {
            if (matchesNoProxy(member.trimmed(), host))
                return QNetworkProxy::NoProxy;
        }
        const bool tls = settings.upstreamUrl.scheme() == QLatin1String("wss");
        text = fromEnvironment(
            environment, tls ? QStringLiteral("HTTPS_PROXY") : QStringLiteral("HTTP_PROXY"));
    }
    if (text.isEmpty())
        return QNetworkProxy::NoProxy;
    const QUrl url(text.contains(QLatin1String("://")) ? text : QStringLiteral("http://") + text);
    const bool socks = url.scheme().startsWith(QLatin1String("socks5"));
    return QNetworkProxy(socks ? QNetworkProxy::Socks5Proxy : QNetworkProxy::HttpProxy, url.host(),
        quint16(url.port(socks ? 1080 : 80)), url.userName(), url.password());
}

UpstreamDial::Target upstreamTarget(const Settings &settings, const UpstreamTls &tls,
    const QNetworkProxy &proxy, const RequestHead &head, const Credentials &credentials)
{
    QUrl url = settings.upstreamUrl;
    if (url.path().isEmpty())
        url.setPath(QStringLiteral("/v1/realtime"));
    if (head.path.endsWith("/translations"))
        url.setPath(url.path(QUrl::FullyEncoded) + QLatin1String("/translations"), QUrl::TolerantMode);
    // QUrl writes percent-encoding in its one canonical form (RFC 3986 6.2.2): the same query to any server.
    if (!head.query.isNull())
        url.setQuery(QString::fromLatin1(head.query), QUrl::TolerantMode);

    UpstreamDial::Target target;
    target.request.setUrl(url);
    const auto headers = upstreamHeaders(credentials);
    for (const HttpHeader &header : headers)
        target.request.setRawHeader(header.name, header.value);
    target.tls = tls;
    target.proxy = proxy;
    target.timeout = settings.connectTimeout;
    return target;
}

QString modelInQuery(const QByteArray &query)
{
    return QUrlQuery(QString::fromUtf8(query))
        .queryItemValue(QStringLiteral("model"), QUrl::FullyDecoded)
        .left(100);
}

} // namespace rr
