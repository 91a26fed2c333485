// SPDX-License-Identifier: MIT
#include "tests/support/relaytest.h"
#include "ui/tray/notices.h"

#include <QTest>

using namespace rr;

namespace {

const QDateTime start = QDateTime::fromString(QStringLiteral("2026-11-23T10:00:00Z"), Qt::ISODate);

Snapshot at(qint64 seconds, qint64 calls)
{
    Snapshot snapshot;
    snapshot.takenAt = start.addSecs(seconds);
    snapshot.activeConnections = calls;
    return snapshot;
}

Snapshot troubled(qint64 seconds, TroubleCode code, Severity severity = Severity::Error)
{
    Snapshot snapshot = at(seconds, 0);
    snapshot.state = RelayState::Running;
    snapshot.troubles = {{code, severity, "Title.", "Text.", snapshot.takenAt}};
    return snapshot;
}

} // namespace

class TestNotices : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void firstCallAfterAQuietTime()
    {
        Notices notices;
        QVERIFY(notices.next(at(0, 0)).isEmpty());
        const auto first = notices.next(at(1, 1));
        QCOMPARE(first.size(), 1);
        QCOMPARE(first.first().kind, Notice::FirstCall);
        QVERIFY(notices.next(at(2, 2)).isEmpty());
        QVERIFY(notices.next(at(3, 0)).isEmpty());
        QVERIFY(notices.next(at(60, 1)).isEmpty());
        QVERIFY(notices.next(at(60 + Notices::quietSeconds - 1, 0)).isEmpty());
        QCOMPARE(notices.next(at(61 + Notices::quietSeconds, 1)).size(), 1);
    }

    void aCallThatNoSnapshotSaw()
    {
        Notices notices;
        Snapshot snapshot = at(0, 0);
        QVERIFY(notices.next(snapshot).isEmpty());
        snapshot.totalConnections = 1;
        QCOMPARE(notices.next(snapshot).size(), 1);
        snapshot.takenAt = snapshot.takenAt.addSecs(Notices::quietSeconds);
        QVERIFY(notices.next(snapshot).isEmpty());
        snapshot.totalConnections = 0; // the relay has started anew
        QVERIFY(notices.next(snapshot).isEmpty());
    }

    void aFailedStartIsRepeatedRarely()
    {
        Notices notices;
        const QString reason = QStringLiteral("Port 8080 is in use.");
        QVERIFY(notices.failedStart(reason, at(0, 0)));
        QVERIFY(!notices.failedStart(reason, at(1, 0)));
        QVERIFY(notices.failedStart(QStringLiteral("Another reason."), at(2, 0)));
        QVERIFY(notices.failedStart(reason, at(3, 0)));
        QVERIFY(notices.failedStart(reason, at(3 + Notices::repeatSeconds, 0)));
        Snapshot on = at(4 + Notices::repeatSeconds, 0);
        on.state = RelayState::Running;
        notices.next(on);
        QVERIFY(notices.failedStart(reason, at(5 + Notices::repeatSeconds, 0)));
    }

    void aBudgetIsToldOnceWhileItIsSpent()
    {
        Notices notices;
        const auto spent = [](qint64 seconds, const QStringList &tokens) {
            Snapshot snapshot = troubled(seconds, TroubleCode::BudgetSpent, Severity::Warning);
            for (const QString &token : tokens)
                snapshot.troubles[0].subjects.append({token, 1, snapshot.takenAt});
            return snapshot;
        };
        const QString demo = QStringLiteral("Demo");
        const QString fair = QStringLiteral("Fair");
        QCOMPARE(notices.next(spent(0, {demo})).size(), 1);
        QVERIFY(notices.next(spent(1, {demo})).isEmpty());
        QVERIFY(
            notices.next(spent(20 * Notices::repeatSeconds, {demo})).isEmpty()); // it stays so until midnight
        const auto both = notices.next(spent(20 * Notices::repeatSeconds + 1, {demo, fair}));
        QCOMPARE(both.size(), 1);
        QCOMPARE(both.first().text, QStringLiteral("Text."));
        QVERIFY(notices.next(at(20 * Notices::repeatSeconds + 2, 0)).isEmpty()); // midnight
        const auto again = notices.next(spent(20 * Notices::repeatSeconds + 3, {demo, fair}));
        QCOMPARE(again.size(), 1);
        QCOMPARE(again.first().text, QStringLiteral("Text.\nAccess tokens: Demo, Fair"));
    }

    /// At four fifths and at its end a budget is told of, each for itself.
    void aBudgetThatIsNearlySpentIsTold()
    {
        Notices notices;
        const auto nearly = [](qint64 seconds, const QStringList &tokens) {
            Snapshot snapshot = troubled(seconds, TroubleCode::BudgetNearlySpent, Severity::Warning);
            for (const QString &token : tokens)
                snapshot.troubles[0].subjects.append({token, 1, snapshot.takenAt});
            return snapshot;
        };
        const QString demo = QStringLiteral("Demo");
        const QString fair = QStringLiteral("Fair");
        const auto first = notices.next(nearly(0, {demo}));
        QCOMPARE(first.size(), 1);
        QCOMPARE(first.first().kind, Notice::NewTrouble);
        QCOMPARE(first.first().title, QStringLiteral("Title."));
        QVERIFY(notices.next(nearly(1, {demo})).isEmpty());
        QVERIFY(notices.next(nearly(20 * Notices::repeatSeconds, {demo})).isEmpty()); // until midnight
        QCOMPARE(notices.next(nearly(20 * Notices::repeatSeconds + 1, {demo, fair})).size(), 1);
        // That one of them is spent now is news, that the other is nearly is none.
        Snapshot both = nearly(20 * Notices::repeatSeconds + 2, {fair});
        both.troubles.append(troubled(0, TroubleCode::BudgetSpent, Severity::Warning).troubles);
        both.troubles[1].title = "Spent.";
        both.troubles[1].subjects = {{demo, 1, both.takenAt}};
        const auto spent = notices.next(both);
        QCOMPARE(spent.size(), 1);
        QCOMPARE(spent.first().title, QStringLiteral("Spent."));
    }

    void aLongCallIsNoNewOne()
    {
        Notices notices;
        notices.next(at(0, 1));
        for (int second = 1; second < 3 * Notices::quietSeconds; ++second)
            QVERIFY(notices.next(at(second, 1)).isEmpty());
    }

    void troubleIsRepeatedRarely()
    {
        Notices notices;
        int shown = 0;
        for (int second = 0; second < 2 * Notices::repeatSeconds; ++second)
            shown += int(notices.next(troubled(second, TroubleCode::UpstreamUnreachable)).size());
        QCOMPARE(shown, 2);
    }

    void eachTroubleIsToldForItself()
    {
        Notices notices;
        const auto first = notices.next(troubled(0, TroubleCode::UpstreamUnreachable));
        QCOMPARE(first.size(), 1);
        QCOMPARE(first[0].kind, Notice::NewTrouble);
        QCOMPARE(first[0].title, QStringLiteral("Title."));
        QCOMPARE(first[0].text, QStringLiteral("Text."));
        QCOMPARE(notices.next(troubled(1, TroubleCode::RelayFull)).size(), 1);
        QVERIFY(notices.next(troubled(2, TroubleCode::UpstreamUnreachable)).isEmpty());
    }

    void aNoteIsNone()
    {
        Notices notices;
        QVERIFY(notices.next(troubled(0, TroubleCode::OriginRefused, Severity::Note)).isEmpty());
    }

    void aPageThatWasTurnedAway()
    {
        Notices notices;
        const auto refused = [](qint64 seconds, const QStringList &origins) {
            Snapshot snapshot = troubled(seconds, TroubleCode::OriginRefused, Severity::Note);
            for (const QString &origin : origins)
                snapshot.troubles.first().subjects.append({origin, 1, snapshot.takenAt});
            return snapshot;
        };
        const QString app = QStringLiteral("https://app.example.org");
        const QString other = QStringLiteral("https://other.example.org");
        const auto first = notices.next(refused(0, {QStringLiteral("null"), app, other}));
        QCOMPARE(first.size(), 1); // the first cannot be allowed
        QCOMPARE(first[0].kind, Notice::PageTurnedAway);
        QVERIFY2(first[0].text.contains(app), qPrintable(first[0].text));
        QVERIFY(notices.next(refused(1, {app, other})).isEmpty());
        const auto second = notices.next(refused(Notices::pageSeconds, {app, other}));
        QCOMPARE(second.size(), 1);
        QVERIFY2(second[0].text.contains(other), qPrintable(second[0].text));
        QVERIFY(notices.next(refused(2 * Notices::pageSeconds, {app, other})).isEmpty());
        QCOMPARE(notices.next(refused(Notices::repeatSeconds, {app})).size(), 1);
        Snapshot quiet = refused(1, {app}); // since the first second nobody has asked
        quiet.takenAt = start.addSecs(3 * Notices::repeatSeconds);
        QVERIFY(notices.next(quiet).isEmpty());
    }

    void aPageThatCameWithTheLink()
    {
        Notices notices;
        const QString app = QStringLiteral("https://app.example.org");
        const auto refused = [&app](qint64 seconds) {
            Snapshot snapshot = troubled(seconds, TroubleCode::OriginRefused, Severity::Note);
            snapshot.troubles.first().subjects = {{app, 1, snapshot.takenAt}};
            snapshot.troubles.append(snapshot.troubles.first());
            snapshot.troubles.last().code = TroubleCode::ShareOriginRefused;
            return snapshot;
        };
        QVERIFY2(
            !notices.next(refused(0)).value(0).text.contains(QLatin1String("link")), "of the settings first");
        const auto second = notices.next(refused(Notices::pageSeconds));
        QCOMPARE(second.size(), 1);
        QCOMPARE(second[0].kind, Notice::PageTurnedAway);
        QVERIFY2(
            second[0].text.contains(app + QStringLiteral(" came with the link")), qPrintable(second[0].text));
        QVERIFY(notices.next(refused(2 * Notices::pageSeconds)).isEmpty()); // each is told for itself, once
    }

    /// ShareNotices tell it, and what became of it.
    void whatIsSharedIsToldElsewhere()
    {
        Notices notices;
        QVERIFY(notices.next(troubled(0, TroubleCode::ShareBroken, Severity::Warning)).isEmpty());
        QCOMPARE(notices.next(troubled(1, TroubleCode::RelayFull, Severity::Warning)).size(), 1);
    }

    /// failedStart() is asked for that, whenever it happens.
    void aStartThatFailedIsToldOtherwise()
    {
        Notices notices;
        Snapshot snapshot = troubled(0, TroubleCode::NotListening);
        snapshot.state = RelayState::Stopped;
        QVERIFY(notices.next(snapshot).isEmpty());
        snapshot.state = RelayState::Running;
        QCOMPARE(notices.next(snapshot).size(), 1);
    }
};

RELAY_TEST(TestNotices)
#include "tst_notices.moc"
