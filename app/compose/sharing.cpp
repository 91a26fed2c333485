// SPDX-License-Identifier: MIT
#include "app/compose/sharing.h"

#include "app/compose/host.h"
#include "app/compose/keptshare.h"
#include "app/compose/sharejournal.h"
#include "core/base/randomtext.h"
#include "core/sharing/sharewords.h"

#include <QNetworkInterface>

#include <algorithm>
#include <utility>
#include <variant>

namespace rr {

using namespace std::chrono_literals;
using namespace Qt::StringLiterals;

namespace {

/// A machine that has slept finds its wall clock this much further than the other one.
constexpr std::chrono::milliseconds asleep = 5s;

/// What was not filled in is as it stood there from the start.
QMap<QString, QString> fieldsOf(const SharePlan &plan, const Way &way)
{
    QMap<QString, QString> fields = plan.fields;
    for (const Ask &ask : way.ask) {
        if (!fields.contains(ask.name) && !ask.preset.isEmpty())
            fields.insert(ask.name, ask.preset);
    }
    return fields;
}

} // namespace

Sharing::Sharing(Host &host, ShareSeams seams)
    : m_host(host)
    , m_seams(std::move(seams))
    , m_tunnel(m_seams.tunnel)
{
    connect(&m_tunnel, &Tunnel::changed, this, &Sharing::follow);
    connect(&m_tunnel, &Tunnel::addressChanged, this, &Sharing::follow);
    connect(&m_tunnel, &Tunnel::stopped, this, &Sharing::tunnelStopped);
    connect(&m_proof, &PublicProof::stepChanged, this, &Sharing::noteStep);
    connect(&m_proof, &PublicProof::finished, this, &Sharing::noteProof);
    connect(&m_canary, &Canary::cut, this, &Sharing::noteCut);
    // What could be proven a moment ago and cannot be opened now is proven again, though not at once.
    connect(&m_canary, &Canary::failed, this, [this] {
        m_again.start(m_watchPause);
        m_watchPause = std::min(2 * m_watchPause, m_seams.lastAgain);
    });
    connect(&m_canary, &Canary::opened, this, [this] { m_watchPause = m_seams.firstAgain; });
    m_again.setSingleShot(true);
    connect(&m_again, &QTimer::timeout, this, &Sharing::prove);
    m_quiet.setSingleShot(true);
    connect(&m_quiet, &QTimer::timeout, this, &Sharing::watchQuiet);
    connect(&m_look, &QTimer::timeout, this, &Sharing::look);
    connect(&host.relay(), &Relay::stateChanged, this, [this](RelayState state) {
        if (state == RelayState::Stopped)
            end(QT_TRANSLATE_NOOP("Core", "The relay was stopped, and what was shared of it with it."));
    });
}

Sharing::~Sharing()
{
    if (isOn())
        m_host.relay().closeShare();
}

std::optional<Sentence> Sharing::start(const SharePlan &plan)
{
    if (isOn())
        return Sentence(QT_TRANSLATE_NOOP("Core", "The relay is shared already: stop that first."));
    if (m_host.relay().state() != RelayState::Running)
        return Sentence(QT_TRANSLATE_NOOP("Core", "Only a relay that runs can be shared: start it first."));
    if (const auto problem = problemOf(plan))
        return problem;

    m_terms = ShareTerms();
    m_terms.secret = randomText();
    m_terms.origins = plan.origins;
    m_terms.maxCalls = plan.maxCalls;
    m_terms.maxCallsPerAddress = plan.maxCallsPerAddress;
    const auto door = m_host.relay().openShare(m_terms);
    if (const auto *error = std::get_if<RelayError>(&door))
        return error->detail;

    m_port = std::get<quint16>(door);
    m_plan = plan;
    m_way = *wayCalled(plan.way);
    m_inProof.clear();
    m_sharedAs.clear();
    m_told.clear();
    m_pause = m_seams.firstAgain;
    m_quietPause = m_seams.firstAgain;
    m_watchPause = m_seams.firstAgain;
    m_cutAfter.reset();
    m_status = Status();
    m_status.way = plan.way;
    m_status.secret = m_terms.secret;
    m_status.until = now().addSecs(plan.lasts.count());
    m_lasting.start();
    m_lookedAt = now();
    m_sinceLook.start();
    m_network = QNetworkInterface::allAddresses();
    m_look.start(m_seams.look);
    m_host.journal().add(shareStarting(plan, m_status.until));
    keep([&plan](QJsonObject &application) { keepPlan(application, plan); });
    // The tunnel says that something has changed, and whoever hears it may stop it: there has to be something to stop then.
    m_status.state = State::Starting;
    m_tunnel.start(m_way, fieldsOf(m_plan, m_way), m_port);
    return {};
}

void Sharing::stop()
{
    end({});
}

/// The door comes first: whatever becomes of the program, it leads nowhere any more.
void Sharing::end(const Sentence &why)
{
    if (!isOn() || m_status.state == State::Stopping)
        return;
    m_host.relay().closeShare();
    unprove();
    m_look.stop();
    m_startsAgain = false;
    m_terms = ShareTerms();
    m_status.secret.clear();
    m_status.address.clear();
    m_status.steps.clear();
    m_status.proof.reset();
    m_host.journal().add(shareStopped(m_status.way, why));
    stand(State::Stopping, why);
    m_tunnel.stop();
}

void Sharing::tunnelStopped()
{
    if (m_startsAgain) {
        m_startsAgain = false;
        m_tunnel.start(m_way, fieldsOf(m_plan, m_way), m_port);
        return;
    }
    if (m_status.state != State::Stopping)
        return;
    m_status.until = {};
    m_status.consentPage.clear();
    stand(State::Off, m_status.reason);
}

void Sharing::newLink()
{
    if (!isOn() || m_status.state == State::Stopping)
        return;
    m_terms.secret = randomText();
    m_status.secret = m_terms.secret;
    m_host.relay().changeShare(m_terms);
    m_host.journal().add(shareLinkRenewed(m_status.way));
    Q_EMIT changed();
}

std::optional<Sentence> Sharing::allowOrigin(const QString &origin)
{
    if (!isOn() || m_status.state == State::Stopping)
        return Sentence(QT_TRANSLATE_NOOP("Core", "The relay is not shared any more."));
    if (m_terms.origins.contains(origin))
        return {};
    SharePlan plan = m_plan;
    plan.origins.append(origin);
    if (const auto problem = problemOf(plan))
        return problem;
    m_plan = plan;
    m_terms.origins = plan.origins;
    m_host.relay().changeShare(m_terms);
    keep([&plan](QJsonObject &application) { keepPlan(application, plan); });
    Q_EMIT changed();
    return {};
}

void Sharing::testAgain()
{
    switch (m_tunnel.state()) {
    case Tunnel::State::Ready:
        prove();
        break;
    case Tunnel::State::Broken:
        m_tunnel.networkChanged();
        break;
    case Tunnel::State::NeedsYou:
        m_startsAgain = true;
        m_tunnel.stop();
        break;
    default:
        break;
    }
}

/// Has the state follow the tunnel's.
void Sharing::follow()
{
    if (!isOn() || m_status.state == State::Stopping || m_startsAgain)
        return;
    m_status.lastLines = m_tunnel.lastLines();
    m_status.consentPage = m_tunnel.link();
    if (!m_tunnel.address().isEmpty())
        m_status.address = m_tunnel.address();
    switch (m_tunnel.state()) {
    case Tunnel::State::Off:
    case Tunnel::State::Stopping:
        break;
    case Tunnel::State::Starting:
    case Tunnel::State::AddressKnown:
        unprove();
        m_cutAfter.reset();
        m_status.retryIn = 0ms;
        stand(m_tunnel.state() == Tunnel::State::Starting ? State::Starting : State::AddressKnown);
        break;
    case Tunnel::State::Ready:
        if (m_inProof != m_status.address)
            prove();
        else
            Q_EMIT changed(); // its program has said something
        break;
    case Tunnel::State::Broken:
    case Tunnel::State::NeedsYou:
        unprove();
        m_cutAfter.reset();
        m_status.retryIn = m_tunnel.retryIn();
        stand(m_tunnel.state() == Tunnel::State::Broken ? State::Broken : State::NeedsYou, m_tunnel.reason());
        tell(m_tunnel.reasonCode().toLatin1());
        break;
    }
}

void Sharing::stand(State state, const Sentence &reason)
{
    m_status.state = state;
    m_status.reason = reason;
    if (state == State::Broken || state == State::NeedsYou)
        m_host.relay().shareFailed(reason);
    else if (state == State::Shared)
        m_host.relay().shareWorks();
    Q_EMIT changed();
}

/// Once for each thing that is wrong, until something else is or it was shared again.
void Sharing::tell(const QByteArray &code)
{
    if (m_told == code)
        return;
    m_told = code;
    m_host.journal().add(m_status.state == State::NeedsYou
            ? shareNeedsYou(m_status.way, code, m_status.reason)
            : shareBroken(m_status.way, code, m_status.reason));
}

/// Every second while it is on.
void Sharing::look()
{
    const QDateTime at = now();
    const std::chrono::milliseconds byClock(m_lookedAt.msecsTo(at));
    const std::chrono::milliseconds passed(m_sinceLook.restart());
    m_lookedAt = at;
    if (at >= m_status.until || std::chrono::milliseconds(m_lasting.elapsed()) >= m_plan.lasts) {
        end(QT_TRANSLATE_NOOP("Core", "The time for which the relay was shared is over."));
        return;
    }
    if (!m_status.visitor) {
        m_status.visitor = m_host.relay().snapshot().firstVisitor;
        if (m_status.visitor) {
            m_host.journal().add(shareVisited(*m_status.visitor));
            Q_EMIT changed();
        }
    }
    const bool hasSlept = byClock > passed + asleep;
    const bool isBroken = m_status.state == State::Broken;
    if (hasSlept && m_status.state == State::Shared)
        testAgain();
    if (!isBroken)
        return;
    const QList<QHostAddress> network = QNetworkInterface::allAddresses();
    const bool isElsewhere = network != m_network;
    m_network = network;
    if (hasSlept || isElsewhere)
        testAgain();
    else
        m_status.retryIn = m_again.isActive() ? m_again.remainingTimeAsDuration() : m_tunnel.retryIn();
    Q_EMIT changed();
}

QDateTime Sharing::now() const
{
    return m_seams.now ? m_seams.now() : QDateTime::currentDateTimeUtc();
}

std::optional<SharePlan> Sharing::lastPlan() const
{
    return keptPlan(m_host.loaded().application);
}

bool Sharing::wasAccepted() const
{
    return keptAcceptance(m_host.loaded().application);
}

void Sharing::accept()
{
    keep(keepAcceptance);
}

/// Where there is no file it is kept nowhere: that of a headless relay need not be there.
void Sharing::keep(const std::function<void(QJsonObject &)> &change)
{
    QJsonObject application = m_host.loaded().application;
    change(application);
    if (m_host.input().file.isEmpty() || application == m_host.loaded().application)
        return;
    if (const auto problem = m_host.saveApplication(application))
        m_host.journal().add(shareNotKept(*problem));
}

} // namespace rr
