// SPDX-License-Identifier: MIT
#include "core/relay/exchanges.h"

#include "core/call/calltroubles.h"
#include "core/http/endpoints.h"
#include "core/http/query.h"
#include "core/realtime/beta/clientsecret.h"
#include "core/realtime/redaction.h"
#include "core/relay/download.h"
#include "core/relay/exchangeplan.h"
#include "core/relay/exchangetroubles.h"
#include "core/relay/relayjournal.h"

#include <algorithm>
#include <array>
#include <initializer_list>
#include <utility>

using namespace Qt::StringLiterals;

namespace rr {

namespace {

using namespace std::chrono_literals;

constexpr auto lookInterval = 500ms;
constexpr int retryWhenManySeconds = 1;

/// What of the upstream's head goes on to the client, beside its Content-Type: how the body is to be read, and what OpenAI's
/// SDKs read or show.
constexpr std::array<QByteArrayView, 5> passedHeaders{
    "Content-Encoding", "x-request-id", "Retry-After", "retry-after-ms", "x-should-retry"};

constexpr const char *passedOnWords
    = QT_TRANSLATE_NOOP("Core", "A request was passed to the upstream, and its answer to the client.");
constexpr const char *clientLeft
    = QT_TRANSLATE_NOOP("Core", "The client left before it had an answer, so the request was called off.");

struct DownloadEnd
{
    ExchangeResult result;
    const char *message;
};
/// In the order of Download::End.
constexpr std::array<DownloadEnd, 5> downloadEnds{{
    {ExchangeResult::Succeeded, passedOnWords},
    {ExchangeResult::Cancelled,
        QT_TRANSLATE_NOOP("Core", "The client left before it had all of the answer.")},
    {ExchangeResult::Cancelled,
        QT_TRANSLATE_NOOP("Core",
            "The client took nothing of the answer for STALL_TIMEOUT, so it was cut. Check its network.")},
    {ExchangeResult::ServerError,
        QT_TRANSLATE_NOOP(
            "Core", "The upstream broke off in the midst of its answer, so the client was cut. Try again.")},
    {ExchangeResult::ServerError,
        QT_TRANSLATE_NOOP("Core",
            "The upstream sent nothing of the rest of its answer for STALL_TIMEOUT, so the client was cut. Try again.")},
}};
static_assert(downloadEnds.size() == std::size_t(Download::End::UpstreamTooSlow) + 1);

constexpr auto webRtcCode = "webrtc_not_relayed";

Sentence webRtcWords(const Endpoint &endpoint)
{
    if (endpoint.path.startsWith("/v1/live/"))
        return QT_TRANSLATE_NOOP("Core",
            "This relay carries no WebRTC and no SIP: their media goes to OpenAI directly, past the relay, and GPT-Live bills "
            "15 seconds for each such session that is made. Open a WebSocket at wss://RELAY/v1/live/sessions instead.");
    const bool isTranslation = endpoint.path.startsWith("/v1/realtime/translations/");
    return {
        QT_TRANSLATE_NOOP("Core",
            "This relay carries no WebRTC and no SIP: their media goes to OpenAI directly, past the relay. Open a WebSocket "
            "at wss://RELAY%1?model=MODEL instead."),
        {isTranslation ? u"/v1/realtime/translations"_s : u"/v1/realtime"_s}};
}

HttpResponse responseFrom(const ResponseReader &answer)
{
    const ResponseHead &head = answer.head();
    HttpResponse response{head.status, head.header("Content-Type"), answer.body(), {}};
    for (const QByteArrayView name : passedHeaders) {
        if (const QByteArray value = head.header(name); !value.isNull())
            response.headers.append({name.toByteArray(), value});
    }
    return response;
}

/// With what a page may read of it.
void letRead(HttpResponse &response, const QByteArray &page)
{
    if (page.isNull())
        return;
    letPageRead(response, page);
    response.headers.append(
        {"Access-Control-Expose-Headers"_ba, "x-request-id, Retry-After, retry-after-ms, x-should-retry"_ba});
}

ExchangeResult resultOf(int status)
{
    return status < 400 ? ExchangeResult::Succeeded
        : status < 500  ? ExchangeResult::ClientError
                        : ExchangeResult::ServerError;
}

} // namespace

const Sentence Exchanges::passedOn = passedOnWords;
const Sentence Exchanges::upstreamsError = QT_TRANSLATE_NOOP(
    "Core", "The upstream answered a request with an error, which the client was told.");

Exchanges::Exchanges(CallContext &context, AccessDesk &desk, const Handover &handover, QObject *parent)
    : QObject(parent)
    , m_context(context)
    , m_desk(desk)
    , m_handover(handover)
    , m_look(this)
{
    m_look.setInterval(lookInterval);
    connect(&m_look, &QTimer::timeout, this, &Exchanges::look);
}

Exchanges::~Exchanges() = default;

void Exchanges::begin(const Asked &asked, const std::shared_ptr<const RelayRules> &rules,
    const std::shared_ptr<TlsSessionCache> &sessions)
{
    const QByteArray page = m_context.services.admission.allowsOrigin(asked.by.origin, asked.by.door)
        ? asked.by.origin
        : QByteArray();
    if (const auto refused = refusal(asked)) {
        refuse(asked, *refused, page);
        return;
    }
    const Settings &settings = *rules->settings;
    const RequestHead &head = asked.request.head;
    One &one = m_all.emplace_back(One{++m_lastNumber, asked.responder, asked.request.endpoint, head.method,
        asked.by.client, asked.by.shownOrigin, page, settings.upstreamUrl.host()});
    one.takesChunks = head.minorVersion > 0;
    one.stallTimeout = settings.stallTimeout;
    one.patience = IncomingConnection::answerPatience * settings.handshakeTimeout;
    one.network = asked.by.network();
    one.door = asked.by.door;
    one.since.start();
    if (!m_look.isActive())
        m_look.start();
    Sent sent{head, asked.credentials, asked.request.body, rules, sessions};
    if (isBeta(*one.endpoint)) {
        one.beta.modelAliases = settings.modelAliases;
        one.beta.isTranscription = one.endpoint->kind == Endpoint::Kind::BetaTranscription;
        sent.body = secretRequestFromBeta(sent.body, one.beta);
    }
    if (isAccessToken(asked.credentials.key))
        askForAccess(one, sent, asked.by.origin);
    else
        send(one, sent);
}

Exchanges::One *Exchanges::find(quint64 number)
{
    const auto found
        = std::find_if(m_all.begin(), m_all.end(), [number](const One &one) { return one.number == number; });
    return found == m_all.end() ? nullptr : &*found;
}

void Exchanges::refuse(One &one, const Refusal &refusal)
{
    stopWaiting(one);
    m_context.services.admission.countRefusal(refusal.code);
    HttpResponse response
        = errorResponse(refusal.status, refusal.code, plain(refusal.message), refusal.retryAfterSeconds);
    if (refusal.status == 429) // neither money nor a place comes in the moment in which SDKs ask anew
        response.headers.append({"x-should-retry"_ba, "false"_ba});
    answer(one, response, refusal.message);
}

void Exchanges::send(One &one, const Sent &sent)
{
    // Wherever it stands: an access token never goes upstream.
    const RequestHead head = withoutKeysThatBegin(sent.head, accessTokenPrefix);
    Exchange::Plan plan = exchangePlan(*sent.rules, head, sent.credentials, *one.endpoint, sent.body);
    plan.to.sessions = sent.sessions;
    // Before the connection's own patience ends, which would say less: timers may be 5 % early, and 5 % late.
    plan.timeout = std::min(plan.timeout,
        std::max(one.patience * 8 / 10 - std::chrono::milliseconds(one.since.elapsed()),
            std::chrono::milliseconds(1)));
    one.exchange = std::make_unique<Exchange>(std::move(plan), m_context.dials, this);
    connect(one.exchange.get(), &Exchange::answered, this, [this, &one] { answered(one); });
    connect(one.exchange.get(), &Exchange::failed, this,
        [this, &one](const ExchangeFailure &failure) { failed(one, failure); });
    one.exchange->start();
}

/// Why it is not passed on. Counts it.
std::optional<Refusal> Exchanges::refusal(const Asked &asked)
{
    RelayServices &services = m_context.services;
    const bool isInquiry = services.admission.isInquiry(asked.by);
    if (auto refused = services.admission.checkExchange(asked.by)) {
        noteRefused(services.troubles, *refused, asked.by.shownOrigin, asked.by.door);
        return refused;
    }
    const auto counted = [&services](Refusal refused) {
        services.admission.countRefusal(refused.code);
        return refused;
    };
    if (asked.request.endpoint->kind == Endpoint::Kind::WebRtc
        || asked.request.endpoint->kind == Endpoint::Kind::Call)
        return counted({400, webRtcCode, webRtcWords(*asked.request.endpoint)});
    if (asked.credentials.missing()) {
        EndDetails details;
        if (asked.credentials.keyWasRefused)
            details.detail = QT_TRANSLATE_NOOP("Core", "the key holds characters that no key has");
        const EndDescription end = describe(EndReason::MissingKey, details);
        if (!isInquiry)
            noteEnded(services.troubles, end, asked.by.client.toString());
        return counted({401, end.errorCode, end.message});
    }
    if (!hasRoom(*asked.request.endpoint, asked.by.network()))
        return counted({503, "too_many_exchanges"_ba,
            QT_TRANSLATE_NOOP("Core",
                "The relay passes as many requests to the upstream as it can just now. Try again in a moment."),
            retryWhenManySeconds});
    if (!m_probation.begin(asked.by.network(), asked.by.now)) // the last one: it counts
        return counted(tooManyFailing());
    return std::nullopt;
}

/// What waits to be told takes none.
bool Exchanges::hasRoom(const Endpoint &endpoint, const QHostAddress &network) const
{
    const auto underWay = [this](const auto &isMeant) {
        return std::size_t(std::count_if(
            m_all.begin(), m_all.end(), [&isMeant](const One &one) { return !one.pause && isMeant(one); }));
    };
    if (underWay([](const One &) { return true; }) >= mostAtOnce)
        return false;
    if (endpoint.kind != Endpoint::Kind::Recording)
        return true;
    const auto isRecording = [](const One &one) { return one.endpoint->kind == Endpoint::Kind::Recording; };
    return underWay(isRecording) < mostRecordings && underWay([&](const One &one) {
        return isRecording(one) && one.network == network;
    }) < mostRecordingsOfClient;
}

void Exchanges::refuse(const Asked &asked, const Refusal &refusal, const QByteArray &page)
{
    m_context.services.journal.addFolded(requestRefused(
        refusal.status, refusal.code, refusal.message, asked.by.client, asked.by.shownOrigin, asked.by.door));
    HttpResponse response
        = errorResponse(refusal.status, refusal.code, plain(refusal.message), refusal.retryAfterSeconds);
    if (refusal.code == webRtcCode) // nor again: SDKs ask anew after some errors
        response.headers.append({"x-should-retry"_ba, "false"_ba});
    letRead(response, page);
    asked.responder.answer(response);
}

void Exchanges::answered(One &one)
{
    const ResponseReader &reader = one.exchange->answer();
    const int status = reader.head().status;
    if (status < 200 || (status >= 300 && status < 400) || status >= 600) { // a redirection, perhaps
        failed(one, {ExchangeFailure::NotUnderstood});
        return;
    }
    noteAnswer(m_context.services.troubles, reader, one.endpoint->path, one.client.toString(),
        one.access != nullptr);
    if (reader.isOver() && !reader.isWhole()) { // it was to be passed as it comes, and has ended since
        failed(one, {ExchangeFailure::CutOff});
        return;
    }
    if (!reader.isOver()) {
        stream(one);
        return;
    }
    HttpResponse response = responseFrom(reader);
    if (status < 300 && isBeta(*one.endpoint)) {
        response.body = secretAnswerToBeta(response.body, one.beta);
        if (response.body.isNull()) {
            failed(one, {ExchangeFailure::NotUnderstood});
            return;
        }
    }
    if (one.access) {
        answeredToToken(one, std::move(response));
        return;
    }
    answer(one, response, status < 400 ? passedOn : upstreamsError);
}

void Exchanges::failed(One &one, const ExchangeFailure &failure)
{
    const Sentence message = describe(failure, one.host);
    if (failure.kind == ExchangeFailure::Unreachable)
        m_context.services.troubles.report(TroubleCode::UpstreamUnreachable, message);
    answer(one, failureResponse(failure, message), message);
}

void Exchanges::stream(One &one)
{
    endTrial(one, false);
    auto client = one.responder.takeStream();
    if (!client) {
        note(one, 0, ExchangeResult::Cancelled, clientLeft);
        remove(one);
        return;
    }
    HttpResponse head = responseFrom(one.exchange->answer());
    head.body.clear();
    letRead(head, one.page);
    one.download = std::make_unique<Download>(std::move(client), one.exchange->takeStream(),
        one.exchange->answer(), head, one.takesChunks, one.stallTimeout, this);
    one.exchange.release()->deleteLater(); // this is its signal
    connect(one.download.get(), &Download::finished, this, [this, &one](Download::End end) {
        const DownloadEnd &what = downloadEnds[std::size_t(end)];
        note(one, one.download->status(), what.result, what.message);
        remove(one);
    });
}

/// Who fails at once, again and again, is told a while later each time, as with calls: no client is to carry a storm to
/// the upstream.
void Exchanges::answer(One &one, const HttpResponse &response, const Sentence &message)
{
    std::chrono::milliseconds pause{0};
    endTrial(one, response.status >= 400);
    if (response.status >= 400) {
        const auto left = one.patience * 9 / 10 - std::chrono::milliseconds(one.since.elapsed());
        pause = std::min(m_context.services.failures.delay(one.network), std::max(left, 0ms));
    }
    const auto held
        = std::count_if(m_all.begin(), m_all.end(), [](const One &each) { return each.pause != nullptr; });
    if (pause == 0ms || std::size_t(held) >= mostHeld) {
        tell(one, response, message);
        return;
    }
    // Its socket is not to wait as well.
    if (one.exchange) {
        one.exchange->disconnect(this);
        one.exchange.release()->deleteLater(); // this is its signal
    }
    one.pause = std::make_unique<QTimer>();
    one.pause->setTimerType(Qt::PreciseTimer); // never too early
    one.pause->setSingleShot(true);
    connect(one.pause.get(), &QTimer::timeout, this,
        [this, &one, response, message] { tell(one, response, message); });
    one.pause->start(pause);
}

void Exchanges::tell(One &one, HttpResponse response, const Sentence &message)
{
    note(one, response.status, resultOf(response.status), message);
    letRead(response, one.page);
    one.responder.answer(response);
    remove(one);
}

/// Failed: with an answer that says so, or its client gave it up before.
void Exchanges::endTrial(One &one, bool failed)
{
    if (!std::exchange(one.onTrial, false))
        return;
    if (failed)
        m_probation.fail(one.network, false, std::chrono::steady_clock::now());
    else
        m_probation.end(one.network, false);
}

void Exchanges::note(const One &one, int status, ExchangeResult result, const Sentence &message)
{
    m_context.services.exchanges.count(one.endpoint->path.toByteArray(), result);
    m_context.services.journal.add(
        exchangeEnded(result == ExchangeResult::Succeeded ? LogLevel::Info : LogLevel::Warning, message,
            {one.method, one.endpoint->path, status, one.since.elapsed(), one.client, one.shownOrigin,
                one.door, one.access ? one.access->terms()->name : QString()}));
}

void Exchanges::remove(One &one)
{
    endTrial(one, false);
    stopWaiting(one);
    // This may be a signal of one of them.
    for (QObject *each : std::initializer_list<QObject *>{
             one.exchange.release(), one.download.release(), one.pause.release()}) {
        if (!each)
            continue;
        each->disconnect(this);
        each->deleteLater();
    }
    m_all.remove_if([&one](const One &each) { return &each == &one; });
    if (!m_all.empty())
        return;
    m_look.stop();
    Q_EMIT emptied();
}

/// A client that has left: nobody needs the answer any more.
void Exchanges::look()
{
    for (auto each = m_all.begin(); each != m_all.end();) {
        One &one = *each++;
        if (one.download || one.responder.isAwaited())
            continue;
        endTrial(one, true);
        note(one, 0, ExchangeResult::Cancelled, clientLeft);
        one.responder.clientLeft();
        remove(one);
    }
}

void Exchanges::endAll()
{
    while (!m_all.empty()) {
        note(m_all.front(), 0, ExchangeResult::Cancelled,
            QT_TRANSLATE_NOOP("Core", "The relay stopped before the answer came."));
        remove(m_all.front());
    }
}

void Exchanges::endAt(Door door)
{
    for (auto each = m_all.begin(); each != m_all.end();) {
        One &one = *each++;
        if (one.door != door)
            continue;
        note(one, 0, ExchangeResult::Cancelled,
            QT_TRANSLATE_NOOP("Core", "The relay was no longer shared before the answer had come."));
        remove(one);
    }
}

} // namespace rr
