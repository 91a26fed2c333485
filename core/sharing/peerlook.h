// SPDX-License-Identifier: MIT
#pragma once

#include "core/http/responsereader.h"

#include <QAbstractSocket>
#include <QDateTime>
#include <QHostAddress>
#include <QList>
#include <QNetworkProxy>
#include <QObject>
#include <QSslCertificate>
#include <QSslError>
#include <QString>
#include <QTimer>

#include <chrono>
#include <memory>
#include <optional>

QT_BEGIN_NAMESPACE
class QSslSocket;
QT_END_NAMESPACE

namespace rr {

/// Who is to be looked at. A plain value.
struct PeerPlan
{
    QString host; ///< a name, or an address without brackets
    QHostAddress address = {}; ///< of the host, where it is known
    quint16 port = 443;
    bool secure = true; ///< with TLS
    QNetworkProxy proxy = QNetworkProxy(QNetworkProxy::NoProxy);
    QList<QSslCertificate> authorities = {}; ///< none: the system's
    QByteArray hostHeader = {}; ///< of the request, with its port
    QByteArray path = "/";
    bool onlyConnects = false; ///< and asks nothing
    std::chrono::milliseconds patience{8'000};
};

/// What was seen. A plain value.
struct PeerSight
{
    bool connected = false; ///< TCP, behind the proxy if there is one
    bool secured = false;
    QAbstractSocket::SocketError error = QAbstractSocket::UnknownSocketError; ///< why it went no further
    QString errorText = {}; ///< Qt's, as it came; empty: none
    bool outOfTime = false;
    QList<QSslCertificate> chain = {}; ///< as the peer has sent it
    QList<QSslError> doubts = {}; ///< what speaks against it
    std::optional<ResponseHead> answer = {};
    QByteArray body = {}; ///< the beginning of it
    QDateTime date = {}; ///< what the peer's clock says, by its Date header (RFC 9110 6.6.1)
    QDateTime seenAt = {}; ///< what this machine's said then

    bool hasDoubt(QSslError::SslError doubt) const;
};

/// Looks at whoever answers at an address, whatever its certificate is worth, which is told: one connection, one GET without
/// anything secret in it. For the Doctor; what calls find out is told by the way that they go, HostConnect. One thread;
/// owned by whoever looks; may be destroyed at any moment, but for inside its signal.
class PeerLook final : public QObject
{
    Q_OBJECT
public:
    explicit PeerLook(PeerPlan plan, QObject *parent = nullptr);
    ~PeerLook() override;

    void start(); ///< finished() follows, in a later turn of the event loop

Q_SIGNALS:
    void finished(const rr::PeerSight &sight);

private:
    void connected();
    void secured();
    void ask();
    void read();
    void finish();

    const PeerPlan m_plan;
    PeerSight m_sight;
    std::unique_ptr<QSslSocket> m_socket;
    ResponseReader m_answer;
    QTimer m_deadline;
    bool m_finished = false;
};

} // namespace rr
