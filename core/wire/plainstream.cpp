// SPDX-License-Identifier: MIT
#include "core/wire/plainstream.h"

#include <QCoreApplication>
#include <QEvent>

#include <cerrno>

#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace rr {

namespace {

#ifdef MSG_NOSIGNAL
constexpr int sendFlags = MSG_NOSIGNAL;
#else
constexpr int sendFlags = 0; // the socket carries SO_NOSIGPIPE instead
#endif

bool mustWait(int error)
{
    return error == EAGAIN || error == EWOULDBLOCK || error == ENOBUFS;
}

} // namespace

bool PlainStream::Notifier::event(QEvent *event)
{
    // Instead of the signal `activated`: this is the data path, and there is one receiver.
    if (event->type() != QEvent::SockAct)
        return QSocketNotifier::event(event);
    if (type() == Write)
        m_stream.readyToWrite();
    else if (m_stream.m_owner && isEnabled())
        m_stream.m_owner->streamReadable(m_stream);
    if (m_stream.m_endRead)
        m_stream.end();
    else if (type() == Read)
        m_stream.announceEarly();
    return true;
}

PlainStream::PlainStream(int descriptor, QByteArray early)
    : m_descriptor(descriptor)
    , m_readNotifier(*this, descriptor, QSocketNotifier::Read)
    , m_writeNotifier(*this, descriptor, QSocketNotifier::Write)
{
    m_early = std::move(early);
}

PlainStream::~PlainStream()
{
    abort();
}

bool PlainStream::hasWaiting()
{
    if (!m_early.isEmpty())
        return true;
    if (m_endRead || isOver())
        return false;
    char first;
    const ssize_t n = ::recv(m_descriptor, &first, 1, MSG_PEEK);
    m_endRead = n == 0 || (n < 0 && errno != EINTR && !mustWait(errno));
    return n > 0;
}

qint64 PlainStream::read(char *to, qint64 most)
{
    if (!m_early.isEmpty())
        return takeFrom(m_early, to, most);
    if (m_endRead || isOver())
        return 0;
    for (;;) {
        const ssize_t n = ::recv(m_descriptor, to, size_t(most), 0);
        if (n > 0)
            return n;
        if (n < 0 && errno == EINTR)
            continue;
        m_endRead = n == 0 || !mustWait(errno);
        return 0;
    }
}

void PlainStream::setReading(bool on)
{
    if (isOver())
        return;
    m_readNotifier.setEnabled(on);
    announceEarly();
}

void PlainStream::announceEarly()
{
    // The system knows nothing of these bytes.
    if (!m_early.isEmpty() && m_readNotifier.isEnabled())
        QCoreApplication::postEvent(&m_readNotifier, new QEvent(QEvent::SockAct));
}

qint64 PlainStream::send(QByteArrayView bytes)
{
    for (;;) {
        const ssize_t n = ::send(m_descriptor, bytes.data(), size_t(bytes.size()), sendFlags);
        if (n >= 0) {
            m_taken += quint64(n);
            return n;
        }
        if (errno == EINTR)
            continue;
        if (!mustWait(errno)) {
            // What the peer said before it went is still to be read, its close frame perhaps: the end comes there.
            m_writeFailed = true;
            ::shutdown(m_descriptor, SHUT_RDWR);
        }
        return 0;
    }
}

void PlainStream::write(QByteArrayView bytes)
{
    if (m_writeFailed || m_closing || isOver())
        return;
    if (m_backlog.isEmpty()) {
        bytes = bytes.sliced(send(bytes));
        if (bytes.isEmpty() || m_writeFailed)
            return;
        m_writeNotifier.setEnabled(true);
    }
    m_backlog.append(bytes);
}

bool PlainStream::takeBack(qint64 count)
{
    if (count > m_backlog.size())
        return false;
    m_backlog.takeBack(count);
    if (m_backlog.isEmpty())
        m_writeNotifier.setEnabled(false);
    return true;
}

bool PlainStream::peerHasLeft() const
{
#ifdef POLLRDHUP
    pollfd asked{m_descriptor, POLLRDHUP, 0};
    return !isOver() && ::poll(&asked, 1, 0) > 0;
#else
    return false;
#endif
}

void PlainStream::setPatient(bool patient)
{
    m_readNotifier.setPatient(patient);
    m_writeNotifier.setPatient(patient);
}

void PlainStream::readyToWrite()
{
    while (!m_backlog.isEmpty()) {
        const QByteArrayView front = m_backlog.front();
        const qint64 sent = send(front);
        m_backlog.take(sent);
        if (sent < front.size())
            break;
    }
    if (m_writeFailed || m_backlog.isEmpty()) {
        m_backlog.clear();
        m_writeNotifier.setEnabled(false);
        if (m_closing)
            ::shutdown(m_descriptor, SHUT_WR);
    }
    if (m_owner)
        m_owner->streamWritten(*this);
}

void PlainStream::closeAfterWriting()
{
    if (m_closing || isOver())
        return;
    m_closing = true;
    if (m_backlog.isEmpty())
        ::shutdown(m_descriptor, SHUT_WR);
}

void PlainStream::abort()
{
    if (isOver())
        return;
    m_readNotifier.setEnabled(false);
    m_writeNotifier.setEnabled(false);
    ::close(m_descriptor);
    m_descriptor = -1;
    m_backlog.clear();
}

void PlainStream::end()
{
    if (isOver())
        return;
    abort();
    if (m_owner)
        m_owner->streamEnded(*this);
}

} // namespace rr
