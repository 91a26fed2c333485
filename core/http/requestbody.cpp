// SPDX-License-Identifier: MIT
#include "core/http/requestbody.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace rr {
namespace {

/// Of the lines of all chunks and of the trailer: a byte of content may cost five.
constexpr qsizetype mostFramingBytes = 5 * RequestBody::mostBytes + maxHeadBytes;

HeadError tooLarge()
{
    return {413, "body_too_large"_ba,
        {QT_TRANSLATE_NOOP("Core", "The request has more than %1 bytes."), {qint64(RequestBody::mostBytes)}}};
}

HeadError noChunks()
{
    return {400, "bad_request"_ba,
        QT_TRANSLATE_NOOP("Core", "The body of the request is not made of chunks, as its head says.")};
}

} // namespace

RequestBody::RequestBody(const RequestHead &head)
    : m_left(head.contentLength)
{
    if (head.chunked)
        m_state = State::ChunkSize;
    else
        m_known = !head.header("Content-Length").isNull();
}

std::optional<HeadError> RequestBody::add(QByteArray &bytes)
{
    if (!m_known)
        return HeadError{411, "length_required"_ba,
            QT_TRANSLATE_NOOP("Core", "The request does not say how long its body is.")};
    if (m_state != State::Content)
        return addChunked(bytes);
    if (m_left > mostBytes)
        return tooLarge();
    moveContent(bytes);
    if (m_left == 0)
        m_state = State::Complete;
    return std::nullopt;
}

std::optional<HeadError> RequestBody::addChunked(QByteArray &bytes)
{
    while (m_state != State::Complete) {
        if (m_state == State::ChunkData) {
            moveContent(bytes);
            if (m_left > 0)
                return std::nullopt;
            m_state = State::ChunkEnd;
        }
        const qsizetype end = bytes.indexOf("\r\n");
        if (end < 0 && bytes.size() <= maxLineBytes)
            return std::nullopt;
        const QByteArray line = bytes.first(std::max<qsizetype>(end, 0));
        m_framing += line.size() + 2;
        if (end < 0 || line.size() > maxLineBytes || m_framing > mostFramingBytes || line.contains('\n')
            || line.contains('\r') || (m_state == State::ChunkEnd && !line.isEmpty()))
            return noChunks();
        bytes.remove(0, end + 2);
        if (m_state == State::ChunkEnd) {
            m_state = State::ChunkSize;
        } else if (m_state == State::ChunkSize) {
            if (auto error = readChunkSize(line))
                return error;
        } else if (line.isEmpty()) { // of trailers nothing is known here that would matter
            m_state = State::Complete;
        }
    }
    return std::nullopt;
}

std::optional<HeadError> RequestBody::readChunkSize(QByteArrayView line)
{
    const auto isHex
        = [](char c) { return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'f'); };
    const auto end = std::find_if_not(line.begin(), line.end(), isHex);
    const QByteArrayView digits = line.first(end - line.begin());
    const QByteArrayView rest = line.sliced(digits.size()).trimmed(); // extensions follow a semicolon
    if (digits.isEmpty() || (!rest.isEmpty() && !rest.startsWith(';')))
        return noChunks();
    bool fits = false;
    m_left = digits.toLongLong(&fits, 16);
    if (!fits || m_left > mostBytes - m_content.size())
        return tooLarge();
    m_state = m_left == 0 ? State::Trailer : State::ChunkData;
    return std::nullopt;
}

void RequestBody::moveContent(QByteArray &bytes)
{
    const qsizetype n = std::min<qsizetype>(m_left, bytes.size());
    m_content.append(QByteArrayView(bytes).first(n));
    bytes.remove(0, n);
    m_left -= n;
}

} // namespace rr
