// SPDX-License-Identifier: MIT
#include "core/admission/failurepacer.h"

#include "core/admission/clientaddress.h"

#include <algorithm>

using namespace std::chrono_literals;

namespace rr {

std::chrono::milliseconds FailurePacer::delay(const QHostAddress &client, TimePoint now)
{
    const QHostAddress network = clientNetwork(canonical(client));
    const std::lock_guard lock(m_mutex);
    forgetThePast(now);
    const auto found = m_freeAt.constFind(network);
    if (found == m_freeAt.constEnd() && m_freeAt.size() >= maxNetworks)
        return 0ms;

    const TimePoint freeAt = found == m_freeAt.constEnd() ? now : *found;
    // Rounded up: never told too early.
    const auto wait = std::clamp(std::chrono::ceil<std::chrono::milliseconds>(freeAt - now), 0ms, longest);
    m_freeAt.insert(network, now + wait + spacing);
    return wait;
}

void FailurePacer::forgetThePast(TimePoint now)
{
    if (now - m_sweptAt < longest + spacing)
        return;
    m_sweptAt = now;
    m_freeAt.removeIf([now](const auto &network) { return network.value() <= now; });
}

} // namespace rr
