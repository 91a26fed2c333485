// SPDX-License-Identifier: MIT
#pragma once

#include "core/simulator/faults.h"
#include "core/simulator/httpanswer.h"
#include "core/simulator/servedcall.h"

#include <QHostAddress>
#include <QSslConfiguration>
#include <QTcpServer>
#include <QUrl>

#include <functional>

namespace rr {

struct SimulatorSettings
{
    QHostAddress host = QHostAddress::LocalHost;
    quint16 port = 0; ///< 0: any free one
    QString tlsCertificateFile; ///< PEM; with the key file: wss
    QString tlsKeyFile;
    Faults faults; ///< of all calls
    double speed = 4; ///< of responses, times real time; 0: as fast as possible
    QString replayFile; ///< a recording that every call replays; empty: simulated calls
    QByteArray expectedKey; ///< see describeHandshake()
    Models models; ///< that are served
    QList<QByteArray> keys; ///< see Keys
};

/// OpenAI's side of the Realtime API, played on a port of its own. All its sockets live in its thread, which must run
/// an event loop; it may be moved there after start().
class SimulatorServer : public QTcpServer
{
    Q_OBJECT
public:
    explicit SimulatorServer(const SimulatorSettings &settings, QObject *parent = nullptr);
    ~SimulatorServer() override;

    /// Starts to listen. Returns what went wrong and what to do; nullopt when all is well.
    std::optional<QString> start();
    /// "ws://127.0.0.1:8090/v1/realtime"
    QUrl url() const;
    int liveCalls() const { return m_liveCalls; } ///< tests ask for it
    /// Stops to listen and cuts all connections.
    void stop();

Q_SIGNALS:
    /// Every request for an upgrade, and every REST request, as describeHandshake() tells it.
    void handshake(const QJsonObject &request);

protected:
    void incomingConnection(qintptr descriptor) override;

private:
    void awaitHead(QTcpSocket *socket);
    void answer(QTcpSocket *socket, const RequestHead &head);
    void answerUpgrade(QTcpSocket *socket, const RequestHead &head);
    void awaitBody(QTcpSocket *socket, const RequestHead &head);
    void answerRequest(QTcpSocket *socket, const RequestHead &head, const QByteArray &body);
    bool misbehave(QTcpSocket *socket, const Faults &faults);
    void later(QTcpSocket *socket, const Faults &faults, std::function<void()> task);
    void decide(
        QTcpSocket *socket, const RequestHead &head, const Faults &faults, const HandshakeVerdict &verdict);
    void send(QTcpSocket *socket, const HttpAnswer &answer);
    std::optional<QString> loadTls();

    SimulatorSettings m_settings;
    ServedCall::Service m_service;
    Access m_access;
    std::optional<QSslConfiguration> m_tls;
    int m_liveCalls = 0;
};

} // namespace rr
