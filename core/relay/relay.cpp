// SPDX-License-Identifier: MIT
#include "core/relay/relay.h"

#include "core/monitor/journal.h"
#include "core/relay/relayjournal.h"
#include "core/relay/relayparts.h"

#include <utility>

namespace rr {

using namespace std::chrono_literals;

namespace {

constexpr std::chrono::seconds troubleInterval{1};

QDateTime certificateExpiry(const RelayRules &rules)
{
    return rules.serverTls ? rules.serverTls->certificateExpiry() : QDateTime();
}

} // namespace

Relay::Relay(Journal &journal, const Patience &patience)
    : m_parts(std::make_unique<Parts>(journal, patience))
{
    m_parts->services.snapshot = [parts = m_parts.get()] { return parts->shared.get(); };
    m_parts->doors.emplace([this](Door door) { return makeListener(door); });
    connect(&m_parts->workers, &Workers::idle, this, &Relay::workersIdle);
    m_parts->drainDeadline.setSingleShot(true);
    connect(&m_parts->drainDeadline, &QTimer::timeout, this, &Relay::stopNow);
    m_parts->troubleTimer.setInterval(troubleInterval);
    connect(&m_parts->troubleTimer, &QTimer::timeout, this, [this] {
        noteTroubles();
        m_parts->services.accounts.look();
        m_parts->memory.look(m_parts->usedBytes());
    });
}

Relay::~Relay()
{
    m_parts->doors->close();
    m_parts->workers.stop();
}

std::optional<RelayError> Relay::check(const Settings &settings)
{
    auto rules = makeRules(settings);
    if (auto *error = std::get_if<RelayError>(&rules))
        return std::move(*error);
    return std::nullopt;
}

std::optional<RelayError> Relay::start(const Settings &settings)
{
    if (state() != RelayState::Stopped)
        return apply(settings);

    auto rules = makeRules(settings);
    if (const auto *error = std::get_if<RelayError>(&rules))
        return notListening(*error);
    if (const auto error = m_parts->doors->open(settings))
        return notListening(*error);

    m_parts->services.troubles.clear(TroubleCode::NotListening);
    m_parts->services.upstreamAnswered = 0;
    m_parts->rules = std::get<std::shared_ptr<const RelayRules>>(rules);
    enforceRules();
    m_parts->services.admission.setDraining(false);
    m_parts->workers.start(m_parts->rules);
    m_parts->accessTroubles.again(m_parts->services.accounts.book());
    m_parts->uptime.start();
    m_parts->troubleTimer.start();
    setState(RelayState::Running);
    return std::nullopt;
}

void Relay::forgetFailedStart()
{
    m_parts->services.troubles.clear(TroubleCode::NotListening);
}

RelayError Relay::notListening(const RelayError &error)
{
    m_parts->services.troubles.report(TroubleCode::NotListening, error.detail);
    return error;
}

std::optional<RelayError> Relay::apply(const Settings &settings)
{
    if (state() == RelayState::Stopped)
        return RelayError{"not_running", {}, QT_TRANSLATE_NOOP("Core", "The relay is not running.")};

    Troubles &troubles = m_parts->services.troubles;
    const Settings &current = *m_parts->rules->settings;
    auto rules = makeRules(settings);
    if (const auto *error = std::get_if<RelayError>(&rules)) {
        // The files that are in force have changed, not the settings.
        if (error->code == "tls_files" && settings.tlsCertFile == current.tlsCertFile
            && settings.tlsKeyFile == current.tlsKeyFile && settings.upstreamCaFile == current.upstreamCaFile)
            troubles.report(TroubleCode::CertificateRefused, error->detail);
        if (error->code == "prices_file" && settings.pricesFile == current.pricesFile)
            troubles.report(TroubleCode::PricesRefused, error->detail);
        return *error;
    }

    if (m_parts->doors->listener(Door::Public)) {
        if (auto error = m_parts->doors->open(settings))
            return m_parts->doors->isOpen(Door::Public) ? *error : notListening(*error);
    }
    troubles.clear(TroubleCode::NotListening);
    if (!m_parts->doors->isExhausted()) // a listener that was replaced does not recover
        troubles.clear(TroubleCode::AcceptFailed);
    troubles.clear(TroubleCode::CertificateRefused);
    troubles.clear(TroubleCode::PricesRefused);
    // What was wrong under settings that are others now has to show anew.
    if (settings.upstreamUrl != current.upstreamUrl || settings.upstreamProxy != current.upstreamProxy
        || settings.upstreamCaFile != current.upstreamCaFile) {
        troubles.clear(TroubleCode::UpstreamUnreachable);
        troubles.clear(TroubleCode::UpstreamRefused);
        m_parts->services.upstreamAnswered = 0;
    }
    if (m_parts->rules->heldKey != std::get<std::shared_ptr<const RelayRules>>(rules)->heldKey)
        troubles.clear(TroubleCode::HeldKeyRefused);
    if (settings.maxConnections != current.maxConnections)
        troubles.clear(TroubleCode::RelayFull);
    if (settings.trustedProxies != current.trustedProxies)
        troubles.clear(TroubleCode::ProxyNotTrusted);
    if (settings.tlsCertFile != current.tlsCertFile) {
        for (const TroubleCode code :
            {TroubleCode::CertificateNotTrusted, TroubleCode::TlsOnPlainPort, TroubleCode::HttpOnTlsPort})
            troubles.clear(code);
    }
    m_parts->rules = std::get<std::shared_ptr<const RelayRules>>(rules);
    enforceRules();
    troubles.clear(TroubleCode::OriginRefused,
        [this](const QString &origin) { return m_parts->services.admission.allowsOrigin(origin.toUtf8()); });
    m_parts->workers.setRules(m_parts->rules);
    m_parts->setStanding(state());
    return std::nullopt;
}

void Relay::enforceRules()
{
    const Settings &settings = *m_parts->rules->settings;
    m_parts->services.admission.setRules(settings);
    m_parts->services.halfOpen.setLimits(settings, m_parts->rules->halfOpenAtOnce);
    m_parts->services.budget.setLimits(settings.sessionBufferBytes, settings.bufferBudgetBytes);
    if (!m_parts->rules->heldKey.isEmpty())
        m_parts->services.troubles.clear(TroubleCode::HeldKeyMissing);
    m_parts->services.troubles.setCertificateExpiry(certificateExpiry(*m_parts->rules));
    if (settings.storeUrl.isEmpty() && !m_parts->rules->heldKey.isEmpty())
        m_parts->services.troubles.report(TroubleCode::HeldKeyIdle,
            QT_TRANSLATE_NOOP("Core",
                "Set STORE_URL to have access tokens, or remove OPENAI_API_KEY: clients call with keys of their own as ever."));
    else
        m_parts->services.troubles.clear(TroubleCode::HeldKeyIdle);
}

void Relay::setLedger(Ledger *ledger)
{
    m_parts->services.accounts.setLedger(ledger);
}

void Relay::setAccess(std::shared_ptr<const AccessBook> book)
{
    m_parts->services.accounts.setBook(std::move(book));
    m_parts->workers.accessChanged();
}

void Relay::budgetChanged()
{
    m_parts->services.accounts.relayBudgetChanged();
}

void Relay::budgetsStand(const QList<BudgetStand> &budgets)
{
    m_parts->accessTroubles.budgetsStand(budgets, m_parts->services.accounts.book());
}

void Relay::storeStands(bool isAway, const Sentence &why, qint64 dropped)
{
    m_parts->services.accounts.setAway(isAway);
    m_parts->accessTroubles.storeStands(isAway, why, dropped);
}

void Relay::upstreamAnswered(bool takesCalls)
{
    Troubles &troubles = m_parts->services.troubles;
    troubles.clear(TroubleCode::UpstreamUnreachable);
    if (takesCalls)
        troubles.clear(TroubleCode::UpstreamRefused);
    m_parts->services.upstreamAnswered = CallRegistry::nowNs();
}

void Relay::upstreamFailed(TroubleCode code, const Sentence &text)
{
    m_parts->services.troubles.report(code, text);
    m_parts->services.upstreamAnswered = 0;
}

void Relay::setDemo()
{
    m_parts->services.demo.store(true, std::memory_order_relaxed);
}

void Relay::noteTroubles()
{
    Journal &journal = m_parts->services.journal;
    Troubles &troubles = m_parts->services.troubles;
    journal.tellRepeats();
    if (const qint64 lost = journal.lostLines(); lost > std::exchange(m_parts->lostLines, lost))
        troubles.report(TroubleCode::JournalLost,
            QT_TRANSLATE_NOOP(
                "Core", "Check that the disk is not full, and that what reads the log keeps up."));
    const auto hasOwnLines = [](const Trouble &trouble) {
        return trouble.code == TroubleCode::AcceptFailed || trouble.code == TroubleCode::ShareBroken;
    };
    const Troubles::Changes changes = troubles.takeChanges();
    for (const Trouble &trouble : changes.begun) {
        if (!hasOwnLines(trouble))
            journal.add(troubleBegan(trouble));
    }
    for (const Trouble &trouble : changes.ended) {
        if (!hasOwnLines(trouble))
            journal.add(troubleEnded(trouble));
    }
}

std::unique_ptr<Listener> Relay::makeListener(Door door)
{
    auto listener
        = std::make_unique<Listener>([parts = m_parts.get(), door](const Listener::Accepted &accepted) {
              if (!parts->workers.give(accepted, door))
                  parts->doors->rest(door);
          });
    connect(listener.get(), &Listener::exhausted, this, [this](const QString &error) {
        const Sentence advice = QT_TRANSLATE_NOOP("Core",
            "If there are too many open files, raise the limit (ulimit -n, LimitNOFILE) or lower MAX_CONNECTIONS. "
            "New connections wait until there is room.");
        m_parts->services.troubles.report(TroubleCode::AcceptFailed, advice);
        m_parts->services.journal.add(acceptFailed(advice, error));
    });
    connect(listener.get(), &Listener::recovered, this, [this] {
        if (m_parts->doors->isExhausted()) // the other one
            return;
        m_parts->services.troubles.clear(TroubleCode::AcceptFailed);
        m_parts->services.journal.add(acceptRecovered());
    });
    return listener;
}

void Relay::drain()
{
    if (state() != RelayState::Running)
        return;
    // The port stays open: who comes now is told to try elsewhere, and load balancers see /health turn.
    startDraining(m_parts->rules->settings->drainTimeout);
    m_parts->drainDeadline.start(m_parts->rules->settings->drainTimeout);
    m_parts->workers.watchForIdle();
}

void Relay::keepRunning()
{
    if (!m_parts->drainDeadline.isActive())
        return; // not draining, or the calls are being closed
    m_parts->drainDeadline.stop();
    m_parts->workers.keepRunning();
    m_parts->services.admission.setDraining(false);
    setState(RelayState::Running);
}

void Relay::stopNow()
{
    if (state() == RelayState::Stopped)
        return;
    m_parts->drainDeadline.stop();
    m_parts->doors->close();
    forgetShare();
    startDraining(0ms);
    m_parts->workers.shutDown();
}

/// Also of a relay that drains already: then only the time changes that it has.
void Relay::startDraining(std::chrono::milliseconds time)
{
    m_parts->services.admission.setDraining(true);
    m_parts->drainEnd.setRemainingTime(time);
    setState(RelayState::Draining);
}

void Relay::workersIdle()
{
    m_parts->drainDeadline.stop();
    m_parts->doors->close();
    forgetShare();
    m_parts->workers.stop();
    m_parts->troubleTimer.stop();
    m_parts->services.journal.tellRepeats(std::chrono::steady_clock::time_point::max());
    m_parts->services.troubles.clearAll();
    setState(RelayState::Stopped);
    Q_EMIT stopped();
}

void Relay::endCalls(const QList<quint64> &numbers)
{
    m_parts->workers.endCalls(numbers);
}

std::variant<quint16, RelayError> Relay::openShare(const ShareTerms &terms)
{
    if (sharePort() != 0) {
        changeShare(terms);
        return sharePort();
    }
    if (state() != RelayState::Running)
        return RelayError{"not_running", {}, QT_TRANSLATE_NOOP("Core", "The relay is not running.")};
    if (auto error = m_parts->doors->openShare())
        return *std::move(error);
    m_parts->services.witness.forget();
    m_parts->services.admission.setShare(std::make_shared<const ShareTerms>(terms));
    return sharePort();
}

void Relay::changeShare(const ShareTerms &terms)
{
    if (sharePort() == 0)
        return;
    Admission &admission = m_parts->services.admission;
    admission.setShare(std::make_shared<const ShareTerms>(terms));
    m_parts->services.troubles.clear(TroubleCode::ShareOriginRefused,
        [&admission](const QString &origin) { return admission.allowsOrigin(origin.toUtf8(), Door::Share); });
}

void Relay::closeShare()
{
    if (sharePort() == 0)
        return;
    m_parts->doors->close(Door::Share);
    if (!m_parts->doors->isExhausted()) // it may have been that one, which does not recover any more
        m_parts->services.troubles.clear(TroubleCode::AcceptFailed);
    forgetShare();
    m_parts->workers.endShare(); // behind what the listener has given them
}

void Relay::forgetShare()
{
    m_parts->services.admission.setShare(nullptr);
    m_parts->services.witness.forget();
    m_parts->services.troubles.clear(TroubleCode::ShareOriginRefused);
    m_parts->services.troubles.clear(TroubleCode::ShareBroken);
}

void Relay::shareFailed(const Sentence &why)
{
    if (sharePort() != 0)
        m_parts->services.troubles.report(TroubleCode::ShareBroken, why);
}

void Relay::shareWorks()
{
    m_parts->services.troubles.clear(TroubleCode::ShareBroken);
}

quint16 Relay::sharePort() const
{
    const Listener *listener = m_parts->doors->listener(Door::Share);
    return listener ? listener->serverPort() : quint16(0);
}

ShareProofs &Relay::shareProofs()
{
    return m_parts->services.proofs;
}

void Relay::setState(RelayState state)
{
    const bool changed = state != this->state();
    m_parts->setStanding(state);
    if (changed)
        Q_EMIT stateChanged(state);
}

RelayState Relay::state() const
{
    return m_parts->standing.state; // written in this thread only
}

quint16 Relay::port() const
{
    return m_parts->standing.port;
}

quint16 Relay::adminPort() const
{
    const Listener *listener = m_parts->doors->listener(Door::Admin);
    return listener ? listener->serverPort() : quint16(0);
}

const Settings &Relay::settings() const
{
    static const Settings defaults;
    return m_parts->rules ? *m_parts->rules->settings : defaults;
}

Snapshot Relay::snapshot(Detail detail) const
{
    return m_parts->snapshot(detail == Detail::Calls);
}

} // namespace rr
