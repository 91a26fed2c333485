// SPDX-License-Identifier: MIT
#include "core/admission/accessbook.h"

#include "core/base/randomtext.h"

#include <QCryptographicHash>

namespace rr {

AccessBook::AccessBook(const QList<AccessTerms> &all)
{
    for (const AccessTerms &each : all) {
        const auto terms = std::make_shared<const AccessTerms>(each);
        m_byHash.insert(each.hash, terms);
        m_byId.insert(each.id, terms);
    }
}

Secret makeAccessToken()
{
    return Secret(accessTokenPrefix.toByteArray()
        + randomBytes(24).toBase64(QByteArray::Base64UrlEncoding | QByteArray::OmitTrailingEquals));
}

QByteArray hashOfToken(const Secret &token)
{
    return QCryptographicHash::hash(token.reveal(), QCryptographicHash::Sha256);
}

} // namespace rr
