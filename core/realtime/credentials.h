// SPDX-License-Identifier: MIT
#pragma once

#include "core/config/secret.h"
#include "core/http/requesthead.h"

#include <QByteArray>
#include <QList>
#include <QStringList>

namespace rr {

/// Where a client put its key. The first of these that holds one counts.
enum class KeySource : quint8 {
    None,
    Subprotocol, ///< openai-insecure-api-key.KEY: browsers
    Authorization, ///< Authorization: Bearer KEY
    ApiKeyHeader, ///< api-key: KEY, as Azure takes it
    ApiKeyQuery, ///< ?api-key=KEY, as Azure takes it: travels in the query, which is forwarded as it came
};

/// Who a client says it is, taken from its handshake. A plain value; the key prints masked only.
struct Credentials
{
    Secret key;
    KeySource source = KeySource::None;
    QByteArray organization;
    QByteArray project;
    QByteArray safetyIdentifier;
    QByteArray userAgent;
    bool offeredRealtime = false; ///< the subprotocol "realtime": to be echoed in the 101
    /// It asks for the protocol of before May 2026: the subprotocol openai-beta.realtime-v1, or the header OpenAI-Beta with
    /// the member realtime=v1, in any case.
    bool beta = false;

    /// A key was sent that is none: it holds something else than visible ASCII. Like every other value that cannot
    /// stand in a header (control characters, bytes outside printable Latin-1) it is left out, never passed on.
    bool keyWasRefused = false;

    /// No key, an empty one, or what a program without a key sends: the word null or undefined.
    bool missing() const { return key.isEmpty(); }
};

Credentials readCredentials(const RequestHead &head);

/// The same client with another key in the place of its own: as a Bearer, and without an organization and a project, which are
/// those of that key.
Credentials withKey(Credentials credentials, const Secret &key);

/// What the client has sent without this key: no header and no part of the query that has it in it, however it is encoded there,
/// and no `api-key` in the query.
RequestHead withoutKey(RequestHead head, const Secret &key);

/// Likewise without any key that begins so, in every part of the query and every header that has one in it; `api-key`s that are
/// others stay.
RequestHead withoutKeysThatBegin(RequestHead head, QByteArrayView beginning);

/// The headers that go upstream on the client's behalf: no beta marker, cookie, Origin, hop-by-hop or forwarding header.
QList<HttpHeader> upstreamHeaders(const Credentials &credentials);

/// What goes upstream besides upstreamHeaders(), as it came and in its order: what Settings::forwardHeaders means
/// (isForwarded() of core/config), but for what upstreamHeaders() is about, what this client's Connection header names
/// (RFC 9110 7.6.1), and values that cannot stand in a header.
QList<HttpHeader> forwardedHeaders(const RequestHead &head, const QStringList &entries);

/// What may not be shown where a side repeats it: the key, and the values of these headers, which may be keys of a gateway,
/// but for those that are too short to be any.
QList<Secret> keysOf(const Credentials &credentials, const QList<HttpHeader> &forwarded);

} // namespace rr
