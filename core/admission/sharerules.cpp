// SPDX-License-Identifier: MIT
#include "core/admission/sharerules.h"

#include "core/config/originpattern.h"

#include <QCryptographicHash>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace rr {
namespace {

/// Compared in place of secrets: how long that takes tells how far hashes are alike, which says nothing about the secrets.
QByteArray hashOf(QByteArrayView secret)
{
    return QCryptographicHash::hash(secret, QCryptographicHash::Sha256);
}

} // namespace

QByteArray bareHost(QByteArrayView host)
{
    const qsizetype colon = host.lastIndexOf(':');
    if (colon > host.lastIndexOf(']'))
        host = host.first(colon);
    if (host.endsWith('.'))
        host.chop(1);
    return host.toByteArray().toLower();
}

Refusal nothingShared()
{
    return {404, "not_found"_ba,
        QT_TRANSLATE_NOOP("Core",
            "There is nothing at this address. If you were sent a link to it, it was copied in part, is an old one, or is "
            "no longer shared: ask for a new one.")};
}

ShareRules::ShareRules()
{
    m_wrongSecrets.setRate(wrongSecretsAMinute);
}

void ShareRules::setTerms(std::shared_ptr<const ShareTerms> terms)
{
    m_terms = std::move(terms);
    const ShareTerms shut;
    const ShareTerms &now = m_terms ? *m_terms : shut;
    QStringList origins = now.origins;
    origins.removeIf([](const QString &text) {
        const auto pattern = parseOriginPattern(text);
        return pattern && pattern->matchesEverything;
    });
    m_origins = OriginPolicy(origins);
    m_secretHash = now.secret.isEmpty() ? QByteArray() : hashOf(now.secret);
    m_host = bareHost(now.host);
    m_rates.setRate(now.ratePerAddress);
}

bool ShareRules::isSecret(QByteArrayView secret) const
{
    return !m_secretHash.isEmpty() && hashOf(secret) == m_secretHash;
}

Refusal ShareRules::refuseSecret(const QHostAddress &network, std::chrono::steady_clock::time_point now)
{
    const auto wait = m_wrongSecrets.take(network, now);
    if (wait.count() == 0)
        return nothingShared();
    return {429, "too_many_wrong_links"_ba,
        QT_TRANSLATE_NOOP("Core",
            "Links that lead nowhere are tried too often from your address. Ask for a new one before you try again."),
        wholeSeconds(wait)};
}

bool ShareRules::goesBy(QByteArrayView host) const
{
    return m_host.isEmpty() || bareHost(host) == m_host;
}

bool ShareRules::allowsOrigin(QByteArrayView origin) const
{
    return m_origins.allows(origin);
}

bool ShareRules::allowsPage(const AdmissionRequest &request) const
{
    return m_origins.allows(request.origin) || m_own.isOwnOrigin(request.origin, request.host, false);
}

std::optional<Refusal> ShareRules::checkRate(
    const AdmissionRequest &request, const QHostAddress &network, bool counts)
{
    const auto wait = counts ? m_rates.take(network, request.now) : m_rates.wait(network, request.now);
    if (wait.count() > 0)
        return Refusal{429, "connection_rate_exceeded"_ba,
            {QT_TRANSLATE_NOOP("Core",
                 "More than %1 calls a minute come through this link from your address, its limit. Wait before trying "
                 "again."),
                {m_terms->ratePerAddress}},
            wholeSeconds(wait)};
    return std::nullopt;
}

std::optional<Refusal> ShareRules::checkPlaces(
    const AdmissionRequest &request, const QHostAddress &network) const
{
    const int fromHere = m_byNetwork.value(network);
    if (m_terms->maxCallsPerAddress > 0 && fromHere >= m_terms->maxCallsPerAddress)
        return Refusal{429, "too_many_connections_from_address"_ba,
            {QT_TRANSLATE_NOOP(
                 "Core", "Your address has %1 calls open through this link, its limit. Close one first."),
                {fromHere}}};
    if (request.hasKey && m_live >= m_terms->maxCalls)
        return Refusal{503, "share_full"_ba,
            {QT_TRANSLATE_NOOP("Core", "All %1 calls that this link is good for are taken. Try again later."),
                {m_terms->maxCalls}},
            retryWhenFullSeconds};
    return std::nullopt;
}

void ShareRules::add(const QHostAddress &network, bool leaving)
{
    if (!leaving)
        ++m_live;
    ++m_byNetwork[network];
}

void ShareRules::leave()
{
    --m_live;
}

void ShareRules::remove(const QHostAddress &network, bool leaving)
{
    if (!leaving)
        --m_live;
    const auto ofNetwork = m_byNetwork.find(network);
    if (--*ofNetwork == 0)
        m_byNetwork.erase(ofNetwork);
}

} // namespace rr
