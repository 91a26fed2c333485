// SPDX-License-Identifier: MIT
#pragma once

#include <QHash>
#include <QHostAddress>

#include <chrono>

namespace rr {

/// A token bucket for each client network (see clientNetwork()): so many connections a minute, and as many at
/// once after a quiet minute. Time is told by the caller, always of the same steady clock. One thread at a
/// time.
///
/// Memory is bounded: full buckets are forgotten, and past maxBuckets a network that is not yet known is let
/// in without a bucket, so that filling the table locks out nobody. No bucket needs more than a minute to
/// fill.
class RateLimiter
{
public:
    using TimePoint = std::chrono::steady_clock::time_point;
    static constexpr qsizetype maxBuckets = 16'384;

    /// 0: no limit. What has been taken stays taken.
    void setRate(int perMinute);

    /// Takes a token: zero. If there is none, how long until there is; nothing is taken then.
    std::chrono::nanoseconds take(const QHostAddress &network, TimePoint now);
    /// What take() would say, and nothing is taken.
    std::chrono::nanoseconds wait(const QHostAddress &network, TimePoint now) const;

    qsizetype bucketCount() const { return m_fullAt.size(); } ///< tests ask for it

private:
    void forgetFullBuckets(TimePoint now);
    std::chrono::nanoseconds oneToken() const
    {
        return std::chrono::nanoseconds(std::chrono::minutes(1)) / m_perMinute;
    }

    int m_perMinute = 0;
    /// A bucket is kept as the time at which it will be full again: all else follows from it.
    QHash<QHostAddress, TimePoint> m_fullAt;
    TimePoint m_sweptAt;
};

} // namespace rr
