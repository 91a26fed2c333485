// SPDX-License-Identifier: MIT
#pragma once

#include "core/base/money.h"
#include "core/config/secret.h"

#include <QByteArray>
#include <QDateTime>
#include <QHash>
#include <QList>
#include <QString>
#include <QStringList>

#include <memory>

namespace rr {

/// What one access token allows. Zero and empty mean: no limit of the token's own. A plain value; the token itself is nowhere in
/// it, only its hash.
struct AccessTerms
{
    qint64 id = 0; ///< in the store; never given twice
    QString name; ///< for people, in rows, logs and metrics; one of each among those that are not revoked
    QByteArray hash; ///< hashOfToken(), 32 bytes
    QDateTime createdAt; ///< UTC
    QDateTime expiresAt; ///< UTC; invalid: never
    bool isRevoked = false;
    QStringList
        origins; ///< patterns as in ALLOWED_ORIGINS, which hold besides; programs, which send none, come in
    QStringList models; ///< names as they stand in the query
    int callsAtOnce = 0; ///< at one relay
    int minutesACall = 0;
    Money usdADay; ///< a day of UTC, over all relays
    Money usdInAll;

    bool isBounded() const { return usdADay > Money() || usdInAll > Money(); }
    bool operator==(const AccessTerms &) const = default;
};

/// All access tokens at one moment, for whoever looks one up. Immutable; any thread.
class AccessBook
{
public:
    AccessBook() = default; ///< one that was never read: who is good is not known
    explicit AccessBook(const QList<AccessTerms> &all);

    /// By hashOfToken(). Also what is revoked or expired, so that it can be said; null: there is none.
    std::shared_ptr<const AccessTerms> find(const QByteArray &hash) const { return m_byHash.value(hash); }
    std::shared_ptr<const AccessTerms> find(qint64 id) const { return m_byId.value(id); }
    bool isEmpty() const { return m_byId.isEmpty(); }
    bool isRead() const { return m_isRead; }

private:
    QHash<QByteArray, std::shared_ptr<const AccessTerms>> m_byHash;
    QHash<qint64, std::shared_ptr<const AccessTerms>> m_byId;
    bool m_isRead = false;
};

/// What every access token begins with. OpenAI's SDKs for browsers take no key that does not begin with "ek_".
inline constexpr QByteArrayView accessTokenPrefix = "ek_rr_";

/// "ek_rr_" and 32 characters of base64url: 192 bits by the system's generator for secrets.
Secret makeAccessToken();
inline bool isAccessToken(const Secret &key)
{
    return key.reveal().startsWith(accessTokenPrefix);
}
/// Whether it is as long as those are that are made, and of their characters: what is not needs no looking up.
bool hasFormOfToken(const Secret &key);
/// SHA-256 of it: what is kept. It has so many random bits that it needs no salt and no slow hash.
QByteArray hashOfToken(const Secret &token);

} // namespace rr
