// SPDX-License-Identifier: MIT
#include "core/admission/halfopen.h"

#include <algorithm>

namespace rr {
namespace {

// Without a limit that is set: all who may call at once may also come at once, from one address or from many.
constexpr int leastInAll = 4096;
constexpr int leastOfAddress = 64;

} // namespace

HalfOpen::Place::~Place()
{
    if (!m_places)
        return;
    const std::lock_guard lock(m_places->m_mutex);
    --m_places->m_count;
    if (m_network.isNull())
        return;
    const auto ofNetwork = m_places->m_byNetwork.find(m_network);
    if (--*ofNetwork == 0)
        m_places->m_byNetwork.erase(ofNetwork);
}

void HalfOpen::setLimits(const Settings &settings, int descriptors)
{
    const int inAll
        = settings.maxHalfOpen > 0 ? settings.maxHalfOpen : std::max(leastInAll, 2 * settings.maxConnections);
    const std::lock_guard lock(m_mutex);
    m_most = std::min(inAll, descriptors);
    m_mostOfNetwork = settings.maxHalfOpenPerIp > 0 ? settings.maxHalfOpenPerIp
                                                    : std::max(leastOfAddress, settings.maxConnections);
}

HalfOpen::Place HalfOpen::take(const QHostAddress &network)
{
    const std::lock_guard lock(m_mutex);
    Excess excess = ++m_count > m_most ? Excess::InAll : Excess::None;
    if (!network.isNull() && ++m_byNetwork[network] > m_mostOfNetwork)
        excess = Excess::OfAddress;
    return {*this, network, excess};
}

int HalfOpen::count() const
{
    const std::lock_guard lock(m_mutex);
    return m_count;
}

} // namespace rr
