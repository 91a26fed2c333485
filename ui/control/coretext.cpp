// SPDX-License-Identifier: MIT
#include "ui/control/coretext.h"

#include <QCoreApplication>
#include <QRegularExpression>
#include <QStringList>

#include <vector>

namespace rr {

using namespace Qt::StringLiterals;

namespace {

// As the core says it. %1 to %4 stand for any text, which may be a part that is listed here itself; %L1 to
// %L4 for a number. The first that fits is taken.
constexpr const char *texts[] = {
    // Joints
    QT_TRANSLATE_NOOP("rr::CoreText", "%1 (Detail: %2)"),
    QT_TRANSLATE_NOOP("rr::CoreText", "%1 It asks to wait for %L2 s."),
    QT_TRANSLATE_NOOP("rr::CoreText", "%1 is refused: %2. Allowed: %3."),
    QT_TRANSLATE_NOOP("rr::CoreText", "%1: the value is missing. Allowed: %2."),
    QT_TRANSLATE_NOOP("rr::CoreText",
        "%1 Check that the folder exists, that you may write to it and that the disk is not full."),
    QT_TRANSLATE_NOOP("rr::CoreText", "%1 It was not overwritten: mend it, or move it away, and save again."),

    // Why the relay does not listen
    QT_TRANSLATE_NOOP("rr::CoreText",
        "Port %L1 is in use by another program. Stop that program, or set PORT to another one."),
    QT_TRANSLATE_NOOP("rr::CoreText",
        "This program may not listen on port %L1. Ports below 1024 need a permission: take a higher one."),
    QT_TRANSLATE_NOOP("rr::CoreText",
        "This machine does not have the address %1. Set HOST to one that it has, or to 0.0.0.0 for all."),
    QT_TRANSLATE_NOOP("rr::CoreText", "Cannot listen on %1 port %L2: %3."),
    QT_TRANSLATE_NOOP("rr::CoreText", "%1 cannot be read: %2. Check the path and its permissions."),
    QT_TRANSLATE_NOOP("rr::CoreText", "%1 holds no certificate in PEM form."),
    QT_TRANSLATE_NOOP("rr::CoreText", "%1 holds no RSA or EC key in PEM form without a passphrase."),
    QT_TRANSLATE_NOOP("rr::CoreText", "The certificate in %1 expired on %2. Renew it."),
    QT_TRANSLATE_NOOP("rr::CoreText", "The key in %1 does not belong to the certificate in %2."),

    // The dial to the upstream
    QT_TRANSLATE_NOOP("rr::CoreText", "%1 refused the session with HTTP %L2: %3"),
    QT_TRANSLATE_NOOP(
        "rr::CoreText", "the request is not one it takes; check the model and the other query parameters."),
    QT_TRANSLATE_NOOP(
        "rr::CoreText", "the API key is invalid or has expired; check the key, or make a new one."),
    QT_TRANSLATE_NOOP("rr::CoreText",
        "the API key has no access to this model or project, or this region is not supported; check the "
        "key's permissions, and that the relay runs in a supported region."),
    QT_TRANSLATE_NOOP("rr::CoreText",
        "there is no such path, model or deployment; check the model's name, and the relay's upstream URL "
        "(UPSTREAM_URL)."),
    QT_TRANSLATE_NOOP("rr::CoreText",
        "the account's quota is used up, or its billing is not in order; check the account's limits and "
        "billing."),
    QT_TRANSLATE_NOOP(
        "rr::CoreText", "its rate limit is reached; wait a moment, then check the account's limits."),
    QT_TRANSLATE_NOOP(
        "rr::CoreText", "it has a problem of its own; try again in a moment, and check its status page."),
    QT_TRANSLATE_NOOP("rr::CoreText",
        "it redirects elsewhere, which a WebSocket cannot follow; correct the relay's upstream URL "
        "(UPSTREAM_URL)."),
    QT_TRANSLATE_NOOP(
        "rr::CoreText", "check the API key, the model and the relay's upstream URL (UPSTREAM_URL)."),
    QT_TRANSLATE_NOOP("rr::CoreText",
        "The relay found no address for %1; check the relay's DNS and internet connection, and its upstream "
        "URL (UPSTREAM_URL)."),
    QT_TRANSLATE_NOOP("rr::CoreText",
        "The connection to %1 was refused; check the relay's upstream URL (UPSTREAM_URL) and any firewall "
        "on the way."),
    QT_TRANSLATE_NOOP("rr::CoreText",
        "%1 did not answer in time; check the relay's internet connection and any firewall on the way, then "
        "try again."),
    QT_TRANSLATE_NOOP("rr::CoreText",
        "No secure connection to %1 could be made; check the relay's clock, and whether a proxy on the way "
        "replaces certificates (then give its authority as UPSTREAM_CA_FILE)."),
    QT_TRANSLATE_NOOP("rr::CoreText",
        "The proxy on the way to %1 refused or did not answer; check the relay's proxy address and its user "
        "and password (UPSTREAM_PROXY or HTTPS_PROXY)."),
    QT_TRANSLATE_NOOP("rr::CoreText",
        "%1 answered, but not as a WebSocket server; check the relay's upstream URL (UPSTREAM_URL) and "
        "whether a proxy on the way supports WebSockets."),
    QT_TRANSLATE_NOOP("rr::CoreText",
        "The connection to %1 failed; check the relay's internet connection, then try again."),
    QT_TRANSLATE_NOOP("rr::CoreText",
        "The relay may open no more files, so it cannot reach %1; have its operator raise the limit of open "
        "files (ulimit -n, LimitNOFILE), or lower MAX_CONNECTIONS."),

    // How a session ended
    QT_TRANSLATE_NOOP("rr::CoreText", "Closed by the client."),
    QT_TRANSLATE_NOOP("rr::CoreText", "Closed by the client: %1"),
    QT_TRANSLATE_NOOP("rr::CoreText", "Closed by the upstream."),
    QT_TRANSLATE_NOOP("rr::CoreText", "Closed by the upstream: %1"),
    QT_TRANSLATE_NOOP("rr::CoreText", "The client's connection was lost."),
    QT_TRANSLATE_NOOP(
        "rr::CoreText", "The client stopped answering pings; its connection is taken for lost."),
    QT_TRANSLATE_NOOP("rr::CoreText", "The connection to the upstream was lost; open a new session."),
    QT_TRANSLATE_NOOP("rr::CoreText",
        "The upstream stopped answering pings, its connection is taken for lost; open a new session."),
    QT_TRANSLATE_NOOP("rr::CoreText",
        "No usable API key was sent%1; send one as the subprotocol openai-insecure-api-key.KEY or in the "
        "header Authorization: Bearer KEY."),
    QT_TRANSLATE_NOOP("rr::CoreText",
        "No message went either way%1, so the relay ended the session; open a new one, or have the relay's "
        "operator raise INACTIVITY_TIMEOUT."),
    QT_TRANSLATE_NOOP("rr::CoreText",
        "The session reached the relay's time limit%1; open a new one, or have the relay's operator raise "
        "SESSION_LIMIT."),
    QT_TRANSLATE_NOOP("rr::CoreText",
        "A message is larger than the relay's limit%1; send smaller ones, or have the relay's operator "
        "raise MAX_MESSAGE_BYTES."),
    QT_TRANSLATE_NOOP("rr::CoreText",
        "A message from the upstream is larger than the relay's limit%1; have the relay's operator raise "
        "MAX_MESSAGE_BYTES."),
    QT_TRANSLATE_NOOP("rr::CoreText",
        "The client stopped reading and the relay's buffer stayed full; check the client's network, and "
        "that it reads every message at once."),
    QT_TRANSLATE_NOOP("rr::CoreText",
        "The upstream stopped reading and the relay's buffer stayed full; open a new session in a moment."),
    QT_TRANSLATE_NOOP(
        "rr::CoreText", "The client broke the WebSocket protocol%1; check the client's WebSocket library."),
    QT_TRANSLATE_NOOP("rr::CoreText",
        "The upstream broke the WebSocket protocol%1; open a new session, and check the relay's upstream "
        "URL (UPSTREAM_URL) when it happens again."),
    QT_TRANSLATE_NOOP("rr::CoreText", "The relay is shutting down; open a new session when it is back."),
    QT_TRANSLATE_NOOP("rr::CoreText",
        "The relay's operator closed the session; ask the operator before opening a new one."),
    QT_TRANSLATE_NOOP("rr::CoreText", " for %1"),
    QT_TRANSLATE_NOOP("rr::CoreText", " of %1"),
    QT_TRANSLATE_NOOP("rr::CoreText", "1 minute"),
    QT_TRANSLATE_NOOP("rr::CoreText", "%L1 minutes"),
    QT_TRANSLATE_NOOP("rr::CoreText", "1 second"),
    QT_TRANSLATE_NOOP("rr::CoreText", "%L1 seconds"),
    QT_TRANSLATE_NOOP("rr::CoreText", "%L1 milliseconds"),

    // What is wrong with a setting
    QT_TRANSLATE_NOOP("rr::CoreText", "it is empty"),
    QT_TRANSLATE_NOOP("rr::CoreText", "it is not a whole number"),
    QT_TRANSLATE_NOOP("rr::CoreText", "it is too small"),
    QT_TRANSLATE_NOOP("rr::CoreText", "it is too large"),
    QT_TRANSLATE_NOOP("rr::CoreText", "it is none of the choices"),
    QT_TRANSLATE_NOOP("rr::CoreText", "it is neither yes nor no"),
    QT_TRANSLATE_NOOP("rr::CoreText", "it must be a number in JSON"),
    QT_TRANSLATE_NOOP("rr::CoreText", "it must be true or false in JSON"),
    QT_TRANSLATE_NOOP("rr::CoreText", "it must be an array of strings in JSON"),
    QT_TRANSLATE_NOOP("rr::CoreText", "it must be a string in JSON"),
    QT_TRANSLATE_NOOP("rr::CoreText", "it is not an address"),
    QT_TRANSLATE_NOOP("rr::CoreText", "it is neither an address nor a subnet"),
    QT_TRANSLATE_NOOP("rr::CoreText", "there must be an upstream"),
    QT_TRANSLATE_NOOP("rr::CoreText", "it is not a complete address"),
    QT_TRANSLATE_NOOP(
        "rr::CoreText", "it is not a complete address (special characters in a password are written as %XX)"),
    QT_TRANSLATE_NOOP(
        "rr::CoreText", "it must not hold a user name or password; clients bring their own key"),
    QT_TRANSLATE_NOOP("rr::CoreText",
        "it must not have a query (from the \"?\" on): the client's query is forwarded as received, "
        "so let the client send it"),
    QT_TRANSLATE_NOOP("rr::CoreText", "it must not have a fragment (from the \"#\" on)"),
    QT_TRANSLATE_NOOP(
        "rr::CoreText", "the upstream speaks WebSocket, wss:// for https://, ws:// for http://: write %1"),
    QT_TRANSLATE_NOOP("rr::CoreText", "its scheme is neither ws:// nor wss://"),
    QT_TRANSLATE_NOOP("rr::CoreText", "its scheme is neither http:// nor socks5://"),
    QT_TRANSLATE_NOOP("rr::CoreText", "it names no host"),
    QT_TRANSLATE_NOOP("rr::CoreText", "it names no port"),
    QT_TRANSLATE_NOOP("rr::CoreText", "port 0 cannot be reached"),
    QT_TRANSLATE_NOOP("rr::CoreText", "nothing may follow the port"),
    QT_TRANSLATE_NOOP("rr::CoreText", "there is no such file"),
    QT_TRANSLATE_NOOP("rr::CoreText", "it is not a file"),
    QT_TRANSLATE_NOOP("rr::CoreText", "the file cannot be read (%1)"),
    QT_TRANSLATE_NOOP("rr::CoreText", "\"null\" is what a page opened from a file says; only * lets it in"),
    QT_TRANSLATE_NOOP("rr::CoreText", "an origin begins with its scheme: write %1"),
    QT_TRANSLATE_NOOP("rr::CoreText", "it does not begin with a scheme such as https://"),
    QT_TRANSLATE_NOOP("rr::CoreText", "an origin has no path: write %1"),
    QT_TRANSLATE_NOOP("rr::CoreText", "an origin has no user name"),
    QT_TRANSLATE_NOOP("rr::CoreText", "its port is not a number from 1 to 65535, nor * for any"),
    QT_TRANSLATE_NOOP("rr::CoreText",
        "a * stands alone, as the first part of the host (https://*.example.org) or as the port"),
    QT_TRANSLATE_NOOP("rr::CoreText", "it has no valid host"),
    QT_TRANSLATE_NOOP("rr::CoreText", "%1 is set, but %2 is not: set both for wss://, or neither."),
    QT_TRANSLATE_NOOP("rr::CoreText", "all sessions together may hold back less"),
    QT_TRANSLATE_NOOP("rr::CoreText", "one direction of a session may hold back more"),

    // What is allowed
    QT_TRANSLATE_NOOP("rr::CoreText", "at most %1, which is %L2"),
    QT_TRANSLATE_NOOP("rr::CoreText", "at least %1, which is %L2"),
    QT_TRANSLATE_NOOP("rr::CoreText", "0 (%1), or %2"),
    QT_TRANSLATE_NOOP("rr::CoreText", "%L1 to %L2 milliseconds"),
    QT_TRANSLATE_NOOP("rr::CoreText", "%L1 to %L2 bytes"),
    QT_TRANSLATE_NOOP("rr::CoreText", "%L1 to %L2"),
    QT_TRANSLATE_NOOP("rr::CoreText", "true, 1, yes or on; false, 0, no or off"),
    QT_TRANSLATE_NOOP("rr::CoreText", "an IPv4 or IPv6 address of this machine, or localhost"),
    QT_TRANSLATE_NOOP("rr::CoreText", "the path of a file that can be read, or empty"),
    QT_TRANSLATE_NOOP("rr::CoreText", "addresses or subnets such as 10.0.0.0/8, comma separated, or empty"),
    QT_TRANSLATE_NOOP("rr::CoreText", "wss://HOST/PATH or ws://HOST/PATH, without a query"),
    QT_TRANSLATE_NOOP("rr::CoreText",
        "http://HOST:PORT or socks5://HOST:PORT, with USER:PASSWORD@ before the host if needed, or empty"),
    QT_TRANSLATE_NOOP("rr::CoreText",
        "origins such as https://app.example.org, https://*.example.org, http://localhost:* or *, comma "
        "separated"),

    // The settings file
    QT_TRANSLATE_NOOP("rr::CoreText", "%1 in %2 is not a setting: %3."),
    QT_TRANSLATE_NOOP("rr::CoreText", "remove it or see --help"),
    QT_TRANSLATE_NOOP("rr::CoreText", "write %1"),
    QT_TRANSLATE_NOOP("rr::CoreText", "The settings file %1 does not exist."),
    QT_TRANSLATE_NOOP("rr::CoreText", "The settings file %1 cannot be read: %2."),
    QT_TRANSLATE_NOOP("rr::CoreText", "The settings file %1 is not JSON: %2 at line %L3, column %L4."),
    QT_TRANSLATE_NOOP("rr::CoreText", "The settings file %1 does not hold a JSON object { … }."),
    QT_TRANSLATE_NOOP("rr::CoreText", "The folder %1 for the settings cannot be made."),
    QT_TRANSLATE_NOOP("rr::CoreText", "The settings cannot be saved to %1: %2."),
};

struct Pattern
{
    QRegularExpression expression;
    const char *text;
};

std::vector<Pattern> makePatterns()
{
    static const QRegularExpression number(u"\\\\%L[1-4]"_s);
    static const QRegularExpression anything(u"\\\\%[1-4]"_s);
    std::vector<Pattern> patterns;
    for (const char *text : texts) {
        QString expression = QRegularExpression::escape(QString::fromUtf8(text));
        expression.replace(number, u"(\\d+)"_s).replace(anything, u"(.*?)"_s);
        patterns.push_back({QRegularExpression(QRegularExpression::anchoredPattern(expression),
                                QRegularExpression::DotMatchesEverythingOption),
            text});
    }
    return patterns;
}

/// In one go: what was filled in may hold a %1 of its own.
QString filled(const QString &text, const QStringList &parts)
{
    static const QRegularExpression place(u"%L?([1-4])"_s);
    QString result;
    qsizetype from = 0;
    auto places = place.globalMatch(text);
    while (places.hasNext()) {
        const QRegularExpressionMatch found = places.next();
        result += text.sliced(from, found.capturedStart() - from);
        result += parts.value(found.captured(1).toInt() - 1);
        from = found.capturedEnd();
    }
    return result + text.sliced(from);
}

} // namespace

QString coreText(const QString &sentence)
{
    static const std::vector<Pattern> patterns = makePatterns();
    if (sentence.isEmpty())
        return sentence;
    if (sentence.contains(u'\n')) {
        QStringList lines;
        for (const QStringView line : QStringView(sentence).split(u'\n'))
            lines.append(coreText(line.toString()));
        return lines.join(u'\n');
    }
    for (const Pattern &pattern : patterns) {
        const QRegularExpressionMatch match = pattern.expression.match(sentence);
        if (!match.hasMatch())
            continue;
        QStringList parts = match.capturedTexts().sliced(1);
        for (QString &part : parts)
            part = coreText(part);
        return filled(QCoreApplication::translate("rr::CoreText", pattern.text), parts);
    }
    // What 0 means stands with the help of the settings.
    return QCoreApplication::translate("Settings", sentence.toUtf8().constData());
}

} // namespace rr
