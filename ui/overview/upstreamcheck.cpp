// SPDX-License-Identifier: MIT
#include "ui/overview/upstreamcheck.h"

#include "core/relay/tlsfiles.h"
#include "core/relay/upstreamroute.h"

#include "ui/control/coretext.h"

#include <QCoreApplication>
#include <QTimer>

namespace rr {

using namespace Qt::StringLiterals;

namespace {

constexpr qint64 bodyLimit = 4096;

UpstreamFailure::Kind kindOf(QNetworkReply::NetworkError error, bool byProxy)
{
    switch (error) {
    case QNetworkReply::HostNotFoundError:
        return UpstreamFailure::Dns;
    case QNetworkReply::ConnectionRefusedError:
        return UpstreamFailure::ConnectRefused;
    case QNetworkReply::TimeoutError:
    case QNetworkReply::OperationCanceledError: // what a transfer timeout is told as
        return UpstreamFailure::Timeout;
    case QNetworkReply::SslHandshakeFailedError:
        return UpstreamFailure::Tls;
    case QNetworkReply::ProxyConnectionRefusedError:
    case QNetworkReply::ProxyConnectionClosedError:
    case QNetworkReply::ProxyNotFoundError:
    case QNetworkReply::ProxyTimeoutError:
    case QNetworkReply::ProxyAuthenticationRequiredError:
    case QNetworkReply::UnknownProxyError:
        return UpstreamFailure::Proxy;
    case QNetworkReply::ProtocolFailure:
    case QNetworkReply::RemoteHostClosedError:
        return UpstreamFailure::BadHandshake;
    case QNetworkReply::UnknownNetworkError: // what a proxy's refusal of CONNECT is told as
        return byProxy ? UpstreamFailure::Proxy : UpstreamFailure::Network;
    default:
        return UpstreamFailure::Network;
    }
}

class Check
{
    Q_DECLARE_TR_FUNCTIONS(UpstreamCheck)
public:
    static UpstreamCheckResult answer(int status, const QByteArray &body, const QString &host)
    {
        if (status == 403 && body.contains("unsupported_country"))
            return {false, tr("%1 was reached, but does not serve this region.").arg(host),
                tr("Run the relay on a machine in a supported region.")};
        if (status == 403)
            return {false, tr("%1 was reached, but refuses this machine (HTTP 403).").arg(host),
                tr("Perhaps this region or network is not supported, or a firewall on the way answers.")};
        if (status == 407)
            return failure(UpstreamFailure::Proxy, host);
        if (status >= 500)
            return {false,
                tr("%1 was reached, but has a problem of its own (HTTP %2).").arg(host).arg(status),
                tr("Try again in a moment.")};
        if (status >= 300 && status < 400)
            return {false, tr("%1 redirects elsewhere (HTTP %2).").arg(host).arg(status),
                tr("Correct the upstream's address in the settings.")};
        if (status == 429)
            return {true, tr("%1 was reached; it asks to slow down (HTTP 429).").arg(host), {}};
        if (status == 401)
            return {true,
                tr("%1 was reached and serves this region; it asks for a key, as it should.").arg(host), {}};
        if (status == 400 || status == 426) // it wants a WebSocket
            return {true, tr("%1 was reached and answers (HTTP %2).").arg(host).arg(status), {}};
        return {false, tr("What answers for %1 is not the Realtime API (HTTP %2).").arg(host).arg(status),
            tr("Check the upstream's address in the settings. Where a network asks people to sign in first, "
               "do so.")};
    }

    static UpstreamCheckResult failure(UpstreamFailure::Kind kind, const QString &host)
    {
        switch (kind) {
        case UpstreamFailure::Dns:
            return {false, tr("No address was found for %1.").arg(host),
                tr("Check the internet connection and the upstream's name in the settings.")};
        case UpstreamFailure::ConnectRefused:
            return {false, tr("%1 refuses connections.").arg(host),
                tr("Check the upstream's address in the settings, and any firewall on the way.")};
        case UpstreamFailure::Timeout:
            return {false, tr("%1 did not answer in time.").arg(host),
                tr("Check the internet connection and any firewall on the way, then try again.")};
        case UpstreamFailure::Tls:
            return {false, tr("No secure connection to %1 could be made.").arg(host),
                tr("Check this machine's clock. If a proxy on the way replaces certificates, choose its "
                   "authority "
                   "in the settings.")};
        case UpstreamFailure::Proxy:
            return {false, tr("The proxy on the way to %1 refused or did not answer.").arg(host),
                tr("Check the proxy's address, user and password in the settings.")};
        case UpstreamFailure::BadHandshake:
            return {false, tr("%1 answered, but not as a web server does.").arg(host),
                tr("Check the upstream's address in the settings.")};
        default:
            return {false, tr("The connection to %1 failed.").arg(host),
                tr("Check the internet connection, then try again.")};
        }
    }
};

} // namespace

UpstreamCheckResult describeAnswer(int status, const QByteArray &body, const QString &host)
{
    return Check::answer(status, body, host);
}

UpstreamCheckResult describeFailure(UpstreamFailure::Kind kind, const QString &host)
{
    return Check::failure(kind, host);
}

UpstreamCheck::UpstreamCheck(QObject *parent)
    : QObject(parent)
{
}

void UpstreamCheck::run(const Settings &settings)
{
    if (isRunning())
        return;
    const auto tls = loadUpstreamTls(settings);
    if (const auto *error = std::get_if<RelayError>(&tls)) {
        const UpstreamCheckResult result{false, coreText(error->detail), {}};
        QTimer::singleShot(0, this, [this, result] { Q_EMIT finished(result); });
        return;
    }

    QUrl url = settings.upstreamUrl;
    url.setScheme(url.scheme() == "ws"_L1 ? u"http"_s : u"https"_s);
    QNetworkRequest request(url);
    request.setSslConfiguration(std::get<UpstreamTls>(tls).qt);
    request.setAttribute(QNetworkRequest::RedirectPolicyAttribute, QNetworkRequest::ManualRedirectPolicy);
    request.setAttribute(QNetworkRequest::CacheLoadControlAttribute, QNetworkRequest::AlwaysNetwork);
    request.setTransferTimeout(int(settings.connectTimeout.count()));
    m_network.setProxy(upstreamProxy(settings, QProcessEnvironment::systemEnvironment()));
    // A connection that is kept from the last check would prove nothing.
    m_network.clearConnectionCache();
    m_reply = m_network.get(request);
    connect(m_reply, &QNetworkReply::finished, this, &UpstreamCheck::readReply);
}

void UpstreamCheck::cancel()
{
    if (!m_reply)
        return;
    m_reply->disconnect(this);
    m_reply->abort();
    m_reply->deleteLater();
    m_reply.clear();
}

void UpstreamCheck::readReply()
{
    QNetworkReply *reply = m_reply;
    m_reply.clear();
    reply->deleteLater();
    const QString host = reply->url().host();
    const int status = reply->attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt();
    const bool byProxy = m_network.proxy().type() != QNetworkProxy::NoProxy;
    Q_EMIT finished(status > 0 ? describeAnswer(status, reply->read(bodyLimit), host)
                               : describeFailure(kindOf(reply->error(), byProxy), host));
}

} // namespace rr
