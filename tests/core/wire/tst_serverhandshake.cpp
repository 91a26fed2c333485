// SPDX-License-Identifier: MIT
#include "core/wire/serverhandshake.h"
#include "tests/support/relaytest.h"

#include <QTest>
#include <QThread>

#include <memory>

using namespace rr;

namespace {

// RFC 6455 1.3
const QByteArray key = "dGhlIHNhbXBsZSBub25jZQ==";
const QByteArray acceptLine = "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n";

} // namespace

class tst_ServerHandshake : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void answers_data()
    {
        QTest::addColumn<bool>("realtime");
        QTest::newRow("no subprotocol") << false;
        QTest::newRow("realtime") << true;
    }
    void answers()
    {
        QFETCH(bool, realtime);
        ServerHandshake handshake;
        const auto before = handshake.findChildren<QObject *>();
        for (int i = 0; i < 100; ++i) { // more than a QWebSocketServer keeps
            const QByteArray answer = handshake.answer(key, realtime);
            QVERIFY2(answer.startsWith("HTTP/1.1 101 "), answer);
            QVERIFY(answer.contains(acceptLine));
            QVERIFY(answer.contains("Upgrade: websocket\r\n"));
            QVERIFY(answer.contains("Connection: Upgrade\r\n"));
            QCOMPARE(answer.contains("Sec-WebSocket-Protocol: realtime\r\n"), realtime);
            QVERIFY(!answer.contains("Server:"));
            QCOMPARE(answer.indexOf("\r\n\r\n"), answer.size() - 4); // and no frame of Qt's behind it
        }
        QCOMPARE(handshake.findChildren<QObject *>(), before); // nothing stays
    }

    void whatIsNoKey()
    {
        ServerHandshake handshake;
        QCOMPARE(handshake.answer("", true), "");
        QVERIFY(handshake.answer(key, true).contains(acceptLine)); // and the next one is answered
    }

    void movesToItsThread()
    {
        ServerHandshake handshake;
        QByteArray answer;
        const std::unique_ptr<QThread> thread(QThread::create([&] {
            answer = handshake.answer(key, false);
            handshake.moveToThread(QCoreApplication::instance()->thread());
        }));
        handshake.moveToThread(thread.get());
        thread->start();
        QVERIFY(thread->wait());
        QVERIFY(answer.contains(acceptLine));
    }
};

RELAY_TEST(tst_ServerHandshake)
#include "tst_serverhandshake.moc"
