// SPDX-License-Identifier: MIT
#pragma once

#include <QHash>
#include <QHostAddress>

#include <chrono>
#include <mutex>

namespace rr {

/// How much later than at once the end of a call that failed at once is told to its client, so that no client
/// that comes back at once can storm the upstream: one client network's failures (see clientNetwork()) are told
/// `spacing` apart, the first at once. Who fails now and then is told at once each time; many at the same moment
/// queue up, to the bound of `longest`. One for the whole relay; any thread, one mutex, held for microseconds.
///
/// Memory is bounded: networks whose last failure no longer matters are forgotten, and past maxNetworks one that
/// is not yet known is told at once.
class FailurePacer
{
public:
    using TimePoint = std::chrono::steady_clock::time_point;
    static constexpr std::chrono::milliseconds spacing{1000};
    static constexpr std::chrono::milliseconds longest{5000};
    static constexpr qsizetype maxNetworks = 16'384;

    /// How long from now on the client is to be told of the failure; counts it as told then. 0: at once.
    std::chrono::milliseconds delay(
        const QHostAddress &client, TimePoint now = std::chrono::steady_clock::now());

private:
    void forgetThePast(TimePoint now);

    std::mutex m_mutex; ///< guards all below
    QHash<QHostAddress, TimePoint> m_freeAt; ///< by network: from when on a failure is told at once
    TimePoint m_sweptAt;
};

} // namespace rr
