// SPDX-License-Identifier: MIT
#include "core/websocket/handshakebridge.h"

#include <QTcpSocket>

#include <algorithm>
#include <array>
#include <utility>

#include <sys/socket.h>
#include <unistd.h>

namespace rr {

namespace {

/// An answer whose head is longer is none.
constexpr qsizetype mostHeadBytes = 64 * 1024;
constexpr QByteArrayView headEnd("\r\n\r\n");

} // namespace

HandshakeBridge::HandshakeBridge(std::unique_ptr<TlsStream> stream)
    : m_stream(std::move(stream))
{
    m_stream->setOwner(this);
    m_stream->setReading(true);
}

bool HandshakeBridge::connectSocket(QTcpSocket &socket)
{
    std::array<int, 2> ends{};
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends.data()) != 0)
        return false;
    m_near = std::make_unique<PlainStream>(ends[0]);
    m_near->setOwner(this);
    m_near->setReading(true);
    if (socket.setSocketDescriptor(ends[1]))
        return true;
    ::close(ends[1]);
    return false;
}

std::unique_ptr<ByteStream> HandshakeBridge::takeStream()
{
    m_near.reset();
    m_stream->setOwner(nullptr);
    return m_stream->isOver() ? nullptr : std::move(m_stream);
}

void HandshakeBridge::streamReadable(ByteStream &stream)
{
    if (&stream != m_near.get()) {
        passHead();
        return;
    }
    std::array<char, 4096> bytes;
    const qint64 n = m_near->read(bytes.data(), bytes.size());
    m_stream->write(QByteArrayView(bytes.data(), n));
}

void HandshakeBridge::passHead()
{
    std::array<char, 4096> bytes;
    const qint64 n = m_stream->read(bytes.data(), bytes.size());
    if (n <= 0 || !m_near)
        return;
    const qsizetype before = m_head.size();
    m_head.append(bytes.data(), n);
    const qsizetype end = m_head.indexOf(headEnd, std::max<qsizetype>(0, before - headEnd.size() + 1));
    m_headPassed = end >= 0;
    const qsizetype passed = m_headPassed ? end + headEnd.size() : m_head.size();
    m_near->write(QByteArrayView(m_head).sliced(before, passed - before));
    if (m_headPassed) {
        m_stream->setReading(false);
        m_stream->unread(m_head.sliced(passed));
    } else if (m_head.size() > mostHeadBytes) {
        m_stream->setReading(false);
        m_near->closeAfterWriting();
    }
}

void HandshakeBridge::streamEnded(ByteStream &stream)
{
    if (&stream == m_stream.get() && m_near && !m_headPassed)
        m_near->closeAfterWriting();
}

} // namespace rr
