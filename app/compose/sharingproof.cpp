// SPDX-License-Identifier: MIT
// What Sharing does to know that calls come through: the proof, and the canary between two of them.
#include "app/compose/host.h"
#include "app/compose/sharejournal.h"
#include "app/compose/sharing.h"
#include "core/relay/upstreamroute.h"

#include <QNetworkProxy>

#include <algorithm>
#include <utility>
#include <variant>

namespace rr {

using namespace std::chrono_literals;
using namespace Qt::StringLiterals;

namespace {

/// An origin that these let in, as a browser would send it; empty: none do.
QByteArray originForProof(const QStringList &origins)
{
    for (const QString &text : origins) {
        QString origin = text.trimmed();
        if (origin.endsWith(u'/'))
            origin.chop(1);
        if (origin.endsWith(":*"_L1))
            origin.chop(2);
        origin.replace(u'*', "relay-check"_L1);
        return origin.toUtf8();
    }
    return {};
}

QNetworkProxy proxyOf(const Host &host)
{
    const auto proxy = upstreamProxy(host.settings(), host.input().environment);
    const auto *found = std::get_if<QNetworkProxy>(&proxy);
    return found ? *found : QNetworkProxy(QNetworkProxy::NoProxy);
}

CheckStep cutWhenQuiet(std::chrono::milliseconds after, std::chrono::milliseconds heartbeat)
{
    CheckStep step;
    step.id = "quiet"_L1;
    step.result = CheckStep::Result::Warning;
    step.code = "cut_when_quiet"_L1;
    step.text = {QT_TRANSLATE_NOOP("Core",
                     "A connection that said nothing was cut after %1 s: so are calls while nobody speaks."),
        {qint64(after / 1s)}};
    step.next = {
        QT_TRANSLATE_NOOP("Core",
            "Give what stands in front of the relay a longer time-out (nginx: proxy_read_timeout), or the relay a "
            "shorter HEARTBEAT_INTERVAL than %1 s."),
        {qint64(heartbeat / 1s)}};
    return step;
}

Sentence whatFailed(const ProofResult &result)
{
    const CheckStep *failure = result.failure();
    return failure ? joined(failure->text, failure->next) : Sentence();
}

} // namespace

void Sharing::prove()
{
    unprove();
    m_inProof = m_status.address;
    if (m_sharedAs != m_inProof && !m_terms.host.isEmpty()) { // it is to arrive under another name now
        m_terms.host.clear();
        m_terms.trustsForwardedFor = false;
        m_host.relay().changeShare(m_terms);
    }
    ProofPlan plan;
    plan.address = m_inProof;
    plan.sharePort = m_port;
    plan.origin = originForProof(m_plan.origins);
    plan.settleDns = m_way.settlesDns;
    plan.proofs = &m_host.relay().shareProofs();
    plan.proxy = proxyOf(m_host);
    plan.names = m_seams.names;
    plan.authorities = m_seams.authorities;
    plan.patience = m_seams.proof;
    m_status.steps.clear();
    m_status.retryIn = 0ms;
    stand(State::Testing);
    if (m_status.state == State::Testing) // nobody has stopped it upon that
        m_proof.run(plan);
}

/// Nothing is being proven any more, nor counts as proven.
void Sharing::unprove()
{
    m_proof.cancel();
    m_canary.stop();
    m_again.stop();
    m_quiet.stop();
    m_inProof.clear();
}

void Sharing::noteStep(const CheckStep &step)
{
    const auto known = std::find_if(m_status.steps.begin(), m_status.steps.end(),
        [&step](const CheckStep &each) { return each.id == step.id; });
    if (known == m_status.steps.end())
        m_status.steps.append(step);
    else
        *known = step;
    Q_EMIT changed();
}

void Sharing::noteProof(const ProofResult &result)
{
    m_status.proof = result;
    m_status.steps = result.steps;
    const CheckStep *failure = result.failure();
    if (!result.works && std::exchange(m_terms.trustsForwardedFor, false)) // what was measured counts no more
        m_host.relay().changeShare(m_terms);
    if (failure && failure->code == "origin_changed"_L1) {
        // Every page would pass for one that may call: the link that is out is void.
        newLink();
        stand(State::NeedsYou, whatFailed(result));
        tell("origin_changed");
        return;
    }
    if (!result.works) {
        m_again.start(m_pause);
        m_pause = std::min(2 * m_pause, m_seams.lastAgain);
        m_status.retryIn = m_again.remainingTimeAsDuration();
        stand(State::Broken, whatFailed(result));
        tell(failure ? QByteArray(failure->code.data(), failure->code.size()) : QByteArray());
        return;
    }
    m_terms.host = result.host;
    m_terms.trustsForwardedFor = result.trustsForwardedFor.value_or(false);
    m_host.relay().changeShare(m_terms);
    m_pause = m_seams.firstAgain;
    m_told.clear();
    m_host.journal().add(shared(m_status.way, m_inProof, result));
    const bool isElsewhere = !m_sharedAs.isEmpty() && m_sharedAs != m_inProof;
    m_sharedAs = m_inProof;
    if (m_cutAfter)
        m_status.steps.append(cutWhenQuiet(*m_cutAfter, m_host.settings().heartbeatInterval));
    stand(State::Shared);
    if (isElsewhere)
        Q_EMIT addressChanged(m_sharedAs);
    if (m_cutAfter)
        m_quiet.start(m_quietPause);
    else
        watchQuiet();
}

void Sharing::watchQuiet()
{
    if (!m_status.proof)
        return;
    CanaryPlan plan;
    plan.address = m_inProof;
    plan.origin = originForProof(m_plan.origins);
    plan.proofs = &m_host.relay().shareProofs();
    plan.connectTo = m_status.proof->connectedTo;
    plan.proxy = m_status.proof->proxy;
    plan.heartbeat = m_host.settings().heartbeatInterval;
    plan.authorities = m_seams.authorities;
    m_canary.start(plan);
}

/// The way may have died, or something on it cuts what is quiet; the proof tells one from the other. Where it is the second,
/// it will be cut again, so that the pauses grow.
void Sharing::noteCut(std::chrono::milliseconds after)
{
    m_host.journal().add(shareCutsQuiet(m_status.way, after));
    m_quietPause
        = after > m_seams.lastAgain ? m_seams.firstAgain : std::min(2 * m_quietPause, m_seams.lastAgain);
    m_cutAfter = after;
    prove();
}

} // namespace rr
