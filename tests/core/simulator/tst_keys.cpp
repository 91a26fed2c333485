// SPDX-License-Identifier: MIT
#include "core/simulator/keys.h"
#include "tests/support/relaytest.h"

#include <QTest>

using namespace rr;
using namespace Qt::StringLiterals;

class TestKeys : public QObject
{
    Q_OBJECT
    using Verdict = Keys::Verdict;

private Q_SLOTS:
    void keys_data()
    {
        QTest::addColumn<QByteArray>("key");
        QTest::addColumn<int>("any"); ///< without a list of known ones
        QTest::addColumn<int>("listed"); ///< with "sk-mine" in the list
        QTest::addColumn<int>("rest"); ///< without a list, at the REST API
        const auto row = [](const char *key, Verdict any, Verdict listed, Verdict rest) {
            QTest::newRow(key) << QByteArray(key) << int(any) << int(listed) << int(rest);
        };
        row("", Verdict::Missing, Verdict::Missing, Verdict::Missing);
        row("sk-mine", Verdict::Good, Verdict::Good, Verdict::Good);
        row("sk-other", Verdict::Good, Verdict::Wrong, Verdict::Good);
        row("ek_elsewhere", Verdict::Good, Verdict::Wrong, Verdict::Wrong);
        row("null", Verdict::Wrong, Verdict::Wrong, Verdict::Wrong);
        row("sk-invalid-1", Verdict::Wrong, Verdict::Wrong, Verdict::Wrong);
        row("sk-nokey", Verdict::Wrong, Verdict::Wrong, Verdict::Wrong);
        row("sk-expired", Verdict::Expired, Verdict::Wrong, Verdict::Expired);
        row("sk-forbidden", Verdict::Forbidden, Verdict::Wrong, Verdict::Forbidden);
        row("sk-quota", Verdict::NoQuota, Verdict::Wrong, Verdict::NoQuota);
        row("sk-null", Verdict::Good, Verdict::Wrong, Verdict::Good);
    }
    void keys()
    {
        QFETCH(QByteArray, key);
        QFETCH(int, any);
        QFETCH(int, listed);
        QFETCH(int, rest);
        QCOMPARE(int(Keys().judge(key, 0)), any);
        QCOMPARE(int(Keys({"sk-mine"}).judge(key, 0)), listed);
        QCOMPARE(int(Keys().judgeForRest(key, 0)), rest);
    }

    void secrets_data()
    {
        QTest::addColumn<bool>("listed");
        QTest::newRow("any key") << false;
        QTest::newRow("known keys") << true;
    }
    void secrets()
    {
        QFETCH(bool, listed);
        Keys keys(listed ? QList<QByteArray>{"sk-mine"} : QList<QByteArray>());
        const QJsonObject session{{u"type"_s, u"realtime"_s}};
        const QByteArray secret = keys.mint(session, 1000);
        QVERIFY(secret.startsWith("ek_"));
        QVERIFY(keys.mint({}, 1000) != secret);
        QCOMPARE(int(keys.judge(secret, 999)), int(Verdict::Good));
        QCOMPARE(int(keys.judge(secret, 999)), int(Verdict::Good)); // it opens several
        QCOMPARE(int(keys.judge(secret, 1000)), int(Verdict::Expired));
        QCOMPARE(int(keys.judgeForRest(secret, 999)), int(Verdict::Wrong)); // it mints no other
        QCOMPARE(keys.session(secret), session);
        QCOMPARE(keys.session("sk-mine"), QJsonObject());
    }

    void forgetsTheOldestSecrets()
    {
        Keys keys({"sk-mine"});
        const QByteArray first = keys.mint({}, 1000);
        for (int i = 0; i < 999; ++i)
            keys.mint({}, 1000);
        QCOMPARE(int(keys.judge(first, 0)), int(Verdict::Good));
        keys.mint({}, 1000);
        QCOMPARE(int(keys.judge(first, 0)), int(Verdict::Wrong));
    }
};

RELAY_TEST(TestKeys)
#include "tst_keys.moc"
