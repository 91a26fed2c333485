// SPDX-License-Identifier: MIT
#pragma once

#include "core/http/requesthead.h"

namespace rr {

/// Reads the body behind a request's head, as it comes: of a known length, or in chunks (RFC 9112 6 and 7.1). Strict, as
/// the head's parser is. A plain value; any thread.
class RequestBody
{
public:
    static constexpr qsizetype mostBytes = 64 * 1024;

    /// `head`: well formed.
    explicit RequestBody(const RequestHead &head);

    /// Takes from the front of `bytes` what belongs to the body. nullopt: nothing is wrong so far. Else 411 for a body
    /// of no known length, 413 for one that is too large, said as soon as it is known, 400 for what are no chunks; then
    /// it is not known what belongs to what any more.
    std::optional<HeadError> add(QByteArray &bytes);
    bool isComplete() const { return m_state == State::Complete; }
    QByteArray take() { return std::move(m_content); } ///< once it is complete

private:
    enum class State : quint8 { Content, ChunkSize, ChunkData, ChunkEnd, Trailer, Complete };

    std::optional<HeadError> addChunked(QByteArray &bytes);
    std::optional<HeadError> readChunkSize(QByteArrayView line);
    void moveContent(QByteArray &bytes);

    State m_state = State::Content;
    bool m_known = true; ///< how it is framed
    qint64 m_left = 0; ///< of the content, or of the chunk
    qsizetype m_framing = 0; ///< bytes of chunks' lines
    QByteArray m_content;
};

} // namespace rr
