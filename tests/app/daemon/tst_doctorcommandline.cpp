// SPDX-License-Identifier: MIT
#include "app/daemon/commandline.h"
#include "tests/support/relaytest.h"

#include <QRegularExpression>
#include <QTest>

using namespace rr;
using namespace Qt::StringLiterals;

class tst_DoctorCommandLine : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void isTheFirstWordOnly()
    {
        QVERIFY(parseCommandLine({u"doctor"_s}).doctor);
        QVERIFY(!parseCommandLine({u"--demo"_s, u"doctor"_s}).doctor);
        QVERIFY(!parseCommandLine({}).doctor);
        QVERIFY(parseCommandLine({u"doctor"_s, u"--help"_s}).task == CommandLine::Help);
    }

    void isTakenApart()
    {
        const CommandLine line = parseCommandLine({u"doctor"_s, u"--json"_s, u"--port"_s, u"9000"_s,
            u"--demo"_s, u"--model=gpt-realtime-mini"_s, u"--bundle"_s, u"a b.txt"_s, u"--config"_s,
            u"c.json"_s, u"--key-stdin"_s, u"--address"_s, u"relay.example.org:8443"_s});
        QCOMPARE(line.problem, QString());
        QVERIFY(line.demo);
        QCOMPARE(line.configFile, u"c.json"_s);
        QCOMPARE(line.settings, (QStringList{u"--port"_s, u"9000"_s}));
        QVERIFY(line.doctor->json);
        QVERIFY(line.doctor->keyOnStdin);
        QCOMPARE(line.doctor->model, "gpt-realtime-mini"_ba);
        QCOMPARE(line.doctor->bundle, u"a b.txt"_s);
        QCOMPARE(line.doctor->address, QUrl(u"wss://relay.example.org:8443"_s));
    }

    void addresses_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("address");
        QTest::newRow("a name") << u"relay.example.org"_s << u"wss://relay.example.org"_s;
        QTest::newRow("an address of IPv6") << u"[2001:db8::1]:80"_s << u"wss://[2001:db8::1]:80"_s;
        QTest::newRow("a URL") << u"http://relay.example.org/x"_s << u"http://relay.example.org/x"_s;
        QTest::newRow("of another kind") << u"ftp://relay.example.org"_s << QString();
        QTest::newRow("no host") << u"wss:///x"_s << QString();
        QTest::newRow("a blank") << u"relay example"_s << QString();
    }
    void addresses()
    {
        QFETCH(QString, text);
        QFETCH(QString, address);
        const CommandLine line = parseCommandLine({u"doctor"_s, u"--address"_s, text});
        QCOMPARE(line.doctor->address, QUrl(address));
        QCOMPARE(line.problem.isEmpty(), !address.isEmpty());
    }

    void whatIsMissing_data()
    {
        QTest::addColumn<QString>("option");
        for (const QString &each : {u"--model"_s, u"--address"_s, u"--bundle"_s, u"--config"_s})
            QTest::newRow(qPrintable(each)) << each;
    }
    void whatIsMissing()
    {
        QFETCH(QString, option);
        QVERIFY(parseCommandLine({u"doctor"_s, option}).problem.contains(option));
    }

    /// It goes into an address.
    void modelsThatAreNone()
    {
        QVERIFY(!parseCommandLine({u"doctor"_s, u"--model"_s, u"gpt realtime"_s}).problem.isEmpty());
    }

    void whatHelpNamesIsUnderstood()
    {
        static const QRegularExpression option(u"(?<=[\\s\\[])--[a-z-]+"_s);
        for (auto match = option.globalMatch(doctorUsageText()); match.hasNext();) {
            const QString each = match.next().captured();
            const CommandLine line = parseCommandLine({u"doctor"_s, each});
            QVERIFY2(line.settings.isEmpty(), qPrintable(each));
        }
    }
};

RELAY_TEST(tst_DoctorCommandLine)
#include "tst_doctorcommandline.moc"
