// SPDX-License-Identifier: MIT
#include "core/realtime/redaction.h"
#include "core/sharing/addresscertificate.h"
#include "core/sharing/doctorwords.h"
#include "core/sharing/examination.h"

namespace rr {

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

using Result = CheckStep::Result;

void Doctor::Examination::call(
    const TestCallPlan &plan, const std::function<void(const TestCallResult &result)> &then)
{
    m_call = std::make_unique<TestCall>();
    connect(m_call.get(), &TestCall::finished, this, then);
    m_call->run(plan);
}

void Doctor::Examination::look(const PeerPlan &plan, const std::function<void(const PeerSight &sight)> &then)
{
    if (m_look) { // this may be its signal
        m_look->disconnect(this);
        m_look.release()->deleteLater();
    }
    m_look = std::make_unique<PeerLook>(plan);
    connect(m_look.get(), &PeerLook::finished, this, then);
    m_look->start();
}

/// Of this process's relay, or of one that is there for this call alone: never another process's, which gets no key. nullopt: it
/// could not be started, which was told.
std::optional<quint16> Doctor::Examination::portForCall()
{
    if (m_plan.port)
        return m_plan.port;
    Settings alone = settings();
    alone.host = u"127.0.0.1"_s;
    alone.port = 0;
    alone.adminPort = 0;
    alone.workers = 1;
    m_relay = std::make_unique<Relay>(m_journal);
    if (const auto error = m_relay->start(alone)) {
        done(Result::Bad, "call_failed"_L1, error->detail,
            QT_TRANSLATE_NOOP("Core", "Mend that, and examine anew."));
        return {};
    }
    return m_relay->port();
}

void Doctor::Examination::lookAtCall()
{
    if (skipsUpstream())
        return;
    if (!m_plan.isDemo && m_plan.key.isEmpty()) {
        skipped(QT_TRANSLATE_NOOP("Core",
            "A whole call takes a key; none was given. In a demo the simulator answers without one."));
        return;
    }
    const auto port = portForCall();
    if (!port)
        return;
    Settings reached = settings();
    if (m_relay)
        reached.host = u"127.0.0.1"_s;
    TestCallPlan plan = callToListener(reached, *port, m_plan.model);
    if (!m_plan.isDemo)
        plan.key = m_plan.key;
    plan.speech = 1500ms;
    call(plan, [this](const TestCallResult &result) {
        if (result.failure) {
            bad(foundOfCall(result, u"127.0.0.1"_s));
            return;
        }
        good({m_relay
                ? QT_TRANSLATE_NOOP("Core",
                    "A whole call through a relay with these settings, run for it alone: connected after %1 ms, the first audio "
                    "%2 ms after the end of speech, closed with %3.")
                : QT_TRANSLATE_NOOP("Core",
                    "A whole call through the relay: connected after %1 ms, the first audio %2 ms after the end of "
                    "speech, closed with %3."),
            {int(result.connectMs), int(result.firstAudioMs), QString::number(result.closeCode)}});
    });
}

void Doctor::Examination::lookAtPublic()
{
    m_relay.reset(); // its call is over
    const QString host = m_plan.shown.host();
    if (host.isEmpty()) {
        skipped(
            QT_TRANSLATE_NOOP("Core", "No address for others is known: none is shared, and none was given."));
        return;
    }
    if (m_plan.proof) {
        for (const CheckStep &step : m_plan.proof->steps) {
            if (step.result == Result::Bad) {
                bad(step);
                return;
            }
        }
        good({QT_TRANSLATE_NOOP("Core", "%1 leads to this relay: proven at %2, from this network."),
            {outsideText(host), m_plan.proof->at.toString(Qt::ISODate)}});
        return;
    }
    const QString scheme = m_plan.shown.scheme();
    PeerPlan plan;
    plan.host = host;
    plan.secure = scheme == "wss"_L1 || scheme == "https"_L1;
    plan.port = quint16(m_plan.shown.port(plan.secure ? 443 : 80));
    plan.hostHeader = m_plan.shown.adjusted(QUrl::RemoveUserInfo).authority(QUrl::FullyEncoded).toLatin1();
    plan.path = "/health";
    plan.patience = 10s;
    look(plan, [this](const PeerSight &sight) { judgePublic(sight); });
}

/// A relay need not answer there itself: what is in front may keep /health for itself. So any answer counts that is none of
/// a gateway's that does not reach it.
void Doctor::Examination::judgePublic(const PeerSight &sight)
{
    const QString host = outsideText(m_plan.shown.host());
    if (!sight.connected) {
        done(Result::Bad, "public_unreachable"_L1,
            {QT_TRANSLATE_NOOP("Core", "%1 cannot be reached from here. (Detail: %2)"),
                {host,
                    sight.outOfTime ? Sentence(QT_TRANSLATE_NOOP("Core", "it did not answer in time"))
                                    : asTheySaid(outsideText(sight.errorText))}},
            QT_TRANSLATE_NOOP("Core",
                "Check the name, the forwarding of the port, and the firewall; a router may also refuse to lead its own "
                "network back in: then try from outside, with a telephone for instance."));
        return;
    }
    if (!sight.chain.isEmpty()) {
        if (const auto problem = certificateProblem(sight.chain, m_plan.shown.host())) {
            done(Result::Bad, "certificate_unfit"_L1, *problem,
                QT_TRANSLATE_NOOP(
                    "Core", "Until then clients refuse the connection, and browsers do not say why."));
            return;
        }
    }
    if (!sight.answer) {
        done(Result::Bad, "public_no_answer"_L1,
            {QT_TRANSLATE_NOOP("Core", "%1 takes connections, but gives no answer in HTTP. (Detail: %2)"),
                {host, outsideText(sight.errorText)}},
            QT_TRANSLATE_NOOP("Core",
                "Check what is in front of the relay, and whether the address is to begin with ws:// or wss://."));
        return;
    }
    const int status = sight.answer->status;
    if (status == 502 || status == 503 || status == 504 || status == 530) { // 530: Cloudflare's, of a tunnel
        done(Result::Bad, "public_gateway"_L1,
            {QT_TRANSLATE_NOOP(
                 "Core", "What is in front answers at %1, but does not reach the relay (HTTP %2)."),
                {host, QString::number(status)}},
            QT_TRANSLATE_NOOP(
                "Core", "Start the relay and the tunnel, or correct where what is in front leads to."));
        return;
    }
    if (status >= 300 && status < 400) {
        done(Result::Bad, "public_redirects"_L1,
            {QT_TRANSLATE_NOOP("Core", "%1 sends elsewhere (HTTP %2), which a WebSocket cannot follow."),
                {host, QString::number(status)}},
            QT_TRANSLATE_NOOP(
                "Core", "Give others the address that it leads to: wss:// instead of ws://, most likely."));
        return;
    }
    good(
        {QT_TRANSLATE_NOOP("Core",
             "%1 answers from here (HTTP %2). Whether it is this relay the test of sharing proves; from another country "
             "only somebody there can say."),
            {host, QString::number(status)}});
}

} // namespace rr
