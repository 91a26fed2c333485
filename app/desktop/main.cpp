// SPDX-License-Identifier: MIT
#include "app/desktop/desktop.h"

#include <QApplication>

int main(int argc, char *argv[])
{
    QApplication application(argc, argv);
    QApplication::setApplicationName(QStringLiteral("realtime-relay"));
    QApplication::setApplicationDisplayName(QStringLiteral("Realtime Relay"));
    QApplication::setApplicationVersion(QStringLiteral(RELAY_VERSION));
    QApplication::setDesktopFileName(QStringLiteral("realtime-relay"));
    return rr::Desktop(rr::parseDesktopCommandLine(QApplication::arguments().mid(1))).run();
}
