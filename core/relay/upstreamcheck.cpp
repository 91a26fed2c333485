// SPDX-License-Identifier: MIT
#include "core/relay/upstreamcheck.h"

#include "core/relay/tlsfiles.h"
#include "core/relay/upstreamroute.h"

#include "core/realtime/redaction.h"

namespace rr {

namespace {

/// The refusals that mean something else when no key was sent. Empty: it means what it means in a call.
Sentence refusalWithoutKey(const UpstreamFailure &failure, const QString &host)
{
    switch (failure.status) {
    case 400:
        return {QT_TRANSLATE_NOOP("Core", "%1 was reached and answers (HTTP 400)."), {host}};
    case 401:
        return {QT_TRANSLATE_NOOP(
                    "Core", "%1 was reached and serves this region; it asks for a key, as it should."),
            {host}};
    case 403:
        if (readRefusal(failure).code.contains("unsupported_country"))
            return {
                QT_TRANSLATE_NOOP("Core",
                    "%1 was reached, but does not serve this region. Run the relay on a machine in a supported "
                    "region."),
                {host}};
        return {
            QT_TRANSLATE_NOOP("Core",
                "%1 was reached, but refuses this machine (HTTP 403). Perhaps this region or network is not "
                "supported, or a firewall on the way answers."),
            {host}};
    case 429:
        return {QT_TRANSLATE_NOOP("Core", "%1 was reached; it asks to slow down (HTTP 429)."), {host}};
    default:
        return {};
    }
}

} // namespace

Sentence sentenceOf(const UpstreamCheckResult &result)
{
    if (result.unusable)
        return result.unusable->detail;
    const QString host = outsideText(result.host);
    if (!result.failure)
        return {QT_TRANSLATE_NOOP("Core", "%1 was reached and opens calls, even without a key."), {host}};
    if (result.failure->kind == UpstreamFailure::Refused) {
        const Sentence refusal = refusalWithoutKey(*result.failure, host);
        if (!refusal.isEmpty())
            return refusal;
    }
    return adviceFor(*result.failure, result.host);
}

bool UpstreamCheckResult::isReachable() const
{
    if (unusable)
        return false;
    if (!failure)
        return true;
    const int status = failure->status;
    return failure->kind == UpstreamFailure::Refused && (status == 400 || status == 401 || status == 429);
}

UpstreamCheck::UpstreamCheck(QObject *parent)
    : QObject(parent)
{
    m_later.setSingleShot(true);
    connect(&m_later, &QTimer::timeout, this, [this] { Q_EMIT finished(m_unusable); });
}

void UpstreamCheck::run(const Settings &settings)
{
    if (isRunning())
        return;
    const QString host = settings.upstreamUrl.host();
    const auto tls = loadUpstreamTls(settings);
    const auto proxy = upstreamProxy(settings, QProcessEnvironment::systemEnvironment());
    const auto *error = std::get_if<RelayError>(&tls);
    if (!error)
        error = std::get_if<RelayError>(&proxy);
    if (error) {
        m_unusable = {host, {}, *error, {}};
        m_later.start();
        return;
    }
    m_dial = std::make_unique<Dial>(
        upstreamTarget(settings, std::get<UpstreamTls>(tls), std::get<QNetworkProxy>(proxy), {}, {}));
    connect(m_dial.get(), &Dial::opened, this, [this, host] { finish({host, {}, {}, {}}); });
    connect(m_dial.get(), &Dial::failed, this, [this, host](const UpstreamFailure &failure) {
        finish({host, failure, {}, {}});
    });
    m_sinceRun.start();
    m_dial->start();
}

void UpstreamCheck::cancel()
{
    m_dial.reset();
    m_later.stop();
}

void UpstreamCheck::finish(UpstreamCheckResult result)
{
    m_dial.release()->deleteLater(); // this is its signal
    result.took = std::chrono::milliseconds(m_sinceRun.elapsed());
    Q_EMIT finished(result);
}

} // namespace rr
