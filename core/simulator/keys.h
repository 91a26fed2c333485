// SPDX-License-Identifier: MIT
#pragma once

#include <QByteArray>
#include <QJsonObject>
#include <QList>

namespace rr {

/// API keys, and the client secrets (`ek_…`) that were minted with them. Each of a server's calls asks it; used in the
/// server's thread. Times are seconds since 1970.
class Keys
{
public:
    enum class Verdict : quint8 { Good, Missing, Wrong, Expired, Forbidden, NoQuota };

    /// `known`: the only API keys that are good. Empty: any is, but those whose name says otherwise: one that
    /// contains "invalid" or "nokey", or is "null", is wrong; "quota", "expired" and "forbidden" are what they say.
    explicit Keys(QList<QByteArray> known = {});

    /// What may open a call. A minted secret does until it expires. Without a list of known keys any `ek_…` does,
    /// as if it had been minted elsewhere.
    Verdict judge(const QByteArray &key, qint64 now) const;
    /// What may call the REST API: an API key, not a secret.
    Verdict judgeForRest(const QByteArray &key, qint64 now) const;

    /// A new secret, good for a session of this configuration until `expiresAt`. Of more than a thousand the oldest
    /// are forgotten.
    QByteArray mint(const QJsonObject &session, qint64 expiresAt);
    /// The configuration that the secret was minted with; empty for any other key.
    QJsonObject session(const QByteArray &key) const;

private:
    struct Secret
    {
        QByteArray value;
        QJsonObject session;
        qint64 expiresAt = 0;
    };
    const Secret *find(const QByteArray &key) const;

    QList<QByteArray> m_known;
    QList<Secret> m_secrets; ///< in the order in which they were minted
};

} // namespace rr
