// SPDX-License-Identifier: MIT
#pragma once

namespace rr {

/// A call takes two descriptors: one to the client, one to the upstream.
inline constexpr int descriptorsPerCall = 2;
/// While it dials, up to three more: the pair over which the handshake is made, and another address that is tried beside.
inline constexpr int descriptorsPerDial = 3;
/// And the program itself some: files, workers, connections that ask for /health.
inline constexpr int spareDescriptors = 64;
/// So many dials a worker must be possible at once, however few descriptors there are.
inline constexpr int leastDialsAtOnce = 8;
/// More take memory and gain nothing: a dial takes a few round trips.
inline constexpr int mostDialsAtOnce = 256;

/// So many connections that are no calls must be possible at once, likewise, however many calls are promised: each call is one
/// before it is a call, and an audience may come all at once.
constexpr int leastHalfOpen(int descriptors)
{
    return descriptors / 8;
}

/// How many calls a process with that many descriptors can carry, when all of them come at once.
int callsWithin(int descriptors, int workers);
/// How many dials may be under way in each worker: they share what the calls leave with connections that are no calls.
int dialsAtOnce(int descriptors, int calls, int workers);
/// How many connections may be there that are no calls, in all.
int halfOpenAtOnce(int descriptors, int calls, int workers);

/// This process's limit of open descriptors just now; a very large number where there is none.
int descriptorLimit();

/// Raises this process's limit of open descriptors as far as it may (setrlimit: the soft limit to the hard one) and
/// returns it; a very large number where there is none.
int raiseDescriptorLimit();

} // namespace rr
