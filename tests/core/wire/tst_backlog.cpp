// SPDX-License-Identifier: MIT
#include "core/wire/backlog.h"
#include "tests/support/relaytest.h"

#include <QRandomGenerator>
#include <QTest>

#include <algorithm>

using namespace rr;

namespace {

/// Bytes of which no stretch looks like its neighbour.
QByteArray bytes(qint64 count, int from = 0)
{
    QByteArray result(qsizetype(count), '\0');
    for (qsizetype i = 0; i < result.size(); ++i)
        result[i] = char((quint64(from + i) * 2654435761u) >> 13);
    return result;
}

} // namespace

class tst_Backlog : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void empty()
    {
        Backlog backlog;
        backlog.append({});
        QVERIFY(backlog.isEmpty());
        QCOMPARE(backlog.size(), 0);
        QVERIFY(backlog.front().isEmpty());
    }

    void comesOutAsItWentIn_data()
    {
        constexpr qint64 block = Backlog::blockBytes;
        QTest::addColumn<QList<qint64>>("sizes"); ///< what is appended, one after the other
        QTest::addColumn<qint64>("most"); ///< what is taken at a time
        const std::pair<const char *, QList<qint64>> sizes[]{{"one byte", {1}},
            {"a block less one", {block - 1}}, {"a block", {block}}, {"a block and one", {block + 1}},
            {"a block, then one", {block, 1}}, {"three blocks", {3 * block}},
            {"up to the end of a block, and over it", {100, block - 100, 1, block}},
            {"many small ones", QList<qint64>(2000, 33)}};
        for (const auto &[name, list] : sizes) {
            for (const qint64 most : {qint64(7919), block - 1, block})
                QTest::addRow("%s, taken by %d", name, int(most)) << list << most;
        }
    }
    void comesOutAsItWentIn()
    {
        QFETCH(QList<qint64>, sizes);
        QFETCH(qint64, most);
        Backlog backlog;
        QByteArray in;
        for (const qint64 size : sizes) {
            const QByteArray more = bytes(size, int(in.size()));
            backlog.append(more);
            in += more;
            QCOMPARE(backlog.size(), in.size());
        }
        QByteArray out;
        while (!backlog.isEmpty()) {
            const QByteArrayView front = backlog.front();
            QVERIFY(!front.isEmpty());
            const qint64 count = std::min<qint64>(front.size(), most);
            out.append(front.first(count));
            backlog.take(count);
            QCOMPARE(backlog.size(), in.size() - out.size());
        }
        QVERIFY(out == in);
        QVERIFY(backlog.front().isEmpty());
    }

    // In between, as a peer that takes a little now and then makes it.
    void appendsAndTakesInTurns()
    {
        QRandomGenerator random(1);
        Backlog backlog;
        QByteArray expected;
        int total = 0;
        for (int turn = 0; turn < 1000; ++turn) {
            const QByteArray more
                = bytes(random.bounded(3) ? random.bounded(5000) : random.bounded(90'000), total);
            total += int(more.size());
            backlog.append(more);
            expected += more;
            for (int i = random.bounded(8); i > 0 && !backlog.isEmpty(); --i) {
                const QByteArrayView front = backlog.front();
                const qint64 count = random.bounded(2) ? front.size() : random.bounded(int(front.size()) + 1);
                QVERIFY(front.first(count) == QByteArrayView(expected).first(count));
                backlog.take(count);
                expected.remove(0, count);
            }
            QCOMPARE(backlog.size(), expected.size());
            QCOMPARE(backlog.isEmpty(), expected.isEmpty());
        }
        QVERIFY(total > 10 * Backlog::blockBytes);
    }

    void movesNoByte()
    {
        Backlog backlog;
        backlog.append(bytes(10));
        const char *const first = backlog.front().data();
        backlog.append(bytes(5 * Backlog::blockBytes));
        QCOMPARE(backlog.front().size(), Backlog::blockBytes);
        QVERIFY(backlog.front().data() == first);
        backlog.take(1000);
        QVERIFY(backlog.front().data() == first + 1000);
        QCOMPARE(backlog.front().size(), Backlog::blockBytes - 1000);
    }

    void takesBackTheLast()
    {
        for (const qint64 taken : {qint64(0), qint64(5), Backlog::blockBytes, Backlog::blockBytes + 5}) {
            for (const qint64 back : {qint64(0), qint64(1), qint64(7), Backlog::blockBytes - 3,
                     Backlog::blockBytes + 7, 2 * Backlog::blockBytes}) {
                Backlog backlog;
                QByteArray expected = bytes(3 * Backlog::blockBytes + 7);
                backlog.append(expected);
                for (qint64 left = taken; left > 0;) {
                    const qint64 count = std::min<qint64>(left, backlog.front().size());
                    backlog.take(count);
                    left -= count;
                }
                expected.remove(0, taken);
                const qint64 count = std::min<qint64>(back, expected.size());
                backlog.takeBack(count);
                expected.chop(count);
                QCOMPARE(backlog.size(), expected.size());
                backlog.append("and more");
                expected += "and more";
                QByteArray out;
                while (!backlog.isEmpty()) {
                    out.append(backlog.front());
                    backlog.take(backlog.front().size());
                }
                QVERIFY(out == expected);
            }
        }
        Backlog all;
        all.append(bytes(2 * Backlog::blockBytes));
        all.takeBack(all.size());
        QVERIFY(all.isEmpty());
    }

    void cleared()
    {
        Backlog backlog;
        backlog.append(bytes(2 * Backlog::blockBytes + 5));
        backlog.take(3);
        backlog.clear();
        QVERIFY(backlog.isEmpty());
        QCOMPARE(backlog.size(), 0);
        backlog.append("again");
        QCOMPARE(backlog.size(), 5);
        QVERIFY(backlog.front() == QByteArrayView("again"));
    }
};

RELAY_TEST(tst_Backlog)
#include "tst_backlog.moc"
