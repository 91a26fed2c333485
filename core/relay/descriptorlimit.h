// SPDX-License-Identifier: MIT
#pragma once

namespace rr {

/// A call takes two descriptors: one to the client, one to the upstream.
inline constexpr int descriptorsPerCall = 2;
/// And the program itself some: files, workers, connections that ask for /health.
inline constexpr int spareDescriptors = 64;

/// Raises this process's limit of open descriptors as far as it may (setrlimit: the soft limit to the hard one) and
/// returns it; a very large number where there is none.
int raiseDescriptorLimit();

} // namespace rr
