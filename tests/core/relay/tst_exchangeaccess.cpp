// SPDX-License-Identifier: MIT
// Client secrets that are made with an access token, and what else is asked with one.
#include "core/admission/mintedtoken.h"
#include "core/http/responsereader.h"
#include "tests/core/relay/accessfixture.h"
#include "tests/support/relaytest.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <QTcpSocket>
#include <QTest>

#include <chrono>
#include <memory>
#include <vector>

using namespace rr;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

QByteArray answerOf(int status, const QByteArray &body, const QByteArray &headers = {})
{
    return "HTTP/1.1 " + QByteArray::number(status) + " x\r\nContent-Type: application/json\r\n" + headers
        + "Content-Length: " + QByteArray::number(body.size()) + "\r\n\r\n" + body;
}

const QByteArray made = R"({"value":"ek_Just-Made-1","expires_at":1900000000,"session":{"model":"voice"}})";
const QByteArray path = "/v1/realtime/client_secrets";
const QByteArray usualBody = R"({"session":{"type":"realtime","model":"voice"}})";

struct Minting : AccessFixture
{
    explicit Minting(const QByteArray &answer = answerOf(200, made))
        : AccessFixture([answer](const QByteArray &) { return answer; })
    {
        settings.connectTimeout = settings.stallTimeout = 1h;
    }

    std::unique_ptr<QTcpSocket> post(
        const QByteArray &body = usualBody, const QByteArray &to = path, const QByteArray &headers = {})
    {
        auto client = std::make_unique<QTcpSocket>();
        client->connectToHost(QHostAddress::LocalHost, serverPort());
        client->write("POST " + to + " HTTP/1.1\r\nHost: localhost\r\n"
            + (headers.contains("Authorization") ? QByteArray() : with(key.reveal())) + headers
            + "Content-Length: " + QByteArray::number(body.size()) + "\r\n\r\n" + body);
        return client;
    }
    /// All of it: the status line, headers, body; empty when it does not come.
    static QByteArray answerTo(QTcpSocket &client)
    {
        ResponseReader reader;
        QByteArray answer;
        const auto isWhole = [&] {
            const QByteArray more = client.readAll();
            answer += more;
            reader.add(more);
            return reader.isOver();
        };
        return QTest::qWaitFor(isWhole, 30'000) ? answer : QByteArray();
    }
    QByteArray answerToPost(
        const QByteArray &body = usualBody, const QByteArray &to = path, const QByteArray &headers = {})
    {
        const auto client = post(body, to, headers);
        return answerTo(*client);
    }
};

Secret mintedIn(const QByteArray &answer)
{
    const QByteArray body = answer.sliced(answer.indexOf("\r\n\r\n") + 4);
    return Secret(QJsonDocument::fromJson(body)[u"value"_s].toString().toUtf8());
}

bool isStatus(const QByteArray &answer, int status)
{
    return answer.startsWith("HTTP/1.1 " + QByteArray::number(status) + ' ');
}

} // namespace

class tst_ExchangeAccess : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void aSecretIsKeptBeforeItIsTold()
    {
        Minting f;
        f.ledger.answersByItself = false;
        f.start();
        const auto client = f.post();
        QTRY_COMPARE(f.ledger.waiting(), 1);
        QCOMPARE(f.ledger.reserved, QList<qint64>{token});
        QVERIFY(f.upstream.heads.isEmpty());
        f.ledger.answerAll();
        QTRY_COMPARE(f.upstream.heads.size(), 1);
        const QByteArray head = f.upstream.heads[0];
        QVERIFY2(head.contains("\r\nAuthorization: Bearer " + heldKey + "\r\n"), head);
        QVERIFY2(!head.contains(f.key.reveal()), head);
        QTRY_COMPARE(f.ledger.waiting(), 1);
        QCOMPARE(client->bytesAvailable(), 0);
        f.ledger.answerAll();
        const QByteArray answer = Minting::answerTo(*client);
        const Secret minted = mintedIn(answer);
        QVERIFY2(isStatus(answer, 200) && isMintedToken(minted), answer);
        QVERIFY(answer.endsWith(
            QByteArray(made).replace("ek_Just-Made-1", minted.reveal()))); // and nothing else is changed
        QCOMPARE(f.ledger.minted.size(), 2);
        QCOMPARE(f.ledger.minted[1].hash, hashOfToken(minted));
        QCOMPARE(f.ledger.minted[1].minted.token, token);
        QCOMPARE(unsealed(f.ledger.minted[1].minted.sealed, minted).reveal(), "ek_Just-Made-1"_ba);
        QCOMPARE(f.ledger.minted[1].expiresAt.toSecsSinceEpoch(), 1900000000);
        QCOMPARE(f.ledger.givenBack.size(), 1);
        QVERIFY(f.journalText().contains(R"("access":"demo")"));
        for (const QByteArray &secret : {f.key.reveal(), heldKey, minted.reveal(), "ek_Just-Made-1"_ba})
            QVERIFY(!f.journalText().contains(secret));
    }

    void whatCannotBeKeptIsNotTold()
    {
        Minting f;
        f.ledger.answersByItself = false;
        f.start();
        const auto client = f.post();
        QTRY_COMPARE(f.ledger.waiting(), 1);
        f.ledger.answerAll();
        QTRY_COMPARE(f.ledger.waiting(), 1);
        f.ledger.isAway = true;
        f.ledger.answerAll();
        const QByteArray answer = Minting::answerTo(*client);
        QVERIFY2(isStatus(answer, 503) && answer.contains("store_away"), answer);
        QVERIFY2(!answer.contains("ek_"), answer);
    }

    // However the upstream and the ledger dawdle.
    void revokedWhileItIsMade()
    {
        Minting f;
        f.ledger.answersByItself = false;
        f.start();
        const auto client = f.post();
        QTRY_COMPARE(f.ledger.waiting(), 1);
        f.ledger.answerAll();
        QTRY_COMPARE(f.ledger.waiting(), 1);
        f.terms.isRevoked = true;
        f.setBook();
        f.worker->accessChanged();
        f.ledger.answerAll();
        const QByteArray answer = Minting::answerTo(*client);
        QVERIFY2(
            isStatus(answer, 401) && answer.contains("invalid_api_key") && !answer.contains("ek_"), answer);
    }

    // Who has a token for a minute has none for two hours by it.
    void itEndsWithItsToken()
    {
        const QByteArray elsewhere
            = R"({"value":"ek_Just-Made-1","expires_at":1900000000,"session":{"expires_at":5,)"
              R"("client_secret":{"value":"ek_Just-Made-1","expires_at":1900000000}}})";
        Minting f(answerOf(200, elsewhere));
        f.terms.expiresAt = QDateTime::currentDateTimeUtc().addSecs(60);
        f.start();
        const QByteArray answer = f.answerToPost();
        const QByteArray end = QByteArray::number(f.terms.expiresAt.toSecsSinceEpoch());
        QVERIFY2(
            isStatus(answer, 200) && !answer.contains("1900000000") && !answer.contains("ek_Just"), answer);
        QCOMPARE(answer.count("\"expires_at\":" + end), 2);
        QVERIFY(answer.contains("\"expires_at\":5"));
        QCOMPARE(f.ledger.minted[1].expiresAt, f.terms.expiresAt);
    }

    void aRefusalThatDoesNotPassIsNotTriedAgain()
    {
        Minting f;
        f.ledger.budget = {};
        f.start();
        const QByteArray answer = f.answerToPost();
        QVERIFY2(isStatus(answer, 429) && answer.contains("\r\nx-should-retry: false\r\n"), answer);
        f.ledger.isAway = true; // this passes
        f.services.accounts.setAway(true);
        const QByteArray away = f.answerToPost();
        QVERIFY2(isStatus(away, 503) && !away.contains("x-should-retry"), away);
    }

    void noTokenInTheQueryGoesUpstream()
    {
        Minting f;
        f.start();
        const QByteArray answer = f.answerToPost(usualBody,
            path + "?api-key=sk-own&api-key=" + f.key.reveal() + "&z=1", AccessFixture::with("sk-own"));
        QVERIFY2(isStatus(answer, 200), answer);
        QVERIFY2(f.upstream.heads[0].startsWith("POST " + path + "?api-key=sk-own&z=1 HTTP/1.1\r\n"),
            f.upstream.heads[0]);
    }

    // Whatever becomes of the ledger, nobody waits for ever.
    void aLedgerThatDoesNotAnswerIsWaitedForSoLong_data()
    {
        QTest::addColumn<int>("answers");
        QTest::newRow("whether there is money") << 0;
        QTest::newRow("whether it is kept") << 1;
    }
    void aLedgerThatDoesNotAnswerIsWaitedForSoLong()
    {
        QFETCH(int, answers);
        Minting f;
        f.ledger.answersByItself = false;
        f.settings.handshakeTimeout = 2s; // in which the request has to come, too
        f.start();
        const auto client = f.post();
        for (int i = 0; i < answers; ++i) {
            QTRY_COMPARE(f.ledger.waiting(), 1);
            f.ledger.answerOne();
        }
        const QByteArray answer = Minting::answerTo(*client);
        QVERIFY2(isStatus(answer, 503) && answer.contains("store_away"), answer);
        f.ledger.answerAll(); // too late
        QTRY_COMPARE(f.ledger.givenBack.size(), 1);
    }

    void theBetasTwoAreKeptToo()
    {
        Minting f;
        f.terms.models = {u"gpt-realtime-mini"_s};
        f.start();
        const QByteArray answer
            = f.answerToPost(R"({"model":"gpt-4o-mini-realtime-preview"})", "/v1/realtime/sessions");
        QVERIFY2(isStatus(answer, 200) && answer.contains("client_secret"), answer);
        QVERIFY2(!answer.contains("ek_Just"), answer);
        QCOMPARE(answer.count(mintedIn(answer).reveal()), 2);
        QCOMPARE(f.ledger.minted.size(), 2);
        QVERIFY(f.upstream.received.contains("gpt-realtime-mini"));
    }

    void refusals_data()
    {
        QTest::addColumn<QByteArray>("what");
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<int>("status");
        QTest::addColumn<QByteArray>("code");
        const auto row = [](const char *what, const QByteArray &body, int status, const QByteArray &code) {
            QTest::newRow(what) << QByteArray(what) << body << status << code;
        };
        row("unknown", usualBody, 401, "invalid_api_key");
        row("revoked", usualBody, 401, "invalid_api_key");
        row("no held key", usualBody, 401, "invalid_api_key");
        row("origin", usualBody, 403, "origin_not_allowed");
        row("model", usualBody, 403, "model_not_allowed");
        row("no model", R"({"session":{"type":"realtime"}})", 403, "model_not_allowed");
        row("no model at all", {}, 403, "model_not_allowed");
        row("the other model", R"({"session":{"model":"another"},"session":{"model":"voice"}})", 403,
            "model_not_allowed");
        row("an escaped model", R"({"session":{"model":"another","\u006dodel":"voice"}})", 403,
            "model_not_allowed");
        row("transcription model",
            R"({"session":{"model":"another","audio":{"input":{"transcription":{"model":"writer"}}}}})", 403,
            "model_not_allowed");
        row("transcription model alone",
            R"({"session":{"audio":{"input":{"transcription":{"model":"another"}}}}})", 403,
            "model_not_allowed");
        row("transcription model of a transcription",
            R"({"session":{"type":"transcription","audio":{"input":{"transcription":{"model":"writer"}}}}})",
            403, "model_not_allowed");
        row("delegation's model",
            R"({"session":{"model":"another","delegation":{"type":"responses","responses":{"model":"writer"}}}})",
            403, "model_not_allowed");
        row("no object", "[1]", 400, "bad_request");
        row("budget", usualBody, 429, "insufficient_quota");
        row("store", usualBody, 503, "store_away");
    }
    void refusals()
    {
        QFETCH(QByteArray, what);
        QFETCH(QByteArray, body);
        QFETCH(int, status);
        QFETCH(QByteArray, code);
        Minting f;
        QByteArray headers;
        if (what == "unknown")
            headers = AccessFixture::with(makeAccessToken().reveal());
        f.terms.isRevoked = what == "revoked";
        if (what.contains("model"))
            f.terms.models = {u"another"_s};
        if (what == "origin") {
            f.terms.origins = {u"https://good.example"_s};
            headers = "Origin: https://bad.example\r\n";
        }
        if (what == "budget")
            f.ledger.budget = {};
        f.ledger.isAway = what == "store";
        f.start(what == "no held key" ? QByteArray() : heldKey);
        const QByteArray answer = f.answerToPost(body, path, headers);
        QVERIFY2(isStatus(answer, status) && answer.contains("\"" + code + "\""), answer);
        QVERIFY(f.upstream.heads.isEmpty());
        QCOMPARE(f.services.admission.rejected().value(code), 1);
        QCOMPARE(f.ledger.minted.size(), 1);
    }

    // With the one that was looked at.
    void aBodyIsSentAsItWasRead()
    {
        Minting f;
        f.terms.models = {u"voice"_s};
        f.start();
        const QByteArray answer
            = f.answerToPost(R"({"session":{"model":"another"},"session":{"model":"voice"}})");
        QVERIFY2(isStatus(answer, 200), answer);
        QTRY_VERIFY(f.upstream.received.contains("voice"));
        QVERIFY2(!f.upstream.received.contains("another"), f.upstream.received);
    }

    void nothingElseIsAsked_data()
    {
        QTest::addColumn<bool>("isMinted");
        QTest::newRow("with the token") << false;
        QTest::newRow("with what was made for it") << true;
    }
    void nothingElseIsAsked()
    {
        QFETCH(bool, isMinted);
        Minting f;
        f.terms.models = {u"voice"_s};
        f.start();
        QTcpSocket client;
        client.connectToHost(QHostAddress::LocalHost, f.serverPort());
        client.write("GET /v1/live/sessions/a/content HTTP/1.1\r\nHost: localhost\r\n"
            + AccessFixture::with(isMinted ? mintedKey : f.key.reveal()) + "\r\n");
        const QByteArray answer = Minting::answerTo(client);
        QVERIFY2(isStatus(answer, 403) && answer.contains("request_not_allowed"), answer);
        if (isMinted) {
            const QByteArray secret = f.answerToPost(usualBody, path, AccessFixture::with(mintedKey));
            QVERIFY2(isStatus(secret, 403), secret);
        }
        QVERIFY(f.upstream.heads.isEmpty());
    }

    void aKeyOfItsOwnPassesAsEver()
    {
        Minting f;
        f.start();
        const QByteArray body = R"({ "session" : {"model":"x"}, "session":{"model":"y"} })";
        const QByteArray answer = f.answerToPost(body, path, AccessFixture::with("sk-own"));
        QVERIFY2(isStatus(answer, 200) && answer.endsWith(made), answer);
        QVERIFY(f.upstream.heads[0].contains("Bearer sk-own"));
        QTRY_COMPARE(f.upstream.received, body);
        QCOMPARE(f.ledger.minted.size(), 1);
        const QByteArray other = f.answerToPost(body, path, AccessFixture::with("ek_Somebody-Elses"));
        QVERIFY2(isStatus(other, 200), other);
        QVERIFY(f.ledger.reserved.isEmpty());
    }

    // What the upstream says of the relay's own key is nobody's to read.
    void theHeldKeyIsNotTold_data()
    {
        QTest::addColumn<int>("status");
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<int>("told");
        const auto saying =
            [](const QByteArray &text) { // what moc reads: no raw string with quotes at its ends
                return QByteArray("{\"error\":{\"code\":\"invalid_api_key\",\"message\":\"" + text + "\"}}");
            };
        QTest::newRow("refused") << 401 << saying("Incorrect API key: " + heldKey) << 401;
        QTest::newRow("escaped") << 400 << saying("\\u0073k-" + heldKey.mid(3)) << 400;
        QTest::newRow("repeated") << 200 << QByteArray("{\"value\":\"ek_1\",\"with\":\"" + heldKey + "\"}")
                                  << 502;
        QTest::newRow("upstream's, escaped")
            << 200 << QByteArray("{\"value\":\"ek_Just-Made-1\",\"x\":\"\\u0065k_Just-Made-1\"}") << 502;
        QTest::newRow("upstream's, inside of more")
            << 200 << QByteArray("{\"value\":\"ek_Just-Made-1\",\"x\":\"Bearer ek_Just-Made-1\"}") << 502;
        QTest::newRow("no secret") << 200 << "{}"_ba << 502;
    }
    void theHeldKeyIsNotTold()
    {
        QFETCH(int, status);
        QFETCH(QByteArray, body);
        QFETCH(int, told);
        Minting f(answerOf(status, body, "x-request-id: " + heldKey + "\r\n"));
        f.start();
        const QByteArray answer = f.answerToPost();
        QVERIFY2(isStatus(answer, told), answer);
        QVERIFY2(!answer.contains(heldKey.mid(3, 12)), answer);
        QVERIFY(!f.journalText().contains(heldKey));
        QCOMPARE(f.hasTrouble(TroubleCode::HeldKeyRefused), status == 401);
        QCOMPARE(f.ledger.minted.size(), 1);
    }

    // However often, and behind refusals: each has its answer.
    void everyRequestIsAnswered()
    {
        Minting f;
        f.start();
        QVERIFY(isStatus(f.answerToPost(), 200));
        f.terms.isRevoked = true;
        f.setBook();
        f.worker->accessChanged();
        std::vector<std::unique_ptr<QTcpSocket>> clients;
        for (int i = 0; i < 4; ++i)
            clients.push_back(f.post());
        for (const auto &client : clients)
            QVERIFY(isStatus(Minting::answerTo(*client), 401));
        f.terms.isRevoked = false;
        f.setBook();
        QVERIFY(isStatus(f.answerToPost(), 200));
    }
};

RELAY_TEST(tst_ExchangeAccess)
#include "tst_exchangeaccess.moc"
