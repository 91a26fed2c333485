// SPDX-License-Identifier: MIT
#pragma once

#include "core/admission/clientaddress.h"
#include "core/base/relayerror.h"
#include "core/config/secret.h"
#include "core/config/settings.h"
#include "core/realtime/prices.h"
#include "core/wire/destination.h"
#include "core/wire/tlsserver.h"

#include <QNetworkProxy>

#include <memory>
#include <variant>

namespace rr {

/// The settings in force with all that is made of them once, for workers to share. Never changed, only
/// replaced.
struct RelayRules
{
    std::shared_ptr<const Settings> settings;
    std::shared_ptr<const TlsServer> serverTls; ///< null: plain HTTP is spoken
    UpstreamTls upstreamTls;
    QNetworkProxy upstreamProxy;
    std::shared_ptr<const Prices> prices;
    Secret heldKey; ///< for who has an access token; empty: none is held
    TrustedProxies trustedProxies;
    int workers = 1; ///< how many it takes; those that run stay as many
    int dialsAtOnce = 256; ///< in one worker
    int halfOpenAtOnce = 4096; ///< for which there are descriptors, in all
};

/// Reads files and the environment. On error: certificates, keys, prices, the held key's file or a proxy that
/// cannot be used.
std::variant<std::shared_ptr<const RelayRules>, RelayError> makeRules(const Settings &settings);

} // namespace rr
