// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>
#include <cstdint>
#include <ctime>

namespace rr::bench {

/// CLOCK_MONOTONIC in nanoseconds: the same clock for both ends of a call, so one-way latencies are real.
inline int64_t monotonicNs()
{
    timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return int64_t(t.tv_sec) * 1'000'000'000 + t.tv_nsec;
}

/// At most so many measuring windows follow each other in one run (slowreader has three).
inline constexpr int maxWindows = 3;

/// What the main thread tells the two sides. Written by the main thread only; the sides look at it every
/// turn.
struct Control
{
    std::atomic<int64_t> paceFrom{0}; ///< monotonic ns at which paced sending starts, 0 = not yet
    std::atomic<int> window{-1}; ///< where a message that arrives now is counted, -1 = nowhere
    std::atomic<uint32_t> round{
        0}; ///< each increment makes the upstream send one bulk load to each bulk call
    std::atomic<bool> stalled{false}; ///< the slow readers do not read
    std::atomic<bool> flooding{false}; ///< the clients keep a window of messages in flight
    std::atomic<bool> storming{
        false}; ///< who comes now is of the storm: the live calls' upstream takes nobody more
    std::atomic<bool> closing{false}; ///< the clients end what they have opened and open nothing more
    std::atomic<bool> stop{false};
};

} // namespace rr::bench
