// SPDX-License-Identifier: MIT
#include "core/admission/ratelimiter.h"

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
    const auto found = m_fullAt.constFind(network);
    if (found == m_fullAt.constEnd() && m_fullAt.size() >= maxBuckets)
        return 0ns;

    const std::chrono::nanoseconds oneToken = std::chrono::nanoseconds(1min) / m_perMinute;
    const TimePoint fullAt = found == m_fullAt.constEnd() ? now : std::max(*found, now);
    const std::chrono::nanoseconds wait = fullAt - now - oneToken * (m_perMinute - 1);
    if (wait > 0ns)
        return wait;
    m_fullAt.insert(network, fullAt + oneToken);
    return 0ns;
}

void RateLimiter::forgetFullBuckets(TimePoint now)
{
    if (now - m_sweptAt < (m_fullAt.size() < maxBuckets ? 60s : 1s))
        return;
    m_sweptAt = now;
    m_fullAt.removeIf([now](const auto &bucket) { return bucket.value() <= now; });
}

} // namespace rr
