// SPDX-License-Identifier: MIT
#include "core/admission/probation.h"
#include "tests/support/relaytest.h"

#include <QTest>

#include <algorithm>
#include <vector>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using namespace rr;

class TestProbation : public QObject
{
    Q_OBJECT

    static inline const QHostAddress one{u"192.0.2.1"_s};
    static inline const QHostAddress other{u"192.0.2.2"_s};
    static constexpr Probation::TimePoint start{1000h};

    /// Calls that all fail at once. Returns how many got through.
    static int failing(Probation &probation, int count, Probation::TimePoint now)
    {
        int begun = 0;
        for (int i = 0; i < count; ++i)
            begun += probation.begin(one, now);
        for (int i = 0; i < begun; ++i)
            probation.fail(one, false, now);
        return begun;
    }

private Q_SLOTS:
    void whoDoesNotFailIsFree()
    {
        Probation probation;
        for (int i = 0; i < 1000; ++i)
            QVERIFY(probation.begin(one, start));
        for (int i = 0; i < 1000; ++i)
            probation.end(one, false);
        QCOMPARE(failing(probation, 1, start), 1);
        for (int i = 0; i < 1000; ++i)
            QVERIFY(probation.begin(other, start));
    }

    // Whatever the client does, and however little it heeds what it is told: here it is back within ten milliseconds.
    void oneFailureASecondGetsThrough_data()
    {
        QTest::addColumn<int>("atOnce");
        for (const int atOnce : {1, 5, 20, 200})
            QTest::addRow("%d", atOnce) << atOnce;
    }
    void oneFailureASecondGetsThrough()
    {
        QFETCH(int, atOnce);
        Probation probation;
        constexpr int seconds = 60;
        constexpr int lasts = 50; // ms, of a call
        std::vector<int> freeAt(std::size_t(atOnce), 0); // of each client, in ms; busy before
        std::vector<bool> calling(std::size_t(atOnce), false);
        int begun = 0;
        for (int ms = 0; ms < seconds * 1000; ++ms) {
            const auto now = start + std::chrono::milliseconds(ms);
            for (std::size_t i = 0; i < freeAt.size(); ++i) {
                if (ms < freeAt[i])
                    continue;
                if (calling[i])
                    probation.fail(one, false, now);
                calling[i] = probation.begin(one, now);
                begun += calling[i];
                freeAt[i] = ms + (calling[i] ? lasts : 10);
            }
        }
        const int first = std::max(atOnce, Probation::few); // of which nothing was known
        QVERIFY2(begun <= first + seconds + Probation::few, qPrintable(QString::number(begun)));
        QVERIFY2(begun >= seconds,
            qPrintable(QString::number(begun))); // or it would never be seen that all is well again
    }

    // An office behind one address, in which one client comes back again and again.
    void healthyCallsBesideGoOn()
    {
        Probation probation;
        std::vector<Probation::TimePoint> proven; // when each of those under way will be
        int provenCount = 0;
        for (int ms = 0; ms < 60'000; ms += 100) {
            const auto now = start + std::chrono::milliseconds(ms);
            std::erase_if(proven, [&](const auto when) {
                if (now < when)
                    return false;
                probation.prove(one);
                ++provenCount;
                return true;
            });
            if (ms % 1000 == 0)
                failing(probation, 1, now);
            if (ms % 300 == 0) {
                QVERIFY(probation.begin(one, now));
                proven.push_back(now + 2s);
            }
            for (; provenCount > 15; --provenCount) // they last a few seconds
                probation.end(one, true);
        }
    }

    // All calls of many clients have failed in one moment; a little later all would go well.
    void aBadMomentOfTheUpstreamIsSoonOver()
    {
        Probation probation;
        QCOMPARE(failing(probation, 200, start), 200);
        int healthy = 0;
        int tries = 0; // each of them once a second
        for (; healthy < 200 && tries < 30; ++tries) {
            int begun = 0;
            while (healthy + begun < 200 && probation.begin(one, start + tries * 2s))
                ++begun;
            for (int i = 0; i < begun; ++i)
                probation.prove(one);
            healthy += begun;
        }
        QVERIFY2(tries < 12, qPrintable(QString::number(tries)));
    }

    void timeHeals()
    {
        Probation probation;
        QCOMPARE(failing(probation, 100, start), 100);
        QCOMPARE(failing(probation, 100, start), 0);
        QCOMPARE(failing(probation, 100, start + 99s), Probation::few); // is on probation still
        Probation second;
        QCOMPARE(failing(second, 100, start), 100);
        QCOMPARE(failing(second, 100, start + 100s), 100);
        Probation third;
        QCOMPARE(failing(third, 10'000, start), 10'000);
        QCOMPARE(failing(third, 100, start + Probation::longest), 100);
    }

    void whatGoesWellLetsMoreTry()
    {
        Probation probation;
        failing(probation, 1000, start);
        const auto later = start + 60s;
        for (int i = 0; i < Probation::few; ++i)
            QVERIFY(probation.begin(one, later));
        QVERIFY(!probation.begin(one, later));
        for (int i = 0; i < 3; ++i)
            probation.prove(one);
        for (int i = 0; i < 6; ++i)
            QVERIFY(probation.begin(one, later));
        QVERIFY(!probation.begin(one, later));
        probation.end(one, true); // one less goes well
        QVERIFY(!probation.begin(one, later));
        probation.end(one, false);
        QVERIFY(!probation.begin(one, later));
        probation.end(one, false);
        QVERIFY(probation.begin(one, later));
    }

    // What has failed beside many healthy calls is no debt of minutes when those are over.
    void whatIsUnpaidEndsWithTheHealthyCalls()
    {
        Probation probation;
        constexpr int healthy = 200;
        for (int i = 0; i < healthy; ++i) {
            QVERIFY(probation.begin(one, start));
            probation.prove(one);
        }
        QVERIFY(failing(probation, 1, start) == 1); // is on probation from here on
        QVERIFY(failing(probation, 2 * healthy, start) >= healthy);
        QVERIFY(!probation.begin(one, start));
        for (int i = 0; i < healthy; ++i)
            probation.end(one, true);
        QVERIFY(!probation.begin(one, start));
        QVERIFY(probation.begin(one, start + Probation::few * Probation::spacing));
    }

    void aProvenCallMayFail()
    {
        Probation probation;
        for (int i = 0; i < 20; ++i) {
            QVERIFY(probation.begin(one, start));
            probation.prove(one);
        }
        for (int i = 0; i < 20; ++i)
            probation.fail(one, true, start);
        QVERIFY(!probation.begin(one, start));
    }

    void aFullTableKeepsNobodyOut()
    {
        Probation probation;
        const auto fail = [&](const QHostAddress &network) {
            for (int i = 0; i < 2 * Probation::few; ++i) {
                if (probation.begin(network, start))
                    probation.fail(network, false, start);
            }
        };
        for (quint32 i = 1; i <= quint32(Probation::maxNetworks); ++i)
            fail(QHostAddress(i));
        QVERIFY(!probation.begin(QHostAddress(quint32(1)), start)); // is known
        fail(one); // finds no room
        QVERIFY(probation.begin(one, start));
        probation.end(one, false);
        const auto later = start + 30s; // the others are forgotten
        QVERIFY(probation.begin(other, later));
        for (int i = 0; i < 2 * Probation::few; ++i) {
            if (probation.begin(one, later))
                probation.fail(one, false, later);
        }
        QVERIFY(!probation.begin(one, later));
    }
};

RELAY_TEST(TestProbation)
#include "tst_probation.moc"
