// SPDX-License-Identifier: MIT
#include "core/sharing/proofrun.h"

#include "core/admission/shareproofs.h"
#include "core/realtime/redaction.h"
#include "core/sharing/checksocket.h"
#include "core/sharing/echocheck.h"
#include "core/sharing/namecheck.h"
#include "core/sharing/probe.h"
#include "core/sharing/tlscheck.h"

#include <algorithm>
#include <utility>

namespace rr {

namespace {

using Result = CheckStep::Result;

/// All but "proxy", which comes behind "name" where it is tried.
constexpr const char *steps[]
    = {"here", "name", "tls", "http", "browser", "websocket", "messages", "address"};
constexpr QLatin1String proxyStep("proxy");

/// Nothing is in between there.
CheckVerdict notHere(const Sentence &why)
{
    return {Result::Bad, QLatin1String("relay_silent"),
        {QT_TRANSLATE_NOOP(
             "Core", "The relay itself does not answer on this machine where it is shared. (%1)"),
            {why}},
        QT_TRANSLATE_NOOP("Core",
            "Stop sharing and start again. If it stays so, a firewall or security program on this machine keeps programs "
            "from reaching 127.0.0.1.")};
}

CheckStep stepOf(QLatin1String id, const CheckVerdict &verdict, qint64 ms)
{
    return {id, verdict.result, verdict.code, verdict.text, verdict.next, ms};
}

} // namespace

ProofRun::ProofRun(const ProofPlan &plan, QObject *parent)
    : QObject(parent)
    , m_plan(plan)
    , m_host(outsideText(plan.address.host()))
    , m_again(this)
{
    for (const char *id : steps)
        m_result.steps.append({QLatin1String(id), Result::Skipped, {}, {}, {}, -1});
    m_again.setSingleShot(true);
    connect(&m_again, &QTimer::timeout, this, &ProofRun::http);
}

ProofRun::~ProofRun() = default;

void ProofRun::start()
{
    here();
}

void ProofRun::begin(const char *id)
{
    m_step = QLatin1String(id);
    m_since.start();
    set({m_step, Result::Running, {}, {}, {}, -1});
}

void ProofRun::done(const CheckVerdict &verdict, Next next)
{
    const bool isBad = verdict.result == Result::Bad;
    const bool isHere = m_step == QLatin1String("here");
    set(stepOf(m_step, isBad && isHere ? notHere(verdict.text) : verdict, m_since.elapsed()));
    if (isBad)
        fail();
    else
        (this->*next)();
}

CheckStep &ProofRun::at(QLatin1String id)
{
    return *std::find_if(
        m_result.steps.begin(), m_result.steps.end(), [id](const CheckStep &step) { return step.id == id; });
}

void ProofRun::set(const CheckStep &step)
{
    at(step.id) = step;
    Q_EMIT stepChanged(step);
}

void ProofRun::fail()
{
    dropLater(m_echo);
    dropLater(m_socket);
    if (m_step == QLatin1String("here") || m_plan.proxy.type() == QNetworkProxy::NoProxy) {
        finish();
    } else if (m_direct.isEmpty()) {
        throughProxy();
    } else {
        // What is wrong is what was wrong without it.
        const Sentence why = at(m_step).text;
        QList<CheckStep> direct = std::exchange(m_direct, {});
        direct.insert(2,
            {proxyStep, Result::Warning, QLatin1String("proxy_fails"),
                {QT_TRANSLATE_NOOP("Core", "Through the proxy %1 it does not work either: %2"),
                    {m_plan.proxy.hostName(), why}},
                QT_TRANSLATE_NOOP("Core", "See first what is wrong without it."), -1});
        m_result.steps = std::move(direct);
        m_result.proxy = QNetworkProxy(QNetworkProxy::NoProxy);
        for (const CheckStep &step : std::as_const(m_result.steps))
            Q_EMIT stepChanged(step);
        finish();
    }
}

/// Who may go outside through a proxy alone looks up no names and reaches no addresses.
void ProofRun::throughProxy()
{
    m_direct = m_result.steps;
    const Sentence why = at(m_step).text;
    CheckStep &name = at(QLatin1String("name"));
    if (name.result == Result::Bad) {
        name.result = Result::Warning;
        Q_EMIT stepChanged(name);
    }
    for (const char *id : steps) {
        if (const QLatin1String step(id); step != QLatin1String("here") && step != QLatin1String("name"))
            set({step, Result::Skipped, {}, {}, {}, -1});
    }
    m_result.steps.insert(2, {proxyStep, Result::Skipped, {}, {}, {}, -1});
    set({proxyStep, Result::Warning, QLatin1String("through_proxy"),
        {QT_TRANSLATE_NOOP(
             "Core", "Without the proxy %1 it does not work from here, so what follows is through it. (%2)"),
            {m_plan.proxy.hostName(), why}},
        QT_TRANSLATE_NOOP(
            "Core", "If this machine has to use the proxy, nothing: callers do not go through it."),
        -1});
    m_result.proxy = m_plan.proxy;
    tls();
}

void ProofRun::finish()
{
    dropLater(m_echo);
    dropLater(m_socket);
    m_result.works = !m_result.failure();
    m_result.at = QDateTime::currentDateTime();
    Q_EMIT finished(m_result);
}

CheckRequest ProofRun::newRequest(Guise guise) const
{
    return {hostHeader(m_plan.address), m_plan.proofs->issue(), guise};
}

Destination ProofRun::publicly() const
{
    return destinationOf(m_plan.address, m_result.connectedTo, m_result.proxy, m_plan.authorities);
}

void ProofRun::ask(const Destination &to, const CheckRequest &request, Next next,
    const std::function<CheckVerdict(const Probe &)> &judge)
{
    m_probe = std::make_unique<Probe>(to, headOf(request), m_plan.patience.step);
    connect(m_probe.get(), &Probe::failed, this, [this, next](const UpstreamFailure &failure) {
        dropLater(m_probe);
        const bool isHere = m_step == QLatin1String("here");
        done(judgeFailure(failure, isHere ? QStringLiteral("127.0.0.1") : m_host), next);
    });
    connect(m_probe.get(), &Probe::answered, this, [this, next, judge] {
        const CheckVerdict verdict = judge(*m_probe);
        dropLater(m_probe);
        if (verdict.mayPass && m_step == QLatin1String("http")) {
            if (!m_wayDown.isValid())
                m_wayDown.start();
            if (m_wayDown.elapsed() < m_plan.patience.way.count()) {
                m_again.start(m_plan.patience.again);
                return;
            }
        }
        done(verdict, next);
    });
    m_probe->start();
}

} // namespace rr
