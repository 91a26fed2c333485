// SPDX-License-Identifier: MIT
#include "core/monitor/metricstext.h"

#include <algorithm>
#include <initializer_list>
#include <utility>

namespace rr {

namespace {

/// What is shown of a sum; rates of a counter would show steps of a coarser one.
constexpr int costDecimals = 12;

QByteArray number(qint64 value)
{
    return QByteArray::number(value);
}

QByteArray secondsOf(qint64 ms)
{
    return QByteArray::number(double(ms) / 1000, 'f', 3);
}

QByteArray label(QByteArrayView name, QByteArray value)
{
    value.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n");
    return name.toByteArray() + "=\"" + value + '"';
}

/// Writes one family after the other: its help and type, then its samples.
class Families
{
public:
    void family(QByteArrayView name, QByteArrayView type, QByteArrayView help)
    {
        m_name = "realtime_relay_" + name.toByteArray();
        m_text += "# HELP " + m_name + ' ' + help.toByteArray() + "\n# TYPE " + m_name + ' '
            + type.toByteArray() + '\n';
    }
    void sample(const QByteArray &value, const QByteArray &labels = {})
    {
        m_text += m_name + (labels.isEmpty() ? QByteArray() : '{' + labels + '}') + ' ' + value + '\n';
    }
    void single(QByteArrayView name, QByteArrayView type, QByteArrayView help, const QByteArray &value)
    {
        family(name, type, help);
        sample(value);
    }
    void directions(QByteArrayView name, QByteArrayView type, QByteArrayView help, qint64 up, qint64 down)
    {
        family(name, type, help);
        sample(number(up), label("direction", "up"));
        sample(number(down), label("direction", "down"));
    }
    const QByteArray &text() const { return m_text; }

private:
    QByteArray m_name;
    QByteArray m_text;
};

void tokens(Families &out, const QByteArray &model, QByteArrayView direction,
    std::initializer_list<std::pair<const char *, qint64>> kinds)
{
    for (const auto &[kind, count] : kinds)
        out.sample(number(count),
            model + ',' + label("direction", direction.toByteArray()) + ',' + label("kind", kind));
}

/// By the model that it is billed as. A cost that is unknown has no sample, rather than one of nothing.
void usageTo(Families &out, const Snapshot &snapshot)
{
    out.family("tokens_total", "counter", "Tokens used, by model; in is what the model has got.");
    for (const ModelUsage &each : snapshot.usageByModel) {
        const Usage &used = each.totals.usage;
        const QByteArray model = label("model", each.model.toUtf8());
        tokens(out, model, "in",
            {{"text", used.textIn}, {"audio", used.audioIn}, {"image", used.imageIn},
                {"cached_text", used.textCached}, {"cached_audio", used.audioCached},
                {"cached_image", used.imageCached}});
        tokens(out, model, "out", {{"text", used.textOut}, {"audio", used.audioOut}});
    }
    out.family("billed_seconds_total", "counter", "Speech that is billed by time, by model.");
    for (const ModelUsage &each : snapshot.usageByModel)
        out.sample(secondsOf(each.totals.usage.ms), label("model", each.model.toUtf8()));
    out.family("cost_usd_total", "counter", "What that costs, as far as prices are known, by model.");
    for (const ModelUsage &each : snapshot.usageByModel) {
        if (each.totals.isCostKnown())
            out.sample(decimalText(each.totals.cost, costDecimals), label("model", each.model.toUtf8()));
    }
    out.single("unpriced_total", "counter",
        "Responses, transcriptions and sessions that no price is known for.",
        number(snapshot.usage.unpriced));
    out.single("usage_unread_total", "counter",
        "Responses, transcriptions and sessions of which it is not known what they used.",
        number(snapshot.usage.unread));
}

/// By the name of the access token.
void accessTo(Families &out, const Snapshot &snapshot)
{
    const auto token = [](const AccessUsage &each) { return label("token", each.name.toUtf8()); };
    out.family("access_calls", "gauge", "Live calls with an access token, by its name.");
    for (const AccessUsage &each : snapshot.usageByAccess)
        out.sample(number(each.active), token(each));
    out.family("access_calls_total", "counter", "Calls with an access token, by its name.");
    for (const AccessUsage &each : snapshot.usageByAccess)
        out.sample(number(each.calls), token(each));
    out.family("access_tokens_total", "counter",
        "Tokens used with an access token, by its name; in is what the model has got.");
    for (const AccessUsage &each : snapshot.usageByAccess) {
        out.sample(number(each.totals.usage.tokensIn()), token(each) + ',' + label("direction", "in"));
        out.sample(number(each.totals.usage.tokensOut()), token(each) + ',' + label("direction", "out"));
    }
    out.family("access_billed_seconds_total", "counter",
        "Speech with an access token that is billed by time, by its name.");
    for (const AccessUsage &each : snapshot.usageByAccess)
        out.sample(secondsOf(each.totals.usage.ms), token(each));
    out.family("access_cost_usd_total", "counter",
        "What calls with an access token cost, as far as prices are known, by its name.");
    for (const AccessUsage &each : snapshot.usageByAccess) {
        if (each.totals.isCostKnown())
            out.sample(decimalText(each.totals.cost, costDecimals), token(each));
    }
}

/// Where there is one.
void storeTo(Families &out, const Snapshot &snapshot)
{
    if (!snapshot.storeRows)
        return;
    out.single("store_rows_waiting", "gauge", "Rows of calls and usage that the store is yet to write.",
        number(snapshot.storeRows->waiting));
    out.single("store_rows_dropped_total", "counter",
        "Rows of calls and usage that the store has no more, for it took them too slowly, or not at all.",
        number(snapshot.storeRows->dropped));
}

} // namespace

QByteArray metricsText(const Snapshot &snapshot)
{
    Families out;
    out.family("build_info", "gauge", "Always 1; the version is in the label.");
    out.sample("1", label("version", snapshot.version.toUtf8()));
    out.single("uptime_seconds", "gauge", "Time since the relay started.", secondsOf(snapshot.uptimeMs));
    out.single("draining", "gauge", "1 while the relay takes no new calls and waits for the live ones.",
        snapshot.state == RelayState::Draining ? "1" : "0");

    out.single("sessions_active", "gauge", "Live calls.", number(snapshot.activeConnections));
    out.single("sessions_peak", "gauge", "Most live calls at one time since the start.",
        number(snapshot.peakConnections));
    out.single("sessions_total", "counter", "Calls admitted.", number(snapshot.totalConnections));
    out.family("calls_total", "counter", "Calls admitted, by kind.");
    for (size_t i = 0; i < callKindNames.size(); ++i)
        out.sample(number(snapshot.callsByKind[i]), label("kind", callKindNames[i].data()));
    out.family("rejected_total", "counter", "Connections refused before a call, by reason.");
    for (auto it = snapshot.rejected.cbegin(); it != snapshot.rejected.cend(); ++it)
        out.sample(number(it.value()), label("reason", it.key()));
    out.family("failed_connections_total", "counter",
        "Connections that came to nothing before their request was answered, by reason.");
    for (size_t i = 0; i < connectionFailureNames.size(); ++i)
        out.sample(number(snapshot.failedConnections[i]), label("reason", connectionFailureNames[i].data()));
    out.family("exchanges_total", "counter",
        "Plain requests that were passed to the upstream, by path and what became of them.");
    for (auto each = snapshot.exchanges.cbegin(); each != snapshot.exchanges.cend(); ++each) {
        for (size_t i = 0; i < exchangeResultNames.size(); ++i)
            out.sample(number(each.value()[i]),
                label("path", each.key()) + ',' + label("result", exchangeResultNames[i].data()));
    }
    out.family("ends_total", "counter", "Calls that have ended, by reason.");
    for (size_t i = 0; i < endReasonNames.size(); ++i)
        out.sample(number(snapshot.endsByReason[i]), label("reason", endReasonNames[i].data()));
    out.single("errors_total", "counter", "Calls and dials that failed.", number(snapshot.errors));

    out.family(
        "trouble", "gauge", "1 while something is wrong that the relay's operator should know of, by code.");
    for (const QLatin1String code : troubleNames) {
        const bool now = std::any_of(snapshot.troubles.cbegin(), snapshot.troubles.cend(),
            [code](const Trouble &trouble) { return nameOf(trouble.code) == code; });
        out.sample(now ? "1" : "0", label("code", code.data()));
    }

    out.directions("messages_total", "counter", "Whole data messages passed on; up is client to upstream.",
        snapshot.up.messages, snapshot.down.messages);
    out.directions("bytes_total", "counter", "Bytes passed on, payload and frame headers.", snapshot.up.bytes,
        snapshot.down.bytes);
    out.directions("backlog_bytes", "gauge", "Bytes that wait to be written.", snapshot.up.backlogBytes,
        snapshot.down.backlogBytes);

    usageTo(out, snapshot);
    accessTo(out, snapshot);
    storeTo(out, snapshot);

    // Not a summary: that would need the sum of all dials, and "quantile" is its label alone.
    out.family(
        "upstream_connect_seconds", "gauge", "Time the last dials to the upstream took, by percentile.");
    out.sample(secondsOf(snapshot.connectP50Ms), label("percentile", "50"));
    out.sample(secondsOf(snapshot.connectP95Ms), label("percentile", "95"));

    out.single("process_resident_memory_bytes", "gauge", "Resident memory of the process.",
        number(snapshot.memoryBytes));
    out.single("process_cpu_seconds_total", "counter", "User and system CPU time of the process.",
        QByteArray::number(snapshot.cpuSeconds, 'f', 3));
    return out.text();
}

} // namespace rr
