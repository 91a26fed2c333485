// SPDX-License-Identifier: MIT
#pragma once

#include <QByteArray>
#include <QHash>
#include <QHostAddress>
#include <QList>

#include <chrono>
#include <mutex>
#include <optional>

namespace rr {

/// The questions that only this process can answer: who asks one through a public address and gets the answer has reached this
/// relay, and no other one, no page in between and no old answer. They are asked by this very process (PublicProof of
/// core/sharing); without one of its nonces there is nothing at the path of the check (Endpoint::Kind::Check).
/// Any thread; one mutex, held for microseconds.
class ShareProofs
{
public:
    using TimePoint = std::chrono::steady_clock::time_point;

    static constexpr QByteArrayView http = "http"; ///< kinds
    static constexpr QByteArrayView ws = "ws";
    static constexpr std::chrono::seconds validFor{60};
    static constexpr qsizetype mostNonces = 256; ///< that are known; the oldest goes

    /// What of a question has arrived, as it came. Never sent out: it is for the asker, who knows what he has sent.
    struct Arrival
    {
        QByteArray host;
        QByteArray origin; ///< null: there was none
        QByteArray userAgent;
        QByteArray forwardedFor; ///< X-Forwarded-For, its lines joined by ", "; empty: there was none
        QList<QByteArray> subprotocols;
        QHostAddress peer; ///< the other end of the connection
    };

    ShareProofs();
    Q_DISABLE_COPY_MOVE(ShareProofs)

    /// A fresh nonce: 128 bits in base64url, 22 characters. It can be answered once over HTTP and once as a WebSocket.
    QByteArray issue(TimePoint now = std::chrono::steady_clock::now());
    /// What is answered: base64url of HMAC-SHA256 by a key of this process, of `kind`, a colon and the nonce.
    QByteArray proofOf(QByteArrayView kind, QByteArrayView nonce) const;

    /// Whether answer() would answer.
    bool isFresh(
        QByteArrayView kind, QByteArrayView nonce, TimePoint now = std::chrono::steady_clock::now()) const;
    /// The proof, and the nonce is used up for that kind; keeps what has arrived. Nothing: the nonce is unknown, used up or
    /// older than validFor.
    std::optional<QByteArray> answer(QByteArrayView kind, QByteArrayView nonce, const Arrival &arrival,
        TimePoint now = std::chrono::steady_clock::now());

    /// What has arrived with the nonce, of its last answer; nothing: it was not answered, or is forgotten.
    std::optional<Arrival> arrivalOf(QByteArrayView nonce) const;
    /// Whether a question has come from that address, as the last member of X-Forwarded-For has it: this machine, as it is
    /// seen from outside. Of the nonces that are known.
    bool hasComeFrom(const QHostAddress &address) const;

private:
    struct Nonce
    {
        TimePoint issued;
        bool usedHttp = false;
        bool usedWs = false;
        std::optional<Arrival> arrival{};
    };

    bool isFreshLocked(QByteArrayView kind, QByteArrayView nonce, TimePoint now) const;

    const QByteArray m_key;
    mutable std::mutex m_mutex; ///< guards all below
    QHash<QByteArray, Nonce> m_nonces;
    QList<QByteArray> m_order; ///< the oldest first
};

} // namespace rr
