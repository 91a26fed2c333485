// SPDX-License-Identifier: MIT
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

} // namespace

class TestNotices : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void firstCallAfterAQuietTime()
    {
        Notices notices;
        QVERIFY(notices.next(at(0, 0), {}).isEmpty());
        const auto first = notices.next(at(1, 1), {});
        QCOMPARE(first.size(), 1);
        QCOMPARE(first.first().kind, Notice::FirstCall);
        QVERIFY(notices.next(at(2, 2), {}).isEmpty());
        QVERIFY(notices.next(at(3, 0), {}).isEmpty());
        QVERIFY(notices.next(at(60, 1), {}).isEmpty());
        QVERIFY(notices.next(at(60 + Notices::quietSeconds - 1, 0), {}).isEmpty());
        QCOMPARE(notices.next(at(61 + Notices::quietSeconds, 1), {}).size(), 1);
    }

    void aCallThatNoSnapshotSaw()
    {
        Notices notices;
        Snapshot snapshot = at(0, 0);
        QVERIFY(notices.next(snapshot, {}).isEmpty());
        snapshot.totalConnections = 1;
        QCOMPARE(notices.next(snapshot, {}).size(), 1);
        snapshot.takenAt = snapshot.takenAt.addSecs(Notices::quietSeconds);
        QVERIFY(notices.next(snapshot, {}).isEmpty());
        snapshot.totalConnections = 0; // the relay has started anew
        QVERIFY(notices.next(snapshot, {}).isEmpty());
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
        notices.next(on, {});
        QVERIFY(notices.failedStart(reason, at(5 + Notices::repeatSeconds, 0)));
    }

    void aLongCallIsNoNewOne()
    {
        Notices notices;
        notices.next(at(0, 1), {});
        for (int second = 1; second < 3 * Notices::quietSeconds; ++second)
            QVERIFY(notices.next(at(second, 1), {}).isEmpty());
    }

    void troubleIsRepeatedRarely()
    {
        Notices notices;
        Troubles troubles;
        troubles.upstream = QStringLiteral("No address was found.");
        int shown = 0;
        for (int second = 0; second < 2 * Notices::repeatSeconds; ++second)
            shown += int(notices.next(at(second, 0), troubles).size());
        QCOMPARE(shown, 2);
    }

    void limitReached()
    {
        Notices notices;
        Troubles troubles;
        troubles.lastFull = start.addSecs(5);
        QCOMPARE(notices.next(at(5, 0), troubles).size(), 1);
        QVERIFY(notices.next(at(6, 0), troubles).isEmpty());
        troubles.lastFull = start.addSecs(20);
        QVERIFY(notices.next(at(20, 0), troubles).isEmpty());
        QVERIFY(notices.next(at(1'000, 0), troubles).isEmpty());
        troubles.lastFull = start.addSecs(1'100);
        QCOMPARE(notices.next(at(1'100, 0), troubles).size(), 1);
    }
};

QTEST_GUILESS_MAIN(TestNotices)
#include "tst_notices.moc"
