// SPDX-License-Identifier: MIT
#pragma once

#include "core/wire/bytestream.h"

#include <QByteArray>

namespace rr {

/// Keeps what a stream says.
class StreamOwner final : public ByteStream::Owner
{
public:
    void streamReadable(ByteStream &stream) override
    {
        ++readableCalls;
        QByteArray bytes(most, Qt::Uninitialized);
        bytes.truncate(std::max<qint64>(0, stream.read(bytes.data(), most)));
        received.append(bytes);
        if (echoes && !bytes.isEmpty())
            stream.write(bytes);
    }
    void streamWritten(ByteStream &) override { ++writtenCalls; }
    void streamEnded(ByteStream &stream) override
    {
        ++endedCalls;
        overWhenEnded = stream.isOver();
    }

    qint64 most = 8192; ///< bytes at each call
    bool echoes = false; ///< writes what it reads
    QByteArray received;
    int readableCalls = 0;
    int writtenCalls = 0;
    int endedCalls = 0;
    bool overWhenEnded = false;
};

} // namespace rr
