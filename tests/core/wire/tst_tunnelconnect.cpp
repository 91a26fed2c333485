// SPDX-License-Identifier: MIT
#include "core/wire/tunnelconnect.h"
#include "tests/core/wire/scriptedserver.h"
#include "tests/core/wire/streamowner.h"
#include "tests/support/relaytest.h"
#include "tests/support/reservedport.h"

#include <QSignalSpy>
#include <QTest>

using namespace rr;
using namespace Qt::StringLiterals;

class tst_TunnelConnect : public QObject
{
    Q_OBJECT

    static Destination through(quint16 port, const QString &user = {}, const QString &password = {})
    {
        Destination to;
        to.host = u"2001:db8::7"_s;
        to.port = 8443;
        to.secure = false;
        to.proxy = QNetworkProxy(QNetworkProxy::HttpProxy, u"127.0.0.1"_s, port, user, password);
        return to;
    }

private Q_SLOTS:
    void connects()
    {
        ScriptedServer proxy([](const QByteArray &) { return "HTTP/1.1 200 Yes\r\nA: b\r\n\r\nearly"; });
        TunnelConnect attempt(through(proxy.serverPort()));
        QSignalSpy reached(&attempt, &TunnelConnect::reached);
        QSignalSpy connected(&attempt, &TunnelConnect::connected);
        QSignalSpy failed(&attempt, &TunnelConnect::failed);
        QTRY_COMPARE(connected.size(), 1);
        QCOMPARE(reached.size(), 1);
        QVERIFY(failed.isEmpty());
        QCOMPARE(proxy.heads,
            QList<QByteArray>{"CONNECT [2001:db8::7]:8443 HTTP/1.1\r\nHost: [2001:db8::7]:8443\r\n\r\n"});
        const auto stream = attempt.takeStream();
        StreamOwner owner;
        stream->setOwner(&owner);
        stream->setReading(true);
        QTRY_COMPARE(owner.received, "early");
        stream->write("late");
        QTRY_COMPARE(proxy.received, "late");
    }

    void showsItsPassword()
    {
        ScriptedServer proxy([](const QByteArray &) { return "HTTP/1.1 200\r\n\r\n"; });
        TunnelConnect attempt(through(proxy.serverPort(), u"me"_s, u"p:\u00e4"_s));
        QSignalSpy connected(&attempt, &TunnelConnect::connected);
        QTRY_COMPARE(connected.size(), 1);
        QVERIFY(proxy.heads.first().contains(
            "\r\nProxy-Authorization: Basic " + QByteArray("me:p:\xc3\xa4").toBase64() + "\r\n"));
    }

    void fails_data()
    {
        QTest::addColumn<QByteArray>("answer");
        QTest::addColumn<bool>("closes");
        QTest::addColumn<QString>("says");
        QTest::newRow("forbidden") << QByteArray("HTTP/1.1 403 No\r\n\r\n") << false << u"HTTP 403"_s;
        QTest::newRow("password") << QByteArray("HTTP/1.1 407 Who?\r\n\r\n") << true << u"HTTP 407"_s;
        QTest::newRow("another protocol") << QByteArray("220 mail\r\n\r\n") << false << u"none of HTTP"_s;
        QTest::newRow("endless") << QByteArray("HTTP/1.1 200\r\nA: " + QByteArray(100'000, 'x')) << false
                                 << u"none of HTTP"_s;
        QTest::newRow("half a head") << QByteArray("HTTP/1.1 200\r\nA") << true << u"did not answer"_s;
    }
    void fails()
    {
        QFETCH(QByteArray, answer);
        QFETCH(bool, closes);
        QFETCH(QString, says);
        ScriptedServer proxy([&](const QByteArray &) { return answer; });
        proxy.closeAfterAnswer = closes;
        TunnelConnect attempt(through(proxy.serverPort(), u"me"_s, u"hunter2"_s));
        QSignalSpy connected(&attempt, &TunnelConnect::connected);
        QSignalSpy failed(&attempt, &TunnelConnect::failed);
        QTRY_COMPARE(failed.size(), 1);
        const auto failure = failed[0][0].value<UpstreamFailure>();
        QCOMPARE(failure.kind, UpstreamFailure::Proxy);
        QVERIFY2(plain(failure.detail).contains(says), qPrintable(plain(failure.detail)));
        QVERIFY(!plain(failure.detail).contains(u"hunter2"_s));
        QVERIFY(connected.isEmpty());
    }

    void isRefused()
    {
        const ReservedPort port;
        TunnelConnect attempt(through(port.number()));
        QSignalSpy failed(&attempt, &TunnelConnect::failed);
        QTRY_COMPARE(failed.size(), 1);
        QCOMPARE(failed[0][0].value<UpstreamFailure>().kind, UpstreamFailure::Proxy);
    }
};

RELAY_TEST(tst_TunnelConnect)
#include "tst_tunnelconnect.moc"
