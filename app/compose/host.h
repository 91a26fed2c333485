// SPDX-License-Identifier: MIT
#pragma once

#include "app/compose/democallers.h"
#include "app/compose/demoupstream.h"
#include "app/compose/sharing.h"
#include "core/base/money.h"
#include "core/config/filewatcher.h"
#include "core/config/secret.h"
#include "core/config/settingsloader.h"
#include "core/relay/relay.h"
#include "core/relay/upstreamwatch.h"
#include "core/store/store.h"

#include <QObject>
#include <QTemporaryDir>
#include <QUrl>

#include <memory>
#include <optional>

namespace rr {

class Journal;

/// What a running relay is, whichever program runs it: the relay, its settings and the file they are kept in, the journal
/// that follows them, and the simulator of a demo. It follows the settings file and the files with certificates and keys:
/// what changes there comes into force by itself. What cannot come into force is told in the journal, and what was in force
/// stays so; no call is dropped for a change.
///
/// Main thread; owned by the program, which starts it and shows it. The programs make it; the window reaches it through
/// ui/control, so of app/ this folder alone stands below ui/.
class Host : public QObject
{
    Q_OBJECT
public:
    /// Reads the settings. The journal must outlive this. `seams`: tests have others.
    Host(Journal &journal, SettingsInput input, QObject *parent = nullptr, ShareSeams seams = {});
    ~Host() override; ///< has the store write what it has, and waits a while for that

    /// Has the built-in simulator answer instead of the upstream, as if the command line said so. What is kept of a demo goes with
    /// it, unless the environment or the command line names a store. Before openStore() and start(). Returns what went wrong.
    std::optional<QString> startDemo();
    bool isDemo() const { return !m_demo.url().isEmpty(); }
    /// So many callers talk to the simulator, one call after the other, through the listener, so that there is something to
    /// see; fewer or more than there were. Only in a demo whose relay runs; else nothing happens.
    void startDemoCalls(int callers);
    void stopDemoCalls() { m_demoCallers.stop(); } ///< hangs up
    int demoCallers() const { return m_demoCallers.count(); } ///< that were asked for; 0: none

    /// Opens the store that the settings name, unless it is open already, and has the relay keep its books there, from then on
    /// and as long as this is here: another one takes effect with the next start of the program. start() does so by itself; what
    /// shows the store can have it before. Returns why it could not be opened.
    std::optional<RelayError> openStore();
    Store *store() const { return m_store.get(); } ///< null: none is open
    /// Somebody looks at a window of this thread: no store is waited for any more but for moments. What it has comes when it is
    /// there, and until then it is away.
    void setInWindow() { m_isInWindow = true; }
    /// A key that is kept elsewhere than in the settings, in the system's keychain: it is the held key where they name none, and is
    /// never written anywhere. Empty: none.
    void holdKey(const Secret &key);
    bool holdsKey() const; ///< whether there is a held key, wherever it comes from

    /// Listens and serves, unless it does already. Settings that were wrong are read again: they may have been mended.
    /// Returns why it does not run; code "settings": they are wrong.
    std::optional<RelayError> start();
    /// Takes no new calls and lets the live ones finish, see Relay::drain(). Relay::stopped follows.
    void drain();
    void stopNow(); ///< Relay::stopped follows
    void keepRunning() { m_relay.keepRunning(); }
    /// Reads the settings and the files they name anew.
    void reload();

    /// Checks, puts in force without dropping a call, and saves. Returns every problem; when there is one, nothing has
    /// changed. What is fixed from outside stays as it is.
    QList<SettingProblem> apply(const Settings &wanted);
    /// Keeps the settings file under another name, ".bad" at its end, and writes what is right of it anew. Returns what went
    /// wrong and what to do.
    std::optional<Sentence> setFileAside();
    /// Replaces what the program keeps in the file for itself. Returns what went wrong and what to do.
    std::optional<Sentence> saveApplication(const QJsonObject &application);

    const SettingsInput &input() const { return m_input; }
    /// The settings are those in force or, while stopped, those to start with; the problems are those of what was read
    /// last. While there is one, a relay that is stopped does not start.
    const LoadedSettings &loaded() const { return m_loaded; }
    const Settings &settings() const { return m_loaded.settings; }
    /// By the environment or the command line: a change here would not come into force.
    bool isFixed(const SettingSpec &spec) const;
    /// Why it could not start, or would not with what was read since; nothing while it runs.
    const std::optional<RelayError> &lastError() const { return m_lastError; }
    Journal &journal() const { return m_journal; }
    Relay &relay() { return m_relay; }
    /// Checks nothing by itself before it is told to begin().
    UpstreamWatch &upstreamWatch() { return m_upstreamWatch; }
    const Relay &relay() const { return m_relay; }
    Sharing &sharing() { return m_sharing; }

Q_SIGNALS:
    void reloading(); ///< settingsChanged() and applicationChanged() follow
    void settingsChanged(); ///< or the files they name, or their problems
    void applicationChanged();
    void storeOpened();

private:
    void followStore();
    void tellStore();
    Settings withHeldKey(Settings settings) const;
    void putInForce(LoadedSettings &loaded);
    void noteCheck(const UpstreamCheckResult &result);
    void follow();
    Settings withFixedOf(Settings settings, const Settings &fixed) const;

    Journal &m_journal;
    SettingsInput m_input;
    DemoUpstream m_demo;
    std::unique_ptr<QTemporaryDir> m_demoFolder; ///< of the demo's store
    std::unique_ptr<Store> m_store; ///< takes what the last call leaves
    bool m_isInWindow = false;
    Relay m_relay; ///< before the demo's simulator goes, its calls do
    UpstreamWatch m_upstreamWatch;
    QUrl m_toldToAnswer; ///< the upstream of which the journal says so; empty: none
    DemoCallers m_demoCallers; ///< go before the relay
    LoadedSettings m_loaded;
    Settings m_fileSettings; ///< those of the file alone: what is saved
    std::optional<RelayError> m_lastError;
    Secret m_keptKey; ///< see holdKey()
    Money m_relayBudget; ///< a day, as the store was told
    std::unique_ptr<FileWatcher> m_files;
    Sharing m_sharing; ///< knows all of the above
};

} // namespace rr
