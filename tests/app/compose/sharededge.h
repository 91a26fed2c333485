// SPDX-License-Identifier: MIT
#pragma once

#include <QHostAddress>
#include <QPointer>
#include <QSslConfiguration>
#include <QSslSocket>
#include <QTcpServer>
#include <QTcpSocket>

#include <functional>
#include <memory>
#include <utility>

namespace rr {

/// What stands at a share's public address: ends TLS, and carries what comes to the relay's door, byte for byte. In the thread of the
/// test.
class SharedEdge : public QTcpServer
{
public:
    SharedEdge(const QSslConfiguration &tls, std::function<quint16()> door)
        : m_tls(tls)
        , m_door(std::move(door))
    {
        if (!listen(QHostAddress::LocalHost))
            qFatal("listen");
    }

    QString address() const { return QStringLiteral("https://127.0.0.1:%1").arg(serverPort()); }
    void setDown(bool isDown) { m_isDown = isDown; } ///< takes connections, and ends them
    void setSilent(bool isSilent) { m_isSilent = isSilent; } ///< takes connections, and says nothing
    /// Writes this in the place of the caller's Origin.
    void setOrigin(const QByteArray &origin) { m_origin = origin; }
    void refuseWatch(bool isRefused) { m_refusesWatch = isRefused; } ///< ends the canary's, and no other
    qsizetype refusedWatches() const { return m_refusedWatches; }
    /// Writes this as the caller's address, whatever the caller wrote.
    void setCaller(const QByteArray &address) { m_caller = address; }
    /// Ends all that have come.
    void cut()
    {
        for (const QPointer<QSslSocket> &outer : std::as_const(m_outer)) {
            if (outer)
                outer->abort();
        }
        m_outer.clear();
        m_request.clear();
        m_answer.clear();
    }
    qsizetype connections() const { return m_connections; } ///< that have come so far
    /// The connection that has come last is the one that stays, and by it the relay has said something behind the head of
    /// its answer.
    bool hasCanary() const
    {
        const qsizetype end = m_answer.indexOf("\r\n\r\n");
        return m_request.contains("keep=1") && end >= 0 && m_answer.size() > end + 4;
    }

protected:
    void incomingConnection(qintptr descriptor) override
    {
        auto *outer = new QSslSocket(this);
        outer->setSslConfiguration(m_tls);
        outer->setSocketDescriptor(descriptor);
        ++m_connections;
        if (m_isDown) {
            outer->abort();
            outer->deleteLater();
            return;
        }
        m_outer.append(outer);
        if (m_isSilent)
            return;
        auto *inner = new QTcpSocket(outer);
        connect(outer, &QSslSocket::encrypted, inner,
            [this, inner] { inner->connectToHost(QHostAddress::LocalHost, m_door()); });
        auto carry = [this, inner, outer, isFirst = true]() mutable {
            if (inner->state() != QAbstractSocket::ConnectedState || outer->bytesAvailable() == 0)
                return;
            QByteArray bytes = outer->readAll();
            if (std::exchange(isFirst, false)) {
                if (m_refusesWatch && bytes.contains("keep=1")) {
                    ++m_refusedWatches;
                    outer->abort();
                    return;
                }
                const qsizetype origin = m_origin.isEmpty() ? -1 : bytes.toLower().indexOf("\r\norigin: ");
                if (origin >= 0)
                    bytes.replace(
                        origin, bytes.indexOf("\r\n", origin + 2) - origin, "\r\nOrigin: " + m_origin);
                // Behind what the caller wrote: the last member counts.
                if (!m_caller.isEmpty())
                    bytes.insert(bytes.indexOf("\r\n\r\n"), "\r\nX-Forwarded-For: " + m_caller);
            }
            if (isLast(outer) && m_request.size() < 4096)
                m_request += bytes;
            inner->write(bytes);
        };
        const auto shared = std::make_shared<decltype(carry)>(carry);
        connect(outer, &QIODevice::readyRead, inner, [shared] { (*shared)(); });
        connect(inner, &QTcpSocket::connected, outer, [shared] { (*shared)(); });
        m_request.clear();
        m_answer.clear();
        connect(inner, &QIODevice::readyRead, outer, [this, inner, outer] {
            const QByteArray bytes = inner->readAll();
            if (isLast(outer) && m_answer.size() < 4096)
                m_answer += bytes;
            outer->write(bytes);
        });
        connect(inner, &QTcpSocket::disconnected, outer, &QSslSocket::disconnectFromHost);
        connect(inner, &QTcpSocket::errorOccurred, outer, &QSslSocket::disconnectFromHost);
        connect(outer, &QSslSocket::disconnected, outer, &QObject::deleteLater);
        outer->startServerEncryption();
    }

private:
    bool isLast(const QSslSocket *outer) const { return !m_outer.isEmpty() && m_outer.last() == outer; }

    const QSslConfiguration m_tls;
    const std::function<quint16()> m_door;
    QList<QPointer<QSslSocket>> m_outer;
    qsizetype m_connections = 0;
    QByteArray m_request; ///< of the connection that has come last, as the answer is
    QByteArray m_answer;
    bool m_isDown = false;
    bool m_isSilent = false;
    bool m_refusesWatch = false;
    qsizetype m_refusedWatches = 0;
    QByteArray m_caller;
    QByteArray m_origin;
};

} // namespace rr
