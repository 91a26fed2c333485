// SPDX-License-Identifier: MIT
#pragma once

#include "core/wire/clienthandshake.h"
#include "core/wire/hostconnect.h"

#include <QElapsedTimer>
#include <QObject>
#include <QTimer>

#include <chrono>
#include <memory>

namespace rr {

/// One attempt to open a WebSocket with the upstream: a HostConnect, then a ClientHandshake over what it gives, with one
/// deadline for all of it. Where no descriptors are left it begins anew until there are, or until the deadline. One thread;
/// owned by whoever dials; may be destroyed at any moment, but for inside its signals.
class Dial final : public QObject
{
    Q_OBJECT
public:
    struct Target : Destination
    {
        UpgradeRequest request;
        std::chrono::milliseconds timeout{10'000};
    };

    explicit Dial(Target target, QObject *parent = nullptr);
    ~Dial() override;

    /// Has the deadline run from now on, for who cannot start() yet. As if it had started, one signal follows.
    void expect();
    void start(); ///< exactly one signal follows, in a later turn of the event loop

    /// The connection, once after opened().
    std::unique_ptr<ByteStream> takeStream() { return std::move(m_stream); }
    qint64 elapsedMs() const { return m_elapsed.elapsed(); }

Q_SIGNALS:
    void opened();
    void failed(const rr::UpstreamFailure &failure);

private:
    void attempt();
    void shakeHands();
    void handshakeDone();
    void outOfTime();
    void dropAll();
    void fail(const UpstreamFailure &failure);

    const Target m_target;
    std::unique_ptr<HostConnect> m_connect;
    std::unique_ptr<ClientHandshake> m_handshake;
    std::unique_ptr<ByteStream> m_stream;
    QElapsedTimer m_elapsed;
    QTimer m_deadline;
    QTimer m_again; ///< active: it waits for descriptors
    bool m_lacked = false; ///< the last attempt had none
};

} // namespace rr
