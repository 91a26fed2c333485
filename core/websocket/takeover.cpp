// SPDX-License-Identifier: MIT
#include "core/websocket/takeover.h"

#include "core/websocket/qtstream.h"
#include "core/websocket/socketoptions.h"

#include <QSocketNotifier>
#include <QSslSocket>
#include <QTcpSocket>
#include <QTimer>
#include <QWebSocket>

#ifdef Q_OS_UNIX
#include "core/websocket/plainstream.h"

#include <fcntl.h>
#endif

namespace rr {

namespace {

#ifdef Q_OS_UNIX
/// Closes Qt's own descriptor; the connection lives on in the duplicate. Not in this turn of the event loop: epoll cannot
/// be told to forget a descriptor that is closed already, while a duplicate of it is open.
void letGo(QTcpSocket *socket, QObject *keeper)
{
    for (QSocketNotifier *notifier : socket->findChildren<QSocketNotifier *>())
        notifier->setEnabled(false);
    auto *nextTurn = new QTimer(keeper);
    QObject::connect(nextTurn, &QTimer::timeout, keeper, [keeper, socket] {
        socket->abort();
        keeper->deleteLater();
    });
    nextTurn->setSingleShot(true);
    nextTurn->start(0);
}
#endif

/// The rest of a takeover, after the slot that called takeOver() has returned. Child of the QWebSocket.
class Takeover final : public QObject
{
public:
    Takeover(
        QWebSocket *webSocket, QTcpSocket *socket, std::function<void(std::unique_ptr<ByteStream>)> ready)
        : QObject(webSocket)
        , m_webSocket(webSocket)
        , m_socket(socket)
        , m_ready(std::move(ready))
    {
        QObject::disconnect(m_socket, &QIODevice::readyRead, m_webSocket, nullptr);
        m_early = m_socket->readAll();
        connect(m_socket, &QIODevice::bytesWritten, this, &Takeover::proceed, Qt::QueuedConnection);
        connect(m_socket, &QAbstractSocket::disconnected, this, &Takeover::proceed, Qt::QueuedConnection);
        QMetaObject::invokeMethod(this, &Takeover::proceed, Qt::QueuedConnection);
    }

private:
    void proceed()
    {
        if (!m_ready)
            return;
        const bool connected = m_socket->state() == QAbstractSocket::ConnectedState;
        if (connected && m_socket->bytesToWrite() > 0 && !m_socket->flush())
            return; // bytesWritten comes back here
        if (connected && m_socket->bytesToWrite() > 0)
            return;
        auto ready = std::exchange(m_ready, nullptr);
        disconnect(m_socket, nullptr, this, nullptr);
        deleteLater(); // the QWebSocket goes with the stream, or now
        if (m_socket->isOpen()) // Qt closes it when it could not write
            m_early += m_socket->readAll();
        if (!connected && m_early.isEmpty()) {
            m_webSocket->deleteLater();
            ready(nullptr);
            return;
        }
        ready(makeStream(m_socket, m_webSocket, std::move(m_early)));
    }

    QWebSocket *m_webSocket;
    QTcpSocket *m_socket;
    QByteArray m_early;
    std::function<void(std::unique_ptr<ByteStream>)> m_ready;
};

} // namespace

std::unique_ptr<ByteStream> makeStream(QTcpSocket *socket, QObject *keeper, QByteArray early)
{
#ifdef Q_OS_UNIX
    // A plain connection needs Qt no longer: its descriptor lives on in a duplicate, and Qt's objects and buffers go.
    if (!isProxied(*socket) && !qobject_cast<QSslSocket *>(socket)
        && socket->state() == QAbstractSocket::ConnectedState) {
        const int descriptor = ::fcntl(int(socket->socketDescriptor()), F_DUPFD_CLOEXEC, 0);
        if (descriptor >= 0) {
            letGo(socket, keeper);
            return std::make_unique<PlainStream>(descriptor, std::move(early));
        }
    }
#endif
    return std::make_unique<QtStream>(socket, keeper, std::move(early));
}

void takeOver(
    QWebSocket *webSocket, QTcpSocket *socket, std::function<void(std::unique_ptr<ByteStream>)> ready)
{
    new Takeover(webSocket, socket, std::move(ready));
}

} // namespace rr
