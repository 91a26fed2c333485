// SPDX-License-Identifier: MIT
#pragma once

#include "frames.h"

#include <openssl/ssl.h>
#include <sys/types.h>

#include <cstdint>
#include <string>
#include <vector>

namespace rr::bench {

/// One end of one call: a non-blocking socket, with TLS or without, and what its side knows about the call.
/// Used by the thread of its side only, which owns it. Closes its socket when it is destroyed.
struct Connection
{
    /// Takes the descriptor. `tls` may be null; `accepts` says which part of the TLS handshake is ours.
    Connection(int descriptor, SSL_CTX *tls, bool accepts);
    ~Connection();
    Connection(const Connection &) = delete;
    Connection &operator=(const Connection &) = delete;

    /// Bytes read; 0 when there are none now; -1 at the end or on an error.
    ssize_t read(char *data, size_t size);
    /// Bytes taken; 0 when the socket takes none now (TLS: offer the same bytes again); -1 on an error.
    ssize_t write(const char *data, size_t size);
    /// Writes, and keeps in `rest` what the socket did not take. False on an error.
    bool writeOrKeep(std::string_view data);
    /// Tries what was kept. False on an error; `rest` is empty when all of it is gone.
    bool writeRest();

    int fd;
    SSL *ssl = nullptr;
    uint32_t interest = 0; ///< epoll events asked for
    int64_t bornNs;
    uint32_t call = 0;
    bool upgraded = false; ///< the 101 has passed
    bool open = false; ///< and the first message, which says that the other end is there
    bool closeSent = false;
    bool closeSeen = false;
    bool dead = false; ///< waits for the end of the turn to be destroyed

    std::string head; ///< of the HTTP request or answer, as far as it came
    FrameReader reader;
    std::string rest; ///< bytes of the frame that the socket took only in part
    std::vector<int64_t> due; ///< send times of messages that wait for the socket
    size_t dueAt = 0; ///< the first of them that was not sent
    uint32_t bulkLeft = 0; ///< bulk messages still to send
    int64_t bulkNs = 0; ///< when the bulk load became due
    uint32_t sent = 0;
    uint32_t received = 0;
    uint32_t bulkReceived = 0;
};

} // namespace rr::bench
