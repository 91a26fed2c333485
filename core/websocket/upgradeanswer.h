// SPDX-License-Identifier: MIT
#pragma once

#include <QByteArray>

namespace rr {

/// The answer to an upgrade request, read as it comes: its head, and where that refuses, as much of the body as says why
/// (RFC 9112). Interim answers are passed over (RFC 9110 15.2). Bounded, whatever comes. Not tied to a connection, a plain
/// value.
class UpgradeAnswer
{
public:
    /// A head that is longer is none; interim answers count with it.
    static constexpr qsizetype mostHeadBytes = 64 * 1024;
    /// As much of a body is kept: a refusal in words is short.
    static constexpr qsizetype mostBodyBytes = 16 * 1024;

    enum class State : quint8 {
        InHead, ///< more has to come
        InBody, ///< it is a refusal, whose words have not all come
        Switching, ///< 101; nothing is read after it
        Refused, ///< any other status; nothing is read after it
        NotHttp, ///< no answer that HTTP/1.1 knows
    };

    /// Reads on. To be called while the state is InHead or InBody.
    State add(QByteArrayView bytes);
    /// Nothing more comes: InBody becomes Refused, InHead stays.
    State end();

    State state() const { return m_state; }
    bool isOver() const { return m_state > State::InBody; }
    int status() const { return m_status; } ///< from InBody on; 0 for NotHttp
    const QByteArray &head() const { return m_head; } ///< as received, with the empty line; from InBody on
    const QByteArray &behind() const { return m_bytes; } ///< Switching: what came behind the head
    /// Refused: the body, as far as it was read and without its chunks' sizes.
    const QByteArray &body() const { return m_body; }
    /// The value of the first such header, without blanks around it; null when there is none.
    QByteArray header(QByteArrayView name) const;

private:
    bool readHead(qsizetype searched);
    void readBody();
    bool readChunks();

    State m_state = State::InHead;
    int m_status = 0;
    qsizetype m_interimBytes = 0;
    QByteArray m_head;
    QByteArray m_bytes; ///< not read yet
    QByteArray m_body;
};

} // namespace rr
