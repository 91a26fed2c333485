// SPDX-License-Identifier: MIT
#include "app/daemon/commandline.h"

#include <QHash>

namespace rr {

CommandLine parseCommandLine(const QStringList &arguments)
{
    if (!arguments.isEmpty() && arguments.first() == QLatin1String("doctor")) {
        const DoctorCommandLine doctor = parseDoctorCommandLine(arguments.mid(1));
        CommandLine result = parseCommandLine(doctor.rest);
        if (result.problem.isEmpty())
            result.problem = doctor.problem;
        result.doctor = doctor;
        return result;
    }
    if (!arguments.isEmpty() && arguments.first() == QLatin1String("share")) {
        const ShareCommandLine share = parseShareCommandLine(arguments.mid(1));
        CommandLine result = parseCommandLine(share.rest);
        if (result.problem.isEmpty())
            result.problem = share.problem;
        result.share = share;
        return result;
    }
    if (!arguments.isEmpty() && arguments.first() == QLatin1String("token")) {
        const TokenCommandLine token
            = parseTokenCommandLine(arguments.mid(1), QDateTime::currentDateTimeUtc());
        CommandLine result = parseCommandLine(token.rest);
        if (result.problem.isEmpty())
            result.problem = token.problem;
        result.token = token;
        return result;
    }

    static const QHash<QString, CommandLine::Task> tasks{
        {QStringLiteral("--help"), CommandLine::Help},
        {QStringLiteral("-h"), CommandLine::Help},
        {QStringLiteral("--version"), CommandLine::Version},
        {QStringLiteral("--check-config"), CommandLine::CheckConfig},
        {QStringLiteral("--print-config"), CommandLine::PrintConfig},
        {QStringLiteral("--settings-reference"), CommandLine::SettingsReference},
        {QStringLiteral("--check-health"), CommandLine::CheckHealth},
    };

    CommandLine result;
    for (qsizetype i = 0; i < arguments.size(); ++i) {
        const QString &argument = arguments[i];
        if (tasks.contains(argument)) {
            result.task = tasks.value(argument);
        } else if (argument == QLatin1String("--demo")) {
            result.demo = true;
        } else if (argument.startsWith(QLatin1String("--config="))) {
            result.configFile = argument.section(u'=', 1);
        } else if (argument == QLatin1String("--config")) {
            if (i + 1 < arguments.size())
                result.configFile = arguments[++i];
            else
                result.problem = QStringLiteral("--config needs the path of a file behind it.");
        } else {
            result.settings.append(argument);
        }
    }
    return result;
}

QString usageText()
{
    return QStringLiteral(
               "Usage: realtime-relayd [--config FILE] [--demo] [setting options]\n"
               "\n"
               "Relays OpenAI Realtime API calls: clients connect to ws://THIS-MACHINE:8080/realtime, as they would to\n"
               "wss://api.openai.com/v1/realtime, with their own key or token.\n"
               "\n"
               "  --config FILE         Read settings from a JSON file; read again when it changes and on SIGHUP.\n"
               "  --demo                Serve a built-in simulator instead of OpenAI: no key, no internet.\n"
               "  --check-config        Say what is wrong with the settings, and exit: 0 if nothing, else 2.\n"
               "  --print-config        Show the settings in force and where each comes from, and exit.\n"
               "  --check-health        Ask the relay that runs with these settings for /health, and exit: 0 if it is\n"
               "                        healthy, else 1.\n"
               "  --help, --version\n"
               "\n"
               "SIGTERM or SIGINT, on Windows Ctrl+C or Ctrl+Break: take no new calls, let live ones finish, then stop; a\n"
               "second one stops at once.\n"
               "Exit codes: 0 stopped as asked, 1 could not run, 2 bad settings.\n"
               "\n")
        + doctorUsageText() + shareUsageText() + tokenUsageText()
        + QStringLiteral(
            "Settings: the command line counts before the environment, and that before the file. Every variable may have\n"
            "RELAY_ before it, and then counts first: RELAY_PORT before PORT.\n"
            "\n");
}

} // namespace rr
