// SPDX-License-Identifier: MIT
#include "core/sharing/publicproof.h"
#include "tests/core/sharing/playedresolver.h"
#include "tests/core/sharing/sharedrelay.h"
#include "tests/core/wire/scriptedserver.h"
#include "tests/support/relaytest.h"
#include "tests/support/reservedport.h"

#include <QSignalSpy>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace rr;
using namespace std::chrono_literals;

namespace {

/// A proxy that connects all that is asked for to one port of this machine.
class PlayedProxy : public QTcpServer
{
public:
    explicit PlayedProxy(quint16 to)
    {
        if (!listen(QHostAddress::LocalHost))
            qFatal("listen");
        connect(this, &QTcpServer::newConnection, this, [this, to] {
            QTcpSocket *const near = nextPendingConnection();
            connect(near, &QIODevice::readyRead, near, [this, near, to] {
                const QByteArray asked = near->readAll();
                near->disconnect(SIGNAL(readyRead()));
                heads.append(asked);
                auto *far = new QTcpSocket(near);
                for (QTcpSocket *end : {near, far})
                    end->setSocketOption(QAbstractSocket::LowDelayOption, 1);
                connect(far, &QAbstractSocket::connected, near, [near, far] {
                    connect(near, &QIODevice::readyRead, far, [near, far] { far->write(near->readAll()); });
                    near->write("HTTP/1.1 200 Connection established\r\n\r\n");
                });
                connect(far, &QIODevice::readyRead, near, [near, far] { near->write(far->readAll()); });
                connect(far, &QAbstractSocket::disconnected, near, &QAbstractSocket::disconnectFromHost);
                far->connectToHost(QHostAddress(QHostAddress::LocalHost), to);
            });
        });
    }
    QNetworkProxy proxy() const { return {QNetworkProxy::HttpProxy, u"127.0.0.1"_s, serverPort()}; }
    QList<QByteArray> heads;
};

QString directly(const SharedRelay &shared)
{
    return u"http://127.0.0.1:%1"_s.arg(shared.port);
}

} // namespace

class tst_PublicProof : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void provesTheWay()
    {
        SharedRelay shared;
        PublicProof proof;
        QSignalSpy steps(&proof, &PublicProof::stepChanged);
        QSignalSpy finished(&proof, &PublicProof::finished);
        proof.run(shared.plan(directly(shared)));
        QVERIFY(proof.isRunning());
        QTRY_COMPARE(finished.size(), 1);
        QVERIFY(!proof.isRunning());
        const auto result = finished.at(0).at(0).value<ProofResult>();
        QVERIFY(result.works);
        QVERIFY(result.roundTripMs >= 0);
        QVERIFY(result.at.isValid());
        QCOMPARE(result.host, "127.0.0.1"_ba);
        QCOMPARE(result.connectedTo, QHostAddress(QHostAddress::LocalHost));
        QCOMPARE(result.trustsForwardedFor, std::optional(false)); // nobody is in between
        QCOMPARE(SharedRelay::complaints(result),
            QStringList({u"name: loopback_address"_s, u"tls: no_tls"_s, u"address: address_forged"_s}));
        QStringList ids;
        for (const CheckStep &step : result.steps) {
            ids.append(QString(step.id));
            QVERIFY(step.ms >= 0);
            QVERIFY(!step.text.isEmpty());
            QVERIFY(step.code.isEmpty() == step.next.isEmpty());
            QVERIFY(!PublicProof::titleOf(step.id).isEmpty());
        }
        QCOMPARE(ids,
            QStringList({u"here"_s, u"name"_s, u"tls"_s, u"http"_s, u"browser"_s, u"websocket"_s,
                u"messages"_s, u"address"_s}));
        // Each is told when it begins and when it is done.
        QCOMPARE(steps.size(), 16);
        QCOMPARE(steps.at(0).at(0).value<CheckStep>().result, CheckStep::Result::Running);
        QCOMPARE(steps.at(1).at(0).value<CheckStep>().result, CheckStep::Result::Good);
    }

    void theRelayItselfIsAway()
    {
        SharedRelay shared;
        const ProofPlan plan = shared.plan(directly(shared));
        shared.relay.closeShare();
        const ProofResult result = SharedRelay::prove(plan);
        QVERIFY(!result.works);
        QCOMPARE(SharedRelay::complaints(result), QStringList({u"here: relay_silent"_s}));
        QCOMPARE(result.steps.last().result, CheckStep::Result::Skipped);
        QCOMPARE(result.failure()->id, "here"_L1);
        QVERIFY(SharedRelay::textOf(result, "here"_L1).contains("127.0.0.1"_L1));
    }

    void nothingListens()
    {
        SharedRelay shared;
        const ReservedPort gone;
        const ProofResult result = SharedRelay::prove(shared.plan("http://"_L1 + gone.place()));
        QCOMPARE(
            SharedRelay::complaints(result), QStringList({u"name: loopback_address"_s, u"tls: refused"_s}));
    }

    void somethingSilentListens()
    {
        SharedRelay shared;
        QTcpServer silent;
        QVERIFY(silent.listen(QHostAddress::LocalHost));
        ProofPlan plan = shared.plan(u"http://127.0.0.1:%1"_s.arg(silent.serverPort()));
        plan.patience.step = 5s; // for the steps that it passes, too
        const ProofResult result = SharedRelay::prove(plan);
        QCOMPARE(result.failure()->id, "http"_L1);
        QCOMPARE(result.failure()->code, "timeout"_L1);
    }

    void anotherRelay()
    {
        SharedRelay shared, other;
        const ProofResult result = SharedRelay::prove(shared.plan(directly(other)));
        QCOMPARE(result.failure()->id, "http"_L1);
        QCOMPARE(result.failure()->code, "another_relay"_L1);
    }

    void aNewNameIsWaitedFor()
    {
        SharedRelay shared;
        PlayedResolver resolver;
        resolver.addresses = {QHostAddress(QHostAddress::LocalHost)};
        resolver.unknown = 2; // both families once
        ProofPlan plan = shared.plan(u"http://relay.test:%1"_s.arg(shared.port));
        plan.names.servers = {resolver.server()};
        QStringList system;
        plan.names.system = [&](const QString &host, QObject *context, const auto &done) {
            system.append(u"%1 after %2"_s.arg(host).arg(resolver.asked));
            QMetaObject::invokeMethod(
                context, [done] { done(QHostInfo()); }, Qt::QueuedConnection);
        };
        plan.settleDns = true;
        const ProofResult result = SharedRelay::prove(plan);
        QVERIFY(result.works);
        QCOMPARE(system, QStringList({u"relay.test after 4"_s})); // once, when others knew the name
        QCOMPARE(result.host, "relay.test"_ba);

        // The same without patience.
        resolver.unknown = 2;
        plan.settleDns = false;
        const ProofResult hasty = SharedRelay::prove(plan);
        QCOMPARE(hasty.failure()->code, "no_such_name"_L1);
    }

    void throughTheProxyWhereItIsTheOnlyWay()
    {
        SharedRelay shared;
        PlayedProxy proxy(shared.port);
        ProofPlan plan = shared.plan(u"http://relay.test:81"_s);
        plan.names.system = [](const QString &, QObject *context, const auto &done) {
            QMetaObject::invokeMethod(
                context, [done] { done(QHostInfo()); }, Qt::QueuedConnection);
        };
        QCOMPARE(SharedRelay::prove(plan).failure()->code, "no_resolver"_L1);
        plan.proxy = proxy.proxy();
        const ProofResult result = SharedRelay::prove(plan);
        QVERIFY(result.works);
        QCOMPARE(SharedRelay::complaints(result),
            QStringList({u"name: no_resolver"_s, u"proxy: through_proxy"_s, u"tls: no_tls"_s,
                u"address: address_forged"_s}));
        QCOMPARE(result.proxy, plan.proxy);
        QCOMPARE(result.connectedTo, QHostAddress());
        QVERIFY(proxy.heads.first().startsWith("CONNECT relay.test:81 "));
    }

    void theProxyIsLeftAloneWhereItIsNotNeeded()
    {
        SharedRelay shared;
        PlayedProxy proxy(shared.port);
        ProofPlan plan = shared.plan(directly(shared));
        plan.proxy = proxy.proxy();
        const ProofResult result = SharedRelay::prove(plan);
        QVERIFY(result.works);
        QVERIFY(proxy.heads.isEmpty());
        QCOMPARE(result.steps.size(), 8);
    }

    void theProxyDoesNotHelpEither()
    {
        SharedRelay shared;
        SharedRelay other;
        PlayedProxy proxy(other.port);
        ProofPlan plan = shared.plan(u"http://relay.test:81"_s);
        plan.names.system = [](const QString &, QObject *context, const auto &done) {
            QMetaObject::invokeMethod(
                context, [done] { done(QHostInfo()); }, Qt::QueuedConnection);
        };
        plan.proxy = proxy.proxy();
        const ProofResult result = SharedRelay::prove(plan);
        QCOMPARE(
            SharedRelay::complaints(result), QStringList({u"name: no_resolver"_s, u"proxy: proxy_fails"_s}));
        QCOMPARE(result.proxy.type(), QNetworkProxy::NoProxy);
    }

    void whatIsCancelledSaysNothing()
    {
        SharedRelay shared;
        PublicProof proof;
        QSignalSpy finished(&proof, &PublicProof::finished);
        connect(&proof, &PublicProof::stepChanged, &proof, [&](const CheckStep &step) {
            if (step.id == "browser"_L1)
                proof.cancel();
        });
        QSignalSpy steps(&proof, &PublicProof::stepChanged);
        proof.run(shared.plan(directly(shared)));
        QTRY_VERIFY(!proof.isRunning());
        const auto told = steps.size();
        // Another is begun in its place.
        proof.disconnect(&proof);
        proof.run(shared.plan(directly(shared)));
        proof.run(shared.plan(directly(shared)));
        QTRY_COMPARE(finished.size(), 1);
        QCOMPARE(steps.size(), told + 16);
        QVERIFY(finished.at(0).at(0).value<ProofResult>().works);
    }
};

RELAY_TEST(tst_PublicProof)
#include "tst_publicproof.moc"
