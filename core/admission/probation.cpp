// SPDX-License-Identifier: MIT
#include "core/admission/probation.h"

#include <algorithm>

using namespace std::chrono_literals;

namespace rr {

bool Probation::begin(const QHostAddress &network, TimePoint now)
{
    forgetThePast(now);
    const auto found = m_networks.find(network);
    if (found == m_networks.end()) {
        m_networks.insert(network, {{}, {}, 1, 0});
        return true;
    }
    if (now < found->goodAt) {
        // The healthy calls may be over that its failures were measured by.
        found->paidAt = std::min<TimePoint>(found->paidAt, now + (few + found->proven) * spacing);
        const auto unpaid = std::chrono::ceil<std::chrono::milliseconds>(std::max(found->paidAt - now, {}));
        if (unpaid + found->unproven * spacing > (few - 1 + found->proven) * spacing)
            return false;
    }
    ++found->unproven;
    return true;
}

void Probation::prove(const QHostAddress &network)
{
    const auto found = m_networks.find(network);
    --found->unproven;
    ++found->proven;
}

void Probation::fail(const QHostAddress &network, bool proven, TimePoint now)
{
    const auto found = m_networks.find(network);
    // No more than keeps it from dialling: else one bad moment of the upstream would shut out a whole office.
    const TimePoint most = now + (few + found->proven) * spacing;
    found->paidAt = std::min(std::max(found->paidAt, now) + spacing, most);
    found->goodAt = std::min<TimePoint>(std::max(found->goodAt, now) + spacing, now + longest);
    end(network, proven);
}

void Probation::end(const QHostAddress &network, bool proven)
{
    const auto found = m_networks.find(network);
    --(proven ? found->proven : found->unproven);
    const bool isKnownForBad = found->goodAt != TimePoint();
    if (!found->hasCalls() && (!isKnownForBad || m_networks.size() > maxNetworks))
        m_networks.erase(found);
}

void Probation::forgetThePast(TimePoint now)
{
    if (now - m_sweptAt < 10s)
        return;
    m_sweptAt = now;
    m_networks.removeIf(
        [now](const auto &network) { return !network->hasCalls() && network->goodAt <= now; });
}

} // namespace rr
