// SPDX-License-Identifier: MIT
#include "app/compose/demoupstream.h"
#include "tests/support/relaytest.h"

#include <QHostAddress>
#include <QTcpSocket>
#include <QTest>

#include <optional>

using namespace rr;
using namespace Qt::StringLiterals;

namespace {

void dial(QTcpSocket &client, const QUrl &url)
{
    client.connectToHost(url.host(), quint16(url.port()));
}

/// What a call hears up to its first event. No event loop runs meanwhile, so nobody in this thread could
/// answer.
QByteArray call(QTcpSocket &client, const QUrl &url)
{
    dial(client, url);
    client.write("GET " + url.path().toLatin1()
        + " HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
          "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
          "Authorization: Bearer sk-any\r\n\r\n");
    QByteArray heard;
    while (!heard.contains("\"session.created\"") && client.waitForReadyRead())
        heard += client.readAll();
    return heard;
}

} // namespace

class tst_DemoUpstream : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void takesCalls()
    {
        DemoUpstream upstream;
        QCOMPARE(upstream.start(), std::nullopt);
        QCOMPARE(upstream.url().scheme(), u"ws"_s);
        QVERIFY2(QHostAddress(upstream.url().host()).isLoopback(), qPrintable(upstream.url().toString()));
        QTcpSocket first, second;
        for (QTcpSocket *client : {&first, &second}) {
            const QByteArray heard = call(*client, upstream.url());
            QVERIFY2(heard.startsWith("HTTP/1.1 101 "), heard);
            QVERIFY2(heard.contains("\"session.created\""), heard);
        }
    }

    void eachHasAPortOfItsOwn()
    {
        DemoUpstream first, second;
        QCOMPARE(first.start(), std::nullopt);
        QCOMPARE(second.start(), std::nullopt);
        QVERIFY(first.url().port() != second.url().port());
    }

    void cutsItsCalls()
    {
        std::optional<DemoUpstream> upstream(std::in_place);
        QCOMPARE(upstream->start(), std::nullopt);
        const QUrl url = upstream->url();
        QTcpSocket client;
        QVERIFY(call(client, url).contains("\"session.created\""));
        upstream.reset();
        QVERIFY(client.state() == QAbstractSocket::UnconnectedState || client.waitForDisconnected());
        QTcpSocket late;
        dial(late, url);
        QVERIFY(!late.waitForConnected());
        QCOMPARE(late.error(), QAbstractSocket::ConnectionRefusedError);
    }

    void neverStarted() { DemoUpstream upstream; }
};

RELAY_TEST(tst_DemoUpstream)
#include "tst_demoupstream.moc"
