// SPDX-License-Identifier: MIT
#include "core/relay/doors.h"
#include "tests/support/relaytest.h"
#include "tests/support/reservedport.h"

#include <QTcpSocket>
#include <QTest>

#include <list>

using namespace Qt::StringLiterals;
using namespace rr;

namespace {

/// Doors at which it is only noted who has come to which.
struct Fixture
{
    Fixture()
    {
        settings.host = u"127.0.0.1"_s;
        settings.port = 0;
    }

    quint16 port(Door door) const
    {
        return doors.listener(door) ? doors.listener(door)->serverPort() : quint16(0);
    }
    static bool answers(quint16 port)
    {
        QTcpSocket socket;
        socket.connectToHost(QHostAddress::LocalHost, port);
        return socket.waitForConnected(30'000);
    }
    /// Another one each time, and nobody else's.
    quint16 freePort() { return reserved.emplace_back().number(); }

    std::list<ReservedPort> reserved;
    Settings settings;
    QList<Door> came;
    Doors doors{[this](Door door) {
        return std::make_unique<Listener>([this, door](qintptr descriptor) {
            QTcpSocket().setSocketDescriptor(descriptor); // and closed with it
            came.append(door);
        });
    }};
};

} // namespace

class tst_Doors : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void oneOrTwo()
    {
        Fixture f;
        QVERIFY(!f.doors.isOpen(Door::Public));
        QCOMPARE(f.doors.open(f.settings), std::nullopt);
        const quint16 first = f.port(Door::Public);
        QVERIFY(f.doors.isOpen(Door::Public));
        QVERIFY(!f.doors.listener(Door::Admin));
        f.settings.adminPort = f.freePort();
        QCOMPARE(f.doors.open(f.settings), std::nullopt);
        QCOMPARE(f.port(Door::Public), first); // was left alone
        QCOMPARE(f.port(Door::Admin), f.settings.adminPort);
        QVERIFY(Fixture::answers(f.settings.adminPort));
        QTRY_COMPARE(f.came, QList<Door>{Door::Admin});
        QVERIFY(Fixture::answers(first));
        QTRY_COMPARE(f.came, (QList<Door>{Door::Admin, Door::Public}));
        const quint16 admin = std::exchange(f.settings.adminPort, quint16(0));
        QCOMPARE(f.doors.open(f.settings), std::nullopt);
        QVERIFY(!f.doors.listener(Door::Admin));
        QVERIFY(!Fixture::answers(admin));
        f.doors.close();
        QVERIFY(!Fixture::answers(first));
    }

    void anErrorChangesNothing()
    {
        Fixture f;
        QTcpServer other;
        QVERIFY(other.listen(QHostAddress::LocalHost));
        f.settings.adminPort = other.serverPort();
        auto error = f.doors.open(f.settings);
        QVERIFY(error);
        QCOMPARE(error->setting, "adminPort"_ba);
        QVERIFY2(plain(error->detail).contains(u"ADMIN_PORT"_s), qPrintable(plain(error->detail)));
        QVERIFY(!f.doors.isOpen(Door::Public)); // nor half of it

        f.settings.port = f.freePort();
        f.settings.adminPort = f.freePort();
        QCOMPARE(f.doors.open(f.settings), std::nullopt);
        Settings wrong = f.settings;
        wrong.port = f.freePort();
        wrong.adminPort = other.serverPort();
        QVERIFY(f.doors.open(wrong));
        QCOMPARE(f.port(Door::Public), f.settings.port);
        QCOMPARE(f.port(Door::Admin), f.settings.adminPort);
        wrong = f.settings;
        wrong.port = other.serverPort();
        error = f.doors.open(wrong);
        QVERIFY(error);
        QCOMPARE(error->setting, "port"_ba);
        QVERIFY(Fixture::answers(f.settings.port));
        QVERIFY(Fixture::answers(f.settings.adminPort));
    }

    // A relay that moves to where it cannot stay would lose who comes meanwhile.
    void noneMovesUnlessBothCan()
    {
        Fixture f;
        QCOMPARE(f.doors.open(f.settings), std::nullopt);
        const Listener *const before = f.doors.listener(Door::Public);
        QTcpServer other;
        QVERIFY(other.listen(QHostAddress::LocalHost));
        Settings wrong = f.settings;
        wrong.port = f.freePort();
        wrong.adminPort = other.serverPort();
        QVERIFY(f.doors.open(wrong));
        QCOMPARE(f.doors.listener(Door::Public), before);
        QVERIFY(Fixture::answers(before->serverPort()));
        QVERIFY(!Fixture::answers(wrong.port));
    }

    void portsChangeHands_data()
    {
        QTest::addColumn<bool>("adminMoves"); // to another port; else to the other's
        QTest::newRow("the admin's becomes the public one") << true;
        QTest::newRow("they change places") << false;
    }
    void portsChangeHands()
    {
        QFETCH(bool, adminMoves);
        Fixture f;
        f.settings.port = f.freePort();
        f.settings.adminPort = f.freePort();
        QCOMPARE(f.doors.open(f.settings), std::nullopt);
        const Settings first = f.settings;
        f.settings.port = first.adminPort;
        f.settings.adminPort = adminMoves ? f.freePort() : first.port;
        QCOMPARE(f.doors.open(f.settings), std::nullopt);
        QVERIFY(Fixture::answers(f.settings.port));
        QTRY_COMPARE(f.came, QList<Door>{Door::Public});
        QVERIFY(Fixture::answers(f.settings.adminPort));
        QTRY_COMPARE(f.came, (QList<Door>{Door::Public, Door::Admin}));

        Settings wrong = first; // and back, but one is not free
        QTcpServer other;
        QVERIFY(other.listen(QHostAddress::LocalHost));
        wrong.port = f.settings.adminPort;
        wrong.adminPort = other.serverPort();
        QVERIFY(f.doors.open(wrong));
        QCOMPARE(f.port(Door::Public), f.settings.port);
        QCOMPARE(f.port(Door::Admin), f.settings.adminPort);
        QVERIFY(Fixture::answers(f.settings.port));
        QVERIFY(Fixture::answers(f.settings.adminPort));
    }

    void anotherAddressOfTheSamePort()
    {
        Fixture f;
        f.settings.port = f.freePort();
        QCOMPARE(f.doors.open(f.settings), std::nullopt);
        f.settings.host = u"0.0.0.0"_s;
        QCOMPARE(f.doors.open(f.settings), std::nullopt);
        QCOMPARE(f.port(Door::Public), f.settings.port);
        QVERIFY(f.doors.isOpen(Door::Public));
        f.settings.host = u"192.0.2.1"_s; // not this machine's
        const auto error = f.doors.open(f.settings);
        QVERIFY(error);
        QCOMPARE(error->setting, "host"_ba);
        QVERIFY(f.doors.isOpen(Door::Public));
        QVERIFY(Fixture::answers(f.settings.port));
    }

    // The share's is nobody's setting, and stays whatever these say.
    void ofAShare()
    {
        Fixture f;
        QCOMPARE(f.doors.open(f.settings), std::nullopt);
        QCOMPARE(f.doors.openShare(), std::nullopt);
        const quint16 port = f.port(Door::Share);
        QCOMPARE(f.doors.listener(Door::Share)->serverAddress(), QHostAddress(QHostAddress::LocalHost));
        QVERIFY(Fixture::answers(port));
        QTRY_COMPARE(f.came, QList<Door>{Door::Share});
        f.settings.host = u"0.0.0.0"_s;
        f.settings.adminPort = f.freePort();
        QCOMPARE(f.doors.open(f.settings), std::nullopt);
        QCOMPARE(f.port(Door::Share), port);
        f.doors.close(Door::Share);
        QVERIFY(!f.doors.listener(Door::Share));
        QVERIFY(!Fixture::answers(port));
        QVERIFY(f.doors.isOpen(Door::Public));
        QVERIFY(f.doors.isOpen(Door::Admin));
        QCOMPARE(f.doors.openShare(), std::nullopt);
        f.doors.close();
        QVERIFY(!f.doors.listener(Door::Share));
    }
};

RELAY_TEST(tst_Doors)
#include "tst_doors.moc"
