// SPDX-License-Identifier: MIT
#pragma once

#include <QLatin1String>

#include <array>
#include <atomic>

namespace rr {

/// How a connection that had something to say came to nothing, without an answer. Who leaves without a byte has no
/// failure. What the relay itself turns away is a refusal, which has a code of its own (doc/endpoints.md).
enum class ConnectionFailure : quint8 {
    TlsVersionTooOld, ///< the client speaks no version of TLS that is taken here
    CertificateNotTrusted, ///< the client does not accept the relay's certificate
    TlsFailed, ///< any other failure of the TLS handshake
    LeftAtCertificate, ///< the client was shown the certificate, and went
    LeftAfterTls, ///< the TLS handshake was made, and then nothing was asked
    LeftEarly, ///< the client went in the middle of its handshake or request, or before it had its answer
    RequestTimeout, ///< its request did not come in time, or it did not take the answer
};

/// For machines; in the order of ConnectionFailure.
inline constexpr std::array connectionFailureNames{
    QLatin1String("tls_version_too_old"),
    QLatin1String("certificate_not_trusted"),
    QLatin1String("tls_failed"),
    QLatin1String("left_at_certificate"),
    QLatin1String("left_after_tls"),
    QLatin1String("left_early"),
    QLatin1String("request_timeout"),
};
static_assert(connectionFailureNames.size() == std::size_t(ConnectionFailure::RequestTimeout) + 1);

constexpr QLatin1String nameOf(ConnectionFailure failure)
{
    return connectionFailureNames[std::size_t(failure)];
}

using ConnectionFailureTotals
    = std::array<qint64, connectionFailureNames.size()>; ///< index: ConnectionFailure

/// How often each has happened since the start. Any thread.
class ConnectionFailureCounts
{
public:
    void count(ConnectionFailure failure)
    {
        m_counts[std::size_t(failure)].fetch_add(1, std::memory_order_relaxed);
    }
    ConnectionFailureTotals totals() const
    {
        ConnectionFailureTotals totals{};
        for (std::size_t i = 0; i < totals.size(); ++i)
            totals[i] = m_counts[i].load(std::memory_order_relaxed);
        return totals;
    }

private:
    std::array<std::atomic<qint64>, connectionFailureNames.size()> m_counts{};
};

} // namespace rr
