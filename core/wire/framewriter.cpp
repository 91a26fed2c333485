// SPDX-License-Identifier: MIT
#include "core/wire/framewriter.h"

#include <QRandomGenerator>
#include <QtEndian>

namespace rr {

QByteArray makeFrame(FrameScanner::Sender sender, Opcode opcode, QByteArrayView payload)
{
    const bool masked = sender == FrameScanner::Sender::Client;
    const auto maskBit = quint8(masked ? 0x80 : 0);
    const qsizetype size = payload.size();
    Q_ASSERT(quint8(opcode) < quint8(Opcode::Close) || size <= 125);

    QByteArray frame;
    frame.reserve(size + 14);
    frame.append(char(0x80 | quint8(opcode)));
    if (size < 126) {
        frame.append(char(maskBit | quint8(size)));
    } else if (size < 65536) {
        frame.append(char(maskBit | 126));
        const quint16 length = qToBigEndian(quint16(size));
        frame.append(reinterpret_cast<const char *>(&length), sizeof length);
    } else {
        frame.append(char(maskBit | 127));
        const quint64 length = qToBigEndian(quint64(size));
        frame.append(reinterpret_cast<const char *>(&length), sizeof length);
    }
    if (!masked)
        return frame.append(payload);

    const quint32 key = QRandomGenerator::system()->generate();
    char mask[4];
    memcpy(mask, &key, sizeof mask);
    frame.append(mask, sizeof mask);
    const qsizetype payloadStart = frame.size();
    frame.resize(payloadStart + size);
    applyMask(frame.data() + payloadStart, payload, mask);
    return frame;
}

} // namespace rr
