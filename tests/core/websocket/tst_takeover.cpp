// SPDX-License-Identifier: MIT
#include "core/websocket/framewriter.h"
#include "core/websocket/takeover.h"
#include "tests/core/websocket/scriptedserver.h"
#include "tests/core/websocket/streamowner.h"
#include "tests/core/websocket/testcertificate.h"

#include <QNetworkProxy>
#include <QPointer>
#include <QRegularExpression>
#include <QSignalSpy>
#include <QTest>
#include <QWebSocket>

#include <functional>
#include <memory>
#include <optional>

using namespace rr;
using namespace Qt::StringLiterals;

namespace {

/// A QWebSocket that dials a server, and whose connection is taken over when the handshake is done.
class Taken
{
public:
    Taken(const ScriptedServer &server, const TestCertificate *certificate)
        : webSocket(new QWebSocket)
        , messages(webSocket, &QWebSocket::textMessageReceived)
    {
        if (certificate)
            webSocket->setSslConfiguration(certificate->client());
        webSocket->setProxy(QNetworkProxy::NoProxy);
        QObject::connect(webSocket, &QWebSocket::connected, webSocket, [this] {
            if (before)
                before(*socket);
            takeOver(webSocket, socket, [this](std::unique_ptr<ByteStream> taken) {
                ++calls;
                unsentAtReady = socket ? socket->bytesToWrite() : -1;
                stream = std::move(taken);
                if (stream) {
                    stream->setOwner(&owner);
                    stream->setReading(true);
                    stream->write("mine");
                }
            });
            callsFromInside = calls;
            if (after)
                after(*socket);
        });
        webSocket->open(
            QUrl(u"%1://127.0.0.1:%2/"_s.arg(certificate ? u"wss"_s : u"ws"_s).arg(server.serverPort())));
        socket = webSocket->findChild<QTcpSocket *>();
    }
    ~Taken()
    {
        stream.reset();
        delete webSocket.data();
    }
    Q_DISABLE_COPY_MOVE(Taken)

    QPointer<QWebSocket> webSocket;
    QPointer<QTcpSocket> socket;
    QSignalSpy messages; ///< that QWebSocket found in what came
    std::function<void(QTcpSocket &)> before; ///< called in the slot, before takeOver() and after it
    std::function<void(QTcpSocket &)> after;
    StreamOwner owner;
    std::unique_ptr<ByteStream> stream;
    int calls = 0; ///< of `ready`
    int callsFromInside = -1;
    qint64 unsentAtReady = -1;
};

QByteArray text(const QByteArray &payload)
{
    return makeFrame(FrameScanner::Sender::Server, Opcode::Text, payload);
}

} // namespace

class tst_Takeover : public QObject
{
    Q_OBJECT
    std::unique_ptr<TestCertificate> m_certificate;

    std::optional<QSslConfiguration> server(bool tls) const
    {
        return tls ? std::optional(m_certificate->server()) : std::nullopt;
    }
    const TestCertificate *client(bool tls) const { return tls ? m_certificate.get() : nullptr; }
    static void addKinds()
    {
        QTest::addColumn<bool>("tls");
        QTest::newRow("plain") << false;
        QTest::newRow("TLS") << true;
    }

private Q_SLOTS:
    void initTestCase() { m_certificate = std::make_unique<TestCertificate>(); }

    void everyByteIsTheStreams_data() { addKinds(); }
    void everyByteIsTheStreams()
    {
        QFETCH(bool, tls);
        const QByteArray early = text("one") + text("two") + text("half").left(3);
        ScriptedServer peer(
            [&](const QByteArray &head) { return switchingProtocols(head) + early; }, server(tls));
        Taken taken(peer, client(tls));
        QTRY_COMPARE(taken.calls, 1);
        QCOMPARE(taken.callsFromInside, 0); // a later turn of the event loop
        QVERIFY(taken.stream);
        QTRY_COMPARE(taken.owner.received, early);
        QTRY_COMPARE(peer.received, "mine");
#ifdef Q_OS_UNIX
        if (!tls)
            QTRY_VERIFY(taken.webSocket.isNull()); // not needed any more, and still all goes on
#endif
        peer.sockets[0]->write("later");
        QTRY_COMPARE(taken.owner.received, early + "later");
        taken.stream->write(" too");
        QTRY_COMPARE(peer.received, "mine too");

        taken.stream.reset();
        QTRY_VERIFY(taken.webSocket.isNull());
        QVERIFY(taken.socket.isNull());
        QTRY_COMPARE(peer.sockets[0]->state(), QAbstractSocket::UnconnectedState);
        QCOMPARE(peer.received, "mine too"); // no close frame of Qt's own
        QCOMPARE(taken.messages.size(), 0);
        QCOMPARE(taken.calls, 1);
    }

    void whatQtHadToSendGoesFirst_data()
    {
        addKinds();
    }
    void whatQtHadToSendGoesFirst()
    {
        QFETCH(bool, tls);
        const QByteArray before(5'000'000, 'q');
        ScriptedServer peer(switchingProtocols, server(tls));
        Taken taken(peer, client(tls));
        taken.before = [&](QTcpSocket &socket) { socket.write(before); };
        QTRY_COMPARE_WITH_TIMEOUT(taken.calls, 1, 20'000);
        QCOMPARE(taken.unsentAtReady, 0);
        QTRY_COMPARE_WITH_TIMEOUT(peer.received.size(), before.size() + 4, 20'000);
        QVERIFY(peer.received == before + "mine");
    }

    void connectionIsLost_data()
    {
        addKinds();
    }
    void connectionIsLost()
    {
        QFETCH(bool, tls);
        ScriptedServer peer(switchingProtocols, server(tls));
        Taken taken(peer, client(tls));
        taken.after = [](QTcpSocket &socket) { socket.disconnectFromHost(); };
        QTRY_COMPARE(taken.calls, 1);
        QCOMPARE(taken.callsFromInside, 0);
        QVERIFY(!taken.stream);
        QTRY_VERIFY(taken.webSocket.isNull());
        QVERIFY(taken.socket.isNull());
        QCOMPARE(taken.calls, 1);
    }

    // Qt closes a socket that it could not write to, and complains of who reads it then.
    void connectionIsCut_data()
    {
        addKinds();
    }
    void connectionIsCut()
    {
        QFETCH(bool, tls);
        QTest::failOnWarning(QRegularExpression(u"device not open"_s));
        ScriptedServer peer(switchingProtocols, server(tls));
        Taken taken(peer, client(tls));
        taken.after = [](QTcpSocket &socket) { socket.abort(); };
        QTRY_COMPARE(taken.calls, 1);
        QVERIFY(!taken.stream);
    }

    // Behind its answer the peer says something and is gone: that is not lost.
    void lastWords_data()
    {
        addKinds();
    }
    void lastWords()
    {
        QFETCH(bool, tls);
        ScriptedServer peer(
            [](const QByteArray &head) { return switchingProtocols(head) + text("bye"); }, server(tls));
        peer.closeAfterAnswer = true;
        Taken taken(peer, client(tls));
        QTRY_COMPARE(taken.owner.endedCalls, 1);
        QCOMPARE(taken.owner.received, text("bye"));
        QCOMPARE(taken.messages.size(), 0);
    }
};

QTEST_GUILESS_MAIN(tst_Takeover)
#include "tst_takeover.moc"
