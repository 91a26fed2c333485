// SPDX-License-Identifier: MIT
#include "core/call/readahead.h"
#include "core/wire/framewriter.h"
#include "tests/support/relaytest.h"

#include <QTest>

using namespace rr;

namespace {

QByteArray frame(Opcode opcode, const QByteArray &payload)
{
    return makeFrame(FrameScanner::Sender::Client, opcode, payload);
}

} // namespace

class tst_ReadAhead : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void keepsAll()
    {
        const QByteArray all = frame(Opcode::Text, "hello") + frame(Opcode::Ping, "ping")
            + frame(Opcode::Binary, QByteArray(300, 'b')).left(100);
        for (qsizetype cut = 0; cut <= all.size(); ++cut) {
            ReadAhead ahead(1000);
            QVERIFY(ahead.isEmpty());
            QVERIFY(!ahead.add(all.left(cut)));
            QVERIFY(!ahead.add(all.mid(cut)));
            QCOMPARE(ahead.room(), ReadAhead::mostBytes - all.size());
            QCOMPARE(ahead.take(), all);
            QVERIFY(ahead.isEmpty());
        }
    }

    void findsAClose()
    {
        const QByteArray payload = QByteArray::fromHex("03e8") + "bye";
        const QByteArray all = frame(Opcode::Text, "hello") + frame(Opcode::Close, payload);
        for (qsizetype cut = 0; cut < all.size(); ++cut) {
            ReadAhead ahead(1000);
            QVERIFY(!ahead.add(all.left(cut)));
            QCOMPARE(ahead.add(all.mid(cut)), payload);
        }
    }

    void aCloseWithoutACode() { QCOMPARE(ReadAhead(1000).add(frame(Opcode::Close, {})), QByteArray()); }

    void breaches_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::newRow("unmasked") << makeFrame(FrameScanner::Sender::Server, Opcode::Text, "x");
        QTest::newRow("too large") << frame(Opcode::Text, QByteArray(1001, 'x'));
    }
    void breaches()
    {
        QFETCH(QByteArray, bytes);
        const QByteArray close = frame(Opcode::Close, {});
        ReadAhead ahead(1000);
        QVERIFY(!ahead.add(bytes + close));
        QVERIFY(!ahead.add(close));
        QCOMPARE(ahead.take(), bytes + close + close); // for who passes it on to see
    }
};

RELAY_TEST(tst_ReadAhead)
#include "tst_readahead.moc"
