// SPDX-License-Identifier: MIT
#include "core/relay/download.h"

#include <array>
#include <utility>

namespace rr {

namespace {

using namespace std::chrono_literals;

constexpr std::size_t pieceBytes = 16 * 1024;
/// For a client that has all of it, and is to end the connection.
constexpr auto endPatience = 2s;

} // namespace

Download::Download(std::unique_ptr<ByteStream> client, std::unique_ptr<ByteStream> upstream,
    ResponseReader answer, const HttpResponse &head, bool chunks, std::chrono::milliseconds stallTimeout,
    QObject *parent)
    : QObject(parent)
    , m_client(std::move(client))
    , m_upstream(std::move(upstream))
    , m_answer(std::move(answer))
    , m_stall(this)
{
    const bool isKnown = m_answer.head().body == ResponseHead::Body::Length;
    m_inChunks = chunks && !isKnown;
    connect(&m_stall, &QTimer::timeout, this, &Download::look);
    m_stall.start(stallTimeout);
    m_client->setOwner(this);
    m_upstream->setOwner(this);
    m_client->setReading(true); // to notice when it goes away
    m_upstream->setReading(true);
    m_client->write(serialiseHead(head, isKnown ? m_answer.head().contentLength : -1, m_inChunks));
    pass();
}

Download::~Download() = default;

void Download::streamReadable(ByteStream &stream)
{
    if (&stream == m_upstream.get()) {
        readUpstream();
        return;
    }
    std::array<char, 4096> bytes; // another request, which was told that the connection ends
    stream.read(bytes.data(), bytes.size());
}

void Download::streamWritten(ByteStream &stream)
{
    if (&stream != m_client.get() || m_finished)
        return;
    if (!m_written && m_client->backlogBytes() < highMark / 2)
        m_upstream->setReading(true);
    else if (m_written && m_client->backlogBytes() == 0)
        m_stall.start(endPatience);
}

void Download::streamEnded(ByteStream &stream)
{
    if (&stream == m_client.get()) {
        finish(m_written && m_client->backlogBytes() == 0 ? End::Whole : End::ClientLeft);
    } else if (!m_answer.isOver()) {
        m_answer.end();
        pass();
    }
}

void Download::readUpstream()
{
    std::array<char, pieceBytes> bytes;
    const qint64 n = m_upstream->read(bytes.data(), bytes.size());
    if (n <= 0 || m_answer.isOver())
        return;
    m_read += n;
    m_answer.add(QByteArrayView(bytes.data(), n));
    pass();
}

/// What has come, to the client.
void Download::pass()
{
    if (const QByteArray bytes = m_answer.takeBody(); !bytes.isEmpty())
        m_client->write(m_inChunks ? chunkOf(bytes) : bytes);
    if (!m_answer.isOver()) {
        if (m_client->backlogBytes() >= highMark)
            m_upstream->setReading(false);
        return;
    }
    m_upstream->setReading(false);
    if (!m_answer.isWhole()) {
        finish(End::UpstreamCutOff);
        return;
    }
    if (m_inChunks)
        m_client->write(chunkOf({}));
    m_written = true;
    m_client->closeAfterWriting();
    if (m_client->backlogBytes() == 0)
        m_stall.start(endPatience);
}

void Download::look()
{
    if (m_written && m_client->backlogBytes() == 0) {
        finish(End::Whole); // and it stays
        return;
    }
    const quint64 moved = quint64(m_read) + m_client->takenBytes();
    if (std::exchange(m_moved, moved) == moved)
        finish(m_written || m_client->backlogBytes() > 0 ? End::ClientTooSlow : End::UpstreamTooSlow);
}

void Download::finish(End end)
{
    if (std::exchange(m_finished, true))
        return;
    m_stall.stop();
    m_client->abort();
    m_upstream->abort();
    QMetaObject::invokeMethod(
        this, [this, end] { Q_EMIT finished(end); }, Qt::QueuedConnection);
}

} // namespace rr
