// SPDX-License-Identifier: MIT
#include "core/wire/framescanner.h"
#include "tests/support/relaytest.h"

#include <QRandomGenerator>
#include <QTest>
#include <QtEndian>

using namespace rr;
using Sender = FrameScanner::Sender;
using Step = FrameScanner::Step;

namespace {

enum Form { Shortest, Wide, Widest };

QByteArray frame(Sender sender, quint8 first, const QByteArray &payload, Form form = Shortest)
{
    const auto mask = quint8(sender == Sender::Client ? 0x80 : 0);
    QByteArray bytes(1, char(first));
    if (form == Shortest)
        form = payload.size() < 126 ? Shortest : payload.size() < 65536 ? Wide : Widest;
    if (form == Shortest) {
        bytes.append(char(mask | payload.size()));
    } else {
        const int size = form == Wide ? 2 : 8;
        bytes.append(char(mask | (form == Wide ? 126 : 127)));
        char length[8];
        qToBigEndian(quint64(payload.size()), length);
        bytes.append(length + 8 - size, size);
    }
    if (!mask)
        return bytes + payload;
    const QByteArray key = QByteArray::fromHex("a1b2c3d4");
    QByteArray masked(payload.size(), 0);
    applyMask(masked.data(), payload, key.constData());
    return bytes + key + masked;
}

/// What a stream says, with its data payloads joined: the same however it was cut.
struct Heard
{
    QByteArray text; ///< a line an event
    QByteArray passed; ///< all bytes consumed
    quint16 closeCode = 0;
    bool atFrameBoundary = false;
    bool atMessageBoundary = false;
};

/// Hands `chunks` to a scanner as a Passage does: with what was left over in front.
Heard scan(Sender sender, qint64 limit, const QList<QByteArray> &chunks)
{
    FrameScanner scanner(sender, limit);
    Heard heard;
    QByteArray held;
    QByteArray data;
    for (const QByteArray &chunk : chunks) {
        const QByteArray bytes = held + chunk;
        held.clear();
        const char *at = bytes.constData();
        const char *const end = at + bytes.size();
        for (;;) {
            const char *const start = at;
            const Step step = scanner.next(at, end);
            heard.passed.append(start, at - start);
            if (step.kind == Step::NeedMore) {
                if (at != start)
                    qFatal("NeedMore consumed something");
                held = QByteArray(at, end - at);
                if (held.size() >= FrameScanner::maxHeldBack)
                    qFatal("%d bytes held back", int(held.size()));
                break;
            }
            if (step.kind == Step::Breach) {
                heard.closeCode = step.closeCode;
                return heard;
            }
            QByteArray payload = step.payload.toByteArray();
            if (step.kind == Step::Control) {
                if (step.mask)
                    applyMask(payload.data(), step.payload, step.mask);
                heard.text
                    += "control " + QByteArray::number(int(step.opcode)) + ' ' + payload.toHex() + '\n';
                continue;
            }
            if (step.startsMessage) {
                if (bool(step.mask) != (sender == Sender::Client))
                    qFatal("mask");
                heard.text += "starts " + QByteArray::number(int(step.opcode)) + ' '
                    + QByteArray::number(scanner.messageBytes()) + '\n';
            }
            if (step.mask)
                applyMask(payload.data(), step.payload, step.mask, step.maskAt);
            data += payload;
            if (step.endsFrame != scanner.atFrameBoundary())
                qFatal("endsFrame");
            if (step.endsFrame) {
                heard.text += "frame " + data + '\n';
                data.clear();
            }
            if (step.endsMessage)
                heard.text += "message\n";
            if (step.endsMessage != scanner.atMessageBoundary())
                qFatal("endsMessage");
        }
    }
    heard.atFrameBoundary = scanner.atFrameBoundary();
    heard.atMessageBoundary = scanner.atMessageBoundary();
    return heard;
}

} // namespace

class tst_FrameScanner : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void forms_data()
    {
        QTest::addColumn<int>("opcode");
        QTest::addColumn<int>("size");
        for (const int opcode : {1, 2}) {
            for (const int size : {0, 1, 125, 126, 65535, 65536, 200000})
                QTest::addRow("opcode %d, %d bytes", opcode, size) << opcode << size;
        }
    }
    void forms()
    {
        QFETCH(int, opcode);
        QFETCH(int, size);
        for (const Sender sender : {Sender::Client, Sender::Server}) {
            const QByteArray payload(size, 'p');
            const QByteArray bytes = frame(sender, quint8(0x80 | opcode), payload);
            FrameScanner scanner(sender, size);
            const char *at = bytes.constData();
            const Step step = scanner.next(at, at + bytes.size());
            QCOMPARE(step.kind, Step::Data);
            QCOMPARE(int(step.opcode), opcode);
            QVERIFY(step.startsMessage && step.endsFrame && step.endsMessage);
            QCOMPARE(step.payload.size(), size);
            QCOMPARE(at, bytes.constData() + bytes.size());
            QCOMPARE(scanner.messageBytes(), size);
            QVERIFY(scanner.atMessageBoundary());
        }
    }

    void everySplit_data()
    {
        QTest::addColumn<int>("sender");
        QTest::addColumn<uint>("seed");
        for (uint seed = 1; seed <= 6; ++seed)
            QTest::addRow("seed %u", seed) << int(seed % 2) << seed;
    }
    void everySplit()
    {
        QFETCH(int, sender);
        QFETCH(uint, seed);
        const auto who = Sender(sender);
        QRandomGenerator random(seed);
        QByteArray stream;
        for (int message = 0; message < 6; ++message) {
            const int fragments = 1 + random.bounded(3);
            for (int i = 0; i < fragments; ++i) {
                while (random.bounded(2) == 0) {
                    QByteArray payload(random.bounded(126), 'c');
                    payload.fill(char(random.bounded(256)));
                    stream += frame(who, quint8(0x89 + random.bounded(2)), payload);
                }
                QByteArray payload(random.bounded(3) * random.bounded(120), 0);
                for (char &c : payload)
                    c = char('a' + random.bounded(26));
                stream += frame(who, quint8((i + 1 == fragments ? 0x80 : 0) | (i == 0 ? 1 : 0)), payload);
            }
        }
        const Heard whole = scan(who, 1000, {stream});
        QCOMPARE(whole.closeCode, 0);
        QCOMPARE(whole.passed, stream);
        QVERIFY(whole.atMessageBoundary);
        QCOMPARE(whole.text.count("message\n"), 6);
        QCOMPARE(whole.text.count("starts"), 6);
        for (qsizetype cut = 1; cut < stream.size(); ++cut) {
            const Heard cutOnce = scan(who, 1000, {stream.left(cut), stream.mid(cut)});
            QCOMPARE(cutOnce.text, whole.text);
            QCOMPARE(cutOnce.passed, stream);
        }
        QList<QByteArray> single;
        for (const char c : stream)
            single.append(QByteArray(1, c));
        const Heard bytewise = scan(who, 1000, single);
        QCOMPARE(bytewise.text, whole.text);
        QCOMPARE(bytewise.passed, stream);
    }

    void breaches_data()
    {
        QTest::addColumn<int>("sender");
        QTest::addColumn<QByteArray>("good");
        QTest::addColumn<QByteArray>("bad"); ///< enough of it to be sure
        const auto row = [](const char *name, Sender sender, const QByteArray &good, const QByteArray &bad) {
            QTest::newRow(name) << int(sender) << good << bad;
        };
        using enum Sender;
        row("client does not mask", Client, {}, QByteArray::fromHex("8101"));
        row("server masks", Server, {}, QByteArray::fromHex("8181"));
        row("reserved bit 1", Server, {}, QByteArray::fromHex("c100"));
        row("reserved bit 2", Server, {}, QByteArray::fromHex("a100"));
        row("reserved bit 3", Server, {}, QByteArray::fromHex("9100"));
        for (const int opcode : {3, 4, 5, 6, 7, 11, 12, 13, 14, 15}) {
            row(qPrintable(QStringLiteral("reserved opcode %1").arg(opcode)), Server, {},
                QByteArray(1, char(0x80 | opcode)) + '\0');
        }
        row("fragmented ping", Server, {}, QByteArray::fromHex("0900"));
        row("long close", Server, {}, QByteArray::fromHex("887e"));
        row("long pong, wide", Server, {}, QByteArray::fromHex("8a7f"));
        row("continuation of nothing", Server, {}, QByteArray::fromHex("8000"));
        row("continuation after a whole message", Server, frame(Server, 0x81, "x"),
            QByteArray::fromHex("8000"));
        row("text inside a message", Server, frame(Server, 0x01, "x"), QByteArray::fromHex("8100"));
        row("text inside a message, behind a ping", Server,
            frame(Server, 0x02, "x") + frame(Server, 0x89, "x"), QByteArray::fromHex("8100"));
        row("125 in the wide form", Server, {}, QByteArray::fromHex("817e007d"));
        row("65535 in the widest form", Server, {}, QByteArray::fromHex("817f000000000000ffff"));
        row("top bit of the length", Server, {}, QByteArray::fromHex("817f8000000000000000"));
    }
    void breaches()
    {
        QFETCH(int, sender);
        QFETCH(QByteArray, good);
        QFETCH(QByteArray, bad);
        const Heard together = scan(Sender(sender), 1000, {good + bad});
        QCOMPARE(together.closeCode, 1002);
        QCOMPARE(together.passed, good);
        QList<QByteArray> single;
        for (const char c : good + bad)
            single.append(QByteArray(1, c));
        QCOMPARE(scan(Sender(sender), 1000, single).closeCode, 1002);
    }

    void limit_data()
    {
        QTest::addColumn<QList<int>>("fragments");
        QTest::addColumn<bool>("fits");
        QTest::newRow("just fits") << QList<int>{1000} << true;
        QTest::newRow("one more") << QList<int>{1001} << false;
        QTest::newRow("fragments fit") << QList<int>{400, 0, 600} << true;
        QTest::newRow("fragments do not") << QList<int>{400, 0, 601} << false;
    }
    void limit()
    {
        QFETCH(QList<int>, fragments);
        QFETCH(bool, fits);
        for (const Sender sender : {Sender::Client, Sender::Server}) {
            QByteArray bytes = frame(sender, 0x82, QByteArray(1000, 'b')); // the count starts anew
            for (qsizetype i = 0; i < fragments.size(); ++i)
                bytes += frame(sender, quint8((i + 1 == fragments.size() ? 0x80 : 0) | (i == 0 ? 1 : 0)),
                    QByteArray(fragments[i], 'x'));
            QCOMPARE(scan(sender, 1000, {bytes}).closeCode, fits ? 0 : 1009);
        }
    }
    void limitIsKnownFromTheHeader()
    {
        QCOMPARE(
            scan(Sender::Server, 1 << 20, {QByteArray::fromHex("827f0000000100000000")}).closeCode, 1009);
        QCOMPARE(
            scan(Sender::Server, 1 << 20, {QByteArray::fromHex("827f7fffffffffffffff")}).closeCode, 1009);
    }

    void boundaries()
    {
        const QByteArray first = frame(Sender::Client, 0x01, "first");
        const Heard between = scan(Sender::Client, 1000, {first});
        QVERIFY(between.atFrameBoundary);
        QVERIFY(!between.atMessageBoundary);
        for (qsizetype n = 7; n < first.size(); ++n)
            QVERIFY(!scan(Sender::Client, 1000, {first.left(n)}).atFrameBoundary);
        // Nothing has passed yet: a header goes with the first of its payload.
        QVERIFY(scan(Sender::Client, 1000, {first.left(6)}).atFrameBoundary);
    }
};

RELAY_TEST(tst_FrameScanner)
#include "tst_framescanner.moc"
