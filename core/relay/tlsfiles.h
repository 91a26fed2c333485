// SPDX-License-Identifier: MIT
#pragma once

#include "core/base/relayerror.h"
#include "core/config/settings.h"
#include "core/wire/destination.h"
#include "core/wire/tlsserver.h"

#include <memory>
#include <variant>

namespace rr {

/// What downstream clients are shown: the certificate chain and key of Settings::tlsCertFile and tlsKeyFile, TLS
/// 1.2 at the least. Null inside when no certificate is set: then the relay speaks plain HTTP.
std::variant<std::shared_ptr<const TlsServer>, RelayError> loadServerTls(const Settings &settings);

/// How the upstream's certificate is checked: always, against the system's authorities, or those of
/// Settings::upstreamCaFile when that is set.
std::variant<UpstreamTls, RelayError> loadUpstreamTls(const Settings &settings);

} // namespace rr
