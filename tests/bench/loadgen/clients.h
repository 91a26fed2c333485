// SPDX-License-Identifier: MIT
#pragma once

#include "side.h"

namespace rr::bench {

/// The callers: opens the calls, a bounded number at a time, and keeps them (handshakes: ends each as soon as
/// it is open, and opens the next). A call is open when the upstream's first message is there: an answer 101
/// alone says nothing of a relay's other half.
class Clients : public Side
{
public:
    Clients(const Options &options, const Control &control);
    ~Clients() override;

private:
    void onTurn(int64_t nowNs) override;
    bool onHead(Connection &connection) override;
    void onMessage(Connection &connection, const Message &message, int64_t nowNs) override;
    void onClosed(Connection &connection) override;
    void openCall(uint32_t call);
    void cutStuck(int64_t nowNs);

    SSL_CTX *m_tls = nullptr;
    uint32_t m_next = 0; ///< the first call that was never opened
    uint32_t m_opening = 0;
    std::vector<uint32_t> m_again; ///< calls that have ended and are to be opened once more
    std::vector<uint8_t> m_attempts;
    int64_t m_sweptNs = 0;
    bool m_stalled = false;
    bool m_flooding = false;
};

} // namespace rr::bench
