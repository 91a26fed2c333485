// SPDX-License-Identifier: MIT
#include "app/compose/host.h"

#include "app/compose/coredumps.h"
#include "app/compose/hostjournal.h"
#include "core/config/settingsfile.h"
#include "core/config/settingvalue.h"
#include "core/config/usd.h"
#include "core/relay/descriptorlimit.h"

#include <QFile>

#include <algorithm>
#include <utility>

namespace rr {

using namespace Qt::StringLiterals;

namespace {

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

Settings loadFileOnly(SettingsInput input)
{
    input.environment = QProcessEnvironment();
    input.arguments.clear();
    return loadSettings(input).settings;
}

std::optional<RelayError> errorOf(const QList<SettingProblem> &problems)
{
    if (problems.isEmpty())
        return {};
    Sentence sentences;
    for (const SettingProblem &problem : problems)
        sentences = joined(sentences, problem.message, "%1\n%2");
    return RelayError{"settings", problems.first().key, sentences};
}

QList<SettingProblem> problemsOf(const Settings &settings)
{
    QList<SettingProblem> problems;
    for (const SettingSpec &spec : settingsTable()) {
        Settings scratch = settings;
        if (const auto problem = setSetting(scratch, spec, settingText(settings, spec)))
            problems.append({QByteArray(spec.key.data(), spec.key.size()), SettingSource::File, *problem});
    }
    return problems.isEmpty() ? settingConflicts(settings) : problems;
}

} // namespace

Host::Host(Journal &journal, SettingsInput input, QObject *parent, ShareSeams seams)
    : QObject(parent)
    , m_journal(journal)
    , m_input(std::move(input))
    , m_relay(journal)
    , m_upstreamWatch(m_relay)
    , m_loaded(load(m_input))
    , m_fileSettings(loadFileOnly(m_input))
    , m_lastError(errorOf(m_loaded.problems))
    , m_sharing(*this, std::move(seams))
{
    connect(&m_relay, &Relay::stopped, this, [this] {
        m_demoCallers.stop();
        m_toldToAnswer.clear();
        m_journal.add(relayStopped());
    });
    connect(&m_upstreamWatch, &UpstreamWatch::checked, this, &Host::noteCheck);
    connect(this, &Host::settingsChanged, &m_upstreamWatch, &UpstreamWatch::settingsChanged);
    follow();
}

Host::~Host()
{
    if (m_store)
        disconnect(m_store.get(), nullptr, this, nullptr); // it outlives the relay that would be told
}

/// What is wrong is a trouble, and told as one; that all is well is told once, until something was not.
void Host::noteCheck(const UpstreamCheckResult &result)
{
    if (!result.isReachable() || m_relay.state() == RelayState::Stopped) {
        m_toldToAnswer.clear();
        return;
    }
    const QUrl upstream = m_relay.settings().upstreamUrl;
    if (std::exchange(m_toldToAnswer, upstream) != upstream)
        m_journal.add(upstreamAnswers(result));
}

std::optional<QString> Host::startDemo()
{
    if (auto problem = m_demo.start())
        return problem;
    m_relay.setDemo();
    m_input.arguments += {u"--upstream-url"_s, m_demo.url().toString(), u"--upstream-proxy"_s, QString()};
    const SettingSpec *store = findSetting(u"storeUrl");
    if (!settings().storeUrl.isEmpty() && !isFixed(*store)) {
        m_demoFolder = std::make_unique<QTemporaryDir>();
        m_input.arguments += {QString::fromLatin1(store->option()),
            m_demoFolder->isValid() ? "sqlite:"_L1 + m_demoFolder->filePath(u"demo.sqlite"_s) : QString()};
    }
    reload();
    return {};
}

void Host::startDemoCalls(int callers)
{
    if (isDemo() && m_relay.state() == RelayState::Running)
        m_demoCallers.start(callers, m_relay);
}

std::optional<RelayError> Host::start()
{
    if (m_relay.state() != RelayState::Stopped)
        return {};
    if (!m_loaded.problems.isEmpty())
        reload();
    for (const Sentence &warning : std::as_const(m_loaded.warnings))
        m_journal.add(settingWarning(warning)); // also where it cannot start for another reason
    const int descriptors = raiseDescriptorLimit();
    m_lastError = errorOf(m_loaded.problems);
    if (!m_lastError)
        m_lastError = openStore();
    if (!m_lastError)
        m_lastError = m_relay.start(withHeldKey(settings()));
    if (m_lastError) {
        m_journal.add(startFailed(*m_lastError));
        return m_lastError;
    }
    m_journal.add(relayListening(m_relay));
    const bool hasTokens = m_store && (!m_store->tokens().isEmpty() || m_store->stand().isAway);
    if (holdsKey() && !hasTokens)
        m_journal.add(heldKeyServesNobody(m_store != nullptr));
    if (settings().maxConnections > callsWithin(descriptors, m_relay.snapshot().workers))
        m_journal.add(descriptorsShort(settings().maxConnections, descriptors));
    return {};
}

std::optional<RelayError> Host::openStore()
{
    if (m_store || settings().storeUrl.isEmpty() || m_relay.state() != RelayState::Stopped)
        return {};
    Store::Options options;
    options.url = settings().storeUrl;
    options.historyDays = settings().historyDays;
    options.relayUsdADay = m_relayBudget = readUsd(settings().budgetUsdADay).value_or(Money());
    if (m_isInWindow) {
        // A server that refuses says so in less, and can then be named anew before one starts the program again.
        options.patienceWithServer = std::chrono::milliseconds(300);
        options.patienceWithFile = std::chrono::seconds(3);
    }
    auto opened = Store::open(options);
    if (auto *error = std::get_if<RelayError>(&opened))
        return std::move(*error);
    m_store = std::get<std::unique_ptr<Store>>(std::move(opened));
    m_relay.setLedger(m_store.get());
    followStore();
    Q_EMIT storeOpened();
    return {};
}

void Host::followStore()
{
    const auto takeBook = [this] { m_relay.setAccess(m_store->book()); };
    const auto takeBudgets = [this] { m_relay.budgetsStand(m_store->budgets()); };
    const auto takeStand = [this] {
        const StoreStand stand = m_store->stand();
        m_relay.storeStands(stand.isAway, stand.why, stand.dropped);
    };
    connect(m_store.get(), &Store::bookChanged, this, takeBook);
    connect(m_store.get(), &Store::budgetsChanged, this, takeBudgets);
    connect(m_store.get(), &Store::standChanged, this, takeStand);
    takeBook();
    takeBudgets();
    takeStand();
}

/// What of the settings is the store's. Another URL waits for the next start.
void Host::tellStore()
{
    if (!m_store)
        return;
    m_store->setHistoryDays(settings().historyDays);
    const Money budget = readUsd(settings().budgetUsdADay).value_or(Money());
    m_store->setRelayBudget(budget);
    if (std::exchange(m_relayBudget, budget) != budget)
        m_relay.budgetChanged();
}

void Host::holdKey(const Secret &key)
{
    if (key == m_keptKey)
        return;
    if (!key.isEmpty())
        forbidCoreDumps();
    m_keptKey = key;
    if (m_relay.state() == RelayState::Stopped)
        return;
    if (const auto error = m_relay.apply(withHeldKey(settings())))
        m_journal.add(reloadRefused(*error));
}

bool Host::holdsKey() const
{
    return !settings().openaiApiKeyFile.isEmpty() || !withHeldKey(settings()).openaiApiKey.isEmpty();
}

Settings Host::withHeldKey(Settings settings) const
{
    if (settings.openaiApiKey.isEmpty() && settings.openaiApiKeyFile.isEmpty())
        settings.openaiApiKey = QString::fromLatin1(m_keptKey.reveal());
    return settings;
}

void Host::drain()
{
    if (m_relay.state() == RelayState::Running)
        m_journal.add(relayDraining(m_relay));
    m_relay.drain();
}

void Host::stopNow()
{
    m_relay.stopNow();
}

void Host::reload()
{
    Q_EMIT reloading();
    LoadedSettings loaded = load(m_input);
    const bool stopped = m_relay.state() == RelayState::Stopped;
    if (!stopped)
        putInForce(loaded);
    m_loaded = std::move(loaded);
    m_fileSettings = loadFileOnly(m_input);
    tellStore();
    m_lastError = stopped ? errorOf(m_loaded.problems) : std::nullopt;
    if (stopped)
        m_relay.forgetFailedStart();
    follow();
    Q_EMIT settingsChanged();
    Q_EMIT applicationChanged();
}

/// Afterwards the settings are those in force, and the problems say why they are not what was wanted.
void Host::putInForce(LoadedSettings &loaded)
{
    for (const SettingProblem &problem : std::as_const(loaded.problems))
        m_journal.add(reloadRefused(problem));
    const bool isRight = loaded.problems.isEmpty();
    // Where the file is wrong, the certificates may be new ones all the same.
    if (const auto error = m_relay.apply(withHeldKey(isRight ? loaded.settings : settings()))) {
        m_journal.add(reloadRefused(*error));
        loaded.problems.append({error->setting, SettingSource::File, error->detail, error->detail});
    }
    if (!loaded.problems.isEmpty()) {
        loaded.settings = settings();
        return;
    }
    for (const Sentence &warning : std::as_const(loaded.warnings))
        m_journal.add(settingWarning(warning));
    m_journal.add(settingsReloaded(m_relay));
}

/// Has the journal, core dumps and the watch on files follow the settings. What the file names is watched as well as what is in force:
/// it may have been refused because it is still to come.
void Host::follow()
{
    m_journal.setLevel(settings().debug ? LogLevel::Debug : settings().logLevel);
    m_journal.setFormat(settings().logFormat);
    if (holdsKey())
        forbidCoreDumps();

    QStringList files{m_input.file};
    const QJsonObject content = readSettingsFile(m_input.file).content;
    for (const SettingSpec &spec : settingsTable()) {
        if (spec.kind == SettingKind::File)
            files += {settingText(settings(), spec), content.value(spec.key).toString()};
    }
    // Anew each time, so that what this program wrote itself is not told as a change.
    m_files = std::make_unique<FileWatcher>(files);
    connect(m_files.get(), &FileWatcher::changed, this, &Host::reload);
}

QList<SettingProblem> Host::apply(const Settings &wanted)
{
    const Settings taken = withFixedOf(wanted, settings());
    if (QList<SettingProblem> problems = problemsOf(taken); !problems.isEmpty())
        return problems;

    const bool running = m_relay.state() != RelayState::Stopped;
    if (const auto error = running ? m_relay.apply(withHeldKey(taken)) : Relay::check(taken))
        return {{error->setting, SettingSource::File, error->detail}};

    const Settings forFile = withFixedOf(taken, m_fileSettings);
    if (const auto problem = saveSettings(m_input.file, forFile, m_input.defaults)) {
        if (running)
            m_relay.apply(withHeldKey(settings()));
        m_loaded.problems = load(m_input).problems; // the file may not have been wrong before
        return {{{}, SettingSource::File, *problem}};
    }

    m_fileSettings = forFile;
    m_loaded = load(m_input);
    m_loaded.settings = taken;
    tellStore();
    m_lastError = running ? std::nullopt : errorOf(m_loaded.problems);
    if (!running)
        m_relay.forgetFailedStart();
    follow();
    Q_EMIT settingsChanged();
    Q_EMIT applicationChanged(); // the whole file was read
    return {};
}

std::optional<Sentence> Host::setFileAside()
{
    QString aside = m_input.file + ".bad"_L1;
    for (int i = 2; QFile::exists(aside); ++i)
        aside = m_input.file + u".bad%1"_s.arg(i);
    QFile file(m_input.file);
    if (file.exists() && !file.rename(aside))
        return Sentence(QT_TRANSLATE_NOOP("Core", "The settings cannot be saved to %1: %2."),
            {aside, file.errorString()});
    auto problem = saveSettings(m_input.file, m_fileSettings, m_input.defaults);
    if (!problem && !m_loaded.application.isEmpty())
        problem = rr::saveApplication(m_input.file, m_loaded.application);
    if (problem) {
        QFile::remove(m_input.file);
        QFile::rename(aside, m_input.file);
        return problem;
    }
    reload();
    return {};
}

std::optional<Sentence> Host::saveApplication(const QJsonObject &application)
{
    const bool othersWrote = m_files->isBehind();
    if (auto problem = rr::saveApplication(m_input.file, application))
        return problem;
    if (othersWrote) { // just before: the watch that follow() begins anew would not tell it
        reload();
        return {};
    }
    m_loaded.application = application;
    follow();
    Q_EMIT applicationChanged();
    return {};
}

bool Host::isFixed(const SettingSpec &spec) const
{
    return m_loaded.sources.value(&spec, SettingSource::Default) >= SettingSource::Environment;
}

Settings Host::withFixedOf(Settings settings, const Settings &fixed) const
{
    for (const SettingSpec &spec : settingsTable()) {
        if (isFixed(spec))
            std::visit([&](auto member) { settings.*member = fixed.*member; }, spec.member);
    }
    return settings;
}

} // namespace rr
