// SPDX-License-Identifier: MIT
#pragma once

#include "core/sharing/checkverdict.h"

#include <QByteArray>
#include <QElapsedTimer>
#include <QObject>
#include <QTimer>

#include <chrono>
#include <vector>

namespace rr {

class CheckSocket;

/// What the share's check says over a WebSocket: its proof first, then whatever it is told. Ten small messages of text, as
/// calls have them, and a large one; not pings, for what is in between may answer those. One thread; uses the socket, which
/// outlives it, as long as it runs.
class EchoCheck final : public QObject
{
    Q_OBJECT
public:
    EchoCheck(
        CheckSocket &socket, QString host, std::chrono::milliseconds timeout, QObject *parent = nullptr);

    void awaitProof(const QByteArray &proof); ///< proven() follows, or failed()
    void measure(); ///< after proven(): measured() follows, or failed()

Q_SIGNALS:
    void proven();
    void measured(qint64 medianMs, qint64 worstMs);
    void failed(const rr::CheckVerdict &verdict);

private:
    void received(const QByteArray &message);
    void sendNext();
    void fail(const char *code, const Sentence &text, const Sentence &next);
    void lost();

    CheckSocket &m_socket;
    const QString m_host;
    const std::chrono::milliseconds m_timeout;
    QByteArray m_expected; ///< the next message
    std::vector<qint64> m_microseconds; ///< of each small message
    QElapsedTimer m_sent;
    QTimer m_deadline;
    bool m_isProven = false;
    bool m_isLarge = false; ///< the message under way
    bool m_isOver = true; ///< nothing is waited for
};

} // namespace rr
