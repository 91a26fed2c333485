// SPDX-License-Identifier: MIT
#include "core/admission/ratelimiter.h"

#include <algorithm>

using namespace std::chrono_literals;

namespace rr {

void RateLimiter::setRate(int perMinute)
{
    m_perMinute = perMinute;
    if (perMinute <= 0)
        m_fullAt.clear();
}

std::chrono::nanoseconds RateLimiter::take(const QHostAddress &network, TimePoint now)
{
    if (m_perMinute <= 0)
        return 0ns;
    forgetFullBuckets(now);
    if (const auto wait = this->wait(network, now); wait > 0ns)
        return wait;
    if (m_fullAt.size() < maxBuckets || m_fullAt.contains(network))
        m_fullAt.insert(network, std::max(m_fullAt.value(network, now), now) + oneToken());
    return 0ns;
}

std::chrono::nanoseconds RateLimiter::wait(const QHostAddress &network, TimePoint now) const
{
    const auto found = m_fullAt.constFind(network);
    if (m_perMinute <= 0 || found == m_fullAt.constEnd())
        return 0ns;
    const std::chrono::nanoseconds wait = *found - now - oneToken() * (m_perMinute - 1);
    return std::max(wait, 0ns);
}

void RateLimiter::forgetFullBuckets(TimePoint now)
{
    if (now - m_sweptAt < (m_fullAt.size() < maxBuckets ? 60s : 1s))
        return;
    m_sweptAt = now;
    m_fullAt.removeIf([now](const auto &bucket) { return bucket.value() <= now; });
}

} // namespace rr
