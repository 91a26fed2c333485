// SPDX-License-Identifier: MIT
#pragma once

#include "core/admission/accessbook.h"

namespace rr {

/// What a minted token begins with: one of the relay's own that a page is given, in place of the upstream's short-lived one that
/// was made for an access token. It is an access token by its beginning; the full stop stands in no other.
inline constexpr QByteArrayView mintedTokenPrefix = "ek_rr_m.";

/// "ek_rr_m." and 32 characters of base64url: 192 bits by the system's generator for secrets.
Secret makeMintedToken();
/// By its beginning alone.
inline bool isMintedToken(const Secret &key)
{
    return key.reveal().startsWith(mintedTokenPrefix);
}

/// The upstream's token, so that only who has the minted one can read it: what is kept of it. Each minted token may seal one alone.
QByteArray sealed(const Secret &upstreams, const Secret &minted);
/// Empty: it is none that was sealed with this one.
Secret unsealed(const QByteArray &kept, const Secret &minted);

} // namespace rr
