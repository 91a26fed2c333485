// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>

namespace rr {

/// How long a call that ends waits for its peers. Not settings: no operator needs others; tests do.
struct Patience
{
    std::chrono::milliseconds closing{5'000}; ///< with a side that was told the end and takes nothing more
    std::chrono::milliseconds closingInAll{60'000}; ///< with a side that takes a little now and then
    std::chrono::milliseconds shutDown{3'000}; ///< with all of them, when the relay stops now
    std::chrono::milliseconds boundary{1'000}; ///< for the rest of the message that is just being passed
    std::chrono::milliseconds lastWord{
        100}; ///< for a close frame of the upstream's behind its session.closed
};

} // namespace rr
