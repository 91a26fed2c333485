// SPDX-License-Identifier: MIT
#include "app/compose/standarddescriptors.h"
#include "app/daemon/daemon.h"

#include <QCoreApplication>

int main(int argc, char *argv[])
{
    rr::openStandardDescriptors();
    QCoreApplication application(argc, argv);
    QCoreApplication::setApplicationName(QStringLiteral("realtime-relayd"));
    QCoreApplication::setApplicationVersion(QStringLiteral(RELAY_VERSION));
    return rr::Daemon(rr::parseCommandLine(QCoreApplication::arguments().mid(1))).run();
}
