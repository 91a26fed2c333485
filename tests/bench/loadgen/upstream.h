// SPDX-License-Identifier: MIT
#pragma once

#include "side.h"

namespace rr::bench {

/// The far end: accepts what the relay dials, plain or with TLS, greets each call with one message, and sends
/// what a call's audio would be.
class Upstream : public Side
{
public:
    /// Listens on both loopback addresses (on IPv4 alone where there is no IPv6). Ends the program with a
    /// message when the port or the certificate cannot be used.
    Upstream(const Options &options, const Control &control);
    /// Takes what comes to the listeners of `other`, which takes nobody more, for the control says that it storms.
    Upstream(const Options &options, const Control &control, const Upstream &other);
    ~Upstream() override;

private:
    void onTurn(int64_t nowNs) override;
    void onDescriptor(int descriptor) override;
    bool onHead(Connection &connection) override;
    void onMessage(Connection &connection, const Message &message, int64_t nowNs) override;
    void onClosed(Connection &) override { }

    SSL_CTX *m_tls = nullptr;
    std::vector<int> m_listeners;
    const bool m_ownsListeners = true;
    bool m_accepts = true;
    MessageFrame m_greeting;
    uint32_t m_round = 0;
};

} // namespace rr::bench
