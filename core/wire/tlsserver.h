// SPDX-License-Identifier: MIT
#pragma once

#include "core/base/sentence.h"

#include <QDateTime>
#include <QSslConfiguration>

#include <memory>

#ifdef Q_OS_LINUX
struct ssl_ctx_st;
#endif

namespace rr {

/// Why there is no TlsServer.
struct TlsRefusal
{
    enum Of : quint8 { Certificate, Key };
    Of of = Key;
    Sentence why = {}; ///< as a part of a sentence; empty: the key does not belong to the certificate
};

/// What all TLS connections of clients have in common: the certificate they are shown, TLS 1.2 at the least. Made once
/// for each set of settings. Never changed; any thread. OpenSSL's on Linux, for TlsStream, where a client may resume
/// its session as long as the settings stand; elsewhere Qt's.
class TlsServer
{
public:
    /// `configuration`: of Qt, with the chain, the server's own certificate first, and its key, see readPrivateKey().
    /// Null: `refusal` says why, if that is asked.
    static std::shared_ptr<const TlsServer> make(
        const QSslConfiguration &configuration, TlsRefusal *refusal = nullptr);

    ~TlsServer();
    Q_DISABLE_COPY_MOVE(TlsServer)

    QDateTime certificateExpiry() const { return m_certificateExpiry; } ///< of the server's own

#ifdef Q_OS_LINUX
    ssl_ctx_st *context() const
    {
        return m_context;
    }

private:
    explicit TlsServer(const QDateTime &certificateExpiry);
    ssl_ctx_st *const m_context;
#else
    const QSslConfiguration &configuration() const
    {
        return m_configuration;
    }

private:
    explicit TlsServer(const QSslConfiguration &configuration);
    const QSslConfiguration m_configuration;
#endif
    const QDateTime m_certificateExpiry;
};

/// X25519, P-256 and P-384 for the exchange of keys, and nothing else: with the groups ffdhe, which OpenSSL serves by itself,
/// 1.3 kB of a client cost 95 ms of processor (D(HE)at, CVE-2002-20001). TlsServer of OpenSSL has the same.
void limitGroups(QSslConfiguration &configuration);

/// What make() does where there is no OpenSSL: whether the key belongs to the certificate. Any thread.
bool keyFits(const QSslConfiguration &configuration);

} // namespace rr
