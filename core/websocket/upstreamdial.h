// SPDX-License-Identifier: MIT
#pragma once

#include "core/realtime/upstreamfailure.h"
#include "core/websocket/bytestream.h"

#include <QElapsedTimer>
#include <QHostAddress>
#include <QHostInfo>
#include <QNetworkProxy>
#include <QNetworkRequest>
#include <QObject>
#include <QSslConfiguration>
#include <QTimer>

#include <chrono>
#include <memory>
#include <vector>

QT_BEGIN_NAMESPACE
class QTcpSocket;
class QWebSocket;
QT_END_NAMESPACE

namespace rr {

/// The last TLS session of the upstream, to be resumed by the next dial. One per worker, in its thread.
class TlsSessionCache
{
public:
    /// An empty one changes nothing.
    void keep(const QByteArray &ticket)
    {
        if (!ticket.isEmpty())
            m_ticket = ticket;
    }
    const QByteArray &ticket() const { return m_ticket; }

private:
    QByteArray m_ticket;
};

/// One attempt to reach the upstream: name lookup, TCP, proxy, TLS and WebSocket handshake, with one deadline
/// for all of it. Where the name has addresses of both families and the first one does not answer within
/// 250 ms, an address of the other family is tried beside it, and the first connection wins (after RFC 8305).
/// Lives in the worker's thread; owned by whoever dials; may be destroyed at any moment.
class UpstreamDial : public QObject
{
    Q_OBJECT
public:
    struct Target
    {
        QNetworkRequest request; ///< ws:// or wss:// URL with path and query, and the headers to send
        QSslConfiguration tls;
        QNetworkProxy proxy = QNetworkProxy(QNetworkProxy::NoProxy);
        std::chrono::milliseconds timeout{10'000};
    };

    UpstreamDial(Target target, TlsSessionCache &sessions, QObject *parent = nullptr);
    ~UpstreamDial() override;

    void start();

    /// The connection, once after opened().
    std::unique_ptr<ByteStream> takeStream() { return std::move(m_stream); }
    qint64 elapsedMs() const { return m_elapsed.elapsed(); }

Q_SIGNALS:
    void opened();
    void failed(const rr::UpstreamFailure &failure);

private:
    struct Attempt
    {
        QWebSocket *webSocket;
        QTcpSocket *socket;
        bool connected = false;
    };

    void open(const QHostAddress &only);
    void reachedTcp(QWebSocket *winner);
    void upgraded(QWebSocket *webSocket);
    void attemptFailed(QWebSocket *webSocket, UpstreamFailure failure);
    void tryOtherFamily();
    void drop(Attempt attempt);
    void dropAll();
    void fail(UpstreamFailure failure);

    Target m_target;
    TlsSessionCache &m_sessions;
    std::vector<Attempt> m_attempts;
    std::unique_ptr<ByteStream> m_stream;
    QElapsedTimer m_elapsed;
    QTimer m_deadline;
    QTimer m_otherFamily;
    int m_lookup = -1;
    bool m_done = false;
};

} // namespace rr
