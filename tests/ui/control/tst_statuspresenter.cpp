// SPDX-License-Identifier: MIT
#include "core/config/settingstable.h"
#include "tests/support/relaytest.h"
#include "ui/control/statuspresenter.h"

#include <QTest>

using namespace rr;
using namespace Qt::StringLiterals;

Q_DECLARE_METATYPE(rr::StatusInput)

namespace {

const QDateTime now = QDateTime::fromString(QStringLiteral("2026-11-23T10:00:00Z"), Qt::ISODate);

StatusInput input(RelayState state, qint64 calls = 0)
{
    StatusInput input;
    input.snapshot.state = state;
    input.snapshot.activeConnections = calls;
    input.port = 8080;
    return input;
}

/// Whose upstream is known to take calls.
StatusInput works(RelayState state, qint64 calls = 0)
{
    StatusInput result = input(state, calls);
    result.snapshot.takenAt = now;
    result.snapshot.upstreamAnsweredAt = now;
    result.upstream = QStringLiteral("api.example.org");
    return result;
}

StatusInput failed(const char *code)
{
    StatusInput result = input(RelayState::Stopped);
    result.error = RelayError{code, "port", "Detail."};
    return result;
}

StatusInput withTrouble(TroubleCode code, Severity severity, RelayState state = RelayState::Running)
{
    StatusInput result = works(state);
    result.snapshot.troubles = {{code, severity, "Title.", "Text.", {}}};
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
        using enum TroubleCode;
        using enum Severity;
        QTest::newRow("off") << input(RelayState::Stopped) << IconState::Off << true << 0;
        QTest::newRow("not checked") << input(RelayState::Running) << IconState::Unchecked << false << 0;
        QTest::newRow("dialling") << input(RelayState::Running, 1) << IconState::Unchecked << false << 0;
        QTest::newRow("idle") << works(RelayState::Running) << IconState::Idle << false << 0;
        QTest::newRow("calls") << works(RelayState::Running, 3) << IconState::Live << false << 0;
        QTest::newRow("draining") << input(RelayState::Draining, 3) << IconState::Live << false << 0;
        QTest::newRow("not started") << failed("port_in_use") << IconState::OffAttention << true << 1;
        QTest::newRow("an error") << withTrouble(UpstreamUnreachable, Error) << IconState::Failing << false
                                  << 1;
        StatusInput unproven = withTrouble(RelayFull, Warning);
        unproven.snapshot.upstreamAnsweredAt = {};
        QTest::newRow("a warning, not checked") << unproven << IconState::Failing << false << 1;
        QTest::newRow("draining, a warning") << withTrouble(UpstreamLost, Warning, RelayState::Draining)
                                             << IconState::OffAttention << false << 1;
        QTest::newRow("a warning") << withTrouble(RelayFull, Warning) << IconState::OnAttention << false << 1;
        QTest::newRow("a note") << withTrouble(OriginRefused, Note) << IconState::Idle << false << 1;
        StatusInput notStarted = failed("port_in_use");
        notStarted.snapshot.troubles = {{NotListening, Error, "Title.", "Text.", {}}};
        QTest::newRow("told once") << notStarted << IconState::OffAttention << true << 1;
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
        QVERIFY2(view.tooltip.contains(view.statusLine), qPrintable(view.tooltip));
        for (const Problem &problem : view.problems) {
            QVERIFY(!problem.text.isEmpty());
            QVERIFY(!problem.nextStep.isEmpty());
        }
    }

    /// The headline, the menu's line and the tooltip tell the same story.
    void words_data()
    {
        QTest::addColumn<StatusInput>("status");
        QTest::addColumn<QString>("sentence");
        QTest::addColumn<QString>("line");
        const auto row
            = [](const char *name, const StatusInput &status, const char *sentence, const char *line) {
                  QTest::newRow(name) << status << QString::fromLatin1(sentence) << QString::fromLatin1(line);
              };
        using enum TroubleCode;
        using enum Severity;
        row("works", works(RelayState::Running), "works and waits", "Works, no calls");
        row("works, calls", works(RelayState::Running, 3), "works, with 3 call(s)", "Works, 3 call(s)");
        StatusInput unproven = input(RelayState::Running);
        unproven.upstream = QStringLiteral("api.example.org");
        row("not checked", unproven, "whether it reaches api.example.org is not checked yet",
            "On, not checked yet");
        row("unreachable", withTrouble(UpstreamUnreachable, Error), "cannot reach api.example.org",
            "Cannot reach api.example.org");
        StatusInput calls = withTrouble(UpstreamUnreachable, Error);
        calls.snapshot.activeConnections = 2;
        row("unreachable, calls", calls, "cannot reach", "Cannot reach api.example.org (2 call(s))");
        row("refused", withTrouble(UpstreamRefused, Error), "api.example.org refuses calls",
            "api.example.org refuses calls");
        row("another error", withTrouble(AcceptFailed, Error), "calls do not work", "Title");
        row("a warning", withTrouble(UpstreamLost, Warning), "needs attention", "Title");
        row("a note", withTrouble(OriginRefused, Note), "works and waits", "Works, no calls");
    }
    void words()
    {
        QFETCH(StatusInput, status);
        QFETCH(QString, sentence);
        const StatusView view = presentStatus(status);
        QVERIFY2(view.sentence.contains(sentence), qPrintable(view.sentence));
        QTEST(view.statusLine, "line");
        QVERIFY2(view.tooltip.startsWith("Realtime Relay: "_L1 + view.statusLine), qPrintable(view.tooltip));
    }

    void stoppingCountsDown()
    {
        StatusInput status = input(RelayState::Draining, 2);
        status.snapshot.drainLeftMs = 26'001;
        const StatusView view = presentStatus(status);
        QVERIFY2(view.sentence.contains("0:27"_L1), qPrintable(view.sentence));
        QVERIFY2(view.statusLine.contains("0:27"_L1), qPrintable(view.statusLine));
        QVERIFY(view.mayKeepRunning);
        status.snapshot.drainLeftMs = 0;
        QVERIFY(!presentStatus(status).mayKeepRunning);
        QVERIFY(!presentStatus(works(RelayState::Running)).mayKeepRunning);
    }

    void originsCanBeAllowed_data()
    {
        QTest::addColumn<QString>("origin");
        QTest::addColumn<bool>("areFixed");
        QTest::addColumn<Problem::Fix>("fix");
        QTest::newRow("a page") << u"https://app.example.org"_s << false << Problem::AllowOrigin;
        QTest::newRow("fixed") << u"https://app.example.org"_s << true << Problem::None;
        QTest::newRow("a file") << u"null"_s << false << Problem::None;
        QTest::newRow("everyone") << u"*"_s << false << Problem::OpenSettings;
        QTest::newRow("a pattern") << u"https://*.example.org"_s << false << Problem::OpenSettings;
    }
    void originsCanBeAllowed()
    {
        QFETCH(QString, origin);
        StatusInput status = works(RelayState::Running);
        QFETCH(bool, areFixed);
        status.originsAreFixed = areFixed;
        status.snapshot.troubles = {{TroubleCode::OriginRefused, Severity::Note, "Title.", "Text.", now, 4,
            {{origin, 3, now}, {u"https://b.example"_s, 1, now.addSecs(-130)}}}};
        const QList<Problem> problems = presentStatus(status).problems;
        QCOMPARE(problems.size(), 2);
        QTEST(problems[0].fix, "fix");
        QCOMPARE(problems[0].origin, problems[0].fix == Problem::AllowOrigin ? origin : QString());
        QVERIFY2(problems[0].text.contains("3 times, the last just now"_L1), qPrintable(problems[0].text));
        QVERIFY(origin == "null"_L1 || problems[0].text.contains(origin));
        QVERIFY2(problems[1].text.contains("once, 2 minute(s) ago"_L1), qPrintable(problems[1].text));
    }

    void originsOfAShareAreItsOwn_data()
    {
        QTest::addColumn<QString>("origin");
        QTest::addColumn<Problem::Fix>("fix");
        QTest::newRow("a page") << u"https://app.example.org"_s << Problem::AllowSharedOrigin;
        QTest::newRow("a file") << u"null"_s << Problem::None;
        QTest::newRow("everyone") << u"*"_s << Problem::None;
    }
    void originsOfAShareAreItsOwn()
    {
        QFETCH(QString, origin);
        StatusInput status = works(RelayState::Running);
        status.originsAreFixed = true; // those of the settings
        status.snapshot.troubles = {
            {TroubleCode::ShareOriginRefused, Severity::Note, "Title.", "Text.", now, 1, {{origin, 1, now}}}};
        const Problem problem = presentStatus(status).problems.value(0);
        QTEST(problem.fix, "fix");
        QCOMPARE(problem.origin, problem.fix == Problem::None ? QString() : origin);
        QVERIFY(problem.setting.isEmpty());
        QVERIFY(!problem.nextStep.isEmpty());
        QVERIFY2(
            origin == "null"_L1 || problem.text.contains("came with the link"_L1), qPrintable(problem.text));
    }

    void clientsAreNamed()
    {
        StatusInput status = works(RelayState::Running);
        status.snapshot.troubles = {{TroubleCode::KeyRefused, Severity::Warning, "Title.", "Text.", now, 3,
            {{u"192.0.2.1"_s, 1, now.addSecs(-70)}, {u"192.0.2.2"_s, 2, now}}}};
        const Problem problem = presentStatus(status).problems.value(0);
        QCOMPARE(
            problem.nextStep, u"Text.\nClient: 192.0.2.2 (2 times, the last just now), and 1 other(s)."_s);
    }

    void budgetsHaveNoClients()
    {
        StatusInput status = withTrouble(TroubleCode::BudgetSpent, Severity::Warning);
        status.snapshot.troubles[0].subjects = {{u"Demo"_s, 57, status.snapshot.takenAt}};
        Problem problem = presentStatus(status).problems.value(0);
        QCOMPARE(problem.nextStep, u"Text."_s);
        QCOMPARE(problem.fix, Problem::OpenAccess);
        status.snapshot.troubles[0].subjects.append({u"Fair"_s, 1, status.snapshot.takenAt});
        problem = presentStatus(status).problems.value(0);
        QCOMPARE(problem.nextStep, u"Text.\nAccess tokens: Demo, Fair"_s);
    }

    /// Whatever is added to the list of troubles is shown, also where nothing else here knows of it.
    void everyTroubleIsShown()
    {
        for (size_t code = 0; code < troubleNames.size(); ++code) {
            const auto view = presentStatus(withTrouble(TroubleCode(code), Severity::Error));
            const bool hasPanel = TroubleCode(code) == TroubleCode::ShareBroken; // of its own
            QCOMPARE(view.problems.size(), hasPanel ? 0 : 1);
            QCOMPARE(view.icon, IconState::Failing);
        }
    }

    void everyTroubleHasItsFix_data()
    {
        QTest::addColumn<TroubleCode>("code");
        QTest::addColumn<Problem::Fix>("fix");
        QTest::addColumn<QByteArray>("setting");
        const auto row = [](TroubleCode code, Problem::Fix fix, const QByteArray &setting = {}) {
            QTest::newRow(nameOf(code).data()) << code << fix << setting;
        };
        using enum TroubleCode;
        row(NotListening, Problem::OpenSettings, "host");
        row(AcceptFailed, Problem::None);
        row(CertificateRefused, Problem::OpenSettings, "tlsCertFile");
        row(CertificateExpired, Problem::OpenSettings, "tlsCertFile");
        row(CertificateExpires, Problem::None);
        row(UpstreamUnreachable, Problem::CheckUpstream);
        row(UpstreamRefused, Problem::CheckUpstream);
        row(UpstreamLost, Problem::CheckUpstream);
        row(KeyRefused, Problem::None);
        row(HeldKeyIdle, Problem::OpenSettings, "storeUrl");
        row(RelayFull, Problem::OpenSettings, "maxConnections");
        row(OriginRefused, Problem::OpenSettings, "allowedOrigins");
        row(ShareOriginRefused, Problem::None);
        row(PricesRefused, Problem::OpenSettings, "pricesFile");
        row(JournalLost, Problem::None);
    }
    void everyTroubleHasItsFix()
    {
        QFETCH(TroubleCode, code);
        const QList<Problem> problems = presentStatus(withTrouble(code, Severity::Warning)).problems;
        QCOMPARE(problems.size(), 1);
        QTEST(problems[0].fix, "fix");
        QTEST(problems[0].setting, "setting");
        QCOMPARE(problems[0].text, QStringLiteral("Title."));
        QCOMPARE(problems[0].nextStep, QStringLiteral("Text."));
        QVERIFY(!problems[0].setting.isEmpty() || problems[0].fix != Problem::OpenSettings);
        QVERIFY(problems[0].setting.isEmpty() || findSetting(QString::fromLatin1(problems[0].setting)));
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
        status.calls = 7;
        status.messages = 42;
        const QString tooltip = presentStatus(status).tooltip;
        QVERIFY2(tooltip.contains(QLatin1String("ws://127.0.0.1:8080/realtime")), qPrintable(tooltip));
        QVERIFY2(tooltip.contains(QLatin1String("42")), qPrintable(tooltip));
        QVERIFY2(tooltip.contains(QLatin1Char('7')), qPrintable(tooltip));
    }

    void tooltipSaysNothingTwice()
    {
        StatusInput status = withTrouble(TroubleCode::UpstreamLost, Severity::Warning);
        status.snapshot.activeConnections = 2;
        QCOMPARE(presentStatus(status).tooltip.count("Title"_L1), 1);
    }

    void badgeIsTheNumberOfCalls() { QCOMPARE(presentStatus(input(RelayState::Running, 12)).badge, 12); }
};

RELAY_TEST(TestStatusPresenter)
#include "tst_statuspresenter.moc"
