// SPDX-License-Identifier: MIT
#include "app/desktop/desktop.h"

#include <QApplication>

#include <string_view>

int main(int argc, char *argv[])
{
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
    return rr::Desktop(rr::parseDesktopCommandLine(QApplication::arguments().mid(1))).run();
}
