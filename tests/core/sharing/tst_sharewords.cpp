// SPDX-License-Identifier: MIT
#include "core/sharing/sharewords.h"

#include "tests/support/relaytest.h"

#include <QTest>

#include <functional>

using namespace rr;
using namespace std::chrono_literals;
using namespace Qt::StringLiterals;

namespace {

SharePlan goodPlan()
{
    SharePlan plan;
    plan.way = u"ssh-server"_s;
    plan.fields = {{u"destination"_s, u"relay@server.example.org"_s}, {u"remote"_s, u"127.0.0.1:9000"_s},
        {u"address"_s, u"https://relay.example.org"_s}};
    plan.origins = {u"https://app.example.org"_s};
    return plan;
}

using Change = std::function<void(SharePlan &)>;

} // namespace

Q_DECLARE_METATYPE(Change)

class tst_ShareWords : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void goodPlans_data()
    {
        QTest::addColumn<Change>("change");
        QTest::newRow("as it is") << Change([](SharePlan &) {});
        QTest::newRow("programs only") << Change([](SharePlan &plan) { plan.origins.clear(); });
        QTest::newRow("subdomains") << Change(
            [](SharePlan &plan) { plan.origins = {u"https://*.example.org"_s}; });
        QTest::newRow("least") << Change([](SharePlan &plan) {
            plan.maxCalls = plan.maxCallsPerAddress = 1;
            plan.lasts = 1s;
        });
        QTest::newRow("most") << Change([](SharePlan &plan) {
            plan.maxCalls = plan.maxCallsPerAddress = 1000;
            plan.lasts = 720h;
        });
    }
    void goodPlans()
    {
        QFETCH(Change, change);
        SharePlan plan = goodPlan();
        change(plan);
        const auto problem = problemOf(plan);
        QVERIFY2(!problem, problem ? qPrintable(plain(*problem)) : "");
    }

    void problems_data()
    {
        QTest::addColumn<Change>("change");
        QTest::addColumn<QString>("named");
        QTest::newRow("no way") << Change([](SharePlan &plan) { plan.way = u"pigeon"_s; }) << u"pigeon"_s;
        QTest::newRow("field missing")
            << Change([](SharePlan &plan) { plan.fields.remove(u"destination"_s); }) << u"missing"_s;
        QTest::newRow("unknown field")
            << Change([](SharePlan &plan) { plan.fields[u"colour"_s] = u"red"_s; }) << u"colour"_s;
        QTest::newRow("an option in a field")
            << Change([](SharePlan &plan) { plan.fields[u"destination"_s] = u"-oProxyCommand=reboot"_s; })
            << u""_s;
        QTest::newRow("every origin")
            << Change([](SharePlan &plan) { plan.origins = {u"*"_s}; }) << u"Not every page"_s;
        QTest::newRow("no origin") << Change([](SharePlan &plan) { plan.origins = {u"app"_s}; })
                                   << u"\"app\""_s;
        QTest::newRow("no calls") << Change([](SharePlan &plan) { plan.maxCalls = 0; }) << u"1 to 1000"_s;
        QTest::newRow("too many calls")
            << Change([](SharePlan &plan) { plan.maxCalls = 1001; }) << u"1 to 1000"_s;
        QTest::newRow("no calls of one")
            << Change([](SharePlan &plan) { plan.maxCallsPerAddress = 0; }) << u"1 to 10"_s;
        QTest::newRow("more of one than of all")
            << Change([](SharePlan &plan) { plan.maxCallsPerAddress = 11; }) << u"1 to 10"_s;
        QTest::newRow("too short") << Change([](SharePlan &plan) { plan.lasts = 0s; }) << u"from 1 s"_s;
        QTest::newRow("too long") << Change([](SharePlan &plan) { plan.lasts = 721h; }) << u"30 days"_s;
    }
    void problems()
    {
        QFETCH(Change, change);
        QFETCH(QString, named);
        SharePlan plan = goodPlan();
        change(plan);
        const auto problem = problemOf(plan);
        QVERIFY(problem);
        QVERIFY2(plain(*problem).contains(named), qPrintable(plain(*problem)));
    }

    void saysWhatIsAsked()
    {
        SharePlan plan = goodPlan();
        plan.lasts = 90min;
        const ShareTermsInWords words = inWords(plan, *wayCalled(plan.way));
        QVERIFY(plain(words.who).contains(u"https://app.example.org"_s));
        QVERIFY(plain(words.limits).contains(u"10 calls"_s));
        QVERIFY(plain(words.limits).contains(u"3 from one"_s));
        QVERIFY(plain(words.end).contains(u"90 min"_s));
        QVERIFY(plain(words.readers).contains(u"your own server"_s));
        QVERIFY(plain(words.openAi).contains(u"OpenAI's terms"_s));
        plan.origins.clear();
        plan.lasts = 4h;
        QVERIFY(plain(inWords(plan, *wayCalled(plan.way)).who).contains(u"No other web page"_s));
        QVERIFY(plain(inWords(plan, *wayCalled(plan.way)).end).contains(u"4 h"_s));
    }

    /// Of no way it is left open who can read what passes.
    void everyWayNamesItsReaders()
    {
        QVERIFY(!builtInWays().isEmpty());
        for (const Way &way : builtInWays()) {
            const QString readers = plain(whatOthersCanRead(way));
            QVERIFY2(readers.contains("read"_L1), qPrintable(way.id));
            QVERIFY2(way.keeper.isEmpty() || way.tlsEnd != TlsEnd::Service || readers.contains(way.keeper),
                qPrintable(way.id));
        }
    }
};

RELAY_TEST(tst_ShareWords)
#include "tst_sharewords.moc"
