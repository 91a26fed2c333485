// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

namespace rr::bench {

/// The figures of one set of one-way latencies, in microseconds; all 0 when there were none.
struct Latency
{
    uint64_t count = 0;
    double p50Us = 0;
    double p99Us = 0;
    double maxUs = 0;
};

/// Exact percentiles (nearest rank) of nanosecond samples.
inline Latency latencyOf(std::vector<int64_t> samples)
{
    if (samples.empty())
        return {};
    const auto at = [&samples](double rank) {
        const auto nth = samples.begin() + std::ptrdiff_t(rank * double(samples.size() - 1));
        std::nth_element(samples.begin(), nth, samples.end());
        return double(*nth) / 1000;
    };
    return {samples.size(), at(0.5), at(0.99), at(1)};
}

} // namespace rr::bench
