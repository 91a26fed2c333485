// SPDX-License-Identifier: MIT
#include "app/compose/standarddescriptors.h"
#include "app/desktop/desktop.h"

#include <QApplication>

#include <chrono>
#include <cstdlib>
#include <string_view>
#include <thread>

namespace {

constexpr auto lookupPatience = std::chrono::seconds(2);

/// Qt's end waits for every lookup of a name, and one that hangs would hold up the end of the login session.
void endSoon(int result)
{
    std::thread([result] {
        std::this_thread::sleep_for(lookupPatience);
        std::_Exit(result);
    }).detach();
}

} // namespace

int main(int argc, char *argv[])
{
    rr::openStandardDescriptors();
    // What is only printed needs no display.
    for (int i = 1; i < argc; ++i) {
        const std::string_view argument = argv[i];
        if (argument == "--help" || argument == "-h" || argument == "--version")
            qputenv("QT_QPA_PLATFORM", "offscreen");
    }
    QApplication application(argc, argv);
    QApplication::setApplicationName(QStringLiteral("realtime-relay"));
    QApplication::setApplicationDisplayName(QStringLiteral("Realtime Relay"));
    QApplication::setApplicationVersion(QStringLiteral(RELAY_VERSION));
    QApplication::setDesktopFileName(QStringLiteral("realtime-relay"));
    const int result = rr::Desktop(rr::parseDesktopCommandLine(QApplication::arguments().mid(1))).run();
    endSoon(result);
    return result;
}
