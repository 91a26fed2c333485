// SPDX-License-Identifier: MIT
#include "core/sharing/way.h"

#include "playground.h"
#include "tests/support/relaytest.h"

#include <QTest>

using namespace Qt::StringLiterals;
using rr::Way;
using rr::test::Playground;

class tst_FindProgram : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void inPath()
    {
        const Playground ground("");
        const auto found = rr::findProgram(rr::wayCalled(u"cloudflared-quick"_s).value());
        QVERIFY(found.found);
        QVERIFY(found.program.endsWith("/cloudflared"_L1));
        QVERIFY(found.howToGet.isEmpty());
    }
    void whereItIsInstalled()
    {
        Way way;
        way.program = u"no-such-program"_s;
        way.paths = {u"/nowhere/no-such-program"_s, QStringLiteral(RELAY_PLAYED_PROGRAM)};
        QCOMPARE(rr::findProgram(way).program, way.paths[1]);
    }
    void isNotThere()
    {
        Way way;
        way.program = u"no-such-program"_s;
        QVERIFY(!rr::findProgram(way).found);
        QCOMPARE(plain(rr::findProgram(way).howToGet),
            u"no-such-program is not installed on this machine, nor anywhere that PATH names."_s);
        way.installPage = u"https://example.org/install"_s;
        QVERIFY(plain(rr::findProgram(way).howToGet)
                    .endsWith("How to install it: https://example.org/install"_L1));
        way.installCommand = u"sudo apt install it"_s;
        QVERIFY(plain(rr::findProgram(way).howToGet).endsWith("To install it, run: sudo apt install it"_L1));
    }
    void ofEveryWay()
    {
        for (const Way &way : rr::builtInWays()) {
            const auto found = rr::findProgram(way);
            QVERIFY2(found.found || !way.installCommand.isEmpty() || !way.installPage.isEmpty(),
                qPrintable(way.id));
        }
    }
};

RELAY_TEST(tst_FindProgram)
#include "tst_findprogram.moc"
