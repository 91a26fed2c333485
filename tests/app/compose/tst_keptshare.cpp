// SPDX-License-Identifier: MIT
#include "app/compose/keptshare.h"

#include "core/sharing/way.h"
#include "tests/support/relaytest.h"

#include <QJsonDocument>
#include <QTest>

using namespace rr;
using namespace std::chrono_literals;
using namespace Qt::StringLiterals;

class tst_KeptShare : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void comesBackAsItWas()
    {
        SharePlan plan;
        plan.way = u"ssh-server"_s;
        plan.fields = {{u"destination"_s, u"a@b"_s}, {u"remote"_s, u"127.0.0.1:9000"_s},
            {u"address"_s, u"https://relay.example.org"_s}};
        plan.origins = {u"https://a.example"_s, u"https://*.b.example"_s};
        plan.maxCalls = 7;
        plan.maxCallsPerAddress = 2;
        plan.lasts = 720h;
        QJsonObject application{{u"language"_s, u"de"_s}};
        QVERIFY(!keptPlan(application));
        QVERIFY(!keptAcceptance(application));
        keepPlan(application, plan);
        QVERIFY(!keptAcceptance(application));
        keepAcceptance(application);
        QVERIFY(keptAcceptance(application));
        QCOMPARE(keptPlan(application), plan);

        plan.maxCalls = 8;
        keepPlan(application, plan);
        QVERIFY(keptAcceptance(application)); // it was asked once
        QCOMPARE(keptPlan(application), plan);
        QCOMPARE(application.value(u"language"_s).toString(), u"de"_s);
    }

    void whatIsUnusableIsNone_data()
    {
        QTest::addColumn<QJsonObject>("application");
        QTest::newRow("nothing") << QJsonObject();
        QTest::newRow("no object") << QJsonObject{{u"share"_s, 3}};
        QTest::newRow("no way") << QJsonObject{{u"share"_s, QJsonObject{{u"maxCalls"_s, 3}}}};
        QTest::newRow("a way that is not there any more")
            << QJsonObject{{u"share"_s, QJsonObject{{u"way"_s, u"pigeon"_s}}}};
    }
    void whatIsUnusableIsNone()
    {
        QFETCH(QJsonObject, application);
        QVERIFY(!keptPlan(application));
        QVERIFY(!keptAcceptance(application));
    }

    void whatIsMissingIsTheDefault()
    {
        SharePlan plan;
        plan.way = u"ssh-server"_s;
        QCOMPARE(keptPlan(QJsonObject{{u"share"_s, QJsonObject{{u"way"_s, plan.way}}}}), plan);
    }

    /// What is left of this day is not what is left of another.
    void untilMidnightIsKeptAsSuch()
    {
        SharePlan plan;
        plan.way = u"ssh-server"_s;
        plan.endsAtMidnight = true;
        plan.lasts = 31h; // of no day
        QJsonObject application;
        keepPlan(application, plan);
        const auto before = timeToMidnight(QDateTime::currentDateTime());
        const auto kept = keptPlan(application);
        QVERIFY(kept && kept->endsAtMidnight);
        const auto after = timeToMidnight(QDateTime::currentDateTime());
        QVERIFY((kept->lasts <= before && kept->lasts >= after) || after > before); // at midnight itself
        plan.endsAtMidnight = false;
        keepPlan(application, plan);
        QCOMPARE(keptPlan(application), plan);
    }

    void timesToMidnight()
    {
        const QDate day(2026, 11, 27);
        QCOMPARE(timeToMidnight(QDateTime(day, QTime(18, 46, 33))), 5h + 13min + 27s);
        QCOMPARE(timeToMidnight(QDateTime(day, QTime(23, 59, 59))), 1min);
    }

    /// Of no way: a file is not the place for a token.
    void secretsAreNotKept()
    {
        int secrets = 0;
        for (const Way &way : builtInWays()) {
            SharePlan plan;
            plan.way = way.id;
            for (const Ask &ask : way.ask) {
                plan.fields.insert(ask.name, ask.kind == Ask::Kind::Secret ? u"token-of-mine"_s : u"value"_s);
                secrets += ask.kind == Ask::Kind::Secret;
            }
            plan.fields.insert(u"not-asked-for"_s, u"token-of-mine"_s);
            QJsonObject application;
            keepPlan(application, plan);
            QVERIFY2(!QJsonDocument(application).toJson().contains("token-of-mine"), qPrintable(way.id));
            if (!way.ask.isEmpty() && way.ask.first().kind != Ask::Kind::Secret)
                QCOMPARE(keptPlan(application)->fields.value(way.ask.first().name), u"value"_s);
        }
        QVERIFY(secrets > 0);
    }

    /// A command of one's own may hold one, as far as that can be seen.
    void commandsWithATokenAreNotKept_data()
    {
        QTest::addColumn<QString>("command");
        QTest::addColumn<bool>("kept");
        QTest::newRow("a plain one") << u"mytunnel --to 127.0.0.1:{port}"_s << true;
        QTest::newRow("a named token") << u"mytunnel --token=abc --to {port}"_s << false;
        QTest::newRow("what looks like one")
            << u"mytunnel 2aBcDeFgHiJkLmNoPqRsTuVwXyZ0123456789abc {port}"_s << false;
    }
    void commandsWithATokenAreNotKept()
    {
        QFETCH(QString, command);
        QFETCH(bool, kept);
        SharePlan plan;
        plan.way = u"command"_s;
        plan.fields = {{u"command"_s, command}};
        QJsonObject application;
        keepPlan(application, plan);
        QCOMPARE(keptPlan(application)->fields.contains(u"command"_s), kept);
    }
};

RELAY_TEST(tst_KeptShare)
#include "tst_keptshare.moc"
