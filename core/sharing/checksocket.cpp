// SPDX-License-Identifier: MIT
#include "core/sharing/checksocket.h"

#include "core/wire/framewriter.h"

#include <array>
#include <utility>

namespace rr {

CheckSocket::CheckSocket(std::unique_ptr<ByteStream> stream, QObject *parent)
    : QObject(parent)
    , m_stream(std::move(stream))
{
    m_stream->setOwner(this);
    m_stream->setReading(true);
}

CheckSocket::~CheckSocket() = default;

void CheckSocket::send(Opcode opcode, QByteArrayView payload)
{
    if (!m_ended)
        m_stream->write(makeFrame(FrameScanner::Sender::Client, opcode, payload));
}

void CheckSocket::streamReadable(ByteStream &stream)
{
    std::array<char, 16 * 1024> bytes;
    const qint64 n = stream.read(bytes.data(), bytes.size());
    m_bytes.append(bytes.data(), n);
    const char *at = m_bytes.constData();
    const char *const stop = at + m_bytes.size();
    while (!m_ended) {
        const FrameScanner::Step next = m_scanner.next(at, stop);
        if (next.kind == FrameScanner::Step::NeedMore)
            break;
        step(next);
    }
    m_bytes.remove(0, at - m_bytes.constData());
}

void CheckSocket::step(const FrameScanner::Step &step)
{
    if (step.kind == FrameScanner::Step::Data) {
        m_message.append(step.payload);
        if (step.endsMessage)
            Q_EMIT received(std::exchange(m_message, {}));
    } else if (step.kind == FrameScanner::Step::Control && step.opcode == Opcode::Ping) {
        send(Opcode::Pong, step.payload);
    } else if (step.kind == FrameScanner::Step::Control && step.opcode == Opcode::Pong) {
        Q_EMIT pong(step.payload.toByteArray());
    } else {
        end(); // a close frame, or no frame at all
    }
}

void CheckSocket::streamEnded(ByteStream &)
{
    end();
}

void CheckSocket::end()
{
    if (std::exchange(m_ended, true))
        return;
    m_stream->setReading(false);
    Q_EMIT ended();
}

} // namespace rr
