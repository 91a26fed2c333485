// SPDX-License-Identifier: MIT
#include "core/relay/pump.h"
#include "core/websocket/framewriter.h"
#include "tests/core/websocket/memorystream.h"

#include <QTest>

#include <functional>

using namespace rr;
using Sender = FrameScanner::Sender;

namespace {

QByteArray text(const QByteArray &payload, Sender sender = Sender::Server)
{
    return makeFrame(sender, Opcode::Text, payload);
}

/// A fragment: a whole frame with another first byte.
QByteArray fragment(quint8 first, const QByteArray &payload)
{
    QByteArray frame = text(payload);
    frame[0] = char(first);
    return frame;
}

struct Fixture final : Pump::Watcher
{
    explicit Fixture(Sender sender = Sender::Server)
        : pump(sender, from, &to, 1'000'000, space, budget, counters, *this)
    {
        from.reading = true;
        budget.setLimits(256 * 1024, 64 * 1024 * 1024);
    }

    void messageStarted(const Pump &, QByteArrayView start) override
    {
        starts.append(start.toByteArray().left(8));
    }
    void messageEnded(const Pump &, qint64 bytes) override { sizes.append(bytes); }
    bool controlFrame(const Pump &, Opcode opcode, QByteArrayView payload) override
    {
        controls.append(QByteArray::number(int(opcode)) + ' ' + payload.toByteArray());
        if (opcode == Opcode::Close && onClose)
            onClose();
        return payload != "mine";
    }
    void breached(const Pump &, quint16 closeCode) override { breaches.append(closeCode); }
    void stoppedAtBoundary(const Pump &p) override
    {
        ++stops;
        boundaryWhenStopped = p.atMessageBoundary();
        writtenWhenStopped = to.written;
    }

    /// Lets all of `bytes` come, cut at `cuts`.
    void feed(const QByteArray &bytes, const QList<qsizetype> &cuts = {})
    {
        qsizetype at = 0;
        for (const qsizetype cut : cuts + QList{bytes.size()}) {
            from.incoming += bytes.mid(at, cut - at);
            at = cut;
            while (from.reading && from.hasWaiting())
                pump.run();
        }
    }

    MemoryStream from;
    MemoryStream to;
    BufferBudget budget;
    DirectionCounters counters;
    PumpSpace space;
    QList<QByteArray> starts;
    QList<qint64> sizes;
    QList<QByteArray> controls;
    QList<quint16> breaches;
    int stops = 0;
    bool boundaryWhenStopped = false;
    QByteArray writtenWhenStopped;
    std::function<void()> onClose;
    Pump pump;
};

/// Every kind of frame, and fragments with control frames between them.
QByteArray conversation()
{
    return text("hello") + makeFrame(Sender::Server, Opcode::Ping, "ping") + fragment(0x01, "frag")
        + makeFrame(Sender::Server, Opcode::Pong, "pong") + fragment(0x00, "") + fragment(0x80, "ment")
        + text(QByteArray(300, 'L')) + makeFrame(Sender::Server, Opcode::Binary, {})
        + makeFrame(Sender::Server, Opcode::Close, QByteArray::fromHex("03e8"));
}

} // namespace

Q_DECLARE_METATYPE(rr::Opcode)

class tst_Pump : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void passesUnchangedAtEverySplit()
    {
        const QByteArray all = conversation();
        for (qsizetype cut = 1; cut < all.size(); ++cut) {
            Fixture f;
            f.feed(all, {cut});
            QCOMPARE(f.to.written, all);
            QCOMPARE(f.counters.messages.value(), 4);
            QCOMPARE(f.counters.bytes.value(), all.size());
            QCOMPARE(f.starts.size(), 4);
            QCOMPARE(f.sizes, (QList<qint64>{5, 8, 300, 0}));
            QCOMPARE(f.controls,
                (QList<QByteArray>{"9 ping", "10 pong", QByteArray("8 ") + QByteArray::fromHex("03e8")}));
            QVERIFY(f.pump.takeHeard() && f.pump.takeHeardData());
            QVERIFY(!f.pump.takeHeard() && !f.pump.takeHeardData());
        }
    }

    void wholeChunkIsOneWrite()
    {
        Fixture f;
        f.feed(text("one") + text("two") + text("three"));
        QCOMPARE(f.to.writes, 1);
    }

    // Or one call's flood of them would be a system call each, and make all others of its thread wait.
    void controlFramesThatPassAreNoWritesOfTheirOwn_data()
    {
        QTest::addColumn<Opcode>("opcode");
        QTest::newRow("pings") << Opcode::Ping;
        QTest::newRow("pongs") << Opcode::Pong;
    }
    void controlFramesThatPassAreNoWritesOfTheirOwn()
    {
        QFETCH(Opcode, opcode);
        QByteArray all = text("before", Sender::Client);
        for (int i = 0; i < 10'000; ++i)
            all += makeFrame(Sender::Client, opcode, {});
        all += text("after", Sender::Client);
        QVERIFY(all.size() < qsizetype(sizeof(PumpSpace))); // one read
        Fixture f(Sender::Client);
        f.feed(all);
        QVERIFY(f.to.written == all);
        QCOMPARE(f.controls.size(), 10'000);
        QCOMPARE(f.to.writes, 1);
        QCOMPARE(f.counters.bytes.value(), all.size());
    }

    // What was not written yet must come before what is put in, and before what is written past the pump.
    void keepsTheOrderAroundAClose_data()
    {
        QTest::addColumn<QByteArray>("payload"); ///< of the close frame
        QTest::addColumn<QByteArray>("injected"); ///< by the watcher, in the call that tells it of the close
        QTest::addColumn<bool>("stopped"); ///< in that call; the watcher then writes "bye" itself
        QTest::newRow("passes") << QByteArray("\x03\xe8 ok") << QByteArray() << false;
        QTest::newRow("is replaced") << QByteArray("mine") << QByteArray("instead") << false;
        QTest::newRow("has something put before it")
            << QByteArray("\x03\xe8") << QByteArray("before") << false;
        QTest::newRow("is answered past the pump") << QByteArray("mine") << QByteArray() << true;
    }
    void keepsTheOrderAroundAClose()
    {
        QFETCH(QByteArray, payload);
        QFETCH(QByteArray, injected);
        QFETCH(bool, stopped);
        const QByteArray ping = makeFrame(Sender::Server, Opcode::Ping, "ping");
        const QByteArray before = text("text") + ping + ping;
        const QByteArray close = makeFrame(Sender::Server, Opcode::Close, payload);
        const QByteArray after = ping + text("after") + ping;
        const QByteArray putIn = injected.isEmpty() ? QByteArray() : text(injected);
        QByteArray expected = before + putIn;
        if (stopped)
            expected += "bye";
        else
            expected += (payload == "mine" ? QByteArray() : close) + after;

        const QByteArray all = before + close + after;
        for (qsizetype cut = 1; cut < all.size(); ++cut) {
            Fixture f;
            f.onClose = [&] {
                if (!putIn.isEmpty())
                    QVERIFY(f.pump.inject(putIn));
                if (stopped) {
                    f.pump.stop();
                    f.to.write("bye");
                }
            };
            f.feed(all, {cut});
            QCOMPARE(f.to.written, expected);
        }
    }

    void unmasksForTheWatcherOnly()
    {
        Fixture f(Sender::Client);
        const QByteArray all
            = text("{\"type\":", Sender::Client) + makeFrame(Sender::Client, Opcode::Ping, "hi");
        f.feed(all);
        QCOMPARE(f.to.written, all);
        QCOMPARE(f.starts, (QList<QByteArray>{"{\"type\":"}));
        QCOMPARE(f.controls, (QList<QByteArray>{"9 hi"}));
    }

    void keepsBackWhatIsForTheRelay()
    {
        const QByteArray ping = makeFrame(Sender::Server, Opcode::Ping, "theirs");
        const QByteArray before = text("before") + ping + fragment(0x01, "a") + ping;
        const QByteArray after
            = makeFrame(Sender::Server, Opcode::Pong, "theirs") + fragment(0x80, "b") + ping + text("after");
        const QByteArray all = before + makeFrame(Sender::Server, Opcode::Pong, "mine") + after;
        for (qsizetype cut = 1; cut < all.size(); ++cut) {
            Fixture f;
            f.feed(all, {cut});
            QCOMPARE(f.to.written, before + after);
            QCOMPARE(f.counters.bytes.value(), (before + after).size());
        }
    }

    // At whatever byte the stream stands: in between two frames at once, else behind the frame that passes.
    void injectsOnlyBetweenFrames()
    {
        const QByteArray all = conversation();
        const QByteArray ping = makeFrame(Sender::Server, Opcode::Ping, "relay");
        QSet<QByteArray> allowed; // the stream with the ping at each frame boundary
        FrameScanner scanner(Sender::Server, 1'000'000);
        const char *at = all.constData();
        do {
            QByteArray with = all;
            allowed.insert(with.insert(at - all.constData(), ping));
        } while (scanner.next(at, all.constData() + all.size()).kind != FrameScanner::Step::NeedMore);
        QSet<QByteArray> seen;
        for (qsizetype cut = 0; cut <= all.size(); ++cut) {
            Fixture f;
            f.feed(all.left(cut));
            const bool atOnce = f.pump.inject(ping);
            QCOMPARE(atOnce, f.pump.atFrameBoundary());
            QCOMPARE(f.pump.hasInjectionWaiting(), !atOnce);
            f.feed(all.mid(cut));
            QVERIFY(!f.pump.hasInjectionWaiting());
            QVERIFY2(allowed.contains(f.to.written), qPrintable(QString::number(cut)));
            seen.insert(f.to.written);
        }
        QCOMPARE(seen.size(), allowed.size());
    }

    void stopsReadingAtTheHighMark()
    {
        Fixture f;
        f.budget.setLimits(100'000, 64 * 1024 * 1024);
        f.to.takes = 0;
        QByteArray all;
        for (int i = 0; i < 100; ++i)
            all += text(QByteArray(10'000, char('a' + i % 26)));
        f.from.incoming = all;
        for (int i = 0; i < 50 && f.from.reading; ++i)
            f.pump.run();
        QVERIFY(!f.from.reading);
        QVERIFY(f.pump.isPaused());
        QVERIFY(f.to.written.size() >= 100'000 && f.to.written.size() <= 104'096);
        QCOMPARE(f.counters.backlogBytes.value(), f.to.backlogBytes());
        QVERIFY(f.budget.chargedBytes() > 0);

        f.to.takes = f.to.written.size() - 50'001; // not yet down at the low mark
        f.pump.resume();
        QVERIFY(!f.from.reading);
        f.to.takes += 1;
        f.pump.resume();
        QVERIFY(f.from.reading || f.to.backlogBytes() >= 100'000);

        for (int i = 0; i < 1000 && f.to.written.size() < all.size(); ++i) {
            f.to.takes = f.to.written.size();
            f.pump.resume();
            if (f.from.reading)
                f.pump.run();
        }
        QVERIFY(f.to.written == all);
        QCOMPARE(f.counters.messages.value(), 100);
        f.to.takes = f.to.written.size();
        f.pump.resume();
        QCOMPARE(f.budget.chargedBytes(), 0);
    }

    void stopResumesReading()
    {
        Fixture f;
        f.to.takes = 0;
        f.from.incoming = text(QByteArray(900'000, 'x'));
        for (int i = 0; i < 50 && f.from.reading; ++i)
            f.pump.run();
        QVERIFY(f.pump.isPaused());
        const QByteArray before = f.to.written;
        f.pump.stop();
        QVERIFY(f.from.reading);
        QVERIFY(!f.pump.isPaused());
        QCOMPARE(f.budget.chargedBytes(), 0);
        const qint64 messages = f.counters.messages.value();
        f.feed(makeFrame(Sender::Server, Opcode::Close, {}));
        QVERIFY(f.to.written == before); // looked at and dropped
        QCOMPARE(f.controls.size(), 1);
        QCOMPARE(f.counters.messages.value(), messages);
    }

    void stopsAtMessageBoundary_data()
    {
        QTest::addColumn<QByteArray>("before");
        QTest::addColumn<QByteArray>("rest"); ///< of the message; empty: there is none
        const QByteArray whole = text("whole message");
        QTest::newRow("nothing yet") << QByteArray() << QByteArray();
        QTest::newRow("between messages") << whole << QByteArray();
        QTest::newRow("in a frame") << whole.left(7) << whole.mid(7);
        QTest::newRow("between fragments")
            << fragment(0x01, "a") << fragment(0x00, "b") + fragment(0x80, "c");
        QTest::newRow("before a ping")
            << fragment(0x01, "a") << makeFrame(Sender::Server, Opcode::Ping, "ping") + fragment(0x80, "b");
        QTest::newRow("in a fragment")
            << fragment(0x01, "abc").left(4) << fragment(0x01, "abc").mid(4) + fragment(0x80, "");
    }
    void stopsAtMessageBoundary()
    {
        QFETCH(QByteArray, before);
        QFETCH(QByteArray, rest);
        Fixture f;
        f.feed(before);
        QCOMPARE(f.pump.stopAtMessageBoundary(), rest.isEmpty());
        f.feed(rest + text("one too many"));
        QCOMPARE(f.to.written, before + rest);
        QCOMPARE(f.stops, rest.isEmpty() ? 0 : 1);
        if (!rest.isEmpty()) {
            QVERIFY(f.boundaryWhenStopped);
            QCOMPARE(f.writtenWhenStopped, before + rest);
        }
    }

    void breach()
    {
        const QByteArray good
            = text("good") + fragment(0x01, "half") + makeFrame(Sender::Server, Opcode::Ping, "ping");
        const QByteArray bad = text("not allowed here");
        for (qsizetype cut = 1; cut < good.size() + bad.size(); ++cut) {
            Fixture f;
            f.feed(good + bad, {cut});
            QCOMPARE(f.breaches, QList<quint16>{1002});
            QCOMPARE(f.to.written, good); // nothing of it, and nothing behind it
            f.feed(text("more"));
            QCOMPARE(f.to.written, good);
            QCOMPARE(f.breaches.size(), 1);
        }
    }

    void tooLarge()
    {
        Fixture f;
        f.feed(text("good") + text(QByteArray(1'000'001, 'x')).left(20));
        QCOMPARE(f.breaches, QList<quint16>{1009});
        QCOMPARE(f.to.written, text("good"));
    }

    void nobodyToPassTo()
    {
        Fixture f;
        DirectionCounters counters;
        Pump pump(Sender::Server, f.from, nullptr, 1000, f.space, f.budget, counters, f);
        f.from.incoming = conversation();
        pump.run();
        QVERIFY(!f.from.hasWaiting());
        QCOMPARE(f.controls.size(), 3);
        QCOMPARE(counters.messages.value(), 0);
        QCOMPARE(counters.bytes.value(), 0);
    }
};

QTEST_GUILESS_MAIN(tst_Pump)
#include "tst_pump.moc"
