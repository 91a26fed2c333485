// SPDX-License-Identifier: MIT
#include "core/realtime/upstreamfailure.h"

#include "core/realtime/redaction.h"

namespace rr {

using namespace Qt::StringLiterals;

namespace {

QString adviceForStatus(int status, const QString &host)
{
    const QString refused = u"%1 refused the session with HTTP %2: "_s.arg(host).arg(status);
    switch (status) {
    case 400:
        return refused
            + u"the request is not one it takes; check the model and the other query parameters."_s;
    case 401:
        return refused + u"the API key is invalid or has expired; check the key, or make a new one."_s;
    case 403:
        return refused
            + u"the API key has no access to this model or project, or this region is not supported; check "
              u"the "
              "key's permissions, and that the relay runs in a supported region."_s;
    case 404:
        return refused
            + u"there is no such path, model or deployment; check the model's name, and the relay's upstream "
              u"URL "
              "(UPSTREAM_URL)."_s;
    case 429:
        return refused
            + u"its rate limit is reached or the quota is used up; wait a moment, then check the account's "
              "limits and billing."_s;
    default:
        break;
    }
    if (status >= 500)
        return refused + u"it has a problem of its own; try again in a moment, and check its status page."_s;
    if (status >= 300 && status < 400)
        return refused
            + u"it redirects elsewhere, which a WebSocket cannot follow; correct the relay's upstream URL "
              "(UPSTREAM_URL)."_s;
    if (status < 300)
        return u"%1 answered HTTP %2 where a WebSocket was asked for; check the relay's upstream URL "
               "(UPSTREAM_URL), and whether a sign-in page stands between the relay and the internet."_s
                   .arg(host)
                   .arg(status);
    return refused + u"check the API key, the model and the relay's upstream URL (UPSTREAM_URL)."_s;
}

QString adviceForKind(const UpstreamFailure &failure, const QString &host)
{
    switch (failure.kind) {
    case UpstreamFailure::Refused:
        return adviceForStatus(failure.status, host);
    case UpstreamFailure::Dns:
        return u"The relay found no address for %1; check the relay's DNS and internet connection, and its "
               u"upstream "
               "URL (UPSTREAM_URL)."_s.arg(host);
    case UpstreamFailure::ConnectRefused:
        return u"The connection to %1 was refused; check the relay's upstream URL (UPSTREAM_URL) and any "
               u"firewall on "
               "the way."_s.arg(host);
    case UpstreamFailure::Timeout:
        return u"%1 did not answer in time; check the relay's internet connection and any firewall on the "
               u"way, then "
               "try again."_s.arg(host);
    case UpstreamFailure::Tls:
        return u"No secure connection to %1 could be made; check the relay's clock, and whether a proxy on "
               u"the way "
               "replaces certificates (then give its authority as UPSTREAM_CA_FILE)."_s.arg(host);
    case UpstreamFailure::Proxy:
        return u"The proxy on the way to %1 refused or did not answer; check the relay's proxy address and "
               u"its user "
               "and password (UPSTREAM_PROXY or HTTPS_PROXY)."_s.arg(host);
    case UpstreamFailure::BadHandshake:
        return u"%1 answered, but not as a WebSocket server; check the relay's upstream URL (UPSTREAM_URL) "
               u"and "
               "whether a proxy on the way supports WebSockets."_s.arg(host);
    case UpstreamFailure::Network:
        break;
    }
    return u"The connection to %1 failed; check the relay's internet connection, then try again."_s.arg(host);
}

} // namespace

QString adviceFor(const UpstreamFailure &failure, const QString &upstreamHost)
{
    const QString host = outsideText(upstreamHost);
    QString advice = adviceForKind(failure, host.isEmpty() ? u"The upstream"_s : host);
    const QString detail = outsideText(failure.detail);
    if (!detail.isEmpty())
        advice += u" (Detail: %1)"_s.arg(detail);
    return advice;
}

} // namespace rr
