// SPDX-License-Identifier: MIT
// Who comes with an access token, and what becomes of it: a worker in the test's thread, and books in its memory.
#include "tests/core/relay/accessfixture.h"
#include "tests/support/relaytest.h"

#include <QCoreApplication>
#include <QTest>

#include <algorithm>
#include <chrono>
#include <memory>
#include <vector>

using namespace rr;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

class tst_Reception : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    // Wherever the token stands, only the held key goes upstream.
    void theHeldKeyGoesInItsPlace_data()
    {
        QTest::addColumn<QByteArray>("query");
        QTest::addColumn<QByteArray>("headers");
        QTest::addColumn<QByteArray>("target");
        const QByteArray usual = "/v1/realtime?model=voice";
        QTest::newRow("authorization") << QByteArray() << "Authorization: Bearer TOKEN\r\n"_ba << usual;
        QTest::newRow("subprotocol")
            << QByteArray() << "Sec-WebSocket-Protocol: realtime, openai-insecure-api-key.TOKEN\r\n"_ba << usual;
        QTest::newRow("api-key") << QByteArray() << "api-key: TOKEN\r\n"_ba << usual;
        QTest::newRow("query") << "&api-key=TOKEN&x=1"_ba << QByteArray() << usual + "&x=1";
        QTest::newRow("encoded") << "&API%2Dkey=%65TOKENREST"_ba << QByteArray() << usual;
        QTest::newRow("twice") << "&api-key=TOKEN"_ba
                               << "Authorization: Bearer TOKEN\r\nOpenAI-Organization: org\r\nOpenAI-Project: p\r\n"_ba
                               << usual;
        QTest::newRow("elsewhere") << "&y=aTOKENb"_ba
                                   << "Authorization: Bearer TOKEN\r\nX-Own: TOKEN\r\nUser-Agent: TOKEN\r\n"_ba
                                   << usual;
    }
    void theHeldKeyGoesInItsPlace()
    {
        QFETCH(QByteArray, query);
        QFETCH(QByteArray, headers);
        QFETCH(QByteArray, target);
        AccessFixture f;
        f.settings.forwardHeaders = {u"X-*"_s};
        f.start();
        const QByteArray &token = f.key.reveal();
        query.replace("TOKENREST", token.mid(1)).replace("TOKEN", token);
        headers.replace("TOKEN", token);
        const auto client = f.ask("/v1/realtime?model=voice" + query, headers);
        QTRY_COMPARE(client->status(), 101);
        QCOMPARE(f.upstream.heads.size(), 1);
        const QByteArray head = f.upstream.heads[0];
        QVERIFY2(head.startsWith("GET " + target + " HTTP/1.1\r\n"), head);
        QVERIFY2(head.contains("\r\nAuthorization: Bearer " + heldKey + "\r\n"), head);
        QVERIFY2(!head.contains(token) && !head.contains(token.mid(1)), head);
        QVERIFY2(!head.contains("OpenAI-"), head);
        const auto calls = f.seen().calls;
        QCOMPARE(calls.size(), 1);
        QCOMPARE(calls[0].access, ::token);
        QCOMPARE(calls[0].accessName, u"demo"_s);
        QVERIFY(f.journalText().contains(R"("access":"demo")"));
        for (const QByteArray &secret : {token, heldKey})
            QVERIFY(!f.journalText().contains(secret));
    }

    void aKeyOfItsOwnPassesAsEver()
    {
        AccessFixture f;
        f.start();
        const auto client = f.ask("/v1/realtime?model=voice&api-key=" + f.key.reveal(),
            AccessFixture::with("sk-own") + "OpenAI-Organization: org\r\n");
        QTRY_COMPARE(client->status(), 101);
        const QByteArray head = f.upstream.heads[0];
        QVERIFY2(head.contains("Authorization: Bearer sk-own\r\n") && head.contains("OpenAI-Organization: org"), head);
        QVERIFY2(!head.contains(f.key.reveal()), head); // nor is it known there
        QCOMPARE(f.seen().calls[0].access, 0);
        QVERIFY(f.ledger.reserved.isEmpty());
        QVERIFY(f.ledger.sought.isEmpty());
    }

    // Whichever of several counts.
    void noTokenInTheQueryGoesUpstream()
    {
        AccessFixture f;
        f.start();
        const QByteArray token = f.key.reveal();
        const auto client = f.ask("/v1/realtime?model=voice&api-key=sk-own&api-key=" + token
                + "&API%2Dkey=%65" + token.sliced(1) + "&y=" + mintedKey + "&z=1",
            {});
        QTRY_COMPARE(client->status(), 101);
        QVERIFY2(
            f.upstream.heads[0].startsWith("GET /v1/realtime?model=voice&api-key=sk-own&z=1 HTTP/1.1\r\n"),
            f.upstream.heads[0]);
        QCOMPARE(f.seen().calls[0].access, 0);
    }

    void refusals_data()
    {
        QTest::addColumn<QByteArray>("what");
        QTest::addColumn<int>("status");
        QTest::addColumn<QByteArray>("code");
        const auto row = [](const char *what, int status, const QByteArray &code) {
            QTest::newRow(what) << QByteArray(what) << status << code;
        };
        row("unknown", 401, "invalid_api_key");
        row("revoked", 401, "invalid_api_key");
        row("expired", 401, "invalid_api_key");
        row("no held key", 401, "invalid_api_key");
        row("no tokens", 401, "invalid_api_key");
        row("origin", 403, "origin_not_allowed");
        row("model", 403, "model_not_allowed");
        row("second model", 403, "model_not_allowed");
        row("no model", 403, "model_not_allowed");
        row("no price", 403, "model_not_allowed");
        row("sideband", 403, "session_not_allowed");
        row("sideband of the beta", 403, "session_not_allowed");
        row("attach", 403, "session_not_allowed");
        row("fork", 403, "session_not_allowed");
        row("budget", 429, "insufficient_quota");
        row("store", 503, "store_away");
    }
    void refusals()
    {
        QFETCH(QByteArray, what);
        QFETCH(int, status);
        QFETCH(QByteArray, code);
        AccessFixture f;
        QByteArray bearer = f.key.reveal();
        QByteArray target = "/v1/realtime?model=voice";
        QByteArray headers;
        if (what == "unknown")
            bearer = makeAccessToken().reveal();
        f.terms.isRevoked = what == "revoked";
        if (what == "expired")
            f.terms.expiresAt = QDateTime::currentDateTimeUtc().addSecs(-1);
        if (what == "origin") {
            f.terms.origins = {u"https://good.example"_s};
            headers = "Origin: https://bad.example\r\n";
        }
        if (what.contains("model"))
            f.terms.models = {u"another"_s};
        if (what == "second model") {
            f.terms.models = {u"voice"_s};
            target += "&model=another";
        }
        if (what == "no model")
            target = "/v1/realtime";
        if (what == "no price")
            target = "/v1/realtime?model=nobody-knows";
        if (what.startsWith("sideband"))
            target += "&call_id=&call_id=rtc_1";
        if (what == "sideband of the beta")
            headers = "OpenAI-Beta: realtime=v1\r\n";
        if (what == "attach" || what == "fork")
            target = "/v1/live/sessions/live_1/" + what;
        if (what == "budget")
            f.ledger.budget = {};
        f.ledger.isAway = what == "store";
        f.start(what == "no held key" ? QByteArray() : heldKey);
        if (what == "no tokens") {
            f.services.accounts.setBook(nullptr);
            f.services.accounts.setLedger(nullptr);
        }
        const auto client = f.ask(target, AccessFixture::with(bearer) + headers);
        QTRY_COMPARE(client->status(), status);
        QTRY_VERIFY2(client->rest().contains("\"" + code + "\""), client->rest());
        QVERIFY(f.upstream.heads.isEmpty());
        QTRY_COMPARE(f.worker->load(), 0);
        QCOMPARE(f.services.accounts.callsWith(token), 0);
        QTRY_COMPARE(f.services.admission.liveCount(), 0);
        QVERIFY(!f.journalText().contains(bearer));
        QCOMPARE(f.hasTrouble(TroubleCode::HeldKeyMissing), what == "no held key");
    }

    void pagesOfItsOriginsComeIn()
    {
        AccessFixture f;
        f.terms.origins = {u"https://*.good.example"_s};
        f.terms.models = {u"voice"_s};
        f.start();
        const auto page
            = f.ask("/v1/realtime?model=voice", AccessFixture::with(f.key.reveal()) + "Origin: https://a.good.example\r\n");
        QTRY_COMPARE(page->status(), 101);
        const auto program = f.ask();
        QTRY_COMPARE(program->status(), 101);
        QTRY_COMPARE(f.upstream.heads.size(), 2);
    }

    // A browser sees no status.
    void aBrowserIsToldByAnEvent()
    {
        AccessFixture f;
        f.start();
        const auto client = f.ask("/v1/realtime?model=voice",
            "Origin: https://page.example\r\nSec-WebSocket-Protocol: realtime, openai-insecure-api-key."
                + makeAccessToken().reveal() + "\r\n");
        QTRY_COMPARE(client->closeCode(), 3000);
        QVERIFY(client->messages()[0].contains("\"invalid_api_key\""));
        QVERIFY(f.upstream.heads.isEmpty());
    }

    // As calls that fail at once are, so that no tokens are tried in a storm.
    void wrongTokensAreSlowedDown()
    {
        AccessFixture f;
        f.start();
        const auto first = f.ask("/v1/realtime", AccessFixture::with(makeAccessToken().reveal()));
        QTRY_COMPARE(first->status(), 401);
        std::vector<std::unique_ptr<RawClient>> others;
        for (int i = 0; i < 40; ++i)
            others.push_back(f.ask("/v1/realtime", AccessFixture::with(makeAccessToken().reveal())));
        // Some wait for what they are told, and the others are not even looked at.
        QTRY_VERIFY(std::any_of(others.begin(), others.end(), [](auto &each) { return each->status() == 429; })
            || f.services.admission.rejected().contains("too_many_failing_calls"));
        QTRY_VERIFY(f.hasTrouble(TroubleCode::TokensRefused)); // who is unknown is told so later
        f.worker.reset();
    }

    // What it answers with in the end is what is checked.
    void theModelThatAnswersIsChecked()
    {
        AccessFixture f;
        f.terms.models = {u"gpt-realtime-mini"_s};
        f.start();
        const auto beta = f.ask("/v1/realtime?model=gpt-4o-mini-realtime-preview",
            AccessFixture::with(f.key.reveal()) + "OpenAI-Beta: realtime=v1\r\n");
        QTRY_COMPARE(beta->status(), 101);
        const auto other = f.ask("/v1/realtime?model=gpt-4o-mini-realtime-preview");
        QTRY_COMPARE(other->status(), 403);
    }

    void soManyCallsAtOnce()
    {
        AccessFixture f;
        f.terms.callsAtOnce = 1;
        f.start();
        auto one = f.ask();
        QTRY_COMPARE(one->status(), 101);
        const auto other = f.ask();
        QTRY_COMPARE(other->status(), 429);
        QTRY_VERIFY(other->rest().contains("too_many_calls_with_token"));
        one->socket().abort();
        QTRY_COMPARE(f.services.accounts.callsWith(token), 0);
        QTRY_COMPARE(f.ledger.givenBack.size(), 1);
        const auto next = f.ask();
        QTRY_COMPARE(next->status(), 101);
    }

    void theAnswerWaitsForTheLedger()
    {
        AccessFixture f;
        f.ledger.answersByItself = false;
        f.start();
        const auto client = f.ask();
        QTRY_COMPARE(f.ledger.waiting(), 1);
        QCOMPARE(f.services.admission.liveCount(), 1);
        QCOMPARE(client->status(), 0);
        QVERIFY(f.upstream.heads.isEmpty());
        f.ledger.answerAll();
        QTRY_COMPARE(client->status(), 101);
        const auto second = f.ask(); // out of the slice that is there
        QTRY_COMPARE(second->status(), 101);
        QCOMPARE(f.ledger.reserved.size(), 1);
    }

    void butNotForEver()
    {
        AccessFixture f;
        f.ledger.answersByItself = false;
        f.settings.handshakeTimeout = 2s; // in which the request has to come, too
        f.start();
        const auto client = f.ask();
        QTRY_COMPARE(client->status(), 503);
        QTRY_VERIFY(client->rest().contains("store_away"));
        QCOMPARE(f.services.accounts.callsWith(token), 1);
        f.ledger.answerAll(); // too late
        QTRY_COMPARE(f.services.accounts.callsWith(token), 0);
        QCOMPARE(f.ledger.givenBack.size(), 1);
        QVERIFY(f.upstream.heads.isEmpty());
    }

#ifdef Q_OS_LINUX // elsewhere nobody is seen to leave who is not read
    void whoLeavesMeanwhileFreesHisPlace()
    {
        AccessFixture f;
        f.ledger.answersByItself = false;
        f.start();
        const auto client = f.ask();
        QTRY_COMPARE(f.ledger.waiting(), 1);
        client->socket().abort();
        QTRY_COMPARE(f.services.admission.liveCount(), 0);
        QTRY_COMPARE(f.worker->load(), 0);
        f.ledger.answerAll();
        QTRY_COMPARE(f.services.accounts.callsWith(token), 0);
        QVERIFY(f.seen().calls.isEmpty());
    }
#endif

    // The answer finds nobody, and harms nobody.
    void theWorkerMayGoMeanwhile()
    {
        AccessFixture f;
        f.ledger.answersByItself = false;
        f.start();
        const auto client = f.ask();
        const auto minted = f.ask("/v1/realtime", AccessFixture::with(mintedKey));
        QTRY_COMPARE(f.ledger.waiting(), 2);
        f.worker.reset();
        f.ledger.answerAll();
        QCoreApplication::processEvents();
        QCOMPARE(f.services.accounts.callsWith(token), 0);
    }

    void endsWhileItWaits()
    {
        AccessFixture f;
        f.ledger.answersByItself = false;
        f.start();
        const auto client = f.ask();
        QTRY_COMPARE(f.ledger.waiting(), 1);
        bool isIdle = false;
        connect(f.worker.get(), &Worker::idle, this, [&isIdle] { isIdle = true; });
        f.worker->watchForIdle(1);
        QCoreApplication::processEvents();
        QVERIFY(!isIdle);
        f.worker->shutDown(1);
        QTRY_VERIFY(isIdle);
        f.ledger.answerAll();
        QTRY_COMPARE(f.services.accounts.callsWith(token), 0);
        QVERIFY(f.upstream.heads.isEmpty());
    }

    // It is the access token that it was made for; what it seals goes upstream.
    void aMintedKeyIsItsToken()
    {
        AccessFixture f;
        f.terms.models = {u"voice"_s};
        f.start();
        const auto client = f.ask("/v1/realtime", AccessFixture::with(mintedKey)); // its secret has a model
        QTRY_COMPARE(client->status(), 101);
        QVERIFY2(f.upstream.heads[0].contains("Authorization: Bearer " + upstreamsKey + "\r\n"),
            f.upstream.heads[0]);
        QVERIFY(!f.upstream.heads[0].contains(heldKey) && !f.upstream.heads[0].contains(mintedKey));
        QCOMPARE(f.seen().calls[0].accessName, u"demo"_s);
        QCOMPARE(f.ledger.reserved, QList<qint64>{token});

        const auto wrong = f.ask("/v1/realtime?model=another", AccessFixture::with(mintedKey));
        QTRY_COMPARE(wrong->status(), 403);
        f.terms.isRevoked = true;
        f.setBook();
        const auto revoked = f.ask("/v1/realtime?model=voice", AccessFixture::with(mintedKey));
        QTRY_COMPARE(revoked->status(), 401);
    }

    void anotherShortLivedKeyIsItsOwners()
    {
        AccessFixture f;
        f.start();
        const auto client = f.ask("/v1/realtime?model=voice", AccessFixture::with("ek_Somebody-Elses"));
        QTRY_COMPARE(client->status(), 101);
        QVERIFY(f.upstream.heads[0].contains("Authorization: Bearer ek_Somebody-Elses\r\n"));
        QCOMPARE(f.seen().calls[0].access, 0);
        f.ledger.isAway = true; // which is nothing to them
        f.services.accounts.setAway(true);
        const auto other = f.ask("/v1/realtime?model=voice", AccessFixture::with("ek_Somebody-Elses"));
        QTRY_COMPARE(other->status(), 101);
        QVERIFY(f.ledger.sought.isEmpty());
    }

    void mintedTokensThatAreNone_data()
    {
        QTest::addColumn<QByteArray>("what");
        QTest::addColumn<int>("status");
        QTest::addColumn<bool>("isSought");
        QTest::newRow("unknown") << "unknown"_ba << 401 << true;
        QTest::newRow("sealed otherwise") << "sealed"_ba << 401 << true;
        QTest::newRow("no form") << "form"_ba << 401 << false;
        QTest::newRow("store away") << "away"_ba << 503 << true;
    }
    void mintedTokensThatAreNone()
    {
        QFETCH(QByteArray, what);
        QFETCH(int, status);
        QFETCH(bool, isSought);
        AccessFixture f;
        if (what == "sealed")
            f.ledger.minted[0].minted.sealed = "garbage that is long enough for a check and a key";
        f.ledger.isAway = what == "away";
        f.start();
        const QByteArray key = what == "unknown" ? makeMintedToken().reveal()
            : what == "form"                     ? mintedKey + 'x'
                                                 : mintedKey;
        const auto client = f.ask("/v1/realtime?model=voice", AccessFixture::with(key));
        QTRY_COMPARE(client->status(), status);
        QCOMPARE(!f.ledger.sought.isEmpty(), isSought);
        QVERIFY(f.upstream.heads.isEmpty());
    }

    // Nobody is sent away for good who may be good.
    void aBookThatWasNeverReadRefusesNobodyForGood()
    {
        AccessFixture f;
        f.start();
        f.services.accounts.setBook(std::make_shared<const AccessBook>());
        for (const QByteArray &key : {f.key.reveal(), mintedKey, makeAccessToken().reveal()}) {
            const auto client = f.ask("/v1/realtime?model=voice", AccessFixture::with(key));
            QTRY_COMPARE(client->status(), 503);
            QTRY_VERIFY(client->rest().contains("store_away"));
        }
        QVERIFY(!f.hasTrouble(TroubleCode::TokensRefused));
    }

    void aTokenOfJustNowIsWaitedFor_data()
    {
        QTest::addColumn<QByteArray>("key");
        QTest::newRow("access token") << QByteArray();
        QTest::newRow("minted") << mintedKey;
    }
    void aTokenOfJustNowIsWaitedFor()
    {
        QFETCH(QByteArray, key);
        AccessFixture f;
        f.start();
        f.services.accounts.setBook(std::make_shared<const AccessBook>(QList<AccessTerms>()));
        const auto client
            = f.ask("/v1/realtime?model=voice", AccessFixture::with(key.isEmpty() ? f.key.reveal() : key));
        QTRY_COMPARE(f.services.admission.liveCount(), 1);
        QTRY_COMPARE(f.ledger.sought.size(), key.isEmpty() ? 0 : 1);
        QCoreApplication::processEvents();
        QCOMPARE(client->status(), 0);
        f.setBook();
        f.worker->accessChanged();
        QTRY_COMPARE(client->status(), 101);
    }

    // Of whom the store cannot tell.
    void anUnknownTokenWhileTheStoreIsAway()
    {
        AccessFixture f;
        f.start();
        f.services.accounts.setAway(true);
        const auto client
            = f.ask("/v1/realtime?model=voice", AccessFixture::with(makeAccessToken().reveal()));
        QTRY_COMPARE(client->status(), 503);
    }

    void revokedIsOver()
    {
        AccessFixture f;
        f.start();
        const auto client = f.ask();
        const auto own = f.ask("/v1/realtime?model=voice", AccessFixture::with("sk-own"));
        QTRY_COMPARE(client->status(), 101);
        QTRY_COMPARE(own->status(), 101);
        f.terms.isRevoked = true;
        f.setBook();
        f.worker->accessChanged();
        QTRY_COMPARE(client->closeCode(), 4412);
        QCOMPARE(own->closeCode(), -1);
        QCOMPARE(f.seen().usageByAccess.size(), 1);
        QCOMPARE(f.seen().usageByAccess[0].name, u"demo"_s);
    }

    void revokedWhileTheLedgerIsAsked()
    {
        AccessFixture f;
        f.ledger.answersByItself = false;
        f.start();
        const auto client = f.ask();
        QTRY_COMPARE(f.ledger.waiting(), 1);
        f.terms.isRevoked = true;
        f.setBook();
        f.worker->accessChanged();
        f.ledger.answerAll();
        QTRY_COMPARE(client->status(), 401);
    }

    // The tick of the worker sees it; a book that comes ends calls of revoked tokens alone.
    void expiresByItself()
    {
        AccessFixture f;
        f.start();
        const auto client = f.ask();
        QTRY_COMPARE(client->status(), 101);
        f.terms.expiresAt = QDateTime::currentDateTimeUtc().addSecs(-1);
        f.setBook();
        f.worker->accessChanged();
        QTRY_COMPARE(client->closeCode(), 4412);
    }
};

RELAY_TEST(tst_Reception)
#include "tst_reception.moc"
