// SPDX-License-Identifier: MIT
#pragma once

#include "core/http/responsereader.h"
#include "core/realtime/upstreamfailure.h"
#include "core/wire/bytestream.h"
#include "core/wire/destination.h"

#include <QByteArray>
#include <QObject>
#include <QTimer>

#include <chrono>
#include <memory>
#include <optional>

namespace rr {

class HostConnect;

/// One request as somebody outside makes it, over a connection of its own, and its answer, of whatever status: with its
/// head and the beginning of its body, or with the stream behind a 101. Dial is not this, for it tells of an answer only what
/// a call has to know. One thread; owned by whoever asks; may be destroyed at any moment, but for inside its signals.
class Probe final : public QObject, private ByteStream::Owner
{
    Q_OBJECT
public:
    Probe(const Destination &to, QByteArray request, std::chrono::milliseconds timeout,
        QObject *parent = nullptr);
    ~Probe() override;

    void start(); ///< exactly one signal follows, in a later turn of the event loop

    /// After answered().
    const ResponseHead &head() const { return m_answer.head(); }
    const QByteArray &body() const { return m_answer.body(); }
    /// After answered() with a 101, once: what comes behind its head is read from it.
    std::unique_ptr<ByteStream> takeStream() { return std::move(m_stream); }

Q_SIGNALS:
    void answered();
    /// Never Refused.
    void failed(const rr::UpstreamFailure &failure);

private:
    void streamReadable(ByteStream &stream) override;
    void streamWritten(ByteStream &) override { }
    void streamEnded(ByteStream &stream) override;

    void ask();
    void outOfTime();
    void judge();
    void finish(std::optional<UpstreamFailure> failure);

    const QByteArray m_request;
    const std::chrono::milliseconds m_timeout;
    std::unique_ptr<HostConnect> m_connect;
    std::unique_ptr<ByteStream> m_stream;
    ResponseReader m_answer;
    QTimer m_deadline;
    bool m_finished = false;
};

} // namespace rr
