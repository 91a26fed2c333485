// SPDX-License-Identifier: MIT
#pragma once

#include "core/wire/bytestream.h"
#include "core/wire/framescanner.h"

#include <QByteArray>
#include <QObject>

#include <memory>

namespace rr {

/// The client's side of an open WebSocket of a check: whole messages, bounded. It answers pings, and an end is an end,
/// whoever wanted it. One thread; owned by whoever checks; may be destroyed at any moment, but for inside its signals.
class CheckSocket final : public QObject, private ByteStream::Owner
{
    Q_OBJECT
public:
    static constexpr qint64 mostMessageBytes = 512 * 1024; ///< a longer one ends it

    /// `stream`: behind the 101.
    explicit CheckSocket(std::unique_ptr<ByteStream> stream, QObject *parent = nullptr);
    ~CheckSocket() override;

    void send(Opcode opcode, QByteArrayView payload); ///< one frame; nothing where it has ended

Q_SIGNALS:
    void received(const QByteArray &message);
    void pong(const QByteArray &payload);
    void ended(); ///< once

private:
    void streamReadable(ByteStream &stream) override;
    void streamWritten(ByteStream &) override { }
    void streamEnded(ByteStream &stream) override;

    void step(const FrameScanner::Step &step);
    void end();

    std::unique_ptr<ByteStream> m_stream;
    FrameScanner m_scanner{FrameScanner::Sender::Server, mostMessageBytes};
    QByteArray m_bytes; ///< came, and wait for more
    QByteArray m_message;
    bool m_ended = false;
};

} // namespace rr
