// SPDX-License-Identifier: MIT
#include "core/admission/accessbook.h"

#include "core/admission/mintedtoken.h"
#include "core/base/randomtext.h"

#include <QCryptographicHash>

#include <algorithm>

namespace rr {

AccessBook::AccessBook(const QList<AccessTerms> &all)
    : m_isRead(true)
{
    for (const AccessTerms &each : all) {
        const auto terms = std::make_shared<const AccessTerms>(each);
        m_byHash.insert(each.hash, terms);
        m_byId.insert(each.id, terms);
    }
}

namespace {

constexpr qsizetype randomOfToken = 24; // bytes: 32 characters
constexpr qsizetype charactersOfToken = randomOfToken / 3 * 4;

bool isBase64Url(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
}

} // namespace

Secret makeAccessToken()
{
    return Secret(accessTokenPrefix.toByteArray()
        + randomBytes(randomOfToken)
              .toBase64(QByteArray::Base64UrlEncoding | QByteArray::OmitTrailingEquals));
}

bool hasFormOfToken(const Secret &key)
{
    const QByteArray &text = key.reveal();
    const qsizetype begin = text.size() - charactersOfToken;
    return begin > 0 && std::all_of(text.begin() + begin, text.end(), isBase64Url)
        && (text.first(begin) == accessTokenPrefix || text.first(begin) == mintedTokenPrefix);
}

QByteArray hashOfToken(const Secret &token)
{
    return QCryptographicHash::hash(token.reveal(), QCryptographicHash::Sha256);
}

} // namespace rr
