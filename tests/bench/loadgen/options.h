// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>

namespace rr::bench {

enum class Mode { Paced, Burst, Silent, SlowReader, Handshakes, Saturate, Storm };

/// What one run of the generator is told. Addresses are always loopback.
struct Options
{
    Mode mode = Mode::Paced;
    uint16_t connectPort
        = 0; ///< where the clients go: the relay, or our own upstream for the direct baseline
    uint16_t listenPort = 0; ///< where our upstream listens
    std::string certFile; ///< PEM; given together with keyFile the upstream speaks TLS
    std::string keyFile;
    bool connectTls
        = false; ///< the clients speak TLS too (direct baseline of a TLS upstream, or a relay with TLS)
    bool beta = false; ///< the clients ask for the API's beta, which the relay then translates
    int pid = 0; ///< the relay's process, measured with all its children; 0 = none

    unsigned sessions = 50;
    unsigned storm = 2000; ///< calls that come all at once, beside the sessions (storm only)
    unsigned slow = 0; ///< of the sessions, how many are slow readers (slowreader only)
    double seconds = 5;
    double warmup = 2;
    double stall = 8; ///< how long the slow readers do not read, seconds
    double upRate = 10; ///< messages a second and session, client to upstream
    double downRate = 20; ///< and upstream to client
    unsigned upBytes = 6400; ///< JSON text of one message
    unsigned downBytes = 8000;
    unsigned bulkBytes = 16200; ///< 12 kB of PCM as base64 with its envelope
    unsigned bulkCount = 20; ///< messages of one bulk load: 20 x 250 ms = 5 s of audio
    unsigned megabytes = 50; ///< MiB for each slow reader
    unsigned rounds = 3; ///< bursts
    unsigned concurrency = 32; ///< calls being opened at the same time
    unsigned window = 4; ///< messages a session keeps in flight when saturating
    unsigned openTimeout = 60; ///< seconds for opening all sessions
    unsigned drainTimeout = 90; ///< seconds for a burst to arrive or for the slow readers to catch up
    unsigned memoryLimitMiB = 4096; ///< a relay that grows beyond is not loaded further
};

/// Reads the command line; prints what is wrong (or the help) and exits the program when it cannot be used.
Options parseOptions(int argc, char **argv);

} // namespace rr::bench
