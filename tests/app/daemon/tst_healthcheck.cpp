// SPDX-License-Identifier: MIT
#include "app/daemon/healthcheck.h"
#include "tests/core/wire/testcertificate.h"
#include "tests/support/relaytest.h"
#include "tests/support/reservedport.h"

#include <QSslServer>
#include <QTest>
#include <QThread>

using namespace rr;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

/// Answers every request head with the same bytes and closes; with no bytes it only listens. In a thread of its own,
/// as checkHealth() blocks.
class OneAnswer
{
public:
    explicit OneAnswer(QByteArray answer, const QSslConfiguration *tls = nullptr)
    {
        QTcpServer *server = nullptr;
        if (tls) {
            auto *secure = new QSslServer;
            secure->setSslConfiguration(*tls);
            server = secure;
        } else {
            server = new QTcpServer;
        }
        if (!server->listen(QHostAddress::LocalHost))
            qFatal("listen");
        m_port = server->serverPort();
        QObject::connect(server, &QTcpServer::pendingConnectionAvailable, server, [this, server, answer] {
            QTcpSocket *socket = server->nextPendingConnection();
            QObject::connect(socket, &QTcpSocket::readyRead, socket, [this, socket, answer] {
                m_request += socket->readAll();
                if (!answer.isEmpty() && m_request.endsWith("\r\n\r\n")) {
                    socket->write(answer);
                    socket->disconnectFromHost();
                }
            });
        });
        server->moveToThread(&m_thread);
        QObject::connect(&m_thread, &QThread::finished, server, &QObject::deleteLater);
        m_thread.start();
    }
    ~OneAnswer() { stop(); }

    quint16 port() const { return m_port; }
    /// What it was asked.
    QByteArray stop()
    {
        m_thread.quit();
        m_thread.wait();
        return m_request;
    }

private:
    QThread m_thread;
    QByteArray m_request;
    quint16 m_port = 0;
};

Settings at(quint16 port, const QString &host = u"127.0.0.1"_s)
{
    Settings settings;
    settings.host = host;
    settings.port = port;
    return settings;
}

} // namespace

class tst_HealthCheck : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void answers_data()
    {
        QTest::addColumn<QByteArray>("answer");
        QTest::addColumn<QString>("problem");
        QTest::newRow("healthy") << "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"_ba << QString();
        QTest::newRow("draining") << "HTTP/1.1 503 Service Unavailable\r\n\r\n"_ba
                                  << u"is not healthy: HTTP/1.1 503 Service Unavailable."_s;
        QTest::newRow("another server")
            << "220 mail.example.org ESMTP\r\n"_ba << u"is not healthy: 220 mail.example.org ESMTP."_s;
        QTest::newRow("no line") << "HTTP"_ba << u"gave no answer to /health: "_s;
    }
    void answers()
    {
        QFETCH(QByteArray, answer);
        QFETCH(QString, problem);
        OneAnswer relay(answer);
        const auto said = checkHealth(at(relay.port()), 30s);
        QCOMPARE(relay.stop(), "GET /health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
        QCOMPARE(said.has_value(), !problem.isEmpty());
        if (said) {
            QVERIFY2(said->contains(problem), qPrintable(*said));
            QVERIFY2(said->contains(u"127.0.0.1 port %1"_s.arg(relay.port())), qPrintable(*said));
        }
    }

    void everyAddressIsAskedAtThisMachine()
    {
        OneAnswer relay("HTTP/1.1 200 OK\r\n\r\n");
        QCOMPARE(checkHealth(at(relay.port(), u"0.0.0.0"_s), 30s), std::nullopt);
        QVERIFY(checkHealth(at(1, u"::"_s))->contains(u"at ::1 port 1"_s));
    }

    void withTls()
    {
        // As in life, the certificate is for another name, and nobody here trusts it.
        const TestCertificate certificate;
        const QSslConfiguration server = certificate.server();
        OneAnswer relay("HTTP/1.1 200 OK\r\n\r\n", &server);
        Settings settings = at(relay.port());
        settings.tlsCertFile = certificate.certFile();
        settings.tlsKeyFile = certificate.keyFile();
        QCOMPARE(checkHealth(settings, 30s), std::nullopt);
    }

    void nobodyListens()
    {
        const ReservedPort reserved;
        const quint16 port = reserved.number();
        const auto said = checkHealth(at(port), 30s);
        QVERIFY(said);
        QVERIFY2(said->startsWith(u"No relay answers at 127.0.0.1 port %1: "_s.arg(port)), qPrintable(*said));
    }

    void patienceEnds()
    {
        OneAnswer silent({});
        const auto said = checkHealth(at(silent.port()), 50ms);
        QVERIFY(said);
    }
};

RELAY_TEST(tst_HealthCheck)
#include "tst_healthcheck.moc"
