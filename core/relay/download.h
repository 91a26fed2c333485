// SPDX-License-Identifier: MIT
#pragma once

#include "core/http/response.h"
#include "core/http/responsereader.h"
#include "core/wire/bytestream.h"

#include <QObject>
#include <QTimer>

#include <chrono>
#include <memory>

namespace rr {

/// The rest of an answer that is too long to be kept, such as a recording, on its way to the client as it comes. What the
/// client has not taken yet is bounded: the upstream is not read meanwhile. An answer that breaks off ends the client's
/// connection without the end that its head has promised, so that nobody takes it for whole; only HTTP/1.0 cannot tell, where
/// no length is known. Lives in a worker's thread;
/// owned by whoever made the exchange, who may destroy it at any moment, but for inside its signal: both are cut then.
class Download final : public QObject, private ByteStream::Owner
{
    Q_OBJECT
public:
    enum class End : quint8 {
        Whole,
        ClientLeft,
        ClientTooSlow, ///< took nothing for the time given
        UpstreamCutOff, ///< the upstream ended the connection, or what came are no chunks
        UpstreamTooSlow, ///< sent nothing for the time given
    };

    /// `answer`: read as far as `upstream` has brought it; its body begins with what is in it. `head`: what the client is
    /// told before that, without a body. `chunks`: the client understands them (HTTP/1.1). Begins at once; nothing is
    /// read or written before.
    Download(std::unique_ptr<ByteStream> client, std::unique_ptr<ByteStream> upstream, ResponseReader answer,
        const HttpResponse &head, bool chunks, std::chrono::milliseconds stallTimeout, QObject *parent);
    ~Download() override;

    /// So many bytes wait for the client before the upstream is not read any more, and as many as come in one read.
    static constexpr qint64 highMark = 64 * 1024;

    int status() const { return m_answer.head().status; }

Q_SIGNALS:
    void finished(rr::Download::End end); ///< once, in a later turn of the event loop

private:
    void streamReadable(ByteStream &stream) override;
    void streamWritten(ByteStream &stream) override;
    void streamEnded(ByteStream &stream) override;

    void readUpstream();
    void pass();
    void look();
    void finish(End end);

    const std::unique_ptr<ByteStream> m_client;
    const std::unique_ptr<ByteStream> m_upstream;
    ResponseReader m_answer;
    bool m_inChunks; ///< to the client
    QTimer m_stall;
    qint64 m_read = 0; ///< bytes, of the upstream
    quint64 m_moved = 0; ///< read and taken at the last look
    bool m_written = false; ///< all of it, but for what is backlogged
    bool m_finished = false;
};

} // namespace rr
