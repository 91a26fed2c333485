// SPDX-License-Identifier: MIT
#include "core/admission/mintedtoken.h"

#include "core/base/randomtext.h"

#include <QCryptographicHash>
#include <QMessageAuthenticationCode>

namespace rr {

namespace {

constexpr qsizetype checkBytes = 32; // of SHA-256

QByteArray hashed(const QByteArray &text, const Secret &minted)
{
    return QMessageAuthenticationCode::hash(text, minted.reveal(), QCryptographicHash::Sha256);
}

/// With a stream of hashes that nobody can tell from random bits who has not the 192 of the token.
QByteArray mixed(QByteArray text, const Secret &minted)
{
    QByteArray stream;
    for (qsizetype begin = 0; begin < text.size(); ++begin) {
        const qsizetype at = begin % checkBytes;
        if (at == 0)
            stream = hashed("seal" + QByteArray::number(begin / checkBytes), minted);
        text[begin] = char(text[begin] ^ stream[at]);
    }
    return text;
}

QByteArray checkOf(const QByteArray &text, const Secret &minted)
{
    return hashed("check" + text, minted);
}

} // namespace

Secret makeMintedToken()
{
    return Secret(mintedTokenPrefix.toByteArray()
        + randomBytes(24).toBase64(QByteArray::Base64UrlEncoding | QByteArray::OmitTrailingEquals));
}

QByteArray sealed(const Secret &upstreams, const Secret &minted)
{
    return checkOf(upstreams.reveal(), minted) + mixed(upstreams.reveal(), minted);
}

Secret unsealed(const QByteArray &kept, const Secret &minted)
{
    if (kept.size() <= checkBytes)
        return {};
    const QByteArray text = mixed(kept.sliced(checkBytes), minted);
    return checkOf(text, minted) == kept.first(checkBytes) ? Secret(text) : Secret();
}

} // namespace rr
