// SPDX-License-Identifier: MIT
#include "core/realtime/closecode.h"
#include "tests/support/relaytest.h"

#include <QTest>

using namespace rr;
using namespace Qt::StringLiterals;

class TestCloseCode : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void onWire_data()
    {
        QTest::addColumn<int>("code");
        QTest::addColumn<bool>("allowed");
        for (const int code : {1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014, 3000,
                 3999, 4000, 4408, 4999})
            QTest::addRow("%d", code) << code << true;
        for (const int code : {0, 1, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65535})
            QTest::addRow("%d", code) << code << false;
    }
    void onWire()
    {
        QFETCH(int, code);
        QFETCH(bool, allowed);
        QCOMPARE(isCloseCodeOnWire(quint16(code)), allowed);
        QCOMPARE(closePayload(quint16(code), "why").isEmpty(), !allowed);
        const QByteArray payload = QByteArray(1, char(code >> 8)) + char(code & 0xFF) + "why";
        QCOMPARE(parseClosePayload(payload).has_value(), allowed);
    }

    void parse_data()
    {
        QTest::addColumn<QByteArray>("payload");
        QTest::addColumn<bool>("valid");
        QTest::addColumn<int>("code");
        QTest::addColumn<QString>("reason");
        QTest::newRow("empty") << ""_ba << true << 1005 << u""_s;
        QTest::newRow("one byte") << "\x03"_ba << false << 0 << u""_s;
        QTest::newRow("code alone") << "\x03\xE8"_ba << true << 1000 << u""_s;
        QTest::newRow("reason") << "\x03\xF5zu gro\xC3\x9F"_ba << true << 1013 << u"zu groß"_s;
        QTest::newRow("not UTF-8") << "\x03\xE8\xC3("_ba << false << 0 << u""_s;
        QTest::newRow("cut UTF-8") << "\x03\xE8\xC3"_ba << false << 0 << u""_s;
    }
    void parse()
    {
        QFETCH(QByteArray, payload);
        QFETCH(bool, valid);
        QFETCH(int, code);
        QFETCH(QString, reason);
        const auto parsed = parseClosePayload(payload);
        QCOMPARE(parsed.has_value(), valid);
        if (valid) {
            QCOMPARE(int(parsed->code), code);
            QCOMPARE(parsed->reason, reason);
        }
    }

    void cut_data()
    {
        QTest::addColumn<QByteArray>("reason");
        QTest::addColumn<QByteArray>("expected");
        const QByteArray a(123, 'a');
        QTest::newRow("fits") << a << a;
        QTest::newRow("one too many") << a + 'a' << a;
        QTest::newRow("two-byte character over the edge") << a.first(122) + "\xC3\xA9" << a.first(122);
        QTest::newRow("four-byte character over the edge")
            << a.first(120) + "\xF0\x9F\x98\x80!" << a.first(120);
        QTest::newRow("four-byte character at the edge")
            << a.first(119) + "\xF0\x9F\x98\x80!" << a.first(119) + "\xF0\x9F\x98\x80";
    }
    void cut()
    {
        QFETCH(QByteArray, reason);
        QFETCH(QByteArray, expected);
        const QByteArray payload = closePayload(4409, reason);
        QCOMPARE(payload.first(2), "\x11\x39"_ba);
        QCOMPARE(payload.sliced(2), expected);
        QVERIFY(payload.size() <= 125);
        QCOMPARE(parseClosePayload(payload)->reason.toUtf8(), expected);
    }
};

RELAY_TEST(TestCloseCode)
#include "tst_closecode.moc"
