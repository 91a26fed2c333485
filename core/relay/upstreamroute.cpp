// SPDX-License-Identifier: MIT
#include "core/relay/upstreamroute.h"

#include "core/config/proxyenvironment.h"
#include "core/config/settingchecks.h"

#include <QUrlQuery>

namespace rr {

namespace {

constexpr QByteArrayView realtimePath = "/v1/realtime";

bool isBesideRealtime(QByteArrayView path)
{
    return path.startsWith("/v1/") && !path.startsWith(realtimePath);
}

} // namespace

std::variant<QNetworkProxy, RelayError> upstreamProxy(
    const Settings &settings, const QProcessEnvironment &environment)
{
    QString text = settings.upstreamProxy;
    if (text.isEmpty()) {
        const ProxyVariable found = proxyVariable(settings.upstreamUrl, environment);
        text = found.value;
        if (const auto problem = checkUpstreamProxy(text)) // which may hold a password: it is not quoted
            return RelayError{"settings", "upstreamProxy",
                {QT_TRANSLATE_NOOP("Core",
                     "The proxy in the environment variable %1 cannot be used: %2. Correct it, set UPSTREAM_PROXY "
                     "instead, or name the upstream's host in NO_PROXY."),
                    {found.name, *problem}}};
    }
    if (text.isEmpty())
        return QNetworkProxy(QNetworkProxy::NoProxy);
    const QUrl url(text);
    const bool socks = url.scheme().startsWith(QLatin1String("socks5"));
    return QNetworkProxy(socks ? QNetworkProxy::Socks5Proxy : QNetworkProxy::HttpProxy, url.host(),
        quint16(url.port()), url.userName(), url.password());
}

QByteArray upstreamPath(const QUrl &url, QByteArrayView path)
{
    constexpr QByteArrayView lastSegment = "/realtime";
    constexpr QByteArrayView version = "/v1";
    QByteArray upstream = url.path(QUrl::FullyEncoded).toLatin1();
    if (upstream.isEmpty())
        upstream = realtimePath.toByteArray();
    const bool isBeside = isBesideRealtime(path);
    if (!isBeside && path.size() <= realtimePath.size())
        return upstream;
    while (upstream.endsWith('/'))
        upstream.chop(1);
    if (isBeside && upstream.endsWith(lastSegment))
        upstream.chop(lastSegment.size());
    upstream.append(path.sliced(isBeside ? version.size() : realtimePath.size()));
    return upstream;
}

Dial::Target upstreamTarget(const Settings &settings, const UpstreamTls &tls, const QNetworkProxy &proxy,
    const RequestHead &head, const Credentials &credentials)
{
    const QUrl &url = settings.upstreamUrl;
    Dial::Target target;
    target.host = url.host();
    target.secure = url.scheme() == QLatin1String("wss");
    target.port = quint16(url.port(target.secure ? 443 : 80));
    target.tls = tls;
    target.proxy = proxy;
    target.timeout = settings.connectTimeout;

    UpgradeRequest &request = target.request;
    request.host = url.adjusted(QUrl::RemoveUserInfo).authority(QUrl::FullyEncoded).toLatin1();
    request.target = upstreamPath(url, head.path);
    if (!head.query.isNull())
        request.target += '?' + head.query;
    else if (url.hasQuery() && !isBesideRealtime(head.path))
        request.target += '?' + url.query(QUrl::FullyEncoded).toLatin1();
    request.headers = upstreamHeaders(credentials) + forwardedHeaders(head, settings.forwardHeaders);
    return target;
}

QString modelInQuery(const QByteArray &query)
{
    return QUrlQuery(QString::fromUtf8(query))
        .queryItemValue(QStringLiteral("model"), QUrl::FullyDecoded)
        .left(100);
}

} // namespace rr
