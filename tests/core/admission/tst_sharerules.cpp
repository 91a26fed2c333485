// SPDX-License-Identifier: MIT
// Who may come by the door of a share: the rules alone, and within an Admission.
#include "core/admission/sharerules.h"
#include "tests/support/relaytest.h"

#include <QTest>

#include <vector>

using namespace rr;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

const QByteArray goodSecret = "Zx8-Qw_3vN0pLk7RtY2mHb";

ShareTerms someTerms()
{
    ShareTerms terms;
    terms.secret = goodSecret;
    terms.origins = QStringList{u"https://app.example"_s};
    return terms;
}

AdmissionRequest guestFrom(const char *address, const QByteArray &origin = {})
{
    AdmissionRequest request{QHostAddress(QString::fromLatin1(address)), origin};
    request.door = Door::Share;
    request.host = "relay.example";
    return request;
}

/// An Admission that is shared.
struct Shared
{
    explicit Shared(const ShareTerms &terms = someTerms(), const Settings &settings = {})
    {
        admission.setRules(settings);
        admission.setShare(std::make_shared<const ShareTerms>(terms));
    }
    /// The refusal's code; empty: let in, and kept.
    QByteArray admit(const AdmissionRequest &request)
    {
        auto result = admission.admit(request);
        if (const auto *refusal = std::get_if<Refusal>(&result))
            return refusal->code;
        tickets.push_back(std::move(std::get<Ticket>(result)));
        return {};
    }

    Admission admission;
    std::vector<Ticket> tickets;
};

} // namespace

class tst_ShareRules : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void secrets_data()
    {
        QTest::addColumn<QByteArray>("tried");
        QTest::addColumn<bool>("good");
        QTest::newRow("the one") << goodSecret << true;
        QTest::newRow("the beginning") << goodSecret.chopped(1) << false;
        QTest::newRow("more") << goodSecret + "x" << false;
        QTest::newRow("nul behind") << goodSecret + '\0' << false;
        QTest::newRow("another case") << goodSecret.toLower() << false;
        QTest::newRow("nothing") << QByteArray() << false;
        QTest::newRow("empty") << ""_ba << false;
    }
    void secrets()
    {
        QFETCH(QByteArray, tried);
        QFETCH(bool, good);
        ShareRules rules;
        QVERIFY(!rules.isSecret(tried)); // not shared
        rules.setTerms(std::make_shared<const ShareTerms>(someTerms()));
        QCOMPARE(rules.isSecret(tried), good);
        rules.setTerms(std::make_shared<const ShareTerms>()); // without a secret
        QVERIFY(!rules.isSecret(tried));
        rules.setTerms(nullptr);
        QVERIFY(!rules.isSecret(tried));
    }

    void wrongSecretsAreSlowedDown()
    {
        Shared shared;
        AdmissionRequest one = guestFrom("203.0.113.9");
        for (int i = 0; i < ShareRules::wrongSecretsAMinute; ++i) {
            const Refusal refusal = shared.admission.refuseLink(one);
            QCOMPARE(refusal.status, 404);
            QCOMPARE(refusal.code, "not_found"_ba);
        }
        const Refusal late = shared.admission.refuseLink(one);
        QCOMPARE(late.status, 429);
        QVERIFY(late.retryAfterSeconds > 0 && late.retryAfterSeconds <= 60);
        QCOMPARE(shared.admission.refuseLink(guestFrom("203.0.113.10")).status, 404); // another address
        QVERIFY(shared.admission.isLinkSecret(goodSecret)); // whoever asks
        QCOMPARE(shared.admit(one), QByteArray());
        QCOMPARE(shared.admission.rejected().value("wrong_link"), ShareRules::wrongSecretsAMinute + 2);
        one.now += 1min;
        QCOMPARE(shared.admission.refuseLink(one).status, 404);
    }

    void names_data()
    {
        QTest::addColumn<QByteArray>("known");
        QTest::addColumn<QByteArray>("asked");
        QTest::addColumn<bool>("good");
        QTest::newRow("any, as long as none is known") << QByteArray() << "evil.example"_ba << true;
        QTest::newRow("it") << "relay.example"_ba
                            << "relay.example"_ba << true;
        QTest::newRow("in another case, with a port and a dot") << "relay.example"_ba
                                                                << "Relay.Example.:443"_ba << true;
        QTest::newRow("known with a port") << "Relay.example:8443"_ba
                                           << "relay.example"_ba << true;
        QTest::newRow("another") << "relay.example"_ba
                                 << "evil.example"_ba << false;
        QTest::newRow("a part") << "relay.example"_ba
                                << "x.relay.example"_ba << false;
        QTest::newRow("an address") << "relay.example"_ba
                                    << "127.0.0.1:4000"_ba << false;
        QTest::newRow("none") << "relay.example"_ba << QByteArray() << false;
        QTest::newRow("IPv6") << "[2001:db8::1]"_ba
                              << "[2001:db8::1]:443"_ba << true;
    }
    void names()
    {
        QFETCH(QByteArray, known);
        QFETCH(QByteArray, asked);
        QFETCH(bool, good);
        ShareTerms terms = someTerms();
        terms.host = known;
        Shared shared(terms);
        const auto refusal = shared.admission.checkHost(Door::Share, asked, false);
        QCOMPARE(!refusal, good);
        if (refusal)
            QCOMPARE(refusal->status, 421);
    }

    void origins_data()
    {
        QTest::addColumn<QStringList>("allowed");
        QTest::addColumn<QByteArray>("origin");
        QTest::addColumn<bool>("good");
        const QStringList one{u"https://app.example"_s};
        QTest::newRow("a program") << QStringList() << QByteArray() << true;
        QTest::newRow("programs only") << QStringList() << "https://app.example"_ba << false;
        QTest::newRow("one that is allowed") << one << "https://app.example"_ba << true;
        QTest::newRow("another") << one << "https://evil.example"_ba << false;
        QTest::newRow("of the settings") << one << "http://localhost:3000"_ba << false;
        QTest::newRow("the share's own") << QStringList() << "https://relay.example"_ba << true;
        QTest::newRow("its name without TLS") << QStringList() << "http://relay.example"_ba << false;
        QTest::newRow("another port of it") << QStringList() << "https://relay.example:8443"_ba << false;
        QTest::newRow("all") << QStringList{u"*"_s} << "https://evil.example"_ba << false;
        QTest::newRow("all, with blanks") << QStringList{u" * "_s} << "https://evil.example"_ba << false;
        QTest::newRow("a file") << QStringList{u"*"_s} << "null"_ba << false;
        QTest::newRow("subdomains") << QStringList{u"https://*.app.example"_s} << "https://x.app.example"_ba
                                    << true;
    }
    void origins()
    {
        QFETCH(QStringList, allowed);
        QFETCH(QByteArray, origin);
        QFETCH(bool, good);
        ShareTerms terms = someTerms();
        terms.origins = allowed;
        Settings settings;
        settings.allowedOrigins = QStringList{u"*"_s};
        Shared shared(terms, settings);
        QCOMPARE(
            shared.admit(guestFrom("203.0.113.9", origin)), good ? QByteArray() : "origin_not_allowed"_ba);
        QCOMPARE(!shared.admission.checkExchange(guestFrom("203.0.113.9", origin)), good);
        QVERIFY(shared.admission.allowsOrigin(origin)); // by the public door
    }

    void placesOfTheShare()
    {
        ShareTerms terms = someTerms();
        terms.maxCalls = 3;
        terms.maxCallsPerAddress = 2;
        Shared shared(terms);
        QCOMPARE(shared.admit(guestFrom("203.0.113.9")), QByteArray());
        QCOMPARE(shared.admit(guestFrom("203.0.113.9")), QByteArray());
        QCOMPARE(shared.admit(guestFrom("203.0.113.9")), "too_many_connections_from_address"_ba);
        QCOMPARE(shared.admit(guestFrom("203.0.113.10")), QByteArray());
        QCOMPARE(shared.admit(guestFrom("203.0.113.11")), "share_full"_ba);
        QCOMPARE(shared.admission.admit({QHostAddress::LocalHost, {}}).index(), 0u); // by the public door
        shared.tickets.back().leave(); // it is only being told
        QCOMPARE(shared.admit(guestFrom("203.0.113.11")), QByteArray());
        shared.tickets.clear();
        for (int i = 0; i < 2; ++i)
            QCOMPARE(shared.admit(guestFrom("203.0.113.9")), QByteArray());
        QCOMPARE(shared.admission.liveCount(), 2);
    }

    // A ticket is of the share's places whatever becomes of the share, and moves with them.
    void placesOutlastTerms()
    {
        ShareTerms terms = someTerms();
        terms.maxCalls = 1;
        Shared shared(terms);
        QCOMPARE(shared.admit(guestFrom("203.0.113.9")), QByteArray());
        shared.admission.setShare(nullptr);
        QCOMPARE(shared.admit(guestFrom("203.0.113.9")), "not_found"_ba);
        terms.secret = "another";
        shared.admission.setShare(std::make_shared<const ShareTerms>(terms));
        QCOMPARE(shared.admit(guestFrom("203.0.113.10")), "share_full"_ba);
        Ticket moved = std::move(shared.tickets.back());
        shared.tickets.clear();
        QCOMPARE(shared.admit(guestFrom("203.0.113.10")), "share_full"_ba);
        moved.leave();
        QCOMPARE(shared.admit(guestFrom("203.0.113.10")), QByteArray());
    }

    void withoutAKeyThereIsNoPlace()
    {
        ShareTerms terms = someTerms();
        terms.maxCalls = 1;
        terms.maxCallsPerAddress = 0;
        Shared shared(terms);
        AdmissionRequest keyless = guestFrom("203.0.113.9");
        keyless.hasKey = false;
        for (int i = 0; i < 5; ++i)
            QCOMPARE(shared.admit(keyless), QByteArray());
        QCOMPARE(shared.admit(guestFrom("203.0.113.9")), QByteArray());
        QCOMPARE(shared.admit(guestFrom("203.0.113.9")), "share_full"_ba);
    }

    // Without a key a plain request is told what a call would be, and takes nothing of what calls have.
    void inquiries()
    {
        ShareTerms terms = someTerms();
        terms.maxCalls = 2;
        terms.maxCallsPerAddress = 1;
        terms.ratePerAddress = 3;
        Shared shared(terms);
        AdmissionRequest inquiry = guestFrom("203.0.113.9");
        QVERIFY(!shared.admission.isInquiry(inquiry));
        inquiry.hasKey = false;
        QVERIFY(shared.admission.isInquiry(inquiry));
        for (int i = 0; i < 10; ++i)
            QVERIFY(!shared.admission.checkExchange(inquiry));
        QCOMPARE(shared.admit(guestFrom("203.0.113.9")), QByteArray());
        QCOMPARE(shared.admission.checkExchange(inquiry)->code, "too_many_connections_from_address"_ba);
        inquiry.client = QHostAddress(u"203.0.113.11"_s);
        QVERIFY(!shared.admission.checkExchange(inquiry));
        QCOMPARE(shared.admit(guestFrom("203.0.113.10")), QByteArray());
        QCOMPARE(shared.admission.checkExchange(inquiry)->code, "share_full"_ba);
        inquiry.client = QHostAddress(u"203.0.113.9"_s);
        for (int i = 0; i < 2; ++i)
            QVERIFY(!shared.admission.checkExchange(guestFrom("203.0.113.9")));
        QCOMPARE(shared.admission.checkExchange(inquiry)->code, "connection_rate_exceeded"_ba);
    }

    void inquiriesOfThePageForTrying()
    {
        Settings settings;
        settings.maxConnections = 1;
        settings.connectionRatePerIp = 3;
        settings.tryPage = true;
        Admission admission;
        admission.setRules(settings);
        AdmissionRequest asked{QHostAddress(u"203.0.113.9"_s), "http://localhost:8080"};
        asked.host = "localhost:8080";
        asked.hasKey = false;
        QVERIFY(admission.isInquiry(asked));
        for (int i = 0; i < 5; ++i)
            QVERIFY(!admission.checkExchange(asked));
        const auto call = admission.admit({QHostAddress(u"203.0.113.9"_s), {}});
        QCOMPARE(call.index(), 0u);
        QCOMPARE(admission.checkExchange(asked)->code, "relay_full"_ba);
        AdmissionRequest other = asked;
        other.origin = "http://localhost:3000";
        QVERIFY(!admission.isInquiry(other));
        other.origin = {};
        QVERIFY(!admission.isInquiry(other));
        settings.tryPage = false;
        admission.setRules(settings);
        QVERIFY(!admission.isInquiry(asked));
    }

    void rateOfTheShare()
    {
        ShareTerms terms = someTerms();
        terms.ratePerAddress = 3;
        Shared shared(terms);
        for (int i = 0; i < 3; ++i)
            QVERIFY(!shared.admission.checkExchange(guestFrom("203.0.113.9")));
        const auto refusal = shared.admission.checkExchange(guestFrom("203.0.113.9"));
        QVERIFY(refusal);
        QCOMPARE(refusal->code, "connection_rate_exceeded"_ba);
        QVERIFY(refusal->retryAfterSeconds > 0);
        QCOMPARE(shared.admit(guestFrom("203.0.113.9")), "connection_rate_exceeded"_ba);
        QCOMPARE(shared.admit(guestFrom("203.0.113.10")), QByteArray());
    }

    // Whom a tunnel brings without telling who they are: one among themselves, and none of this machine's own.
    void unknownGuests()
    {
        QCOMPARE(guestFrom("127.0.0.1").network(), ShareRules::someone);
        QCOMPARE(guestFrom("::1").network(), ShareRules::someone);
        QCOMPARE(guestFrom("::ffff:127.0.0.1").network(), ShareRules::someone);
        QCOMPARE(guestFrom("2001:db8::1").network(), QHostAddress(u"2001:db8::"_s));
        Settings settings;
        settings.connectionRatePerIp = 2;
        settings.maxConnectionsPerIp = 2;
        ShareTerms terms = someTerms();
        terms.maxCallsPerAddress = 0;
        Shared shared(terms, settings);
        for (int i = 0; i < 2; ++i)
            QCOMPARE(shared.admit(guestFrom("127.0.0.1")), QByteArray());
        QCOMPARE(shared.admit(guestFrom("127.0.0.1")), "connection_rate_exceeded"_ba); // of the relay
        const AdmissionRequest own{QHostAddress::LocalHost, {}};
        QCOMPARE(shared.admit(own), QByteArray());
    }

    void limitsOfTheRelayHoldBesides()
    {
        Settings settings;
        settings.maxConnections = 1;
        Shared shared(someTerms(), settings);
        QCOMPARE(shared.admit(guestFrom("203.0.113.9")), QByteArray());
        QCOMPARE(shared.admit(guestFrom("203.0.113.10")), "relay_full"_ba);
        shared.tickets.clear();
        shared.admission.setDraining(true);
        QCOMPARE(shared.admit(guestFrom("203.0.113.9")), "relay_draining"_ba);
    }
};

RELAY_TEST(tst_ShareRules)
#include "tst_sharerules.moc"
