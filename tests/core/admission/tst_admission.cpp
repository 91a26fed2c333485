// SPDX-License-Identifier: MIT
#include "core/admission/admission.h"
#include "tests/support/relaytest.h"

#include <QtTest>

#include <atomic>
#include <optional>
#include <thread>
#include <vector>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using namespace rr;

namespace {

const auto start = std::chrono::steady_clock::time_point(1000h);
const QByteArray goodOrigin = "https://app.example.org"_ba;
const QByteArray badOrigin = "https://evil.example"_ba;

using Result = std::variant<Ticket, Refusal>;

Settings rules(int total, int perAddress = 0, int perMinute = 0)
{
    Settings settings;
    settings.allowedOrigins = {u"https://app.example.org"_s};
    settings.maxConnections = total;
    settings.maxConnectionsPerIp = perAddress;
    settings.connectionRatePerIp = perMinute;
    settings.drainTimeout = 2500ms;
    return settings;
}

AdmissionRequest from(const QString &address, const QByteArray &origin = {})
{
    AdmissionRequest request{QHostAddress(address), origin, start};
    request.shownOrigin = QString::fromLatin1(origin.left(200));
    return request;
}

AdmissionRequest withoutKey(const QString &address)
{
    AdmissionRequest request = from(address);
    request.hasKey = false;
    return request;
}

QByteArray codeOf(const Result &result)
{
    const auto *refusal = std::get_if<Refusal>(&result);
    return refusal ? refusal->code : "admitted"_ba;
}

} // namespace

class TestAdmission : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void refusals_data();
    void refusals();
    void messagesForOrigins();
    void ticketsGiveBack();
    void ticketsMove();
    void ticketsOutliveTheAdmission();
    void aNetworkCountsAsOne();
    void refusedOriginsTakeNoTokens();
    void lowerLimitsEndNobody();
    void originsChangeAtOnce();
    void countsRefusals();
    void theOwnOriginIsLetIn();
    void hostsAreChecked();
    void statsToken_data();
    void statsToken();
    void whoLeavesTakesNoPlace();
    void whoHasNoKeyTakesNoPlace();
    void manyMayLeave();
    void whoFailsAgainAndAgainIsRefused();
    void manyThreads();
    void exchangesTakeNoPlace();
};

/// Four others are in, two of them from the address that asks, which has used up two of its tokens.
void TestAdmission::refusals_data()
{
    QTest::addColumn<bool>("draining");
    QTest::addColumn<QByteArray>("origin");
    QTest::addColumn<int>("total");
    QTest::addColumn<int>("perAddress");
    QTest::addColumn<int>("perMinute");
    QTest::addColumn<QByteArray>("code");
    QTest::addColumn<int>("status");
    QTest::addColumn<int>("retryAfter");
    const QByteArray none;
    QTest::newRow("admitted") << false << goodOrigin << 5 << 3 << 3 << "admitted"_ba << 0 << 0;
    QTest::newRow("no browser") << false << none << 5 << 3 << 3 << "admitted"_ba << 0 << 0;
    QTest::newRow("no limits") << false << none << 5 << 0 << 0 << "admitted"_ba << 0 << 0;
    QTest::newRow("draining") << true << goodOrigin << 5 << 3 << 3 << "relay_draining"_ba << 503 << 3;
    QTest::newRow("origin") << false << badOrigin << 5 << 3 << 3 << "origin_not_allowed"_ba << 403 << 0;
    QTest::newRow("null origin") << false << "null"_ba << 5 << 3 << 3 << "origin_not_allowed"_ba << 403 << 0;
    QTest::newRow("rate") << false << none << 5 << 3 << 2 << "connection_rate_exceeded"_ba << 429 << 30;
    QTest::newRow("address") << false << none << 5 << 2 << 3 << "too_many_connections_from_address"_ba << 429
                             << 0;
    QTest::newRow("full") << false << none << 4 << 3 << 3 << "relay_full"_ba << 503 << 10;
    // The order: each with all that come after it
    QTest::newRow("draining first") << true << badOrigin << 4 << 2 << 2 << "relay_draining"_ba << 503 << 3;
    QTest::newRow("then the origin") << false << badOrigin << 4 << 2 << 2 << "origin_not_allowed"_ba << 403
                                     << 0;
    QTest::newRow("then the rate") << false << goodOrigin << 4 << 2 << 2 << "connection_rate_exceeded"_ba
                                   << 429 << 30;
    QTest::newRow("then the address")
        << false << goodOrigin << 4 << 2 << 3 << "too_many_connections_from_address"_ba << 429 << 0;
}

void TestAdmission::refusals()
{
    QFETCH(bool, draining);
    QFETCH(QByteArray, origin);
    QFETCH(int, total);
    QFETCH(int, perAddress);
    QFETCH(int, perMinute);
    QFETCH(QByteArray, code);

    Admission admission;
    admission.setRules(rules(100, 0, perMinute));
    std::vector<Result> others;
    for (const QString &address : {u"192.0.2.1"_s, u"192.0.2.1"_s, u"192.0.2.2"_s, u"192.0.2.3"_s})
        others.push_back(admission.admit(from(address)));
    admission.setRules(rules(total, perAddress, perMinute));
    admission.setDraining(draining);
    QCOMPARE(admission.liveCount(), 4);

    const Result result = admission.admit(from(u"192.0.2.1"_s, origin));
    QCOMPARE(codeOf(result), code);
    if (const auto *refusal = std::get_if<Refusal>(&result)) {
        QTEST(refusal->status, "status");
        QTEST(refusal->retryAfterSeconds, "retryAfter");
        QVERIFY(!refusal->message.isEmpty());
        QVERIFY(!plain(refusal->message).contains(u'%'));
        QCOMPARE(admission.rejected(), (QMap<QByteArray, qint64>{{code, 1}}));
        QCOMPARE(admission.liveCount(), 4);
    } else {
        QVERIFY(admission.rejected().isEmpty());
        QCOMPARE(admission.liveCount(), 5);
    }
}

void TestAdmission::messagesForOrigins()
{
    Admission admission;
    const auto messageFor = [&admission](const QByteArray &origin) {
        const Result result = admission.admit(from(u"192.0.2.1"_s, origin));
        const auto *refusal = std::get_if<Refusal>(&result);
        return refusal ? plain(refusal->message) : QString();
    };
    const QString message = messageFor(badOrigin);
    QVERIFY(message.contains("https://evil.example"_L1));
    QVERIFY(message.contains("ALLOWED_ORIGINS"_L1));
    QVERIFY(messageFor("null"_ba).contains("http://localhost"_L1));
    QVERIFY(messageFor("http://" + QByteArray(10'000, 'x')).size() < 400);
}

void TestAdmission::ticketsGiveBack()
{
    Admission admission;
    admission.setRules(rules(2, 1));
    std::optional<Result> first = admission.admit(from(u"192.0.2.1"_s));
    const Result second = admission.admit(from(u"192.0.2.2"_s));
    QCOMPARE(codeOf(admission.admit(from(u"192.0.2.1"_s))), "too_many_connections_from_address"_ba);
    QCOMPARE(codeOf(admission.admit(from(u"192.0.2.3"_s))), "relay_full"_ba);
    QCOMPARE(admission.liveCount(), 2);
    first.reset();
    QCOMPARE(admission.liveCount(), 1);
    QCOMPARE(codeOf(admission.admit(from(u"192.0.2.1"_s))), "admitted"_ba);
    QCOMPARE(codeOf(admission.admit(from(u"192.0.2.3"_s))), "admitted"_ba);
    QCOMPARE(admission.liveCount(), 1);
}

void TestAdmission::ticketsMove()
{
    Admission admission;
    const auto ticket
        = [&admission](const QString &address) { return std::get<Ticket>(admission.admit(from(address))); };
    Ticket a = ticket(u"192.0.2.1"_s);
    Ticket b = ticket(u"192.0.2.2"_s);
    QCOMPARE(admission.liveCount(), 2);
    a = std::move(b); // gives back the place of a at once
    QCOMPARE(admission.liveCount(), 1);
    Ticket &same = a;
    a = std::move(same);
    QCOMPARE(admission.liveCount(), 1);
    {
        const Ticket c = std::move(a);
        QCOMPARE(admission.liveCount(), 1);
    }
    QCOMPARE(admission.liveCount(), 0);
}

void TestAdmission::ticketsOutliveTheAdmission()
{
    std::optional<Admission> admission(std::in_place);
    const Result result = admission->admit(from(u"192.0.2.1"_s));
    QCOMPARE(codeOf(result), "admitted"_ba);
    admission.reset();
}

void TestAdmission::aNetworkCountsAsOne()
{
    Admission admission;
    admission.setRules(rules(100, 1));
    const Result v6 = admission.admit(from(u"2001:db8:0:1::1"_s));
    QCOMPARE(
        codeOf(admission.admit(from(u"2001:db8:0:1:ffff::2"_s))), "too_many_connections_from_address"_ba);
    QCOMPARE(codeOf(admission.admit(from(u"2001:db8:0:2::1"_s))), "admitted"_ba);
    const Result v4 = admission.admit(from(u"192.0.2.1"_s));
    QCOMPARE(codeOf(admission.admit(from(u"::ffff:192.0.2.1"_s))), "too_many_connections_from_address"_ba);
    QCOMPARE(codeOf(admission.admit(from(u"192.0.2.2"_s))), "admitted"_ba);
}

void TestAdmission::refusedOriginsTakeNoTokens()
{
    Admission admission;
    admission.setRules(rules(1, 0, 2));
    for (int i = 0; i < 10; ++i)
        QCOMPARE(codeOf(admission.admit(from(u"192.0.2.1"_s, badOrigin))), "origin_not_allowed"_ba);
    admission.setDraining(true);
    QCOMPARE(codeOf(admission.admit(from(u"192.0.2.1"_s))), "relay_draining"_ba);
    admission.setDraining(false);
    const Result first = admission.admit(from(u"192.0.2.1"_s));
    QCOMPARE(codeOf(first), "admitted"_ba);
    // A full relay does take them
    QCOMPARE(codeOf(admission.admit(from(u"192.0.2.1"_s))), "relay_full"_ba);
    QCOMPARE(codeOf(admission.admit(from(u"192.0.2.1"_s))), "connection_rate_exceeded"_ba);
}

void TestAdmission::lowerLimitsEndNobody()
{
    Admission admission;
    admission.setRules(rules(10));
    std::vector<Result> inside;
    for (int i = 0; i < 5; ++i)
        inside.push_back(admission.admit(from(u"192.0.2.1"_s)));
    admission.setRules(rules(2, 1));
    QCOMPARE(admission.liveCount(), 5);
    inside.erase(inside.begin() + 1, inside.end());
    QCOMPARE(codeOf(admission.admit(from(u"192.0.2.2"_s))), "admitted"_ba);
    QCOMPARE(codeOf(admission.admit(from(u"192.0.2.1"_s))), "too_many_connections_from_address"_ba);
}

void TestAdmission::originsChangeAtOnce()
{
    Admission admission; // the default settings
    QVERIFY(admission.allowsOrigin("http://localhost:3000"));
    QVERIFY(!admission.allowsOrigin(goodOrigin));
    admission.setRules(rules(10));
    QVERIFY(!admission.allowsOrigin("http://localhost:3000"));
    QVERIFY(admission.allowsOrigin(goodOrigin));
    QVERIFY(admission.allowsOrigin({}));
    QCOMPARE(codeOf(admission.admit(from(u"192.0.2.1"_s, goodOrigin))), "admitted"_ba);
}

void TestAdmission::countsRefusals()
{
    Admission admission;
    QVERIFY(admission.rejected().isEmpty());
    admission.countRefusal("bad_request"_ba);
    admission.countRefusal("bad_request"_ba);
    admission.admit(from(u"192.0.2.1"_s, badOrigin));
    QCOMPARE(admission.rejected(),
        (QMap<QByteArray, qint64>{{"bad_request"_ba, 2}, {"origin_not_allowed"_ba, 1}}));
}

void TestAdmission::theOwnOriginIsLetIn()
{
    Admission admission;
    AdmissionRequest request = from(u"192.0.2.1"_s, "http://192.0.2.9:8080"_ba);
    QCOMPARE(codeOf(admission.admit(request)), "origin_not_allowed"_ba);
    request.host = "192.0.2.9:8080"_ba;
    QCOMPARE(codeOf(admission.admit(request)), "admitted"_ba);
    request.secure = true; // the page was not
    QCOMPARE(codeOf(admission.admit(request)), "origin_not_allowed"_ba);
    request.origin = "https://192.0.2.9:8080"_ba;
    QCOMPARE(codeOf(admission.admit(request)), "admitted"_ba);
    request.origin = "http://evil.example"_ba;
    request.host = "evil.example"_ba; // it points there itself
    request.secure = false;
    QCOMPARE(codeOf(admission.admit(request)), "origin_not_allowed"_ba);
}

void TestAdmission::hostsAreChecked()
{
    Admission admission;
    Settings settings;
    settings.host = u"127.0.0.1"_s;
    settings.adminHost = u"0.0.0.0"_s;
    admission.setRules(settings);
    QVERIFY(!admission.checkHost(Door::Public, "localhost:8080", false));
    const auto refusal = admission.checkHost(Door::Public, "evil.example", false);
    QVERIFY(refusal);
    QCOMPARE(refusal->status, 421);
    QCOMPARE(refusal->code, "host_not_allowed"_ba);
    QVERIFY(plain(refusal->message).contains(u"ALLOWED_HOSTS"_s));
    QVERIFY(!admission.checkHost(Door::Admin, "evil.example", false)); // which listens elsewhere
    QVERIFY(!admission.checkHost(Door::Public, "evil.example", true));
    QCOMPARE(admission.rejected(), (QMap<QByteArray, qint64>{{"host_not_allowed"_ba, 1}}));
}

void TestAdmission::statsToken_data()
{
    QTest::addColumn<QString>("token");
    QTest::addColumn<QByteArray>("authorization");
    QTest::addColumn<bool>("good");
    QTest::newRow("none is needed") << QString() << QByteArray() << true;
    const QString token = u"0123456789abcdef"_s;
    QTest::newRow("right") << token << "Bearer 0123456789abcdef"_ba << true;
    QTest::newRow("in another case") << token << "bearer  0123456789abcdef"_ba << true;
    QTest::newRow("none") << token << QByteArray() << false;
    QTest::newRow("empty") << token << "Bearer "_ba << false;
    QTest::newRow("wrong") << token << "Bearer 0123456789abcdeF"_ba << false;
    QTest::newRow("a part") << token << "Bearer 0123456789abcde"_ba << false;
    QTest::newRow("longer") << token << "Bearer 0123456789abcdef0"_ba << false;
    QTest::newRow("another scheme") << token << "Basic 0123456789abcdef"_ba << false;
    QTest::newRow("bare") << token << "0123456789abcdef"_ba << false;
}

void TestAdmission::statsToken()
{
    QFETCH(QString, token);
    QFETCH(QByteArray, authorization);
    QFETCH(bool, good);
    Admission admission;
    const auto refusal = admission.checkStatsToken(token, authorization);
    QCOMPARE(!refusal, good);
    if (refusal) {
        QCOMPARE(refusal->status, 401);
        QVERIFY(!plain(refusal->message).contains(token));
        QCOMPARE(admission.rejected(), (QMap<QByteArray, qint64>{{"stats_token_required"_ba, 1}}));
    }
}

void TestAdmission::whoFailsAgainAndAgainIsRefused()
{
    Admission admission;
    admission.setRules(rules(200));
    const auto asking = [](const QString &address, bool hasKey = true) {
        AdmissionRequest request{QHostAddress(address), {}}; // now
        request.hasKey = hasKey;
        return request;
    };
    const QString address = u"2001:db8::1"_s;
    std::vector<Result> underWay; // whatever becomes of them
    for (int i = 0; i < 20; ++i)
        underWay.push_back(admission.admit(asking(address)));
    const auto fail = [&](bool hasKey) {
        std::vector<Result> calls;
        for (int i = 0; i < 50; ++i)
            calls.push_back(admission.admit(asking(address, hasKey)));
        for (Result &call : calls)
            std::get<Ticket>(call).leave(true);
    };
    fail(false); // nobody was dialled
    QCOMPARE(codeOf(admission.admit(asking(address))), "admitted"_ba);
    fail(true);
    const Result result = admission.admit(asking(address));
    QCOMPARE(codeOf(result), "too_many_failing_calls"_ba);
    const Refusal &refusal = std::get<Refusal>(result);
    QCOMPARE(refusal.status, 429);
    QVERIFY(refusal.retryAfterSeconds > 0);
    QVERIFY(refusal.hold > 0ms);
    QVERIFY(!refusal.message.isEmpty());
    QCOMPARE(codeOf(admission.admit(asking(u"2001:db8::2"_s))), "too_many_failing_calls"_ba); // the same /64
    QCOMPARE(codeOf(admission.admit(asking(u"2001:db8:0:1::1"_s))), "admitted"_ba);
    QCOMPARE(
        codeOf(admission.admit(asking(address, false))), "admitted"_ba); // to be told that a key is missing
    QCOMPARE(admission.rejected(), (QMap<QByteArray, qint64>{{"too_many_failing_calls"_ba, 2}}));
    QCOMPARE(admission.liveCount(), 20);
    for (Result &call : underWay)
        std::get<Ticket>(call).prove(); // they go well
    QCOMPARE(codeOf(admission.admit(asking(address))), "admitted"_ba);
}

void TestAdmission::whoLeavesTakesNoPlace()
{
    Admission admission;
    admission.setRules(rules(1));
    Result first = admission.admit(from(u"192.0.2.1"_s));
    QCOMPARE(codeOf(admission.admit(from(u"192.0.2.2"_s))), "relay_full"_ba);
    std::get<Ticket>(first).leave();
    std::get<Ticket>(first).leave(); // once is enough
    QCOMPARE(admission.liveCount(), 0);
    const Result second = admission.admit(from(u"192.0.2.2"_s));
    QCOMPARE(codeOf(second), "admitted"_ba);
    Ticket moved = std::get<Ticket>(std::move(first));
    moved.leave();
    QCOMPARE(admission.liveCount(), 1);
}

void TestAdmission::whoHasNoKeyTakesNoPlace()
{
    Admission admission;
    admission.setRules(rules(2));
    std::vector<Result> without;
    for (int i = 0; i < 5; ++i)
        without.push_back(admission.admit(withoutKey(u"192.0.2.1"_s)));
    QCOMPARE(codeOf(without[1]), "admitted"_ba);
    QCOMPARE(codeOf(without[2]), "relay_full"_ba); // for them it is
    const Result first = admission.admit(from(u"192.0.2.1"_s));
    const Result second = admission.admit(from(u"192.0.2.1"_s));
    QCOMPARE(codeOf(second), "admitted"_ba);
    QCOMPARE(codeOf(admission.admit(from(u"192.0.2.1"_s))), "relay_full"_ba);
    without.clear();
    QCOMPARE(codeOf(admission.admit(withoutKey(u"192.0.2.1"_s))), "admitted"_ba);
}

void TestAdmission::manyMayLeave()
{
    Admission admission;
    admission.setRules(rules(2));
    std::vector<Result> leaving;
    for (int i = 0; i < 10; ++i) {
        QCOMPARE(admission.tooManyLeave(), i >= 4);
        leaving.push_back(admission.admit(from(u"192.0.2.1"_s)));
        QCOMPARE(codeOf(leaving.back()), "admitted"_ba);
        std::get<Ticket>(leaving.back()).leave();
    }
    leaving.erase(leaving.begin() + 3, leaving.end());
    QVERIFY(!admission.tooManyLeave());
}

void TestAdmission::manyThreads()
{
    constexpr int threads = 4;
    constexpr int rounds = 2000;
    constexpr int places = 3;
    Admission admission;
    admission.setRules(rules(places));
    std::atomic<int> inside{0};
    std::atomic<int> most{0};
    std::atomic<qint64> admitted{0};

    std::vector<std::thread> workers;
    for (int t = 0; t < threads; ++t) {
        workers.emplace_back([&, t] {
            for (int i = 0; i < rounds; ++i) {
                const Result result = admission.admit({QHostAddress(quint32(t + 1)), goodOrigin, start});
                if (std::holds_alternative<Refusal>(result))
                    continue;
                const int now = ++inside;
                for (int seen = most; now > seen && !most.compare_exchange_weak(seen, now);) { }
                ++admitted;
                std::this_thread::yield();
                --inside;
            }
        });
    }
    for (int i = 0; i < 200; ++i) {
        admission.setRules(rules(places, i % 2));
        admission.setDraining(i % 10 == 0);
        admission.countRefusal("not_found"_ba);
        QVERIFY(admission.allowsOrigin(goodOrigin));
        QVERIFY(admission.liveCount() <= places);
    }
    for (std::thread &worker : workers)
        worker.join();

    QVERIFY(most <= places);
    QCOMPARE(admission.liveCount(), 0);
    qint64 refused = 0;
    const auto counts = admission.rejected();
    for (const qint64 count : counts)
        refused += count;
    QCOMPARE(admitted + refused, qint64(threads * rounds + 200));
}

/// But draining, origins and rates are as for calls.
void TestAdmission::exchangesTakeNoPlace()
{
    Admission admission;
    admission.setRules(rules(1, 1, 3));
    const Result one = admission.admit(from(u"192.0.2.1"_s)); // there is no other place
    QVERIFY(std::holds_alternative<Ticket>(one));
    QVERIFY(!admission.checkExchange(from(u"192.0.2.1"_s)));
    QVERIFY(!admission.checkExchange(from(u"192.0.2.1"_s)));
    const auto tooMany = admission.checkExchange(from(u"192.0.2.1"_s));
    QVERIFY(tooMany);
    QCOMPARE(tooMany->code, "connection_rate_exceeded"_ba);
    QVERIFY(tooMany->retryAfterSeconds > 0);
    QVERIFY(!admission.checkExchange(from(u"192.0.2.2"_s)));
    QCOMPARE(admission.checkExchange(from(u"192.0.2.3"_s, badOrigin))->code, "origin_not_allowed"_ba);
    admission.setDraining(true);
    QCOMPARE(admission.checkExchange(from(u"192.0.2.4"_s))->code, "relay_draining"_ba);
    QCOMPARE(admission.rejected(),
        (QMap<QByteArray, qint64>{
            {"connection_rate_exceeded", 1}, {"origin_not_allowed", 1}, {"relay_draining", 1}}));
    QCOMPARE(admission.liveCount(), 1);
}

RELAY_TEST(TestAdmission)
#include "tst_admission.moc"
