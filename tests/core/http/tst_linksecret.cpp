// SPDX-License-Identifier: MIT
#include "core/http/linksecret.h"
#include "tests/support/relaytest.h"

#include <QTest>

#include <variant>

using namespace rr;
using namespace Qt::StringLiterals;

class tst_LinkSecret : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void takenOut_data()
    {
        QTest::addColumn<QByteArray>("target");
        QTest::addColumn<QByteArray>("offered"); ///< subprotocols; lines
        QTest::addColumn<QByteArray>("secret"); ///< null: there is none
        QTest::addColumn<QByteArray>("left"); ///< of the target
        QTest::addColumn<QByteArray>("leftOffered");
        const auto row
            = [](const char *name, const QByteArray &target, const QByteArray &offered,
                  const QByteArray &secret, const QByteArray &left, const QByteArray &leftOffered) {
                  QTest::newRow(name) << target << offered << secret << left << leftOffered;
              };
        const QByteArray none;
        row("path", "/s/abc/v1/realtime?model=m", none, "abc", "/v1/realtime?model=m", none);
        row("nothing behind", "/s/abc", none, "abc", "/", none);
        row("nothing behind but a query", "/s/abc?model=m", none, "abc", "/?model=m", none);
        row("a slash behind", "/s/abc/", none, "abc", "/", none);
        row("doubled slashes", "//s//abc//realtime/", none, "abc", "//realtime/", none);
        row("only once", "/s/abc/s/def/realtime", none, "abc", "/s/def/realtime", none);
        row("no secret", "/s", none, none, "/s", none);
        row("an empty one", "/s//", none, none, "/s//", none);
        row("elsewhere", "/v1/s/abc/realtime", none, none, "/v1/s/abc/realtime", none);
        row("another letter", "/S/abc/realtime", none, none, "/S/abc/realtime", none);
        row("in the query", "/realtime?s=abc", none, none, "/realtime?s=abc", none);
        row("subprotocol", "/realtime", "Sec-WebSocket-Protocol: realtime, realtime-relay-access.abc\r\n",
            "abc", "/realtime", "realtime");
        row("alone", "/realtime", "Sec-WebSocket-Protocol: realtime-relay-access.abc\r\n", "abc", "/realtime",
            none);
        row("over lines, in any case of the name", "/realtime",
            "sec-websocket-protocol: realtime-relay-access.abc\r\nSEC-WEBSOCKET-PROTOCOL: realtime,x\r\n",
            "abc", "/realtime", "realtime,x");
        row("two of them", "/realtime",
            "Sec-WebSocket-Protocol: realtime-relay-access.abc, realtime-relay-access.def\r\n", "abc",
            "/realtime", none);
        row("both", "/s/path/realtime", "Sec-WebSocket-Protocol: realtime-relay-access.abc, realtime\r\n",
            "path", "/realtime", "realtime");
        row("an empty subprotocol", "/realtime",
            "Sec-WebSocket-Protocol: realtime-relay-access., realtime\r\n", "", "/realtime", "realtime");
    }
    void takenOut()
    {
        QFETCH(QByteArray, target);
        QFETCH(QByteArray, offered);
        QFETCH(QByteArray, secret);
        QFETCH(QByteArray, left);
        QFETCH(QByteArray, leftOffered);
        auto parsed
            = parseRequestHead("GET " + target + " HTTP/1.1\r\nHost: x\r\n" + offered + "Accept: y\r\n\r\n");
        QVERIFY(std::holds_alternative<RequestHead>(parsed));
        auto &head = std::get<RequestHead>(parsed);
        const QByteArray taken = takeLinkSecret(head);
        QCOMPARE(taken, secret);
        QCOMPARE(taken.isNull(), secret.isNull());
        QCOMPARE(head.target, left);
        QCOMPARE(head.path, left.left(left.indexOf('?') < 0 ? left.size() : left.indexOf('?')));
        QCOMPARE(head.list("Sec-WebSocket-Protocol").join(','), leftOffered);
        QCOMPARE(head.header("Accept"), "y"_ba);
    }
};

RELAY_TEST(tst_LinkSecret)
#include "tst_linksecret.moc"
