// SPDX-License-Identifier: MIT
#include "core/monitor/troubles.h"

#include "tests/support/relaytest.h"

#include <QSet>
#include <QTest>

#include <chrono>

using namespace rr;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

using enum TroubleCode;

namespace {

const Moment start{QDateTime::fromString(u"2026-11-23T10:00:00Z"_s, Qt::ISODate), 1h};

Moment after(qint64 seconds)
{
    return start + std::chrono::seconds(seconds);
}

QList<TroubleCode> codes(const QList<Trouble> &troubles)
{
    QList<TroubleCode> result;
    for (const Trouble &trouble : troubles)
        result.append(trouble.code);
    return result;
}

using Codes = QList<TroubleCode>;

} // namespace

class tst_Troubles : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void namesAreUnique()
    {
        QSet<QString> names;
        for (const QLatin1String name : troubleNames)
            names.insert(name);
        QCOMPARE(names.size(), qsizetype(troubleNames.size()));
        QCOMPARE(nameOf(UpstreamRefused), "upstream_refused"_L1);
        QCOMPARE(nameOf(JournalLost), "journal_lost"_L1);
        QCOMPARE(nameOf(Severity::Error), "error"_L1);
    }

    void nothingAtFirst() { QVERIFY(Troubles().current(start).isEmpty()); }

    void isToldUntilItIsCleared()
    {
        Troubles troubles;
        troubles.report(NotListening, "Why.", start);
        const QList<Trouble> current = troubles.current(start);
        QCOMPARE(current.size(), 1);
        QCOMPARE(current[0].code, NotListening);
        QCOMPARE(current[0].severity, Severity::Error);
        QVERIFY(!current[0].title.isEmpty());
        QCOMPARE(current[0].text, Sentence("Why."));
        QCOMPARE(current[0].since, start.utc);
        QCOMPARE(codes(troubles.current(after(86'400))), Codes{NotListening});
        troubles.clear(NotListening);
        QVERIFY(troubles.current(after(86'401)).isEmpty());
    }

    void whatPassesByItselfIsNotTold()
    {
        Troubles troubles;
        troubles.report(UpstreamUnreachable, "Why.", start);
        QVERIFY(troubles.current(after(1)).isEmpty());
        troubles.clear(UpstreamUnreachable);
        QVERIFY(troubles.current(after(60)).isEmpty());
        troubles.report(UpstreamUnreachable, "Why.", after(60));
        QVERIFY(troubles.current(after(61)).isEmpty()); // counted anew
        QCOMPARE(codes(troubles.current(after(62))), Codes{UpstreamUnreachable});
    }

    void beginsOnceAndTellsTheLastOfIt()
    {
        Troubles troubles;
        troubles.report(UpstreamRefused, "First.", start);
        troubles.report(UpstreamRefused, "Second.", after(30));
        const Trouble trouble = troubles.current(after(31)).value(0);
        QCOMPARE(trouble.since, start.utc);
        QCOMPARE(trouble.text, Sentence("Second."));
        QCOMPARE(trouble.times, 2);
    }

    void isOverWhenItIsNotSeenAgain()
    {
        Troubles troubles;
        troubles.report(RelayFull, "Why.", start);
        troubles.report(RelayFull, "Why.", after(50));
        QCOMPARE(codes(troubles.current(after(109))), Codes{RelayFull});
        QVERIFY(troubles.current(after(110)).isEmpty());
        troubles.report(RelayFull, "Why.", after(200));
        QCOMPARE(troubles.current(after(200)).value(0).since, after(200).utc);
        QCOMPARE(troubles.current(after(200)).value(0).times, 1);
    }

    // A stranger who tries it once, now and then, is none.
    void whatHasToRepeatIsToldWhenItDoes()
    {
        Troubles troubles;
        for (int i = 0; i < 2; ++i)
            troubles.report(TlsOnPlainPort, "Why.", after(i));
        QVERIFY(troubles.current(after(2)).isEmpty());
        for (int i = 0; i < 5; ++i) // too seldom
            troubles.report(TlsOnPlainPort, "Why.", after(1000 * (i + 1)));
        QVERIFY(troubles.current(after(5000)).isEmpty());
        for (int i = 0; i < 2; ++i)
            troubles.report(TlsOnPlainPort, "Why.", after(5001 + i));
        QCOMPARE(codes(troubles.current(after(5003))), Codes{TlsOnPlainPort});
        QCOMPARE(troubles.current(after(5003))[0].since, after(5000).utc);
        QVERIFY(troubles.current(after(5303)).isEmpty());
    }

    void theCauseExplainsTheRest()
    {
        Troubles troubles;
        troubles.report(UpstreamLost, "Why.", start);
        troubles.report(UpstreamUnreachable, "Why.", start);
        QCOMPARE(codes(troubles.current(after(1))), Codes{UpstreamLost}); // the cause is not told yet
        QCOMPARE(codes(troubles.current(after(2))), Codes{UpstreamUnreachable});
        troubles.report(NotListening, "Why.", after(3));
        QCOMPARE(codes(troubles.current(after(3))), Codes{NotListening});
        troubles.clear(NotListening);
        troubles.clear(UpstreamUnreachable);
        QCOMPARE(codes(troubles.current(after(4))), Codes{UpstreamLost});
    }

    void theWorstComesFirst()
    {
        Troubles troubles;
        troubles.report(JournalLost, "Why.", start);
        troubles.report(OriginRefused, "Why.", start);
        troubles.report(AcceptFailed, "Why.", start);
        QCOMPARE(codes(troubles.current(start)), (Codes{AcceptFailed, OriginRefused, JournalLost}));
    }

    void certificate_data()
    {
        QTest::addColumn<qint64>("days");
        QTest::addColumn<Codes>("expected");
        QTest::addColumn<QString>("says");
        QTest::newRow("fresh") << qint64(15) << Codes{} << QString();
        QTest::newRow("two weeks") << qint64(14) << Codes{CertificateExpires} << u"in 14 days"_s;
        QTest::newRow("two days") << qint64(2) << Codes{CertificateExpires} << u"in 2 days"_s;
        QTest::newRow("a day") << qint64(1) << Codes{CertificateExpires} << u"within a day"_s;
        QTest::newRow("expired") << qint64(0) << Codes{CertificateExpired} << u"new certificate"_s;
        QTest::newRow("long ago") << qint64(-400) << Codes{CertificateExpired} << u"new certificate"_s;
    }
    void certificate()
    {
        QFETCH(qint64, days);
        QFETCH(QString, says);
        Troubles troubles;
        troubles.setCertificateExpiry(start.utc.addDays(days));
        const QList<Trouble> current = troubles.current(start);
        QTEST(codes(current), "expected");
        QVERIFY(current.isEmpty() || plain(current[0].text).contains(says));
        QVERIFY(current.isEmpty() || current[0].since <= start.utc);
        troubles.setCertificateExpiry({});
        QVERIFY(troubles.current(start).isEmpty());
    }

    void tellsOfWhomItIs()
    {
        Troubles troubles;
        troubles.report(OriginRefused, u"https://a.example"_s, "Of a.", start);
        troubles.report(OriginRefused, u"https://b.example"_s, "Of b.", after(1));
        troubles.report(OriginRefused, u"https://a.example"_s, "Of a again.", after(2));
        const Trouble trouble = troubles.current(after(3)).value(0);
        QCOMPARE(trouble.times, 3);
        QCOMPARE(trouble.since, start.utc);
        QCOMPARE(trouble.text, Sentence("Of a again.")); // the last
        // In the order of their coming, so that a button stays where it is while somebody aims at it.
        QCOMPARE(trouble.subjects,
            (QList<TroubleSubject>{
                {u"https://a.example"_s, 2, after(2).utc}, {u"https://b.example"_s, 1, after(1).utc}}));
    }

    void isOverWhenItIsOverForEach()
    {
        Troubles troubles;
        troubles.report(KeyRefused, u"192.0.2.1"_s, "One.", start);
        troubles.report(KeyRefused, u"192.0.2.2"_s, "Two.", after(1));
        troubles.clear(KeyRefused, u"192.0.2.9"_s);
        QCOMPARE(troubles.current(after(5)).value(0).subjects.size(), 2);
        troubles.clear(KeyRefused, u"192.0.2.2"_s);
        const Trouble trouble = troubles.current(after(5)).value(0);
        QCOMPARE(trouble.subjects.size(), 1);
        QCOMPARE(trouble.text, Sentence("One."));
        troubles.clear(KeyRefused, [](const QString &subject) { return subject == "192.0.2.1"_L1; });
        QVERIFY(troubles.current(after(5)).isEmpty());
        troubles.report(RelayFull, "Why.", start);
        troubles.clear(RelayFull, u"192.0.2.1"_s); // which is of nobody alone
        QCOMPARE(codes(troubles.current(start)), Codes{RelayFull});
    }

    void whoIsNotHeardOfIsForgotten()
    {
        Troubles troubles;
        troubles.report(OriginRefused, u"https://a.example"_s, "A.", start);
        troubles.report(OriginRefused, u"https://b.example"_s, "B.", after(200));
        const Trouble trouble = troubles.current(after(301)).value(0);
        QCOMPARE(trouble.subjects.size(), 1);
        QCOMPARE(trouble.subjects.value(0).name, u"https://b.example"_s);
        QVERIFY(troubles.current(after(500)).isEmpty());
    }

    void strangersTakeNoMemory()
    {
        Troubles troubles;
        troubles.report(OriginRefused, u"https://mine.example"_s, "M.", start);
        for (int i = 0; i < 1'000; ++i) {
            troubles.report(OriginRefused, u"https://%1.example"_s.arg(i), "S.", after(1));
            troubles.report(OriginRefused, u"https://mine.example"_s, "M.", after(2));
        }
        const Trouble trouble = troubles.current(after(3)).value(0);
        QCOMPARE(trouble.times, 2'001);
        QCOMPARE(trouble.subjects.size(), Troubles::mostSubjects);
        QCOMPARE(trouble.subjects[0], (TroubleSubject{u"https://mine.example"_s, 1'001, after(2).utc}));
        QCOMPARE(trouble.subjects.last().name, u"https://999.example"_s);
    }

    void changesAreTakenOnce()
    {
        Troubles troubles;
        QVERIFY(troubles.takeChanges(start).begun.isEmpty());
        troubles.report(UpstreamUnreachable, "Why.", start);
        QVERIFY(troubles.takeChanges(after(1)).begun.isEmpty()); // it may pass
        QCOMPARE(codes(troubles.takeChanges(after(2)).begun), Codes{UpstreamUnreachable});
        troubles.report(UpstreamUnreachable, "Why.", after(3));
        QVERIFY(troubles.takeChanges(after(4)).begun.isEmpty());
        // What the relay's own silence explains goes on behind it.
        troubles.report(NotListening, "Why.", after(5));
        Troubles::Changes changes = troubles.takeChanges(after(5));
        QCOMPARE(codes(changes.begun), Codes{NotListening});
        QVERIFY(changes.ended.isEmpty());
        troubles.clear(NotListening);
        changes = troubles.takeChanges(after(6));
        QVERIFY(changes.begun.isEmpty());
        QCOMPARE(codes(changes.ended), Codes{NotListening});
        troubles.clear(UpstreamUnreachable);
        QCOMPARE(codes(troubles.takeChanges(after(7)).ended), Codes{UpstreamUnreachable});
        QVERIFY(troubles.takeChanges(after(8)).ended.isEmpty());
    }

    void aClockThatIsSetChangesNothing_data()
    {
        QTest::addColumn<int>("years");
        QTest::newRow("forward") << 10;
        QTest::newRow("back") << -10;
    }
    void aClockThatIsSetChangesNothing()
    {
        QFETCH(int, years);
        const auto set = [years](Moment moment) {
            moment.utc = moment.utc.addYears(years);
            return moment;
        };
        Troubles troubles;
        troubles.report(UpstreamUnreachable, "Why.", start);
        troubles.report(RelayFull, "Why.", start);
        troubles.report(OriginRefused, u"https://a.example"_s, "A.", start);
        QCOMPARE(codes(troubles.current(set(after(1)))), (Codes{RelayFull, OriginRefused}));
        QCOMPARE(
            codes(troubles.current(set(after(59)))), (Codes{UpstreamUnreachable, RelayFull, OriginRefused}));
        QCOMPARE(codes(troubles.current(set(after(60)))), (Codes{UpstreamUnreachable, OriginRefused}));
        QCOMPARE(codes(troubles.current(set(after(300)))), Codes{UpstreamUnreachable});
        QCOMPARE(troubles.current(set(after(300)))[0].steadySince, start.steady);
    }

    void aRelayThatIsOffHasNone()
    {
        Troubles troubles;
        troubles.report(NotListening, "Why.", start);
        troubles.setCertificateExpiry(start.utc);
        QCOMPARE(troubles.takeChanges(start).begun.size(), 2);
        troubles.clearAll();
        QVERIFY(troubles.current(start).isEmpty());
        QVERIFY(troubles.takeChanges(start).ended.isEmpty());
    }
};

RELAY_TEST(tst_Troubles)
#include "tst_troubles.moc"
