// SPDX-License-Identifier: MIT
#pragma once

#include "core/realtime/upstreamfailure.h"
#include "core/websocket/bytestream.h"
#include "core/websocket/tlsclient.h"

#include <QElapsedTimer>
#include <QHostAddress>
#include <QNetworkProxy>
#include <QNetworkRequest>
#include <QObject>
#include <QSslConfiguration>
#include <QTimer>

#include <chrono>
#include <memory>
#include <optional>
#include <vector>

QT_BEGIN_NAMESPACE
class QHostInfo;
class QTcpSocket;
QT_END_NAMESPACE

namespace rr {

class ClientHandshake;
class TlsStream;

/// How the upstream's certificate is checked, made once for all dials. Without `client` QSslSocket makes the TLS
/// connection, after `qt`.
struct UpstreamTls
{
    QSslConfiguration qt;
    std::shared_ptr<const TlsClient> client; ///< Linux only
};

/// One attempt to reach the upstream: name lookup, TCP, proxy, TLS and WebSocket handshake, with one deadline
/// for all of it. A name's addresses are tried one beside the other, the families in turn, the next one when one has failed
/// or has not answered for 250 ms; the first connection wins (after RFC 8305).
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
    bool isSecure() const;
    quint16 port() const;
    bool isThroughProxy() const { return m_target.proxy.type() != QNetworkProxy::NoProxy; }
    void lookedUp(const QHostInfo &info);
    void tryNextAddress();
    void open(const QHostAddress &address);
    void openDescriptor(const QHostAddress &address);
    void openThroughQt(const QHostAddress &address);
    QTcpSocket *makeTlsSocket();
    void boundProxysAnswer(QTcpSocket *socket);
    void reached(const QObject *winner);
    void socketIsReady(QTcpSocket *socket);
    void shakeHands(std::unique_ptr<ByteStream> stream);
    void handshakeDone();
    void attemptFailed(QObject *attempt, UpstreamFailure failure);
    void drop(QObject *attempt);
    void dropAll();
    void fail(UpstreamFailure failure);

    Target m_target;
    std::vector<QHostAddress> m_addresses; ///< still to be tried, the next one last
    std::vector<QObject *> m_attempts; ///< each a TcpConnect or a QTcpSocket
    std::optional<UpstreamFailure> m_failure; ///< of the attempts so far, the one that says most
    std::unique_ptr<ClientHandshake> m_handshake;
    [[maybe_unused]] const TlsStream *m_tls = nullptr; ///< belongs to m_handshake; Linux only
    std::unique_ptr<ByteStream> m_stream;
    QElapsedTimer m_elapsed;
    QTimer m_deadline;
    QTimer m_nextAddress;
    int m_lookup = -1;
    bool m_reached = false; ///< one attempt has its TCP connection
    bool m_done = false;
};

} // namespace rr
