// SPDX-License-Identifier: MIT
#include "core/relay/exchangeplan.h"

#include "core/relay/upstreamroute.h"
#include "core/relay/worker.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace rr {

namespace {

QByteArray requestBytes(const RequestHead &head, const UpgradeRequest &to, const QByteArray &body)
{
    // An answer that nobody here can decode would be of no use to the beta's clients.
    QList<HttpHeader> headers{
        {"Host"_ba, to.host}, {"Connection"_ba, "close"_ba}, {"Accept-Encoding"_ba, "identity"_ba}};
    for (const QByteArrayView name : {"Accept", "Content-Type"}) {
        if (const QByteArray value = head.header(name); !value.isEmpty())
            headers.append({name.toByteArray(), value});
    }
    const bool hasBody = head.method == "POST";
    if (hasBody)
        headers.append({"Content-Length"_ba, QByteArray::number(body.size())});
    for (const HttpHeader &header : to.headers) { // FORWARD_HEADERS may name one of those
        if (std::none_of(headers.begin(), headers.end(),
                [&header](const HttpHeader &other) { return isSameName(other.name, header.name); }))
            headers.append(header);
    }
    QByteArray bytes = head.method + ' ' + to.target + " HTTP/1.1\r\n";
    for (const HttpHeader &header : headers)
        bytes += header.name + ": " + header.value + "\r\n";
    bytes += "\r\n";
    return hasBody ? bytes + body : bytes;
}

} // namespace

Exchange::Plan exchangePlan(const RelayRules &rules, const RequestHead &head, const Credentials &credentials,
    const Endpoint &endpoint, const QByteArray &body)
{
    RequestHead asked = head;
    asked.path = isBeta(endpoint) ? "/v1/realtime/client_secrets"_ba : canonicalPath(endpoint, head.path);
    const Dial::Target target
        = upstreamTarget(*rules.settings, rules.upstreamTls, rules.upstreamProxy, asked, credentials);
    Exchange::Plan plan;
    plan.to = target; // all but the handshake
    plan.request = requestBytes(asked, target.request, body);
    plan.timeout = target.timeout;
    plan.streams = endpoint.kind == Endpoint::Kind::Recording;
    return plan;
}

} // namespace rr
