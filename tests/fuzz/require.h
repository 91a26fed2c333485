// SPDX-License-Identifier: MIT
#pragma once

#include <cstdlib>

/// What must hold whatever the bytes are; where it does not, libFuzzer keeps them.
inline void require(bool condition)
{
    if (!condition)
        std::abort();
}
