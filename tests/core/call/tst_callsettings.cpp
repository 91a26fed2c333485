// SPDX-License-Identifier: MIT
// A call keeps the settings of its birth, whatever a reload changes.
#include "core/wire/framewriter.h"
#include "tests/core/call/callfixture.h"
#include "tests/support/relaytest.h"

using namespace rr;
using namespace std::chrono_literals;
using namespace Qt::StringLiterals;

namespace {

constexpr auto shortTime = 30s; // the call opens within it
constexpr auto longTime = 1h;

void tickAfter(CallFixture &f, std::chrono::nanoseconds time)
{
    f.call->tick(CallRegistry::nowNs() + time.count());
}

} // namespace

class tst_CallSettings : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void time_data()
    {
        QTest::addColumn<QByteArray>("limit");
        QTest::addColumn<bool>("lowered");
        for (const char *limit : {"length", "inactivity", "stall", "heartbeat"}) {
            QTest::addRow("%s lowered", limit) << QByteArray(limit) << true;
            QTest::addRow("%s raised", limit) << QByteArray(limit) << false;
        }
    }
    void time()
    {
        QFETCH(QByteArray, limit);
        QFETCH(bool, lowered);
        const auto set = [&limit](Settings &settings, std::chrono::milliseconds time) {
            settings.sessionLimit = settings.inactivityTimeout = settings.stallTimeout = 0ms;
            settings.heartbeatInterval = 0ms;
            (limit == "length"              ? settings.sessionLimit
                    : limit == "inactivity" ? settings.inactivityTimeout
                    : limit == "stall"      ? settings.stallTimeout
                                            : settings.heartbeatInterval)
                = time;
        };
        CallFixture f;
        set(f.settings, lowered ? longTime : shortTime);
        QVERIFY(f.open());
        Settings changed = f.settings;
        set(changed, lowered ? shortTime : longTime);
        f.reload(changed);
        if (limit == "stall") {
            f.client->takes = 0;
            f.upstreamSays(makeFrame(FrameScanner::Sender::Server, Opcode::Text, "unread"));
            QTRY_VERIFY(f.client->backlogBytes() > 0);
        }
        tickAfter(f, 0s);
        const qsizetype knew = f.clientHeard().size();
        tickAfter(f, 1min); // longer than the one, shorter than the other
        if (limit == "heartbeat") {
            QCOMPARE(f.clientHeard().size() > knew, !lowered); // a ping
            return;
        }
        QCOMPARE(f.call->phase(), lowered ? Call::Phase::Open : Call::Phase::Closing);
        if (!lowered && limit != "stall")
            QVERIFY(f.clientHeard().at(knew).contains("30 seconds")); // the one that was in force
        if (lowered) {
            tickAfter(f, 2h);
            QCOMPARE(f.call->phase(), Call::Phase::Closing);
        }
    }

    void messageSize_data()
    {
        QTest::addColumn<bool>("lowered");
        QTest::newRow("lowered") << true;
        QTest::newRow("raised") << false;
    }
    void messageSize()
    {
        QFETCH(bool, lowered);
        const qint64 less = 2000;
        const qint64 more = 1024 * 1024;
        CallFixture f([](const QByteArray &) { return QByteArray(); });
        f.settings.maxMessageBytes = lowered ? more : less;
        f.start();
        Settings changed = f.settings;
        changed.maxMessageBytes = lowered ? less : more;
        f.reload(changed); // during the dial
        QTRY_COMPARE(f.upstream.heads.size(), 1);
        f.upstreamSays(switchingProtocols(f.upstream.heads[0]));
        QTRY_COMPARE(f.call->phase(), Call::Phase::Open);
        f.clientSays(Opcode::Text, QByteArray(3000, 'x'));
        QCOMPARE(f.call->phase(), lowered ? Call::Phase::Open : Call::Phase::Closing);
        if (!lowered)
            QVERIFY(f.clientHeard().at(0).contains("2000 bytes"));
    }

    void debugIsLive()
    {
        CallFixture f;
        f.journal.setLevel(LogLevel::Debug);
        QVERIFY(f.open());
        const auto events = [&f] {
            int count = 0;
            for (const JournalEntry &entry : f.journal.entriesAfter(0))
                count += entry.event == "event";
            return count;
        };
        f.clientSays(Opcode::Text, "{}");
        QCOMPARE(events(), 0);
        f.settings.debug = true;
        f.reload(f.settings);
        f.clientSays(Opcode::Text, "{}");
        QCOMPARE(events(), 1);
    }
};

RELAY_TEST(tst_CallSettings)
#include "tst_callsettings.moc"
