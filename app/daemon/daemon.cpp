// SPDX-License-Identifier: MIT
#include "app/daemon/daemon.h"

#include "app/daemon/doctorcommand.h"
#include "app/daemon/healthcheck.h"
#include "app/daemon/tokencommand.h"
#include "core/config/settingstable.h"
#include "core/config/settingstext.h"
#include "core/store/storeurl.h"

#include <QCoreApplication>
#include <QHostAddress>

#include <algorithm>
#include <array>
#include <cstdio>
#include <iterator>

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
Sentence withSetting(const RelayError &error)
{
    const SettingSpec *spec
        = error.setting.isEmpty() ? nullptr : findSetting(QString::fromLatin1(error.setting));
    const QString name = spec ? QString::fromLatin1(spec->environmentName()) : QString();
    return joined(asTheySaid(name), error.detail, "%1: %2");
}

/// Starting again would not help.
bool isOfSettings(const RelayError &error)
{
    constexpr std::array codes{
        "settings", "tls_files", "key_file", "prices_file", "store_url", "store_driver", "store_newer"};
    return std::any_of(codes.begin(), codes.end(), [&](const char *code) { return error.code == code; });
}

/// What is wrong with them beyond each value by itself. The store is not opened.
std::optional<RelayError> check(const Settings &settings)
{
    if (auto error = Relay::check(settings))
        return error;
    if (settings.storeUrl.isEmpty())
        return {};
    const auto url = parseStoreUrl(settings.storeUrl);
    const auto *error = std::get_if<RelayError>(&url);
    return error ? std::optional(*error) : std::nullopt;
}

SettingsInput inputOf(const CommandLine &commandLine)
{
    SettingsInput input;
    input.file = commandLine.configFile;
    input.fileMustExist = true;
    input.environment = QProcessEnvironment::systemEnvironment();
    input.arguments = commandLine.settings;
    return input;
}

} // namespace

Daemon::Daemon(CommandLine commandLine)
    : m_commandLine(std::move(commandLine))
    , m_host(m_journal, inputOf(m_commandLine))
{
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

    if (m_commandLine.doctor && m_commandLine.task == CommandLine::Run && m_commandLine.problem.isEmpty())
        return examine();

    if (m_commandLine.share && m_commandLine.share->list && m_commandLine.problem.isEmpty()) {
        ShareCommand::list(m_commandLine.share->json);
        return 0;
    }

    const LoadedSettings &loaded = m_host.loaded();
    QStringList problems;
    if (m_commandLine.task != CommandLine::Run || !loaded.problems.isEmpty()) // else the journal tells them
        std::transform(loaded.warnings.begin(), loaded.warnings.end(), std::back_inserter(problems), plain);
    if (!m_commandLine.problem.isEmpty())
        problems.append(m_commandLine.problem);
    for (const SettingProblem &problem : loaded.problems)
        problems.append(plain(problem.message));
    for (const QString &problem : std::as_const(problems))
        print(stderr, QStringLiteral("realtime-relayd: %1\n").arg(problem));
    if (!loaded.problems.isEmpty() || !m_commandLine.problem.isEmpty())
        return badSettings;

    if (m_commandLine.task == CommandLine::CheckConfig) {
        if (const auto error = check(loaded.settings)) {
            print(stderr, QStringLiteral("realtime-relayd: %1\n").arg(plain(withSetting(*error))));
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
    if (m_commandLine.token)
        return TokenCommand(loaded.settings, *m_commandLine.token).run();
    return serve();
}

/// Of settings that are wrong the Doctor tells.
int Daemon::examine()
{
    if (m_commandLine.demo) {
        if (const auto problem = m_host.startDemo()) {
            print(stderr, QStringLiteral("realtime-relayd: %1\n").arg(*problem));
            return couldNotRun;
        }
    }
    return DoctorCommand(m_host, *m_commandLine.doctor).run();
}

int Daemon::serve()
{
    if (m_commandLine.share) {
        m_share.emplace(m_host, *m_commandLine.share);
        if (const auto code = m_share->prepare())
            return *code;
    }
    m_journal.writeTo(fileno(stderr), m_host.settings().logFormat);
    if (m_commandLine.demo) {
        if (const auto problem = m_host.startDemo()) {
            print(stderr, QStringLiteral("realtime-relayd: %1\n").arg(*problem));
            return couldNotRun;
        }
    }
    m_host.upstreamWatch().begin();
    if (const auto error = m_host.start())
        return isOfSettings(*error) ? badSettings : couldNotRun;
    if (m_share) {
        if (const auto code = m_share->start())
            return *code;
        connect(&*m_share, &ShareCommand::ended, this, &Daemon::shareEnded);
    } else if (m_host.settings().logFormat == LogFormat::Text) {
        tellAddress();
    }

    connect(&m_signals, &SignalWatcher::terminate, this, &Daemon::terminate);
    connect(&m_signals, &SignalWatcher::reload, &m_host, &Host::reload);
    connect(&m_host, &Host::reloading, this, [this] { m_service.reloading(); });
    connect(&m_host, &Host::settingsChanged, this, [this] { m_service.ready(); });
    connect(&m_host.relay(), &Relay::stopped, this, &Daemon::quitWhenOver);
    m_service.ready();
    return QCoreApplication::exec();
}

void Daemon::terminate()
{
    if (m_share)
        m_share->stop();
    if (m_host.relay().state() == RelayState::Running) {
        m_service.stopping(m_host.settings().drainTimeout);
        m_host.drain();
    } else {
        m_host.stopNow();
    }
}

/// The relay runs for what is shared of it.
void Daemon::shareEnded()
{
    if (m_host.relay().state() == RelayState::Running)
        terminate();
    else
        quitWhenOver();
}

void Daemon::quitWhenOver()
{
    if (m_host.relay().state() == RelayState::Stopped && !m_host.sharing().isOn())
        QCoreApplication::exit(m_share ? m_share->exitCode() : 0);
}

void Daemon::tellAddress() const
{
    const Snapshot snapshot = m_host.relay().snapshot();
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
                m_host.isDemo() ? QStringLiteral(" (demo: a simulator answers, any key will do)") : QString(),
                url.toString(), health.toString(),
                m_host.isDemo() ? QStringLiteral("built-in simulator")
                                : m_host.settings().upstreamUrl.toString(QUrl::RemoveUserInfo)));
}

} // namespace rr
