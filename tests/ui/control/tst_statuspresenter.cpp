// SPDX-License-Identifier: MIT
#include "ui/control/statuspresenter.h"

#include <QTest>

using namespace rr;

Q_DECLARE_METATYPE(rr::StatusInput)

namespace {

const QDateTime now = QDateTime::fromString(QStringLiteral("2026-11-23T10:00:00Z"), Qt::ISODate);

StatusInput input(RelayState state, qint64 calls = 0)
{
    StatusInput input;
    input.snapshot.state = state;
    input.snapshot.activeConnections = calls;
    input.port = 8080;
    input.now = now;
    return input;
}

StatusInput failed(const char *code)
{
    StatusInput result = input(RelayState::Stopped);
    result.error = RelayError{code, "port", QStringLiteral("Detail.")};
    return result;
}

StatusInput withTroubles(const Troubles &troubles)
{
    StatusInput result = input(RelayState::Running);
    result.troubles = troubles;
    return result;
}

} // namespace

class TestStatusPresenter : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void icon_data()
    {
        QTest::addColumn<StatusInput>("status");
        QTest::addColumn<IconState>("icon");
        QTest::addColumn<bool>("starts");
        QTest::addColumn<int>("problems");
        Troubles upstream;
        upstream.upstream = QStringLiteral("No.");
        Troubles expired;
        expired.certificateExpiry = now.addDays(-1);
        Troubles expiring;
        expiring.certificateExpiry = now.addDays(13);
        Troubles fresh;
        fresh.certificateExpiry = now.addDays(15);
        Troubles full;
        full.lastFull = now.addSecs(-10);
        Troubles fullOnce;
        fullOnce.lastFull = now.addSecs(-120);

        QTest::newRow("off") << input(RelayState::Stopped) << IconState::Off << true << 0;
        QTest::newRow("idle") << input(RelayState::Running) << IconState::Idle << false << 0;
        QTest::newRow("calls") << input(RelayState::Running, 3) << IconState::Live << false << 0;
        QTest::newRow("draining") << input(RelayState::Draining, 3) << IconState::Live << false << 0;
        QTest::newRow("not started") << failed("port_in_use") << IconState::OffAttention << true << 1;
        QTest::newRow("upstream fails") << withTroubles(upstream) << IconState::OnAttention << false << 1;
        QTest::newRow("certificate expired") << withTroubles(expired) << IconState::OnAttention << false << 1;
        QTest::newRow("certificate expires")
            << withTroubles(expiring) << IconState::OnAttention << false << 1;
        QTest::newRow("certificate fresh") << withTroubles(fresh) << IconState::Idle << false << 0;
        QTest::newRow("full") << withTroubles(full) << IconState::OnAttention << false << 1;
        StatusInput offAndExpired = input(RelayState::Stopped);
        offAndExpired.troubles = expired;
        QTest::newRow("off, certificate expired") << offAndExpired << IconState::OffAttention << true << 1;
        QTest::newRow("was full") << withTroubles(fullOnce) << IconState::Idle << false << 0;
    }
    void icon()
    {
        QFETCH(StatusInput, status);
        const StatusView view = presentStatus(status);
        QTEST(view.icon, "icon");
        QTEST(view.starts, "starts");
        QTEST(int(view.problems.size()), "problems");
        QVERIFY(!view.sentence.isEmpty());
        QVERIFY(!view.statusLine.isEmpty());
        QVERIFY(!view.action.isEmpty());
        for (const Problem &problem : view.problems) {
            QVERIFY(!problem.text.isEmpty());
            QVERIFY(!problem.nextStep.isEmpty());
        }
    }

    void fix_data()
    {
        QTest::addColumn<QByteArray>("code");
        QTest::addColumn<Problem::Fix>("fix");
        QTest::newRow("port") << QByteArray("port_in_use") << Problem::AnotherPort;
        QTest::newRow("permission") << QByteArray("permission_denied") << Problem::AnotherPort;
        QTest::newRow("address") << QByteArray("address_not_available") << Problem::OpenSettings;
        QTest::newRow("TLS") << QByteArray("tls_files") << Problem::OpenSettings;
        QTest::newRow("settings") << QByteArray("settings") << Problem::OpenSettings;
        QTest::newRow("unknown") << QByteArray("something") << Problem::OpenSettings;
    }
    void fix()
    {
        QFETCH(QByteArray, code);
        const Problem problem = presentStatus(failed(code.constData())).problems.first();
        QTEST(problem.fix, "fix");
        QCOMPARE(problem.setting, QByteArray("port"));
    }

    void tooltipTellsWhatIsAskedFor()
    {
        StatusInput status = input(RelayState::Running, 2);
        status.address = QUrl(QStringLiteral("ws://127.0.0.1:8080/realtime"));
        status.snapshot.totalConnections = 7;
        status.snapshot.up.messages = 40;
        status.snapshot.down.messages = 2;
        const QString tooltip = presentStatus(status).tooltip;
        QVERIFY2(tooltip.contains(QLatin1String("ws://127.0.0.1:8080/realtime")), qPrintable(tooltip));
        QVERIFY2(tooltip.contains(QLatin1String("42")), qPrintable(tooltip));
        QVERIFY2(tooltip.contains(QLatin1Char('7')), qPrintable(tooltip));
    }

    void badgeIsTheNumberOfCalls() { QCOMPARE(presentStatus(input(RelayState::Running, 12)).badge, 12); }
};

QTEST_GUILESS_MAIN(TestStatusPresenter)
#include "tst_statuspresenter.moc"
