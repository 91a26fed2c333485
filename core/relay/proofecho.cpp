// SPDX-License-Identifier: MIT
#include "core/relay/proofecho.h"

#include "core/wire/framewriter.h"

#include <QtEndian>

#include <array>
#include <utility>

namespace rr {

namespace {

using namespace std::chrono_literals;

constexpr auto closePatience = 2s; ///< for the other end to take a close, and to answer it
constexpr std::size_t readAtOnce = 64 * 1024;
/// Of what the other end has not taken; more is not read. One message more may come on top.
constexpr qint64 highMark = 2 * ProofEcho::mostBytes;

QByteArray unmasked(const FrameScanner::Step &step)
{
    QByteArray payload(step.payload.size(), Qt::Uninitialized);
    applyMask(payload.data(), step.payload, step.mask, step.maskAt);
    return payload;
}

} // namespace

ProofEcho::ProofEcho(Plan plan, std::chrono::milliseconds time, QObject *parent)
    : QObject(parent)
    , m_stream(std::move(plan.stream))
    , m_stays(plan.stays)
    , m_timer(this)
{
    connect(&m_timer, &QTimer::timeout, this, &ProofEcho::beat);
    if (const auto interval = m_stays ? plan.heartbeat : time; interval.count() > 0)
        m_timer.start(interval);
    m_stream->setOwner(this);
    m_stream->setPatient(false); // as a call's: how fast messages go is what it is asked for
    m_stream->write(
        plan.switchingProtocols + makeFrame(FrameScanner::Sender::Server, Opcode::Text, plan.proof));
    m_stream->setReading(true);
}

ProofEcho::~ProofEcho()
{
    m_stream->abort();
}

void ProofEcho::streamReadable(ByteStream &)
{
    std::array<char, readAtOnce> bytes;
    const qint64 n = m_stream->read(bytes.data(), bytes.size());
    if (n <= 0)
        return;
    if (m_ending) // its answer to the close, or what was on its way
        return;
    m_unheard = 0;
    m_bytes.append(bytes.data(), n);
    readFrames();
    if (!m_ending && m_stream->backlogBytes() >= highMark)
        m_stream->setReading(false);
}

void ProofEcho::streamWritten(ByteStream &)
{
    if (m_stream->backlogBytes() < highMark)
        m_stream->setReading(true);
}

void ProofEcho::streamEnded(ByteStream &)
{
    finish();
}

void ProofEcho::readFrames()
{
    const char *at = m_bytes.constData();
    const char *const end = at + m_bytes.size();
    for (;;) {
        const FrameScanner::Step step = m_scanner.next(at, end);
        if (step.kind == FrameScanner::Step::Data)
            takeData(step);
        else if (step.kind == FrameScanner::Step::Control)
            takeControl(step);
        else if (step.kind == FrameScanner::Step::Breach)
            this->end(step.closeCode);
        if (step.kind == FrameScanner::Step::NeedMore || m_ending)
            break;
    }
    m_bytes.remove(0, at - m_bytes.constData());
}

void ProofEcho::takeData(const FrameScanner::Step &step)
{
    if (step.startsMessage)
        m_opcode = step.opcode;
    m_message += unmasked(step);
    if (!step.endsMessage)
        return;
    m_stream->write(makeFrame(FrameScanner::Sender::Server, m_opcode, m_message));
    m_message.clear();
}

void ProofEcho::takeControl(const FrameScanner::Step &step)
{
    if (step.opcode == Opcode::Ping) {
        m_stream->write(makeFrame(FrameScanner::Sender::Server, Opcode::Pong, unmasked(step)));
    } else if (step.opcode == Opcode::Close) {
        const QByteArray payload = unmasked(step);
        end(payload.size() >= 2 ? qFromBigEndian<quint16>(payload.constData()) : quint16(1000));
    }
}

void ProofEcho::beat()
{
    if (m_ending) {
        finish();
    } else if (!m_stays) {
        end(1000);
    } else if (m_unheard >= 2) {
        end(1011);
    } else {
        ++m_unheard;
        m_stream->write(makeFrame(FrameScanner::Sender::Server, Opcode::Ping, "still there?"));
    }
}

void ProofEcho::end(quint16 closeCode)
{
    if (std::exchange(m_ending, true))
        return;
    QByteArray payload(2, Qt::Uninitialized);
    qToBigEndian(closeCode, payload.data());
    m_stream->write(makeFrame(FrameScanner::Sender::Server, Opcode::Close, payload));
    m_stream->closeAfterWriting();
    m_stream->setReading(true); // to see it end
    m_timer.start(closePatience);
}

void ProofEcho::finish()
{
    if (std::exchange(m_finished, true))
        return;
    m_timer.stop();
    Q_EMIT finished();
}

} // namespace rr
