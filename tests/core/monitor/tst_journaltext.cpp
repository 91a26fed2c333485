// SPDX-License-Identifier: MIT
#include "core/monitor/journal.h"
#include "tests/support/relaytest.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

#include <limits>

using namespace rr;
using namespace Qt::StringLiterals;

namespace {

JournalEntry saying(const QString &message)
{
    JournalEntry result;
    result.time = QDateTime::fromString(u"2026-11-23T10:00:00.123Z"_s, Qt::ISODateWithMs);
    result.event = "session_closed";
    result.call = u"a1b2c3d4"_s;
    result.message = asTheySaid(message);
    return result;
}

} // namespace

class TestJournalText : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void text()
    {
        JournalEntry closed = saying(u"Closed by the client."_s);
        closed.fields = {{"code"_ba, 1000}, {"reason"_ba, u"bye"_s}, {"up_messages"_ba, qint64(12)}};
        QCOMPARE(journalLine(closed, LogFormat::Text),
            "2026-11-23T10:00:00.123Z INFO  a1b2c3d4 Closed by the client. code=1000 reason=bye up_messages=12"_ba);
        closed.call.clear();
        closed.level = LogLevel::Warning;
        closed.fields.clear();
        QCOMPARE(
            journalLine(closed, LogFormat::Text), "2026-11-23T10:00:00.123Z WARN  Closed by the client."_ba);
    }

    void json()
    {
        JournalEntry closed = saying(u"Closed by the client."_s);
        closed.fields = {{"code"_ba, 1000}, {"reason"_ba, u"bye"_s}};
        QCOMPARE(journalLine(closed, LogFormat::Json),
            R"({"time":"2026-11-23T10:00:00.123Z","level":"info","event":"session_closed","session":"a1b2c3d4",)"
            R"("message":"Closed by the client.","code":1000,"reason":"bye"})"_ba);
        closed.call.clear();
        QVERIFY(!journalLine(closed, LogFormat::Json).contains("session\""));
    }

    void levels_data()
    {
        QTest::addColumn<int>("level");
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QString>("json");
        QTest::newRow("debug") << int(LogLevel::Debug) << " DEBUG a1"_ba << u"debug"_s;
        QTest::newRow("info") << int(LogLevel::Info) << " INFO  a1"_ba << u"info"_s;
        QTest::newRow("warning") << int(LogLevel::Warning) << " WARN  a1"_ba << u"warning"_s;
        QTest::newRow("error") << int(LogLevel::Error) << " ERROR a1"_ba << u"error"_s;
    }
    void levels()
    {
        QFETCH(int, level);
        QFETCH(QByteArray, text);
        QFETCH(QString, json);
        JournalEntry any = saying(u"m"_s);
        any.level = LogLevel(level);
        QVERIFY(journalLine(any, LogFormat::Text).contains(text));
        QCOMPARE(
            QJsonDocument::fromJson(journalLine(any, LogFormat::Json)).object()[u"level"].toString(), json);
    }

    void values_data()
    {
        QTest::addColumn<QVariant>("value");
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("json");
        QTest::newRow("int") << QVariant(-5) << "-5"_ba
                             << "-5"_ba;
        QTest::newRow("large") << QVariant(std::numeric_limits<quint64>::max()) << "18446744073709551615"_ba
                               << "18446744073709551615"_ba;
        QTest::newRow("close code") << QVariant::fromValue(quint16(4408)) << "4408"_ba
                                    << "4408"_ba;
        QTest::newRow("double") << QVariant(1.5) << "1.5"_ba
                                << "1.5"_ba;
        QTest::newRow("not a number") << QVariant(std::numeric_limits<double>::quiet_NaN()) << "nan"_ba
                                      << "null"_ba;
        QTest::newRow("bool") << QVariant(true) << "true"_ba
                              << "true"_ba;
        QTest::newRow("nothing") << QVariant() << "\"\""_ba
                                 << "null"_ba;
        QTest::newRow("empty") << QVariant(u""_s) << "\"\""_ba
                               << "\"\""_ba;
        QTest::newRow("word") << QVariant(u"bye"_s) << "bye"_ba
                              << "\"bye\""_ba;
        QTest::newRow("address") << QVariant(u"http://[::1]:80"_s) << "http://[::1]:80"_ba
                                 << "\"http://[::1]:80\""_ba;
        QTest::newRow("blank") << QVariant(u"a b"_s) << "\"a b\""_ba
                               << "\"a b\""_ba;
        QTest::newRow("quote") << QVariant(u"a\"b"_s) << "\"a\\\"b\""_ba
                               << "\"a\\\"b\""_ba;
        QTest::newRow("backslash") << QVariant(u"a\\b"_s) << "\"a\\\\b\""_ba
                                   << "\"a\\\\b\""_ba;
        QTest::newRow("equals sign") << QVariant(u"a=b"_s) << "\"a=b\""_ba
                                     << "\"a=b\""_ba;
        QTest::newRow("bytes") << QVariant("a\xC3\xA9"_ba) << "a\xC3\xA9"_ba
                               << "\"a\xC3\xA9\""_ba;
        QTest::newRow("list") << QVariant(QStringList{u"a"_s, u"b"_s}) << "a,b"_ba
                              << "\"a,b\""_ba;
    }
    void values()
    {
        QFETCH(QVariant, value);
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, json);
        JournalEntry any = saying(u"m"_s);
        any.fields = {{"f"_ba, value}};
        QCOMPARE(journalLine(any, LogFormat::Text).split(' ').mid(5).join(' '), "f=" + text);
        const QByteArray line = journalLine(any, LogFormat::Json);
        QVERIFY2(line.endsWith(",\"f\":" + json + '}'), line.constData());
    }

    void escapes_data()
    {
        QTest::addColumn<QString>("from");
        QTest::addColumn<QByteArray>("escaped");
        QTest::newRow("line feed") << u"\n"_s << "\\n"_ba;
        QTest::newRow("carriage return") << u"\r"_s << "\\r"_ba;
        QTest::newRow("tab") << u"\t"_s << "\\t"_ba;
        QTest::newRow("zero") << QString(1, QChar(0)) << "\\u0000"_ba;
        QTest::newRow("escape") << u"\u001b[2J"_s << "\\u001b[2J"_ba;
        QTest::newRow("DEL") << u"\u007f"_s << "\\u007f"_ba;
        QTest::newRow("C1 next line") << QString(QChar(0x85)) << "\\u0085"_ba;
        QTest::newRow("C1 control sequence") << QString(QChar(0x9B)) << "\\u009b"_ba;
        QTest::newRow("line separator") << u"\u2028"_s << "\\u2028"_ba;
        QTest::newRow("paragraph separator") << u"\u2029"_s << "\\u2029"_ba;
        QTest::newRow("override") << u"\u202e"_s << "\\u202e"_ba;
        QTest::newRow("isolate") << u"\u2066"_s << "\\u2066"_ba;
        QTest::newRow("mark") << u"\u200f"_s << "\\u200f"_ba;
        QTest::newRow("Arabic letter mark") << u"\u061c"_s << "\\u061c"_ba;
        QTest::newRow("half a pair") << QString(QChar(0xD83D)) << "\xEF\xBF\xBD"_ba;
        QTest::newRow("a pair") << u"😀"_s << "\xF0\x9F\x98\x80"_ba;
        QTest::newRow("letters") << u"üж漢"_s << "üж漢"_ba;
    }
    void escapes()
    {
        QFETCH(QString, from);
        QFETCH(QByteArray, escaped);
        JournalEntry any = saying(u"a"_s + from + u"b"_s);
        any.call = plain(any.message);
        any.fields = {{"f"_ba, any.call}};
        const QByteArray expected = 'a' + escaped + 'b';

        const QByteArray text = journalLine(any, LogFormat::Text);
        QVERIFY2(text.contains("INFO  " + expected + ' ' + expected + " f="), text.constData());
        QCOMPARE(text.count(expected), 3);

        const QByteArray json = journalLine(any, LogFormat::Json);
        QCOMPARE(json.count(expected), 3);
        QJsonParseError problem;
        const QJsonObject object = QJsonDocument::fromJson(json, &problem).object();
        QVERIFY2(problem.error == QJsonParseError::NoError, json.constData());
        if (!from.front().isSurrogate() || from.size() > 1)
            QCOMPARE(object[u"message"].toString(), any.call);
    }
};

RELAY_TEST(TestJournalText)
#include "tst_journaltext.moc"
