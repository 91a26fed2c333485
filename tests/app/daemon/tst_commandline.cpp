// SPDX-License-Identifier: MIT
#include "app/daemon/commandline.h"
#include "tests/support/relaytest.h"

#include <QRegularExpression>
#include <QTest>

using namespace rr;
using namespace Qt::StringLiterals;

class tst_CommandLine : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void tasks_data()
    {
        QTest::addColumn<QString>("argument");
        QTest::addColumn<int>("task");
        QTest::newRow("none") << QString() << int(CommandLine::Run);
        const std::pair<QString, CommandLine::Task> tasks[]{{u"--help"_s, CommandLine::Help},
            {u"-h"_s, CommandLine::Help}, {u"--version"_s, CommandLine::Version},
            {u"--check-config"_s, CommandLine::CheckConfig}, {u"--print-config"_s, CommandLine::PrintConfig},
            {u"--settings-reference"_s, CommandLine::SettingsReference},
            {u"--check-health"_s, CommandLine::CheckHealth}};
        for (const auto &[argument, task] : tasks)
            QTest::newRow(qPrintable(argument)) << argument << int(task);
    }
    void tasks()
    {
        QFETCH(QString, argument);
        QFETCH(int, task);
        // Wherever it stands, and whatever stands beside it.
        const QStringList before{u"--port"_s, u"1"_s};
        QStringList arguments = before;
        if (!argument.isEmpty())
            arguments.append(argument);
        arguments.append({u"--config"_s, u"a.json"_s});
        const CommandLine line = parseCommandLine(arguments);
        QCOMPARE(int(line.task), task);
        QCOMPARE(line.settings, before);
        QCOMPARE(line.configFile, u"a.json"_s);
        QVERIFY(!line.demo);
        QCOMPARE(line.problem, QString());
    }

    void configFile_data()
    {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<QString>("file");
        QTest::addColumn<bool>("isWrong");
        QTest::newRow("none") << QStringList() << QString() << false;
        QTest::newRow("a blank between")
            << QStringList{u"--config"_s, u"a b.json"_s} << u"a b.json"_s << false;
        QTest::newRow("an equals sign between")
            << QStringList{u"--config=/etc/a.json"_s} << u"/etc/a.json"_s << false;
        QTest::newRow("equals signs in the path")
            << QStringList{u"--config=a=b=.json"_s} << u"a=b=.json"_s << false;
        QTest::newRow("nothing behind it") << QStringList{u"--demo"_s, u"--config"_s} << QString() << true;
    }
    void configFile()
    {
        QFETCH(QStringList, arguments);
        QFETCH(QString, file);
        QFETCH(bool, isWrong);
        const CommandLine line = parseCommandLine(arguments);
        QCOMPARE(line.configFile, file);
        QCOMPARE(!line.problem.isEmpty(), isWrong);
        QCOMPARE(line.problem.contains(u"--config"_s), isWrong);
        QCOMPARE(line.settings, QStringList());
        QCOMPARE(int(line.task), int(CommandLine::Run));
    }

    // In their order, with what stands between them taken out.
    void settingsAreLeftAsTheyStand()
    {
        const CommandLine line = parseCommandLine({u"--port"_s, u"9000"_s, u"--demo"_s, u"--host=::1"_s,
            u"--config=c"_s, u"--nosuch"_s, u"word"_s, u"--demo=yes"_s, u"--configure"_s, u""_s});
        QVERIFY(line.demo);
        QCOMPARE(line.configFile, u"c"_s);
        QCOMPARE(line.settings,
            (QStringList{u"--port"_s, u"9000"_s, u"--host=::1"_s, u"--nosuch"_s, u"word"_s, u"--demo=yes"_s,
                u"--configure"_s, u""_s}));
        QCOMPARE(line.problem, QString());
    }

    void whatHelpNamesIsUnderstood()
    {
        static const QRegularExpression option(u"(?<=[\\s\\[])--[a-z-]+"_s);
        QStringList named;
        for (auto match = option.globalMatch(
                 usageText().remove(doctorUsageText()).remove(shareUsageText()).remove(tokenUsageText()));
             match.hasNext();)
            named.append(match.next().captured());
        named.removeDuplicates();
        named.sort();
        QCOMPARE(named,
            (QStringList{u"--check-config"_s, u"--check-health"_s, u"--config"_s, u"--demo"_s, u"--help"_s,
                u"--print-config"_s, u"--version"_s}));
        for (const QString &each : named) {
            const CommandLine line = parseCommandLine({each});
            QVERIFY2(line.settings.isEmpty(), qPrintable(each));
            QVERIFY2(line.demo || line.task != CommandLine::Run || !line.problem.isEmpty(), qPrintable(each));
        }
    }
};

RELAY_TEST(tst_CommandLine)
#include "tst_commandline.moc"
