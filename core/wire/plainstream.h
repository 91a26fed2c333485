// SPDX-License-Identifier: MIT
#pragma once

#include "core/eventloop/patientnotifier.h"
#include "core/wire/backlog.h"
#include "core/wire/bytestream.h"

#include <QByteArray>

namespace rr {

/// A ByteStream straight on a TCP descriptor, which it owns: one recv() and one send() a message, no buffer
/// while nothing is backlogged. Unix only.
class PlainStream final : public ByteStream
{
public:
    /// `descriptor` is non-blocking. `early` is what was already read from it.
    explicit PlainStream(int descriptor, QByteArray early = {});
    ~PlainStream() override;

    qint64 read(char *to, qint64 most) override;
    bool hasWaiting() override;
    void setReading(bool on) override;
    void write(QByteArrayView bytes) override;
    qint64 backlogBytes() const override { return m_backlog.size(); }
    quint64 takenBytes() const override { return m_taken; }
    bool takeBack(qint64 count) override;
    bool peerHasLeft() const override;
    void setPatient(bool patient) override;
    void closeAfterWriting() override;
    void abort() override;
    bool isOver() const override { return m_descriptor < 0; }

private:
    class Notifier final : public PatientNotifier
    {
    public:
        Notifier(PlainStream &stream, int descriptor, Type type)
            : PatientNotifier(descriptor, type)
            , m_stream(stream)
        {
        }

    protected:
        bool event(QEvent *event) override;

    private:
        PlainStream &m_stream;
    };

    void readyToWrite();
    void announceEarly();
    qint64 send(QByteArrayView bytes);
    void end();

    int m_descriptor;
    bool m_endRead = false; ///< nothing more to read; streamEnded is told by the next turn of the event loop
    bool m_writeFailed = false; ///< nothing can be written, but perhaps there is something left to read
    bool m_closing = false; ///< closeAfterWriting() was called
    Backlog m_backlog;
    quint64 m_taken = 0;
    Notifier m_readNotifier;
    Notifier m_writeNotifier;
};

} // namespace rr
