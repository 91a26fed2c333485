// SPDX-License-Identifier: MIT
#include "core/relay/sessionjournal.h"

#include <QTest>

using namespace rr;
using namespace Qt::StringLiterals;

class tst_SessionJournal : public QObject
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
    static void fillIn(SessionRecord &record)
    {
        record.id = u"0badcafe"_s;
        record.clientAddress = u"192.0.2.7"_s;
        record.origin = u"https://app.example.org"_s;
        record.model = u"gpt-realtime"_s;
        record.startedNs = 1'000'000'000;
    }

private Q_SLOTS:
    void steps()
    {
        SessionRecord record;
        fillIn(record);
        const JournalEntry opened = sessionOpened(record);
        QCOMPARE(opened.event, "session_opened");
        QCOMPARE(opened.session, u"0badcafe"_s);
        QCOMPARE(opened.level, LogLevel::Info);

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

        const JournalEntry passed = eventPassed(record, true, "response.create", 77);
        QCOMPARE(passed.level, LogLevel::Debug);
        QCOMPARE(field(passed, "type").toString(), u"response.create"_s);
        QCOMPARE(field(passed, "bytes").toInt(), 77);
        QVERIFY(field(passed, "direction") != field(eventPassed(record, false, "x", 1), "direction"));
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
            SessionRecord record;
            fillIn(record);
            record.up.messages.set(3);
            record.up.bytes.set(300);
            record.down.messages.set(5);
            record.down.bytes.set(5000);
            record.endedBy = EndedBy(endedBy);
            record.endReason = "inactivity_timeout";
            record.closeCode = 4408;
            record.closeReason = u"It was time."_s;
            record.endedNs = 3'500'000'000;
            record.failed = failed;
            const JournalEntry entry = sessionClosed(record);
            QCOMPARE(entry.event, "session_closed");
            QCOMPARE(entry.level, failed ? LogLevel::Warning : LogLevel::Info);
            QCOMPARE(entry.message, u"It was time."_s);
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
};

QTEST_GUILESS_MAIN(tst_SessionJournal)
#include "tst_sessionjournal.moc"
