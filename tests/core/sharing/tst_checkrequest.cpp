// SPDX-License-Identifier: MIT
#include "core/http/requesthead.h"
#include "core/sharing/checkrequest.h"
#include "tests/support/relaytest.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace rr;

class tst_CheckRequest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void program()
    {
        const auto parsed = parseRequestHead(headOf({"relay.test", "nonce", Guise::Program}));
        const auto *head = std::get_if<RequestHead>(&parsed);
        QVERIFY(head);
        QCOMPARE(head->target, "/.well-known/realtime-relay/check?n=nonce"_ba);
        QCOMPARE(head->header("Host"), "relay.test"_ba);
        QVERIFY(!head->header("User-Agent").contains("Mozilla"));
        QVERIFY(!head->keepAlive() && !head->wantsUpgrade());
        for (const char *name : {"Origin", "Cookie", "X-Forwarded-For"})
            QVERIFY(head->header(name).isNull());
    }

    void browser()
    {
        CheckRequest request{"relay.test", "nonce", Guise::Browser};
        request.forwardedFor = "192.0.2.77";
        auto parsed = parseRequestHead(headOf(request));
        const auto *head = std::get_if<RequestHead>(&parsed);
        QVERIFY(head);
        QVERIFY(head->header("User-Agent").startsWith("Mozilla/5.0 "));
        QVERIFY(head->header("Accept").startsWith("text/html"));
        QCOMPARE(head->header("X-Forwarded-For"), "192.0.2.77"_ba);

        request.webSocketKey = newWebSocketKey();
        request.origin = "https://demo.example";
        request.keep = true;
        parsed = parseRequestHead(headOf(request));
        head = std::get_if<RequestHead>(&parsed);
        QVERIFY(head);
        QVERIFY(head->wantsUpgrade());
        QCOMPARE(head->query, "n=nonce&keep=1"_ba);
        QCOMPARE(head->header("Origin"), "https://demo.example"_ba);
        QCOMPARE(head->list("Sec-WebSocket-Protocol"),
            QList<QByteArray>({"realtime", "openai-insecure-api-key.none"}));
        QCOMPARE(QByteArray::fromBase64(head->header("Sec-WebSocket-Key")).size(), 16);
        QVERIFY(newWebSocketKey() != newWebSocketKey());
    }

    void hostsAndOrigins_data()
    {
        QTest::addColumn<QByteArray>("host");
        QTest::addColumn<QByteArray>("origin");
        QTest::newRow("https://relay.test") << "relay.test"_ba
                                            << "https://relay.test"_ba;
        QTest::newRow("https://Relay.test:443/") << "relay.test"_ba
                                                 << "https://relay.test"_ba;
        QTest::newRow("https://relay.test:8443") << "relay.test:8443"_ba
                                                 << "https://relay.test:8443"_ba;
        QTest::newRow("http://relay.test:80") << "relay.test"_ba
                                              << "http://relay.test"_ba;
        QTest::newRow("https://[2001:db8::1]:8443") << "[2001:db8::1]:8443"_ba
                                                    << "https://[2001:db8::1]:8443"_ba;
        QTest::newRow("https://b\303\274cher.example") << "xn--bcher-kva.example"_ba
                                                       << "https://xn--bcher-kva.example"_ba;
    }
    void hostsAndOrigins()
    {
        QFETCH(QByteArray, host);
        QFETCH(QByteArray, origin);
        const QUrl address(QString::fromUtf8(QTest::currentDataTag()));
        QCOMPARE(hostHeader(address), host);
        QCOMPARE(originOf(address), origin);
    }

    void destinations()
    {
        const QHostAddress known(u"203.0.113.5"_s);
        const Destination to = destinationOf(
            QUrl(u"https://relay.test:8443"_s), known, QNetworkProxy(QNetworkProxy::NoProxy), {});
        QCOMPARE(to.host, u"relay.test"_s);
        QCOMPARE(to.port, 8443);
        QCOMPARE(to.address, known);
        QVERIFY(to.secure && to.isSecuredByQt() && !to.isThroughProxy());
        QCOMPARE(
            to.tls.qt.allowedNextProtocols(), QList<QByteArray>({"http/1.1"})); // no WebSocket over HTTP/2
        const Destination plain
            = destinationOf(QUrl(u"http://relay.test"_s), {}, QNetworkProxy(QNetworkProxy::NoProxy), {});
        QCOMPARE(plain.port, 80);
        QVERIFY(!plain.secure);
        // Trusts whom the system trusts, who are looked up as they are needed.
        auto trust = QSslConfiguration::defaultConfiguration();
        trust.setAllowedNextProtocols({QSslConfiguration::NextProtocolHttp1_1});
        QVERIFY(to.tls.qt == trust);
    }
};

RELAY_TEST(tst_CheckRequest)
#include "tst_checkrequest.moc"
