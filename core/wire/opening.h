// SPDX-License-Identifier: MIT
#pragma once

#include "core/wire/proxyheader.h"

#include <QByteArrayView>

#include <variant>

namespace rr {

/// What a client's connection may begin with. A plain value.
struct OpeningRules
{
    enum class Proxy : quint8 {
        NotTrusted, ///< the peer may not speak the PROXY protocol
        Trusted, ///< it may
        Heard, ///< it has: what comes now is its client's
    };

    bool tls = false; ///< TLS is to come; false: HTTP
    Proxy proxy = Proxy::NotTrusted;
};

/// TLS or HTTP begins here, or something that whoever reads these will complain about.
struct Opened
{
};

/// Reads what comes first, which tells what the client speaks: a header of the PROXY protocol, behind which this is to be
/// asked again, or the beginning of what is to come. Where another protocol comes than should, it is 400
/// tls_on_plain_port, http_on_tls_port, proxy_not_trusted or proxy_header_malformed. To be called again with all of the
/// bytes when more have come. A pure function.
std::variant<HeadIncomplete, ProxyHeader, Opened, HeadError> readOpening(
    QByteArrayView bytes, const OpeningRules &rules);

} // namespace rr
