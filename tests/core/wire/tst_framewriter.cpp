// SPDX-License-Identifier: MIT
#include "core/wire/framewriter.h"
#include "tests/support/relaytest.h"

#include <QTest>

using namespace rr;
using Sender = FrameScanner::Sender;

class tst_FrameWriter : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void unmasked_data()
    {
        QTest::addColumn<int>("opcode");
        QTest::addColumn<int>("size");
        QTest::addColumn<QByteArray>("header");
        QTest::newRow("ping, empty") << 9 << 0 << QByteArray::fromHex("8900");
        QTest::newRow("close, 125") << 8 << 125 << QByteArray::fromHex("887d");
        QTest::newRow("text, 125") << 1 << 125 << QByteArray::fromHex("817d");
        QTest::newRow("text, 126") << 1 << 126 << QByteArray::fromHex("817e007e");
        QTest::newRow("binary, 65535") << 2 << 65535 << QByteArray::fromHex("827effff");
        QTest::newRow("text, 65536") << 1 << 65536 << QByteArray::fromHex("817f0000000000010000");
    }
    void unmasked()
    {
        QFETCH(int, opcode);
        QFETCH(int, size);
        QFETCH(QByteArray, header);
        const QByteArray payload(size, 'x');
        QCOMPARE(makeFrame(Sender::Server, Opcode(opcode), payload), header + payload);
    }

    void masked_data() { unmasked_data(); }
    void masked()
    {
        QFETCH(int, opcode);
        QFETCH(int, size);
        QFETCH(QByteArray, header);
        header[1] = char(header[1] | 0x80);
        QByteArray payload(size, 0);
        for (int i = 0; i < size; ++i)
            payload[i] = char(i * 7);
        const QByteArray frame = makeFrame(Sender::Client, Opcode(opcode), payload);
        QCOMPARE(frame.size(), header.size() + 4 + size);
        QVERIFY(frame.startsWith(header));
        QByteArray plain(size, 0);
        applyMask(
            plain.data(), QByteArrayView(frame).sliced(header.size() + 4), frame.constData() + header.size());
        QCOMPARE(plain, payload);
    }

    void everyMaskIsFresh()
    {
        QSet<QByteArray> masks;
        for (int i = 0; i < 100; ++i)
            masks.insert(makeFrame(Sender::Client, Opcode::Ping, {}).mid(2));
        QVERIFY(masks.size() > 95);
    }
};

RELAY_TEST(tst_FrameWriter)
#include "tst_framewriter.moc"
