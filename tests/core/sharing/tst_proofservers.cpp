// SPDX-License-Identifier: MIT
// What can be wrong between the internet and a share, each as nginx or Caddy has it, is told apart by the proof.
#include "core/sharing/canary.h"
#include "core/sharing/publicproof.h"
#include "tests/core/sharing/playedresolver.h"
#include "tests/core/sharing/sharedrelay.h"
#include "tests/core/sharing/webserver.h"
#include "tests/core/wire/opensslfiles.h"
#include "tests/support/relaytest.h"

#include <QSignalSpy>
#include <QSslCertificate>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace rr;
using namespace std::chrono_literals;

namespace {

/// What a location of nginx needs that a WebSocket passes.
constexpr const char *upgrade = "proxy_http_version 1.1; proxy_set_header Upgrade $http_upgrade; "
                                "proxy_set_header Connection $connection_upgrade; ";
constexpr const char *ownHost = "proxy_set_header Host $http_host; ";

QByteArray location(quint16 port, const QByteArray &content, const QByteArray &outside = {})
{
    return "server { listen 127.0.0.1:" + QByteArray::number(port) + "; server_name _; " + outside
        + " location / { " + content + " } }\n";
}

QByteArray passTo(quint16 port)
{
    return "proxy_pass http://127.0.0.1:" + QByteArray::number(port) + "; ";
}

/// The near end of a tunnel whose far end is not there for the first connections.
class LateTunnel : public QTcpServer
{
public:
    LateTunnel(quint16 to, int early)
    {
        if (!listen(QHostAddress::LocalHost))
            qFatal("listen");
        connect(this, &QTcpServer::newConnection, this, [this, to, early]() mutable {
            QTcpSocket *const near = nextPendingConnection();
            if (early-- > 0) {
                near->abort();
                return;
            }
            auto *far = new QTcpSocket(near);
            far->connectToHost(QHostAddress(QHostAddress::LocalHost), to);
            connect(near, &QIODevice::readyRead, far, [near, far] { far->write(near->readAll()); });
            connect(far, &QIODevice::readyRead, near, [near, far] { near->write(far->readAll()); });
            connect(far, &QAbstractSocket::disconnected, near, &QAbstractSocket::disconnectFromHost);
        });
    }
};

QString at(quint16 port)
{
    return u"http://127.0.0.1:%1"_s.arg(port);
}

} // namespace

class tst_ProofServers : public QObject
{
    Q_OBJECT
    std::unique_ptr<OpensslFiles> m_files;

    /// A server of nginx with TLS.
    QByteArray secured(quint16 port, const QString &certificate, const QByteArray &names, quint16 to) const
    {
        return "server { listen 127.0.0.1:" + QByteArray::number(port) + " ssl; server_name " + names
            + "; ssl_certificate " + m_files->path(certificate + u".pem"_s).toUtf8()
            + "; ssl_certificate_key " + m_files->path(certificate + u".key"_s).toUtf8() + "; location / { "
            + passTo(to) + upgrade + ownHost + "proxy_set_header X-Forwarded-For $remote_addr; } }\n";
    }
    /// To relay.test at this port of loopback; trusts the authority of these tests.
    ProofPlan planFor(SharedRelay &shared, quint16 port, PlayedResolver &resolver) const
    {
        ProofPlan plan = shared.plan(u"https://relay.test:%1"_s.arg(port));
        resolver.addresses = {QHostAddress(QHostAddress::LocalHost)};
        plan.names.servers = {resolver.server()};
        plan.names.system = [](const QString &, QObject *context, const auto &done) {
            QHostInfo info;
            info.setAddresses({QHostAddress(QHostAddress::LocalHost)});
            QMetaObject::invokeMethod(
                context, [done, info] { done(info); }, Qt::QueuedConnection);
        };
        plan.authorities = QSslCertificate::fromPath(m_files->path(u"authority.pem"_s));
        return plan;
    }

private Q_SLOTS:
    void initTestCase()
    {
        if (!WebServer::isInstalled(WebServer::Nginx) || !WebServer::isInstalled(WebServer::Caddy))
            QSKIP("nginx or Caddy is missing; install the Debian packages nginx and caddy");
        m_files = std::make_unique<OpensslFiles>();
        m_files->certifyAuthority(u"authority"_s);
        const auto certify = [this](const QString &name, const QString &host, const QString &by) {
            m_files->certify(name, u"ec:P-256"_s, by, u"subjectAltName=DNS:"_s + host);
        };
        certify(u"good"_s, u"relay.test"_s, u"authority"_s);
        certify(u"other"_s, u"other.test"_s, u"authority"_s);
        certify(u"own"_s, u"relay.test"_s, {});
        certify(u"old"_s, u"relay.test"_s, u"authority"_s);
        // With 0 days it ends in the second in which it begins, which is over.
        m_files->openssl(
            u"x509 -req -in old.csr -CA authority.pem -CAkey authority.key -CAcreateserial -days 0 "
            "-extfile old.ext -out old.pem"_s);
    }

    void throughNginx_data()
    {
        QTest::addColumn<QByteArray>("content"); // of its location; SHARE: passes to the share
        QTest::addColumn<QStringList>("complaints"); // but for those of an address on loopback
        QTest::addColumn<QString>("said"); // of the last of them

        const QByteArray pass = QByteArray("SHARE ") + upgrade;
        const QByteArray whole = pass + ownHost + "proxy_set_header X-Forwarded-For $remote_addr; ";
        const QByteArray page = "return 200 '<!doctype html><p>You are about to visit a demo';";
        const auto row = [](const char *name, const QByteArray &content, const QStringList &complaints,
                             const QString &said) { QTest::newRow(name) << content << complaints << said; };
        row("all is well", whole, {}, {});
        row("no upgrade", QByteArray("SHARE ") + ownHost, {u"websocket: no_websocket"_s}, u"HTTP"_s);
        row("captive portal", "return 302 http://login.example/portal;", {u"http: redirected"_s},
            u"login.example"_s);
        row("network login", "return 511;", {u"http: network_login"_s}, u"511"_s);
        row("tunnel down", "proxy_pass http://127.0.0.1:1;", {u"http: way_down"_s}, u"502"_s);
        row("wants a login", "return 401;", {u"http: wants_login"_s}, u"401"_s);
        row("another server", "return 404;", {u"http: not_passed_on"_s}, u"404"_s);
        row("another name", "return 421;", {u"http: wrong_host"_s}, u"421"_s);
        row("out of order", "return 500;", {u"http: status"_s}, u"500"_s);
        row("a page", "default_type text/html; " + page, {u"http: page"_s}, {});
        row("another relay", "default_type application/json; return 200 '{\"proof\":\"abc\"}';",
            {u"http: another_relay"_s}, {});
        row("a page for browsers",
            "default_type text/plain; if ($http_user_agent ~ Mozilla) { " + page + " } " + whole,
            {u"browser: page_first"_s, u"websocket: page_for_websockets"_s}, u"200"_s);
        row("a page for browsers' requests alone",
            "default_type text/html; if ($http_accept ~ text/html) { " + page + " } " + whole,
            {u"browser: page_first"_s}, {});
        row("changes Origin", whole + "proxy_set_header Origin http://localhost;",
            {u"websocket: origin_changed"_s}, u"http://localhost"_s);
        row("takes Origin away", whole + "proxy_set_header Origin '';", {u"websocket: origin_changed"_s},
            u"away"_s);
        row("takes the subprotocols away", whole + "proxy_set_header Sec-WebSocket-Protocol '';",
            {u"websocket: subprotocol_lost"_s}, {});
        row("takes the subprotocol with the key away",
            whole + "proxy_set_header Sec-WebSocket-Protocol realtime;", {u"websocket: subprotocol_lost"_s},
            {});
        row("takes the chosen subprotocol away", whole + "proxy_hide_header Sec-WebSocket-Protocol;",
            {u"websocket: subprotocol_lost"_s}, {});
        row("changes Host",
            pass + "proxy_set_header Host localhost:3000; proxy_set_header X-Forwarded-For $remote_addr;",
            {u"http: host_changed"_s}, u"localhost:3000"_s);
        row("changes answers",
            whole + "sub_filter_types application/json; sub_filter proof proved; sub_filter_once on;",
            {u"http: answer_changed"_s}, {});
    }
    void throughNginx()
    {
        QFETCH(QByteArray, content);
        QFETCH(QStringList, complaints);
        QFETCH(QString, said);
        SharedRelay shared;
        content.replace("SHARE", passTo(shared.port));
        WebServer nginx(WebServer::Nginx, [&](quint16 port) { return location(port, content); });
        const ProofResult result = SharedRelay::prove(shared.plan(at(nginx.port)));
        const QStringList alwaysHere{u"name: loopback_address"_s, u"tls: no_tls"_s};
        QCOMPARE(SharedRelay::complaints(result), alwaysHere + complaints);
        for (const CheckStep &step : result.steps) {
            if (!complaints.isEmpty() && complaints.last().startsWith(step.id + u':')) {
                QVERIFY2(plain(step.text).contains(said), qPrintable(plain(step.text)));
                QVERIFY(!step.next.isEmpty());
            }
        }
        QCOMPARE(result.works, !result.failure());
    }

    /// Whether the last address of X-Forwarded-For is to be believed.
    void forgedAddress_data()
    {
        QTest::addColumn<QByteArray>("line");
        QTest::addColumn<bool>("trusts");
        QTest::addColumn<QString>("code");
        QTest::newRow("passes it on") << ""_ba << false << u"address: address_forged"_s;
        QTest::newRow("takes it away")
            << "proxy_set_header X-Forwarded-For '';"_ba << false << u"address: no_address"_s;
        QTest::newRow("sets it") << "proxy_set_header X-Forwarded-For $remote_addr;"_ba << true << QString();
        QTest::newRow("adds to it") << "proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;"_ba
                                    << true << QString();
        QTest::newRow("sets no address")
            << "proxy_set_header X-Forwarded-For unknown;"_ba << false << u"address: no_address"_s;
    }
    void forgedAddress()
    {
        QFETCH(QByteArray, line);
        QFETCH(bool, trusts);
        QFETCH(QString, code);
        SharedRelay shared;
        WebServer nginx(WebServer::Nginx,
            [&](quint16 port) { return location(port, passTo(shared.port) + upgrade + ownHost + line); });
        const ProofResult result = SharedRelay::prove(shared.plan(at(nginx.port)));
        QVERIFY(result.works);
        QCOMPARE(result.trustsForwardedFor, std::optional(trusts));
        QCOMPARE(SharedRelay::complaints(result).value(2), code);
    }

    void secureConnection_data()
    {
        QTest::addColumn<QString>("certificate");
        QTest::addColumn<bool>("trusted"); // the authority
        QTest::addColumn<QString>("code"); // empty: good
        QTest::newRow("good") << u"good"_s << true << QString();
        QTest::newRow("for another name") << u"other"_s << true << u"certificate_name"_s;
        QTest::newRow("expired") << u"old"_s << true << u"certificate_expired"_s;
        QTest::newRow("by an authority that is not known")
            << u"good"_s << false << u"certificate_authority"_s;
        QTest::newRow("by itself") << u"own"_s << true << u"certificate_authority"_s;
    }
    void secureConnection()
    {
        QFETCH(QString, certificate);
        QFETCH(bool, trusted);
        QFETCH(QString, code);
        SharedRelay shared;
        PlayedResolver resolver;
        WebServer nginx(WebServer::Nginx, [&](quint16 port) {
            // The right one is only for who says the name (SNI).
            return secured(port, u"other"_s, "other.test", shared.port)
                + secured(port, certificate, "relay.test", shared.port);
        });
        ProofPlan plan = planFor(shared, nginx.port, resolver);
        if (!trusted)
            plan.authorities.clear();
        const ProofResult result = SharedRelay::prove(plan);
        const QString said = SharedRelay::textOf(result, "tls"_L1);
        if (code.isEmpty()) {
            QVERIFY2(result.works, qPrintable(SharedRelay::complaints(result).join(u' ')));
            QVERIFY2(
                said.contains(" with a certificate by localhost that is good until 20"_L1), qPrintable(said));
            QCOMPARE(result.trustsForwardedFor, std::optional(true));
        } else {
            QVERIFY(result.failure());
            QCOMPARE(result.failure()->id, "tls"_L1);
            QCOMPARE(result.failure()->code, code);
            QVERIFY2(said.contains("relay.test"_L1), qPrintable(said));
        }
    }

    void noTlsIsSpoken()
    {
        SharedRelay shared;
        PlayedResolver resolver;
        WebServer nginx(WebServer::Nginx, [&](quint16 port) { return location(port, passTo(shared.port)); });
        const ProofResult result = SharedRelay::prove(planFor(shared, nginx.port, resolver));
        QVERIFY(result.failure());
        QCOMPARE(result.failure()->code, "tls"_L1);
    }

    void throughCaddy()
    {
        SharedRelay shared;
        PlayedResolver resolver;
        const QByteArray tls = "tls " + m_files->path(u"good.pem"_s).toUtf8() + ' '
            + m_files->path(u"good.key"_s).toUtf8() + '\n';
        const auto site = [&](quint16 port, quint16 to) {
            return "https://relay.test:" + QByteArray::number(port) + " {\nbind 127.0.0.1\n" + tls
                + "reverse_proxy 127.0.0.1:" + QByteArray::number(to) + "\n}\n";
        };
        {
            WebServer caddy(WebServer::Caddy, [&](quint16 port) { return site(port, shared.port); });
            const ProofResult result = SharedRelay::prove(planFor(shared, caddy.port, resolver));
            QVERIFY2(result.works, qPrintable(SharedRelay::complaints(result).join(u' ')));
            QCOMPARE(result.trustsForwardedFor, std::optional(true));
            QCOMPARE(result.host, "relay.test"_ba);
        }
        WebServer caddy(WebServer::Caddy, [&](quint16 port) { return site(port, 1); });
        const ProofResult result = SharedRelay::prove(planFor(shared, caddy.port, resolver));
        QVERIFY(result.failure());
        QCOMPARE(result.failure()->id, "http"_L1);
        QCOMPARE(result.failure()->code, "way_down"_L1);
    }

    /// A tunnel that has just been started may need a while.
    void theWayComesUp()
    {
        SharedRelay shared;
        LateTunnel tunnel(shared.port, 2);
        WebServer nginx(WebServer::Nginx, [&](quint16 port) {
            return location(
                port, passTo(tunnel.serverPort()) + upgrade + ownHost + "proxy_next_upstream off;");
        });
        ProofPlan plan = shared.plan(at(nginx.port));
        QCOMPARE(SharedRelay::prove(plan).failure()->code, "way_down"_L1);
        plan.patience.way = 20s;
        const ProofResult result = SharedRelay::prove(plan);
        QVERIFY2(result.works, qPrintable(SharedRelay::complaints(result).join(u' ')));
    }

    /// A quiet one is; with a heartbeat in between it stays.
    void theCanaryIsCut()
    {
        SharedRelay shared;
        WebServer nginx(WebServer::Nginx, [&](quint16 port) {
            return location(port, passTo(shared.port) + upgrade + ownHost + "proxy_read_timeout 5s;");
        });
        CanaryPlan plan;
        plan.address = QUrl(at(nginx.port));
        plan.origin = "https://demo.example";
        plan.proofs = &shared.relay.shareProofs();
        plan.heartbeat = 100ms;
        Canary beating;
        QSignalSpy beatingOpened(&beating, &Canary::opened);
        QSignalSpy beatingCut(&beating, &Canary::cut);
        beating.start(plan);
        QTRY_COMPARE(beatingOpened.size(), 1);
        plan.heartbeat = 1h;
        Canary quiet;
        QSignalSpy opened(&quiet, &Canary::opened);
        QSignalSpy cut(&quiet, &Canary::cut);
        quiet.start(plan);
        QTRY_COMPARE(opened.size(), 1);
        QVERIFY(quiet.isOpen());
        QTRY_COMPARE(cut.size(), 1);
        QVERIFY(!quiet.isOpen());
        QVERIFY(beatingCut.isEmpty()); // though it has stood for longer
        QVERIFY(beating.isOpen());
    }
};

RELAY_TEST(tst_ProofServers)
#include "tst_proofservers.moc"
