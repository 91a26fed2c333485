// SPDX-License-Identifier: MIT
#pragma once

#include "core/http/requesthead.h"

namespace rr {

/// Where a client puts the secret of a link: before the path of what it asks for, as in /s/SECRET/v1/realtime …
inline constexpr QByteArrayView linkPathSegment = "s";
/// … or, as browsers may, in a subprotocol of this beginning.
inline constexpr QByteArrayView linkSubprotocol = "realtime-relay-access.";

/// Takes it out of the request, wherever it stands, so that nothing behind sees it: neither in the path, the target nor
/// the subprotocols. The path's is returned before a subprotocol's, and of those the first; null: there is none. What is left of
/// a path is "/" at least.
QByteArray takeLinkSecret(RequestHead &head);

} // namespace rr
