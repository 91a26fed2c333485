// SPDX-License-Identifier: MIT
#include "core/config/forwardheader.h"
#include "tests/support/relaytest.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace rr;

class TestForwardHeader : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void problems_data();
    void problems();
    void forwarded_data();
    void forwarded();
};

void TestForwardHeader::problems_data()
{
    QTest::addColumn<QString>("entry");
    QTest::addColumn<QString>("problem"); // a part of it; empty: none
    const auto row = [](const QString &entry, const char *problem) {
        QTest::newRow(qPrintable(entry)) << entry << QString::fromLatin1(problem);
    };
    for (const auto &entry : {u"X-Portkey-Config"_s, u"x-portkey-*"_s, u"OpenAI-*"_s, u"Cookie"_s,
             u"X-Forwarded-For"_s, u"X-*"_s, u"Con*"_s, u"Ocp-Apim-Subscription-Key"_s, u"Cf-Access-Client-Id"_s})
        row(entry, "");
    row(u"*"_s, "too many");
    for (const auto &entry : {u""_s, u"X-*-Id"_s, u"X-**"_s, u"X Id"_s, u"X-Id: 1"_s, u"X-Id\r\n"_s, u"Größe"_s})
        row(entry, "neither the name");
    for (const auto &entry : {u"Connection"_s, u"keep-alive"_s, u"TE"_s, u"Trailer"_s, u"Transfer-Encoding"_s,
             u"UPGRADE"_s, u"Proxy-Authorization"_s, u"Proxy-*"_s, u"Content-Length"_s, u"HTTP2-Settings"_s})
        row(entry, "about the connection");
    for (const auto &entry : {u"Host"_s, u"Sec-WebSocket-Key"_s, u"sec-websocket-protocol"_s, u"Sec-WebSocket-*"_s,
             u"Sec-WebSocket-K*"_s})
        row(entry, "handshake");
    row(u"OpenAI-Beta"_s, "no beta");
    row(u"Origin"_s, "web page");
    row(u"Authorization"_s, "key on by itself");
    row(u"api-key"_s, "key on by itself");
}

void TestForwardHeader::problems()
{
    QFETCH(QString, entry);
    QFETCH(QString, problem);
    const auto said = forwardHeaderProblem(entry);
    QCOMPARE(said.has_value(), !problem.isEmpty());
    if (said)
        QVERIFY2(plain(*said).contains(problem), qPrintable(plain(*said)));
}

void TestForwardHeader::forwarded_data()
{
    QTest::addColumn<QByteArray>("header");
    QTest::addColumn<QStringList>("entries");
    QTest::addColumn<bool>("expected");
    QTest::newRow("none") << "X-A"_ba << QStringList() << false;
    QTest::newRow("name") << "x-a"_ba << QStringList{u"X-B"_s, u"X-A"_s} << true;
    QTest::newRow("longer") << "x-ab"_ba << QStringList{u"X-A"_s} << false;
    QTest::newRow("beginning") << "X-Portkey-Config"_ba << QStringList{u"x-portkey-*"_s} << true;
    QTest::newRow("nothing more") << "X-Portkey-"_ba << QStringList{u"x-portkey-*"_s} << true;
    QTest::newRow("other beginning") << "X-Port"_ba << QStringList{u"x-portkey-*"_s} << false;
    // What a beginning takes along does not count where it must not.
    for (const char *never : {"Connection", "Content-Length", "Cookie", "Authorization", "Host", "Origin", "OpenAI-Beta"})
        QTest::newRow(never) << QByteArray(never) << QStringList{u"C*"_s, u"A*"_s, u"H*"_s, u"O*"_s} << false;
    for (const char *where : {"X-Forwarded-For", "X-Forwarded-Client-Cert", "X-Real-IP", "X-Client-IP"})
        QTest::newRow(where) << QByteArray(where) << QStringList{u"X-*"_s} << false;
    QTest::newRow("in full") << "X-Forwarded-For"_ba << QStringList{u"x-forwarded-for"_s} << true;
    QTest::newRow("cookie in full") << "Cookie"_ba << QStringList{u"cookie"_s} << true;
}

void TestForwardHeader::forwarded()
{
    QFETCH(QByteArray, header);
    QFETCH(QStringList, entries);
    QTEST(isForwarded(header, entries), "expected");
}

RELAY_TEST(TestForwardHeader)
#include "tst_forwardheader.moc"
