// SPDX-License-Identifier: MIT
#include "ui/control/relaycontrol.h"

#include "ui/control/outsidecall.h"
#include "ui/control/relayaddress.h"
#include "ui/control/storebooks.h"

#include <QFileInfo>
#include <QNetworkInterface>

#include <algorithm>
#include <numeric>

namespace rr {

using namespace Qt::StringLiterals;

namespace {

constexpr auto watchedInterval = std::chrono::milliseconds(500);
constexpr auto restingInterval = std::chrono::milliseconds(1000);
constexpr auto networkInterval = std::chrono::milliseconds(5000);

/// "settings.key" beside settings.json.
QString keyFileOf(const QString &settingsFile)
{
    const QFileInfo info(settingsFile);
    return info.path() + u'/' + info.completeBaseName() + ".key"_L1;
}

RunTotals countedIn(const Snapshot &snapshot)
{
    return {snapshot.totalConnections, snapshot.up.messages + snapshot.down.messages,
        snapshot.up.bytes + snapshot.down.bytes, snapshot.errors, snapshot.rejected};
}

} // namespace

qint64 RunTotals::refusedInAll() const
{
    return std::accumulate(refused.cbegin(), refused.cend(), qint64(0));
}

RelayControl::RelayControl(Host &host, QObject *parent)
    : QObject(parent)
    , m_host(host)
    // One for each settings file, so that a second program with another keeps its own.
    , m_vault(keyFileOf(host.input().file), systemKeychain(u"openai-api-key (%1)"_s.arg(host.input().file)))
    , m_application(applicationFrom(host.loaded().application))
    , m_latest(host.relay().snapshot())
{
    connect(&m_timer, &QTimer::timeout, this, &RelayControl::takeSnapshot);
    connect(&host.relay(), &Relay::stateChanged, this, [this](RelayState state) {
        if (m_latest.state == RelayState::Stopped)
            m_before = countedIn(m_host.relay().snapshot());
        adjustTimer();
        takeSnapshot();
        Q_EMIT stateChanged(state);
    });
    connect(&host, &Host::settingsChanged, this, [this] {
        takeSnapshot();
        Q_EMIT settingsChanged();
    });
    connect(&host, &Host::applicationChanged, this, [this] {
        m_application = applicationFrom(m_host.loaded().application);
        m_offered = withFirst(m_network, m_application.offeredAddress);
        Q_EMIT applicationChanged();
    });
    connect(&m_vault, &KeyVault::changed, this, [this] { m_host.holdKey(m_vault.key()); });
    connect(&host.upstreamWatch(), &UpstreamWatch::checked, this, [this](const UpstreamCheckResult &result) {
        takeSnapshot();
        Q_EMIT upstreamChecked(result);
    });
    lookAtNetwork();
    adjustTimer();
    m_access = std::make_unique<AccessControl>(*this, m_vault);
    const auto takeStore = [this] {
        if (Store *store = m_host.store())
            m_access->setBooks(std::make_unique<StoreBooks>(*store));
    };
    connect(&host, &Host::storeOpened, this, takeStore);
    // The history can be read while the relay is off. What is wrong with the store is told when it is started.
    connect(&host, &Host::settingsChanged, this, [this] { m_host.openStore(); });
    m_host.setInWindow();
    m_host.openStore();
    takeStore();
}

RelayControl::~RelayControl() = default;

void RelayControl::start()
{
    const auto error = m_host.start();
    takeSnapshot();
    if (error)
        Q_EMIT startFailed(*error);
}

QList<SettingProblem> RelayControl::useOtherPort(quint16 port)
{
    Settings settings = this->settings();
    settings.port = port;
    const QList<SettingProblem> problems = apply(settings);
    if (problems.isEmpty())
        start();
    return problems;
}

QList<SettingProblem> RelayControl::allowOrigin(const QString &origin)
{
    Settings settings = this->settings();
    if (!settings.allowedOrigins.contains(origin))
        settings.allowedOrigins.append(origin);
    return apply(settings);
}

std::optional<Sentence> RelayControl::allowSharedOrigin(const QString &origin)
{
    auto problem = sharing().allowOrigin(origin);
    takeSnapshot(); // without its trouble
    return problem;
}

std::optional<Sentence> RelayControl::applyApplication(const ApplicationSettings &application)
{
    if (application == m_application)
        return {};
    QJsonObject object = m_host.loaded().application;
    writeInto(object, application);
    return m_host.saveApplication(object);
}

std::optional<QString> RelayControl::setStartsAtLogin(bool on)
{
    if (on == startsAtLogin())
        return {};
    auto problem = m_autostart.set(on);
    Q_EMIT applicationChanged();
    return problem;
}

std::optional<Sentence> RelayControl::share(const SharePlan &plan)
{
    if (state() == RelayState::Stopped)
        start();
    if (state() == RelayState::Stopped && lastError())
        return lastError()->detail;
    return sharing().start(plan);
}

DoctorPlan RelayControl::doctorPlan(const Secret &key) const
{
    DoctorPlan plan;
    plan.loaded = m_host.loaded();
    plan.isDemo = isDemo();
    plan.port = m_host.relay().port();
    plan.key = key;
    const Sharing::Status &share = sharing().status();
    if (share.state != Sharing::State::Off && !share.address.isEmpty()) {
        plan.shown = share.address;
        if (share.state == Sharing::State::Shared)
            plan.proof = share.proof;
    } else if (!m_application.publicAddress.isEmpty()) {
        const auto addresses = relayAddresses(settings().host, settings().port,
            !settings().tlsCertFile.isEmpty(), {}, m_application.publicAddress);
        if (!addresses.isEmpty() && addresses.first().reach == RelayAddress::Public)
            plan.shown = addresses.first().url;
    }
    return plan;
}

SettingSource RelayControl::sourceOf(const SettingSpec &spec) const
{
    return m_host.loaded().sources.value(&spec, SettingSource::Default);
}

void RelayControl::watch(QObject *watcher, Relay::Detail detail)
{
    if (!m_watchers.contains(watcher))
        connect(watcher, &QObject::destroyed, this, &RelayControl::unwatch);
    m_watchers.insert(watcher, detail);
    adjustTimer();
    takeSnapshot();
}

void RelayControl::unwatch(QObject *watcher)
{
    if (!m_watchers.remove(watcher))
        return;
    disconnect(watcher, &QObject::destroyed, this, &RelayControl::unwatch);
    adjustTimer();
}

const Snapshot &RelayControl::refreshed()
{
    takeSnapshot();
    return m_latest;
}

void RelayControl::takeSnapshot()
{
    const bool withCalls = std::any_of(m_watchers.cbegin(), m_watchers.cend(),
        [](Relay::Detail detail) { return detail == Relay::Detail::Calls; });
    m_latest = m_host.relay().snapshot(withCalls ? Relay::Detail::Calls : Relay::Detail::Totals);
    lookAtNetwork();
    lookForOutsideCall();
    Q_EMIT snapshotTaken(m_latest);
}

/// Whoever has once let others in needs to be shown no more how that is done.
void RelayControl::lookForOutsideCall()
{
    if (m_application.outsideCallWorked || m_outsideCaller || m_latest.down.messages == m_messagesLookedAt)
        return;
    m_messagesLookedAt = m_latest.down.messages;
    const auto caller
        = rr::outsideCaller(m_host.relay().snapshot(Relay::Detail::Calls), QNetworkInterface::allAddresses());
    if (!caller)
        return;
    m_outsideCaller = caller; // where it cannot be kept, it is known for now all the same
    ApplicationSettings application = m_application;
    application.outsideCallWorked = true;
    application.letOthersIn = false;
    if (applyApplication(application))
        m_application = application;
}

QList<RelayAddress> RelayControl::addresses() const
{
    if (m_latest.state != RelayState::Running || m_latest.port == 0)
        return {};
    return relayAddresses(
        m_latest.listenAddress, m_latest.port, m_latest.tls, m_offered, m_application.publicAddress);
}

QString RelayControl::offeredHost() const
{
    const auto addresses = relayAddresses(settings().host, settings().port, !settings().tlsCertFile.isEmpty(),
        m_offered, m_application.publicAddress);
    return addresses.isEmpty() ? QString() : addresses.first().url.host();
}

QUrl RelayControl::tryPage() const
{
    const QList<RelayAddress> addresses = this->addresses();
    if (!settings().tryPage || addresses.isEmpty())
        return {};
    // A browser gives its microphone to pages of localhost and to those of https alone.
    const auto own = std::find_if(addresses.cbegin(), addresses.cend(),
        [](const RelayAddress &each) { return each.reach == RelayAddress::ThisMachine; });
    QUrl page = (own == addresses.cend() ? addresses.first() : *own).url;
    page.setScheme(page.scheme() == "wss"_L1 ? u"https"_s : u"http"_s);
    page.setPath(u"/try"_s);
    if (page.host() == "127.0.0.1"_L1)
        page.setHost(u"localhost"_s);
    return page;
}

RunTotals RelayControl::totals() const
{
    RunTotals totals = countedIn(m_latest);
    totals.calls -= m_before.calls;
    totals.messages -= m_before.messages;
    totals.bytes -= m_before.bytes;
    totals.errors -= m_before.errors;
    for (auto refused = m_before.refused.cbegin(); refused != m_before.refused.cend(); ++refused)
        totals.refused[refused.key()] -= refused.value();
    totals.refused.removeIf(
        [](const QMap<QByteArray, qint64>::iterator &refused) { return refused.value() == 0; });
    return totals;
}

void RelayControl::lookAtNetwork()
{
    if (m_networkAge.isValid() && !m_networkAge.hasExpired(networkInterval.count()))
        return;
    const bool isFirst = !m_networkAge.isValid();
    m_networkAge.start();
    const QList<NetworkAddress> network = networkAddresses();
    if (network == m_network)
        return;
    m_network = network;
    m_offered = withFirst(network, m_application.offeredAddress);
    if (!isFirst)
        m_host.upstreamWatch().networkChanged();
}

void RelayControl::adjustTimer()
{
    if (!m_watchers.isEmpty())
        m_timer.start(watchedInterval);
    else if (state() != RelayState::Stopped)
        m_timer.start(restingInterval);
    else
        m_timer.stop();
}

} // namespace rr
