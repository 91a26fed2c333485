// SPDX-License-Identifier: MIT
#include "tests/support/relaytest.h"

#include <QApplication>

int main(int argc, char **argv)
{
    QCoreApplication::setAttribute(Qt::AA_Use96Dpi); // the same picture on every screen
    const QApplication application(argc, argv);
    return rr::runTest(argc, argv);
}
