// SPDX-License-Identifier: MIT
#include "ui/control/outsidecall.h"

#include "core/realtime/eventtype.h"
#include "tests/support/relaytest.h"

#include <QTest>

using namespace rr;
using namespace Qt::StringLiterals;

class TestOutsideCall : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void words_data()
    {
        QTest::addColumn<qint64>("messages");
        QTest::addColumn<QByteArray>("last");
        QTest::addColumn<bool>("counts");
        QTest::newRow("a session") << qint64(1) << "session.created"_ba << true;
        QTest::newRow("GPT-Live's") << qint64(1) << "session.started"_ba << true;
        QTest::newRow("an error alone") << qint64(1) << "error"_ba << false;
        QTest::newRow("an error, and the client went on") << qint64(1) << "session.update"_ba << false;
        QTest::newRow("an error in a session") << qint64(2) << "error"_ba << true;
    }
    void words()
    {
        QFETCH(qint64, messages);
        QFETCH(QByteArray, last);
        Snapshot snapshot;
        CallSnapshot call;
        call.clientAddress = u"192.168.1.20"_s;
        call.down.messages = messages;
        call.lastEventType = sniffEventType("{\"type\":\"" + last + "\"}");
        snapshot.calls = {call};
        QTEST(outsideCaller(snapshot, {}).has_value(), "counts");
    }

    void callers_data()
    {
        QTest::addColumn<QString>("client");
        QTest::addColumn<qint64>("messages");
        QTest::addColumn<bool>("counts");
        QTest::newRow("from the network") << u"192.168.1.20"_s << qint64(2) << true;
        QTest::newRow("that got nothing") << u"192.168.1.20"_s << qint64(0) << false;
        QTest::newRow("from here") << u"127.0.0.1"_s << qint64(9) << false;
        QTest::newRow("from here, IPv6") << u"::1"_s << qint64(9) << false;
        QTest::newRow("from here by its network") << u"192.168.1.5"_s << qint64(9) << false;
        QTest::newRow("the same, as IPv6 writes it") << u"::ffff:192.168.1.5"_s << qint64(9) << false;
        QTest::newRow("from the internet") << u"2001:db8::77"_s << qint64(2) << true;
        QTest::newRow("nobody knows from where") << u"unknown"_s << qint64(2) << false;
    }
    void callers()
    {
        QFETCH(QString, client);
        QFETCH(qint64, messages);
        QFETCH(bool, counts);
        Snapshot snapshot;
        CallSnapshot call;
        call.clientAddress = client;
        call.down.messages = messages;
        snapshot.calls = {CallSnapshot(), call};
        const auto caller = outsideCaller(snapshot, {QHostAddress(u"192.168.1.5"_s)});
        QCOMPARE(caller.has_value(), counts);
        QCOMPARE(caller.value_or(client), client);
    }

    /// The browser of whoever shares seems to come from the internet, too: by the address that all of this network have there.
    void throughATunnelThatTellsAddresses()
    {
        Snapshot snapshot;
        CallSnapshot call;
        call.door = Door::Share;
        call.clientAddress = u"198.51.100.20"_s;
        call.down.messages = 2;
        snapshot.calls = {call};
        QVERIFY(!outsideCaller(snapshot, {QHostAddress(u"192.168.1.5"_s)}));
        snapshot.firstVisitor = Visitor{u"203.0.113.7"_s, {}, QDateTime::currentDateTimeUtc()};
        QCOMPARE(outsideCaller(snapshot, {}), std::optional(u"203.0.113.7"_s));
    }

    void throughATunnelThatTellsNoAddress()
    {
        Snapshot snapshot;
        CallSnapshot call;
        call.door = Door::Share;
        call.clientAddress = u"127.0.0.1"_s;
        call.down.messages = 2;
        snapshot.calls = {call};
        QVERIFY(!outsideCaller(snapshot, {})); // perhaps it is this machine that tries its own link
        snapshot.firstVisitor = Visitor{{}, u"Mozilla/5.0"_s, QDateTime::currentDateTimeUtc()};
        QCOMPARE(outsideCaller(snapshot, {}), std::optional(QString()));
        snapshot.firstVisitor->address = u"203.0.113.7"_s;
        QCOMPARE(outsideCaller(snapshot, {}), std::optional(u"203.0.113.7"_s));
    }
};

RELAY_TEST(TestOutsideCall)
#include "tst_outsidecall.moc"
