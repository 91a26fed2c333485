// SPDX-License-Identifier: MIT
#include "core/monitor/metricstext.h"
#include "tests/support/relaytest.h"

#include <QProcess>
#include <QStandardPaths>
#include <QTest>

using namespace rr;
using namespace Qt::StringLiterals;

namespace {

Snapshot fullSnapshot()
{
    Snapshot snapshot;
    snapshot.state = RelayState::Draining;
    snapshot.version = u"1.2.3"_s;
    snapshot.uptimeMs = 61'250;
    snapshot.totalConnections = 10;
    snapshot.callsByKind[size_t(CallKind::Beta)] = 4;
    snapshot.activeConnections = 3;
    snapshot.peakConnections = 5;
    snapshot.errors = 2;
    snapshot.endsByReason[size_t(EndReason::UpstreamVanished)] = 6;
    snapshot.troubles = {{TroubleCode::RelayFull, Severity::Warning, {}, {}, {}}};
    snapshot.up = {100, 2'000, 30};
    snapshot.down = {400, 5'000'000'000, 60};
    snapshot.rejected = {{"origin_not_allowed", 7}, {"full", 1}};
    snapshot.failedConnections[size_t(ConnectionFailure::LeftEarly)] = 4;
    snapshot.exchanges[QByteArray("/v1/realtime/client_secrets")] = {3, 2, 1, 0};
    const UsageTotals priced{{1, 2, 3, 4, 5, 6, 7, 8, 61'500}, Money::ofPico(12'345'678'901), 3, 1, 0, 4};
    const UsageTotals unpriced{{9, 0, 0, 0, 0, 0, 0, 0, 0}, {}, 2, 0, 2, 0};
    snapshot.usageByAccess = {{u"a \"demo\""_s, 5, 2, priced}, {u"unknown"_s, 1, 0, unpriced}};
    snapshot.usageByModel = {{u"gpt-realtime"_s, priced}, {u"of \"tomorrow\""_s, unpriced}};
    snapshot.usage = priced;
    snapshot.usage += unpriced;
    snapshot.storeRows = {12, 34};
    snapshot.connectP50Ms = 85;
    snapshot.connectP95Ms = 1'250;
    snapshot.memoryBytes = 20'971'520;
    snapshot.cpuSeconds = 1.5;
    return snapshot;
}

void checkWithPromtool(const QByteArray &text)
{
    const QString promtool = QStandardPaths::findExecutable(u"promtool"_s);
    if (promtool.isEmpty())
        QSKIP("promtool is missing; install the Debian package prometheus");
    QProcess process;
    process.start(promtool, {u"check"_s, u"metrics"_s});
    process.write(text);
    process.closeWriteChannel();
    QVERIFY(process.waitForFinished());
    const QByteArray said = process.readAllStandardOutput() + process.readAllStandardError();
    QVERIFY2(process.exitCode() == 0 && said.isEmpty(), said.constData());
}

} // namespace

class TestMetricsText : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void samples_data()
    {
        QTest::addColumn<QByteArray>("line");
        for (const char *line :
            {"calls_total{kind=\"beta\"} 4", "calls_total{kind=\"live\"} 0",
                "build_info{version=\"1.2.3\"} 1", "uptime_seconds 61.250", "draining 1", "sessions_active 3",
                "sessions_peak 5", "sessions_total 10", "rejected_total{reason=\"origin_not_allowed\"} 7",
                "rejected_total{reason=\"full\"} 1", "failed_connections_total{reason=\"left_early\"} 4",
                "failed_connections_total{reason=\"request_timeout\"} 0", "errors_total 2",
                "exchanges_total{path=\"/v1/realtime/client_secrets\",result=\"2xx\"} 3",
                "exchanges_total{path=\"/v1/realtime/client_secrets\",result=\"cancelled\"} 0",
                "ends_total{reason=\"upstream_vanished\"} 6", "ends_total{reason=\"client_closed\"} 0",
                "trouble{code=\"relay_full\"} 1", "trouble{code=\"not_listening\"} 0",
                "messages_total{direction=\"up\"} 100", "messages_total{direction=\"down\"} 400",
                "bytes_total{direction=\"up\"} 2000", "bytes_total{direction=\"down\"} 5000000000",
                "backlog_bytes{direction=\"up\"} 30", "backlog_bytes{direction=\"down\"} 60",
                "tokens_total{model=\"gpt-realtime\",direction=\"in\",kind=\"text\"} 1",
                "tokens_total{model=\"gpt-realtime\",direction=\"in\",kind=\"audio\"} 2",
                "tokens_total{model=\"gpt-realtime\",direction=\"in\",kind=\"image\"} 3",
                "tokens_total{model=\"gpt-realtime\",direction=\"in\",kind=\"cached_text\"} 4",
                "tokens_total{model=\"gpt-realtime\",direction=\"in\",kind=\"cached_audio\"} 5",
                "tokens_total{model=\"gpt-realtime\",direction=\"in\",kind=\"cached_image\"} 6",
                "tokens_total{model=\"gpt-realtime\",direction=\"out\",kind=\"text\"} 7",
                "tokens_total{model=\"gpt-realtime\",direction=\"out\",kind=\"audio\"} 8",
                "tokens_total{model=\"of \\\"tomorrow\\\"\",direction=\"in\",kind=\"text\"} 9",
                "billed_seconds_total{model=\"gpt-realtime\"} 61.500",
                "cost_usd_total{model=\"gpt-realtime\"} 0.012345678901", "unpriced_total 2",
                "access_calls{token=\"a \\\"demo\\\"\"} 2", "access_calls_total{token=\"a \\\"demo\\\"\"} 5",
                "access_calls{token=\"unknown\"} 0",
                "access_tokens_total{token=\"a \\\"demo\\\"\",direction=\"in\"} 21",
                "access_tokens_total{token=\"a \\\"demo\\\"\",direction=\"out\"} 15",
                "access_billed_seconds_total{token=\"a \\\"demo\\\"\"} 61.500",
                "access_cost_usd_total{token=\"a \\\"demo\\\"\"} 0.012345678901", "usage_unread_total 4",
                "store_rows_waiting 12", "store_rows_dropped_total 34",
                "upstream_connect_seconds{percentile=\"50\"} 0.085",
                "upstream_connect_seconds{percentile=\"95\"} 1.250", "process_resident_memory_bytes 20971520",
                "process_cpu_seconds_total 1.500"})
            QTest::newRow(line) << QByteArray(line);
    }
    void samples()
    {
        QFETCH(QByteArray, line);
        const QByteArray text = metricsText(fullSnapshot());
        QVERIFY2(text.contains("\nrealtime_relay_" + line + '\n'), text.constData());
    }

    void unknownCostHasNoSample()
    {
        const QByteArray text = metricsText(fullSnapshot());
        QCOMPARE(text.count("\nrealtime_relay_cost_usd_total{"), 1);
        QCOMPARE(text.count("\nrealtime_relay_access_cost_usd_total{"), 1);
    }

    void noStoreHasNoSample() { QVERIFY(!metricsText(Snapshot()).contains("realtime_relay_store_rows")); }

    void isWhatPrometheusReads_data()
    {
        QTest::addColumn<QByteArray>("text");
        Snapshot odd = fullSnapshot();
        odd.version = u"1 \"odd\" \\ \n ü"_s;
        QTest::newRow("full") << metricsText(fullSnapshot());
        QTest::newRow("empty") << metricsText(Snapshot());
        QTest::newRow("label to be escaped") << metricsText(odd);
    }
    void isWhatPrometheusReads()
    {
        QFETCH(QByteArray, text);
        checkWithPromtool(text);
    }
};

RELAY_TEST(TestMetricsText)
#include "tst_metricstext.moc"
