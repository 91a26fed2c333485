// SPDX-License-Identifier: MIT
#include "core/sharing/pagepoll.h"

#include "tests/support/relaytest.h"

#include <QNetworkProxy>
#include <QSignalSpy>
#include <QTcpServer>
#include <QTcpSocket>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using rr::PagePoll;

namespace {

/// Answers everything alike; nothing: not at all.
class Page
{
public:
    explicit Page(const QByteArray &answer)
        : m_answer(answer)
    {
        m_server.listen(QHostAddress::LocalHost);
        QObject::connect(&m_server, &QTcpServer::newConnection, &m_server, [this] {
            QTcpSocket *const socket = m_server.nextPendingConnection();
            QObject::connect(socket, &QTcpSocket::readyRead, socket, [this, socket] {
                ++m_asked;
                socket->readAll();
                if (!m_answer.isEmpty()) {
                    socket->write(m_answer);
                    socket->disconnectFromHost();
                }
            });
        });
    }
    QUrl url() const { return QUrl(u"http://127.0.0.1:%1/page"_s.arg(m_server.serverPort())); }
    int asked() const { return m_asked; }
    bool isSilent() const { return m_answer.isEmpty(); }

private:
    QTcpServer m_server;
    QByteArray m_answer;
    int m_asked = 0;
};

} // namespace

class tst_PagePoll : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void answers_data()
    {
        QTest::addColumn<QByteArray>("answer");
        QTest::addColumn<int>("status");
        QTest::addColumn<QByteArray>("body");
        QTest::newRow("yes") << QByteArray("HTTP/1.1 200 OK\r\n\r\n{}") << 200 << QByteArray("{}");
        QTest::newRow("not yet") << QByteArray("HTTP/1.1 503 No\r\n\r\n{}") << 503 << QByteArray("{}");
        QTest::newRow("elsewhere") << QByteArray("HTTP/1.1 302 Found\r\nLocation: /other\r\n\r\n") << 302
                                   << QByteArray();
        QTest::newRow("silence") << QByteArray() << 0 << QByteArray();
        QTest::newRow("no HTTP") << QByteArray("nonsense\r\n\r\n") << 0 << QByteArray();
    }
    void answers()
    {
        QFETCH(QByteArray, answer);
        QFETCH(int, status);
        QFETCH(QByteArray, body);
        const Page page(answer);
        PagePoll poll;
        QSignalSpy answered(&poll, &PagePoll::answered);
        const auto patience = page.isSilent() ? 100ms : 10s;
        poll.start(page.url(), 1ms, patience);
        QTRY_VERIFY(answered.size() >= 3); // again and again
        QCOMPARE(answered.last()[0].toInt(), status);
        QCOMPARE(answered.last()[1].toByteArray(), body);
        if (status > 0) // Qt asks again by itself where it was told nothing
            QVERIFY(page.asked() - answered.size() <= 1);
        poll.stop();
        const qsizetype before = answered.size();
        PagePoll later;
        QSignalSpy laterAnswered(&later, &PagePoll::answered);
        later.start(page.url(), 1ms, patience);
        QTRY_VERIFY(laterAnswered.size() >= 3);
        QCOMPARE(answered.size(), before);
    }

    void neverByAProxy()
    {
        const Page page("HTTP/1.1 200 OK\r\n\r\n{}");
        const Page proxy("HTTP/1.1 500 Wrong\r\n\r\n");
        QNetworkProxy::setApplicationProxy(
            QNetworkProxy(QNetworkProxy::HttpProxy, u"127.0.0.1"_s, quint16(proxy.url().port())));
        PagePoll poll;
        QSignalSpy answered(&poll, &PagePoll::answered);
        poll.start(page.url(), 1ms, 10s);
        QTRY_VERIFY(!answered.isEmpty());
        QNetworkProxy::setApplicationProxy(QNetworkProxy::DefaultProxy);
        QCOMPARE(answered.first()[0].toInt(), 200);
        QCOMPARE(proxy.asked(), 0);
    }
};

RELAY_TEST(tst_PagePoll)
#include "tst_pagepoll.moc"
