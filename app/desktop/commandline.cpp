// SPDX-License-Identifier: MIT
#include "app/desktop/commandline.h"

namespace rr {

using namespace Qt::StringLiterals;

DesktopCommandLine parseDesktopCommandLine(const QStringList &arguments)
{
    DesktopCommandLine result;
    for (qsizetype i = 0; i < arguments.size(); ++i) {
        const QString &argument = arguments[i];
        if (argument == "--help"_L1 || argument == "-h"_L1) {
            result.task = DesktopCommandLine::Help;
        } else if (argument == "--version"_L1) {
            result.task = DesktopCommandLine::Version;
        } else if (argument == "--demo"_L1) {
            result.demo = true;
        } else if (argument == "--minimized"_L1) {
            result.minimized = true;
        } else if (argument.startsWith("--config="_L1)) {
            result.configFile = argument.section(u'=', 1);
        } else if (argument == "--config"_L1) {
            if (i + 1 < arguments.size())
                result.configFile = arguments[++i];
            else
                result.problem = u"--config needs the path of a file behind it."_s;
        } else {
            result.settings.append(argument);
        }
    }
    return result;
}

QString desktopUsageText()
{
    return u"Usage: realtime-relay [--minimized] [--demo] [--config FILE] [setting options]\n"
           "\n"
           "Relays OpenAI Realtime API calls, with an icon in the system tray and a window. Clients connect "
           "to\n"
           "ws://THIS-MACHINE:8080/realtime with their own key or token.\n"
           "\n"
           "  --minimized           Start in the tray, without a window.\n"
           "  --demo                Serve a built-in simulator instead of OpenAI: no key, no internet.\n"
           "  --config FILE         Keep settings in this file instead of the platform's config folder.\n"
           "  --help, --version\n"
           "\n"
           "A second start raises the window of the first one.\n"
           "\n"
           "Settings: the command line counts before the environment, and that before the file. What is "
           "given\n"
           "here is fixed: the window shows it, but cannot change it. Every variable may have RELAY_ before it, and\n"
           "then counts first: RELAY_PORT before PORT.\n"
           "\n"_s;
}

} // namespace rr
