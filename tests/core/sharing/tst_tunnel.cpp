// SPDX-License-Identifier: MIT
// With programs that are played; those of an own server are real in tst_sshway.cpp.
#include "core/sharing/tunnel.h"

#include "playground.h"
#include "tests/support/relaytest.h"

#include <QRegularExpression>
#include <QSignalSpy>
#include <QTemporaryFile>
#include <QTest>
#include <QTimer>

#include <algorithm>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using rr::Tunnel;
using rr::Way;
using rr::test::isRunning;
using rr::test::membersOf;
using rr::test::Playground;
using rr::test::shortPatience;
using rr::test::States;
using rr::test::stopAndWait;
using State = rr::Tunnel::State;

namespace {

using Fields = QMap<QString, QString>;

const Fields myCommand{{u"command"_s, u"mytunnel --to 127.0.0.1:{port}"_s}};

Way way(const QString &id)
{
    return rr::wayCalled(id).value();
}

} // namespace

class tst_Tunnel : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void quickTunnel()
    {
        Playground ground("cloudflared");
        Tunnel tunnel(shortPatience());
        QSignalSpy addresses(&tunnel, &Tunnel::addressChanged);
        tunnel.start(way(u"cloudflared-quick"_s), {}, 24211);
        QCOMPARE(tunnel.state(), State::Starting);
        ground.let("address");
        QTRY_COMPARE(tunnel.state(), State::AddressKnown);
        QCOMPARE(tunnel.address(), QUrl(u"https://tired-fish-run-fast.trycloudflare.com"_s));
        ground.let("ready");
        QTRY_COMPARE(tunnel.state(), State::Ready);
        QCOMPARE(addresses.size(), 1);
        QVERIFY(tunnel.reason().isEmpty());
        const qint64 process = ground.lastProcess();
        QVERIFY(isRunning(process));
        stopAndWait(tunnel);
        QVERIFY(!isRunning(process));
        QVERIFY(tunnel.address().isEmpty());
    }

    void quickTunnelIsRefused()
    {
        Playground ground("rate limit");
        Tunnel tunnel(shortPatience());
        tunnel.start(way(u"cloudflared-quick"_s), {}, 24211);
        QTRY_COMPARE(tunnel.state(), State::Broken);
        QCOMPARE(tunnel.reasonCode(), u"rate_limited"_s); // the first of two lines, not the last
        QVERIFY(plain(tunnel.reason()).startsWith("Cloudflare gives this network no more tunnels"_L1));
        QTRY_VERIFY(tunnel.retryIn() > 5s); // 600 of them, at 20 ms each
        const auto before = tunnel.retryIn();
        tunnel.networkChanged(); // does not help here
        QVERIFY(tunnel.retryIn() > before - 5s);
        stopAndWait(tunnel);
    }

    void isStartedAnewWhenItsPageSaysThatItIsLost()
    {
        Playground ground("cloudflared");
        ground.let("address");
        ground.let("ready");
        Tunnel tunnel(shortPatience());
        tunnel.start(way(u"cloudflared-quick"_s), {}, 24211);
        QTRY_COMPARE(tunnel.state(), State::Ready);
        const qint64 first = ground.lastProcess();
        const rr::test::States seen(tunnel);
        ground.let("down");
        QTRY_VERIFY(seen.hasSeen(u"lost"_s));
        ground.undo("down");
        QTRY_COMPARE(tunnel.state(), State::Ready);
        QVERIFY(ground.lastProcess() != first);
        QVERIFY(!isRunning(first));
        stopAndWait(tunnel);
    }

    void isNoticedWhenFrozen()
    {
        Playground ground("cloudflared");
        ground.let("address");
        ground.let("ready");
        Tunnel tunnel(shortPatience());
        tunnel.start(way(u"cloudflared-quick"_s), {}, 24211);
        QTRY_COMPARE(tunnel.state(), State::Ready);
        const qint64 first = ground.lastProcess();
        ::kill(pid_t(first), SIGSTOP);
        QTRY_VERIFY(ground.lastProcess() != first && tunnel.state() == State::Ready);
        QVERIFY(!isRunning(first)); // which hears nothing but a SIGKILL
        stopAndWait(tunnel);
    }

    void goesOverHttp2WhereQuicIsBlocked()
    {
        Playground ground("no quic");
        ground.let("address");
        Tunnel tunnel(shortPatience());
        tunnel.start(way(u"cloudflared-quick"_s), {}, 24211);
        QTRY_COMPARE(ground.starts().size(), 2);
        QVERIFY(ground.starts().first().endsWith(u' '));
        QVERIFY(ground.starts().last().endsWith(" http2"_L1));
        ground.let("ready");
        QTRY_COMPARE(tunnel.state(), State::Ready);
        stopAndWait(tunnel);
    }

    void addressChangesWhileItRuns()
    {
        Playground ground("localhost.run");
        Tunnel tunnel(shortPatience());
        QSignalSpy addresses(&tunnel, &Tunnel::addressChanged);
        tunnel.start(way(u"localhost.run"_s), {}, 24211);
        QTRY_COMPARE(tunnel.state(), State::Ready);
        QCOMPARE(
            tunnel.address(), QUrl(u"https://8beaa541ba3dc2.lhr.life"_s)); // and not the one of the banner
        ground.let("other");
        QTRY_COMPARE(addresses.size(), 2);
        QCOMPARE(addresses.last().first().toUrl(), QUrl(u"https://77aa.lhr.life"_s));
        QCOMPARE(tunnel.state(), State::Ready);
        QCOMPARE(ground.starts().size(), 1);
        stopAndWait(tunnel);
    }

    void waitsForConsent()
    {
        Playground ground("funnel");
        rr::TunnelPatience patience = shortPatience();
        patience.ready = 2s;
        Tunnel tunnel(patience);
        tunnel.start(way(u"tailscale-funnel"_s), {}, 24211);
        QTRY_COMPARE(tunnel.state(), State::NeedsYou);
        QCOMPARE(tunnel.reasonCode(), u"consent"_s);
        QCOMPARE(tunnel.link(), QUrl(u"https://login.tailscale.com/f/funnel?node=n1234"_s));
        const qint64 process = ground.lastProcess();
        // It outlasts one that was begun later and says nothing.
        ground.play("cloudflared");
        Tunnel later(patience);
        const States seen(later);
        later.start(way(u"cloudflared-quick"_s), {}, 24211);
        QTRY_VERIFY(seen.hasSeen(u"not_ready"_s));
        stopAndWait(later);
        QCOMPARE(tunnel.state(), State::NeedsYou);
        ground.let("consent");
        QTRY_COMPARE(tunnel.state(), State::Ready);
        QVERIFY(tunnel.link().isEmpty());
        QVERIFY(tunnel.reason().isEmpty());
        QVERIFY(isRunning(process));
        stopAndWait(tunnel);
    }

    void beginsAnewBeforeItRunsOut()
    {
        Playground ground("localhost.run");
        Way limited = way(u"localhost.run"_s);
        limited.lasts = 150s; // 3 s here
        Tunnel tunnel(shortPatience());
        const States seen(tunnel);
        tunnel.start(limited, {}, 24211);
        QTRY_VERIFY(seen.hasSeen(State::Ready));
        QVERIFY(tunnel.endsAt().isValid());
        QTRY_VERIFY(ground.starts().size() >= 2);
        QTRY_COMPARE(tunnel.state(), State::Ready);
        QVERIFY(tunnel.reason().isEmpty()); // nothing has gone wrong
        stopAndWait(tunnel);
    }

    void tooManyLinesAndOneTooLong()
    {
        Playground ground("noise");
        Tunnel tunnel(shortPatience());
        tunnel.start(way(u"command"_s), myCommand, 24211);
        QTRY_COMPARE(tunnel.state(), State::Ready);
        QTRY_VERIFY(
            tunnel.lastLines().size() == 200 && tunnel.lastLines().last().startsWith("HTTP request"_L1));
        const QStringList lines = tunnel.lastLines();
        QCOMPARE(lines[0], u"line 802 Bearer …"_s);
        QCOMPARE(lines[198].size(), 1000);
        QCOMPARE(lines[199], u"HTTP request from 192.0.2.1 to https://relay.example.net/s/…/v1/realtime"_s);
        stopAndWait(tunnel);
    }

    void comesBackAndLater()
    {
        Playground ground("ends");
        rr::TunnelPatience patience = shortPatience();
        patience.lastRetry = 60s;
        Tunnel tunnel(patience);
        tunnel.start(way(u"command"_s), myCommand, 24211);
        QTRY_COMPARE(tunnel.state(), State::Ready);
        const QUrl address = tunnel.address();
        const States seen(tunnel);
        ground.let("end");
        QTRY_VERIFY_WITH_TIMEOUT(seen.pauses().size() >= 5, 60'000); // 20 ms, 40, 80, 160, 320
        QVERIFY(seen.pauses()[4] > 4 * seen.pauses()[0]);
        QVERIFY(ground.starts().size() >= 5);
        QCOMPARE(tunnel.address(), address); // it may come back
        QVERIFY(plain(seen.last()).contains("It said: your url is"_L1));
        ground.undo("end");
        QTRY_COMPARE(tunnel.state(), State::Ready);
        stopAndWait(tunnel);
    }

    void anotherNetworkIsTriedAtOnce()
    {
        Playground ground("ends");
        rr::TunnelPatience patience = shortPatience();
        patience.firstRetry = patience.lastRetry = 1h;
        Tunnel tunnel(patience);
        tunnel.start(way(u"command"_s), myCommand, 24211);
        QTRY_COMPARE(tunnel.state(), State::Ready);
        ground.let("end");
        QTRY_COMPARE(tunnel.state(), State::Broken);
        ground.undo("end");
        QVERIFY(tunnel.retryIn() > 0ms);
        tunnel.networkChanged();
        QCOMPARE(tunnel.retryIn(), 0ms);
        QTRY_COMPARE(tunnel.state(), State::Ready);
        stopAndWait(tunnel);
    }

    void retriesAreFirstOnesAgainOnceItWasProven()
    {
        Playground ground("ends");
        rr::TunnelPatience patience = shortPatience();
        patience.firstRetry = 100ms;
        patience.lastRetry = 60s;
        patience.proven = 10ms;
        Tunnel tunnel(patience);
        const States seen(tunnel);
        connect(&tunnel, &Tunnel::changed, &tunnel, [&ground, &tunnel] {
            if (tunnel.state() == State::Broken)
                ground.undo("end");
        });
        tunnel.start(way(u"command"_s), myCommand, 24211);
        for (int i = 0; i < 3; ++i) {
            QTRY_COMPARE(tunnel.state(), State::Ready);
            QTimer later; // begun after the one by which it is proven
            QSignalSpy past(&later, &QTimer::timeout);
            later.start(patience.proven);
            QTRY_VERIFY(!past.isEmpty());
            ground.let("end");
            QTRY_COMPARE(seen.pauses().size(), i + 1);
        }
        // By chance and as timers round one may be a quarter longer; a third one would be four times as long.
        QVERIFY(*std::max_element(seen.pauses().begin(), seen.pauses().end()) < 2 * patience.firstRetry);
        stopAndWait(tunnel);
    }

    void anAddressThatWasFilledInIsReadyWithTheProgram()
    {
        Playground ground("says nothing");
        rr::TunnelPatience patience = shortPatience();
        patience.ready = 3s;
        Tunnel tunnel(patience);
        Fields fields = myCommand;
        fields[u"address"_s] = u"https://relay.example.org"_s;
        tunnel.start(way(u"command"_s), fields, 24211);
        QTRY_COMPARE(tunnel.state(), State::Ready);
        QCOMPARE(tunnel.address(), QUrl(u"https://relay.example.org"_s));
        QTRY_COMPARE(ground.starts().size(), 1);
        QTest::qWait(3500); // longer than one that does not get ready is given
        QCOMPARE(tunnel.state(), State::Ready);
        QCOMPARE(ground.starts().size(), 1);
        stopAndWait(tunnel);
    }

    void doesNotWaitForEverToBeReady()
    {
        Playground ground("cloudflared");
        rr::TunnelPatience patience = shortPatience();
        patience.ready = 5s; // in which it has to say something, too
        Tunnel tunnel(patience);
        const States seen(tunnel);
        tunnel.start(way(u"cloudflared-quick"_s), {}, 24211);
        QTRY_VERIFY(seen.hasSeen(u"not_ready"_s));
        QTRY_VERIFY(plain(seen.last()).contains("Requesting new quick Tunnel"_L1));
        QTRY_VERIFY(ground.starts().size() > 1);
        stopAndWait(tunnel);
    }

    void isKilledWhereItDoesNotListen()
    {
        Playground ground("deaf");
        Tunnel tunnel(shortPatience());
        tunnel.start(way(u"command"_s), myCommand, 24211);
        QTRY_COMPARE(tunnel.state(), State::Ready);
        const qint64 process = ground.lastProcess();
        stopAndWait(tunnel);
        QVERIFY(!isRunning(process));
    }

    void leavesNothingBehind()
    {
        Playground ground("leaves one behind");
        Tunnel tunnel(shortPatience());
        tunnel.start(way(u"command"_s), myCommand, 24211);
        QTRY_COMPARE(tunnel.state(), State::Ready);
        const pid_t session = pid_t(ground.lastProcess());
        QCOMPARE(::kill(-session, 0), 0);
        stopAndWait(tunnel);
#ifdef Q_OS_LINUX // one that has ended is a member until its new parent asks for it, if ever
        QTRY_VERIFY(membersOf(session).isEmpty());
#else
        QTRY_VERIFY(::kill(-session, 0) != 0);
#endif
    }

    void isGoneWithTheTunnel()
    {
        Playground ground("deaf");
        qint64 process = 0;
        {
            Tunnel tunnel(shortPatience());
            tunnel.start(way(u"command"_s), myCommand, 24211);
            QTRY_COMPARE(tunnel.state(), State::Ready);
            process = ground.lastProcess();
        }
        QVERIFY(!isRunning(process));
    }

    void isNoProgram()
    {
        QTemporaryFile file;
        QVERIFY(file.open());
        file.write("\x7f no program");
        file.close();
        file.setPermissions(QFile::ReadOwner | QFile::ExeOwner);
        Tunnel tunnel(shortPatience());
        tunnel.start(way(u"command"_s), Fields{{u"command"_s, file.fileName()}}, 24211);
        QTRY_COMPARE(tunnel.state(), State::NeedsYou);
        QCOMPARE(tunnel.reasonCode(), u"not_started"_s);
        QVERIFY(plain(tunnel.reason()).startsWith("Another command could not be started: "_L1));
        stopAndWait(tunnel);
    }

    void whatIsMissingIsSaid_data()
    {
        QTest::addColumn<QString>("id");
        QTest::addColumn<Fields>("fields");
        QTest::addColumn<QString>("code");
        QTest::addColumn<QString>("said");
        QTest::newRow("a field") << u"ssh-server"_s << Fields{} << u"field"_s
                                 << u"“Server” is to be filled in."_s;
        QTest::newRow("an option for a server")
            << u"ssh-server"_s << Fields{{u"destination"_s, u"-oProxyCommand=id"_s}} << u"field"_s
            << u"“Server” may not begin with a hyphen."_s;
        QTest::newRow("a program") << u"zrok"_s << Fields{} << u"not_installed"_s
                                   << u"zrok2 is not installed on this machine."_s;
        QTest::newRow("a program of one's own")
            << u"command"_s << Fields{{u"command"_s, u"no-such-program 1"_s}} << u"not_installed"_s
            << u"There is no program “no-such-program” on this machine"_s;
    }
    void whatIsMissingIsSaid()
    {
        QFETCH(QString, id);
        QFETCH(QString, code);
        QFETCH(QString, said);
        QFETCH(Fields, fields);
        Tunnel tunnel(shortPatience());
        tunnel.start(way(id), fields, 24211);
        QCOMPARE(tunnel.state(), State::NeedsYou);
        QCOMPARE(tunnel.reasonCode(), code);
        QVERIFY2(plain(tunnel.reason()).startsWith(said), qPrintable(plain(tunnel.reason())));
        QCOMPARE(tunnel.retryIn(), 0ms);
        stopAndWait(tunnel);
    }
};

RELAY_TEST(tst_Tunnel)
#include "tst_tunnel.moc"
