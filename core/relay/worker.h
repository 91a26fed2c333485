// SPDX-License-Identifier: MIT
#pragma once

#include "core/admission/clientaddress.h"
#include "core/eventloop/callreceiver.h"
#include "core/realtime/credentials.h"
#include "core/relay/incomingconnection.h"
#include "core/relay/session.h"
#include "core/relay/turns.h"
#include "core/relay/workercontext.h"
#include "core/websocket/serverhandshake.h"

#include <QNetworkProxy>
#include <QObject>
#include <QSslConfiguration>
#include <QTimer>

#include <atomic>
#include <memory>
#include <optional>
#include <vector>

namespace rr {

/// The settings in force with all that is made of them once, for workers to share. Never changed, only
/// replaced.
struct RelayRules
{
    std::shared_ptr<const Settings> settings;
    std::optional<QSslConfiguration> serverTls;
    UpstreamTls upstreamTls;
    QNetworkProxy upstreamProxy;
    TrustedProxies trustedProxies;
};

/// One event loop's share of the relay: the connections and sessions that were given to it. Made anywhere, then
/// moved to the thread it works in, which destroys it; all functions but load() are called there.
class Worker final : public CallReceiver, private IncomingConnection::Handler
{
    Q_OBJECT
public:
    Worker(RelayServices &services, std::shared_ptr<const RelayRules> rules);
    ~Worker() override;

    /// Connections and sessions here, for choosing the least loaded worker. Any thread.
    int load() const { return m_load.load(std::memory_order_relaxed); }
    /// To be called where a descriptor is handed over, before adopt() runs. Any thread.
    void expectConnection() { m_load.fetch_add(1, std::memory_order_relaxed); }

    void adopt(qintptr descriptor);
    void setRules(std::shared_ptr<const RelayRules> rules);
    void endSessions(const QList<quint64> &numbers);
    /// Closes idle connections and ends all sessions with 1001; who does not take that at once is cut. idle()
    /// follows.
    void shutDown();
    /// Sends idle() when there is no session (left).
    void watchForIdle();

Q_SIGNALS:
    void idle();

private:
    // IncomingConnection::Handler
    HttpResponse answerRequest(const IncomingConnection &connection, const RequestHead &head) override;
    HttpResponse answerBadHead(const IncomingConnection &connection, const HeadError &error) override;
    std::optional<HttpResponse> startCall(IncomingConnection &connection, const RequestHead &head) override;

    Session::Plan planFor(
        const RequestHead &head, const Credentials &credentials, const QHostAddress &client) const;
    void noteRefusal(int status, const QByteArray &code, const QString &message, const QHostAddress &client,
        const QString &origin);
    void forget(IncomingConnection *connection);
    void forget(Session *session);
    void tick();
    void adjustTick();
    void reportIfIdle();

    std::shared_ptr<const RelayRules> m_rules;
    WorkerContext m_context;
    std::shared_ptr<TlsSessionCache> m_tlsSessions = std::make_shared<TlsSessionCache>(); ///< for these rules
    ServerHandshake m_handshake;
    Turns m_turns; ///< of requests
    QTimer m_tick;
    std::vector<IncomingConnection *> m_connections;
    std::vector<Session *> m_sessions;
    std::size_t m_tickPart = 0; ///< whose turn it is
    std::atomic<int> m_load{0};
    bool m_reportIdle = false;
};

} // namespace rr
