// SPDX-License-Identifier: MIT
#include "core/realtime/redaction.h"
#include "core/relay/tlsfiles.h"
#include "core/relay/upstreamroute.h"
#include "core/sharing/doctorwords.h"
#include "core/sharing/examination.h"

#include <QHostAddress>
#include <QHostInfo>
#include <QProcessEnvironment>
#include <QUrlQuery>

#include <algorithm>
#include <variant>

namespace rr {

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

using Result = CheckStep::Result;

quint16 Doctor::Examination::upstreamPort() const
{
    return quint16(settings().upstreamUrl.port(isUpstreamSecure() ? 443 : 80));
}

bool Doctor::Examination::skipsUpstream()
{
    if (m_settingsAreBad)
        skipped(QT_TRANSLATE_NOOP("Core", "The settings have to be mended first."));
    else if (m_upstreamIsBad)
        skipped(QT_TRANSLATE_NOOP("Core", "What a step before has found has to be mended first."));
    else
        return false;
    return true;
}

PeerPlan Doctor::Examination::upstreamPeer() const
{
    const QUrl &url = settings().upstreamUrl;
    PeerPlan plan;
    plan.host = url.host();
    plan.port = upstreamPort();
    plan.secure = isUpstreamSecure();
    plan.proxy = m_proxy;
    if (!settings().upstreamCaFile.isEmpty())
        plan.authorities = m_tls.qt.caCertificates();
    plan.hostHeader = url.adjusted(QUrl::RemoveUserInfo).authority(QUrl::FullyEncoded).toLatin1();
    plan.path = upstreamPath(url, {});
    return plan;
}

Destination Doctor::Examination::upstreamDestination(bool secure) const
{
    Destination to;
    to.host = upstreamHost();
    to.port = upstreamPort();
    to.secure = secure;
    to.tls = m_tls;
    to.proxy = m_proxy;
    return to;
}

/// On the way of a call's dial. `then`: null when it was made.
void Doctor::Examination::connectTo(
    const Destination &to, const std::function<void(const UpstreamFailure *failure)> &then)
{
    m_connect = std::make_unique<HostConnect>(to);
    connect(m_connect.get(), &HostConnect::connected, this, [then] { then(nullptr); });
    connect(m_connect.get(), &HostConnect::failed, this,
        [then](const UpstreamFailure &failure) { then(&failure); });
    // As long as a call would wait; the step's own deadline is longer.
    QTimer::singleShot(std::min(settings().connectTimeout, 12'000ms), m_connect.get(), [this, then] {
        const UpstreamFailure failure = m_connect->tookTooLong();
        then(&failure);
    });
    m_connect->start();
}

void Doctor::Examination::lookAtName()
{
    if (m_settingsAreBad) {
        skipsUpstream();
        return;
    }
    const auto tls = loadUpstreamTls(settings());
    if (const auto *loaded = std::get_if<UpstreamTls>(&tls)) // else Relay::check() has told
        m_tls = *loaded;
    const auto proxy = upstreamProxy(settings(), QProcessEnvironment::systemEnvironment());
    if (const auto *found = std::get_if<QNetworkProxy>(&proxy))
        m_proxy = *found;
    const QString host = upstreamHost();
    if (!QHostAddress(host).isNull()) {
        good({QT_TRANSLATE_NOOP("Core", "The upstream is given by its address: %1."), {host}});
        return;
    }
    if (m_proxy.type() != QNetworkProxy::NoProxy) {
        skipped({QT_TRANSLATE_NOOP("Core", "The proxy looks %1 up."), {host}});
        return;
    }
    m_lookup = QHostInfo::lookupHost(host, this, [this, host](const QHostInfo &info) {
        m_lookup = -1;
        if (info.error() != QHostInfo::NoError || info.addresses().isEmpty()) {
            m_upstreamIsBad = true;
            bad(foundOf({UpstreamFailure::Dns, 0, asTheySaid(info.errorString())}, asTheySaid(host)));
            return;
        }
        constexpr qsizetype most = 4;
        QStringList addresses;
        bool onlyHere = true;
        const auto found = info.addresses();
        for (const QHostAddress &address : found) {
            onlyHere = onlyHere
                && (address.isLoopback() || address == QHostAddress::AnyIPv4
                    || address == QHostAddress::AnyIPv6);
            if (addresses.size() < most)
                addresses.append(address.toString());
        }
        if (onlyHere && host != "localhost"_L1)
            done(Result::Warning, "name_points_here"_L1,
                {QT_TRANSLATE_NOOP("Core", "%1 is %2, which is this machine itself."),
                    {host, addresses.join(u", "_s)}},
                QT_TRANSLATE_NOOP("Core",
                    "If that is not meant so, a filter of names (an advertisement blocker, /etc/hosts) answers for it: "
                    "take the name out of it."));
        else
            good({QT_TRANSLATE_NOOP("Core", "%1 is %2."), {host, addresses.join(u", "_s)}});
    });
}

void Doctor::Examination::lookAtProxy()
{
    if (skipsUpstream())
        return;
    const auto proxy = upstreamProxy(settings(), QProcessEnvironment::systemEnvironment());
    if (const auto *error = std::get_if<RelayError>(&proxy)) {
        m_upstreamIsBad = true;
        done(Result::Bad, "proxy_malformed"_L1, error->detail,
            QT_TRANSLATE_NOOP("Core", "Correct the address of the proxy."));
        return;
    }
    if (m_proxy.type() == QNetworkProxy::NoProxy) {
        good(QT_TRANSLATE_NOOP("Core", "There is none on the way: the relay connects directly."));
        return;
    }
    PeerPlan plan = upstreamPeer();
    plan.secure = false;
    plan.onlyConnects = true;
    look(plan, [this](const PeerSight &sight) {
        const QString where = u"%1:%2"_s.arg(m_proxy.hostName()).arg(m_proxy.port());
        if (sight.connected) {
            good({QT_TRANSLATE_NOOP("Core", "The proxy %1 leads to %2."), {where, upstreamHost()}});
            return;
        }
        m_upstreamIsBad = true;
        const Sentence check = QT_TRANSLATE_NOOP("Core",
            "Start the proxy, or correct its address (UPSTREAM_PROXY, or HTTPS_PROXY of the environment); if none is "
            "needed, take it away.");
        switch (sight.error) {
        case QAbstractSocket::ProxyAuthenticationRequiredError:
            done(Result::Bad, "proxy_wants_password"_L1,
                {QT_TRANSLATE_NOOP(
                     "Core", "The proxy %1 wants a user and a password, and takes none that it was given."),
                    {where}},
                QT_TRANSLATE_NOOP("Core",
                    "Put them into its address: http://USER:PASSWORD@HOST:PORT (UPSTREAM_PROXY, or HTTPS_PROXY of the "
                    "environment)."));
            return;
        case QAbstractSocket::ProxyNotFoundError:
            done(Result::Bad, "proxy_name_not_found"_L1,
                {QT_TRANSLATE_NOOP("Core", "The proxy's name %1 has no address."), {m_proxy.hostName()}},
                check);
            return;
        case QAbstractSocket::ProxyConnectionRefusedError:
            done(Result::Bad, "proxy_unreachable"_L1,
                {QT_TRANSLATE_NOOP("Core", "Nothing listens at the proxy's address %1."), {where}}, check);
            return;
        default:
            break;
        }
        if (sight.outOfTime || sight.error == QAbstractSocket::ProxyConnectionTimeoutError)
            done(Result::Bad, "proxy_no_answer"_L1,
                {QT_TRANSLATE_NOOP("Core", "The proxy %1 does not answer."), {where}}, check);
        else
            done(Result::Bad, "proxy_failed"_L1,
                {QT_TRANSLATE_NOOP("Core", "The proxy %1 does not lead to %2. (Detail: %3)"),
                    {where, upstreamHost(), outsideText(sight.errorText)}},
                QT_TRANSLATE_NOOP("Core",
                    "Ask whoever runs the proxy to let this host through, or name the host in NO_PROXY."));
    });
}

void Doctor::Examination::lookAtTcp()
{
    if (skipsUpstream())
        return;
    if (m_proxy.type() != QNetworkProxy::NoProxy) {
        skipped(QT_TRANSLATE_NOOP("Core", "The proxy makes the connection."));
        return;
    }
    connectTo(upstreamDestination(false), [this](const UpstreamFailure *failure) {
        const Sentence where{
            QT_TRANSLATE_NOOP("Core", "%1 port %2"), {upstreamHost(), QString::number(upstreamPort())}};
        if (!failure) {
            good({QT_TRANSLATE_NOOP("Core", "%1 takes connections."), {where}});
            return;
        }
        m_upstreamIsBad = true;
        bad(foundOf(*failure, where));
    });
}

void Doctor::Examination::lookAtRegion()
{
    if (skipsUpstream())
        return;
    m_check = std::make_unique<UpstreamCheck>();
    connect(m_check.get(), &UpstreamCheck::finished, this, [this](const UpstreamCheckResult &result) {
        const QString host = outsideText(upstreamHost());
        if (result.unusable) {
            done(Result::Bad, "settings"_L1, result.unusable->detail,
                QT_TRANSLATE_NOOP("Core", "Mend the file that it names."));
        } else if (!result.failure) {
            good({QT_TRANSLATE_NOOP("Core", "%1 opens calls, even without a key."), {host}});
        } else {
            const CheckStep found = result.failure->kind == UpstreamFailure::Refused
                ? foundOfRefusal(*result.failure, host)
                : foundOf(*result.failure, asTheySaid(host));
            m_upstreamIsBad = found.result == Result::Bad;
            bad(found);
        }
    });
    m_check->run(settings());
}

/// Opens a session and closes it: that is charged to nobody.
void Doctor::Examination::lookAtKey()
{
    if (skipsUpstream())
        return;
    if (m_plan.isDemo) {
        good(QT_TRANSLATE_NOOP("Core", "The simulator takes any key."));
        return;
    }
    if (m_plan.key.isEmpty()) {
        skipped(QT_TRANSLATE_NOOP("Core",
            "No key was given, and the relay holds none: clients bring their own. With one that is typed for once, this "
            "and a whole call are tried."));
        return;
    }
    TestCallPlan plan;
    plan.url = settings().upstreamUrl;
    plan.url.setPath(QString::fromLatin1(upstreamPath(plan.url, {})), QUrl::TolerantMode);
    QUrlQuery query(plan.url);
    query.removeAllQueryItems(u"model"_s);
    query.addQueryItem(u"model"_s, QString::fromUtf8(m_plan.model));
    plan.url.setQuery(query);
    plan.key = m_plan.key;
    plan.turns = 0;
    plan.patience = settings().connectTimeout;
    plan.tls = m_tls;
    plan.proxy = m_proxy;
    call(plan, [this](const TestCallResult &result) {
        const QString host = outsideText(upstreamHost());
        if (result.failure) {
            m_upstreamIsBad = true;
            bad(foundOfCall(result, host));
            return;
        }
        good({QT_TRANSLATE_NOOP("Core", "%1 takes the key, and opens a session of %2 in %3 ms."),
            {host, outsideText(QString::fromUtf8(m_plan.model)), int(result.connectMs)}});
    });
}

} // namespace rr
