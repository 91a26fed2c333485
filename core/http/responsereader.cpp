// SPDX-License-Identifier: MIT
#include "core/http/responsereader.h"

#include <algorithm>
#include <utility>

namespace rr {

namespace {

constexpr QByteArrayView lineEnd("\r\n");
/// Of a chunk's size, which may have extensions behind it.
constexpr qsizetype longestSizeLine = 8'000;

/// RFC 9112 7.1: hexadecimal digits, perhaps with extensions behind; -1 when it is none.
qint64 chunkSize(QByteArrayView line)
{
    const qsizetype semicolon = line.indexOf(';');
    const QByteArrayView size = (semicolon < 0 ? line : line.first(semicolon)).trimmed();
    const bool areDigits = std::all_of(size.begin(), size.end(),
        [](char c) { return isDigit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); });
    bool known = false;
    const qint64 number = size.toLongLong(&known, 16);
    return areDigits && known ? number : -1;
}

} // namespace

ResponseReader::State ResponseReader::add(QByteArrayView bytes)
{
    m_bytes.append(bytes);
    if (m_state == State::InHead)
        readHead();
    if (m_state == State::InBody)
        readBody();
    return m_state;
}

ResponseReader::State ResponseReader::end()
{
    if (m_state == State::InBody) {
        m_whole = m_head.body == ResponseHead::Body::UntilClose;
        m_state = State::Complete;
    }
    return m_state;
}

void ResponseReader::readHead()
{
    while (m_state == State::InHead) {
        auto parsed
            = parseResponseHead(m_bytes, maxResponseHeadBytes - m_passedOver, std::exchange(m_seen, 0));
        if (const auto *fault = std::get_if<ResponseFault>(&parsed)) {
            m_fault = fault->why;
            m_state = State::Malformed;
            return;
        }
        auto *head = std::get_if<ResponseHead>(&parsed);
        if (!head) {
            m_seen = m_bytes.size();
            return;
        }
        m_bytes.remove(0, head->size);
        if (head->isInterim()) {
            m_passedOver += head->size;
            continue;
        }
        m_head = std::move(*head);
        m_left = m_head.contentLength;
        m_state = m_head.status == 101 ? State::Switching : State::InBody;
    }
}

void ResponseReader::readBody()
{
    bool isOver = false;
    switch (m_head.body) {
    case ResponseHead::Body::None:
        isOver = m_whole = true;
        break;
    case ResponseHead::Body::Length:
        moveBody();
        isOver = m_whole = m_left == 0;
        break;
    case ResponseHead::Body::Chunked:
        isOver = readChunks();
        break;
    case ResponseHead::Body::UntilClose:
        m_body.append(std::exchange(m_bytes, {}));
        break;
    }
    if (m_body.size() > m_most) {
        m_body.truncate(m_most);
        m_whole = false;
        isOver = true;
    }
    if (isOver)
        m_state = State::Complete;
}

/// RFC 9112 7.1. True: that was the last chunk, or they are none.
bool ResponseReader::readChunks()
{
    for (;;) {
        moveBody();
        if (m_left > 0)
            return false;
        const qsizetype end = m_bytes.indexOf(lineEnd);
        if (m_chunkEnds && end != 0)
            return !lineEnd.startsWith(m_bytes);
        if (end < 0)
            return m_bytes.size() > longestSizeLine + 1; // of its end the half may be here
        if (end > longestSizeLine)
            return true;
        const QByteArray line = m_bytes.first(end);
        m_bytes.remove(0, end + lineEnd.size());
        if (std::exchange(m_chunkEnds, false))
            continue;
        m_left = chunkSize(line);
        m_chunkEnds = true;
        m_whole = m_left == 0; // what may follow, a trailer, is of no use here
        if (m_left <= 0)
            return true;
    }
}

/// As much as there is of what m_left counts.
void ResponseReader::moveBody()
{
    const qsizetype n = std::min<qint64>(m_left, m_bytes.size());
    m_body.append(QByteArrayView(m_bytes).first(n));
    m_bytes.remove(0, n);
    m_left -= n;
}

} // namespace rr
