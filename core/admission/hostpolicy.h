// SPDX-License-Identifier: MIT
#pragma once

#include <QByteArrayView>
#include <QString>
#include <QStringList>

namespace rr {

/// Under which names the relay may be asked: Settings::allowedHosts, compiled once for an address that is listened on. A
/// plain value.
///
/// It is there against DNS rebinding: a web page has its own name point to the relay's address, and is then, to the
/// browser, of the same origin as the relay: it may read all answers, and its requests are asked nobody before. What such a
/// page cannot do is leave its name out of the Host header (RFC 9110 7.2), nor be a page of a name that nobody can own.
/// Those need no permission: addresses, and localhost (RFC 6761 6.3).
///
/// Without a list, on an address that only this machine reaches, names that nobody outside can own are let in, too: of one
/// label, and under local (RFC 6762), internal (ICANN, 2024), home.arpa (RFC 8375) and test (RFC 6761). A public name comes
/// there by rebinding alone, unless a proxy of this machine passes it on, which TRUSTED_PROXIES names. On other addresses
/// every name is let in without a list, for only the operator knows under which the relay is known.
class HostPolicy
{
public:
    /// `listenAddress`: as in Settings::host. What is not a name allows nothing; the settings' validation has told of it.
    explicit HostPolicy(const QStringList &names = {}, const QString &listenAddress = {});

    /// `host`: value of the Host header, well formed; a port in it does not matter. Empty or null is let in: no browser
    /// leaves it out. `throughProxy`: a trusted proxy passes the request on.
    bool allows(QByteArrayView host, bool throughProxy) const;

    /// Whether the Origin of a request is that of the very address it asks, as programs send it that fill in the header by
    /// habit: the same host and port, and a scheme that fits. Never that of a rebinding page: with https the relay's (or
    /// its proxy's) certificate has proven the name to the browser; with http only names count that need no permission
    /// wherever the relay listens, that nobody outside can own, or that are in the list. `secure`: the client has come
    /// with TLS, as far as the relay can know.
    bool isOwnOrigin(QByteArrayView origin, QByteArrayView host, bool secure) const;

private:
    bool names(const QString &host) const;

    QStringList m_names; ///< as checkHostName() leaves them, but for "*"
    bool m_everyName = false; ///< "*" is among them
    bool m_forThisMachine;
};

} // namespace rr
