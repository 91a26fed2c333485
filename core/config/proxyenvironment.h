// SPDX-License-Identifier: MIT
#pragma once

#include <QProcessEnvironment>
#include <QString>
#include <QStringList>
#include <QUrl>

/// What the environment says of proxies, read as curl reads it: lower case before upper case; for wss:// WSS_PROXY,
/// HTTPS_PROXY, ALL_PROXY, for ws:// WS_PROXY, HTTP_PROXY, ALL_PROXY; the first that is not empty counts, and NO_PROXY above
/// all of them.
namespace rr {

/// A variable of the environment; the name is empty where there is none.
struct ProxyVariable
{
    QString name;
    QString value; ///< without quotes and blanks around it; not checked, see checkUpstreamProxy()
};

/// Which variable names the proxy on the way to this upstream.
ProxyVariable proxyVariable(const QUrl &upstream, const QProcessEnvironment &environment);

/// The members of NO_PROXY that are in none of the known forms, and count for nothing: "*", a host, a domain (with its
/// hosts) with or without a dot before it, "*.domain" (its hosts alone), an address, a subnet such as 10.0.0.0/8, and all of
/// them but the first and last with ":PORT". They are separated by commas or blanks; an IPv6 address may be in brackets, and
/// must be before a port.
QStringList unknownInNoProxy(const QProcessEnvironment &environment);

} // namespace rr
