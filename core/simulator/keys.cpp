// SPDX-License-Identifier: MIT
#include "core/simulator/keys.h"

#include <QRandomGenerator>

#include <algorithm>

namespace rr {

namespace {

constexpr qsizetype mostSecrets = 1000;

} // namespace

Keys::Keys(QList<QByteArray> known)
    : m_known(std::move(known))
{
}

const Keys::Secret *Keys::find(const QByteArray &key) const
{
    const auto found = std::find_if(
        m_secrets.begin(), m_secrets.end(), [&key](const Secret &secret) { return secret.value == key; });
    return found == m_secrets.end() ? nullptr : &*found;
}

Keys::Verdict Keys::judge(const QByteArray &key, qint64 now) const
{
    if (key.isEmpty())
        return Verdict::Missing;
    if (const Secret *secret = find(key))
        return now < secret->expiresAt ? Verdict::Good : Verdict::Expired;
    if (!m_known.isEmpty())
        return m_known.contains(key) ? Verdict::Good : Verdict::Wrong;
    if (key == "null" || key.contains("nokey") || key.contains("invalid"))
        return Verdict::Wrong;
    if (key.contains("expired"))
        return Verdict::Expired;
    if (key.contains("forbidden"))
        return Verdict::Forbidden;
    return key.contains("quota") ? Verdict::NoQuota : Verdict::Good;
}

Keys::Verdict Keys::judgeForRest(const QByteArray &key, qint64 now) const
{
    return key.startsWith("ek_") ? Verdict::Wrong : judge(key, now);
}

QByteArray Keys::mint(const QJsonObject &session, qint64 expiresAt)
{
    QByteArray bytes(16, Qt::Uninitialized);
    std::generate(
        bytes.begin(), bytes.end(), [] { return char(QRandomGenerator::global()->bounded(0, 256)); });
    m_secrets.append({"ek_" + bytes.toHex(), session, expiresAt});
    if (m_secrets.size() > mostSecrets)
        m_secrets.removeFirst();
    return m_secrets.last().value;
}

QJsonObject Keys::session(const QByteArray &key) const
{
    const Secret *secret = find(key);
    return secret ? secret->session : QJsonObject();
}

} // namespace rr
