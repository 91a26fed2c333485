// SPDX-License-Identifier: MIT
#include "core/sharing/checkverdict.h"

#include "core/admission/clientaddress.h"
#include "core/realtime/redaction.h"

#include <QHostAddress>
#include <QJsonDocument>
#include <QJsonObject>
#include <QUrl>

namespace rr {

namespace {

CheckVerdict bad(const char *code, const Sentence &text, const Sentence &next)
{
    return {CheckStep::Result::Bad, QLatin1String(code), text, next};
}

CheckVerdict warning(const char *code, const Sentence &text, const Sentence &next)
{
    return {CheckStep::Result::Warning, QLatin1String(code), text, next};
}

/// A page for people, whatever it is called: some services say text/plain of theirs.
bool isPage(const ResponseHead &head, const QByteArray &body)
{
    QByteArray begins = body.left(64);
    if (begins.startsWith("\xEF\xBB\xBF")) // a byte order mark
        begins.remove(0, 3);
    return begins.trimmed().startsWith('<')
        || head.header("Content-Type").trimmed().toLower().startsWith("text/html");
}

/// The statuses by which gateways say that they do not reach whom they stand for: HTTP's own, and Cloudflare's
/// (developers.cloudflare.com/support/troubleshooting/http-status-codes/cloudflare-5xx-errors).
bool saysUnreachable(int status)
{
    return (status >= 502 && status <= 504) || (status >= 520 && status <= 527) || status == 530;
}

/// Those that say the same of whatever is asked; null: it is none of them.
std::optional<CheckVerdict> judgeStatus(const ResponseHead &head, const QString &host)
{
    const int status = head.status;
    if (status == 511) // RFC 6585 6
        return bad("network_login",
            {QT_TRANSLATE_NOOP(
                "Core", "This network wants a login before it lets anything through (HTTP 511).")},
            QT_TRANSLATE_NOOP("Core", "Open any page in a browser, log in to the network, and test again."));
    if (status >= 300 && status < 400 && status != 304) {
        const QUrl to(QString::fromLatin1(head.header("Location")));
        const QString where = outsideText(to.host().isEmpty() ? host : to.host());
        return bad("redirected",
            {QT_TRANSLATE_NOOP("Core", "%1 does not answer, but sends to %2 (HTTP %3)."),
                {host, where, QString::number(status)}},
            QT_TRANSLATE_NOOP("Core",
                "If that is the login page of this network, log in with a browser and test again. Else the service in "
                "between wants a login, or another address: see its settings. Clients of the relay follow nobody."));
    }
    if (saysUnreachable(status)) {
        auto verdict = bad("way_down",
            {QT_TRANSLATE_NOOP(
                 "Core", "%1 answers, but the way from there to this machine does not stand (HTTP %2)."),
                {host, QString::number(status)}},
            QT_TRANSLATE_NOOP("Core",
                "See whether the program that makes the way is running, and what it says. With a server of your own: "
                "whether its web server goes to the place where the tunnel ends."));
        verdict.mayPass = true;
        return verdict;
    }
    if (status == 401 || status == 407)
        return bad("wants_login",
            {QT_TRANSLATE_NOOP("Core", "%1 wants a login (HTTP %2)."), {host, QString::number(status)}},
            QT_TRANSLATE_NOOP("Core",
                "Clients of the relay have none. Switch it off at the service in between: the secret in the link "
                "protects the share."));
    if (status == 421)
        return bad("wrong_host",
            {QT_TRANSLATE_NOOP("Core", "What was asked of %1 arrived under another name (HTTP 421)."),
                {host}},
            QT_TRANSLATE_NOOP("Core",
                "Have the service in between pass on the header Host as it is (nginx: proxy_set_header Host $host), "
                "then share anew."));
    return std::nullopt;
}

CheckVerdict pageInBetween(const QString &host)
{
    return bad("page",
        {QT_TRANSLATE_NOOP("Core", "Not the relay, but a page of the service in between answers at %1."),
            {host}},
        QT_TRANSLATE_NOOP("Core",
            "Open the address in a browser to see what it says; the service may want an account, or another address."));
}

/// Without what else is known.
CheckVerdict judgeKind(UpstreamFailure::Kind kind, const QString &host)
{
    switch (kind) {
    case UpstreamFailure::ConnectRefused:
        return bad("refused", {QT_TRANSLATE_NOOP("Core", "Nothing listens at %1."), {host}},
            QT_TRANSLATE_NOOP("Core",
                "See whether the web server there is running, on this port, and whether a firewall refuses it."));
    case UpstreamFailure::Timeout:
        return bad("timeout", {QT_TRANSLATE_NOOP("Core", "%1 did not answer in time."), {host}},
            QT_TRANSLATE_NOOP("Core",
                "Test again. If it stays so, a firewall on the way drops what is sent, or the service has lost the way "
                "to this machine."));
    case UpstreamFailure::Proxy:
        return bad("proxy", {QT_TRANSLATE_NOOP("Core", "The proxy does not let through to %1."), {host}},
            QT_TRANSLATE_NOOP("Core", "See the proxy's settings, and who keeps it."));
    case UpstreamFailure::Tls:
        return bad("tls", {QT_TRANSLATE_NOOP("Core", "No secure connection to %1 came about."), {host}},
            QT_TRANSLATE_NOOP("Core",
                "See whether TLS is spoken there, on this port. Else a scanner or firewall in between breaks it."));
    default:
        return bad("lost",
            {QT_TRANSLATE_NOOP("Core", "The connection to %1 was lost, or never came about."), {host}},
            QT_TRANSLATE_NOOP("Core",
                "Test again. If it stays so, something on the way cuts it: a firewall, or the service in between."));
    }
}

} // namespace

CheckVerdict judgeAnswer(const ResponseHead &head, const QByteArray &body, const QByteArray &proof,
    const QString &host, bool arrived)
{
    if (const auto known = judgeStatus(head, host))
        return *known;
    const QJsonDocument json = QJsonDocument::fromJson(body);
    const QString answered = json.object().value(QLatin1String("proof")).toString();
    if (head.status == 200 && !proof.isEmpty() && answered == QLatin1String(proof))
        return {};
    if (arrived)
        return bad("answer_changed",
            {QT_TRANSLATE_NOOP("Core",
                 "The question has reached this relay, but another answer came back from %1 (HTTP %2)."),
                {host, QString::number(head.status)}},
            QT_TRANSLATE_NOOP(
                "Core", "Something in between changes answers; see the settings of the service."));
    const bool isRelays = head.status == 404 && json.object().value(QLatin1String("error")).isObject();
    if (isRelays || (head.status == 200 && !isPage(head, body)))
        return bad("another_relay",
            {QT_TRANSLATE_NOOP("Core", "Another relay than this one, or an old answer, is at %1."), {host}},
            QT_TRANSLATE_NOOP("Core",
                "See whether another machine, or an earlier start of this program, holds the address. If a cache is in "
                "between, let it keep nothing."));
    if (head.status == 404)
        return bad("not_passed_on",
            {QT_TRANSLATE_NOOP(
                 "Core", "%1 answers, but does not pass the question on to this relay (HTTP 404)."),
                {host}},
            QT_TRANSLATE_NOOP("Core",
                "Have the service in between pass on all paths to the share. Or the address leads to another relay, or "
                "to a share that has ended."));
    if (head.status < 500 && isPage(head, body))
        return pageInBetween(host);
    return bad("status",
        {QT_TRANSLATE_NOOP("Core", "%1 answers with HTTP %2, and not as this relay does."),
            {host, QString::number(head.status)}},
        QT_TRANSLATE_NOOP("Core", "Ask the service in between what that means; the relay was not reached."));
}

CheckVerdict judgeBrowsersAnswer(const ResponseHead &head, const QByteArray &body, const QByteArray &proof,
    const QString &host, bool arrived)
{
    CheckVerdict verdict = judgeAnswer(head, body, proof, host, arrived);
    const bool isShown = head.status == 401 || head.status == 403 || head.status == 511
        || verdict.code == QLatin1String("redirected") || verdict.code == QLatin1String("page")
        || (isPage(head, body) && !verdict.mayPass);
    if (verdict.result == CheckStep::Result::Bad && isShown)
        return warning("page_first",
            {QT_TRANSLATE_NOOP("Core", "%1 shows a page of its own to browsers before it lets them through."),
                {host}},
            QT_TRANSLATE_NOOP("Core",
                "People have to click it away once before the page for trying works. Whether web pages' calls pass all "
                "the same is the next check."));
    return verdict;
}

CheckVerdict subprotocolLost(const QString &host)
{
    return bad("subprotocol_lost",
        {QT_TRANSLATE_NOOP("Core", "The subprotocol of a WebSocket gets lost on the way through %1."),
            {host}},
        QT_TRANSLATE_NOOP("Core",
            "Web pages hand over their key by it, and their calls would fail. Have the service in between pass on "
            "the header Sec-WebSocket-Protocol both ways."));
}

CheckVerdict judgeHandshake(
    const ResponseHead &head, const QByteArray &body, const QByteArray &key, const QString &host)
{
    if (head.status != 101) {
        const auto known = judgeStatus(head, host);
        if (known && known->code != QLatin1String("network_login")
            && known->code != QLatin1String("redirected"))
            return *known;
        if (known || isPage(head, body))
            return bad("page_for_websockets",
                {QT_TRANSLATE_NOOP(
                     "Core", "%1 answers browsers' WebSockets with a page of its own (HTTP %2)."),
                    {host, QString::number(head.status)}},
                QT_TRANSLATE_NOOP("Core",
                    "No web page can call through this service; programs can. Take another way, or a plan of the "
                    "service without that page."));
        return bad("no_websocket",
            {QT_TRANSLATE_NOOP("Core", "%1 passes requests, but no WebSocket (HTTP %2)."),
                {host, QString::number(head.status)}},
            QT_TRANSLATE_NOOP("Core",
                "Switch WebSockets on at the service in between. nginx: proxy_http_version 1.1; proxy_set_header Upgrade "
                "$http_upgrade; proxy_set_header Connection \"upgrade\";"));
    }
    ResponseHead without = head;
    const QByteArray subprotocol = head.header("Sec-WebSocket-Protocol");
    without.headers.removeIf(
        [](const HttpHeader &header) { return isSameName(header.name, "Sec-WebSocket-Protocol"); });
    if (const char *why = checkSwitching(without, key))
        return bad("bad_handshake",
            {QT_TRANSLATE_NOOP("Core", "%1 opens no proper WebSocket: its answer %2."),
                {host, Sentence(why)}},
            QT_TRANSLATE_NOOP("Core", "The service in between breaks WebSockets. Take another one."));
    if (subprotocol != "realtime")
        return subprotocolLost(host);
    return {};
}

CheckVerdict judgeFailure(const UpstreamFailure &failure, const QString &host)
{
    CheckVerdict verdict = judgeKind(failure.kind, host);
    if (!failure.detail.isEmpty())
        verdict.text = joined(verdict.text,
            changed(failure.detail, [](const QString &outside) { return outsideText(outside); }), "%1 (%2)");
    return verdict;
}

CheckVerdict judgeForwarded(const QByteArray &forwardedFor, const QByteArray &forged)
{
    const Sentence alike = QT_TRANSLATE_NOOP("Core",
        "Limits for each address count all callers as one; the limit of all calls holds. With a web server of your own: "
        "have it set X-Forwarded-For (nginx: proxy_set_header X-Forwarded-For $remote_addr).");
    const QHostAddress nobody(QStringLiteral("0.0.0.0"));
    const QHostAddress caller = lastForwarded(nobody, forwardedFor.split(','));
    if (caller == nobody)
        return warning("no_address",
            QT_TRANSLATE_NOOP("Core", "The service in between does not say from where a call comes."), alike);
    if (caller == QHostAddress(QString::fromLatin1(forged)))
        return warning("address_forged",
            QT_TRANSLATE_NOOP("Core",
                "The service in between passes on whatever address a caller makes up, so none is believed."),
            alike);
    return {};
}

} // namespace rr
