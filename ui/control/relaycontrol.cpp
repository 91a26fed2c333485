// SPDX-License-Identifier: MIT
#include "ui/control/relaycontrol.h"

#include "core/config/settingsfile.h"
#include "core/config/settingvalue.h"

#include <QFile>

#include <algorithm>

namespace rr {

using namespace Qt::StringLiterals;

namespace {

constexpr auto watchedInterval = std::chrono::milliseconds(500);
constexpr auto restingInterval = std::chrono::milliseconds(1000);

/// Where a value from outside was refused, the setting is as fixed as by one that was taken: here it cannot be
/// mended.
LoadedSettings load(const SettingsInput &input)
{
    LoadedSettings loaded = loadSettings(input);
    for (const SettingProblem &problem : std::as_const(loaded.problems)) {
        const SettingSpec *spec = findSetting(QString::fromUtf8(problem.key));
        if (spec && problem.source >= SettingSource::Environment)
            loaded.sources[spec] = std::max(problem.source, loaded.sources.value(spec));
    }
    return loaded;
}

std::optional<RelayError> errorOf(const QList<SettingProblem> &problems)
{
    if (problems.isEmpty())
        return {};
    QStringList sentences;
    for (const SettingProblem &problem : problems)
        sentences.append(problem.message);
    return RelayError{"settings", problems.first().key, sentences.join(u'\n')};
}

Settings loadFileOnly(SettingsInput input)
{
    input.environment = QProcessEnvironment();
    input.arguments.clear();
    return loadSettings(input).settings;
}

QByteArray keyOf(const SettingSpec &spec)
{
    return QByteArray(spec.key.data(), spec.key.size());
}

QList<SettingProblem> problemsOf(const Settings &settings)
{
    QList<SettingProblem> problems;
    for (const SettingSpec &spec : settingsTable()) {
        Settings scratch = settings;
        if (const auto problem = setSetting(scratch, spec, settingText(settings, spec)))
            problems.append({keyOf(spec), SettingSource::File, *problem});
    }
    return problems.isEmpty() ? settingConflicts(settings) : problems;
}

} // namespace

ApplicationSettings applicationFrom(const QJsonObject &object)
{
    ApplicationSettings application;
    application.language = object.value("language"_L1).toString();
    application.publicAddress = object.value("publicAddress"_L1).toString();
    application.startRelayOnLaunch
        = object.value("startRelayOnLaunch"_L1).toBool(application.startRelayOnLaunch);
    application.notifications = object.value("notifications"_L1).toBool(application.notifications);
    application.keepAwake = object.value("keepAwake"_L1).toBool(application.keepAwake);
    application.monochromeIcon = object.value("monochromeIcon"_L1).toBool(application.monochromeIcon);
    return application;
}

void writeInto(QJsonObject &object, const ApplicationSettings &application)
{
    object["language"_L1] = application.language;
    object["publicAddress"_L1] = application.publicAddress;
    object["startRelayOnLaunch"_L1] = application.startRelayOnLaunch;
    object["notifications"_L1] = application.notifications;
    object["keepAwake"_L1] = application.keepAwake;
    object["monochromeIcon"_L1] = application.monochromeIcon;
}

RelayControl::RelayControl(Relay &relay, Journal &journal, SettingsInput input, QObject *parent)
    : QObject(parent)
    , m_relay(relay)
    , m_journal(journal)
    , m_input(std::move(input))
    , m_loaded(load(m_input))
    , m_application(applicationFrom(m_loaded.application))
    , m_fileSettings(loadFileOnly(m_input))
    , m_lastError(errorOf(m_loaded.problems))
    , m_latest(relay.snapshot())
{
    connect(&m_timer, &QTimer::timeout, this, &RelayControl::takeSnapshot);
    connect(&m_relay, &Relay::stateChanged, this, [this](RelayState state) {
        adjustTimer();
        takeSnapshot();
        Q_EMIT stateChanged(state);
    });
    adjustTimer();
}

void RelayControl::start()
{
    if (state() != RelayState::Stopped)
        return;
    if (!m_loaded.problems.isEmpty())
        reload();
    if (const auto error = errorOf(m_loaded.problems))
        return fail(*error);
    if (const auto error = m_relay.start(m_loaded.settings))
        return fail(*error);
    m_lastError.reset();
    takeSnapshot();
}

void RelayControl::fail(const RelayError &error)
{
    m_lastError = error;
    JournalEntry entry;
    entry.level = LogLevel::Error;
    entry.event = "start_failed";
    entry.message = error.detail;
    entry.fields = {{"code", QString::fromLatin1(error.code)}};
    m_journal.add(std::move(entry));
    takeSnapshot();
    Q_EMIT startFailed(error);
}

void RelayControl::drain()
{
    m_relay.drain();
}

void RelayControl::stopNow()
{
    m_relay.stopNow();
}

void RelayControl::endSessions(const QList<quint64> &numbers)
{
    m_relay.endSessions(numbers);
}

Settings RelayControl::withFixedOnes(Settings settings) const
{
    for (const SettingSpec &spec : settingsTable()) {
        if (isFixed(spec))
            std::visit([&](auto member) { settings.*member = m_loaded.settings.*member; }, spec.member);
    }
    return settings;
}

QList<SettingProblem> RelayControl::apply(const Settings &wanted)
{
    const Settings settings = withFixedOnes(wanted);
    if (QList<SettingProblem> problems = problemsOf(settings); !problems.isEmpty())
        return problems;

    const bool running = state() != RelayState::Stopped;
    if (const auto error = running ? m_relay.apply(settings) : Relay::check(settings))
        return {{error->setting, SettingSource::File, error->detail}};

    Settings forFile = settings;
    for (const SettingSpec &spec : settingsTable()) {
        if (isFixed(spec))
            std::visit([&](auto member) { forFile.*member = m_fileSettings.*member; }, spec.member);
    }
    if (const auto problem = saveSettings(m_input.file, forFile, m_input.defaults)) {
        if (running)
            m_relay.apply(m_loaded.settings);
        m_loaded.problems = load(m_input).problems; // the file may not have been wrong before
        return {{{}, SettingSource::File, *problem}};
    }

    m_fileSettings = forFile;
    const LoadedSettings reloaded = load(m_input);
    m_loaded.settings = settings;
    m_loaded.sources = reloaded.sources;
    m_loaded.problems = reloaded.problems;
    m_lastError = running ? std::nullopt : errorOf(m_loaded.problems);
    takeSnapshot();
    Q_EMIT settingsChanged();
    return {};
}

std::optional<QString> RelayControl::setFileAside()
{
    QString aside = m_input.file + ".bad"_L1;
    for (int i = 2; QFile::exists(aside); ++i)
        aside = m_input.file + u".bad%1"_s.arg(i);
    QFile file(m_input.file);
    if (file.exists() && !file.rename(aside))
        return u"The settings cannot be saved to %1: %2."_s.arg(aside, file.errorString());
    auto problem = saveSettings(m_input.file, m_fileSettings, m_input.defaults);
    if (!problem && !m_loaded.application.isEmpty())
        problem = saveApplication(m_input.file, m_loaded.application);
    if (problem) {
        QFile::remove(m_input.file);
        QFile::rename(aside, m_input.file);
        return problem;
    }
    reload();
    return {};
}

void RelayControl::reload()
{
    m_loaded = load(m_input);
    m_fileSettings = loadFileOnly(m_input);
    m_application = applicationFrom(m_loaded.application);
    m_lastError = state() == RelayState::Stopped ? errorOf(m_loaded.problems) : std::nullopt;
    Q_EMIT settingsChanged();
    Q_EMIT applicationChanged();
}

void RelayControl::reloadFiles()
{
    if (state() == RelayState::Running) {
        const auto error = m_relay.apply(m_loaded.settings);
        JournalEntry entry;
        entry.level = error ? LogLevel::Error : LogLevel::Info;
        entry.event = error ? "reload_refused" : "reloaded";
        entry.message = error ? error->detail : u"The certificate files were read again and are in force."_s;
        m_journal.add(std::move(entry));
    }
    Q_EMIT settingsChanged();
}

std::optional<QString> RelayControl::applyApplication(const ApplicationSettings &application)
{
    if (application == m_application)
        return {};
    QJsonObject object = m_loaded.application;
    writeInto(object, application);
    if (auto problem = saveApplication(m_input.file, object))
        return problem;
    m_loaded.application = object;
    m_application = application;
    Q_EMIT applicationChanged();
    return {};
}

std::optional<QString> RelayControl::setStartsAtLogin(bool on)
{
    if (on == startsAtLogin())
        return {};
    auto problem = m_autostart.set(on);
    Q_EMIT applicationChanged();
    return problem;
}

SettingSource RelayControl::sourceOf(const SettingSpec &spec) const
{
    return m_loaded.sources.value(&spec, SettingSource::Default);
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
    const bool withSessions = std::any_of(m_watchers.cbegin(), m_watchers.cend(),
        [](Relay::Detail detail) { return detail == Relay::Detail::Sessions; });
    m_latest = m_relay.snapshot(withSessions ? Relay::Detail::Sessions : Relay::Detail::Totals);
    Q_EMIT snapshotTaken(m_latest);
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
