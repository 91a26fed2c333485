// SPDX-License-Identifier: MIT
#include "core/relay/worker.h"

#include "core/http/endpoints.h"
#include "core/monitor/metricstext.h"
#include "core/realtime/credentials.h"
#include "core/realtime/redaction.h"
#include "core/relay/upstreamroute.h"

#include <QPointer>
#include <QTcpSocket>

#include <algorithm>

namespace rr {

namespace {

using namespace std::chrono_literals;

/// Connections that are not calls (yet), in one worker. More are closed unanswered: only a flood brings so many.
constexpr std::size_t mostConnections = 2048;

/// The sessions' clocks are looked at in so many parts, one after the other: with thousands of sessions, what has just
/// come for one would otherwise wait for the care of all.
constexpr std::size_t tickParts = 16;

} // namespace

Worker::Worker(RelayServices &services, std::shared_ptr<const RelayRules> rules)
    : m_rules(std::move(rules))
    , m_context{services, m_rules->settings, {}}
    , m_handshake(this)
    , m_turns(this)
    , m_tick(this)
{
    m_tick.setTimerType(Qt::CoarseTimer);
    connect(&m_tick, &QTimer::timeout, this, &Worker::tick);
    adjustTick();
}

Worker::~Worker()
{
    for (Session *session : std::exchange(m_sessions, {})) {
        session->disconnect(this);
        delete session;
    }
    for (IncomingConnection *connection : std::exchange(m_connections, {})) {
        connection->disconnect(this);
        delete connection;
    }
}

void Worker::adopt(qintptr descriptor)
{
    auto *connection = new IncomingConnection(
        descriptor, m_rules->serverTls, m_rules->settings->handshakeTimeout, m_turns, *this, this);
    connect(connection, &IncomingConnection::done, this, [this, connection] { forget(connection); });
    m_connections.push_back(connection);
    if (m_connections.size() > mostConnections)
        forget(m_connections.front());
}

void Worker::forget(IncomingConnection *connection)
{
    std::erase(m_connections, connection);
    connection->disconnect(this);
    connection->deleteLater();
    m_load.fetch_sub(1, std::memory_order_relaxed);
}

HttpResponse Worker::answerRequest(const IncomingConnection &connection, const RequestHead &head)
{
    const Snapshot snapshot = m_context.services.snapshot();
    const HttpResponse response
        = answer(head, snapshot, m_context.services.admission.allowsOrigin(head.header("Origin")),
            [&snapshot] { return metricsText(snapshot); });
    if (response.status == 404)
        m_context.services.admission.countRefusal("not_found");
    // A browser does not say why it failed, so the journal does.
    if (head.wantsUpgrade() && response.status >= 400)
        noteRefusal(response.status, response.status == 404 ? "not_found" : "bad_request",
            QStringLiteral("A WebSocket was asked for at %1, where there is none; calls go to /realtime.")
                .arg(outsideText(withoutKey(QString::fromLatin1(head.path), readCredentials(head).key), 100)),
            connection.peer(), outsideText(QString::fromUtf8(head.header("Origin"))));
    return response;
}

HttpResponse Worker::answerBadHead(const IncomingConnection &connection, const HeadError &error)
{
    m_context.services.admission.countRefusal(error.code);
    noteRefusal(error.status, error.code, outsideText(error.detail, 300), connection.peer(), {});
    return errorResponse(error.status, error.code, error.detail);
}

void Worker::noteRefusal(int status, const QByteArray &code, const QString &message,
    const QHostAddress &client, const QString &origin)
{
    JournalEntry entry;
    entry.level = LogLevel::Warning;
    entry.event = "refused";
    entry.message = message;
    entry.fields = {{"code", QString::fromLatin1(code)}, {"status", status}, {"client", client.toString()},
        {"origin", origin}};
    m_context.services.journal.add(std::move(entry));
}

std::optional<HttpResponse> Worker::startCall(IncomingConnection &connection, const RequestHead &head)
{
    RelayServices &services = m_context.services;
    const QHostAddress client
        = clientAddress(connection.peer(), head.list("X-Forwarded-For"), m_rules->trustedProxies);
    const QByteArray origin = head.header("Origin");
    const Credentials credentials = readCredentials(head);
    const auto shown
        = [&credentials](const QString &text) { return outsideText(withoutKey(text, credentials.key)); };
    auto admitted = services.admission.admit({client, origin});
    if (const auto *refusal = std::get_if<Refusal>(&admitted)) {
        noteRefusal(
            refusal->status, refusal->code, refusal->message, client, shown(QString::fromUtf8(origin)));
        return errorResponse(refusal->status, refusal->code, refusal->message, refusal->retryAfterSeconds);
    }

    auto record = services.registry.open(
        {client.toString(), shown(QString::fromUtf8(origin)), shown(modelInQuery(head.query))});
    auto *session = new Session(m_context, std::move(record), std::move(std::get<Ticket>(admitted)),
        planFor(head, credentials, client), this);
    m_sessions.push_back(session);
    if (!m_tick.isActive())
        m_tick.start();
    m_load.fetch_add(1, std::memory_order_relaxed);
    connect(session, &Session::finished, this, [this, session] { forget(session); });
    QTcpSocket *socket = connection.takeSocket();
    m_handshake.accept(socket, m_rules->settings->handshakeTimeout,
        [session = QPointer<Session>(session)](std::unique_ptr<ByteStream> stream) {
            if (session)
                session->start(std::move(stream));
        });
    return std::nullopt;
}

Session::Plan Worker::planFor(
    const RequestHead &head, const Credentials &credentials, const QHostAddress &client) const
{
    if (!credentials.missing()) {
        auto target = upstreamTarget(
            *m_rules->settings, m_rules->upstreamTls, m_rules->upstreamProxy, head, credentials);
        target.sessions = m_tlsSessions;
        return {std::move(target), client, credentials.key, {}};
    }
    return {{}, client, {},
        credentials.keyWasRefused ? QStringLiteral("the key holds characters that no key has")
                                  : QStringLiteral("no key was sent")};
}

void Worker::forget(Session *session)
{
    std::erase(m_sessions, session);
    session->disconnect(this);
    session->deleteLater();
    m_load.fetch_sub(1, std::memory_order_relaxed);
    if (m_sessions.empty())
        m_tick.stop();
    reportIfIdle();
}

void Worker::tick()
{
    const auto begin = m_sessions.begin();
    const std::size_t count = m_sessions.size();
    // A copy, for a session that ends takes itself off the list.
    const std::vector<Session *> part(begin + qsizetype(count * m_tickPart / tickParts),
        begin + qsizetype(count * (m_tickPart + 1) / tickParts));
    m_tickPart = (m_tickPart + 1) % tickParts;
    const qint64 now = SessionRegistry::nowNs();
    for (Session *session : part)
        session->tick(now);
}

void Worker::setRules(std::shared_ptr<const RelayRules> rules)
{
    m_rules = std::move(rules);
    m_context.settings = m_rules->settings;
    m_tlsSessions = std::make_shared<TlsSessionCache>();
    adjustTick();
}

void Worker::endSessions(const QList<quint64> &numbers)
{
    const auto sessions = m_sessions;
    for (Session *session : sessions) {
        if (numbers.contains(session->record().number))
            session->end(EndReason::ClosedByOperator);
    }
}

void Worker::shutDown()
{
    const auto connections = m_connections;
    for (IncomingConnection *connection : connections)
        forget(connection);
    const auto sessions = m_sessions;
    for (Session *session : sessions)
        session->end(EndReason::RelayShutdown);
    QTimer::singleShot(m_context.services.patience.shutDown, this, [this] {
        const auto left = m_sessions;
        for (Session *session : left)
            session->abort();
    });
    watchForIdle();
}

void Worker::watchForIdle()
{
    m_reportIdle = true;
    reportIfIdle();
}

void Worker::reportIfIdle()
{
    if (m_reportIdle && m_sessions.empty()) {
        m_reportIdle = false;
        Q_EMIT idle();
    }
}

void Worker::adjustTick()
{
    // A quarter of the shortest time that is watched, so that none is overrun by more than that.
    const Settings &s = *m_rules->settings;
    std::chrono::milliseconds shortest = 4s;
    for (const auto time : {s.heartbeatInterval, s.inactivityTimeout, s.sessionLimit, s.stallTimeout}) {
        if (time.count() > 0)
            shortest = std::min(shortest, time);
    }
    m_tick.setInterval(std::max(20ms, shortest / 4) / tickParts);
}

} // namespace rr
