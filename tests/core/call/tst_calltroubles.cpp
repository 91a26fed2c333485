// SPDX-License-Identifier: MIT
#include "core/call/calltroubles.h"

#include "tests/support/relaytest.h"

#include <QTest>

#include <chrono>

using namespace rr;
using namespace Qt::StringLiterals;

using enum TroubleCode;

namespace {

using Codes = QList<TroubleCode>;

Codes codesOf(const Troubles &troubles)
{
    Codes result;
    // What has to last before it is told, has.
    for (const Trouble &trouble : troubles.current(Moment::now() + std::chrono::seconds(30)))
        result.append(trouble.code);
    return result;
}

} // namespace

class tst_CallTroubles : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void ends_data()
    {
        QTest::addColumn<int>("reason");
        QTest::addColumn<int>("status");
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<Codes>("expected");
        const auto row = [](const char *name, EndReason reason, const Codes &expected, int status = 0,
                             const QByteArray &body = {}) {
            QTest::newRow(name) << int(reason) << status << body << expected;
        };
        row("unreachable", EndReason::UpstreamUnreachable, {UpstreamUnreachable});
        row("region", EndReason::UpstreamRefused, {UpstreamRefused}, 403);
        row("a bad day", EndReason::UpstreamRefused, {UpstreamRefused}, 503);
        row("its rate limit", EndReason::UpstreamRefused, {UpstreamRefused}, 429);
        row("a redirect", EndReason::UpstreamRefused, {UpstreamRefused}, 301);
        row("a page", EndReason::UpstreamRefused, {UpstreamRefused}, 200);
        row("one client's request", EndReason::UpstreamRefused, {RequestRefused}, 400);
        row("one client's key", EndReason::UpstreamRefused, {KeyRefused}, 401);
        row("one client's model", EndReason::UpstreamRefused, {ModelUnknown}, 404);
        row("one client's billing", EndReason::UpstreamRefused, {QuotaUsedUp}, 402);
        row("one client's quota", EndReason::UpstreamRefused, {QuotaUsedUp}, 429,
            R"({"error":{"code":"insufficient_quota"}})");
        row("no key at all", EndReason::MissingKey, {KeyMissing});
        row("vanished", EndReason::UpstreamVanished, {UpstreamLost});
        row("silent", EndReason::UpstreamSilent, {UpstreamLost});
        row("a broken frame", EndReason::UpstreamBreach, {UpstreamLost});
        row("no longer reads", EndReason::UpstreamTooSlow, {UpstreamLost});
        row("too large", EndReason::UpstreamMessageTooLarge, {UpstreamLost});
        row("ended by us", EndReason::SessionLimit, {});
        row("the client's breach", EndReason::ClientBreach, {});
        row("the client's end", EndReason::ClientVanished, {});
    }
    void ends()
    {
        QFETCH(int, reason);
        QFETCH(int, status);
        QFETCH(QByteArray, body);
        EndDetails details;
        details.failure = {status > 0 ? UpstreamFailure::Refused : UpstreamFailure::Dns, status, {}, body};
        details.upstreamHost = u"api.example.org"_s;
        Troubles troubles;
        const EndDescription end = describe(EndReason(reason), details);
        noteEnded(troubles, end, u"192.0.2.7"_s);
        QTEST(codesOf(troubles), "expected");
    }

    void closes_data()
    {
        QTest::addColumn<int>("code");
        QTest::addColumn<QString>("reason");
        QTest::addColumn<Codes>("expected");
        QTest::addColumn<QString>("says");
        const auto row = [](int code, const char *reason, const Codes &expected, const char *says = "") {
            QTest::addRow("%d %s", code, reason)
                << code << QString::fromLatin1(reason) << expected << QString::fromLatin1(says);
        };
        row(1000, "", {});
        row(1001, "", {});
        row(1005, "", {});
        row(1011, "", {UpstreamLost}, "1011");
        row(1012, "restart", {UpstreamLost}, "restart");
        row(1013, "insufficient_quota.insufficient_quota", {QuotaUsedUp}, "billing");
        row(3000, "invalid_request_error.invalid_api_key", {KeyRefused}, "API key");
        row(4000, "insufficient_quota.insufficient_quota", {QuotaUsedUp}, "billing");
        row(4000, "invalid_request_error.beta_api_shape_disabled", {RequestRefused},
            "beta_api_shape_disabled");
        row(4004, "invalid_request_error.model_not_found", {ModelUnknown}, "model");
    }
    /// OpenAI opens many a call that it refuses, and closes it then.
    void closes()
    {
        QFETCH(int, code);
        QFETCH(QString, reason);
        QFETCH(QString, says);
        EndDetails details;
        details.closeCode = quint16(code);
        details.closeReason = reason;
        Troubles troubles;
        noteEnded(troubles, describe(EndReason::UpstreamClosed, details), u"192.0.2.7"_s);
        QTEST(codesOf(troubles), "expected");
        for (const Trouble &trouble : troubles.current(Moment::now() + std::chrono::seconds(30)))
            QVERIFY2(plain(trouble.text).contains(says), qPrintable(plain(trouble.text)));
    }

    /// Who has a wrong key does not know of another's that is right.
    void aRefusalIsOverWhenThatClientIsTalkedTo()
    {
        Troubles troubles;
        EndDetails details;
        details.failure = {UpstreamFailure::Refused, 401};
        noteEnded(troubles, describe(EndReason::UpstreamRefused, details), u"192.0.2.7"_s);
        noteEnded(troubles, describe(EndReason::MissingKey), u"192.0.2.8"_s);
        noteOpened(troubles);
        noteTalking(troubles, u"192.0.2.9"_s);
        QCOMPARE(codesOf(troubles), (Codes{KeyMissing, KeyRefused}));
        noteTalking(troubles, u"192.0.2.7"_s);
        QCOMPARE(codesOf(troubles), Codes{KeyMissing});
        noteTalking(troubles, u"192.0.2.8"_s);
        QCOMPARE(codesOf(troubles), Codes{});
    }

    void aCallThatOpensEndsIt()
    {
        Troubles troubles;
        EndDetails details;
        details.failure = {UpstreamFailure::Refused, 503};
        noteEnded(troubles, describe(EndReason::UpstreamUnreachable), u"192.0.2.7"_s);
        noteEnded(troubles, describe(EndReason::UpstreamRefused, details), u"192.0.2.7"_s);
        QCOMPARE(codesOf(troubles), (Codes{UpstreamUnreachable, UpstreamRefused}));
        noteOpened(troubles);
        QCOMPARE(codesOf(troubles), Codes{});
    }

    void refusals()
    {
        Troubles troubles;
        noteRefused(troubles, {429, "connection_rate_exceeded", "", 0}, {});
        QCOMPARE(codesOf(troubles), Codes{});
        noteRefused(troubles, {503, "relay_full", "", 0}, {});
        noteRefused(troubles, {403, "origin_not_allowed", "", 0}, u"https://a.example"_s);
        QCOMPARE(codesOf(troubles), (Codes{RelayFull, OriginRefused}));
        QVERIFY(plain(troubles.current()[1].text).contains(u"https://a.example"));
        QCOMPARE(troubles.current()[1].subjects.value(0).name, u"https://a.example"_s);
    }

    /// Whoever has the link may try it without a key; one that is refused is the operator's to know of.
    void guestsWithoutAKeyAreNone()
    {
        Troubles troubles;
        noteEnded(troubles, describe(EndReason::MissingKey), u"192.0.2.7"_s, Door::Share);
        QCOMPARE(codesOf(troubles), Codes{});
        EndDetails details;
        details.failure = {UpstreamFailure::Refused, 401};
        noteEnded(troubles, describe(EndReason::UpstreamRefused, details), u"192.0.2.7"_s, Door::Share);
        QCOMPARE(codesOf(troubles), Codes{KeyRefused});
    }

    void refusalsOfAShare()
    {
        Troubles troubles;
        noteRefused(troubles, {503, "relay_full", "", 0}, {}, Door::Share);
        noteRefused(troubles, {503, "share_full", "", 0}, {}, Door::Share);
        QCOMPARE(codesOf(troubles), Codes{});
        noteRefused(troubles, {403, "origin_not_allowed", "", 0}, u"https://a.example"_s, Door::Share);
        QCOMPARE(codesOf(troubles), Codes{ShareOriginRefused});
        QVERIFY(
            plain(troubles.current()[0].text).contains(u"share again")); // what one can do without a window
        QCOMPARE(troubles.current()[0].subjects.value(0).name, u"https://a.example"_s);
    }

    // Who runs the relay can mend it, and no client can.
    void theRelaysOwnKey()
    {
        Troubles troubles;
        EndDetails details;
        details.failure = {UpstreamFailure::Refused, 401};
        noteEnded(
            troubles, describe(EndReason::UpstreamRefused, details), u"192.0.2.7"_s, Door::Public, true);
        QCOMPARE(codesOf(troubles), Codes{HeldKeyRefused});
        noteTalking(troubles, u"192.0.2.7"_s);
        QCOMPARE(codesOf(troubles), Codes{HeldKeyRefused}); // that was a key of a client's
        noteTalking(troubles, u"192.0.2.8"_s, true);
        QCOMPARE(codesOf(troubles), Codes{});
        details = {};
        details.closeCode = 3000;
        details.closeReason = u"invalid_request_error.invalid_api_key"_s;
        noteEnded(troubles, describe(EndReason::UpstreamClosed, details), u"192.0.2.7"_s, Door::Public, true);
        QCOMPARE(codesOf(troubles), Codes{HeldKeyRefused});
    }

    void tokensThatAreNotGood()
    {
        Troubles troubles;
        noteTokenRefused(troubles, u"192.0.2.7"_s, false);
        QCOMPARE(codesOf(troubles), Codes{HeldKeyMissing});
        troubles.clear(HeldKeyMissing);
        for (int i = 0; i < 3; ++i)
            noteTokenRefused(troubles, u"192.0.2.7"_s, true);
        QCOMPARE(codesOf(troubles), Codes{TokensRefused});
        QCOMPARE(troubles.current()[0].subjects.value(0).name, u"192.0.2.7"_s);
    }
};

RELAY_TEST(tst_CallTroubles)
#include "tst_calltroubles.moc"
