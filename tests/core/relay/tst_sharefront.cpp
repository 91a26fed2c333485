// SPDX-License-Identifier: MIT
// The door of a share, with real sockets: who comes in, who does not, and what of it can be seen.
#include <QTest>

#include "core/http/endpoints.h"
#include "core/http/responsereader.h"
#include "core/monitor/metricstext.h"
#include "core/relay/sharefront.h"
#include "tests/core/relay/relayfixture.h"
#include "tests/support/relaytest.h"

#include <QElapsedTimer>
#include <QJsonDocument>
#include <QJsonObject>

#include <algorithm>
#include <vector>

using namespace rr;
using namespace Qt::StringLiterals;

namespace {

const QByteArray secretOfLink = "Zx8-Qw_3vN0pLk7RtY2mHb";
const QByteArray keyLine = "Authorization: Bearer sk-any\r\n";

/// A relay that is shared.
class ShareFixture : public RelayFixture
{
public:
    explicit ShareFixture(ScriptedServer::Answer answer = switchingProtocols)
        : RelayFixture(std::move(answer))
    {
        terms.secret = secretOfLink;
        terms.origins = QStringList{u"https://app.example"_s};
        terms.ratePerAddress = 1000;
    }

    bool share()
    {
        if (!start())
            return false;
        const auto opened = relay.openShare(terms);
        return std::holds_alternative<quint16>(opened) && std::get<quint16>(opened) == relay.sharePort();
    }

    std::unique_ptr<RawClient> asks(const QByteArray &target, const QByteArray &headers = keyLine)
    {
        auto client = std::make_unique<RawClient>(relay.sharePort());
        client->ask(target, headers);
        return client;
    }
    /// The status that a handshake gets.
    int statusOf(const QByteArray &target, const QByteArray &headers = keyLine)
    {
        const auto client = asks(target, headers);
        if (!QTest::qWaitFor([&] { return client->status() != 0; }, 30'000))
            return 0;
        return client->status();
    }
    /// One that is open, up to the upstream.
    std::unique_ptr<RawClient> guest(const QByteArray &headers = keyLine)
    {
        const auto before = upstream.heads.size();
        auto client = asks(link(), headers);
        if (!QTest::qWaitFor(
                [&] { return client->status() == 101 && upstream.heads.size() > before; }, 30'000))
            qWarning("no call");
        return client;
    }
    /// All that a plain request is answered. `isHead`: there is no body.
    QByteArray answerTo(const QByteArray &request, bool isHead = false)
    {
        RawClient client(relay.sharePort());
        client.socket().write(request);
        ResponseReader reader;
        QByteArray answer;
        const auto isWhole = [&] {
            const QByteArray more = client.socket().readAll();
            answer += more;
            reader.add(more);
            return reader.isOver() || (isHead && reader.state() == ResponseReader::State::InBody);
        };
        if (!QTest::qWaitFor(isWhole, 30'000))
            qWarning("no answer");
        return answer;
    }
    QByteArray get(const QByteArray &target, const QByteArray &headers = {})
    {
        return answerTo("GET " + target + " HTTP/1.1\r\nHost: localhost\r\n" + headers + "\r\n");
    }
    static QByteArray link(const QByteArray &path = "/v1/realtime") { return "/s/" + secretOfLink + path; }

    ShareTerms terms;
};

int statusIn(const QByteArray &answer)
{
    return answer.mid(9, 3).toInt();
}

} // namespace

class tst_ShareFront : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void callsWithTheLinkPass_data()
    {
        QTest::addColumn<QByteArray>("target");
        QTest::addColumn<QByteArray>("headers");
        for (const char *path : {"", "/", "//", "/realtime", "/v1/realtime", "/v1//realtime/",
                 "/realtime/realtime", "/v1/realtime/realtime", "/v1/realtime?model=gpt-realtime"})
            QTest::addRow("%s", path) << ShareFixture::link(path) << keyLine;
        QTest::newRow("doubled slashes before") << "//s//" + secretOfLink + "/v1/realtime" << keyLine;
        QTest::newRow("a subprotocol") << "/v1/realtime"_ba
                                       << "Sec-WebSocket-Protocol: realtime, openai-insecure-api-key.sk-any, "
                                          "realtime-relay-access."
                + secretOfLink + "\r\n";
        QTest::newRow("both") << ShareFixture::link()
                              << keyLine + "Sec-WebSocket-Protocol: realtime, realtime-relay-access."
                + secretOfLink + "\r\n";
    }
    void callsWithTheLinkPass()
    {
        QFETCH(QByteArray, target);
        QFETCH(QByteArray, headers);
        ShareFixture f;
        QVERIFY(f.share());
        const auto client = f.asks(target, headers);
        QTRY_COMPARE(client->status(), 101);
        QTRY_COMPARE(f.upstream.heads.size(), 1);
        QVERIFY(f.upstream.heads[0].startsWith("GET /v1/realtime"));
        QVERIFY(!f.upstream.heads[0].contains(secretOfLink));
        QVERIFY(!f.upstream.heads[0].contains("realtime-relay-access"));
        QVERIFY(!client->head().contains("realtime-relay-access"));
        QCOMPARE(
            client->head().contains("Sec-WebSocket-Protocol: realtime\r\n"), headers.contains("realtime,"));
        f.upstreamSays(Opcode::Text, "hello");
        QTRY_COMPARE(client->frames().size(), 1);

        const Snapshot seen = f.relay.snapshot(Relay::Detail::Calls);
        QCOMPARE(seen.sharedCalls, 1);
        QCOMPARE(seen.calls.size(), 1);
        QCOMPARE(seen.calls[0].door, Door::Share);
    }

    // Nothing tells what it is that answers: the same words at every path.
    void nothingElseIsThere_data()
    {
        QTest::addColumn<QByteArray>("target");
        for (const char *path : {"/", "/health", "/ready", "/stats", "/metrics", "/v1/realtime", "/realtime",
                 "/nowhere", "/s", "/s/", "/.well-known/realtime-relay/check",
                 "/.well-known/realtime-relay/check?n=AAAAAAAAAAAAAAAAAAAAAA"})
            QTest::addRow("%s", path) << QByteArray(path);
        for (const char *path : {"", "/", "/health", "/ready", "/stats", "/metrics", "/nowhere", "/v1",
                 "/openai/realtime?api-version=2024-10-01-preview"})
            QTest::addRow("with the link, %s", path) << ShareFixture::link(path);
        QTest::newRow("a wrong link") << "/s/Zx8-Qw_3vN0pLk7RtY2mHc/v1/realtime"_ba;
        QTest::newRow("in the query") << "/v1/realtime?s=" + secretOfLink;
    }
    void nothingElseIsThere()
    {
        QFETCH(QByteArray, target);
        ShareFixture f;
        f.settings.statsToken = u"a-token-of-the-operator"_s;
        QVERIFY(f.share());
        const auto bodyOf = [](const QByteArray &answer) { return answer.mid(answer.indexOf("\r\n\r\n")); };
        const QByteArray nothing = f.get("/no-such-path");
        QCOMPARE(statusIn(nothing), 404);
        for (const QByteArray method : {"GET", "HEAD", "OPTIONS", "POST", "DELETE"}) {
            const QByteArray body = method == "POST" ? "Content-Length: 2\r\n\r\n{}" : "\r\n";
            const QByteArray answer = f.answerTo(
                method + ' ' + target + " HTTP/1.0\r\nHost: localhost\r\n" + body, method == "HEAD");
            QCOMPARE(statusIn(answer), 404);
            QCOMPARE(bodyOf(answer), method == "HEAD" ? "\r\n\r\n"_ba : bodyOf(nothing));
        }
        if (!target.startsWith(ShareFixture::link()) && target != ShareFixture::link("")
            && target != ShareFixture::link("/"))
            QCOMPARE(f.statusOf(target), 404); // with an upgrade
        QCOMPARE(f.relay.snapshot().totalConnections, 0);
        QVERIFY(f.upstream.heads.isEmpty());
    }

    void wrongSecrets_data()
    {
        QTest::addColumn<QByteArray>("target");
        QTest::addColumn<QByteArray>("headers");
        const auto path = [](const QByteArray &secret) { return "/s/" + secret + "/v1/realtime"; };
        const auto offered = [](const QByteArray &secret) {
            return keyLine + "Sec-WebSocket-Protocol: realtime, realtime-relay-access." + secret + "\r\n";
        };
        QTest::newRow("none") << "/v1/realtime"_ba << keyLine;
        QTest::newRow("the beginning") << path(secretOfLink.chopped(1)) << keyLine;
        QTest::newRow("more") << path(secretOfLink + "x") << keyLine;
        QTest::newRow("percent-encoded") << path("%5A" + secretOfLink.sliced(1)) << keyLine;
        QTest::newRow("a subprotocol") << "/v1/realtime"_ba << offered(secretOfLink.chopped(1));
        QTest::newRow("an empty subprotocol") << "/v1/realtime"_ba << offered({});
        QTest::newRow("a key") << "/v1/realtime"_ba
                               << "Authorization: Bearer " + secretOfLink + "\r\n";
        QTest::newRow("a wrong one before the right one") << path("wrong") << offered(secretOfLink);
    }
    void wrongSecrets()
    {
        QFETCH(QByteArray, target);
        QFETCH(QByteArray, headers);
        ShareFixture f;
        QVERIFY(f.share());
        QCOMPARE(f.statusOf(target, headers), 404);
        QCOMPARE(f.relay.snapshot().totalConnections, 0);
        QVERIFY(f.upstream.heads.isEmpty());
    }

    // Nobody who has the link is held up by those who try.
    void guessesAreSlowedDownAndHoldUpNobody()
    {
        ShareFixture f;
        QVERIFY(f.share());
        const QByteArray wrong = "/s/wrong-wrong-wrong-wron/v1/realtime";
        // One more may be tried every three seconds: that many a slow machine is let try before it is told to wait.
        QElapsedTimer since;
        since.start();
        qint64 let = 0;
        const auto statusAfterThose = [&](const auto &statusOfTry) {
            while (let <= 20 + since.elapsed() / 3000) {
                if (const int status = statusOfTry(); status != 404)
                    return status;
                ++let;
            }
            return 404;
        };
        QByteArray late;
        QCOMPARE(statusAfterThose([&] { return statusIn(late = f.get(wrong)); }), 429);
        QVERIFY(let >= 20);
        QVERIFY(late.contains("\r\nRetry-After: "));
        QCOMPARE(statusAfterThose([&] { return f.statusOf(wrong); }), 429);
        QCOMPARE(statusIn(f.get("/v1/realtime")), 404); // which is no try
        QCOMPARE(f.guest()->status(), 101);
        QCOMPARE(f.relay.snapshot().rejected.value("wrong_link"), let + 2);
    }

    void otherNames()
    {
        ShareFixture f;
        f.terms.host = "relay.example";
        QVERIFY(f.share());
        QCOMPARE(f.statusOf(ShareFixture::link()), 421); // Host: localhost
        const auto named = [&](const QByteArray &hosts) {
            return statusIn(f.answerTo("GET " + ShareFixture::link() + " HTTP/1.1\r\n" + hosts + "\r\n"));
        };
        QCOMPARE(named("Host: relay.example\r\n"), 426); // no upgrade: there it is
        QCOMPARE(named("Host: evil.example\r\n"), 421);
        QCOMPARE(named("Host: relay.example\r\nHost: evil.example\r\n"), 400);
        QCOMPARE(named("Host: evil.example\r\nX-Forwarded-Host: relay.example\r\n"), 421);
        // Who has no link is not told that there is anything.
        const auto without = [&](const QByteArray &path) {
            const QByteArray answer = f.answerTo("GET " + path + " HTTP/1.1\r\nHost: evil.example\r\n\r\n");
            return answer.mid(answer.indexOf("\r\n\r\n"));
        };
        const QByteArray nothing = f.answerTo("GET /nowhere HTTP/1.1\r\nHost: relay.example\r\n\r\n");
        QCOMPARE(statusIn(nothing), 404);
        for (const char *path : {"/", "/try", "/v1/realtime", "/s/wrong-wrong-wrong-wron/v1/realtime"})
            QCOMPARE(without(path), nothing.mid(nothing.indexOf("\r\n\r\n")));
        QCOMPARE(f.statusOf("/v1/realtime"), 404);
        const QByteArray nonce = f.relay.shareProofs().issue(); // its name is a part of the question
        QCOMPARE(statusIn(f.get("/.well-known/realtime-relay/check?n=" + nonce)), 200);
    }

    void pages_data()
    {
        QTest::addColumn<QByteArray>("origin");
        QTest::addColumn<int>("status");
        QTest::newRow("allowed") << "https://app.example"_ba << 101;
        QTest::newRow("of the settings") << "http://localhost:3000"_ba << 403;
        QTest::newRow("the share's own") << "https://localhost"_ba << 101; // by its Host
        QTest::newRow("a file") << "null"_ba << 403;
        QTest::newRow("another") << "https://evil.example"_ba << 403;
    }
    void pages()
    {
        QFETCH(QByteArray, origin);
        QFETCH(int, status);
        ShareFixture f;
        f.settings.allowedOrigins = QStringList{u"*"_s};
        QVERIFY(f.share());
        QCOMPARE(f.statusOf(ShareFixture::link(), keyLine + "Origin: " + origin + "\r\n"), status);
        const auto shows = [&f] {
            const auto troubles = f.relay.snapshot().troubles;
            return std::any_of(troubles.begin(), troubles.end(),
                [](const Trouble &each) { return each.code == TroubleCode::ShareOriginRefused; });
        };
        QCOMPARE(shows(), status == 403);
        f.terms.origins.append(u"https://evil.example"_s);
        f.relay.changeShare(f.terms);
        QCOMPARE(shows(), status == 403 && origin != "https://evil.example");
        f.relay.closeShare();
        QVERIFY(!shows());
    }

    void aWayThatBreaksIsATrouble()
    {
        ShareFixture f;
        const auto shows = [&f] {
            const auto troubles = f.relay.snapshot().troubles;
            return std::any_of(troubles.begin(), troubles.end(),
                [](const Trouble &each) { return each.code == TroubleCode::ShareBroken; });
        };
        f.relay.shareFailed("Why."); // of nothing that is shared
        QVERIFY(f.share());
        f.relay.shareFailed("Why.");
        QTRY_VERIFY(shows()); // after it has lasted for a moment
        QCOMPARE(f.relay.snapshot().troubles[0].times, 1);
        f.relay.shareWorks();
        QVERIFY(!shows());
        f.relay.shareFailed("Why.");
        QTRY_VERIFY(shows());
        f.relay.closeShare();
        QVERIFY(!shows());
    }

    void aGuestWithoutAKeyIsNoTrouble()
    {
        ShareFixture f;
        QVERIFY(f.share());
        QCOMPARE(f.statusOf(ShareFixture::link(), {}), 401);
        const auto missing = [&f] {
            const auto troubles = f.relay.snapshot().troubles;
            return std::any_of(troubles.begin(), troubles.end(),
                [](const Trouble &each) { return each.code == TroubleCode::KeyMissing; });
        };
        RawClient other(f.relay.port()); // by the other door, and later: it takes two seconds to be told
        other.ask("/v1/realtime?model=gpt-realtime", {});
        QTRY_COMPARE(other.status(), 401);
        QTRY_VERIFY(missing());
        for (const Trouble &trouble : f.relay.snapshot().troubles)
            QVERIFY(trouble.code != TroubleCode::KeyMissing || trouble.times == 1);
    }

    void limits()
    {
        ShareFixture f;
        f.terms.maxCalls = 2;
        f.terms.trustsForwardedFor = true;
        QVERIFY(f.share());
        const auto from
            = [](const char *address) { return keyLine + "X-Forwarded-For: " + address + "\r\n"; };
        const auto first = f.guest(from("192.0.2.77, 203.0.113.9")); // what it said itself, and who it is
        const auto second = f.guest(from("203.0.113.10"));
        QCOMPARE(f.statusOf(ShareFixture::link(), from("203.0.113.11")), 503);
        const Snapshot seen = f.relay.snapshot(Relay::Detail::Calls);
        QCOMPARE(seen.calls.size(), 2);
        QCOMPARE(seen.calls[0].clientAddress, u"203.0.113.9"_s);
        f.terms.maxCallsPerAddress = 1;
        f.terms.maxCalls = 10;
        f.relay.changeShare(f.terms);
        QCOMPARE(f.statusOf(ShareFixture::link(), from("203.0.113.9")), 429);
        f.terms.trustsForwardedFor = false; // then nobody is who he says
        f.relay.changeShare(f.terms);
        const auto third = f.guest(from("203.0.113.12"));
        QCOMPARE(f.statusOf(ShareFixture::link(), from("203.0.113.13")), 429);
        const auto calls = f.relay.snapshot(Relay::Detail::Calls).calls;
        QCOMPARE(std::count_if(calls.begin(), calls.end(),
                     [](const CallSnapshot &call) { return call.clientAddress == "127.0.0.1"_L1; }),
            1);
        RawClient own(f.relay.port()); // is another than those
        own.ask("/v1/realtime");
        QTRY_COMPARE(own.status(), 101);
        QCOMPARE(f.relay.snapshot().sharedCalls, 3);
    }

    // Why no WebSocket came about is asked without a key, which is nobody's trouble.
    void inquiries()
    {
        ShareFixture f;
        f.terms.maxCalls = 1;
        QVERIFY(f.share());
        const auto ask = [&f] {
            return f.answerTo("POST " + ShareFixture::link("/v1/realtime/client_secrets")
                + " HTTP/1.1\r\nHost: localhost\r\nOrigin: https://localhost\r\nContent-Length: 2\r\n\r\n{}");
        };
        QCOMPARE(statusIn(ask()), 401);
        const auto one = f.guest();
        const QByteArray full = ask();
        QCOMPARE(statusIn(full), 503);
        QVERIFY(full.contains("share_full"));
        QVERIFY(f.relay.snapshot().troubles.isEmpty());
    }

    // TRUSTED_PROXIES of the public door are not those of this one.
    void trustIsOfTheShareAlone()
    {
        ShareFixture f;
        f.settings.trustedProxies = QStringList{u"127.0.0.1"_s};
        QVERIFY(f.share());
        const auto client = f.guest(keyLine + "X-Forwarded-For: 203.0.113.9\r\n");
        QCOMPARE(f.relay.snapshot(Relay::Detail::Calls).calls.at(0).clientAddress, u"127.0.0.1"_s);
        RawClient proxied(f.relay.sharePort());
        proxied.socket().write("PROXY TCP4 203.0.113.9 127.0.0.1 1 2\r\nGET / HTTP/1.1\r\nHost: x\r\n\r\n");
        QTRY_COMPARE(proxied.status(), 400);
    }

    // Those who have the old link cannot come any more; those who talk go on.
    void newLink()
    {
        ShareFixture f;
        QVERIFY(f.share());
        const quint16 port = f.relay.sharePort();
        const auto client = f.guest();
        const QByteArray old = ShareFixture::link();
        f.terms.secret = "aNewSecretOf22Letters-";
        f.relay.changeShare(f.terms);
        QCOMPARE(f.relay.sharePort(), port);
        QCOMPARE(f.statusOf(old), 404);
        QCOMPARE(f.statusOf("/s/aNewSecretOf22Letters-/v1/realtime"), 101);
        f.upstreamSays(Opcode::Text, "still here", 0);
        QTRY_COMPARE(client->messages(), QList<QByteArray>{"still here"});
        QCOMPARE(std::get<quint16>(f.relay.openShare(f.terms)), port); // is shared already
    }

    void closing()
    {
        ShareFixture f;
        QVERIFY(f.share());
        const quint16 port = f.relay.sharePort();
        const auto own = f.call();
        const auto client = f.guest();
        RawClient idle(port);
        idle.socket().write("GET /v1/realtime HTTP/1.1\r\nHost: x\r\n\r\n");
        QTRY_COMPARE(idle.status(), 404);
        RawClient slow(port);
        slow.socket().write("GET " + ShareFixture::link() + " HTTP/1.1\r\n");
        QTRY_COMPARE(slow.socket().bytesToWrite(), 0);

        f.relay.closeShare();
        QCOMPARE(f.relay.sharePort(), 0);
        QTcpSocket late;
        late.connectToHost(QHostAddress::LocalHost, port);
        QTRY_COMPARE(late.error(), QAbstractSocket::ConnectionRefusedError);
        QTRY_COMPARE(client->closeCode(), 4410);
        client->socket().abort();
        QTRY_VERIFY(idle.isGone());
        QTRY_VERIFY(slow.isGone());
        QTRY_COMPARE(f.relay.snapshot().sharedCalls, 0);
        QCOMPARE(f.relay.snapshot().activeConnections, 1);
        f.upstreamSays(Opcode::Text, "still here", 0);
        QTRY_COMPARE(own->messages(), QList<QByteArray>{"still here"}); // of the public door
        f.relay.closeShare(); // once more: nothing
        f.relay.changeShare(f.terms);
        QCOMPARE(f.relay.sharePort(), 0);

        QVERIFY(std::holds_alternative<quint16>(f.relay.openShare(f.terms)));
        QCOMPARE(f.guest()->status(), 101);
    }

    // Also a call that is still dialling.
    void closingWhileItDials()
    {
        ShareFixture f([](const QByteArray &) { return QByteArray(); });
        QVERIFY(f.share());
        const auto program = f.asks(ShareFixture::link());
        const auto page = f.asks(ShareFixture::link(), keyLine + "Origin: https://app.example\r\n");
        QTRY_COMPARE(f.upstream.heads.size(), 2);
        f.relay.closeShare();
        QTRY_COMPARE(page->closeCode(), 4410);
        QTRY_VERIFY(program->status() >= 400);
        page->socket().abort();
        program->socket().abort();
        QTRY_COMPARE(f.relay.snapshot().activeConnections, 0);
    }

    void livesAsLongAsTheRelay()
    {
        ShareFixture f;
        QCOMPARE(std::get<RelayError>(f.relay.openShare(f.terms)).code, "not_running"_ba);
        QVERIFY(f.share());
        const quint16 port = f.relay.sharePort();
        const auto client = f.guest();
        f.settings.maxConnections = 7;
        f.settings.host = u"0.0.0.0"_s; // the public door moves
        QVERIFY(!f.relay.apply(f.settings));
        QCOMPARE(f.relay.sharePort(), port);
        f.upstreamSays(Opcode::Text, "still here", 0);
        QTRY_COMPARE(client->messages(), QList<QByteArray>{"still here"});
        QCOMPARE(f.guest()->status(), 101);

        f.relay.drain();
        QCOMPARE(f.statusOf(ShareFixture::link()), 503);
        QVERIFY(client->closeCode() < 0);
        f.relay.keepRunning();
        QCOMPARE(f.guest()->status(), 101);
        f.relay.stopNow();
        QCOMPARE(f.relay.sharePort(), 0);
        QTRY_COMPARE(client->closeCode(), 1001);
        client->socket().abort();
        QTRY_COMPARE(f.relay.state(), RelayState::Stopped);
        QVERIFY(f.start());
        QCOMPARE(f.relay.sharePort(), 0); // who shares decides that anew
    }

    void exchangesPass()
    {
        ShareFixture f([](const QByteArray &) {
            return "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 15\r\n\r\n{\"value\":\"ek_\"}"_ba;
        });
        QVERIFY(f.share());
        const auto post = [&f](const QByteArray &path, const QByteArray &headers = {}) {
            return f.answerTo("POST " + path + " HTTP/1.1\r\nHost: localhost\r\n" + keyLine + headers
                + "Content-Type: application/json\r\nContent-Length: 2\r\n\r\n{}");
        };
        const QByteArray path = "/v1/realtime/client_secrets";
        QCOMPARE(statusIn(post(path)), 404);
        const QByteArray answer = post(ShareFixture::link(path), "Origin: https://app.example\r\n");
        QCOMPARE(statusIn(answer), 200);
        QVERIFY(answer.contains("\r\nAccess-Control-Allow-Origin: https://app.example\r\n"));
        QCOMPARE(f.upstream.heads.size(), 1);
        QVERIFY(f.upstream.heads[0].startsWith("POST /v1/realtime/client_secrets HTTP/1.1\r\n"));
        QVERIFY(!f.upstream.heads[0].contains(secretOfLink));
        QCOMPARE(statusIn(post(ShareFixture::link(path), "Origin: https://evil.example\r\n")), 403);

        const auto preflight = [&f](const QByteArray &target, const QByteArray &origin) {
            return f.answerTo("OPTIONS " + target + " HTTP/1.0\r\nHost: localhost\r\nOrigin: " + origin
                    + "\r\nAccess-Control-Request-Method: POST\r\nAccess-Control-Request-Headers: authorization\r\n\r\n",
                true);
        };
        QVERIFY(preflight(ShareFixture::link(path), "https://app.example")
                    .contains("\r\nAccess-Control-Allow-Headers: authorization\r\n"));
        QVERIFY(!preflight(ShareFixture::link(path), "https://evil.example").contains("Access-Control"));
        QCOMPARE(statusIn(preflight(path, "https://app.example")), 404);
    }

    // One under way is called off with the share.
    void closingEndsExchanges()
    {
        ShareFixture f([](const QByteArray &) { return QByteArray(); });
        QVERIFY(f.share());
        RawClient client(f.relay.sharePort());
        client.socket().write("POST " + ShareFixture::link("/v1/realtime/client_secrets")
            + " HTTP/1.1\r\nHost: localhost\r\n" + keyLine + "Content-Length: 2\r\n\r\n{}");
        QTRY_COMPARE(f.upstream.heads.size(), 1);
        f.relay.closeShare();
        QTRY_VERIFY(client.isGone());
        QTRY_COMPARE(f.upstreamSocket()->state(), QAbstractSocket::UnconnectedState);
    }

    // And a recording, which has the connection for itself.
    void closingEndsRecordings()
    {
        ShareFixture f([](const QByteArray &) {
            return "HTTP/1.1 200 OK\r\nContent-Type: audio/wav\r\nContent-Length: 1000000\r\n\r\nthe beginning"_ba;
        });
        QVERIFY(f.share());
        RawClient client(f.relay.sharePort());
        client.socket().write("GET " + ShareFixture::link("/v1/live/sessions/live_1/content")
            + " HTTP/1.1\r\nHost: localhost\r\n" + keyLine + "\r\n");
        QTRY_COMPARE(client.status(), 200);
        f.relay.closeShare();
        QTRY_VERIFY(client.isGone());
        QTRY_COMPARE(f.upstreamSocket()->state(), QAbstractSocket::UnconnectedState);
    }

    void theFirstVisitor()
    {
        ShareFixture f;
        f.terms.trustsForwardedFor = true;
        f.terms.host = "localhost";
        QVERIFY(f.share());
        const auto visit = [&f](const QByteArray &target, const char *address) {
            return f.statusOf(target,
                keyLine + "User-Agent: Phone " + address + "\r\nX-Forwarded-For: " + address + "\r\n");
        };
        // This machine as others see it, by its own check.
        f.get("/.well-known/realtime-relay/check?n=" + f.relay.shareProofs().issue(),
            "X-Forwarded-For: 203.0.113.1\r\n");
        QCOMPARE(visit(ShareFixture::link(), "203.0.113.1"), 101);
        QVERIFY(!f.relay.snapshot().firstVisitor);
        QCOMPARE(visit("/s/wrong/v1/realtime", "203.0.113.9"), 404);
        QVERIFY(!f.relay.snapshot().firstVisitor);
        QCOMPARE(visit(ShareFixture::link(), "203.0.113.9"), 101);
        QCOMPARE(visit(ShareFixture::link(), "203.0.113.10"), 101);
        const auto visitor = f.relay.snapshot().firstVisitor;
        QVERIFY(visitor);
        QCOMPARE(visitor->address, u"203.0.113.9"_s);
        QCOMPARE(visitor->userAgent, u"Phone 203.0.113.9"_s);
        QVERIFY(visitor->at.isValid());
        f.relay.closeShare();
        QVERIFY(!f.relay.snapshot().firstVisitor);

        f.terms.trustsForwardedFor = false;
        QVERIFY(std::holds_alternative<quint16>(f.relay.openShare(f.terms)));
        QCOMPARE(visit(ShareFixture::link(), "203.0.113.9"), 101);
        QVERIFY(f.relay.snapshot().firstVisitor);
        QVERIFY(f.relay.snapshot().firstVisitor->address.isEmpty());
    }

    // It is the operator, who sees that link before anybody else does.
    void nobodyVisitsBeforeTheNameIsKnown()
    {
        ShareFixture f;
        QVERIFY(f.share());
        QCOMPARE(f.statusOf(ShareFixture::link()), 101);
        QVERIFY(!f.relay.snapshot().firstVisitor);
        f.terms.host = "localhost";
        f.relay.changeShare(f.terms);
        QCOMPARE(f.statusOf(ShareFixture::link()), 101);
        QVERIFY(f.relay.snapshot().firstVisitor);
    }

    // Once, to who has a nonce, and by this door alone.
    void proofs()
    {
        ShareFixture f;
        QVERIFY(f.share());
        ShareProofs &proofs = f.relay.shareProofs();
        const QByteArray nonce = proofs.issue();
        const QByteArray target = "/.well-known/realtime-relay/check?n=" + nonce;
        RawClient own(f.relay.port());
        own.socket().write("GET " + target + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
        QTRY_COMPARE(own.status(), 404);
        QCOMPARE(statusIn(f.answerTo("POST " + target + " HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n")),
            405);
        const QByteArray answer = f.get(
            target, "User-Agent: Chrome\r\nX-Forwarded-For: 192.0.2.77\r\nX-Forwarded-For: 203.0.113.9\r\n");
        QCOMPARE(statusIn(answer), 200);
        QVERIFY(answer.contains("\r\nCache-Control: no-store\r\n"));
        const QJsonObject body = QJsonDocument::fromJson(answer.mid(answer.indexOf("\r\n\r\n") + 4)).object();
        QCOMPARE(body, QJsonObject({{u"proof"_s, QString::fromLatin1(proofs.proofOf("http", nonce))}}));
        const auto arrival = proofs.arrivalOf(nonce);
        QVERIFY(arrival);
        QCOMPARE(arrival->host, "localhost"_ba);
        QVERIFY(arrival->origin.isNull());
        QCOMPARE(arrival->userAgent, "Chrome"_ba);
        QCOMPARE(arrival->forwardedFor, "192.0.2.77, 203.0.113.9"_ba);
        QVERIFY(arrival->peer.isLoopback());
        QCOMPARE(statusIn(f.get(target)), 404); // again
    }

    void echoes()
    {
        ShareFixture f;
        QVERIFY(f.share());
        ShareProofs &proofs = f.relay.shareProofs();
        const QByteArray nonce = proofs.issue();
        const QByteArray target = "/.well-known/realtime-relay/check?n=" + nonce;
        const QByteArray headers
            = "Origin: https://app.example\r\nSec-WebSocket-Protocol: realtime, realtime-relay-access.abc\r\n";
        const auto client = f.asks(target, headers);
        QTRY_COMPARE(client->status(), 101);
        QVERIFY(client->head().contains("\r\nSec-WebSocket-Protocol: realtime\r\n"));
        QTRY_COMPARE(client->messages(), QList<QByteArray>{proofs.proofOf("ws", nonce)});
        QCOMPARE(f.statusOf(target, headers), 404); // again
        const auto arrival = proofs.arrivalOf(nonce);
        QCOMPARE(arrival->origin, "https://app.example"_ba);
        QCOMPARE(arrival->subprotocols, (QList<QByteArray>{"realtime", "realtime-relay-access.abc"}));
        const QByteArray large(512 * 1024, 'x');
        client->send(1, "text");
        client->send(2, large);
        QTRY_COMPARE(client->messages().size(), 3);
        QCOMPARE(client->messages()[1], "text"_ba);
        QCOMPARE(client->messages()[2], large);
        QCOMPARE(f.relay.snapshot().totalConnections, 0); // no call

        const auto stays = f.asks("/.well-known/realtime-relay/check?keep=1&n=" + proofs.issue());
        QTRY_COMPARE(stays->status(), 101);
        f.relay.closeShare();
        QTRY_COMPARE(stays->closeCode(), 1001);
        QTRY_COMPARE(client->closeCode(), 1001);
    }

    void onlySoManyEchoes()
    {
        ShareFixture f;
        f.settings.workers = 1;
        QVERIFY(f.share());
        std::vector<std::unique_ptr<RawClient>> clients;
        for (std::size_t i = 0; i <= ShareFront::mostEchoes; ++i) {
            clients.push_back(
                f.asks("/.well-known/realtime-relay/check?keep=1&n=" + f.relay.shareProofs().issue()));
            QTRY_COMPARE(clients.back()->status(), 101);
        }
        QTRY_VERIFY(clients.front()->isGone());
        QVERIFY(!clients[1]->isGone());
        QVERIFY(!clients.back()->isGone());
        f.relay.stopNow(); // waits for none of them
        QTRY_COMPARE(f.relay.state(), RelayState::Stopped);
    }

    // What asks nothing by this door takes nobody's place but its own.
    void slowHeads()
    {
        ShareFixture f;
        f.settings.workers = 1;
        f.settings.maxHalfOpenPerIp = 3;
        f.settings.handshakeTimeout = std::chrono::hours(1); // of its own, which is slow as well
        QVERIFY(f.share());
        RawClient own(f.relay.port());
        own.socket().write("GET /health HTT");
        QTRY_COMPARE(own.socket().bytesToWrite(), 0);
        std::vector<std::unique_ptr<RawClient>> slow;
        for (int i = 0; i < 8; ++i) {
            slow.push_back(std::make_unique<RawClient>(f.relay.sharePort()));
            slow.back()->socket().write("GET /s/");
            QTRY_COMPARE(slow.back()->socket().bytesToWrite(), 0);
        }
        QTRY_VERIFY(slow.front()->isGone());
        QCOMPARE(f.guest()->status(), 101);
        QVERIFY(!own.isGone());
        own.socket().write("P/1.1\r\nHost: localhost\r\n\r\n");
        QTRY_COMPARE(own.status(), 200);
    }

    void theSecretIsInNoOutput()
    {
        ShareFixture f;
        f.journal.setLevel(LogLevel::Debug);
        f.settings.debug = true;
        f.terms.host = "localhost"; // only then is there a visitor
        QVERIFY(f.share());
        const QByteArray told = "realtime-relay-access." + secretOfLink;
        const auto client = f.asks(ShareFixture::link("/v1/realtime?model=" + secretOfLink),
            keyLine + "User-Agent: " + secretOfLink + "\r\nSec-WebSocket-Protocol: realtime, " + told
                + "\r\n");
        QTRY_COMPARE(client->status(), 101);
        QTRY_COMPARE(f.upstream.heads.size(), 1);
        f.upstreamSays(Opcode::Close, QByteArray("\x0f\xa0", 2) + secretOfLink);
        QTRY_VERIFY(client->closeCode() > 0);
        client->socket().disconnectFromHost();
        QByteArray answers;
        answers += f.get(ShareFixture::link("/nowhere/" + secretOfLink));
        answers += f.get("/v1/s/" + secretOfLink);
        answers += f.get("/s/" + secretOfLink + "x/v1/realtime");
        for (const QByteArray &target :
            {ShareFixture::link("/s/" + secretOfLink + "/v1/realtime"), "/v1/s/" + secretOfLink + "/realtime",
                "/s/x" + secretOfLink + "/realtime", "/realtime/" + secretOfLink, "/" + secretOfLink})
            QCOMPARE(f.statusOf(target, keyLine + "User-Agent: " + secretOfLink + "\r\n"), 404);
        QCOMPARE(
            f.statusOf(ShareFixture::link(), keyLine + "Origin: https://" + secretOfLink + ".example\r\n"),
            403);
        answers += f.get(ShareFixture::link(), "Origin: https://" + secretOfLink + ".example\r\n");
        QTRY_COMPARE(f.relay.snapshot().activeConnections, 0);
        for (const QByteArray &target : {ShareFixture::link(), "/nowhere/" + secretOfLink}) {
            RawClient mistaken(f.relay.port()); // by the public door, where there is no link
            mistaken.ask(target, keyLine + "Origin: https://" + secretOfLink + ".example\r\n");
            QTRY_COMPARE(mistaken.status(), 404);
        }

        const Snapshot seen = f.relay.snapshot(Relay::Detail::Calls);
        QByteArray all = answers + metricsText(seen);
        RequestHead stats;
        stats.method = "GET";
        stats.path = "/stats";
        all += answer(stats, findEndpoint(relayEndpoints, stats), seen, true, [] {
            return QByteArray();
        }).body;
        QVERIFY(all.contains("\"sharedCalls\":0"));
        for (const JournalEntry &entry : f.journal.entriesAfter(0))
            all += journalLine(entry, LogFormat::Json) + journalLine(entry, LogFormat::Text);
        for (const Trouble &trouble : seen.troubles) {
            all += plain(trouble.text).toUtf8();
            for (const TroubleSubject &subject : trouble.subjects)
                all += subject.name.toUtf8();
        }
        for (const CallSnapshot &call : seen.calls)
            all += (call.clientAddress + call.origin + call.model + plain(call.closeReason)).toUtf8();
        QVERIFY(seen.firstVisitor);
        all += (seen.firstVisitor->address + seen.firstVisitor->userAgent).toUtf8();
        QVERIFY(all.contains("\"door\":\"share\""));
        QVERIFY2(!all.contains(secretOfLink),
            all.mid(std::max<qsizetype>(0, all.indexOf(secretOfLink) - 300), 400));
        QVERIFY(!all.contains(secretOfLink.left(20)));
    }
};

RELAY_TEST(tst_ShareFront)
#include "tst_sharefront.moc"
