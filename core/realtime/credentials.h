// SPDX-License-Identifier: MIT
#pragma once

#include "core/config/secret.h"
#include "core/http/requesthead.h"

#include <QByteArray>
#include <QList>

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

    /// Names of headers whose value cannot stand in a header (control characters, bytes outside printable
    /// Latin-1; for a key, anything but visible ASCII). Such a value is left out, never passed on.
    QList<QByteArray> refused;
    bool keyWasRefused = false; ///< one of them is a key

    /// No key, an empty one, or what a program without a key sends: the word null or undefined.
    bool missing() const { return key.isEmpty(); }
};

Credentials readCredentials(const RequestHead &head);

/// The headers that go upstream on the client's behalf, and no others: no beta marker, cookie, Origin,
/// hop-by-hop or forwarding header ever.
QList<HttpHeader> upstreamHeaders(const Credentials &credentials);

} // namespace rr
