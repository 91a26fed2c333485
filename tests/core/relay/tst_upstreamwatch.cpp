// SPDX-License-Identifier: MIT
#include <QTest>

#include "core/relay/upstreamwatch.h"

#include "tests/core/relay/relayfixture.h"
#include "tests/support/relaytest.h"
#include "tests/support/reservedport.h"

#include <QSignalSpy>

#include <algorithm>

using namespace rr;
using namespace std::chrono_literals;
using namespace Qt::StringLiterals;

namespace {

/// Waits for nothing but what it is told.
constexpr UpstreamWatch::Pace brisk{10ms, 10ms, 40ms, 1h};
constexpr UpstreamWatch::Pace still{10ms, 1h, 1h, 1h};

const QByteArray asksForAKey = "HTTP/1.1 401 No\r\nContent-Length: 0\r\n\r\n";

/// An upstream that a test can have well or not.
class Watched
{
public:
    explicit Watched(const UpstreamWatch::Pace &pace, const QByteArray &first = asksForAKey)
        : answer(first)
        , f([this](const QByteArray &head) {
            const bool isCall = head.toLower().contains("authorization:");
            if (isCall && toCalls == "101")
                return switchingProtocols(head);
            return isCall && !toCalls.isEmpty() ? toCalls : answer;
        })
        , watch(f.relay, pace)
    {
        for (const char *name :
            {"HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"})
            qunsetenv(name);
    }

    bool works() const { return f.relay.snapshot().upstreamAnsweredAt.isValid(); }
    bool has(TroubleCode code) const
    {
        const auto troubles = f.relay.snapshot().troubles;
        return std::any_of(troubles.cbegin(), troubles.cend(),
            [code](const Trouble &trouble) { return trouble.code == code; });
    }
    qsizetype asked() const { return f.upstream.heads.size(); }

    QByteArray answer;
    QByteArray toCalls; ///< empty: the same; "101": they are opened
    RelayFixture f;
    UpstreamWatch watch;
};

const QByteArray region = "HTTP/1.1 403 No\r\nContent-Length: 63\r\n\r\n"
                          R"({"error":{"code":"unsupported_country_region_territory"}})"
                          "      ";

} // namespace

class tst_UpstreamWatch : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void asksNothingBeforeItBegins()
    {
        Watched w(brisk);
        QVERIFY(w.f.start());
        QTest::qWait(50); // longer than it would take
        QCOMPARE(w.asked(), 0);
        QVERIFY(!w.works());
    }

    void checksNothingByItselfWhereItMayNot()
    {
        Watched w(brisk);
        w.f.settings.checkUpstream = false;
        w.watch.begin();
        QVERIFY(w.f.start());
        QTest::qWait(50); // a few looks
        QCOMPARE(w.asked(), 0);
        w.watch.check(w.f.settings); // as a person asks
        QTRY_COMPARE(w.asked(), 1);
        QTRY_VERIFY(!w.watch.isChecking());
        w.f.settings.checkUpstream = true;
        w.f.settings.upstreamUrl.setPath(u"/v2/realtime"_s);
        QVERIFY(!w.f.relay.apply(w.f.settings));
        w.watch.settingsChanged();
        QTRY_COMPARE(w.asked(), 2);
    }

    void checksOnceWhenTheRelayStarts()
    {
        Watched w(still);
        w.watch.begin();
        QVERIFY(!w.watch.isChecking()); // the relay is off
        QSignalSpy checked(&w.watch, &UpstreamWatch::checked);
        QVERIFY(w.f.start());
        QTRY_VERIFY(w.works());
        QCOMPARE(checked.size(), 1);
        QVERIFY(checked[0][0].value<UpstreamCheckResult>().took < 1h);
        QCOMPARE(w.asked(), 1);
        QVERIFY(!w.f.upstream.heads[0].toLower().contains("authorization"));
        QTest::qWait(50); // a few looks
        QCOMPARE(w.asked(), 1);
        QCOMPARE(w.f.relay.snapshot().totalConnections, 0); // it is no call
    }

    void aFailureIsATroubleUntilItIsReached()
    {
        Watched w(brisk, region);
        w.watch.begin();
        QVERIFY(w.f.start());
        QTRY_VERIFY(w.has(TroubleCode::UpstreamRefused)); // after it has lasted for a moment
        QVERIFY(!w.works());
        QVERIFY(plain(w.f.relay.snapshot().troubles[0].text).contains(u"supported region"_s));
        QTRY_VERIFY(w.asked() > 1); // now and then
        w.answer = asksForAKey;
        QTRY_VERIFY(w.works());
        QVERIFY(!w.has(TroubleCode::UpstreamRefused));
    }

    void nobodyThere()
    {
        const ReservedPort port;
        Watched w(brisk);
        w.f.settings.upstreamUrl.setPort(port.number());
        w.watch.begin();
        QVERIFY(w.f.start());
        QTRY_VERIFY(w.has(TroubleCode::UpstreamUnreachable));
        QVERIFY(!w.works());
    }

    void aFailedCallIsFollowedByChecks()
    {
        Watched w(brisk);
        w.watch.begin();
        QVERIFY(w.f.start());
        QTRY_VERIFY(w.works());
        QCOMPARE(w.asked(), 1);
        w.answer = region;
        RawClient client(w.f.relay.port());
        client.ask("/v1/realtime");
        QTRY_VERIFY(w.has(TroubleCode::UpstreamRefused));
        QTRY_VERIFY(!w.works()); // a check has said so, too
        w.answer = asksForAKey;
        QTRY_VERIFY(w.works() && !w.has(TroubleCode::UpstreamRefused));
    }

    void callsThatAreCutOffAreFollowedByACheck()
    {
        Watched w(brisk);
        w.toCalls = "101";
        w.watch.begin();
        QVERIFY(w.f.start());
        QTRY_VERIFY(w.works());
        const auto client = w.f.call();
        const qsizetype before = w.asked();
        QTest::qWait(50); // a few looks
        QCOMPARE(w.asked(), before);
        w.f.upstreamSocket()->abort();
        QTRY_COMPARE(w.asked(), before + 1);
        QTest::qWait(50); // once for what was lost
        QCOMPARE(w.asked(), before + 1);
        QVERIFY(w.has(TroubleCode::UpstreamLost));
    }

    void whatACallIsRefusedACheckDoesNotEnd()
    {
        Watched w(brisk);
        w.toCalls = "HTTP/1.1 503 No\r\nContent-Length: 0\r\n\r\n";
        w.watch.begin();
        QVERIFY(w.f.start());
        QTRY_VERIFY(w.works());
        RawClient client(w.f.relay.port());
        client.ask("/v1/realtime");
        QTRY_VERIFY(w.has(TroubleCode::UpstreamRefused));
        const qsizetype before = w.asked();
        QTRY_VERIFY(w.asked() > before + 1);
        QVERIFY(w.works());
        QVERIFY(w.has(TroubleCode::UpstreamRefused));
        w.watch.check(w.f.settings); // who asks has seen to it
        QTRY_VERIFY(!w.has(TroubleCode::UpstreamRefused));
    }

    void anotherUpstreamIsCheckedAnew()
    {
        Watched w(still);
        w.watch.begin();
        QVERIFY(w.f.start());
        QTRY_VERIFY(w.works());
        QVERIFY(!w.f.relay.apply(w.f.settings));
        w.watch.settingsChanged();
        QVERIFY(!w.watch.isChecking()); // it is the same
        w.f.settings.upstreamUrl.setPath(u"/v2/realtime"_s);
        QVERIFY(!w.f.relay.apply(w.f.settings));
        w.watch.settingsChanged();
        QVERIFY(w.watch.isChecking());
        QTRY_VERIFY(w.works());
        QCOMPARE(w.asked(), 2);
    }

    void anotherNetworkIsCheckedAtOnce()
    {
        Watched w(still);
        w.watch.begin();
        QVERIFY(w.f.start());
        QTRY_COMPARE(w.asked(), 1);
        QTRY_VERIFY(w.works());
        w.watch.networkChanged();
        QTRY_COMPARE(w.asked(), 2);
    }

    void aLongSilenceIsBroken()
    {
        Watched w({10ms, 1h, 1h, 30ms});
        w.watch.begin();
        QVERIFY(w.f.start());
        QTRY_VERIFY(w.asked() >= 3);
        QVERIFY(w.works());
    }

    /// Some have no better answer for a request without a model. What is known of calls counts.
    void aRefusalThatCallsDoNotGetIsNone()
    {
        Watched w(still, "HTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n");
        QVERIFY(w.f.start());
        w.f.relay.upstreamAnswered(true);
        QSignalSpy checked(&w.watch, &UpstreamWatch::checked);
        w.watch.check(w.f.settings);
        QTRY_COMPARE(checked.size(), 1);
        QVERIFY(w.works());
    }

    void aPersonMayAskWhileTheRelayIsOff()
    {
        Watched w(still, region);
        QSignalSpy checked(&w.watch, &UpstreamWatch::checked);
        w.watch.check(w.f.settings);
        w.watch.check(w.f.settings); // it is under way
        QTRY_COMPARE(checked.size(), 1);
        QVERIFY(w.f.relay.snapshot().troubles.isEmpty()); // nothing is wrong with what is off
        w.watch.check(w.f.settings);
        w.watch.settingsChanged();
        QVERIFY(!w.watch.isChecking());
    }
};

RELAY_TEST(tst_UpstreamWatch)
#include "tst_upstreamwatch.moc"
