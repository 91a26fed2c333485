// SPDX-License-Identifier: MIT
#include "app/daemon/sharecommandline.h"

#include "app/daemon/commandline.h"
#include "tests/support/relaytest.h"

#include <QRegularExpression>
#include <QTest>

using namespace rr;
using namespace std::chrono_literals;
using namespace Qt::StringLiterals;

class tst_ShareCommandLine : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void all()
    {
        const CommandLine line = parseCommandLine(
            {u"share"_s, u"ssh-server"_s, u"--set"_s, u"destination=a@b"_s, u"--set=address=https://c?d=e"_s,
                u"--origin"_s, u"https://a.example"_s, u"--origin=https://b.example,"_s, u"--calls"_s, u"5"_s,
                u"--calls-per-address=2"_s, u"--for"_s, u"30m"_s, u"--yes"_s, u"--json"_s, u"--demo"_s,
                u"--port"_s, u"9000"_s, u"--config"_s, u"f.json"_s});
        QCOMPARE(line.problem, QString());
        QCOMPARE(int(line.task), int(CommandLine::Run));
        QVERIFY(line.share);
        QVERIFY(line.demo);
        QCOMPARE(line.configFile, u"f.json"_s);
        QCOMPARE(line.settings, (QStringList{u"--port"_s, u"9000"_s}));
        const ShareCommandLine &share = *line.share;
        QCOMPARE(share.way, u"ssh-server"_s);
        QCOMPARE(share.fields,
            (QMap<QString, QString>{{u"destination"_s, u"a@b"_s}, {u"address"_s, u"https://c?d=e"_s}}));
        QCOMPARE(*share.origins, (QStringList{u"https://a.example"_s, u"https://b.example"_s}));
        QCOMPARE(*share.maxCalls, 5);
        QCOMPARE(*share.maxCallsPerAddress, 2);
        QVERIFY(*share.lasts == 30min);
        QVERIFY(share.yes);
        QVERIFY(share.json);
        QVERIFY(!share.list);
    }

    void theWordCountsAtTheFrontOnly()
    {
        QVERIFY(!parseCommandLine({u"--demo"_s, u"share"_s}).share);
        QVERIFY(!parseCommandLine({}).share);
        const CommandLine line = parseCommandLine({u"share"_s, u"--port"_s, u"9000"_s, u"--list"_s});
        QVERIFY(line.share->list);
        QCOMPARE(line.share->way, QString());
        QCOMPARE(line.settings, (QStringList{u"--port"_s, u"9000"_s}));
    }

    void problems_data()
    {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<QString>("named");
        for (const QString &option :
            {u"--set"_s, u"--origin"_s, u"--calls"_s, u"--calls-per-address"_s, u"--for"_s})
            QTest::newRow(qPrintable(option))
                << QStringList{u"way"_s, option} << option + u" needs a value"_s;
        QTest::newRow("no name") << QStringList{u"--set"_s, u"=x"_s} << u"NAME=VALUE"_s;
        QTest::newRow("no value") << QStringList{u"--set"_s, u"x"_s} << u"NAME=VALUE"_s;
        QTest::newRow("no number") << QStringList{u"--calls"_s, u"many"_s} << u"\"many\""_s;
        QTest::newRow("no time") << QStringList{u"--for"_s, u"4 weeks"_s} << u"\"4 weeks\""_s;
    }
    void problems()
    {
        QFETCH(QStringList, arguments);
        QFETCH(QString, named);
        const CommandLine line = parseCommandLine(QStringList{u"share"_s} + arguments);
        QVERIFY2(line.problem.contains(named), qPrintable(line.problem));
    }

    void durations_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<qint64>("seconds");
        QTest::newRow("s") << u"90s"_s << qint64(90);
        QTest::newRow("m") << u"30m"_s << qint64(1800);
        QTest::newRow("h") << u"4h"_s << qint64(14400);
        QTest::newRow("d") << u"2d"_s << qint64(172800);
        QTest::newRow("hours") << u"4"_s << qint64(14400);
        for (const char *text : {"", "h", "4w", "-1h", "1.5h", " 4h", "99999999h"})
            QTest::newRow(text) << QString::fromLatin1(text) << qint64(-1);
    }
    void durations()
    {
        QFETCH(QString, text);
        QFETCH(qint64, seconds);
        QCOMPARE(qint64(durationFrom(text).value_or(-1s).count()), seconds);
    }

    /// What is not said is as it was the last time, on the same way.
    void whatIsNotSaid()
    {
        SharePlan last;
        last.way = u"ssh-server"_s;
        last.fields = {{u"destination"_s, u"a@b"_s}, {u"remote"_s, u"r"_s}};
        last.origins = {u"https://a.example"_s};
        last.maxCalls = 5;
        last.maxCallsPerAddress = 4;
        last.lasts = 1h;

        QCOMPARE(planOf(parseShareCommandLine({}), last), last);
        QCOMPARE(planOf(parseShareCommandLine({}), {}), SharePlan());
        SharePlan other;
        other.way = u"cloudflared-quick"_s;
        QCOMPARE(planOf(parseShareCommandLine({other.way}), last), other);

        const SharePlan changed
            = planOf(parseShareCommandLine({u"ssh-server"_s, u"--set"_s, u"remote=s"_s, u"--origin"_s, u""_s,
                         u"--calls"_s, u"2"_s, u"--for"_s, u"2h"_s}),
                last);
        SharePlan expected = last;
        expected.fields[u"remote"_s] = u"s"_s;
        expected.origins.clear();
        expected.maxCalls = expected.maxCallsPerAddress = 2;
        expected.lasts = 2h;
        QCOMPARE(changed, expected);

        last.endsAtMidnight = true;
        QVERIFY(planOf(parseShareCommandLine({}), last).endsAtMidnight);
        QVERIFY(!planOf(parseShareCommandLine({u"--for"_s, u"2h"_s}), last).endsAtMidnight);
    }

    /// Command lines are there for everybody to read.
    void secretsComeOnStandardInput()
    {
        const auto exposes = [](const QStringList &arguments) {
            const ShareCommandLine line = parseShareCommandLine(arguments);
            return exposedSecret(line, planOf(line, {}));
        };
        const auto reads = [](const QStringList &arguments) {
            return fieldsToRead(planOf(parseShareCommandLine(arguments), {}));
        };
        const QString refused = exposes({u"ngrok"_s, u"--set"_s, u"token=abc"_s});
        QVERIFY2(refused.contains(u"token=-"_s), qPrintable(refused));
        QVERIFY(!refused.contains(u"abc"_s));
        QCOMPARE(exposes({u"ngrok"_s, u"--set"_s, u"token=-"_s}), QString());
        QCOMPARE(exposes({u"ngrok"_s}), QString());
        QCOMPARE(exposes({u"ssh-server"_s, u"--set"_s, u"destination=a@b"_s}), QString());
        QCOMPARE(reads({u"ngrok"_s, u"--set"_s, u"token=-"_s}), QStringList{u"token"_s});
        QCOMPARE(reads({u"ngrok"_s}), QStringList());
        QCOMPARE(reads({u"ssh-server"_s, u"--set"_s, u"destination=-"_s}), QStringList());
    }

    void whatHelpNamesIsUnderstood()
    {
        static const QRegularExpression option(u"(?<=^  )--[a-z-]+"_s, QRegularExpression::MultilineOption);
        QStringList named;
        for (auto match = option.globalMatch(shareUsageText()); match.hasNext();)
            named.append(match.next().captured());
        QCOMPARE(named,
            (QStringList{u"--list"_s, u"--set"_s, u"--origin"_s, u"--calls"_s, u"--calls-per-address"_s,
                u"--for"_s, u"--yes"_s, u"--json"_s}));
        for (const QString &each : named)
            QVERIFY2(parseShareCommandLine({each}).rest.isEmpty(), qPrintable(each));
    }
};

RELAY_TEST(tst_ShareCommandLine)
#include "tst_sharecommandline.moc"
