// SPDX-License-Identifier: MIT
#pragma once

#include <QByteArrayView>

namespace rr {

enum class Opcode : quint8 { Continuation = 0, Text = 1, Binary = 2, Close = 8, Ping = 9, Pong = 10 };

/// Walks along the frames of one direction of a WebSocket connection (RFC 6455 5.2) without taking them apart:
/// it reads headers, skips payloads, and says where frames and messages begin and end. It keeps no bytes: what
/// is left over of an incomplete header, a header whose payload has not begun to come, or an incomplete control frame the
/// caller hands in again, with more behind it.
/// A plain value without a thread of its own.
class FrameScanner
{
public:
    /// Whose frames these are: a client's are masked, a server's are not (RFC 6455 5.1).
    enum class Sender : quint8 { Client, Server };

    /// The most that an incomplete header or control frame can hold back: 2 + 4 + 125 bytes.
    static constexpr qsizetype maxHeldBack = 131;

    struct Step
    {
        enum Kind : quint8 {
            NeedMore, ///< nothing consumed: the rest is what the caller hands in again
            Data, ///< a data frame's header with the first of its payload, or some more of its payload
            Control, ///< one whole control frame
            Breach, ///< the sender broke a rule: closeCode says which close it earns; scan no further
        };
        Kind kind = NeedMore;
        Opcode opcode = Opcode::Text;
        bool startsMessage
            = false; ///< Data: the first bytes of a message's payload (or none, if it has none)
        bool endsFrame = false;
        bool endsMessage = false;
        quint16 closeCode = 0; ///< Breach: 1002 or 1009
        QByteArrayView
            payload; ///< Data, Control: what of the payload is here, still masked if a client sent it
        const char *mask = nullptr; ///< Data, Control: the four bytes of the masking key; null if unmasked
        quint8 maskAt = 0; ///< which of the four belongs to the first byte of `payload`
    };

    FrameScanner(Sender sender, qint64 maxMessageBytes)
        : m_maxMessageBytes(maxMessageBytes)
        , m_sender(sender)
    {
    }

    /// Takes the next step from `at`, moving it behind what was consumed.
    Step next(const char *&at, const char *end);

    /// No frame is half passed: a control frame may go in between.
    bool atFrameBoundary() const { return m_payloadLeft == 0; }
    /// No message is half passed: any frame may go in between.
    bool atMessageBoundary() const { return m_payloadLeft == 0 && !m_inMessage; }

    /// The size of the message that is being passed, or was passed last, as far as its frames' headers have come.
    qint64 messageBytes() const { return m_messageBytes; }

private:
    Step header(const char *&at, const char *end);

    qint64 m_maxMessageBytes;
    qint64 m_messageBytes = 0; ///< of the message so far, with the frame that is being passed
    qint64 m_payloadLeft = 0;
    Sender m_sender;
    bool m_inMessage = false; ///< a frame with FIN has yet to come
    bool m_lastFrame = false; ///< the frame that is being passed has FIN
    quint8 m_maskAt = 0; ///< which byte of m_mask the payload goes on with
    char m_mask[4] = {};
};

/// Removes (or adds) a mask: `to` gets `from` XOR the four bytes of `mask`, repeated (RFC 6455 5.3), beginning with the
/// one at `maskAt`.
void applyMask(char *to, QByteArrayView from, const char *mask, quint8 maskAt = 0);

} // namespace rr
