// SPDX-License-Identifier: MIT
#include "core/call/call.h"

#include "core/call/calljournal.h"
#include "core/call/calltroubles.h"
#include "core/realtime/closecode.h"
#include "core/realtime/eventtype.h"
#include "core/wire/framewriter.h"

#include <QRandomGenerator>
#include <QTimer>

namespace rr {

namespace {

QByteArray pingMark()
{
    const quint64 random = QRandomGenerator::system()->generate64();
    return QByteArray(reinterpret_cast<const char *>(&random), sizeof random);
}

/// What never gets as far as a call is kept only where it tells whose token it was.
std::optional<CallBooks> booksOf(const CallRecord &record, Call::Plan &plan, const CallContext &context)
{
    const bool isCall = plan.missingKey.isEmpty() && !plan.refusal;
    Ledger *const ledger = isCall || record.access != 0 ? context.services.accounts.ledger() : nullptr;
    if (!ledger && !plan.access)
        return std::nullopt;
    return CallBooks(record, ledger, std::move(plan.access));
}

/// As it is shown. A message that is waited for passes like any other.
CallState stateOf(Call::Phase phase)
{
    switch (phase) {
    case Call::Phase::Dialling:
        return CallState::Dialling;
    case Call::Phase::Open:
    case Call::Phase::AwaitingBoundary:
        return CallState::Open;
    case Call::Phase::Closing:
        return CallState::Closing;
    case Call::Phase::Over:
        break;
    }
    return CallState::Closed;
}

} // namespace

Call::Call(
    CallContext &context, std::shared_ptr<CallRecord> record, Ticket ticket, Plan plan, QObject *parent)
    : QObject(parent)
    , m_context(context)
    , m_settings(context.settings)
    , m_record(std::move(record))
    , m_ticket(std::move(ticket))
    , m_plan(std::move(plan))
    , m_books(booksOf(*m_record, m_plan, context))
    , m_isWatched(m_books && m_books->terms())
    , m_meter(
          *m_record, context.prices, m_plan.keys, m_books ? &*m_books : nullptr, &context.services.journal)
    , m_ahead(m_settings->maxMessageBytes)
    , m_lastEvent(endsWithItsSession(m_record->kind) ? sessionsEnd() : noEvent)
    , m_pingMark(pingMark())
    , m_activeNs(m_record->startedNs)
{
    m_context.services.journal.add(callOpened(*m_record));
    if (m_record->untold.model)
        m_context.services.journal.add(modelReplaced(*m_record));
    if (m_books)
        m_books->begin();
}

Call::~Call()
{
    abort();
}

void Call::enter(Phase phase)
{
    Q_ASSERT(mayFollow(m_phase, phase));
    m_phase = phase;
    if (phase == Phase::Closing)
        m_ticket.leave(m_paced || failedAtOnce() || leftInVain());
    m_record->state.store(stateOf(phase), std::memory_order_release);
}

void Call::start(Client client)
{
    leg(Side::Client).stream = std::move(client.stream);
    ByteStream &stream = *leg(Side::Client).stream;
    stream.setOwner(&leg(Side::Client));
    if (client.browser)
        stream.write(client.switchingProtocols);
    else
        m_switchingProtocols = std::move(client.switchingProtocols);
    stream.setReading(true); // to notice when it goes away
    if (m_plan.refusal) {
        EndDetails details;
        details.refusal = *m_plan.refusal;
        endNow(EndReason::AccessRefused, std::move(details));
    } else if (m_plan.missingKey.isEmpty()) {
        dial();
    } else {
        EndDetails details;
        details.detail = m_plan.missingKey;
        endNow(EndReason::MissingKey, std::move(details));
    }
}

void Call::dial()
{
    m_dial = std::make_unique<Dial>(m_plan.target);
    connect(m_dial.get(), &Dial::opened, this, &Call::dialled);
    connect(m_dial.get(), &Dial::failed, this, [this](const UpstreamFailure &failure) {
        EndDetails details;
        details.failure = failure;
        details.keys = m_plan.keys;
        details.upstreamHost = m_plan.target.host;
        m_dial.release()->deleteLater(); // this is its signal
        endNow(failure.kind == UpstreamFailure::Refused ? EndReason::UpstreamRefused
                                                        : EndReason::UpstreamUnreachable,
            std::move(details));
    });
    m_context.dials.begin(*m_dial);
}

void Call::dialled()
{
    leg(Side::Upstream).stream = m_dial->takeStream();
    m_context.services.registry.connected(*m_record, m_dial->elapsedMs());
    m_dial.release()->deleteLater(); // this is its signal
    m_plan.target = {};
    noteOpened(m_context.services.troubles);
    m_context.services.upstreamAnswered.store(CallRegistry::nowNs(), std::memory_order_relaxed);
    m_context.services.journal.add(upstreamConnected(*m_record));
    open();
}

void Call::open()
{
    enter(Phase::Open);
    m_activeNs = CallRegistry::nowNs();
    leg(Side::Upstream).stream->setOwner(&leg(Side::Upstream));
    if (!m_switchingProtocols.isEmpty())
        leg(Side::Client).stream->write(std::exchange(m_switchingProtocols, {}));
    makePassage(Side::Client);
    makePassage(Side::Upstream);
    for (Leg &each : m_legs) {
        each.pulse.lastPingNs = each.pulse.lastHeardNs = m_activeNs;
        each.stream->setPatient(false);
        each.stream->setReading(true);
    }
    // What came with the upstream's 101, and what the client said during the dial.
    leg(Side::Upstream).passage->run();
    leg(Side::Client).passage->run();
}

void Call::makePassage(Side from)
{
    if (from == Side::Client && !m_ahead.isEmpty()) {
        leg(from).stream->setReading(false);
        leg(from).stream->unread(m_ahead.take());
    }
    leg(from).passage.emplace(from, *leg(from).stream, leg(other(from)).stream.get(),
        m_settings->maxMessageBytes, m_context.space, m_context.services.budget,
        from == Side::Client ? m_record->up : m_record->down, static_cast<Passage::Watcher &>(*this));
}

void Call::readable(Side side)
{
    Leg &from = leg(side);
    if (from.passage)
        from.passage->run();
    else if (m_phase == Phase::Closing && !m_ending->untold)
        from.stream->read(
            m_context.space.data(), qint64(m_context.space.size())); // refused: only its end matters
    else if (m_switchingProtocols.isEmpty() && m_phase == Phase::Dialling)
        readAhead();
    else if (from.stream->hasWaiting())
        from.stream->setReading(false); // a client's words before its 101 stay where they are
}

/// Dialling: the client may say that it goes. Who says more than is kept is looked after by tick().
void Call::readAhead()
{
    ByteStream &stream = *leg(Side::Client).stream;
    const qint64 got
        = stream.read(m_context.space.data(), std::min(m_ahead.room(), qint64(m_context.space.size())));
    const auto payload = m_ahead.add(QByteArrayView(m_context.space.data(), got));
    const auto close = payload ? parseClosePayload(*payload) : std::nullopt;
    if (close) {
        leg(Side::Client).saidClose = true;
        m_ahead.take();
        EndDetails details;
        details.closeCode = close->code;
        details.closeReason = close->reason;
        details.keys = m_plan.keys;
        endNow(EndReason::ClientClosed, std::move(details));
    } else if (m_ahead.room() == 0) {
        stream.setReading(false);
    }
}

void Call::written(Side side)
{
    if (auto &passage = leg(other(side)).passage)
        passage->resume();
}

void Call::ended(Side side)
{
    if (side == Side::Upstream && m_sessionIsOver && !isEndedByUs()) {
        sessionIsOver();
        return;
    }
    if (m_phase < Phase::Closing) {
        endNow(side == Side::Client ? EndReason::ClientVanished : EndReason::UpstreamVanished);
        return;
    }
    if (!isEndedByUs()) {
        // After a close frame: the other side gets what was sent before, and is then ended too. A client only when
        // it has answered: a TLS connection cannot be closed by halves, and one that is closed while the client still
        // talks is reset, with the close frame that the client has yet to read.
        Leg &left = leg(other(side));
        left.passage->stop();
        if (left.side == Side::Upstream || left.saidClose)
            left.stream->closeAfterWriting();
    }
    finishIfOver();
}

Fate Call::messageStarted(Side from, Opcode opcode, QByteArrayView start)
{
    const EventType type = sniffEventType(start);
    m_record->lastEventType.set(type);
    leg(from).passing = type;
    const bool isReplaced = m_plan.dialect && opcode == Opcode::Text
        && !(from == Side::Client ? BetaDialect::passesUp(type) : BetaDialect::passesDown(type));
    if (from == Side::Client) {
        const bool isRead = m_meter.clientBegins(type, start);
        return isReplaced ? Fate::Replace : isRead ? Fate::PassAndRead : Fate::Pass;
    }
    const bool isMetered = m_meter.wants(type, start);
    if (m_isWatched && m_meter.isSessionUnread())
        sessionIsUnread();
    if (m_record->firstAudioMs.value() == 0 && answersWithAudio(m_record->kind)
        && isAudioFromUpstream(type)) {
        m_record->firstAudioMs.set(
            std::max<qint64>(1, (CallRegistry::nowNs() - m_record->startedNs) / 1'000'000));
        m_context.services.journal.add(firstAudio(*m_record));
    }
    const bool isFirst = m_record->down.messages.value() == 0;
    if (!m_held.isEmpty() || (isFirst && eventTypeName(type) == "error")) {
        m_heldOpcode = opcode;
        return Fate::Replace;
    }
    if (isReplaced || (m_isWatched && isError(type))) // which may repeat the key that it was made with
        return Fate::Replace;
    // Live may say something before.
    const bool mayBegin = isFirst || m_lastEvent != noEvent;
    const bool isRead = isMetered || (mayBegin && beginsSession(type)) || type == m_lastEvent;
    return isRead ? Fate::PassAndRead : Fate::Pass;
}

void Call::messageEnded(Side from, qint64 bytes)
{
    if (leg(from).passing == m_lastEvent && from == Side::Upstream)
        leg(from).passage->stopAfterMessage();
    if (from == Side::Client && m_phase < Phase::Closing && m_meter.clientEnds(bytes)) // else it is dropped
        responseAsked();
    else if (from == Side::Upstream && m_isWatched)
        m_meter.passed(leg(from).passing, bytes);
    if (!m_context.settings->debug || !m_context.services.journal.wants(LogLevel::Debug))
        return;
    m_context.services.journal.add(
        eventPassed(*m_record, from == Side::Client, eventTypeName(leg(from).passing), bytes));
}

void Call::messageRead(Side from, const QByteArray &whole)
{
    if (from == Side::Client) {
        clientRead(whole);
        return;
    }
    EventType type = leg(from).passing;
    if (type == unknownEvent) // for too little of it had come
        type = sniffEventType(whole);
    m_meter.read(type, whole);
    if (type == m_lastEvent)
        m_sessionsReason = QString::fromLatin1(closedReason(whole));
    else if (beginsSession(type))
        sessionBegins(whole);
    if (m_isWatched)
        usageCounted();
}

void Call::sessionBegins(const QByteArray &whole)
{
    m_record->expiresAt.set(sniffExpiresAt(whole).value_or(0));
    noteTalking(m_context.services.troubles, m_record->clientAddress, m_plan.usesHeldKey);
}

bool Call::controlFrame(Side from, Opcode opcode, QByteArrayView payload)
{
    if (opcode == Opcode::Pong)
        return !answersOurPing(from, payload);
    if (opcode != Opcode::Close)
        return true;
    const bool fromClient = from == Side::Client;
    Leg &sender = leg(from);
    sender.saidClose = true;
    if (fromClient && !isUntold() && (isEndedByUs() || leg(Side::Upstream).isOver()))
        sender.stream->closeAfterWriting(); // the answer to a close frame, and nobody else waits for it
    if (isEndedByUs())
        return true;
    const auto close = parseClosePayload(payload);
    if (!close && m_phase == Phase::Closing) { // an answer that no endpoint could pass on
        sender.passage->inject(makeFrame(senderOf(from), Opcode::Close, closePayload(1000, {})));
        return false;
    }
    if (!close) {
        breached(from, 1002);
        return false;
    }
    if (m_phase < Phase::Closing) {
        EndDetails details;
        details.closeCode = close->code;
        details.closeReason = close->reason;
        details.keys = m_plan.keys;
        if (m_sessionIsOver && !fromClient) { // it does not pass by itself any more
            endNow(EndReason::UpstreamClosed, std::move(details));
            return true;
        }
        decide(fromClient ? EndReason::ClientClosed : EndReason::UpstreamClosed, std::move(details), false);
        leg(Side::Upstream).passage->passOn(); // they end it themselves, before the relay could
        const auto pause = pauseBeforeTelling();
        if (!fromClient && (pause.count() > 0 || !m_held.isEmpty())) {
            m_ending->ours = true;
            closeAfter(pause);
            return false;
        }
        enter(Phase::Closing);
        // It may have been told to wait, and is to answer the close frame; later, for this passage has the thread's space.
        QTimer::singleShot(0, this, [this] {
            if (m_phase == Phase::Closing)
                leg(Side::Client).passage->release();
        });
    }
    if (!fromClient && m_isWatched) {
        const QByteArray reason = close->reason.toUtf8();
        const QByteArray shown = withoutHeldKey(reason);
        if (shown != reason) {
            sender.passage->inject(
                makeFrame(senderOf(from), Opcode::Close, closePayload(close->code, shown)));
            return false;
        }
    }
    return true; // one without a code stays without (RFC 6455 7.1.5)
}

void Call::breached(Side from, quint16 closeCode)
{
    const bool client = from == Side::Client;
    if (m_phase < Phase::Closing) { // nothing counts after a close frame
        EndDetails details;
        if (closeCode == 1009 || closeCode == 1013) {
            details.limitBytes = m_settings->maxMessageBytes;
            details.isKept = closeCode == 1013;
            endNow(client ? EndReason::ClientMessageTooLarge : EndReason::UpstreamMessageTooLarge,
                std::move(details));
        } else {
            endNow(client ? EndReason::ClientBreach : EndReason::UpstreamBreach);
        }
    }
    if (!client)
        return;
    leg(from).saidClose = true; // its close frame can no more be found
    if (!isUntold() && (isEndedByUs() || leg(Side::Upstream).isOver()))
        leg(from).stream->closeAfterWriting();
}

} // namespace rr
