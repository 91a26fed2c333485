// SPDX-License-Identifier: MIT
#include "core/admission/shareproofs.h"

#include "core/admission/clientaddress.h"
#include "core/base/randomtext.h"

#include <QMessageAuthenticationCode>

namespace rr {

namespace {

constexpr auto textForm = QByteArray::Base64UrlEncoding | QByteArray::OmitTrailingEquals;

} // namespace

ShareProofs::ShareProofs()
    : m_key(randomBytes(32))
{
}

QByteArray ShareProofs::issue(TimePoint now)
{
    const QByteArray nonce = randomText();
    const std::lock_guard lock(m_mutex);
    m_nonces.insert(nonce, {now});
    m_order.append(nonce);
    while (m_order.size() > mostNonces)
        m_nonces.remove(m_order.takeFirst());
    return nonce;
}

QByteArray ShareProofs::proofOf(QByteArrayView kind, QByteArrayView nonce) const
{
    const QByteArray question = kind.toByteArray() + ':' + nonce.toByteArray();
    return QMessageAuthenticationCode::hash(question, m_key, QCryptographicHash::Sha256).toBase64(textForm);
}

bool ShareProofs::isFreshLocked(QByteArrayView kind, QByteArrayView nonce, TimePoint now) const
{
    const auto found = m_nonces.constFind(nonce.toByteArray());
    if (found == m_nonces.constEnd() || now - found->issued > validFor)
        return false;
    return kind == http ? !found->usedHttp : kind == ws && !found->usedWs;
}

bool ShareProofs::isFresh(QByteArrayView kind, QByteArrayView nonce, TimePoint now) const
{
    const std::lock_guard lock(m_mutex);
    return isFreshLocked(kind, nonce, now);
}

std::optional<QByteArray> ShareProofs::answer(
    QByteArrayView kind, QByteArrayView nonce, const Arrival &arrival, TimePoint now)
{
    {
        const std::lock_guard lock(m_mutex);
        if (!isFreshLocked(kind, nonce, now))
            return std::nullopt;
        Nonce &known = m_nonces[nonce.toByteArray()];
        (kind == http ? known.usedHttp : known.usedWs) = true;
        known.arrival = arrival;
    }
    return proofOf(kind, nonce);
}

std::optional<ShareProofs::Arrival> ShareProofs::arrivalOf(QByteArrayView nonce) const
{
    const std::lock_guard lock(m_mutex);
    const auto found = m_nonces.constFind(nonce.toByteArray());
    return found == m_nonces.constEnd() ? std::nullopt : found->arrival;
}

bool ShareProofs::hasComeFrom(const QHostAddress &address) const
{
    const std::lock_guard lock(m_mutex);
    for (const Nonce &nonce : m_nonces) {
        if (nonce.arrival
            && lastForwarded(nonce.arrival->peer, nonce.arrival->forwardedFor.split(',')) == address)
            return true;
    }
    return false;
}

} // namespace rr
