// SPDX-License-Identifier: MIT
// What each step of a ProofRun asks, and what is made of the answer.
#include "core/sharing/proofrun.h"

#include "core/admission/shareproofs.h"
#include "core/admission/sharerules.h"
#include "core/realtime/redaction.h"
#include "core/sharing/checksocket.h"
#include "core/sharing/echocheck.h"
#include "core/sharing/namecheck.h"
#include "core/sharing/probe.h"
#include "core/sharing/tlscheck.h"

#include <utility>

namespace rr {

namespace {

using Result = CheckStep::Result;

/// Of nobody (RFC 5737).
constexpr const char *forgedAddress = "192.0.2.77";

CheckVerdict originChanged(const QString &host, const QByteArray &arrived)
{
    return {Result::Bad, QLatin1String("origin_changed"),
        arrived.isEmpty()
            ? Sentence(QT_TRANSLATE_NOOP("Core", "%1 takes away the Origin of web pages on the way."), {host})
            : Sentence(QT_TRANSLATE_NOOP(
                           "Core", "%1 changes the Origin of web pages on the way (it arrives as %2)."),
                {host, outsideText(QString::fromLatin1(arrived))}),
        QT_TRANSLATE_NOOP("Core",
            "Origins cannot be checked behind this service, and any web page could be let in. Have it pass on Host and "
            "Origin as they are, or take another way.")};
}

} // namespace

void ProofRun::here()
{
    begin("here");
    Destination to;
    to.host = QStringLiteral("127.0.0.1");
    to.port = m_plan.sharePort;
    to.secure = false;
    const CheckRequest request = newRequest(Guise::Program);
    ask(to, request, &ProofRun::name, [this, nonce = request.nonce](const Probe &probe) {
        const QByteArray proof = m_plan.proofs->proofOf(ShareProofs::http, nonce);
        CheckVerdict verdict
            = judgeAnswer(probe.head(), probe.body(), proof, QStringLiteral("127.0.0.1"), false);
        if (verdict.result == Result::Good)
            verdict.text
                = QT_TRANSLATE_NOOP("Core", "The relay answers at the door that is only for the share.");
        return verdict;
    });
}

void ProofRun::name()
{
    begin("name");
    m_nameCheck = std::make_unique<NameCheck>(m_plan.names);
    connect(m_nameCheck.get(), &NameCheck::finished, this, &ProofRun::named);
    m_nameCheck->run(m_plan.address.host(QUrl::FullyEncoded),
        m_plan.settleDns ? m_plan.patience.name : std::chrono::milliseconds(0));
}

void ProofRun::named(const NameFinding &finding)
{
    dropLater(m_nameCheck);
    m_addresses = finding.addresses;
    done(finding.verdict, &ProofRun::tls);
}

void ProofRun::tls()
{
    begin("tls");
    const bool isProxied = m_result.proxy.type() != QNetworkProxy::NoProxy;
    m_tlsCheck = std::make_unique<TlsCheck>(
        publicly(), isProxied ? QList<QHostAddress>() : m_addresses, m_plan.patience.step);
    connect(m_tlsCheck.get(), &TlsCheck::finished, this, [this](const CheckVerdict &verdict) {
        m_result.connectedTo = m_tlsCheck->connectedTo();
        dropLater(m_tlsCheck);
        done(verdict, &ProofRun::http);
    });
    m_tlsCheck->start();
}

void ProofRun::http()
{
    if (m_step != QLatin1String("http")) {
        begin("http");
        m_wayDown.invalidate();
    }
    const CheckRequest request = newRequest(Guise::Program);
    ask(publicly(), request, &ProofRun::browser, [this, nonce = request.nonce](const Probe &probe) {
        const auto arrival = m_plan.proofs->arrivalOf(nonce);
        CheckVerdict verdict = judgeAnswer(probe.head(), probe.body(),
            m_plan.proofs->proofOf(ShareProofs::http, nonce), m_host, arrival.has_value());
        if (verdict.result != Result::Good || !arrival)
            return verdict;
        m_result.host = bareHost(arrival->host);
        const QByteArray sent = hostHeader(m_plan.address);
        if (m_result.host == bareHost(sent)) {
            verdict.text = Sentence(QT_TRANSLATE_NOOP("Core", "%1 leads to this relay."), {m_host});
            return verdict;
        }
        return CheckVerdict{Result::Warning, QLatin1String("host_changed"),
            {QT_TRANSLATE_NOOP(
                 "Core", "%1 leads to this relay, but under another name: Host is %2 when it arrives."),
                {m_host, outsideText(QString::fromLatin1(arrival->host))}},
            QT_TRANSLATE_NOOP("Core",
                "The page for trying may be refused, for it comes from another name than the relay sees. Have the service "
                "in between pass on Host as it is.")};
    });
}

void ProofRun::browser()
{
    begin("browser");
    const CheckRequest request = newRequest(Guise::Browser);
    ask(publicly(), request, &ProofRun::webSocket, [this, nonce = request.nonce](const Probe &probe) {
        CheckVerdict verdict = judgeBrowsersAnswer(probe.head(), probe.body(),
            m_plan.proofs->proofOf(ShareProofs::http, nonce), m_host,
            m_plan.proofs->arrivalOf(nonce).has_value());
        if (verdict.result == Result::Good)
            verdict.text = QT_TRANSLATE_NOOP("Core", "Browsers are answered as programs are.");
        return verdict;
    });
}

void ProofRun::webSocket()
{
    begin("websocket");
    CheckRequest request = newRequest(Guise::Browser);
    request.webSocketKey = newWebSocketKey();
    request.origin = m_plan.origin.isEmpty() ? originOf(m_plan.address) : m_plan.origin;
    m_probe = std::make_unique<Probe>(publicly(), headOf(request), m_plan.patience.step);
    connect(m_probe.get(), &Probe::failed, this, [this](const UpstreamFailure &failure) {
        dropLater(m_probe);
        done(judgeFailure(failure, m_host), nullptr);
    });
    connect(m_probe.get(), &Probe::answered, this, [this, request] {
        const auto arrival = m_plan.proofs->arrivalOf(request.nonce);
        const CheckVerdict verdict
            = judgeHandshake(m_probe->head(), m_probe->body(), request.webSocketKey, m_host);
        // Before all else: with another Origin nothing can be said of who may come in.
        if (arrival && arrival->origin != request.origin)
            done(originChanged(m_host, arrival->origin), nullptr);
        else if (verdict.result != Result::Good)
            done(verdict, nullptr);
        else if (arrival && arrival->subprotocols != checkSubprotocols())
            done(subprotocolLost(m_host), nullptr);
        else
            webSocketOpened(request.nonce);
        dropLater(m_probe);
    });
    m_probe->start();
}

void ProofRun::webSocketOpened(const QByteArray &nonce)
{
    m_socket = std::make_unique<CheckSocket>(m_probe->takeStream());
    m_echo = std::make_unique<EchoCheck>(*m_socket, m_host, m_plan.patience.step);
    connect(m_echo.get(), &EchoCheck::failed, this,
        [this](const CheckVerdict &verdict) { done(verdict, nullptr); });
    connect(m_echo.get(), &EchoCheck::proven, this, [this] {
        done(
            {Result::Good, {},
                {QT_TRANSLATE_NOOP("Core", "Web pages' WebSockets pass, with their origin and subprotocol.")},
                {}},
            &ProofRun::messages);
    });
    connect(m_echo.get(), &EchoCheck::measured, this, [this](qint64 median, qint64 worst) {
        m_result.roundTripMs = median;
        done({Result::Good, {},
                 {QT_TRANSLATE_NOOP("Core",
                      "A message takes %1 ms there and back, %2 ms at worst; one of 256 KiB passes as well."),
                     {median, worst}},
                 {}},
            &ProofRun::address);
    });
    m_echo->awaitProof(m_plan.proofs->proofOf(ShareProofs::ws, nonce));
}

void ProofRun::messages()
{
    begin("messages");
    m_echo->measure();
}

void ProofRun::address()
{
    begin("address");
    CheckRequest request = newRequest(Guise::Program);
    request.forwardedFor = forgedAddress;
    ask(publicly(), request, &ProofRun::finish, [this, nonce = request.nonce](const Probe &) {
        const auto arrival = m_plan.proofs->arrivalOf(nonce);
        if (!arrival)
            return CheckVerdict{Result::Warning, QLatin1String("not_measured"),
                QT_TRANSLATE_NOOP("Core",
                    "Whether callers' addresses can be believed was not found out: the question was refused."),
                QT_TRANSLATE_NOOP("Core", "Limits for each address count all callers as one. Test again.")};
        CheckVerdict verdict = judgeForwarded(arrival->forwardedFor, forgedAddress);
        m_result.trustsForwardedFor = verdict.result == Result::Good;
        if (verdict.result == Result::Good)
            verdict.text = QT_TRANSLATE_NOOP("Core",
                "The service in between says from where each call comes, and callers cannot forge it.");
        return verdict;
    });
}

} // namespace rr
