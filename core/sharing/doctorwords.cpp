// SPDX-License-Identifier: MIT
#include "core/sharing/doctorwords.h"

#include "core/realtime/redaction.h"

#include <QString>

#include <cstdlib>

namespace rr {

using namespace Qt::StringLiterals;

namespace {

using Result = CheckStep::Result;

CheckStep found(QLatin1String code, const Sentence &text, const Sentence &next, Result result = Result::Bad)
{
    CheckStep step;
    step.result = result;
    step.code = code;
    step.text = text;
    step.next = next;
    return step;
}

CheckStep well(const Sentence &text)
{
    return found({}, text, {}, Result::Good);
}

Sentence withDetail(const Sentence &text, const Sentence &detail)
{
    const Sentence clean = changed(detail, [](const QString &outside) { return outsideText(outside, 200); });
    return detail.isEmpty() ? text : Sentence(QT_TRANSLATE_NOOP("Core", "%1 (Detail: %2)"), {text, clean});
}

CheckStep regionRefused(const QString &host)
{
    return found("region_refused"_L1,
        {QT_TRANSLATE_NOOP("Core", "%1 was reached, but does not serve the region that this machine is in."),
            {host}},
        QT_TRANSLATE_NOOP("Core",
            "Run the relay on a machine in a supported region. If this one is in such a region, look where a VPN or a "
            "proxy on the way comes out."));
}

CheckStep notAnApi(const UpstreamFailure &failure, const Sentence &host)
{
    return found("not_an_api"_L1,
        {QT_TRANSLATE_NOOP("Core", "%1 answers, but not as a Realtime API does (HTTP %2)."),
            {host, QString::number(failure.status)}},
        QT_TRANSLATE_NOOP("Core",
            "Correct the upstream's address (UPSTREAM_URL), path included. If it is right, a sign-in page or a proxy on "
            "the way answers in the upstream's place: open the address in a browser on this machine."));
}

} // namespace

CheckStep foundOf(const UpstreamFailure &failure, const Sentence &where)
{
    const Sentence network = QT_TRANSLATE_NOOP(
        "Core", "Check the internet connection of this machine, its VPN, and any firewall on the way.");
    switch (failure.kind) {
    case UpstreamFailure::Dns:
        return found("name_not_found"_L1,
            withDetail({QT_TRANSLATE_NOOP("Core", "%1 has no address."), {where}}, failure.detail),
            QT_TRANSLATE_NOOP(
                "Core", "Check the name, the DNS servers of this machine, and its internet connection."));
    case UpstreamFailure::ConnectRefused:
        return found("connection_refused"_L1,
            {QT_TRANSLATE_NOOP(
                 "Core", "%1 refuses connections: nothing listens there, or a firewall says no."),
                {where}},
            QT_TRANSLATE_NOOP(
                "Core", "Check the address and its port (UPSTREAM_URL), and any firewall on the way."));
    case UpstreamFailure::Timeout:
        return found("no_answer"_L1, {QT_TRANSLATE_NOOP("Core", "%1 does not answer."), {where}}, network);
    case UpstreamFailure::Tls:
        return found("tls_failed"_L1,
            withDetail({QT_TRANSLATE_NOOP("Core", "No secure connection to %1 comes about."), {where}},
                failure.detail),
            QT_TRANSLATE_NOOP("Core",
                "Check whether a proxy or a virus scanner on the way replaces certificates; then give its authority as "
                "UPSTREAM_CA_FILE."));
    case UpstreamFailure::Proxy:
        return found("proxy_failed"_L1,
            withDetail(
                {QT_TRANSLATE_NOOP("Core", "The proxy does not lead to %1."), {where}}, failure.detail),
            QT_TRANSLATE_NOOP("Core",
                "Check the proxy's address, user and password (UPSTREAM_PROXY, or HTTPS_PROXY of the environment), and "
                "whether it lets this host through."));
    case UpstreamFailure::NoDescriptors:
        return found("too_many_files"_L1, QT_TRANSLATE_NOOP("Core", "This program may open no more files."),
            QT_TRANSLATE_NOOP("Core", "Raise the limit of open files (ulimit -n, LimitNOFILE)."));
    case UpstreamFailure::BadHandshake:
        return found("bad_answer"_L1,
            withDetail(
                {QT_TRANSLATE_NOOP("Core", "%1 answers, but not as it should."), {where}}, failure.detail),
            QT_TRANSLATE_NOOP("Core",
                "Check the upstream's address (UPSTREAM_URL), ws:// or wss:// included, and whether a proxy on the way "
                "passes WebSockets."));
    case UpstreamFailure::Refused:
        return notAnApi(failure, where);
    case UpstreamFailure::Network:
        break;
    }
    return found("network_unreachable"_L1,
        withDetail({QT_TRANSLATE_NOOP("Core", "There is no way to %1."), {where}}, failure.detail), network);
}

CheckStep foundOfRefusal(const UpstreamFailure &failure, const QString &host)
{
    switch (failure.status) {
    case 401:
        return well(
            {QT_TRANSLATE_NOOP("Core", "%1 serves this region; it asks for a key, as it should."), {host}});
    case 400:
    case 429:
        return well({QT_TRANSLATE_NOOP("Core", "%1 serves this region (HTTP %2)."),
            {host, QString::number(failure.status)}});
    case 403:
        if (readRefusal(failure).code.contains("unsupported_country"))
            return regionRefused(host);
        return found("access_refused"_L1,
            {QT_TRANSLATE_NOOP("Core", "%1 was reached, but refuses this machine (HTTP 403)."), {host}},
            QT_TRANSLATE_NOOP("Core",
                "Perhaps this region or network is not supported, or a firewall or proxy on the way answers. Try from "
                "another network."));
    default:
        break;
    }
    if (failure.status >= 500)
        return found("upstream_fails"_L1,
            {QT_TRANSLATE_NOOP("Core", "%1 has a problem of its own (HTTP %2)."),
                {host, QString::number(failure.status)}},
            QT_TRANSLATE_NOOP("Core", "Try again in a moment, and look at its status page."));
    return notAnApi(failure, asTheySaid(host));
}

CheckStep foundOfCall(const TestCallResult &result, const QString &host)
{
    const Sentence text = result.failure.value_or(Sentence());
    const QByteArray &code = result.errorCode;
    if (code.contains("unsupported_country"))
        return regionRefused(host);
    if (code.contains("model"))
        return found("model_unknown"_L1, text,
            QT_TRANSLATE_NOOP(
                "Core", "Ask for a model that this key may use; its project may not have this one."));
    if (code.contains("quota") || code.contains("billing"))
        return found("quota_used_up"_L1, text,
            QT_TRANSLATE_NOOP("Core", "Look at the account's limits and billing, then try again."));
    if (result.status == 401 || code == "invalid_api_key" || code == "account_deactivated")
        return found("key_refused"_L1, text,
            QT_TRANSLATE_NOOP("Core", "Copy the key anew, or make a new one, and try again."));
    if (result.status == 403)
        return found("access_refused"_L1, text,
            QT_TRANSLATE_NOOP(
                "Core", "Look at what the key may do: its project, and its permissions for this model."));
    return found("call_failed"_L1, text,
        QT_TRANSLATE_NOOP(
            "Core", "Mend what the steps before tell; if they are good, look into the relay's log."));
}

CheckStep foundOfClocks(const QDateTime &here, const QDateTime &there)
{
    const qint64 ahead = there.secsTo(here);
    if (std::abs(ahead) <= clockToleranceSeconds)
        return well(QT_TRANSLATE_NOOP("Core", "This machine's clock goes right."));
    return found("clock_wrong"_L1,
        {QT_TRANSLATE_NOOP("Core", "This machine's clock says %1, and the upstream's %2."),
            {here.toString(Qt::ISODate), there.toString(Qt::ISODate)}},
        QT_TRANSLATE_NOOP("Core",
            "Set this machine's clock, and have it follow a time server: certificates and tokens have dates."));
}

} // namespace rr
