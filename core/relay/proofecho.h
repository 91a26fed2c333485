// SPDX-License-Identifier: MIT
#pragma once

#include "core/wire/bytestream.h"
#include "core/wire/framescanner.h"

#include <QObject>
#include <QTimer>

#include <chrono>
#include <memory>

namespace rr {

/// The other end of a check from outside that goes over a WebSocket: says a proof first, then every message again, of whatever
/// kind, so that who asks sees how fast messages go and whether they arrive whole. Lives in its worker's thread; its
/// owner destroys it after finished().
class ProofEcho final : public QObject, private ByteStream::Owner
{
    Q_OBJECT
public:
    static constexpr qint64 mostBytes = 512 * 1024; ///< of a message; longer ones end it with 1009
    static constexpr std::chrono::minutes lasts{5}; ///< then it ends with 1000

    struct Plan
    {
        std::unique_ptr<ByteStream> stream; ///< read to the end of the request's head
        QByteArray switchingProtocols; ///< the answer 101, not written yet
        QByteArray proof;
        bool stays = false; ///< as long as the other end does, and does not end after `lasts`
        /// Of one that stays, as calls have it: pinged so often, and ended with 1011 after two such times without a sign of
        /// life. 0: it is not watched.
        std::chrono::milliseconds heartbeat{0};
    };
    ProofEcho(Plan plan, std::chrono::milliseconds time, QObject *parent);
    ~ProofEcho() override; ///< cuts it

    void end(quint16 closeCode); ///< finished() follows, unless it is ending already

Q_SIGNALS:
    void finished();

private:
    void streamReadable(ByteStream &) override;
    void streamWritten(ByteStream &) override;
    void streamEnded(ByteStream &) override;

    void readFrames();
    void takeData(const FrameScanner::Step &step);
    void takeControl(const FrameScanner::Step &step);
    void beat();
    void finish();

    const std::unique_ptr<ByteStream> m_stream;
    const bool m_stays;
    FrameScanner m_scanner{FrameScanner::Sender::Client, mostBytes};
    QByteArray m_bytes; ///< received, and not scanned yet
    QByteArray m_message; ///< that is coming in
    Opcode m_opcode = Opcode::Text; ///< of it
    QTimer m_timer; ///< the end, or the heartbeat
    int m_unheard = 0; ///< heartbeats without a sign of life
    bool m_ending = false;
    bool m_finished = false;
};

} // namespace rr
