// SPDX-License-Identifier: MIT
#pragma once

#include "core/wire/bytestream.h"

#include <QByteArray>

#include <algorithm>
#include <cstring>
#include <functional>
#include <limits>

namespace rr {

/// A connection whose other end is a test: `incoming` is what comes from it, and what is written is kept, and counts as
/// backlog beyond `takes` bytes.
class MemoryStream final : public ByteStream
{
public:
    qint64 read(char *to, qint64 most) override
    {
        ++reads;
        if (!m_early.isEmpty())
            return takeFrom(m_early, to, most);
        const qint64 n = std::min<qint64>(most, incoming.size());
        memcpy(to, incoming.constData(), size_t(n));
        incoming.remove(0, n);
        return n;
    }
    bool hasWaiting() override { return !incoming.isEmpty(); }
    void setReading(bool on) override { reading = on; }
    void write(QByteArrayView bytes) override
    {
        ++writes;
        written.append(bytes);
        if (whenWritten)
            whenWritten();
    }
    qint64 backlogBytes() const override { return std::max<qint64>(0, written.size() - takes); }
    quint64 takenBytes() const override { return quint64(written.size() - backlogBytes()); }
    bool takeBack(qint64 count) override
    {
        if (count > backlogBytes())
            return false;
        written.chop(count);
        return true;
    }
    bool peerHasLeft() const override { return left; }
    void setPatient(bool on) override { patient = on; }
    void closeAfterWriting() override { closing = true; }
    void abort() override { over = true; }
    bool isOver() const override { return over; }

    void tellReadable() { m_owner->streamReadable(*this); }
    void tellWritten() { m_owner->streamWritten(*this); }
    void tellEnded()
    {
        over = true;
        m_owner->streamEnded(*this);
    }

    QByteArray incoming;
    QByteArray written;
    std::function<void()> whenWritten; ///< inside write()
    qint64 takes = std::numeric_limits<qint64>::max();
    int reads = 0;
    int writes = 0;
    bool reading = false;
    bool patient = true;
    bool closing = false;
    bool left = false; ///< the peer, while it is not read
    bool over = false;
};

} // namespace rr
