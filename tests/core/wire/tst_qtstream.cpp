// SPDX-License-Identifier: MIT
#include "core/wire/qtstream.h"
#include "tests/core/wire/pattern.h"
#include "tests/core/wire/streamowner.h"
#include "tests/core/wire/testcertificate.h"
#include "tests/support/relaytest.h"

#include <QPointer>
#include <QSslSocket>
#include <QTcpServer>
#include <QTest>

#include <memory>

using namespace rr;

namespace {

class TlsPeer : public QTcpServer
{
public:
    const TestCertificate *certificate = nullptr; ///< null: plain

protected:
    void incomingConnection(qintptr descriptor) override
    {
        auto *socket = new QSslSocket(this);
        socket->setSocketDescriptor(descriptor);
        if (certificate) {
            socket->setSslConfiguration(certificate->server());
            socket->startServerEncryption();
        }
        addPendingConnection(socket);
    }
};

} // namespace

class tst_QtStream : public QObject
{
    Q_OBJECT

    /// A stream and the other end of its connection.
    struct Pair
    {
        Pair(const TestCertificate *certificate, const QByteArray &early = {})
        {
            server.certificate = certificate;
            server.listen(QHostAddress::LocalHost);
            auto *socket = certificate ? new QSslSocket : new QTcpSocket;
            keeper = socket;
            if (certificate) {
                auto *tls = static_cast<QSslSocket *>(socket);
                tls->setSslConfiguration(certificate->client());
                tls->connectToHostEncrypted(QStringLiteral("127.0.0.1"), server.serverPort());
                ready = QTest::qWaitFor([tls] { return tls->isEncrypted(); }, 30'000);
            } else {
                socket->connectToHost(QHostAddress::LocalHost, server.serverPort());
                ready = QTest::qWaitFor(
                    [socket] { return socket->state() == QTcpSocket::ConnectedState; }, 30'000);
            }
            ready = ready && QTest::qWaitFor([this] { return server.hasPendingConnections(); }, 30'000);
            peer = static_cast<QSslSocket *>(server.nextPendingConnection());
            ready = ready && QTest::qWaitFor([&] { return !certificate || peer->isEncrypted(); }, 30'000);
            stream = std::make_unique<QtStream>(socket, socket, early);
            stream->setOwner(&owner);
        }

        TlsPeer server;
        StreamOwner owner;
        QPointer<QTcpSocket> keeper;
        std::unique_ptr<QtStream> stream;
        QPointer<QSslSocket> peer;
        bool ready = false;
    };

    std::unique_ptr<TestCertificate> m_certificate;

    const TestCertificate *certificate(bool tls) const { return tls ? m_certificate.get() : nullptr; }
    static void addKinds()
    {
        QTest::addColumn<bool>("tls");
        QTest::newRow("plain") << false;
        QTest::newRow("TLS") << true;
    }

private Q_SLOTS:
    void initTestCase() { m_certificate = std::make_unique<TestCertificate>(); }

    void passesBothWays_data() { addKinds(); }
    void passesBothWays()
    {
        QFETCH(bool, tls);
        Pair pair(certificate(tls), "early ");
        QVERIFY(pair.ready);
        pair.stream->setReading(true);
        QTRY_COMPARE(pair.owner.received, "early "); // although the socket has nothing to say
        pair.peer->write("bird");
        QTRY_COMPARE(pair.owner.received, "early bird");
        pair.stream->write("worm");
        QCOMPARE(pair.stream->backlogBytes(), 0); // sent, and not on the next turn
        QVERIFY(pair.stream->takenBytes() >= 4);
        QByteArray heard;
        QTRY_COMPARE((heard += pair.peer->readAll()), "worm");
        QCOMPARE(pair.owner.writtenCalls, 0); // there was no backlog
    }

    // QSslSocket decrypts 4 KiB at a time and says so each time.
    void tellsOfARecordOnce()
    {
        Pair pair(certificate(true));
        QVERIFY(pair.ready);
        pair.stream->setReading(true);
        pair.peer->write(pattern(8000));
        QTRY_COMPARE(pair.owner.received.size(), 8000);
        QCOMPARE(pair.owner.readableCalls, 1);
    }

    void writesWhileItReads_data() { addKinds(); }
    void writesWhileItReads()
    {
        QFETCH(bool, tls);
        Pair pair(certificate(tls));
        QVERIFY(pair.ready);
        pair.owner.echoes = true;
        pair.stream->setReading(true);
        const QByteArray all = pattern(5'000'000);
        QByteArray heard;
        connect(pair.peer, &QIODevice::readyRead, this, [&] { heard += pair.peer->readAll(); });
        pair.peer->write(all);
        QTRY_COMPARE_WITH_TIMEOUT(heard.size(), all.size(), 20'000);
        QVERIFY(heard == all);
        QTRY_COMPARE(pair.stream->backlogBytes(), 0);
    }

    // Qt announces bytes once; an owner that takes only some of them must be told again.
    void announcesWhatIsLeft_data() { addKinds(); }
    void announcesWhatIsLeft()
    {
        QFETCH(bool, tls);
        Pair pair(certificate(tls), pattern(1000));
        QVERIFY(pair.ready);
        pair.owner.most = 97;
        pair.peer->write(pattern(50'000));
        pair.stream->setReading(true);
        QTRY_COMPARE(pair.owner.received.size(), 51'000);
        QCOMPARE(pair.owner.received, pattern(1000) + pattern(50'000));
    }

    void readsNoFurtherAheadThanItMay_data() { addKinds(); }
    void readsNoFurtherAheadThanItMay()
    {
        QFETCH(bool, tls);
        Pair pair(certificate(tls));
        QVERIFY(pair.ready);
        pair.stream->setReading(false);
        const QByteArray all = pattern(20'000'000);
        pair.peer->write(all);
        QTRY_VERIFY(pair.keeper->bytesAvailable() >= QtStream::readAheadBytes);
        QTest::qWait(50);
        QVERIFY(pair.keeper->bytesAvailable() <= 2 * QtStream::readAheadBytes);
        QVERIFY(pair.peer->bytesToWrite() + pair.peer->encryptedBytesToWrite() > 1'000'000); // held up
        QCOMPARE(pair.owner.readableCalls, 0);
        pair.stream->setReading(true);
        QTRY_COMPARE_WITH_TIMEOUT(pair.owner.received.size(), all.size(), 60'000);
        QVERIFY(pair.owner.received == all);
    }

    // As a passage does that goes on: it reads without being told to, and what follows is still encrypted then.
    void goesOnAfterAPause_data()
    {
        QTest::addColumn<int>("size");
        for (const int size : {20'000, 30'000, 34'000, 38'000, 42'000, 46'000, 50'000, 60'000})
            QTest::addRow("%d bytes", size) << size;
    }
    void goesOnAfterAPause()
    {
        QFETCH(int, size);
        Pair pair(certificate(true));
        QVERIFY(pair.ready);
        const QByteArray all = pattern(size);
        for (int at = 0; at < size; at += 4000) {
            pair.peer->write(all.mid(at, 4000));
            pair.peer->flush();
        }
        QTRY_VERIFY(pair.keeper->bytesAvailable() >= QtStream::readAheadBytes);
        pair.stream->setReading(true);
        QByteArray first(64 * 1024, Qt::Uninitialized);
        first.truncate(pair.stream->read(first.data(), first.size()));
        QTRY_COMPARE((first + pair.owner.received).size(), size);
        QVERIFY(first + pair.owner.received == all);
    }

    void countsTheWholeBacklog_data() { addKinds(); }
    void countsTheWholeBacklog()
    {
        QFETCH(bool, tls);
        Pair pair(certificate(tls));
        QVERIFY(pair.ready);
        pair.peer->setReadBufferSize(1000);
        const int size = 20'000'000;
        for (int i = 0; i < 20; ++i) {
            pair.stream->write(pattern(size / 20));
            QTest::qWait(0);
        }
        QVERIFY(pair.stream->backlogBytes() > size / 4);
        const auto taken = [&] { return pair.stream->takenBytes(); };
        quint64 before = 0;
        const auto stands = [&] {
            QTest::qWait(20);
            return std::exchange(before, taken()) == taken();
        };
        QVERIFY(QTest::qWaitFor(stands, 30'000)); // not QTRY_VERIFY(), which asks once more in the end
        QVERIFY(taken() < size * 3 / 4); // a peer that takes nothing more: encrypting is not taking
        pair.peer->setReadBufferSize(0);
        QByteArray heard;
        pair.peer->write("x"); // wakes a socket that was held up
        QTRY_COMPARE_WITH_TIMEOUT((heard += pair.peer->readAll()).size(), size, 60'000);
        QCOMPARE(pair.stream->backlogBytes(), 0);
    }

    void endComesAfterTheLastByte_data() { addKinds(); }
    void endComesAfterTheLastByte()
    {
        QFETCH(bool, tls);
        Pair pair(certificate(tls), "early ");
        QVERIFY(pair.ready);
        pair.owner.most = 5;
        pair.peer->write("last words");
        pair.peer->disconnectFromHost();
        QTRY_COMPARE(pair.keeper->state(), QAbstractSocket::UnconnectedState);
        QCOMPARE(pair.owner.endedCalls, 0); // nobody has read it
        pair.stream->setReading(true);
        QTRY_COMPARE(pair.owner.endedCalls, 1);
        QCOMPARE(pair.owner.received, "early last words");
        QVERIFY(pair.owner.overWhenEnded);
    }

    // What a peer says in one long breath before it closes: Qt must not forget what it has not decrypted yet.
    void longLastWords_data() { addKinds(); }
    void longLastWords()
    {
        QFETCH(bool, tls);
        Pair pair(certificate(tls));
        QVERIFY(pair.ready);
        const QByteArray all = pattern(3'000'000);
        pair.peer->write(all);
        connect(pair.peer,
            tls ? &QSslSocket::encryptedBytesWritten
                : static_cast<void (QSslSocket::*)(qint64)>(&QSslSocket::bytesWritten),
            this, [&] {
                if (pair.peer->bytesToWrite() + pair.peer->encryptedBytesToWrite() == 0)
                    pair.peer->disconnectFromHost();
            });
        pair.stream->setReading(true);
        QTRY_COMPARE_WITH_TIMEOUT(pair.owner.endedCalls, 1, 20'000);
        QCOMPARE(pair.owner.received.size(), all.size());
        QVERIFY(pair.owner.received == all);
    }

    void closeAfterWriting_data()
    {
        // With TLS, Qt 6.4's own reader loses the end of so much; tests/integration/tls asks another one.
        QTest::addColumn<bool>("tls");
        QTest::newRow("plain") << false;
    }
    void closeAfterWriting()
    {
        QFETCH(bool, tls);
        Pair pair(certificate(tls));
        QVERIFY(pair.ready);
        pair.stream->setReading(true);
        pair.stream->write(pattern(3'000'000));
        pair.stream->closeAfterWriting();
        QByteArray heard;
        connect(pair.peer, &QIODevice::readyRead, this, [&] { heard += pair.peer->readAll(); });
        QTRY_COMPARE_WITH_TIMEOUT(pair.peer->state(), QAbstractSocket::UnconnectedState, 20'000);
        heard += pair.peer->readAll();
        QCOMPARE(heard.size(), 3'000'000);
        QVERIFY(heard == pattern(3'000'000));
        QTRY_COMPARE(pair.owner.endedCalls, 1);
    }

    void abortIsSilent_data() { addKinds(); }
    void abortIsSilent()
    {
        QFETCH(bool, tls);
        Pair pair(certificate(tls), "early");
        QVERIFY(pair.ready);
        pair.stream->setReading(true);
        pair.stream->write(pattern(100'000));
        pair.stream->abort();
        QVERIFY(pair.stream->isOver());
        QCOMPARE(pair.stream->backlogBytes(), 0);
        pair.stream->write("to nobody");
        QTRY_COMPARE(pair.peer->state(), QAbstractSocket::UnconnectedState);
        QCOMPARE(pair.owner.writtenCalls + pair.owner.endedCalls, 0);
        pair.stream.reset();
        QTRY_VERIFY(pair.keeper.isNull());
    }
};

RELAY_TEST(tst_QtStream)
#include "tst_qtstream.moc"
