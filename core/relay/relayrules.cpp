// SPDX-License-Identifier: MIT
#include "core/relay/relayrules.h"

#include "core/relay/descriptorlimit.h"
#include "core/relay/heldkey.h"
#include "core/relay/pricesfile.h"
#include "core/relay/tlsfiles.h"
#include "core/relay/upstreamroute.h"

#include <QProcessEnvironment>
#include <QThread>

#include <algorithm>

namespace rr {

std::variant<std::shared_ptr<const RelayRules>, RelayError> makeRules(const Settings &settings)
{
    auto rules = std::make_shared<RelayRules>();
    auto serverTls = loadServerTls(settings);
    if (const auto *error = std::get_if<RelayError>(&serverTls))
        return *error;
    auto upstreamTls = loadUpstreamTls(settings);
    if (const auto *error = std::get_if<RelayError>(&upstreamTls))
        return *error;
    const auto proxy = upstreamProxy(settings, QProcessEnvironment::systemEnvironment());
    if (const auto *error = std::get_if<RelayError>(&proxy))
        return *error;
    auto prices = loadPrices(settings);
    if (const auto *error = std::get_if<RelayError>(&prices))
        return *error;
    auto heldKey = loadHeldKey(settings);
    if (const auto *error = std::get_if<RelayError>(&heldKey))
        return *error;
    rules->settings = std::make_shared<const Settings>(settings);
    rules->serverTls = std::get<std::shared_ptr<const TlsServer>>(serverTls);
    rules->upstreamTls = std::get<UpstreamTls>(upstreamTls);
    rules->upstreamProxy = std::get<QNetworkProxy>(proxy);
    rules->prices = std::get<std::shared_ptr<const Prices>>(prices);
    rules->heldKey = std::get<Secret>(heldKey);
    rules->trustedProxies = TrustedProxies(settings.trustedProxies);
    rules->workers = settings.workers > 0 ? settings.workers : std::clamp(QThread::idealThreadCount(), 1, 4);
    rules->dialsAtOnce = dialsAtOnce(descriptorLimit(), settings.maxConnections, rules->workers);
    rules->halfOpenAtOnce = halfOpenAtOnce(descriptorLimit(), settings.maxConnections, rules->workers);
    return rules;
}

} // namespace rr
