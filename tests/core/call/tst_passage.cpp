// SPDX-License-Identifier: MIT
#include "core/call/passage.h"
#include "core/wire/framewriter.h"
#include "tests/core/call/frames.h"
#include "tests/core/wire/memorystream.h"
#include "tests/support/relaytest.h"

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
QByteArray fragment(quint8 first, const QByteArray &payload, Sender sender = Sender::Server)
{
    QByteArray frame = text(payload, sender);
    frame[0] = char(first);
    return frame;
}

struct Fixture final : Passage::Watcher
{
    explicit Fixture(Side side = Side::Upstream)
        : passage(side, from, &to, 1'000'000, space, budget, counters, *this)
    {
        from.reading = true;
        budget.setLimits(256 * 1024, 64 * 1024 * 1024);
    }

    Fate messageStarted(Side, Opcode opcode, QByteArrayView start) override
    {
        starts.append(start.toByteArray().left(8));
        opcodes.append(opcode);
        return fate ? fate(start) : Fate::Pass;
    }
    void messageEnded(Side, qint64 bytes) override { sizes.append(bytes); }
    void messageRead(Side, const QByteArray &whole) override
    {
        read.append(whole);
        writtenWhenRead = to.written;
        if (onWhole)
            onWhole();
    }
    std::optional<QByteArray> replacement(Side, const QByteArray &whole) override
    {
        read.append(whole);
        writtenWhenRead = to.written;
        if (onWhole)
            onWhole();
        return replace ? replace(whole) : whole;
    }
    bool controlFrame(Side, Opcode opcode, QByteArrayView payload) override
    {
        controls.append(QByteArray::number(int(opcode)) + ' ' + payload.toByteArray());
        if (opcode == Opcode::Close && onClose)
            onClose();
        return payload != "mine";
    }
    void breached(Side, quint16 closeCode) override { breaches.append(closeCode); }
    void stoppedAtBoundary(Side) override
    {
        ++stops;
        boundaryWhenStopped = passage.atMessageBoundary();
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
                passage.run();
        }
    }

    MemoryStream from;
    MemoryStream to;
    BufferBudget budget;
    DirectionCounters counters;
    PassageSpace space;
    std::function<Fate(QByteArrayView)> fate; ///< none: all pass
    std::function<std::optional<QByteArray>(const QByteArray &)> replace; ///< none: by the same bytes
    std::function<void()> onWhole;
    QList<QByteArray> starts;
    QList<Opcode> opcodes;
    QList<QByteArray> read;
    QByteArray writtenWhenRead;
    QList<qint64> sizes;
    QList<QByteArray> controls;
    QList<quint16> breaches;
    int stops = 0;
    bool boundaryWhenStopped = false;
    QByteArray writtenWhenStopped;
    std::function<void()> onClose;
    Passage passage;
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
Q_DECLARE_METATYPE(rr::Side)

class tst_Passage : public QObject
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
            QVERIFY(f.passage.takeHeard() && f.passage.takeHeardData());
            QVERIFY(!f.passage.takeHeard() && !f.passage.takeHeardData());
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
        QVERIFY(all.size() < qsizetype(sizeof(PassageSpace))); // one read
        Fixture f(Side::Client);
        f.feed(all);
        QVERIFY(f.to.written == all);
        QCOMPARE(f.controls.size(), 10'000);
        QCOMPARE(f.to.writes, 1);
        QCOMPARE(f.counters.bytes.value(), all.size());
    }

    // What was not written yet must come before what is put in, and before what is written past the passage.
    void keepsTheOrderAroundAClose_data()
    {
        QTest::addColumn<QByteArray>("payload"); ///< of the close frame
        QTest::addColumn<QByteArray>("injected"); ///< by the watcher, in the call that tells it of the close
        QTest::addColumn<bool>("stopped"); ///< in that call; the watcher then writes "bye" itself
        QTest::newRow("passes") << QByteArray("\x03\xe8 ok") << QByteArray() << false;
        QTest::newRow("is replaced") << QByteArray("mine") << QByteArray("instead") << false;
        QTest::newRow("has something put before it")
            << QByteArray("\x03\xe8") << QByteArray("before") << false;
        QTest::newRow("is answered past the passage") << QByteArray("mine") << QByteArray() << true;
    }
    void keepsTheOrderAroundAClose()
    {
        QFETCH(QByteArray, payload);
        QFETCH(QByteArray, injected);
        QFETCH(bool, stopped);
        const QByteArray ping = makeFrame(Sender::Server, Opcode::Ping, "ping");
        const QByteArray before = text("text") + ping + ping;
        const QByteArray close = makeFrame(Sender::Server, Opcode::Close, payload);
        const QByteArray after = ping + text("after") + ping; // which may not be (RFC 6455 5.5.1)
        const QByteArray putIn = injected.isEmpty() ? QByteArray() : text(injected);
        QByteArray expected = before + putIn;
        if (stopped)
            expected += "bye";
        else
            expected += payload == "mine" ? QByteArray() : close;

        const QByteArray all = before + close + after;
        for (qsizetype cut = 1; cut < all.size(); ++cut) {
            Fixture f;
            f.onClose = [&] {
                if (!putIn.isEmpty())
                    QVERIFY(f.passage.inject(putIn));
                if (stopped) {
                    f.passage.stop();
                    f.to.write("bye");
                }
            };
            f.feed(all, {cut});
            QCOMPARE(f.to.written, expected);
        }
    }

    void unmasksForTheWatcherOnly()
    {
        Fixture f(Side::Client);
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
        QByteArray all = conversation();
        all.chop(4); // the close frame
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
            const bool atOnce = f.passage.inject(ping);
            QCOMPARE(atOnce, f.passage.atFrameBoundary());
            QCOMPARE(f.passage.hasInjectionWaiting(), !atOnce);
            f.feed(all.mid(cut));
            QVERIFY(!f.passage.hasInjectionWaiting());
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
            f.passage.run();
        QVERIFY(!f.from.reading);
        QVERIFY(f.passage.isPaused());
        QVERIFY(f.to.written.size() >= 100'000 && f.to.written.size() <= 104'096);
        QCOMPARE(f.counters.backlogBytes.value(), f.to.backlogBytes());
        QVERIFY(f.budget.chargedBytes() > 0);

        f.to.takes = f.to.written.size() - 50'001; // not yet down at the low mark
        f.passage.resume();
        QVERIFY(!f.from.reading);
        QVERIFY(f.to.written.size() <= 104'096);
        f.to.takes += 1;
        f.passage.resume();
        QVERIFY(f.from.reading);
        QVERIFY(f.to.written.size() > 104'096);

        for (int i = 0; i < 1000 && f.to.written.size() < all.size(); ++i) {
            f.to.takes = f.to.written.size();
            f.passage.resume();
            if (f.from.reading)
                f.passage.run();
        }
        QVERIFY(f.to.written == all);
        QCOMPARE(f.counters.messages.value(), 100);
        f.to.takes = f.to.written.size();
        f.passage.resume();
        QCOMPARE(f.budget.chargedBytes(), 0);
    }

    // What has not left yet can be taken back, so that a frame of the relay's may follow.
    void cuts_data()
    {
        QTest::addColumn<QByteArray>("passed");
        QTest::addColumn<qint64>("taken"); ///< of it, by the other side
        QTest::addColumn<qint64>("left"); ///< to the other side, in the end
        QTest::addColumn<int>("place");
        using Place = Passage::Place;
        const auto row = [](const char *name, const QByteArray &passed, qint64 taken, qint64 left,
                             Place place) { QTest::newRow(name) << passed << taken << left << int(place); };
        const QByteArray whole = text("whole");
        const QByteArray half = text(QByteArray(200, 'h')).left(100);
        const QByteArray first = fragment(0x01, "first");
        const QByteArray second = fragment(0x80, "second").left(5);
        const auto sizeOf = [](const QByteArray &bytes) { return qint64(bytes.size()); };
        row("nothing", {}, 0, 0, Place::BetweenMessages);
        row("between messages", whole, 0, sizeOf(whole), Place::BetweenMessages);
        row("between frames", first, 0, sizeOf(first), Place::BetweenFrames);
        row("in a frame of which nothing has left", whole + half, sizeOf(whole), sizeOf(whole),
            Place::BetweenMessages);
        row("and with what is before it", whole + half, 3, sizeOf(whole), Place::BetweenMessages);
        row("of which a byte has left", whole + half, sizeOf(whole) + 1, sizeOf(whole + half),
            Place::InFrame);
        row("in a second frame", first + second, 2, sizeOf(first), Place::BetweenFrames);
    }
    void cuts()
    {
        QFETCH(QByteArray, passed);
        QFETCH(qint64, taken);
        QFETCH(qint64, left);
        QFETCH(int, place);
        for (qsizetype cut = 1; cut < std::max<qsizetype>(2, passed.size()); ++cut) {
            Fixture f;
            f.to.takes = taken;
            f.feed(passed, {std::min(cut, passed.size())});
            QCOMPARE(int(f.passage.cut()), place);
            QCOMPARE(f.to.written, passed.left(left));
            f.feed(text("more")); // of the unfinished frame, perhaps
            QCOMPARE(f.to.written.size(), left);
        }
    }

    void holdsUntilItIsReleased()
    {
        Fixture f;
        f.passage.hold();
        QVERIFY(f.passage.isHeld());
        QVERIFY(f.passage.isPaused());
        f.from.incoming = text("later");
        f.passage.run(); // as when something was told to be readable before
        f.passage.resume(); // there is room
        QVERIFY(!f.from.reading);
        QVERIFY(f.to.written.isEmpty());
        f.passage.release();
        QVERIFY(f.from.reading);
        QCOMPARE(f.to.written, text("later"));
        f.passage.hold();
        f.passage.stop(); // else nobody would notice its end
        QVERIFY(f.from.reading);
        f.passage.hold(); // there is nobody to keep it from
        QVERIFY(f.from.reading);
    }

    void stopResumesReading()
    {
        Fixture f;
        f.to.takes = 0;
        f.from.incoming = text(QByteArray(900'000, 'x'));
        for (int i = 0; i < 50 && f.from.reading; ++i)
            f.passage.run();
        QVERIFY(f.passage.isPaused());
        const QByteArray before = f.to.written;
        f.passage.stop();
        QVERIFY(f.from.reading);
        QVERIFY(!f.passage.isPaused());
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
        QCOMPARE(f.passage.stopAtMessageBoundary(), rest.isEmpty());
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
        Passage passage(Side::Upstream, f.from, nullptr, 1000, f.space, f.budget, counters, f);
        f.from.incoming = conversation();
        passage.run();
        QVERIFY(!f.from.hasWaiting());
        QCOMPARE(f.controls.size(), 3);
        QCOMPARE(counters.messages.value(), 0);
        QCOMPARE(counters.bytes.value(), 0);
    }

    // Fates. What is meant is said by the message's first letter.
    static Fate byLetter(QByteArrayView start)
    {
        return start.startsWith('r') ? Fate::PassAndRead : start.startsWith('R') ? Fate::Replace : Fate::Pass;
    }
    /// Messages of all fates, in one frame and in many, with control frames in between.
    static QByteArray mixed(Sender sender)
    {
        const auto control = [sender](Opcode opcode, const QByteArray &payload) {
            return makeFrame(sender, opcode, payload);
        };
        return text("pass", sender) + text("read", sender) + text("Replace", sender)
            + fragment(0x02, "re", sender) + control(Opcode::Ping, "1") + fragment(0x00, "", sender)
            + fragment(0x80, "ad in parts", sender) + fragment(0x01, "Repl", sender)
            + control(Opcode::Ping, "2") + fragment(0x00, "ace in ", sender) + fragment(0x00, "", sender)
            + control(Opcode::Pong, "3") + control(Opcode::Pong, "4") + fragment(0x80, "parts", sender)
            + fragment(0x01, "pa", sender) + fragment(0x80, "ss", sender)
            + makeFrame(sender, Opcode::Binary, "R" + QByteArray(300, 'x')) + text("Rdrop", sender)
            + text("Rempty", sender) + text("", sender) + text("pass", sender);
    }

    void fatesAtEverySplit_data()
    {
        QTest::addColumn<Side>("side");
        QTest::newRow("unmasked") << Side::Upstream;
        QTest::newRow("masked") << Side::Client;
    }
    void fatesAtEverySplit()
    {
        QFETCH(Side, side);
        const Sender sender = senderOf(side);
        const QByteArray all = mixed(sender);
        const auto check = [&](const QList<qsizetype> &cuts) {
            Fixture f(side);
            f.fate = byLetter;
            f.replace = [](const QByteArray &whole) -> std::optional<QByteArray> {
                if (whole == "Rdrop")
                    return std::nullopt;
                return whole == "Rempty" ? QByteArray()
                    : whole == "Replace" ? QByteArray(70'000, 'y')
                                         : whole;
            };
            f.feed(all, cuts);
            QCOMPARE(framesOf(f.to.written, sender),
                (QList<QByteArray>{"81 pass", "81 read", "81 " + QByteArray(70'000, 'y'), "2 re", "89 1",
                    "0 ", "80 ad in parts", "89 2", "8a 3", "8a 4", "81 Replace in parts", "1 pa", "80 ss",
                    "82 R" + QByteArray(300, 'x'), "81 ", "81 ", "81 pass"}));
            QCOMPARE(f.read,
                (QList<QByteArray>{"read", "Replace", "read in parts", "Replace in parts",
                    "R" + QByteArray(300, 'x'), "Rdrop", "Rempty"}));
            QCOMPARE(f.counters.messages.value(), 11);
            QCOMPARE(f.counters.bytes.value(), all.size()); // what was received
            QCOMPARE(f.sizes, (QList<qint64>{4, 4, 7, 13, 16, 4, 301, 5, 6, 0, 4}));
            QCOMPARE(f.budget.chargedBytes(), 0);
            QVERIFY(f.passage.atMessageBoundary() && f.passage.atFrameBoundary());
        };
        for (qsizetype cut = 0; cut < all.size(); ++cut)
            check({cut});
        QList<qsizetype> everywhere;
        for (qsizetype cut = 1; cut < all.size(); ++cut)
            everywhere.append(cut);
        check(everywhere);
    }

    void whatPassesIsWrittenAsItCame()
    {
        const QByteArray all = mixed(Sender::Client);
        Fixture read(Side::Client);
        read.fate = [](QByteArrayView) { return Fate::PassAndRead; };
        read.feed(all);
        QCOMPARE(read.to.written, all); // with the client's own masks
        QCOMPARE(read.read.size(), 11);
        Fixture replaced(Side::Client);
        replaced.fate = [](QByteArrayView) { return Fate::Replace; };
        replaced.feed(text("the same", Sender::Client));
        replaced.feed(text("the same", Sender::Client));
        const QByteArray one = replaced.to.written.first(replaced.to.written.size() / 2);
        QVERIFY(replaced.to.written.mid(one.size()) != one); // a fresh mask each
        QCOMPARE(
            framesOf(replaced.to.written, Sender::Client), (QList<QByteArray>{"81 the same", "81 the same"}));
    }

    void whatPassesIsOneWrite()
    {
        Fixture f;
        f.fate = byLetter;
        f.feed(text("one") + text("two") + text("read"));
        QCOMPARE(f.to.writes, 1);
        QCOMPARE(f.writtenWhenRead, f.to.written); // so whoever reads it may end the call
    }

    void tooLargeToBeRead()
    {
        for (const qint64 more : {0, 1}) {
            Fixture f;
            f.fate = byLetter;
            const QByteArray large = "r" + QByteArray(Passage::mostReadBytes - 1 + more, 'x');
            const QByteArray parts
                = fragment(0x01, large.first(100'000)) + fragment(0x80, large.mid(100'000));
            f.feed(text(large) + parts + text("read"));
            QVERIFY(f.to.written == text(large) + parts + text("read"));
            QVERIFY(
                f.read == (more > 0 ? QList<QByteArray>{"read"} : QList<QByteArray>{large, large, "read"}));
            QCOMPARE(f.counters.messages.value(), 3);
        }
    }

    // Nothing of it has gone out, so the other side stands between two messages.
    void isAtABoundaryWhileAMessageIsKept()
    {
        const QByteArray message = fragment(0x01, "Repl") + fragment(0x80, "ace");
        const QByteArray ping = makeFrame(Sender::Server, Opcode::Ping, "relay");
        for (qsizetype cut = 3; cut < message.size(); ++cut) {
            Fixture f;
            f.fate = byLetter;
            f.feed(text("before") + message.first(cut));
            QCOMPARE(f.to.written, text("before"));
            QVERIFY(f.passage.atFrameBoundary() && f.passage.atMessageBoundary());
            QVERIFY(f.passage.inject(ping));
            QCOMPARE(f.to.written, text("before") + ping);
            f.feed(message.mid(cut));
            QCOMPARE(f.to.written, text("before") + ping + text("Replace"));
        }
    }

    void endsWhileAMessageIsKept_data()
    {
        QTest::addColumn<QByteArray>("fate");
        QTest::addColumn<bool>("atBoundary"); ///< stopAtMessageBoundary() instead of stop()
        QTest::newRow("read, stopped") << QByteArray("r") << false;
        QTest::newRow("read, stopped at the boundary") << QByteArray("r") << true;
        QTest::newRow("replaced, stopped") << QByteArray("R") << false;
        QTest::newRow("replaced, stopped at the boundary") << QByteArray("R") << true;
    }
    void endsWhileAMessageIsKept()
    {
        QFETCH(QByteArray, fate);
        QFETCH(bool, atBoundary);
        const QByteArray first = fragment(0x01, fate + QByteArray(100'000, 'x'));
        const QByteArray last = fragment(0x80, "end");
        const bool passes = fate == "r";
        for (const qsizetype come : {qsizetype(70'000), first.size()}) {
            Fixture f;
            f.fate = byLetter;
            f.feed(first.first(come));
            QVERIFY(f.budget.chargedBytes() >= 64 * 1024);
            const bool stopped = atBoundary ? f.passage.stopAtMessageBoundary() : (f.passage.stop(), true);
            QCOMPARE(stopped, !(atBoundary && passes));
            if (stopped)
                QCOMPARE(f.budget.chargedBytes(), 0);
            f.feed(first.mid(come) + last + text("Rmore") + makeFrame(Sender::Server, Opcode::Close, {}));
            if (stopped) {
                QCOMPARE(f.to.written, passes ? first.first(come) : QByteArray());
                QCOMPARE(f.read.size(), 0);
                QCOMPARE(f.counters.messages.value(), 0);
            } else {
                QCOMPARE(f.to.written, first + last);
                QCOMPARE(f.read.size(), 1);
                QCOMPARE(f.stops, 1);
            }
            QCOMPARE(f.controls.size(), 1);
            QCOMPARE(f.budget.chargedBytes(), 0);
        }
    }

    // As a budget that is used up ends a call, or a policy.
    void stopsWhenItHasReadAMessage()
    {
        for (const QByteArray letter : {"r", "R"}) {
            Fixture f;
            f.fate = byLetter;
            f.onWhole = [&f] {
                QVERIFY(f.passage.stopAtMessageBoundary());
                f.to.write("bye");
            };
            f.feed(text("before") + text(letter) + text("after"));
            QCOMPARE(f.to.written, text("before") + (letter == "r" ? text(letter) : QByteArray()) + "bye");
            QCOMPARE(f.stops, 0);
        }
    }

    void closeWhileAMessageIsKept()
    {
        const QByteArray close = makeFrame(Sender::Server, Opcode::Close, QByteArray::fromHex("03e8"));
        const QByteArray all = fragment(0x01, "Repl") + close + fragment(0x80, "ace");
        for (qsizetype cut = 1; cut < all.size(); ++cut) {
            Fixture f;
            f.fate = byLetter;
            f.feed(all, {cut});
            QCOMPARE(f.to.written, close);
            QVERIFY(f.read.isEmpty());
            QCOMPARE(f.budget.chargedBytes(), 0);
        }
    }

    void breachWhileAMessageIsKept()
    {
        Fixture f;
        f.fate = byLetter;
        f.feed(text("before") + fragment(0x01, "R" + QByteArray(100'000, 'x')));
        QVERIFY(f.budget.chargedBytes() > 0);
        f.feed(text("not allowed here"));
        QCOMPARE(f.breaches, QList<quint16>{1002});
        QCOMPARE(f.to.written, text("before"));
        QVERIFY(f.passage.atMessageBoundary()); // so the other side can be told
        QCOMPARE(f.budget.chargedBytes(), 0);
    }

    void tooLargeToBeReplaced()
    {
        Fixture f;
        f.fate = byLetter;
        f.feed(fragment(0x01, "R" + QByteArray(900'000, 'x'))
            + fragment(0x80, QByteArray(100'000, 'x')).left(12));
        QCOMPARE(f.breaches, QList<quint16>{1009});
        QVERIFY(f.to.written.isEmpty());
        QCOMPARE(f.budget.chargedBytes(), 0);
    }

    // Of what all calls keep together. A message that comes whole at once is no matter.
    void noRoomToKeepMore()
    {
        const QByteArray much(100'000, 'x');
        for (const QByteArray letter : {"r", "R"}) {
            Fixture f;
            f.fate = byLetter;
            f.budget.setLimits(256 * 1024, 64 * 1024);
            BufferBudget::Share others(f.budget);
            others.set(64 * 1024);
            f.feed(text(letter) + fragment(0x01, letter + QByteArray(50'000, 'x')));
            QVERIFY(f.breaches.isEmpty());
            f.feed(fragment(0x00, much) + fragment(0x80, much) + text("behind"));
            QCOMPARE(f.breaches, letter == "R" ? QList<quint16>{1013} : QList<quint16>());
            QCOMPARE(f.to.written.contains("behind"), letter == "r"); // only goes unread
            QCOMPARE(f.read, QList<QByteArray>{letter});
            QCOMPARE(f.budget.chargedBytes(), 64 * 1024);
        }
    }

    void givesItsKeptBytesBack()
    {
        BufferBudget budget;
        budget.setLimits(256 * 1024, 64 * 1024 * 1024);
        {
            Fixture f;
            Passage passage(Side::Upstream, f.from, &f.to, 1'000'000, f.space, budget, f.counters, f);
            f.fate = byLetter;
            f.from.incoming = fragment(0x01, "R" + QByteArray(30'000, 'x'));
            passage.run();
            QVERIFY(budget.chargedBytes() > 0);
        }
        QCOMPARE(budget.chargedBytes(), 0);
    }

    // The other side is slow with what came before.
    void pausesWhileAMessageIsKept()
    {
        Fixture f;
        f.budget.setLimits(100'000, 64 * 1024 * 1024);
        f.fate = byLetter;
        f.to.takes = 0;
        const QByteArray message = "R" + QByteArray(500'000, 'x');
        f.feed(text(QByteArray(90'000, 'p')) + text(message) + text(QByteArray(90'000, 'q')) + text(message));
        QVERIFY(f.passage.isPaused());
        for (int i = 0; i < 100 && f.passage.isPaused(); ++i) {
            f.to.takes = f.to.written.size();
            f.passage.resume();
            f.feed({});
        }
        QVERIFY(f.to.written
            == text(QByteArray(90'000, 'p')) + text(message) + text(QByteArray(90'000, 'q')) + text(message));
    }
};

RELAY_TEST(tst_Passage)
#include "tst_passage.moc"
