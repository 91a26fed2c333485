// SPDX-License-Identifier: MIT
#include "core/relay/reception.h"

#include "core/admission/clientaddress.h"
#include "core/call/calltroubles.h"
#include "core/http/endpoints.h"
#include "core/http/query.h"
#include "core/monitor/metricstext.h"
#include "core/realtime/kindofcall.h"
#include "core/realtime/modelaliases.h"
#include "core/realtime/redaction.h"
#include "core/relay/doortroubles.h"
#include "core/relay/relayjournal.h"
#include "core/relay/upstreamroute.h"

#include <algorithm>
#include <utility>

using namespace Qt::StringLiterals;

namespace rr {

namespace {

using namespace std::chrono_literals;

/// Refusals that are told late; more are told at once, for each takes a connection.
constexpr int mostHeld = 64;

/// Between two looks whether those are still there that wait for the ledger.
constexpr auto lookAtWaitingInterval = 200ms;

bool isTlsScheme(const QByteArray &scheme)
{
    return isSameName(scheme, "https") || isSameName(scheme, "wss");
}

EndDetails::Refusal toTell(const Refusal &refusal)
{
    return {refusal.status, refusal.code, refusal.message, refusal.retryAfterSeconds};
}

} // namespace

Reception::Reception(CallContext &context, const Handover &handover, Begin begin, QObject *parent)
    : QObject(parent)
    , m_context(context)
    , m_begin(std::move(begin))
    , m_handshake(this)
    , m_desk(context.services, handover)
    , m_exchanges(context, m_desk, handover, this)
    , m_share(context.services, this)
    , m_look(this)
{
    connect(&m_exchanges, &Exchanges::emptied, this, &Reception::emptied);
    m_look.setInterval(lookAtWaitingInterval);
    connect(&m_look, &QTimer::timeout, this, &Reception::look);
}

Reception::~Reception() = default;

void Reception::setRules(std::shared_ptr<const RelayRules> rules)
{
    m_rules = std::move(rules);
    m_tlsSessions = std::make_shared<TlsSessionCache>();
    m_desk.setRules(m_rules);
}

void Reception::accessChanged()
{
    m_desk.bookChanged();
}

void Reception::answerAt(Door door, const Request &request, const Responder &responder)
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
std::optional<Refusal> Reception::refusalAt(Door door, const Request &request)
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

bool Reception::isFromProxy(const Request &request) const
{
    return m_rules->trustedProxies.contains(canonical(request.otherEnd));
}

HttpResponse Reception::answerPlainly(Door door, const Request &request)
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
HttpResponse Reception::answerBadRequest(
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

void Reception::connectionFailed(
    Door door, const QHostAddress &peer, ConnectionFailure why, const QString &error)
{
    m_context.services.connectionFailures.count(why);
    m_context.services.journal.addFolded(rr::connectionFailed(why, peer, error, door));
    if (door != Door::Share)
        noteFailed(m_context.services.troubles, why, peer);
}

QHostAddress Reception::clientOf(Door door, const Request &request) const
{
    return door == Door::Share
        ? m_share.clientOf(request)
        : clientAddress(request.peer, request.head.list("X-Forwarded-For"), m_rules->trustedProxies);
}

AdmissionRequest Reception::askedBy(Door door, const Request &request, const Credentials &credentials) const
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
QString Reception::shown(const QString &text, const Credentials &credentials, int maxLength) const
{
    return outsideText(withoutKeys(text, {credentials.key, m_share.secret()}), maxLength);
}

void Reception::startExchange(Door door, const Request &request, const Responder &responder)
{
    const Credentials credentials = readCredentials(request.head);
    m_exchanges.begin(
        {request, responder, askedBy(door, request, credentials), credentials}, m_rules, m_tlsSessions);
}

void Reception::startCall(Door door, const Request &request, const Responder &responder)
{
    const RequestHead &head = request.head;
    RelayServices &services = m_context.services;
    const Credentials credentials = readCredentials(head);
    const AdmissionRequest asked = askedBy(door, request, credentials);
    auto admitted = services.admission.admit(asked);
    if (const auto *refusal = std::get_if<Refusal>(&admitted)) {
        noteRefused(services.troubles, *refusal, asked.shownOrigin, door);
        refuse(responder, asked, *refusal);
        return;
    }
    const QByteArray switchingProtocols
        = m_handshake.answer(head.header("Sec-WebSocket-Key"), credentials.offeredRealtime);
    if (switchingProtocols.isEmpty()) { // Qt reads the key otherwise than checkUpgrade() does
        services.admission.countRefusal("bad_request");
        refuse(responder, asked,
            {400, "bad_request",
                QT_TRANSLATE_NOOP("Core", "The header Sec-WebSocket-Key is not 16 bytes in base64."), 0});
        return;
    }
    Caller caller{responder, head, *request.endpoint->surface, credentials, asked, switchingProtocols,
        std::get<Ticket>(std::move(admitted))};
    if (isAccessToken(credentials.key))
        askForAccess(std::move(caller));
    else
        arrive(std::move(caller), std::nullopt);
}

/// With the model in its query that answers.
RequestHead Reception::passedOn(const Caller &caller) const
{
    RequestHead head = caller.head;
    const Settings &settings = *m_rules->settings;
    if (kindOf(caller) == CallKind::Beta || settings.modelAliasesForAll)
        head.query = withAnsweringModel(caller.head.query, settings.modelAliases);
    return head;
}

CallKind Reception::kindOf(const Caller &caller) const
{
    return rr::kindOf(caller.surface, caller.head.query, caller.credentials.beta);
}

void Reception::askForAccess(Caller caller)
{
    const CallKind kind = kindOf(caller);
    const QByteArray query = passedOn(caller).query;
    AccessDesk::Asked asked;
    asked.key = caller.credentials.key;
    asked.origin = caller.asked.origin;
    asked.models = queryValues(query, "model");
    asked.namesModelLater = kind == CallKind::Live;
    // A beta client's call_id goes upstream like any other.
    asked.joinsOthers = kind == CallKind::Sideband || caller.surface == CallSurface::LiveFork
        || !queryValues(query, "call_id").isEmpty();
    asked.client = caller.asked.client.toString();

    const quint64 number = ++m_lastWaiting;
    auto deadline = std::make_unique<QTimer>();
    deadline->setSingleShot(true);
    connect(deadline.get(), &QTimer::timeout, this,
        [this, number] { accessKnown(number, AccessDesk::Out{storeAway()}); });
    deadline->start(m_rules->settings->handshakeTimeout);
    m_waiting.push_back({number, std::move(deadline), std::move(caller)});
    m_desk.ask(asked, [this, number](AccessDesk::Answer answer) { accessKnown(number, std::move(answer)); });
    if (!m_waiting.empty() && !m_look.isActive())
        m_look.start();
}

/// Of who is no longer there it is passed over; what has been granted is given back.
void Reception::accessKnown(quint64 number, AccessDesk::Answer answer)
{
    const auto found = std::find_if(
        m_waiting.begin(), m_waiting.end(), [number](const Waiting &each) { return each.number == number; });
    if (found == m_waiting.end())
        return;
    Caller caller = std::move(found->caller);
    found->deadline.release()->deleteLater(); // this may be its signal
    m_waiting.erase(found);
    arrive(std::move(caller), std::move(answer));
    if (!m_waiting.empty())
        return;
    m_look.stop();
    Q_EMIT emptied();
}

void Reception::look()
{
    for (auto each = m_waiting.begin(); each != m_waiting.end();) {
        if (each->caller.responder.isAwaited()) {
            ++each;
            continue;
        }
        const Responder responder = each->caller.responder;
        each = m_waiting.erase(each);
        responder.clientLeft();
    }
    if (!m_waiting.empty())
        return;
    m_look.stop();
    Q_EMIT emptied();
}

/// `access`: nullopt of who has come with a key of its own.
void Reception::arrive(Caller caller, std::optional<AccessDesk::Answer> access)
{
    RelayServices &services = m_context.services;
    const auto *out = access ? std::get_if<AccessDesk::Out>(&*access) : nullptr;
    if (out && out->refusal.code == "origin_not_allowed") { // told as that of ALLOWED_ORIGINS is
        services.admission.countRefusal(out->refusal.code);
        refuse(caller.responder, caller.asked, out->refusal);
        return;
    }
    auto stream = caller.responder.takeStream();
    if (!stream) // it has left while the ledger was asked
        return;
    auto *in = access ? std::get_if<AccessDesk::In>(&*access) : nullptr;
    const auto terms = in ? in->place->terms() : out ? out->terms : nullptr;
    const auto shown = [&](const QString &text) { return this->shown(text, caller.credentials); };
    auto record = services.registry.open(
        {caller.asked.client.toString(), caller.asked.shownOrigin, shown(modelInQuery(caller.head.query)),
            kindOf(caller), caller.asked.door, terms ? terms->id : 0, terms ? terms->name : QString()});
    const Settings &settings = *m_rules->settings;
    RequestHead head = passedOn(caller);
    if (head.query != caller.head.query)
        record->untold.answer(record->model, shown(modelInQuery(head.query)));

    Credentials credentials = caller.credentials;
    if (in || out)
        head = withoutKey(head, credentials.key);
    // Wherever else one stands: an access token never goes upstream.
    head = withoutKeysThatBegin(head, accessTokenPrefix);
    if (in)
        credentials = withKey(credentials, in->key);
    Call::Plan plan;
    if (out) {
        plan.client = caller.asked.network();
        plan.keys = {credentials.key};
        plan.refusal = toTell(out->refusal);
    } else {
        plan = planFor(head, credentials, caller.asked.network());
    }
    if (in) {
        plan.keys.append(caller.credentials.key);
        plan.access = std::move(in->place);
        plan.usesHeldKey = in->isHeldKey;
    }
    if (caller.asked.door == Door::Share)
        plan.keys.append(m_share.secret());
    if (record->kind == CallKind::Beta)
        plan.dialect.emplace(caller.head.query, settings.modelAliases, settings.maxMessageBytes);
    m_begin({std::move(record), std::move(caller.ticket), std::move(plan),
        {std::move(stream), caller.switchingProtocols, !caller.asked.origin.isNull()}});
}

void Reception::refuse(const Responder &responder, const AdmissionRequest &asked, const Refusal &refusal)
{
    m_context.services.journal.addFolded(requestRefused(
        refusal.status, refusal.code, refusal.message, asked.client, asked.shownOrigin, asked.door));
    tellRefused(responder, refusal);
}

void Reception::tellRefused(const Responder &responder, const Refusal &refusal)
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

Call::Plan Reception::planFor(
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

void Reception::endAt(Door door)
{
    m_waiting.remove_if([door](const Waiting &each) { return each.caller.asked.door == door; });
    if (door == Door::Share)
        m_share.endEchoes();
    m_exchanges.endAt(door);
}

void Reception::endAll()
{
    m_waiting.clear();
    m_share.endEchoes();
    m_exchanges.endAll();
}

} // namespace rr
