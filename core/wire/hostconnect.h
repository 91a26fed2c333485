// SPDX-License-Identifier: MIT
#pragma once

#include "core/wire/connectattempt.h"
#include "core/wire/destination.h"

#include <QHostAddress>
#include <QTimer>

#include <memory>
#include <optional>
#include <vector>

QT_BEGIN_NAMESPACE
class QHostInfo;
QT_END_NAMESPACE

namespace rr {

/// A connection to a host: name lookup, TCP, proxy and TLS. A name's addresses are tried one beside the other, the families
/// in turn, the next one when one has failed or has not answered for 250 ms; the first connection wins (after RFC 8305).
/// There is no deadline here. One thread; owned by whoever connects; may be destroyed at any moment, but for inside its
/// signals.
class HostConnect final : public QObject, private ByteStream::Owner
{
    Q_OBJECT
public:
    explicit HostConnect(Destination to, QObject *parent = nullptr);
    ~HostConnect() override;

    void start(); ///< exactly one signal follows, in a later turn of the event loop, or none

    /// The connection, secured where that is asked for; once, after connected().
    std::unique_ptr<ByteStream> takeStream() { return std::move(m_stream); }
    /// What is to be told of it when there is no more time.
    UpstreamFailure tookTooLong() const;
    /// Whether it waits for nothing but descriptors: it looks up a name and there are none left, or has met that already.
    bool lacksDescriptors() const;

Q_SIGNALS:
    void connected();
    void failed(const rr::UpstreamFailure &failure);

private:
    void streamReadable(ByteStream &) override { }
    void streamWritten(ByteStream &) override { }
    void streamEnded(ByteStream &stream) override;

    void lookedUp(const QHostInfo &info);
    void tryNextAddress();
    void open(const QHostAddress &address);
    void reached(const ConnectAttempt *winner);
    void attemptFailed(ConnectAttempt *attempt, const UpstreamFailure &failure);
    void drop(ConnectAttempt *attempt);
    void secure(std::unique_ptr<ByteStream> stream);
    void finish();
    void fail(const UpstreamFailure &failure);

    Destination m_to;
    std::vector<QHostAddress> m_addresses; ///< still to be tried, the next one last
    std::vector<ConnectAttempt *> m_attempts;
    std::optional<UpstreamFailure> m_failure; ///< of the attempts so far, the one that says most
    std::unique_ptr<ByteStream> m_stream;
    QTimer m_nextAddress;
    int m_lookup = -1;
    bool m_reached = false; ///< one attempt has its TCP connection
    bool m_finished = false;
};

} // namespace rr
