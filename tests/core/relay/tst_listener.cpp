// SPDX-License-Identifier: MIT
#include "core/relay/listener.h"
#include "tests/core/relay/mostinaturn.h"
#include "tests/support/relaytest.h"
#include "tests/support/reservedport.h"

#include <QAbstractEventDispatcher>
#include <QSignalSpy>
#include <QTcpSocket>
#include <QTest>

#ifdef Q_OS_UNIX
#include <cerrno>

#include <netinet/in.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>
#endif

using namespace rr;
using namespace std::chrono_literals;

#ifdef Q_OS_UNIX
namespace {

/// So many clients whose connections the system has taken, and which are closed at the end.
class Clients
{
public:
    explicit Clients(int count)
    {
        for (int i = 0; i < count; ++i)
            m_descriptors.append(::socket(AF_INET, SOCK_STREAM, 0));
    }
    ~Clients()
    {
        for (const int descriptor : std::as_const(m_descriptors))
            ::close(descriptor);
    }
    /// Needs no descriptor.
    bool connectTo(quint16 port)
    {
        sockaddr_in address = {};
        address.sin_family = AF_INET;
        address.sin_port = htons(port);
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        return std::all_of(m_descriptors.cbegin(), m_descriptors.cend(), [&](int descriptor) {
            return ::connect(descriptor, reinterpret_cast<const sockaddr *>(&address), sizeof address) == 0;
        });
    }

private:
    QList<int> m_descriptors;
};

/// The process may open no descriptor more.
class NoDescriptors
{
public:
    NoDescriptors()
    {
        ::getrlimit(RLIMIT_NOFILE, &m_before);
        const int lowestFree = ::dup(0);
        ::close(lowestFree);
        rlimit none = m_before;
        none.rlim_cur = rlim_t(lowestFree);
        ::setrlimit(RLIMIT_NOFILE, &none);
    }
    ~NoDescriptors() { ::setrlimit(RLIMIT_NOFILE, &m_before); }

private:
    rlimit m_before = {};
};

void turnTheLoop(int times)
{
    for (int i = 0; i < times; ++i)
        QAbstractEventDispatcher::instance()->processEvents(QEventLoop::AllEvents);
}

} // namespace
#endif

class tst_Listener : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void givesDescriptorsAway_data()
    {
        QTest::addColumn<QString>("host");
        QTest::newRow("an address") << QStringLiteral("127.0.0.1");
        QTest::newRow("all") << QStringLiteral("0.0.0.0");
        QTest::newRow("a name") << QStringLiteral("localhost");
    }
    void givesDescriptorsAway()
    {
        QFETCH(QString, host);
        QList<qintptr> taken;
        Listener listener([&taken](qintptr descriptor) { taken.append(descriptor); });
        QVERIFY(!listener.listenOn(host, 0));
        QVERIFY(listener.serverPort() > 0);
        QTcpSocket client;
        client.connectToHost(
            host == QLatin1String("0.0.0.0") ? QStringLiteral("127.0.0.1") : host, listener.serverPort());
        client.write("hello");
        QTRY_COMPARE(taken.size(), 1);
        QTcpSocket socket; // it is ours, and untouched
        QVERIFY(socket.setSocketDescriptor(taken[0]));
        QTRY_COMPARE(socket.bytesAvailable(), 5);
    }

    void bothFamilies()
    {
        QList<qintptr> taken;
        Listener listener([&taken](qintptr descriptor) { taken.append(descriptor); });
        if (!QTcpServer().listen(QHostAddress::LocalHostIPv6))
            QSKIP("this machine has no IPv6");
        QVERIFY(!listener.listenOn(QStringLiteral("::"), 0));
        QTcpSocket ipv4;
        ipv4.connectToHost(QHostAddress(QHostAddress::LocalHost), listener.serverPort());
        QTRY_COMPARE(taken.size(), 1);
        QTcpSocket ipv6;
        ipv6.connectToHost(QHostAddress(QHostAddress::LocalHostIPv6), listener.serverPort());
        QTRY_COMPARE(taken.size(), 2);
    }

    // Who takes is behind: the others wait in the system.
    void rests()
    {
        QList<qintptr> taken;
        Listener *resting = nullptr;
        Listener::Ways ways;
        ways.rest = 1h;
        const auto take = [&](qintptr descriptor) {
            taken.append(descriptor);
            resting->rest();
        };
        Listener listener(take, ways);
        resting = &listener;
        QSignalSpy exhausted(&listener, &Listener::exhausted);
        QVERIFY(!listener.listenOn(QStringLiteral("127.0.0.1"), 0));
        std::array<QTcpSocket, 3> clients;
        for (QTcpSocket &client : clients) {
            client.connectToHost(QHostAddress(QHostAddress::LocalHost), listener.serverPort());
            QTRY_COMPARE(client.state(), QAbstractSocket::ConnectedState);
        }
        QTRY_COMPARE(taken.size(), 1);
        QTest::qWait(20);
        QCOMPARE(taken.size(), 1);
        QVERIFY(exhausted.isEmpty());
    }

    void goesOnAfterARest()
    {
        int taken = 0;
        Listener *resting = nullptr;
        const auto take = [&](qintptr descriptor) {
            QTcpSocket().setSocketDescriptor(descriptor);
            ++taken;
            resting->rest();
        };
        Listener listener(take);
        resting = &listener;
        QVERIFY(!listener.listenOn(QStringLiteral("127.0.0.1"), 0));
        std::array<QTcpSocket, 3> clients;
        for (QTcpSocket &client : clients)
            client.connectToHost(QHostAddress(QHostAddress::LocalHost), listener.serverPort());
        QTRY_COMPARE(taken, 3);
    }

    void errors_data()
    {
        QTest::addColumn<QString>("host");
        QTest::addColumn<QByteArray>("code");
        QTest::addColumn<QByteArray>("setting");
        QTest::newRow("taken") << QStringLiteral("127.0.0.1") << QByteArray("port_in_use")
                               << QByteArray("port");
        // RFC 5737: for documentation, nobody's own
        QTest::newRow("not ours") << QStringLiteral("192.0.2.1") << QByteArray("address_not_available")
                                  << QByteArray("host");
        QTest::newRow("no such name")
            << QStringLiteral("nowhere.invalid") << QByteArray("address_not_available") << QByteArray("host");
    }
    void errors()
    {
        QFETCH(QString, host);
        QFETCH(QByteArray, code);
        QFETCH(QByteArray, setting);
        QTcpServer other;
        QVERIFY(other.listen(QHostAddress::LocalHost));
        Listener listener([](qintptr) {});
        const auto error = listener.listenOn(host, other.serverPort());
        QVERIFY(error);
        QCOMPARE(error->code, code);
        QCOMPARE(error->setting, setting);
        QVERIFY(
            plain(error->detail).contains(setting == "port" ? QString::number(other.serverPort()) : host));
        QVERIFY(!listener.isListening());
        QVERIFY(!listener.listenOn(QStringLiteral("127.0.0.1"), 0)); // and can be used afterwards
    }

    void closesAndListensAgain()
    {
        const ReservedPort port; // or another program might have it in between
        QList<qintptr> taken;
        Listener listener([&taken](qintptr descriptor) { taken.append(descriptor); });
        QVERIFY(!listener.listenOn(QStringLiteral("127.0.0.1"), port.number()));
        listener.close();
        QTcpSocket late;
        late.connectToHost(QHostAddress::LocalHost, port.number());
        QTRY_COMPARE(late.error(), QAbstractSocket::ConnectionRefusedError);
        QVERIFY(!listener.listenOn(QStringLiteral("127.0.0.1"), port.number()));
        QTcpSocket client;
        client.connectToHost(QHostAddress::LocalHost, port.number());
        QTRY_COMPARE(taken.size(), 1);
        QTcpSocket socket;
        QVERIFY(socket.setSocketDescriptor(taken[0]));
    }

#ifdef Q_OS_UNIX
    void whatFailsAloneIsPassedOver_data()
    {
        QTest::addColumn<int>("error");
        for (const int error : {EINTR, ECONNABORTED, EPERM, EPROTO, ENOPROTOOPT, EOPNOTSUPP, ENETDOWN,
                 ENETUNREACH, EHOSTDOWN, EHOSTUNREACH})
            QTest::addRow("%s", strerror(error)) << error;
    }
    void whatFailsAloneIsPassedOver()
    {
        QFETCH(int, error);
        int left = 3;
        int taken = 0;
        const auto accept = [&](qintptr listening) -> qintptr {
            if (left-- > 0) {
                errno = error;
                return -1;
            }
            return Listener::acceptConnection(listening);
        };
        Listener listener(
            [&taken](qintptr descriptor) { taken += ::close(int(descriptor)) == 0; }, {accept, 1h, 1h});
        QSignalSpy exhausted(&listener, &Listener::exhausted);
        QVERIFY(!listener.listenOn(QStringLiteral("127.0.0.1"), 0));
        Clients clients(2);
        QVERIFY(clients.connectTo(listener.serverPort()));
        QTRY_COMPARE(taken, 2);
        QCOMPARE(exhausted.size(), 0);
    }

    void pausesWhenNothingIsLeftToAcceptWith_data()
    {
        QTest::addColumn<int>("error");
        QTest::addColumn<int>("most");
        for (const int error : {EMFILE, ENFILE, ENOBUFS, ENOMEM, EINVAL})
            QTest::addRow("%s", strerror(error)) << error << 1;
        // What one connection may fail with, but all do: a filter of system calls, say.
        QTest::newRow("no call of accept(2) is permitted") << EPERM << Listener::mostAtOnce;
    }
    void pausesWhenNothingIsLeftToAcceptWith()
    {
        QFETCH(int, error);
        QFETCH(int, most);
        int attempts = 0;
        const auto accept = [&](qintptr) -> qintptr {
            ++attempts;
            errno = error;
            return -1;
        };
        Listener listener([](qintptr) {}, {accept, 1h, 1h});
        QSignalSpy exhausted(&listener, &Listener::exhausted);
        QVERIFY(!listener.listenOn(QStringLiteral("127.0.0.1"), 0));
        Clients clients(1);
        QVERIFY(clients.connectTo(listener.serverPort()));
        QTRY_COMPARE(exhausted.size(), 1);
        QCOMPARE(exhausted[0][0].toString(), qt_error_string(error));
        turnTheLoop(100); // the connection waits all the time
        QCOMPARE(attempts, most);
    }

    void saysOnceWhatLasts()
    {
        int attempts = 0;
        int failing = 5;
        int taken = 0;
        const auto accept = [&](qintptr listening) -> qintptr {
            if (++attempts <= failing) {
                errno = ENFILE;
                return -1;
            }
            return Listener::acceptConnection(listening);
        };
        Listener listener(
            [&taken](qintptr descriptor) { taken += ::close(int(descriptor)) == 0; }, {accept, 1ms, 1h});
        QSignalSpy exhausted(&listener, &Listener::exhausted);
        QSignalSpy recovered(&listener, &Listener::recovered);
        QVERIFY(!listener.listenOn(QStringLiteral("127.0.0.1"), 0));
        Clients clients(1);
        QVERIFY(clients.connectTo(listener.serverPort()));
        QTRY_COMPARE(taken, 1);
        QCOMPARE(exhausted.size(), 1);
        QCOMPARE(recovered.size(), 0);
        QVERIFY(listener.isExhausted());
    }

    // Of one failure each: a slow machine may be calm between two that follow each other.
    void saysWhenItIsOverAndBeginsAnew()
    {
        int attempts = 0;
        int failing = 1;
        int taken = 0;
        const auto accept = [&](qintptr listening) -> qintptr {
            if (++attempts <= failing) {
                errno = ENFILE;
                return -1;
            }
            return Listener::acceptConnection(listening);
        };
        Listener listener(
            [&taken](qintptr descriptor) { taken += ::close(int(descriptor)) == 0; }, {accept, 1ms, 10ms});
        QSignalSpy exhausted(&listener, &Listener::exhausted);
        QSignalSpy recovered(&listener, &Listener::recovered);
        QVERIFY(!listener.listenOn(QStringLiteral("127.0.0.1"), 0));
        Clients clients(1);
        QVERIFY(clients.connectTo(listener.serverPort()));
        QTRY_COMPARE(taken, 1);
        QCOMPARE(exhausted.size(), 1);
        QTRY_COMPARE(recovered.size(), 1);
        QVERIFY(!listener.isExhausted());
        QCOMPARE(exhausted.size(), 1);

        failing = attempts + 1; // it begins anew
        Clients others(1);
        QVERIFY(others.connectTo(listener.serverPort()));
        QTRY_COMPARE(taken, 2);
        QCOMPARE(exhausted.size(), 2);
        QTRY_COMPARE(recovered.size(), 2);
    }

    void goesOnWhenThereAreDescriptorsAgain()
    {
        QList<qintptr> taken;
        Listener listener([&taken](qintptr descriptor) { taken.append(descriptor); },
            {Listener::acceptConnection, 1ms, 1h});
        QSignalSpy exhausted(&listener, &Listener::exhausted);
        QVERIFY(!listener.listenOn(QStringLiteral("127.0.0.1"), 0));
        Clients first(1);
        Clients second(2);
        QVERIFY(first.connectTo(listener.serverPort()));
        QTRY_COMPARE(taken.size(), 1); // after which accept() has said EAGAIN once
        {
            const NoDescriptors none;
            QVERIFY(second.connectTo(listener.serverPort()));
            QTRY_COMPARE(exhausted.size(), 1);
            QCOMPARE(exhausted[0][0].toString(), qt_error_string(EMFILE));
            turnTheLoop(100);
            QCOMPARE(taken.size(), 1);
        }
        QTRY_COMPARE(taken.size(), 3);
        QCOMPARE(exhausted.size(), 1);
        for (const qintptr descriptor : std::as_const(taken))
            ::close(int(descriptor));
    }

    // Of a connection that has been reset the system tells nothing any more.
    void knowsWhoHasCome()
    {
        QList<QHostAddress> peers;
        Listener listener([&peers](const Listener::Accepted &accepted) {
            peers.append(accepted.peer);
            ::close(int(accepted.descriptor));
        });
        QVERIFY(!listener.listenOn(QStringLiteral("127.0.0.1"), 0));
        const int client = ::socket(AF_INET, SOCK_STREAM, 0);
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(listener.serverPort());
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        QCOMPARE(::connect(client, reinterpret_cast<const sockaddr *>(&address), sizeof address), 0);
        const linger atOnce{1, 0};
        QCOMPARE(::setsockopt(client, SOL_SOCKET, SO_LINGER, &atOnce, sizeof atOnce), 0);
        ::close(client);
        QTRY_COMPARE(peers, QList{QHostAddress(QHostAddress::LocalHost)});
    }

    void soManyAtOnce()
    {
        int taken = 0;
        Listener listener([&taken](qintptr descriptor) { taken += ::close(int(descriptor)) == 0; });
        QVERIFY(!listener.listenOn(QStringLiteral("127.0.0.1"), 0));
        Clients clients(100); // less than may wait anywhere
        QVERIFY(clients.connectTo(listener.serverPort()));
        QCOMPARE(mostInATurn(100, [&] { return taken; }), Listener::mostAtOnce);
    }
#endif
};

RELAY_TEST(tst_Listener)
#include "tst_listener.moc"
