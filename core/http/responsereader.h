// SPDX-License-Identifier: MIT
#pragma once

#include "core/http/responsehead.h"

#include <QByteArray>

#include <utility>

namespace rr {

/// The answer to one request, read as it comes: its head, interim responses before it passed over, and, unless it switches
/// protocols, as much of its body as is kept. Bounded, whatever comes: all heads together take maxResponseHeadBytes. Not
/// tied to a connection, a plain value.
class ResponseReader
{
public:
    /// As much of a body is kept if nothing else is said: a refusal in words is short.
    static constexpr qsizetype mostBodyBytes = 16 * 1024;

    /// `most`: bytes of a body that are kept, and not taken by takeBody() meanwhile. One that is longer is over then.
    explicit ResponseReader(qsizetype most = mostBodyBytes)
        : m_most(most)
    {
    }

    enum class State : quint8 {
        InHead, ///< more has to come
        InBody, ///< the head is known; its body has not all come
        Switching, ///< 101; nothing is read after its head
        Complete, ///< any other status, with its body; nothing is read after it
        Malformed, ///< not an answer of HTTP/1.1
    };

    /// Reads on. To be called while the state is InHead or InBody.
    State add(QByteArrayView bytes);
    /// Nothing more comes: what there is of a body counts as all of it. InHead stays.
    State end();

    State state() const { return m_state; }
    bool isOver() const { return m_state > State::InBody; }
    const ResponseHead &head() const { return m_head; } ///< from InBody on, but for Malformed
    const char *fault() const { return m_fault; } ///< Malformed: why, as in ResponseFault
    const QByteArray &behind() const { return m_bytes; } ///< Switching: what came behind the head
    /// The body, as far as it was read and without its chunks' sizes.
    const QByteArray &body() const { return m_body; }
    /// Moves out what body() has, to make room for more.
    QByteArray takeBody() { return std::exchange(m_body, {}); }
    /// Complete: whether it has ended as its head says, rather than with the connection, with the room for it, or with what
    /// are no chunks.
    bool isWhole() const { return m_whole; }

private:
    void readHead();
    void readBody();
    bool readChunks();
    void moveBody();

    qsizetype m_most;
    State m_state = State::InHead;
    qsizetype m_passedOver = 0; ///< bytes of interim responses
    qsizetype m_seen = 0; ///< of m_bytes, while they are a part of a head
    ResponseHead m_head;
    const char *m_fault = nullptr;
    QByteArray m_bytes; ///< not read yet
    QByteArray m_body;
    qint64 m_left = 0; ///< to come still, of a body of known length or of a chunk
    bool m_chunkEnds = false; ///< the line end behind a chunk has to come
    bool m_whole = false;
};

} // namespace rr
