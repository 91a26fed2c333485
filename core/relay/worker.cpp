// SPDX-License-Identifier: MIT
#include "core/relay/worker.h"

#include "core/admission/sharerules.h"
#include "core/call/calltroubles.h"
#include "core/http/endpoints.h"
#include "core/monitor/metricstext.h"
#include "core/realtime/credentials.h"
#include "core/realtime/kindofcall.h"
#include "core/realtime/modelaliases.h"
#include "core/realtime/redaction.h"
#include "core/relay/doortroubles.h"
#include "core/relay/relayjournal.h"
#include "core/relay/upstreamroute.h"
#include "core/wire/acceptedstream.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace rr {

namespace {

using namespace std::chrono_literals;

/// In one turn: about what an answer to a request costs.
constexpr int adoptedAtOnce = 8;

/// The calls' clocks are looked at in so many parts, one after the other: with thousands of calls, what has just
/// come for one would otherwise wait for the care of all.
constexpr std::size_t tickParts = 16;

/// Of the oldest connections: among so many one that asks for nothing is looked for. More would cost live calls time where
/// a flood has filled all places.
constexpr std::size_t mostLookedAt = 64;

/// Refusals that are told late; more are told at once, for each takes a connection.
constexpr int mostHeld = 64;

bool isTlsScheme(const QByteArray &scheme)
{
    return isSameName(scheme, "https") || isSameName(scheme, "wss");
}

} // namespace

Worker::Worker(RelayServices &services, std::shared_ptr<const RelayRules> rules)
    : m_rules(std::move(rules))
    , m_context{services, m_rules->settings, {}, DialQueue(this), m_rules->prices}
    , m_handshake(this)
    , m_turns(this)
    , m_tick(this)
    , m_share(services, this)
{
    m_context.dials.setLimit(m_rules->dialsAtOnce);
    m_tick.setTimerType(Qt::CoarseTimer);
    connect(&m_tick, &QTimer::timeout, this, &Worker::tick);
    connect(&m_exchanges, &Exchanges::emptied, this, &Worker::reportIfIdle);
    adjustTick();
}

Worker::~Worker()
{
    for (const Arrived &each : m_arrived)
        acceptStream(each.accepted.descriptor, nullptr); // which closes it
    m_context.dials.setLimit(0);
    for (Call *call : std::exchange(m_calls, {})) {
        call->disconnect(this);
        delete call;
    }
    for (const Incoming &each : std::exchange(m_connections, {})) {
        each.connection->disconnect(this);
        delete each.connection;
    }
}

bool Worker::take(const Listener::Accepted &accepted, Door door)
{
    m_load.fetch_add(1, std::memory_order_relaxed);
    const std::lock_guard lock(m_arrivedMutex);
    m_arrived.push_back({accepted, door});
    if (m_arrived.size() == 1)
        call([this] { m_turns.ask(this, [this] { adoptSome(); }); });
    return m_arrived.size() < mostArrived;
}

void Worker::adoptSome()
{
    for (int i = 0; i < adoptedAtOnce; ++i) {
        Arrived next;
        bool isLast = false;
        {
            const std::lock_guard lock(m_arrivedMutex);
            next = m_arrived.front();
            m_arrived.pop_front();
            isLast = m_arrived.empty();
        }
        adopt(next.accepted, next.door);
        if (isLast)
            return; // take() asks again
    }
    m_turns.ask(this, [this] { adoptSome(); });
}

void Worker::adopt(const Listener::Accepted &arrived, Door door)
{
    const bool isShare = door == Door::Share;
    // A tunnel speaks plain HTTP, on this machine.
    AcceptedStream accepted = acceptStream(arrived.descriptor, isShare ? nullptr : m_rules->serverTls);
    if (!accepted.stream) {
        m_load.fetch_sub(1, std::memory_order_relaxed);
        return;
    }
    accepted.peer = canonical(arrived.peer.isNull() ? accepted.peer : arrived.peer);
    const bool peerIsProxy = !isShare && m_rules->trustedProxies.contains(accepted.peer);
    // All of a share are one: who fills its places with connections that ask nothing has those of the share cut, and no others.
    const QHostAddress network = isShare ? ShareRules::someone
        : peerIsProxy                    ? QHostAddress()
                                         : clientNetwork(accepted.peer);
    auto *connection = new IncomingConnection(std::move(accepted), peerIsProxy,
        m_rules->settings->handshakeTimeout, m_turns, m_handlers[std::size_t(door)], this);
    connect(connection, &IncomingConnection::done, this, [this, connection] { forget(connection); });
    m_connections.push_back({connection, m_context.services.halfOpen.take(network), door});
    if (m_connections.back().place.excess() != HalfOpen::Excess::None)
        cutHalfOpen(m_connections.back().place);
}

/// The oldest of this worker, which has its share of them: of the same address, if that has too many. Among the oldest, who
/// asks for nothing just now goes before who is in the midst of a handshake or a request; not among the newer ones, whose
/// first word may only be on its way: else who holds all places with a byte each would have every newcomer cut.
void Worker::cutHalfOpen(const HalfOpen::Place &newest)
{
    const bool ofAddress = newest.excess() == HalfOpen::Excess::OfAddress;
    const auto isOfThose
        = [&](const Incoming &each) { return !ofAddress || each.place.network() == newest.network(); };
    const auto newer = m_connections.begin() + qsizetype(std::min(m_connections.size() / 2, mostLookedAt));
    auto oldest = std::find_if(m_connections.begin(), newer,
        [&](const Incoming &each) { return isOfThose(each) && each.connection->isIdle(); });
    if (oldest == newer)
        oldest = std::find_if(m_connections.begin(), m_connections.end(), isOfThose);
    RelayServices &services = m_context.services;
    services.admission.countRefusal(
        ofAddress ? "too_many_half_open_from_address"_ba : "too_many_half_open"_ba);
    services.troubles.report(TroubleCode::HalfOpenCut,
        !ofAddress ? Sentence(QT_TRANSLATE_NOOP("Core",
            "There are more connections that ask nothing than MAX_HALF_OPEN allows. If so many clients come at "
            "once, raise it."))
            : newest.network() == ShareRules::someone
            ? Sentence(QT_TRANSLATE_NOOP("Core",
                "Connections come in where the relay is shared, and ask nothing; the oldest of them are cut. If that goes on, "
                "make a new link or stop sharing."))
            : Sentence(
                QT_TRANSLATE_NOOP("Core",
                    "The address %1 opens connections and asks nothing. If all clients come from there, "
                    "raise MAX_HALF_OPEN_PER_IP, or name the proxy in TRUSTED_PROXIES."),
                {newest.network().toString()}));
    // At once, before the next one is adopted: nothing of it is on the stack here.
    const std::unique_ptr<IncomingConnection> cut(oldest->connection);
    cut->disconnect(this);
    m_connections.erase(oldest);
    m_load.fetch_sub(1, std::memory_order_relaxed);
}

void Worker::forget(IncomingConnection *connection)
{
    std::erase_if(
        m_connections, [connection](const Incoming &each) { return each.connection == connection; });
    connection->disconnect(this);
    connection->deleteLater();
    m_load.fetch_sub(1, std::memory_order_relaxed);
}

void Worker::answerAt(Door door, const IncomingConnection::Request &request, const Responder &responder)
{
    if (door == Door::Share) {
        if (const auto refusal = m_share.refusal(request, clientOf(door, request))) {
            tellRefused(responder, *refusal);
            return;
        }
    } else if (const auto refusal = refusalAt(door, request)) {
        m_context.services.journal.addFolded(
            requestRefused(refusal->status, refusal->code, refusal->message, request.peer, {}));
        HttpResponse response = errorResponse(refusal->status, refusal->code, plain(refusal->message));
        if (refusal->status == 401)
            response.headers.append({"WWW-Authenticate"_ba, "Bearer realm=\"stats\""_ba}); // RFC 6750 3
        responder.answer(response);
        return;
    }
    if (request.isEcho && door == Door::Share)
        m_share.startEcho(request, responder, m_handshake, m_rules->settings->heartbeatInterval);
    else if (request.isCall && door != Door::Admin)
        startCall(door, request, responder);
    else if (door != Door::Admin && isExchange(request.endpoint, request.head))
        startExchange(door, request, responder);
    else
        responder.answer(answerPlainly(door, request));
}

/// What keeps it from being looked at any further.
std::optional<Refusal> Worker::refusalAt(Door door, const IncomingConnection::Request &request)
{
    Admission &admission = m_context.services.admission;
    if (auto refusal = admission.checkHost(door, request.head.header("Host"), isFromProxy(request)))
        return refusal;
    const bool isGuarded = request.endpoint && isForOperator(*request.endpoint)
        && isFor(*request.endpoint, audienceAt(door, hasAdminDoor())) && request.head.method != "OPTIONS";
    return isGuarded
        ? admission.checkStatsToken(m_rules->settings->statsToken, request.head.header("Authorization"))
        : std::nullopt;
}

bool Worker::isFromProxy(const IncomingConnection::Request &request) const
{
    return m_rules->trustedProxies.contains(canonical(request.otherEnd));
}

HttpResponse Worker::answerPlainly(Door door, const IncomingConnection::Request &request)
{
    const RequestHead &head = request.head;
    if (door == Door::Share && request.endpoint->kind == Endpoint::Kind::Check && head.method == "GET")
        return m_share.proof(request);
    const Snapshot snapshot = m_context.services.snapshot();
    const HttpResponse response = answer(
        head, request.endpoint, snapshot,
        m_context.services.admission.allowsOrigin(head.header("Origin"), door),
        [&snapshot] { return metricsText(snapshot); }, audienceAt(door, hasAdminDoor()),
        door == Door::Share || m_rules->settings->tryPage);
    if (response.status == 404)
        m_context.services.admission.countRefusal("not_found");
    // A browser does not say why it failed, so the journal does.
    if (head.wantsUpgrade() && door != Door::Share) { // which tells it before
        const QHostAddress client = clientOf(door, request);
        const char *what = door == Door::Admin
            ? QT_TRANSLATE_NOOP("Core",
                "A WebSocket was asked for at %1 of ADMIN_PORT, where there are no calls; they go to PORT.")
            : isAzurePreview(head)
            ? QT_TRANSLATE_NOOP("Core",
                "A WebSocket was asked for at %1, the path of Azure's preview of the Realtime API, which is "
                "not carried; clients for the API of today go to /openai/v1/realtime.")
            : QT_TRANSLATE_NOOP(
                "Core", "A WebSocket was asked for at %1, where there is none; calls go to /realtime.");
        const Credentials credentials = readCredentials(head);
        const Sentence message{what, {shown(QString::fromLatin1(head.path), credentials, 100)}};
        m_context.services.journal.addFolded(requestRefused(response.status, "not_found", message, client,
            shown(QString::fromUtf8(head.header("Origin")), credentials)));
        noteWrongPath(m_context.services.troubles, message, client);
    }
    return response;
}

// By the door of a share strangers try all sorts of things, which is no trouble of the relay's.
HttpResponse Worker::answerBadRequest(
    Door door, const QHostAddress &peer, const QByteArray &origin, const HeadError &error)
{
    m_context.services.admission.countRefusal(error.code);
    m_context.services.journal.addFolded(
        requestRefused(error.status, error.code, error.detail, peer, {}, door));
    if (door != Door::Share)
        noteTurnedAway(m_context.services.troubles, error.code, error.detail, peer);
    HttpResponse response = errorResponse(error.status, error.code, plain(error.detail));
    if (!origin.isNull() && m_context.services.admission.allowsOrigin(origin, door))
        letPageRead(response, origin);
    return response;
}

void Worker::connectionFailed(
    Door door, const QHostAddress &peer, ConnectionFailure why, const QString &error)
{
    m_context.services.connectionFailures.count(why);
    m_context.services.journal.addFolded(rr::connectionFailed(why, peer, error, door));
    if (door != Door::Share)
        noteFailed(m_context.services.troubles, why, peer);
}

QHostAddress Worker::clientOf(Door door, const IncomingConnection::Request &request) const
{
    return door == Door::Share
        ? m_share.clientOf(request)
        : clientAddress(request.peer, request.head.list("X-Forwarded-For"), m_rules->trustedProxies);
}

AdmissionRequest Worker::askedBy(
    Door door, const IncomingConnection::Request &request, const Credentials &credentials) const
{
    const RequestHead &head = request.head;
    const QList<QByteArray> forwardedProtos = head.list("X-Forwarded-Proto");
    AdmissionRequest asked{clientOf(door, request), head.header("Origin")};
    asked.door = door;
    asked.shownOrigin = shown(QString::fromUtf8(asked.origin), credentials);
    asked.host = head.header("Host");
    asked.secure = m_rules->serverTls
        || (isFromProxy(request) && !forwardedProtos.isEmpty() && isTlsScheme(forwardedProtos.last()));
    asked.hasKey = !credentials.missing();
    return asked;
}

/// What a client has sent, without its key and the secret of the link, by whatever door it has come.
QString Worker::shown(const QString &text, const Credentials &credentials, int maxLength) const
{
    return outsideText(withoutKeys(text, {credentials.key, m_share.secret()}), maxLength);
}

void Worker::startExchange(Door door, const IncomingConnection::Request &request, const Responder &responder)
{
    const Credentials credentials = readCredentials(request.head);
    m_exchanges.begin(
        {request, responder, askedBy(door, request, credentials), credentials}, *m_rules, m_tlsSessions);
}

void Worker::startCall(Door door, const IncomingConnection::Request &request, const Responder &responder)
{
    const RequestHead &head = request.head;
    RelayServices &services = m_context.services;
    const Credentials credentials = readCredentials(head);
    const AdmissionRequest asked = askedBy(door, request, credentials);
    const QHostAddress client = asked.client;
    const auto shown = [&](const QString &text) { return this->shown(text, credentials); };
    const QString shownOrigin = asked.shownOrigin;
    const auto refuse = [&](const Refusal &refusal) {
        services.journal.addFolded(
            requestRefused(refusal.status, refusal.code, refusal.message, client, shownOrigin, door));
        tellRefused(responder, refusal);
    };
    auto admitted = services.admission.admit(asked);
    if (const auto *refusal = std::get_if<Refusal>(&admitted)) {
        noteRefused(services.troubles, *refusal, shownOrigin, door);
        refuse(*refusal);
        return;
    }
    const QByteArray switchingProtocols
        = m_handshake.answer(head.header("Sec-WebSocket-Key"), credentials.offeredRealtime);
    if (switchingProtocols.isEmpty()) { // Qt reads the key otherwise than checkUpgrade() does
        services.admission.countRefusal("bad_request");
        refuse({400, "bad_request",
            QT_TRANSLATE_NOOP("Core", "The header Sec-WebSocket-Key is not 16 bytes in base64."), 0});
        return;
    }

    if (services.admission.tooManyLeave()) { // the oldest here has had the longest time to go
        const auto leaving = std::find_if(m_calls.begin(), m_calls.end(),
            [](const Call *call) { return call->phase() == Call::Phase::Closing; });
        if (leaving != m_calls.end())
            (*leaving)->abort();
    }
    auto record = services.registry.open({client.toString(), shownOrigin, shown(modelInQuery(head.query)),
        kindOf(*request.endpoint->surface, head.query, credentials.beta), door});
    const Settings &settings = *m_rules->settings;
    const bool isBeta = record->kind == CallKind::Beta;
    RequestHead passedOn = head;
    if (isBeta || settings.modelAliasesForAll) {
        passedOn.query = withAnsweringModel(head.query, settings.modelAliases);
        if (passedOn.query != head.query)
            record->untold.answer(record->model, shown(modelInQuery(passedOn.query)));
    }
    Call::Plan plan = planFor(passedOn, credentials, asked.network());
    if (door == Door::Share)
        plan.keys.append(m_share.secret());
    if (isBeta)
        plan.dialect.emplace(head.query, settings.modelAliases, settings.maxMessageBytes);
    auto *call = new Call(
        m_context, std::move(record), std::move(std::get<Ticket>(admitted)), std::move(plan), this);
    m_calls.push_back(call);
    if (!m_tick.isActive())
        m_tick.start();
    m_load.fetch_add(1, std::memory_order_relaxed);
    connect(call, &Call::finished, this, [this, call] { forget(call); });
    call->start({responder.takeStream(), switchingProtocols, !asked.origin.isNull()});
}

void Worker::tellRefused(const Responder &responder, const Refusal &refusal)
{
    const HttpResponse response
        = errorResponse(refusal.status, refusal.code, plain(refusal.message), refusal.retryAfterSeconds);
    // In time, or it would be "no_answer".
    const auto hold = std::min<std::chrono::milliseconds>(refusal.hold, m_rules->settings->handshakeTimeout);
    if (hold == 0ms || m_held >= mostHeld) {
        responder.answer(response);
        return;
    }
    ++m_held;
    QTimer::singleShot(hold, this, [this, responder, response] {
        --m_held;
        responder.answer(response);
    });
}

Call::Plan Worker::planFor(
    const RequestHead &head, const Credentials &credentials, const QHostAddress &client) const
{
    if (!credentials.missing()) {
        auto target = upstreamTarget(
            *m_rules->settings, m_rules->upstreamTls, m_rules->upstreamProxy, head, credentials);
        target.sessions = m_tlsSessions;
        return {std::move(target), client,
            keysOf(credentials, forwardedHeaders(head, m_rules->settings->forwardHeaders)), {}};
    }
    return {{}, client, {},
        credentials.keyWasRefused ? QT_TRANSLATE_NOOP("Core", "the key holds characters that no key has")
                                  : QT_TRANSLATE_NOOP("Core", "no key was sent")};
}

void Worker::forget(Call *call)
{
    std::erase(m_calls, call);
    call->disconnect(this);
    if (&call->settings() != m_rules->settings.get())
        adjustTick();
    call->deleteLater();
    m_load.fetch_sub(1, std::memory_order_relaxed);
    if (m_calls.empty())
        m_tick.stop();
    reportIfIdle();
}

void Worker::tick()
{
    const auto begin = m_calls.begin();
    const std::size_t count = m_calls.size();
    // A copy, for a call that ends takes itself off the list.
    const std::vector<Call *> part(begin + qsizetype(count * m_tickPart / tickParts),
        begin + qsizetype(count * (m_tickPart + 1) / tickParts));
    m_tickPart = (m_tickPart + 1) % tickParts;
    const qint64 now = CallRegistry::nowNs();
    for (Call *call : part)
        call->tick(now);
}

void Worker::setRules(std::shared_ptr<const RelayRules> rules)
{
    m_rules = std::move(rules);
    m_context.settings = m_rules->settings;
    m_context.prices = m_rules->prices;
    m_tlsSessions = std::make_shared<TlsSessionCache>();
    m_context.dials.setLimit(m_rules->dialsAtOnce);
    adjustTick();
}

void Worker::endCalls(const QList<quint64> &numbers)
{
    const auto calls = m_calls;
    for (Call *call : calls) {
        if (numbers.contains(call->record().number))
            call->end(EndReason::ClosedByOperator);
    }
}

void Worker::endShare()
{
    std::vector<IncomingConnection *> connections;
    for (const Incoming &each : m_connections) {
        if (each.door == Door::Share)
            connections.push_back(each.connection);
    }
    for (IncomingConnection *connection : connections)
        forget(connection);
    m_share.endEchoes();
    m_exchanges.endAt(Door::Share);
    const auto calls = m_calls;
    for (Call *call : calls) {
        if (call->record().door == Door::Share)
            call->end(EndReason::ClosedByOperator);
    }
}

void Worker::shutDown(int drain)
{
    while (!m_connections.empty())
        forget(m_connections.back().connection);
    m_share.endEchoes();
    m_exchanges.endAll();
    const auto calls = m_calls;
    for (Call *call : calls)
        call->end(EndReason::RelayShutdown);
    QTimer::singleShot(m_context.services.patience.shutDown, this, [this] {
        const auto left = m_calls;
        for (Call *call : left)
            call->abort();
    });
    watchForIdle(drain);
}

void Worker::watchForIdle(int drain)
{
    m_reportIdle = drain;
    reportIfIdle();
}

void Worker::reportIfIdle()
{
    if (m_reportIdle != 0 && m_calls.empty() && m_exchanges.isEmpty())
        Q_EMIT idle(std::exchange(m_reportIdle, 0));
}

void Worker::adjustTick()
{
    // A quarter of the shortest time that is watched, so that none is overrun by more than that.
    const Patience &patience = m_context.services.patience;
    std::chrono::milliseconds shortest
        = std::min({4'000ms, patience.closing, patience.closingInAll, patience.boundary});
    const auto serve = [&shortest](const Settings &s) {
        for (const auto time : {s.heartbeatInterval, s.inactivityTimeout, s.sessionLimit, s.stallTimeout}) {
            if (time.count() > 0)
                shortest = std::min(shortest, time);
        }
    };
    serve(*m_rules->settings);
    for (const Call *call : m_calls)
        serve(call->settings()); // which it keeps
    const auto interval = std::max(20ms, shortest / 4) / tickParts;
    if (interval != m_tick.intervalAsDuration()) // or a tick that is due would be put off
        m_tick.setInterval(interval);
}

} // namespace rr
