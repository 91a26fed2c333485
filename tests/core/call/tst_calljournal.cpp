// SPDX-License-Identifier: MIT
#include "core/call/calljournal.h"
#include "tests/support/relaytest.h"

#include <QTest>

using namespace rr;
using namespace Qt::StringLiterals;

class tst_CallJournal : public QObject
{
    Q_OBJECT

    static QVariant field(const JournalEntry &entry, const QByteArray &name)
    {
        for (const auto &[key, value] : entry.fields) {
            if (key == name)
                return value;
        }
        return {};
    }
    static void fillIn(CallRecord &record)
    {
        record.id = u"0badcafe"_s;
        record.clientAddress = u"192.0.2.7"_s;
        record.origin = u"https://app.example.org"_s;
        record.model = u"gpt-realtime"_s;
        record.kind = CallKind::Translation;
        record.startedNs = 1'000'000'000;
    }

private Q_SLOTS:
    void steps()
    {
        CallRecord record;
        fillIn(record);
        const JournalEntry opened = callOpened(record);
        QCOMPARE(opened.event, "session_opened");
        QCOMPARE(opened.call, u"0badcafe"_s);
        QCOMPARE(opened.level, LogLevel::Info);
        QCOMPARE(field(opened, "kind").toString(), u"translation"_s);

        record.connectMs.set(42);
        QCOMPARE(upstreamConnected(record).event, "upstream_connected");
        QCOMPARE(field(upstreamConnected(record), "connect_ms").toInt(), 42);
        record.firstAudioMs.set(317);
        QCOMPARE(firstAudio(record).event, "first_audio");
        QCOMPARE(field(firstAudio(record), "after_ms").toInt(), 317);

        for (const JournalEntry &each : {opened, upstreamConnected(record), firstAudio(record)}) {
            QCOMPARE(field(each, "client").toString(), u"192.0.2.7"_s);
            QCOMPARE(field(each, "origin").toString(), u"https://app.example.org"_s);
            QCOMPARE(field(each, "model").toString(), u"gpt-realtime"_s);
        }

        record.untold.answer(u"old"_s, u"new"_s);
        QCOMPARE(modelReplaced(record).event, "model_replaced");
        QVERIFY(plain(modelReplaced(record).message).contains(u"old; new"_s));
        QCOMPARE(field(modelReplaced(record), "answers").toString(), u"new"_s);
        QCOMPARE(temperatureIgnored(record).event, "temperature_ignored");
        for (const JournalEntry &each : {modelReplaced(record), temperatureIgnored(record)}) {
            QCOMPARE(each.level, LogLevel::Info);
            QCOMPARE(field(each, "client").toString(), u"192.0.2.7"_s);
        }
        QCOMPARE(eventDropped(record, u"x.y"_s).level, LogLevel::Debug);
        QCOMPARE(field(eventDropped(record, u"x.y"_s), "type").toString(), u"x.y"_s);

        const JournalEntry passed = eventPassed(record, true, "response.create", 77);
        QCOMPARE(passed.level, LogLevel::Debug);
        QCOMPARE(field(passed, "type").toString(), u"response.create"_s);
        QCOMPARE(field(passed, "bytes").toInt(), 77);
        QVERIFY(field(passed, "direction") != field(eventPassed(record, false, "x", 1), "direction"));
    }

    void theShareIsNamed()
    {
        CallRecord record;
        fillIn(record);
        for (const JournalEntry &each : {callOpened(record), upstreamConnected(record), callClosed(record)})
            QVERIFY(!field(each, "door").isValid());
        record.door = Door::Share;
        for (const JournalEntry &each : {callOpened(record), upstreamConnected(record), callClosed(record)})
            QCOMPARE(field(each, "door").toString(), u"share"_s);
    }

    void closed_data()
    {
        QTest::addColumn<int>("endedBy");
        QTest::addColumn<QString>("by");
        QTest::newRow("client") << int(EndedBy::Client) << u"client"_s;
        QTest::newRow("upstream") << int(EndedBy::Upstream) << u"upstream"_s;
        QTest::newRow("relay") << int(EndedBy::Relay) << u"relay"_s;
        QTest::newRow("operator") << int(EndedBy::Operator) << u"operator"_s;
    }
    void closed()
    {
        QFETCH(int, endedBy);
        QFETCH(QString, by);
        for (const bool failed : {false, true}) {
            CallRecord record;
            fillIn(record);
            record.up.messages.set(3);
            record.up.bytes.set(300);
            record.down.messages.set(5);
            record.down.bytes.set(5000);
            record.endedBy = EndedBy(endedBy);
            record.endReason = EndReason::InactivityTimeout;
            record.closeCode = 4408;
            record.closeReason = "It was time.";
            record.endedNs = 3'500'000'000;
            record.failed = failed;
            const JournalEntry entry = callClosed(record);
            QCOMPARE(entry.event, "session_closed");
            QCOMPARE(entry.level, failed ? LogLevel::Warning : LogLevel::Info);
            QCOMPARE(entry.message, Sentence("It was time."));
            QCOMPARE(field(entry, "by").toString(), by);
            QCOMPARE(field(entry, "reason").toString(), QStringLiteral("inactivity_timeout"));
            QCOMPARE(field(entry, "code").toInt(), 4408);
            QCOMPARE(field(entry, "up_messages").toInt(), 3);
            QCOMPARE(field(entry, "up_bytes").toInt(), 300);
            QCOMPARE(field(entry, "down_messages").toInt(), 5);
            QCOMPARE(field(entry, "down_bytes").toInt(), 5000);
            QCOMPARE(field(entry, "duration_ms").toInt(), 2500);
        }
    }

    void used()
    {
        CallRecord record;
        fillIn(record);
        for (const char *name :
            {"tokens_in", "tokens_out", "billed_ms", "cost_usd", "unpriced", "usage_unread"})
            QVERIFY(!field(callClosed(record), name).isValid()); // nothing was told
        UsageTotals used;
        used.usage = {1, 2, 3, 4, 5, 6, 7, 8, 0};
        used.cost = Money::ofPico(12'345'678'900);
        CallUsage::Counters &counters = record.usage.ofModel(record.usage.addModel({}));
        counters.add(used);
        QCOMPARE(field(callClosed(record), "tokens_in").toInt(), 21);
        QCOMPARE(field(callClosed(record), "tokens_out").toInt(), 15);
        QCOMPARE(field(callClosed(record), "cost_usd").toString(), u"0.012346"_s);
        for (const char *name : {"billed_ms", "unpriced", "usage_unread"})
            QVERIFY(!field(callClosed(record), name).isValid());

        counters.ms.set(1500);
        counters.unpriced.set(2);
        counters.unread.set(3);
        QCOMPARE(field(callClosed(record), "billed_ms").toInt(), 1500);
        QCOMPARE(field(callClosed(record), "unpriced").toInt(), 2);
        QCOMPARE(field(callClosed(record), "usage_unread").toInt(), 3);
        QVERIFY(field(callClosed(record), "cost_usd").isValid()); // so much at the least
        counters.costPico.set(0);
        QVERIFY(!field(callClosed(record), "cost_usd").isValid()); // unknown
        counters.unpriced.set(0);
        QCOMPARE(field(callClosed(record), "cost_usd").toString(), u"0.000000"_s);
        record.kind = CallKind::Sideband;
        QVERIFY(!field(callClosed(record), "cost_usd").isValid());
    }

    void theAccessTokenIsNamed()
    {
        CallRecord record;
        QVERIFY(!field(callOpened(record), "access").isValid());
        QVERIFY(!field(callClosed(record), "access").isValid());
        record.access = 7;
        record.accessName = u"demo"_s;
        QCOMPARE(field(callOpened(record), "access").toString(), u"demo"_s);
        QCOMPARE(field(callClosed(record), "access").toString(), u"demo"_s);
    }
};

RELAY_TEST(tst_CallJournal)
#include "tst_calljournal.moc"
