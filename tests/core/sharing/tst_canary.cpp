// SPDX-License-Identifier: MIT
#include "core/sharing/canary.h"
#include "core/wire/framewriter.h"
#include "tests/core/sharing/sharedrelay.h"
#include "tests/core/wire/scriptedserver.h"
#include "tests/support/relaytest.h"

#include <QElapsedTimer>
#include <QSignalSpy>
#include <QTcpServer>
#include <QTcpSocket>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace rr;
using namespace std::chrono_literals;

namespace {

/// What stands between a canary and the share: carries everything, and counts what the canary says.
class Carrier : public QTcpServer
{
public:
    explicit Carrier(quint16 to)
    {
        if (!listen(QHostAddress::LocalHost))
            qFatal("listen");
        connect(this, &QTcpServer::newConnection, this, [this, to] {
            QTcpSocket *const near = nextPendingConnection();
            auto *far = new QTcpSocket(near);
            ++open;
            far->connectToHost(QHostAddress(QHostAddress::LocalHost), to);
            connect(near, &QIODevice::readyRead, far, [this, near, far] {
                ++said;
                far->write(near->readAll());
            });
            connect(far, &QIODevice::readyRead, near, [near, far] { near->write(far->readAll()); });
            connect(far, &QAbstractSocket::disconnected, near, &QAbstractSocket::disconnectFromHost);
            connect(near, &QAbstractSocket::disconnected, this, [this, near] {
                --open;
                near->deleteLater();
            });
        });
    }

    int open = 0; ///< connections
    int said = 0; ///< its request, and each of its beats: none comes before the one before is answered
};

} // namespace

class tst_Canary : public QObject
{
    Q_OBJECT

    static CanaryPlan planFor(SharedRelay &shared, quint16 port)
    {
        CanaryPlan plan;
        plan.address = QUrl(u"http://relay.test:%1"_s.arg(port));
        plan.connectTo = QHostAddress(QHostAddress::LocalHost);
        plan.origin = "https://demo.example";
        plan.proofs = &shared.relay.shareProofs();
        plan.heartbeat = 20ms;
        return plan;
    }

private Q_SLOTS:
    void staysOpenUntilTheShareEnds()
    {
        SharedRelay shared;
        Carrier carrier(shared.port);
        Canary canary;
        QSignalSpy opened(&canary, &Canary::opened);
        QSignalSpy cut(&canary, &Canary::cut);
        QElapsedTimer sinceStart;
        sinceStart.start();
        canary.start(planFor(shared, carrier.serverPort()));
        QVERIFY(!canary.isOpen());
        QTRY_COMPARE(opened.size(), 1);
        QElapsedTimer sinceOpened;
        sinceOpened.start();
        const int before = carrier.said;
        QTRY_VERIFY(carrier.said >= before + 5);
        QVERIFY(canary.isOpen());
        QVERIFY(cut.isEmpty());
        const std::chrono::milliseconds stood(sinceOpened.elapsed());
        shared.relay.closeShare();
        QTRY_COMPARE(cut.size(), 1);
        const auto after = cut.at(0).at(0).value<std::chrono::milliseconds>();
        QVERIFY(after >= stood);
        QVERIFY(after.count() <= sinceStart.elapsed());
    }

    void saysNothingOnceStopped()
    {
        SharedRelay shared;
        Carrier carrier(shared.port);
        Canary canary;
        QSignalSpy opened(&canary, &Canary::opened);
        QSignalSpy failed(&canary, &Canary::failed);
        QSignalSpy cut(&canary, &Canary::cut);
        canary.start(planFor(shared, carrier.serverPort()));
        canary.stop();
        canary.start(planFor(shared, carrier.serverPort()));
        QTRY_COMPARE(opened.size(), 1);
        canary.stop();
        shared.relay.closeShare();
        // Its connection is no more, and another that began after that has been told of its end.
        QTRY_COMPARE(carrier.open, 0);
        Canary later;
        QSignalSpy laterFailed(&later, &Canary::failed);
        later.start(planFor(shared, shared.port)); // where nobody listens any more
        QTRY_COMPARE(laterFailed.size(), 1);
        QVERIFY(cut.isEmpty() && failed.isEmpty());
    }

    /// The connection stands, and nothing comes back any more. Where calls have no heartbeat it has none either, and notices
    /// nothing.
    void aDeadWayIsNoticed()
    {
        SharedRelay shared;
        ShareProofs &proofs = shared.relay.shareProofs();
        ScriptedServer server([&](const QByteArray &head) {
            const qsizetype at = head.indexOf("n=") + 2;
            const QByteArray proof = proofs.proofOf("ws", head.mid(at, 22));
            return switchingProtocols(head).chopped(2) + "Sec-WebSocket-Protocol: realtime\r\n\r\n"
                + makeFrame(FrameScanner::Sender::Server, Opcode::Text, proof);
        });
        CanaryPlan plan = planFor(shared, server.serverPort());
        plan.heartbeat = 0ms;
        Canary quiet;
        QSignalSpy opened(&quiet, &Canary::opened);
        quiet.start(plan);
        QTRY_COMPARE(opened.size(), 1);
        plan.heartbeat = 20ms;
        plan.patience = 5s; // the handshake is to be over by then, too
        Canary beating;
        QSignalSpy cut(&beating, &Canary::cut);
        beating.start(plan);
        QTRY_COMPARE(cut.size(), 1);
        QVERIFY(quiet.isOpen());
        // One beat of one of them.
        QTRY_COMPARE(
            server.received.size(), makeFrame(FrameScanner::Sender::Client, Opcode::Text, "beat 1").size());
        QVERIFY(server.heads.first().contains("&keep=1"));
        QVERIFY(server.heads.first().contains("Mozilla/"));
    }

    void cannotBeOpened_data()
    {
        QTest::addColumn<QByteArray>("answer");
        QTest::newRow("refused") << "HTTP/1.1 426 Upgrade Required\r\nContent-Length: 0\r\n\r\n"_ba;
        QTest::newRow("no HTTP") << "SSH-2.0-OpenSSH\r\n\r\n"_ba;
    }
    void cannotBeOpened()
    {
        QFETCH(QByteArray, answer);
        SharedRelay shared;
        ScriptedServer server([&](const QByteArray &) { return answer; });
        Canary canary;
        QSignalSpy failed(&canary, &Canary::failed);
        canary.start(planFor(shared, server.serverPort()));
        QTRY_COMPARE(failed.size(), 1);
        QVERIFY(plain(failed.at(0).at(0).value<Sentence>()).contains("relay.test"_L1));
    }

    void wrongProof()
    {
        SharedRelay shared;
        ScriptedServer server([](const QByteArray &head) {
            return switchingProtocols(head).chopped(2) + "Sec-WebSocket-Protocol: realtime\r\n\r\n"
                + makeFrame(FrameScanner::Sender::Server, Opcode::Text, "of another relay");
        });
        Canary canary;
        QSignalSpy failed(&canary, &Canary::failed);
        canary.start(planFor(shared, server.serverPort()));
        QTRY_COMPARE(failed.size(), 1);
    }
};

RELAY_TEST(tst_Canary)
#include "tst_canary.moc"
