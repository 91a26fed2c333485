// SPDX-License-Identifier: MIT
#pragma once

#include "core/realtime/upstreamfailure.h"
#include "core/websocket/bytestream.h"
#include "core/websocket/tlsclient.h"

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

class HandshakeBridge;

/// How the upstream's certificate is checked, made once for all dials. Without `client` QSslSocket makes the TLS
/// connection, after `qt`.
struct UpstreamTls
{
    QSslConfiguration qt;
    std::shared_ptr<const TlsClient> client; ///< Linux only
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
        UpstreamTls tls;
        std::shared_ptr<TlsSessionCache> sessions; ///< of dials to this upstream with this `tls`; null: none
        QNetworkProxy proxy = QNetworkProxy(QNetworkProxy::NoProxy);
        std::chrono::milliseconds timeout{10'000};
    };

    explicit UpstreamDial(Target target, QObject *parent = nullptr);
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
        QObject *keeper; ///< the QWebSocket that owns the socket, or the socket itself
        QTcpSocket *socket;
    };

    void open(const QHostAddress &only);
    void openSocket(const QHostAddress &only);
    void openWebSocket(const QHostAddress &only);
    QWebSocket *makeWebSocket();
    void watch(const Attempt &attempt, const QHostAddress &only);
    void reachedTcp(const QObject *winner);
    void secure(QTcpSocket *socket);
    void upgraded(QWebSocket *webSocket);
    void bridged(const QWebSocket *webSocket);
    void deliver(std::unique_ptr<ByteStream> stream);
    void attemptFailed(const QObject *keeper, UpstreamFailure failure);
    void tryOtherFamily();
    void drop(const Attempt &attempt);
    void dropAll();
    void fail(UpstreamFailure failure);

    Target m_target;
    std::vector<Attempt> m_attempts;
#ifdef Q_OS_LINUX
    std::unique_ptr<HandshakeBridge> m_bridge;
#endif
    std::unique_ptr<ByteStream> m_stream;
    QElapsedTimer m_elapsed;
    QTimer m_deadline;
    QTimer m_otherFamily;
    int m_lookup = -1;
    bool m_reached = false; ///< one attempt has its TCP connection
    bool m_done = false;
};

} // namespace rr
