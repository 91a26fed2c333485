// SPDX-License-Identifier: MIT
#pragma once

#include "core/admission/admission.h"
#include "core/admission/hostpolicy.h"
#include "core/admission/originpolicy.h"
#include "core/admission/ratelimiter.h"
#include "core/admission/shareterms.h"

#include <QHash>
#include <QHostAddress>

#include <memory>
#include <optional>

namespace rr {

/// A Host without its port and final dot, in small letters.
QByteArray bareHost(QByteArrayView host);

/// 404 not_found: to who has no link that is good, at whatever path.
Refusal nothingShared();

/// Who may come in by the door of a share: ShareTerms, compiled once, and who is in. Part of an Admission, whose mutex
/// guards it. `network`: AdmissionRequest::network().
class ShareRules
{
public:
    /// Who comes through a tunnel that does not tell addresses: all of them are one network, which is nobody else's.
    static inline const QHostAddress someone{QHostAddress::AnyIPv4};
    static constexpr int wrongSecretsAMinute = 20;

    ShareRules();

    void setTerms(
        std::shared_ptr<const ShareTerms> terms); ///< null: nobody comes in. Who is in stays counted
    const std::shared_ptr<const ShareTerms> &terms() const { return m_terms; }

    bool isSecret(QByteArrayView secret) const;
    Refusal refuseSecret(const QHostAddress &network, std::chrono::steady_clock::time_point now);
    /// `host`: value of the Host header.
    bool goesBy(QByteArrayView host) const;
    /// Of ShareTerms::origins, or none.
    bool allowsOrigin(QByteArrayView origin) const;

    /// The same, and pages of the very address that the request asks: the page behind the link, which comes by the same name.
    bool allowsPage(const AdmissionRequest &request) const;

    /// 429 connection_rate_exceeded with Retry-After. There must be terms. `counts`: else nothing is taken of the rate.
    std::optional<Refusal> checkRate(
        const AdmissionRequest &request, const QHostAddress &network, bool counts);
    /// 429 too_many_connections_from_address, 503 share_full with Retry-After.
    std::optional<Refusal> checkPlaces(const AdmissionRequest &request, const QHostAddress &network) const;

    // Those who are only being told that they have to go take none of the places, but are still of their address.
    void add(const QHostAddress &network, bool leaving);
    void leave();
    void remove(const QHostAddress &network, bool leaving);

private:
    std::shared_ptr<const ShareTerms> m_terms;
    QByteArray m_secretHash;
    QByteArray m_host; ///< without a port, lower case
    OriginPolicy m_origins;
    HostPolicy m_own; ///< for pages of the share's own host
    RateLimiter m_rates;
    RateLimiter m_wrongSecrets;
    int m_live = 0;
    QHash<QHostAddress, int> m_byNetwork; ///< no zeros
};

} // namespace rr
