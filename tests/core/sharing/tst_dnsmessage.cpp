// SPDX-License-Identifier: MIT
#include "core/sharing/dnsmessage.h"
#include "tests/core/sharing/playedresolver.h"
#include "tests/support/relaytest.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace rr;

class tst_DnsMessage : public QObject
{
    Q_OBJECT
    const QList<QHostAddress> m_addresses{
        QHostAddress(u"192.0.2.1"_s), QHostAddress(u"192.0.2.2"_s), QHostAddress(u"2001:db8::1"_s)};

private Q_SLOTS:
    void question()
    {
        QCOMPARE(dnsQuestion(0x1234, u"Relay.example."_s, DnsType::Aaaa).toHex(),
            "1234"
            "0100"
            "0001000000000000"
            "0572656c6179076578616d706c6500"
            "001c0001"_ba);
        QVERIFY(dnsQuestion(1, u"bücher.example"_s, DnsType::A).contains("\x0dxn--bcher-kva"));
    }

    void noName_data()
    {
        QTest::addColumn<QString>("host");
        QTest::newRow("none") << QString();
        QTest::newRow("root") << u"."_s;
        QTest::newRow("empty label") << u"a..b"_s;
        QTest::newRow("long label") << QString(64, u'a') + u".example"_s;
        QTest::newRow("long") << (QString(60, u'a') + u'.').repeated(5) + u"example"_s;
    }
    void noName()
    {
        QFETCH(QString, host);
        QCOMPARE(dnsQuestion(1, host, DnsType::A), QByteArray());
    }

    void addresses()
    {
        const QByteArray a = dnsQuestion(7, u"relay.example"_s, DnsType::A);
        const auto four = readDnsAnswer(PlayedResolver::answerTo(a, m_addresses), a);
        QVERIFY(four);
        QCOMPARE(four->kind, DnsAnswer::Kind::Known);
        QCOMPARE(four->addresses, m_addresses.first(2));
        const QByteArray aaaa = dnsQuestion(8, u"relay.example"_s, DnsType::Aaaa);
        const auto six = readDnsAnswer(PlayedResolver::answerTo(aaaa, m_addresses), aaaa);
        QVERIFY(six);
        QCOMPARE(six->addresses, m_addresses.last(1));
    }

    /// Behind an alias, in letters of its own, and with a record of a kind that nobody asked for.
    void behindAnAlias()
    {
        const QByteArray asked = dnsQuestion(7, u"relay.example"_s, DnsType::A);
        QByteArray answer = PlayedResolver::answerTo(asked, {});
        answer[7] = 3;
        answer += QByteArray::fromHex("c00c00050001000000ff000401610000"); // CNAME, four bytes of it
        answer += QByteArray::fromHex("0161c01200010001000000ff0004c0000201"); // A, its name half elsewhere
        answer += QByteArray::fromHex("00001c0001000000ff0010") + QByteArray(16, '\1'); // AAAA
        const qsizetype at = answer.indexOf("relay");
        answer.replace(at, 5, "ReLaY");
        const auto read = readDnsAnswer(answer, asked);
        QVERIFY(read);
        QCOMPARE(read->addresses, m_addresses.first(1));
    }

    void codes_data()
    {
        QTest::addColumn<int>("code");
        QTest::addColumn<DnsAnswer::Kind>("kind");
        QTest::newRow("none") << 0 << DnsAnswer::Kind::Known;
        QTest::newRow("format") << 1 << DnsAnswer::Kind::Failed;
        QTest::newRow("server failure") << 2 << DnsAnswer::Kind::Failed;
        QTest::newRow("no such name") << 3 << DnsAnswer::Kind::NoSuchName;
        QTest::newRow("refused") << 5 << DnsAnswer::Kind::Failed;
    }
    void codes()
    {
        QFETCH(int, code);
        QFETCH(DnsAnswer::Kind, kind);
        const QByteArray asked = dnsQuestion(7, u"relay.example"_s, DnsType::A);
        const auto read = readDnsAnswer(PlayedResolver::answerTo(asked, {}, code), asked);
        QVERIFY(read);
        QCOMPARE(read->kind, kind);
        QVERIFY(read->addresses.isEmpty());
    }

    void truncated()
    {
        const QByteArray asked = dnsQuestion(7, u"relay.example"_s, DnsType::A);
        QByteArray answer = PlayedResolver::answerTo(asked, {});
        answer[2] = char(answer[2] | 2);
        QCOMPARE(readDnsAnswer(answer, asked)->kind, DnsAnswer::Kind::Failed);
        answer = PlayedResolver::answerTo(asked, m_addresses);
        answer[2] = char(answer[2] | 2);
        QCOMPARE(readDnsAnswer(answer, asked)->addresses.size(), 2);
    }

    void isNoAnswer()
    {
        const QByteArray asked = dnsQuestion(7, u"relay.example"_s, DnsType::A);
        const QByteArray answer = PlayedResolver::answerTo(asked, m_addresses);
        QVERIFY(readDnsAnswer(answer, asked));
        QVERIFY(!readDnsAnswer(asked, asked)); // a question
        QVERIFY(!readDnsAnswer(answer, dnsQuestion(8, u"relay.example"_s, DnsType::A)));
        QVERIFY(!readDnsAnswer(answer, dnsQuestion(7, u"other.example"_s, DnsType::A)));
        QVERIFY(!readDnsAnswer(answer, dnsQuestion(7, u"relay.example"_s, DnsType::Aaaa)));
        QVERIFY(!readDnsAnswer(answer, {}));
        for (qsizetype size = 0; size < answer.size(); ++size)
            QVERIFY(!readDnsAnswer(QByteArrayView(answer).first(size), asked));
        // Its second record is of a name that does not end.
        QByteArray broken = answer;
        broken[asked.size() + 16] = char(0x40);
        QVERIFY(!readDnsAnswer(broken, asked));
    }
};

RELAY_TEST(tst_DnsMessage)
#include "tst_dnsmessage.moc"
