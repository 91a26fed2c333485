// SPDX-License-Identifier: MIT
#include "core/realtime/credentials.h"

#include "core/config/forwardheader.h"
#include "core/http/query.h"

#include <algorithm>
#include <iterator>

namespace rr {

using namespace Qt::StringLiterals;

namespace {

bool isPrintableLatin1(char c)
{
    const auto byte = uchar(c);
    return (byte >= 0x20 && byte <= 0x7E) || byte >= 0xA0;
}

bool isVisibleAscii(char c)
{
    return c > 0x20 && c < 0x7F;
}

/// The value of the first offered subprotocol that starts so; null when there is none.
QByteArray tokenValue(const QList<QByteArray> &offered, QByteArrayView prefix)
{
    for (const QByteArray &token : offered) {
        if (token.startsWith(prefix))
            return token.sliced(prefix.size());
    }
    return {};
}

QByteArray bearerKey(const QByteArray &authorization)
{
    constexpr QByteArrayView scheme = "Bearer ";
    if (QByteArrayView(authorization)
            .first(std::min(scheme.size(), authorization.size()))
            .compare(scheme, Qt::CaseInsensitive)
        != 0)
        return {};
    return authorization.sliced(scheme.size()).trimmed();
}

/// Whether all of it may stand in a header's value (RFC 9110 5.5, without tabs).
bool isHeaderValue(const QByteArray &value)
{
    return std::all_of(value.begin(), value.end(), isPrintableLatin1);
}

bool isNoKey(const QByteArray &key)
{
    return key.isEmpty() || key == "null" || key == "undefined";
}

bool holdsText(const QByteArray &where, QByteArrayView text)
{
    return where.contains(text) || QByteArray::fromPercentEncoding(where).contains(text);
}

void setQuery(RequestHead &head, const QList<QByteArray> &parts)
{
    if (!head.query.isEmpty())
        head.query = parts.isEmpty() ? QByteArray() : parts.join('&');
    head.target = head.path;
    if (!head.query.isEmpty())
        head.target += '?' + head.query;
}

} // namespace

Credentials readCredentials(const RequestHead &head)
{
    Credentials result;
    const QList<QByteArray> offered = head.list("Sec-WebSocket-Protocol");
    result.offeredRealtime = offered.contains("realtime"_ba);
    result.beta = offered.contains("openai-beta.realtime-v1"_ba)
        || containsName(head.list("OpenAI-Beta"), "realtime=v1");

    const auto considerKey = [&result](KeySource source, const QByteArray &key) {
        if (result.source != KeySource::None || isNoKey(key))
            return;
        if (!std::all_of(key.begin(), key.end(), isVisibleAscii)) {
            result.keyWasRefused = true;
            return;
        }
        result.key = Secret(key);
        result.source = source;
    };
    considerKey(KeySource::Subprotocol, tokenValue(offered, "openai-insecure-api-key."));
    considerKey(KeySource::Authorization, bearerKey(head.header("Authorization")));
    considerKey(KeySource::ApiKeyHeader, head.header("api-key"));
    considerKey(KeySource::ApiKeyQuery, queryValue(head.query, "api-key", Qt::CaseInsensitive).trimmed());

    const auto forwardable = [&](const char *name, QByteArrayView tokenPrefix) {
        QByteArray value = head.header(name);
        if (value.isEmpty() && !tokenPrefix.isEmpty())
            value = tokenValue(offered, tokenPrefix);
        if (!isHeaderValue(value))
            value.clear();
        return value;
    };
    result.organization = forwardable("OpenAI-Organization", "openai-organization.");
    result.project = forwardable("OpenAI-Project", "openai-project.");
    result.safetyIdentifier = forwardable("OpenAI-Safety-Identifier", {});
    result.userAgent = forwardable("User-Agent", {});
    return result;
}

Credentials withKey(Credentials credentials, const Secret &key)
{
    for (QByteArray *value : {&credentials.safetyIdentifier, &credentials.userAgent}) {
        if (!credentials.missing() && value->contains(credentials.key.reveal()))
            value->clear();
    }
    credentials.key = key;
    credentials.source = KeySource::Authorization;
    credentials.organization.clear();
    credentials.project.clear();
    return credentials;
}

RequestHead withoutKey(RequestHead head, const Secret &key)
{
    const auto holdsKey = [&key](const QByteArray &text) { return holdsText(text, key.reveal()); };
    head.headers.removeIf([&](const HttpHeader &header) { return holdsKey(header.value); });
    QList<QByteArray> parts = head.query.split('&');
    parts.removeIf([&](const QByteArray &part) {
        const qsizetype equals = part.indexOf('=');
        const QByteArray name = QByteArray::fromPercentEncoding(equals < 0 ? part : part.first(equals));
        return holdsKey(part) || name.compare("api-key", Qt::CaseInsensitive) == 0;
    });
    setQuery(head, parts);
    return head;
}

RequestHead withoutKeysThatBegin(RequestHead head, QByteArrayView beginning)
{
    head.headers.removeIf(
        [beginning](const HttpHeader &header) { return holdsText(header.value, beginning); });
    if (!holdsText(head.query, beginning))
        return head;
    QList<QByteArray> parts = head.query.split('&');
    parts.removeIf([beginning](const QByteArray &part) { return holdsText(part, beginning); });
    setQuery(head, parts);
    return head;
}

QList<HttpHeader> upstreamHeaders(const Credentials &credentials)
{
    QList<HttpHeader> headers;
    switch (credentials.source) {
    case KeySource::Subprotocol:
    case KeySource::Authorization:
        headers.append({"Authorization"_ba, "Bearer " + credentials.key.reveal()});
        break;
    case KeySource::ApiKeyHeader:
        headers.append({"api-key"_ba, credentials.key.reveal()});
        break;
    case KeySource::ApiKeyQuery: // goes with the query
    case KeySource::None:
        break;
    }
    const auto append = [&headers](const QByteArray &name, const QByteArray &value) {
        if (!value.isEmpty())
            headers.append({name, value});
    };
    append("OpenAI-Organization"_ba, credentials.organization);
    append("OpenAI-Project"_ba, credentials.project);
    append("OpenAI-Safety-Identifier"_ba, credentials.safetyIdentifier);
    append("User-Agent"_ba, credentials.userAgent);
    return headers;
}

QList<HttpHeader> forwardedHeaders(const RequestHead &head, const QStringList &entries)
{
    static constexpr QByteArrayView own[]
        = {"OpenAI-Organization", "OpenAI-Project", "OpenAI-Safety-Identifier", "User-Agent"};
    QList<HttpHeader> headers;
    if (entries.isEmpty())
        return headers;
    const QList<QByteArray> ofConnection = head.list("Connection");
    for (const HttpHeader &header : head.headers) {
        const bool isOwn = std::any_of(std::begin(own), std::end(own),
            [&header](QByteArrayView name) { return isSameName(header.name, name); });
        if (!isOwn && isForwarded(header.name, entries) && !containsName(ofConnection, header.name)
            && isHeaderValue(header.value))
            headers.append(header);
    }
    return headers;
}

QList<Secret> keysOf(const Credentials &credentials, const QList<HttpHeader> &forwarded)
{
    constexpr qsizetype shortestKey = 8;
    QList<Secret> keys{credentials.key};
    for (const HttpHeader &header : forwarded) {
        if (header.value.size() >= shortestKey)
            keys.append(Secret(header.value));
    }
    return keys;
}

} // namespace rr
