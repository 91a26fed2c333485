// SPDX-License-Identifier: MIT
#include "app/daemon/daemon.h"

#include "app/daemon/healthcheck.h"
#include "core/config/settingstable.h"
#include "core/config/settingstext.h"
#include "core/relay/descriptorlimit.h"

#include <QCoreApplication>
#include <QHostAddress>
#include <QScopeGuard>

#include <cstdio>

namespace rr {

namespace {

constexpr int couldNotRun = 1;
constexpr int badSettings = 2;

void print(std::FILE *file, const QString &text)
{
    std::fputs(text.toUtf8().constData(), file);
    std::fflush(file);
}

/// "TLS_CERT_FILE: what is wrong with it"
QString withSetting(const RelayError &error)
{
    const SettingSpec *spec
        = error.setting.isEmpty() ? nullptr : findSetting(QString::fromLatin1(error.setting));
    return spec ? QString::fromLatin1(spec->environmentName()) + QLatin1String(": ") + error.detail
                : error.detail;
}

} // namespace

Daemon::Daemon(CommandLine commandLine)
    : m_commandLine(std::move(commandLine))
{
}

LoadedSettings Daemon::load() const
{
    SettingsInput input;
    input.file = m_commandLine.configFile;
    input.fileMustExist = true;
    input.environment = QProcessEnvironment::systemEnvironment();
    input.arguments = m_commandLine.settings;
    return loadSettings(input);
}

int Daemon::run()
{
    switch (m_commandLine.task) {
    case CommandLine::Help:
        print(stdout, usageText() + helpText(Settings()));
        return 0;
    case CommandLine::Version:
        print(stdout, QStringLiteral("realtime-relayd %1\n").arg(QCoreApplication::applicationVersion()));
        return 0;
    case CommandLine::SettingsReference:
        print(stdout, settingsReferenceMarkdown());
        return 0;
    default:
        break;
    }

    const LoadedSettings loaded = load();
    const bool serves = m_commandLine.task == CommandLine::Run;
    for (const QString &warning : loaded.warnings) {
        if (!serves || loaded.settings.logFormat == LogFormat::Text)
            print(stderr, QStringLiteral("realtime-relayd: %1\n").arg(warning));
    }
    if (!m_commandLine.problem.isEmpty())
        print(stderr, QStringLiteral("realtime-relayd: %1\n").arg(m_commandLine.problem));
    for (const SettingProblem &problem : loaded.problems)
        print(stderr, QStringLiteral("realtime-relayd: %1\n").arg(problem.message));
    if (!loaded.problems.isEmpty() || !m_commandLine.problem.isEmpty())
        return badSettings;

    if (m_commandLine.task == CommandLine::CheckConfig) {
        if (const auto error = Relay::check(loaded.settings)) {
            print(stderr, QStringLiteral("realtime-relayd: %1\n").arg(withSetting(*error)));
            return badSettings;
        }
        print(stdout, QStringLiteral("The settings are fine.\n"));
        return 0;
    }
    if (m_commandLine.task == CommandLine::PrintConfig) {
        print(stdout, printConfig(loaded));
        return 0;
    }
    if (m_commandLine.task == CommandLine::CheckHealth) {
        const auto problem = checkHealth(loaded.settings);
        if (problem)
            print(stderr, QStringLiteral("realtime-relayd: %1\n").arg(*problem));
        return problem ? couldNotRun : 0;
    }
    return serve(loaded);
}

int Daemon::serve(const LoadedSettings &loaded)
{
    follow(loaded.settings);
    m_journal.writeTo(fileno(stderr), loaded.settings.logFormat);
    const bool json = loaded.settings.logFormat == LogFormat::Json;
    for (const QString &warning : loaded.warnings) {
        if (json)
            note(LogLevel::Warning, "setting_warning", warning);
    }
    if (m_commandLine.demo) {
        if (const auto problem = m_demo.start()) {
            print(stderr, QStringLiteral("realtime-relayd: %1\n").arg(*problem));
            return couldNotRun;
        }
    }

    const int descriptors = raiseDescriptorLimit();
    if (const auto error = m_relay.start(withDemo(loaded.settings))) {
        if (json)
            note(LogLevel::Error, "start_failed", withSetting(*error));
        else
            print(stderr, QStringLiteral("realtime-relayd: %1\n").arg(withSetting(*error)));
        return error->code == "tls_files" ? badSettings : couldNotRun;
    }
    note(LogLevel::Info, "listening", QStringLiteral("The relay is listening."),
        {{"version", QCoreApplication::applicationVersion()}, {"host", loaded.settings.host},
            {"port", int(m_relay.port())}, {"tls", m_relay.snapshot().tls},
            {"upstream", m_relay.settings().upstreamUrl.toString(QUrl::RemoveUserInfo)}});
    if (loaded.settings.maxConnections > (descriptors - spareDescriptors) / descriptorsPerCall)
        note(LogLevel::Warning, "descriptor_limit",
            QStringLiteral(
                "MAX_CONNECTIONS is more than the limit of open files allows. Raise the limit (ulimit -n, "
                "LimitNOFILE)."),
            {{"max_connections", loaded.settings.maxConnections}, {"open_files", descriptors}});
    if (loaded.settings.logFormat == LogFormat::Text)
        tellAddress();

    connect(&m_signals, &SignalWatcher::terminate, this, &Daemon::terminate);
    connect(&m_signals, &SignalWatcher::reload, this, &Daemon::reload);
    connect(&m_relay, &Relay::stopped, qApp, &QCoreApplication::quit);
    watchFiles();
    m_service.ready();
    const int result = QCoreApplication::exec();
    note(LogLevel::Info, "stopped", QStringLiteral("The relay has stopped."));
    return result;
}

Settings Daemon::withDemo(Settings settings) const
{
    if (m_commandLine.demo) {
        settings.upstreamUrl = m_demo.url();
        settings.upstreamProxy.clear();
    }
    return settings;
}

void Daemon::follow(const Settings &settings)
{
    m_journal.setLevel(settings.debug ? LogLevel::Debug : settings.logLevel);
    m_journal.setFormat(settings.logFormat);
}

void Daemon::watchFiles()
{
    const Settings &settings = m_relay.settings();
    QStringList files{
        m_commandLine.configFile, settings.tlsCertFile, settings.tlsKeyFile, settings.upstreamCaFile};
    files.removeAll(QString());
    m_files = std::make_unique<FileWatcher>(files);
    connect(m_files.get(), &FileWatcher::changed, this, &Daemon::reload);
}

void Daemon::reload()
{
    m_service.reloading();
    const auto done = qScopeGuard([this] { m_service.ready(); });
    const LoadedSettings loaded = load();
    for (const SettingProblem &problem : loaded.problems)
        note(LogLevel::Error, "reload_refused", problem.message);
    if (!loaded.problems.isEmpty())
        return;
    if (m_relay.state() != RelayState::Running) {
        note(LogLevel::Warning, "reload_refused",
            QStringLiteral("The settings were not taken: the relay is stopping."));
        return;
    }
    for (const QString &warning : loaded.warnings)
        note(LogLevel::Warning, "setting_warning", warning);
    if (const auto error = m_relay.apply(withDemo(loaded.settings))) {
        note(LogLevel::Error, "reload_refused", withSetting(*error));
        return;
    }
    follow(loaded.settings);
    watchFiles();
    note(LogLevel::Info, "reloaded", QStringLiteral("The settings were read again and are in force."),
        {{"host", loaded.settings.host}, {"port", int(m_relay.port())}});
}

void Daemon::terminate()
{
    if (m_relay.state() == RelayState::Running) {
        const qint64 calls = m_relay.snapshot().activeConnections;
        note(LogLevel::Info, "draining",
            QStringLiteral(
                "Asked to stop: no new calls, and the live ones may finish. Ask again to stop at once."),
            {{"calls", calls}, {"drain_ms", qint64(m_relay.settings().drainTimeout.count())}});
        m_service.stopping(m_relay.settings().drainTimeout);
        m_relay.drain();
    } else {
        m_relay.stopNow();
    }
}

void Daemon::tellAddress() const
{
    const Snapshot snapshot = m_relay.snapshot();
    const QString scheme = snapshot.tls ? QStringLiteral("wss") : QStringLiteral("ws");
    const QHostAddress bound(snapshot.listenAddress);
    const bool everywhere
        = bound == QHostAddress::Any || bound == QHostAddress::AnyIPv4 || bound == QHostAddress::AnyIPv6;
    QUrl url;
    url.setScheme(scheme);
    url.setHost(everywhere ? QStringLiteral("localhost") : snapshot.listenAddress);
    url.setPort(snapshot.port);
    url.setPath(QStringLiteral("/realtime"));
    QUrl health = url;
    health.setScheme(snapshot.tls ? QStringLiteral("https") : QStringLiteral("http"));
    health.setPath(QStringLiteral("/health"));
    print(stdout,
        QStringLiteral("\n  Realtime Relay %1%2\n"
                       "  Relay     %3\n"
                       "  Health    %4\n"
                       "  Upstream  %5\n\n"
                       "  Paste into your frontend's .env:\n"
                       "  VITE_OPENAI_RELAY_URL=%3\n\n")
            .arg(snapshot.version,
                m_commandLine.demo ? QStringLiteral(" (demo: a simulator answers, any key will do)")
                                   : QString(),
                url.toString(), health.toString(),
                m_commandLine.demo ? QStringLiteral("built-in simulator")
                                   : m_relay.settings().upstreamUrl.toString(QUrl::RemoveUserInfo)));
}

void Daemon::note(LogLevel level, const QByteArray &event, const QString &message,
    QList<std::pair<QByteArray, QVariant>> fields)
{
    JournalEntry entry;
    entry.level = level;
    entry.event = event;
    entry.message = message;
    entry.fields = std::move(fields);
    m_journal.add(std::move(entry));
}

} // namespace rr
