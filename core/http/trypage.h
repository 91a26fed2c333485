// SPDX-License-Identifier: MIT
#pragma once

#include "core/http/response.h"

namespace rr {

/// Whose keys the calls of the page take.
enum class TryPageKeys : quint8 {
    Upstreams, ///< those of the service that the relay relays to
    Any, ///< there is a simulator; the page asks for none
};

/// The page at /try, on which a visitor sees whether calls get through from where he is: one document without any other,
/// made of the files of resources/try. It holds nothing of the operator's and nothing of the visitor's: whatever the page
/// needs beside itself (the secret of a share, a token) is in the fragment of its address, which is sent to nobody.
///
/// Its Content-Security-Policy (w3.org/TR/CSP3) allows the one script and the one style of the page, by their hashes; the
/// part of the script that runs in an AudioWorklet, which is a Blob (script-src judges it, not worker-src); connections to
/// where it comes from, WebSockets included; and no other page around it. It is never kept (serialise() says so of all
/// answers). Any thread.
HttpResponse tryPage(TryPageKeys keys);

} // namespace rr
