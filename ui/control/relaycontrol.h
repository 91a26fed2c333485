// SPDX-License-Identifier: MIT
#pragma once

#include "core/config/settingsloader.h"
#include "core/monitor/journal.h"
#include "core/monitor/snapshot.h"
#include "core/relay/relay.h"
#include "ui/control/autostart.h"

#include <QObject>
#include <QTimer>

#include <optional>

namespace rr {

/// What the user of the desktop program chose for the program itself; kept under "application" in the
/// settings file.
struct ApplicationSettings
{
    QString language; ///< empty: the system's
    QString publicAddress; ///< host[:port] or URL that others reach this relay by; empty: none
    bool startRelayOnLaunch = true;
    bool notifications = true;
    bool keepAwake = true;
    bool monochromeIcon = false; ///< in the tray

    bool operator==(const ApplicationSettings &) const = default;
};

ApplicationSettings applicationFrom(const QJsonObject &object); ///< what is missing: its default
void writeInto(QJsonObject &object, const ApplicationSettings &application);

/// The one door between the user interface and the core: gives out snapshots, takes commands. It knows the
/// relay, the journal and the settings file; it decides nothing that the core decides. Main thread; owned by
/// the program's main(), outlives every window.
class RelayControl : public QObject
{
    Q_OBJECT
public:
    RelayControl(Relay &relay, Journal &journal, SettingsInput input, QObject *parent = nullptr);

    // Commands
    /// startFailed() says why not. A settings file that was wrong is read again: it may have been mended.
    void start();
    void drain();
    void stopNow();
    void endSessions(const QList<quint64> &numbers);
    /// Checks, applies to the running relay without dropping a call, and saves. Returns every problem; when
    /// there is one, nothing has changed.
    QList<SettingProblem> apply(const Settings &settings);
    /// Keeps the settings file under another name, ".bad" at its end, and writes what is right of it anew.
    /// Returns what went wrong and what to do.
    std::optional<QString> setFileAside();
    /// The certificate's files have changed: reads them anew. What cannot be used is told in the journal.
    void reloadFiles();
    /// Saves it; applicationChanged() follows. Returns what went wrong and what to do.
    std::optional<QString> applyApplication(const ApplicationSettings &application);
    /// Whether this program starts, in the tray, when its user logs in. Kept by the system, not in the file.
    bool startsAtLogin() const { return m_autostart.isOn(); }
    /// Returns what went wrong and what to do.
    std::optional<QString> setStartsAtLogin(bool on);

    // What is in force
    const Settings &settings() const { return m_loaded.settings; }
    /// What the file and the environment hold that was refused. While there is something, the relay does not
    /// start.
    const QList<SettingProblem> &problems() const { return m_loaded.problems; }
    const ApplicationSettings &application() const { return m_application; }
    /// Environment or CommandLine: fixed from outside, not to be edited here.
    SettingSource sourceOf(const SettingSpec &spec) const;
    QString settingsFile() const { return m_input.file; }
    bool isFixed(const SettingSpec &spec) const { return sourceOf(spec) >= SettingSource::Environment; }
    bool isDemo() const { return m_demo; } ///< the built-in simulator answers instead of the upstream
    void setDemo(bool demo) { m_demo = demo; }
    const Settings &defaults() const { return m_input.defaults; }
    RelayState state() const { return m_relay.state(); }
    const std::optional<RelayError> &lastError() const { return m_lastError; }
    Journal &journal() { return m_journal; }

    /// Whoever shows snapshots says while it can be seen, and how much it needs. While nobody watches, none
    /// are taken but a cheap one for the tray every second.
    void watch(QObject *watcher, Relay::Detail detail);
    void unwatch(QObject *watcher);
    const Snapshot &latest() const { return m_latest; }
    /// One taken now: before a question that names a number.
    const Snapshot &refreshed();

Q_SIGNALS:
    void snapshotTaken(const rr::Snapshot &snapshot); ///< at most twice a second
    void stateChanged(rr::RelayState state);
    void startFailed(const rr::RelayError &error);
    void settingsChanged();
    void applicationChanged();

private:
    void takeSnapshot();
    void reload();
    void fail(const RelayError &error);
    Settings withFixedOnes(Settings settings) const;
    void adjustTimer();

    Relay &m_relay;
    Journal &m_journal;
    SettingsInput m_input;
    LoadedSettings m_loaded;
    ApplicationSettings m_application;
    Settings m_fileSettings; ///< those of the file alone: what is saved
    std::optional<RelayError> m_lastError;
    Autostart m_autostart;
    bool m_demo = false;
    Snapshot m_latest;
    QHash<QObject *, Relay::Detail> m_watchers;
    QTimer m_timer;
};

} // namespace rr
