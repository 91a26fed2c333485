// SPDX-License-Identifier: MIT
#include "tests/support/relaytest.h"

#include <QCoreApplication>

int main(int argc, char **argv)
{
    const QCoreApplication application(argc, argv);
    return rr::runTest(argc, argv);
}
