// SPDX-License-Identifier: MIT
#pragma once

#include "app/compose/host.h"
#include "app/compose/sharing.h"
#include "core/monitor/journal.h"
#include "core/monitor/snapshot.h"
#include "core/relay/upstreamwatch.h"
#include "core/sharing/doctor.h"
#include "ui/control/accesscontrol.h"
#include "ui/control/applicationsettings.h"
#include "ui/control/autostart.h"
#include "ui/control/keyvault.h"
#include "ui/control/networkaddress.h"
#include "ui/control/relayaddress.h"

#include <QElapsedTimer>
#include <QObject>
#include <QTimer>

#include <memory>
#include <optional>

namespace rr {

/// What was counted since the relay was started last; of a relay that is off, until it was stopped.
struct RunTotals
{
    qint64 calls = 0;
    qint64 messages = 0;
    qint64 bytes = 0;
    qint64 errors = 0; ///< calls and dials that failed
    QMap<QByteArray, qint64> refused = {}; ///< before a call, by reason; no zeros

    qint64 refusedInAll() const;
};

/// The one door between the user interface and the core: gives out snapshots as often as somebody looks, and hands commands
/// to the host. It decides nothing that the core decides. Main thread; outlives every window, and the host outlives it.
class RelayControl : public QObject
{
    Q_OBJECT
public:
    explicit RelayControl(Host &host, QObject *parent = nullptr);
    ~RelayControl() override;

    // Commands
    void start(); ///< startFailed() says why not
    void drain() { m_host.drain(); }
    void stopNow() { m_host.stopNow(); }
    void keepRunning() { m_host.keepRunning(); } ///< what drain() began is called off
    void endCalls(const QList<quint64> &numbers) { m_host.relay().endCalls(numbers); }
    /// As Host::apply().
    QList<SettingProblem> apply(const Settings &settings) { return m_host.apply(settings); }
    /// For a relay that could not have its port: takes this one from now on, and starts. Returns why the port was not taken.
    QList<SettingProblem> useOtherPort(quint16 port);
    /// As Host::setFileAside().
    std::optional<Sentence> setFileAside() { return m_host.setFileAside(); }
    /// Has pages of this origin let in from now on. Returns why not, and then nothing has changed.
    QList<SettingProblem> allowOrigin(const QString &origin);
    /// The same for the share, whose origins are others; as Sharing::allowOrigin().
    std::optional<Sentence> allowSharedOrigin(const QString &origin);
    /// Sees whether the upstream in the settings can be reached from here; upstreamChecked() follows, unless the settings are
    /// changed meanwhile.
    void checkUpstream() { m_host.upstreamWatch().check(settings()); }
    /// Callers that play calls to a demo's simulator, in place of those that do; see Host::startDemoCalls().
    void startDemoCalls(int callers) { m_host.startDemoCalls(callers); }
    void stopDemoCalls() { m_host.stopDemoCalls(); }
    int demoCallers() const { return m_host.demoCallers(); } ///< callers that were asked for; 0: none
    /// Saves it; applicationChanged() follows. Returns what went wrong and what to do.
    std::optional<Sentence> applyApplication(const ApplicationSettings &application);
    /// Whether this program starts, in the tray, when its user logs in. Kept by the system, not in the file.
    bool startsAtLogin() const { return m_autostart.isOn(); }
    /// Returns what went wrong and what to do.
    std::optional<QString> setStartsAtLogin(bool on);
    /// Starts the relay where it is off, and shares it. Returns why not, and what to do.
    std::optional<Sentence> share(const SharePlan &plan);
    /// Where the held key is kept that is typed in the window. It counts where neither Settings::openaiApiKey nor
    /// Settings::openaiApiKeyFile names one.
    KeyVault &keyVault() { return m_vault; }
    /// The held key, access tokens, budgets, costs and the history.
    AccessControl &access() { return *m_access; }
    const AccessControl &access() const { return *m_access; }
    Sharing &sharing() { return m_host.sharing(); }
    const Sharing &sharing() const { return m_host.sharing(); }

    // What is in force
    const Settings &settings() const { return m_host.settings(); }
    /// What the file and the environment hold that was refused. While there is something, the relay does not
    /// start.
    const QList<SettingProblem> &problems() const { return m_host.loaded().problems; }
    const ApplicationSettings &application() const { return m_application; }
    /// Environment or CommandLine: fixed from outside, not to be edited here.
    SettingSource sourceOf(const SettingSpec &spec) const;
    QString settingsFile() const { return m_host.input().file; }
    bool isFixed(const SettingSpec &spec) const { return m_host.isFixed(spec); }
    bool isDemo() const
    {
        return m_host.isDemo();
    } ///< the built-in simulator answers instead of the upstream
    const Settings &defaults() const { return m_host.input().defaults; }
    RelayState state() const { return m_host.relay().state(); }
    const std::optional<RelayError> &lastError() const { return m_host.lastError(); }
    Journal &journal() { return m_host.journal(); }
    /// All that the Doctor is to examine as it is now. `key`: typed for once; may be empty.
    DoctorPlan doctorPlan(const Secret &key) const;

    /// Whoever shows snapshots says while it can be seen, and how much it needs. While nobody watches, none
    /// are taken but a cheap one for the tray every second.
    void watch(QObject *watcher, Relay::Detail detail);
    void unwatch(QObject *watcher);
    const Snapshot &latest() const { return m_latest; }
    /// One taken now: before a question that names a number.
    const Snapshot &refreshed();
    RunTotals totals() const; ///< as of the latest snapshot
    /// This machine's addresses, a few seconds old at most while snapshots are taken.
    /// That which was chosen to be offered comes first, see ApplicationSettings::offeredAddress.
    const QList<NetworkAddress> &network() const { return m_offered; }
    /// The ways to the relay as it listens now, what is offered first at the front; none while it takes no calls.
    QList<RelayAddress> addresses() const;
    /// The host that others are given, now or, while it is off, once it runs; without brackets.
    QString offeredHost() const;
    /// The page of this relay that makes a call, as this machine opens it; empty while there is none.
    QUrl tryPage() const;
    /// From where a call from another machine came that got a message, since this program started, see outsideCaller(); nothing: there was none.
    const std::optional<QString> &outsideCaller() const { return m_outsideCaller; }

Q_SIGNALS:
    void snapshotTaken(const rr::Snapshot &snapshot); ///< at most twice a second
    void stateChanged(rr::RelayState state);
    void startFailed(const rr::RelayError &error);
    void settingsChanged(); ///< here or outside: the settings, the files they name, or their problems
    void applicationChanged();
    void upstreamChecked(const rr::UpstreamCheckResult &result); ///< also when it was checked by itself

private:
    void takeSnapshot();
    void adjustTimer();
    void lookAtNetwork();
    void lookForOutsideCall();

    Host &m_host;
    KeyVault m_vault;
    ApplicationSettings m_application;
    Autostart m_autostart;
    Snapshot m_latest;
    RunTotals m_before; ///< counted when the relay was started last
    QList<NetworkAddress> m_network;
    QList<NetworkAddress> m_offered;
    std::optional<QString> m_outsideCaller;
    qint64 m_messagesLookedAt = 0; ///< to clients, when it was looked last whether there is one
    QElapsedTimer m_networkAge;
    QHash<QObject *, Relay::Detail> m_watchers;
    QTimer m_timer;
    std::unique_ptr<AccessControl> m_access; ///< knows all of the above
};

} // namespace rr
