// SPDX-License-Identifier: MIT
#include "app/daemon/tokencommandline.h"

#include "app/daemon/commandline.h"
#include "core/config/usd.h"
#include "tests/support/relaytest.h"

#include <QTest>

using namespace rr;
using namespace Qt::StringLiterals;

namespace {

QDateTime utc(const QString &text)
{
    return QDateTime::fromString(text, Qt::ISODate);
}

} // namespace

class tst_TokenCommandLine : public QObject
{
    Q_OBJECT
    const QDateTime m_now = utc(u"2026-11-27T12:00:00Z"_s);

private Q_SLOTS:
    void all()
    {
        const CommandLine line = parseCommandLine({u"token"_s, u"add"_s, u"a demo"_s, u"--expires"_s,
            u"never"_s, u"--models=gpt-realtime,gpt-4o-realtime"_s, u"--origins"_s,
            u"https://a.example/, https://*.b.example"_s, u"--calls"_s, u"3"_s, u"--minutes=30"_s,
            u"--usd-a-day"_s, u"5"_s, u"--usd-in-all"_s, u"20.50"_s, u"--json"_s, u"--store-url"_s,
            u"sqlite:x"_s, u"--config=f.json"_s});
        QCOMPARE(line.problem, QString());
        QCOMPARE(line.configFile, u"f.json"_s);
        QCOMPARE(line.settings, (QStringList{u"--store-url"_s, u"sqlite:x"_s}));
        QVERIFY(line.token);
        QCOMPARE(int(line.token->verb), int(TokenCommandLine::Add));
        QCOMPARE(line.token->name, u"a demo"_s);
        QVERIFY(line.token->json);
        const AccessTerms terms = changed({}, *line.token);
        QVERIFY(!terms.expiresAt.isValid());
        QCOMPARE(terms.models, (QStringList{u"gpt-realtime"_s, u"gpt-4o-realtime"_s}));
        QCOMPARE(terms.origins, (QStringList{u"https://a.example"_s, u"https://*.b.example"_s}));
        QCOMPARE(terms.callsAtOnce, 3);
        QCOMPARE(terms.minutesACall, 30);
        QCOMPARE(terms.usdADay.pico(), readUsd(u"5"_s)->pico());
        QCOMPARE(terms.usdInAll.pico(), readUsd(u"20.5"_s)->pico());
    }

    void theWordCountsAtTheFrontOnly()
    {
        QVERIFY(!parseCommandLine({u"--demo"_s, u"token"_s}).token);
        QVERIFY(!parseCommandLine({}).token);
        QVERIFY(parseCommandLine({u"token"_s, u"list"_s}).token);
    }

    void changesWhatItSaysAlone()
    {
        AccessTerms before;
        before.id = 7;
        before.name = u"demo"_s;
        before.expiresAt = m_now;
        before.models = QStringList{u"m"_s};
        before.callsAtOnce = 2;
        before.usdADay = Money::ofPico(1);
        const auto line
            = parseTokenCommandLine({u"set"_s, u"demo"_s, u"--calls=none"_s, u"--name"_s, u"other"_s}, m_now);
        QCOMPARE(line.problem, QString());
        AccessTerms expected = before;
        expected.callsAtOnce = 0;
        expected.name = u"other"_s;
        QVERIFY(changed(before, line) == expected);
        const auto all
            = parseTokenCommandLine({u"set"_s, u"demo"_s, u"--models=none"_s, u"--origins=none"_s,
                                        u"--expires=never"_s, u"--usd-a-day=none"_s, u"--usd-in-all=none"_s},
                m_now);
        QCOMPARE(all.problem, QString());
        const AccessTerms open = changed(before, all);
        QVERIFY(open.models.isEmpty());
        QVERIFY(!open.expiresAt.isValid());
        QVERIFY(!open.isBounded());
    }

    void expiry_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("at"); ///< empty: none
        QTest::newRow("minutes") << u"30m"_s << u"2026-11-27T12:30:00Z"_s;
        QTest::newRow("hours") << u"12h"_s << u"2026-11-28T00:00:00Z"_s;
        QTest::newRow("days") << u"7d"_s << u"2026-12-04T12:00:00Z"_s;
        QTest::newRow("weeks") << u"4w"_s << u"2026-12-25T12:00:00Z"_s;
        QTest::newRow("a day, to its end") << u"2026-12-31"_s << u"2027-01-01T00:00:00Z"_s;
        QTest::newRow("today") << u"2026-11-27"_s << u"2026-11-28T00:00:00Z"_s;
        QTest::newRow("a moment") << u"2026-11-27T18:00Z"_s << u"2026-11-27T18:00:00Z"_s;
        QTest::newRow("a moment with seconds") << u"2026-11-27T18:00:01Z"_s << u"2026-11-27T18:00:01Z"_s;
        QTest::newRow("yesterday") << u"2026-11-26"_s << QString();
        QTest::newRow("a moment before") << u"2026-11-27T11:59Z"_s << QString();
        QTest::newRow("no such day") << u"2026-02-30"_s << QString();
        QTest::newRow("no time at all") << u"0d"_s << QString();
        QTest::newRow("without a unit") << u"7"_s << QString();
        QTest::newRow("another unit") << u"7y"_s << QString();
        QTest::newRow("less than nothing") << u"-1d"_s << QString();
        QTest::newRow("local time") << u"2026-12-31T18:00"_s << QString();
        QTest::newRow("words") << u"tomorrow"_s << QString();
        QTest::newRow("nothing") << QString() << QString();
    }
    void expiry()
    {
        QFETCH(QString, text);
        QFETCH(QString, at);
        const auto expires = expiryFrom(text, m_now);
        QCOMPARE(expires.has_value(), !at.isEmpty());
        QVERIFY(at.isEmpty() || *expires == utc(at));
        QVERIFY(expiryFrom(u"never"_s, m_now) && !expiryFrom(u"never"_s, m_now)->isValid());
    }

    void problems_data()
    {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<QString>("says");
        QTest::newRow("nothing") << QStringList{} << u"add, list, revoke or set"_s;
        QTest::newRow("another word") << QStringList{u"delete"_s, u"a"_s} << u"\"delete\""_s;
        for (const QString &verb : {u"add"_s, u"revoke"_s, u"set"_s})
            QTest::newRow(qPrintable(verb + " without a name"_L1)) << QStringList{verb} << u"name"_s;
        QTest::newRow("add to another name")
            << QStringList{u"add"_s, u"a"_s, u"--name"_s, u"b"_s} << u"without --name"_s;
        QTest::newRow("set nothing") << QStringList{u"set"_s, u"a"_s} << u"what is to be changed"_s;
        QTest::newRow("revoke with limits")
            << QStringList{u"revoke"_s, u"a"_s, u"--calls=1"_s} << u"name alone"_s;
        QTest::newRow("list one") << QStringList{u"list"_s, u"a"_s} << u"no name"_s;
        QTest::newRow("a name of two lines") << QStringList{u"add"_s, u"a\nb"_s} << u"1 to 64"_s;
        QTest::newRow("a long name") << QStringList{u"add"_s, QString(65, u'a')} << u"1 to 64"_s;
        QTest::newRow("blanks around a name") << QStringList{u"add"_s, u" a"_s} << u"1 to 64"_s;
        const auto value = [](const char *option, const QString &text, const QString &says) {
            QTest::newRow(qPrintable(QString::fromLatin1(option) + text))
                << QStringList{u"add"_s, u"a"_s, QString::fromLatin1(option) + text} << says;
        };
        value("--expires=", u"soon"_s, u"7d"_s);
        value("--expires=", u"\x1b[2J"_s, u"\"?[2J\""_s);
        value("--models=", QString(), u"comma separated"_s);
        value("--models=", u"a,,b"_s, u"comma separated"_s);
        value("--models=", u"a b"_s, u"comma separated"_s);
        value("--origins=", u"example.org"_s, u"https://"_s);
        value("--origins=", u"https://*.com"_s, u"https://"_s);
        value("--calls=", u"0"_s, u"or none"_s);
        value("--calls=", u"many"_s, u"or none"_s);
        value("--minutes=", u"-5"_s, u"or none"_s);
        value("--usd-a-day=", u"0"_s, u"or none"_s);
        value("--usd-a-day=", u"$5"_s, u"or none"_s);
        value("--usd-in-all=", QString(), u"or none"_s);
        QTest::newRow("no value") << QStringList{u"add"_s, u"a"_s, u"--calls"_s} << u"needs a value"_s;
    }
    void problems()
    {
        QFETCH(QStringList, arguments);
        QFETCH(QString, says);
        const QString problem = parseTokenCommandLine(arguments, m_now).problem;
        QVERIFY2(problem.contains(says), qPrintable(problem));
        QCOMPARE(parseCommandLine(QStringList{u"token"_s} + arguments).problem.isEmpty(), false);
    }

    void helps()
    {
        const CommandLine line = parseCommandLine({u"token"_s, u"--help"_s});
        QCOMPARE(int(line.task), int(CommandLine::Help));
        QCOMPARE(line.problem, QString());
        const QString usage = usageText();
        for (const QString &option : {u"--expires"_s, u"--models"_s, u"--origins"_s, u"--calls"_s,
                 u"--minutes"_s, u"--usd-a-day"_s, u"--usd-in-all"_s, u"--name"_s, u"--json"_s})
            QVERIFY2(tokenUsageText().contains(option), qPrintable(option));
        QVERIFY(usage.contains(tokenUsageText()));
    }
};

RELAY_TEST(tst_TokenCommandLine)
#include "tst_tokencommandline.moc"
