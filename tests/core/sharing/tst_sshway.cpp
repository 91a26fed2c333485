// SPDX-License-Identifier: MIT
// The ways over one's own server, with a real OpenSSH server and client.
#include "core/sharing/servertext.h"
#include "core/sharing/tunnel.h"

#include "playground.h"
#include "sshserver.h"
#include "tests/support/relaytest.h"
#include "tests/support/reservedport.h"

#include <QLocalSocket>
#include <QSignalSpy>
#include <QTcpServer>
#include <QTcpSocket>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using rr::ReservedPort;
using rr::Tunnel;
using rr::Way;
using rr::test::shortPatience;
using rr::test::SshServer;
using rr::test::States;
using rr::test::stopAndWait;
using State = rr::Tunnel::State;

namespace {

/// In the place of the relay: says what it hears.
class EchoServer
{
public:
    EchoServer()
    {
        m_server.listen(QHostAddress::LocalHost);
        QObject::connect(&m_server, &QTcpServer::newConnection, &m_server, [this] {
            QTcpSocket *const socket = m_server.nextPendingConnection();
            QObject::connect(
                socket, &QTcpSocket::readyRead, socket, [socket] { socket->write(socket->readAll()); });
        });
    }
    quint16 port() const { return m_server.serverPort(); }

private:
    QTcpServer m_server;
};

/// Whether what is sent to the place on the server comes back from the relay. The event loop runs meanwhile.
template <typename Socket>
bool comesBack(Socket &socket)
{
    const QByteArray said = "is anybody there?";
    QByteArray heard;
    QObject::connect(&socket, &QIODevice::readyRead, &socket, [&] { heard += socket.readAll(); });
    const auto isOver = [&] { return socket.state() == Socket::UnconnectedState; };
    if (!QTest::qWaitFor([&] { return socket.state() == Socket::ConnectedState || isOver(); }, 30'000)
        || isOver())
        return false;
    socket.write(said);
    return QTest::qWaitFor([&] { return heard == said || isOver(); }, 30'000) && heard == said;
}
bool isReached(const QString &place)
{
    if (place.startsWith(u'/')) {
        QLocalSocket socket;
        socket.connectToServer(place);
        return comesBack(socket);
    }
    QTcpSocket socket;
    socket.connectToHost(u"127.0.0.1"_s, place.section(u':', 1).toUShort());
    return comesBack(socket);
}
bool isOpen(quint16 port)
{
    QTcpSocket socket;
    socket.connectToHost(u"127.0.0.1"_s, port);
    return socket.waitForConnected(1'000);
}

} // namespace

class tst_SshWay : public QObject
{
    Q_OBJECT
private:
    /// The row as it is, but for where its configuration is.
    static Way way(const SshServer &server, const QString &id = u"ssh-server"_s)
    {
        Way way = rr::wayCalled(id).value();
        way.args = QStringList{u"-F"_s, server.path("client")} + way.args;
        return way;
    }
    /// That gives a server up which says nothing for three seconds.
    static Way impatientWay(const SshServer &server)
    {
        Way way = tst_SshWay::way(server);
        way.args = QStringList{u"-o"_s, u"ServerAliveInterval=1"_s} + way.args;
        return way;
    }
    static QMap<QString, QString> fields(const SshServer &server, const QString &remote)
    {
        return {{u"destination"_s, server.destination()}, {u"remote"_s, remote},
            {u"address"_s, u"relay.example.org"_s}};
    }

private Q_SLOTS:
    void initTestCase()
    {
        if (!SshServer::isInstalled()) {
            QVERIFY2(!qEnvironmentVariableIsSet("CI"), "sshd is missing; install openssh-server");
            QSKIP("sshd is missing; install the Debian package openssh-server");
        }
    }

    void callsPass_data()
    {
        QTest::addColumn<QString>("id");
        QTest::addColumn<bool>("bySocket");
        QTest::newRow("socket") << u"ssh-server"_s << true;
        QTest::newRow("port") << u"ssh-server"_s << false;
        QTest::newRow("port, without a shell") << u"ssh-server-n"_s << false;
    }
    void callsPass()
    {
        QFETCH(QString, id);
        QFETCH(bool, bySocket);
        SshServer server;
        server.start();
        const EchoServer relay;
        const ReservedPort port;
        const QString place = bySocket ? server.path("relay.sock") : port.place();
        Tunnel tunnel(shortPatience());
        tunnel.start(way(server, id), fields(server, place), relay.port());
        QCOMPARE(tunnel.state(), State::AddressKnown);
        QCOMPARE(tunnel.address(), QUrl(u"https://relay.example.org"_s));
        QTRY_COMPARE(tunnel.state(), State::Ready);
        QVERIFY(isReached(place));
        stopAndWait(tunnel);
        QTRY_COMPARE(server.sessions(), 0); // and no cat is left there
        QVERIFY(!isReached(place));
    }

    void sessionIsKilled()
    {
        SshServer server;
        server.configureServer("StreamLocalBindUnlink yes\n");
        server.start();
        const EchoServer relay;
        Tunnel tunnel(shortPatience());
        tunnel.start(way(server), fields(server, server.path("relay.sock")), relay.port());
        QTRY_COMPARE(tunnel.state(), State::Ready);
        const States seen(tunnel);
        server.signalSessions(SIGKILL);
        QTRY_VERIFY(seen.hasSeen(u"broke"_s));
        QTRY_COMPARE(tunnel.state(), State::Ready);
        QVERIFY(isReached(server.path("relay.sock")));
        stopAndWait(tunnel);
    }

    void serverIsStartedAnew()
    {
        SshServer server;
        server.start();
        const EchoServer relay;
        const ReservedPort port;
        const QString place = port.place();
        Tunnel tunnel(shortPatience());
        tunnel.start(way(server), fields(server, place), relay.port());
        QTRY_COMPARE(tunnel.state(), State::Ready);
        const States seen(tunnel);
        server.stop();
        QTRY_VERIFY(seen.hasSeen(u"unreachable"_s));
        server.start();
        QTRY_COMPARE(tunnel.state(), State::Ready);
        QVERIFY(isReached(place));
        stopAndWait(tunnel);
    }

    // The line is dead, and nobody says so: the session hangs, and holds the place.
    void frozenSessionWithASocket()
    {
        SshServer server;
        server.configureServer("StreamLocalBindUnlink yes\n");
        server.start();
        const EchoServer relay;
        Tunnel tunnel(shortPatience());
        tunnel.start(impatientWay(server), fields(server, server.path("relay.sock")), relay.port());
        QTRY_COMPARE(tunnel.state(), State::Ready);
        const States seen(tunnel);
        server.signalSessions(SIGSTOP);
        QTRY_VERIFY(seen.hasSeen(u"broke"_s));
        QTRY_COMPARE(tunnel.state(), State::Ready); // it takes over
        QTRY_VERIFY(isReached(server.path("relay.sock")));
        server.signalSessions(SIGCONT); // whose end does not remove it
        QTRY_VERIFY(isReached(server.path("relay.sock")));
        stopAndWait(tunnel);
    }
    void frozenSessionWithAPort()
    {
        SshServer server;
        server.start();
        const EchoServer relay;
        const ReservedPort port;
        const QString place = port.place();
        Tunnel tunnel(shortPatience());
        tunnel.start(impatientWay(server), fields(server, place), relay.port());
        QTRY_COMPARE(tunnel.state(), State::Ready);
        const States seen(tunnel);
        server.signalSessions(SIGSTOP);
        QTRY_VERIFY(seen.hasSeen(u"place_taken"_s));
        server.signalSessions(SIGCONT);
        QTRY_COMPARE(tunnel.state(), State::Ready);
        QTRY_VERIFY(isReached(place));
        stopAndWait(tunnel);
    }

    void placeIsTaken()
    {
        SshServer server;
        server.start();
        QTcpServer other;
        QVERIFY(other.listen(QHostAddress::LocalHost));
        Tunnel tunnel(shortPatience());
        const States seen(tunnel);
        const QString place = u"127.0.0.1:%1"_s.arg(other.serverPort());
        tunnel.start(way(server), fields(server, place), 24211);
        QTRY_VERIFY(seen.hasSeen(u"place_taken"_s));
        QVERIFY(seen.hasSeen(State::Broken));
        QVERIFY(plain(seen.last()).contains(u"does not give away %1: an earlier tunnel"_s.arg(place)));
        stopAndWait(tunnel);
    }
    void socketWasLeftBehind()
    {
        SshServer server;
        server.start();
        QFile left(server.path("relay.sock"));
        QVERIFY(left.open(QIODevice::WriteOnly));
        Tunnel tunnel(shortPatience());
        const States seen(tunnel);
        tunnel.start(way(server), fields(server, server.path("relay.sock")), 24211);
        QTRY_VERIFY(seen.hasSeen(u"socket_taken"_s));
        QVERIFY(plain(seen.last()).contains("Set StreamLocalBindUnlink yes in sshd_config"_L1));
        stopAndWait(tunnel);
    }

    void keyIsRefused()
    {
        SshServer server;
        server.useKey("otherkey");
        server.start();
        Tunnel tunnel(shortPatience());
        tunnel.start(way(server), fields(server, ReservedPort().place()), 24211);
        QTRY_COMPARE(tunnel.state(), State::NeedsYou);
        QCOMPARE(tunnel.reasonCode(), u"auth"_s);
        QVERIFY(plain(tunnel.reason()).startsWith(server.destination() + u" did not accept your SSH key."_s));
        QCOMPARE(tunnel.retryIn(), 0ms);
        stopAndWait(tunnel);
    }

    void hostKeyHasChanged()
    {
        SshServer server;
        server.start();
        const EchoServer relay;
        const ReservedPort port;
        Tunnel tunnel(shortPatience());
        tunnel.start(way(server), fields(server, port.place()), relay.port());
        QTRY_COMPARE(tunnel.state(), State::Ready); // which has made the key known
        server.stop();
        server.useHostKey("otherhost");
        server.start();
        QTRY_COMPARE(tunnel.state(), State::NeedsYou);
        QCOMPARE(tunnel.reasonCode(), u"host_key"_s);
        QTRY_COMPARE(server.sessions(), 0); // it does not go on without its forwarding
        stopAndWait(tunnel);
    }

    // A connection that ssh shares would take the forwarding over, and keep it when ssh has ended.
    void sharedConnectionDoesNotKeepIt()
    {
        SshServer server;
        server.configureClient(" ControlMaster auto\n ControlPath " + QFile::encodeName(server.path("cm"))
            + "\n ControlPersist yes\n");
        server.start();
        QProcess master;
        master.start(u"ssh"_s,
            {u"-F"_s, server.path("client"), u"-o"_s, u"BatchMode=yes"_s, u"-o"_s,
                u"StrictHostKeyChecking=accept-new"_s, u"-o"_s, u"ControlPersist=no"_s, u"-M"_s, u"-N"_s,
                server.destination()});
        QTRY_VERIFY(QFile::exists(server.path("cm")));
        const EchoServer relay;
        const ReservedPort port;
        const QString place = port.place();
        Tunnel tunnel(shortPatience());
        tunnel.start(way(server), fields(server, place), relay.port());
        QTRY_COMPARE(tunnel.state(), State::Ready);
        QVERIFY(isReached(place));
        stopAndWait(tunnel);
        QCOMPARE(master.state(), QProcess::Running);
        QTRY_VERIFY(!isOpen(port.number()));
        master.terminate();
        QVERIFY(master.waitForFinished());
    }

    void accountWithoutAShell()
    {
        SshServer server;
        server.configureServer("ForceCommand /usr/sbin/nologin\n");
        server.start();
        const EchoServer relay;
        const ReservedPort port;
        const QString place = port.place();
        Tunnel tunnel(shortPatience());
        tunnel.start(way(server), fields(server, place), relay.port());
        QTRY_COMPARE(tunnel.state(), State::NeedsYou);
        QCOMPARE(tunnel.reasonCode(), u"no_shell"_s);
        QCOMPARE(tunnel.offers(), u"ssh-server-n"_s);
        stopAndWait(tunnel);
        tunnel.start(way(server, u"ssh-server-n"_s), fields(server, place), relay.port());
        QTRY_COMPARE(tunnel.state(), State::Ready);
        QVERIFY(isReached(place));
        stopAndWait(tunnel);
    }

    // Set up as the text for the server says: nothing but the tunnel can be done with the key.
    void setUpByTheText_data()
    {
        QTest::addColumn<bool>("bySocket");
        QTest::newRow("socket") << true;
        QTest::newRow("port") << false;
    }
    void setUpByTheText()
    {
        QFETCH(bool, bySocket);
        SshServer server;
        const ReservedPort port, another;
        const EchoServer relay;
        const QMap<QString, QString> filled
            = fields(server, bySocket ? server.path("relay.sock") : port.place());
        const rr::ServerText text = rr::serverText(filled);
        server.configureServer(text.sshd.toUtf8());
        server.authorize(text.authorizedKeys.toUtf8());
        server.start();
        Tunnel tunnel(shortPatience());
        tunnel.start(way(server), filled, relay.port());
        QTRY_COMPARE(tunnel.state(), State::Ready);
        QVERIFY(isReached(filled[u"remote"_s]));
        stopAndWait(tunnel);
        tunnel.start(way(server), filled, relay.port()); // the socket is there already
        QTRY_COMPARE(tunnel.state(), State::Ready);
        stopAndWait(tunnel);
        QProcess shell;
        shell.start(u"ssh"_s,
            {u"-F"_s, server.path("client"), u"-o"_s, u"BatchMode=yes"_s, server.destination(), u"id"_s});
        shell.closeWriteChannel();
        QVERIFY(shell.waitForFinished());
        QCOMPARE(shell.readAllStandardOutput(), QByteArray("relay-tunnel-up\n"));
        const States seen(tunnel);
        tunnel.start(way(server), fields(server, another.place()), relay.port());
        QTRY_VERIFY(seen.hasSeen(u"place_taken"_s));
        stopAndWait(tunnel);
    }

    void nobodyAnswers()
    {
        SshServer server;
        server.start();
        server.stop();
        Tunnel tunnel(shortPatience());
        const States seen(tunnel);
        tunnel.start(way(server), fields(server, ReservedPort().place()), 24211);
        QTRY_VERIFY(seen.hasSeen(u"unreachable"_s));
        stopAndWait(tunnel);
    }
};

RELAY_TEST(tst_SshWay)
#include "tst_sshway.moc"
