// SPDX-License-Identifier: MIT
#pragma once

#include <QSslCertificate>

#include <memory>
#include <vector>

struct ssl_ctx_st;
struct ssl_session_st;

namespace rr {

/// What all TLS connections to the upstream have in common, as OpenSSL has it: whom they trust, and TLS 1.2 at the
/// least. Made once for each set of settings. Never changed; any thread. Linux only, as TlsStream is.
class TlsClient
{
public:
    /// Trusts `authorities`, each of them for itself, whoever has signed it: an intermediate one will do. The system's when
    /// there are none, which are looked up as they are needed.
    explicit TlsClient(const QList<QSslCertificate> &authorities);
    ~TlsClient();
    Q_DISABLE_COPY_MOVE(TlsClient)

    ssl_ctx_st *context() const { return m_context; }

private:
    ssl_ctx_st *m_context;
};

/// The last TLS sessions of the upstream, to be resumed by the next dials. One for each worker and set of settings, for
/// what is resumed is not checked again. One thread.
struct TlsSessionCache
{
    QByteArray ticket; ///< QSslSocket's
    std::vector<std::shared_ptr<ssl_session_st>> sessions; ///< TlsStream's, the newest last
};

} // namespace rr
