// SPDX-License-Identifier: MIT
#include "core/relay/session.h"

#include "core/realtime/closecode.h"
#include "core/realtime/errorevent.h"
#include "core/realtime/eventtype.h"
#include "core/relay/sessionjournal.h"
#include "core/websocket/framewriter.h"

#include <QRandomGenerator>
#include <QTimer>

namespace rr {

using namespace std::chrono_literals;

namespace {

QByteArray pingMark()
{
    const quint64 random = QRandomGenerator::system()->generate64();
    return QByteArray(reinterpret_cast<const char *>(&random), sizeof random);
}

/// Ends that come from one side going away or breaking the rules: there is nothing to wait for.
bool endsAtOnce(EndReason reason)
{
    switch (reason) {
    case EndReason::InactivityTimeout:
    case EndReason::SessionLimit:
    case EndReason::RelayShutdown:
    case EndReason::ClosedByOperator:
        return false;
    default:
        return true;
    }
}

} // namespace

Session::Session(
    WorkerContext &context, std::shared_ptr<SessionRecord> record, Ticket ticket, Plan plan, QObject *parent)
    : QObject(parent)
    , m_context(context)
    , m_record(std::move(record))
    , m_ticket(std::move(ticket))
    , m_plan(std::move(plan))
    , m_pingMark(pingMark())
    , m_activeNs(m_record->startedNs)
{
    m_context.services.journal.add(sessionOpened(*m_record));
}

Session::~Session()
{
    abort();
}

void Session::start(std::unique_ptr<ByteStream> client)
{
    if (m_end) // cut meanwhile
        return;
    m_client = std::move(client);
    if (!m_client) {
        endNow(EndReason::ClientVanished, {});
        return;
    }
    m_client->setOwner(this);
    m_client->setReading(true); // to notice when it goes away; what it says waits in its socket
    if (m_plan.missingKey.isEmpty()) {
        dial();
    } else {
        EndDetails details;
        details.detail = m_plan.missingKey;
        endNow(EndReason::MissingKey, details);
    }
}

void Session::dial()
{
    m_dial = std::make_unique<UpstreamDial>(m_plan.target);
    connect(m_dial.get(), &UpstreamDial::opened, this, &Session::dialled);
    connect(m_dial.get(), &UpstreamDial::failed, this, [this](const UpstreamFailure &failure) {
        EndDetails details;
        details.failure = failure;
        details.key = m_plan.key;
        details.upstreamHost = m_plan.target.request.url().host();
        m_dial.release()->deleteLater(); // this is its signal
        endNow(failure.kind == UpstreamFailure::Refused ? EndReason::UpstreamRefused
                                                        : EndReason::UpstreamUnreachable,
            details);
    });
    m_dial->start();
}

void Session::dialled()
{
    m_upstream = m_dial->takeStream();
    m_context.services.registry.connected(*m_record, m_dial->elapsedMs());
    m_dial.release()->deleteLater(); // this is its signal
    m_plan.target = {};
    m_context.services.journal.add(upstreamConnected(*m_record));
    openUpstream();
}

void Session::openUpstream()
{
    m_record->state.store(SessionState::Open, std::memory_order_relaxed);
    m_activeNs = SessionRegistry::nowNs();
    m_clientPulse.lastPingNs = m_upstreamPulse.lastPingNs = m_activeNs;
    m_up = makePump(FrameScanner::Sender::Client);
    m_down = makePump(FrameScanner::Sender::Server);
    m_upstream->setOwner(this);
    m_upstream->setReading(true);
    m_client->setReading(true);
    // What came with the upstream's 101, and what the client said during the dial.
    m_down->run();
    m_up->run();
}

std::unique_ptr<Pump> Session::makePump(FrameScanner::Sender sender)
{
    const bool up = sender == FrameScanner::Sender::Client;
    Watcher &watcher = *this;
    return std::make_unique<Pump>(sender, up ? *m_client : *m_upstream,
        up ? m_upstream.get() : m_client.get(), settings().maxMessageBytes, m_context.space,
        m_context.services.budget, up ? m_record->up : m_record->down, watcher);
}

void Session::streamReadable(ByteStream &stream)
{
    Pump *pump = &stream == m_client.get() ? m_up.get() : m_down.get();
    if (pump)
        pump->run();
    else if (stream.hasWaiting())
        stream.setReading(false); // dialling: the client's first messages stay where they are
}

void Session::streamWritten(ByteStream &stream)
{
    Pump *pump = &stream == m_client.get() ? m_down.get() : m_up.get();
    if (pump)
        pump->resume();
}

void Session::streamEnded(ByteStream &stream)
{
    if (!m_end) {
        endNow(&stream == m_client.get() ? EndReason::ClientVanished : EndReason::UpstreamVanished, {});
        return;
    }
    // After a close frame: the other side gets what was sent before, and is then ended too. A client only when
    // it has answered: a TLS connection cannot be closed by halves, and one that is closed while the client still
    // talks is reset, with the close frame that the client has yet to read.
    if (!m_endedByUs && &stream == m_client.get() && m_upstream) {
        m_down->stop();
        m_upstream->closeAfterWriting();
    } else if (!m_endedByUs && &stream == m_upstream.get()) {
        m_up->stop();
        if (m_clientSaidClose)
            m_client->closeAfterWriting();
    }
    finishIfOver();
}

void Session::messageStarted(const Pump &pump, QByteArrayView start)
{
    const EventType type = sniffEventType(start);
    m_record->lastEventType.set(type);
    (&pump == m_up.get() ? m_upType : m_downType) = type;
    if (&pump == m_down.get()) {
        if (m_record->firstAudioMs.value() == 0 && isAudioFromUpstream(type)) {
            m_record->firstAudioMs.set(
                std::max<qint64>(1, (SessionRegistry::nowNs() - m_record->startedNs) / 1'000'000));
            m_context.services.journal.add(firstAudio(*m_record));
        } else if (m_record->down.messages.value() == 0 && eventTypeName(type) == "session.created") {
            m_record->expiresAt.set(sniffExpiresAt(start).value_or(0));
        }
    }
}

void Session::messageEnded(const Pump &pump, qint64 bytes)
{
    if (!settings().debug || !m_context.services.journal.wants(LogLevel::Debug))
        return;
    const bool up = &pump == m_up.get();
    m_context.services.journal.add(
        eventPassed(*m_record, up, eventTypeName(up ? m_upType : m_downType), bytes));
}

bool Session::controlFrame(const Pump &pump, Opcode opcode, QByteArrayView payload)
{
    if (opcode == Opcode::Pong)
        return !answersOurPing(pump, payload);
    if (opcode != Opcode::Close)
        return true;
    const bool fromClient = &pump == m_up.get();
    m_clientSaidClose = m_clientSaidClose || fromClient;
    if (fromClient && (m_endedByUs || m_upstream->isOver()))
        m_client->closeAfterWriting(); // the answer to a close frame, and nobody else waits for it
    if (m_endedByUs)
        return true;
    const auto close = parseClosePayload(payload);
    if (!close && m_end) { // an answer that no endpoint could pass on
        (fromClient ? m_up : m_down)
            ->inject(makeFrame(fromClient ? FrameScanner::Sender::Client : FrameScanner::Sender::Server,
                Opcode::Close, closePayload(1000, {})));
        return false;
    }
    if (!close) {
        breached(pump, 1002);
        return false;
    }
    if (!m_end) {
        EndDetails details;
        details.closeCode = close->code;
        details.closeReason = close->reason;
        details.key = m_plan.key;
        m_end = describe(fromClient ? EndReason::ClientClosed : EndReason::UpstreamClosed, details);
        if (std::exchange(m_endAtBoundary, std::nullopt))
            m_down->passOn(); // they end it themselves, before the relay could
        m_record->state.store(SessionState::Closing, std::memory_order_relaxed);
    }
    if (fromClient && payload.isEmpty()) {
        // "No code" is for a client's own use (RFC 6455 7.4.1, 1005); servers are told that all is well.
        m_up->inject(makeFrame(FrameScanner::Sender::Client, Opcode::Close, closePayload(1000, {})));
        return false;
    }
    return true;
}

void Session::breached(const Pump &pump, quint16 closeCode)
{
    const bool client = &pump == m_up.get();
    if (!m_end) { // nothing counts after a close frame
        EndDetails details;
        if (closeCode == 1009) {
            details.limitBytes = settings().maxMessageBytes;
            endNow(client ? EndReason::ClientMessageTooLarge : EndReason::UpstreamMessageTooLarge, details);
        } else {
            endNow(client ? EndReason::ClientBreach : EndReason::UpstreamBreach, details);
        }
    }
    if (!client)
        return;
    m_clientSaidClose = true; // its close frame can no more be found
    if (m_endedByUs || m_upstream->isOver())
        m_client->closeAfterWriting();
}

void Session::stoppedAtBoundary(const Pump &)
{
    if (m_endAtBoundary)
        endNow(m_endAtBoundary->first, m_endAtBoundary->second);
}

void Session::end(EndReason reason, EndDetails details)
{
    tellEnd(); // who ends it now has no time to wait
    if (m_end || m_endAtBoundary)
        return;
    if (!m_down || endsAtOnce(reason) || m_down->stopAtMessageBoundary()) {
        endNow(reason, details);
        return;
    }
    m_endAtBoundary = {reason, std::move(details)};
    m_endAtBoundaryNs = SessionRegistry::nowNs();
}

void Session::endNow(EndReason reason, const EndDetails &details)
{
    if (m_endedByUs)
        return;
    m_endedByUs = true;
    m_end = describe(reason, details);
    m_record->state.store(SessionState::Closing, std::memory_order_relaxed);
    m_dial.reset();
    m_endIsUntold = true;
    const auto pause = failedAtOnce() ? m_context.services.failures.delay(m_plan.client) : 0ms;
    if (pause > 0ms)
        QTimer::singleShot(pause, Qt::PreciseTimer, this, &Session::tellEnd);
    else
        tellEnd();
}

/// A client that comes back at once, again and again, would carry a storm of calls through to the upstream.
bool Session::failedAtOnce() const
{
    return m_end->failed && m_end->endedBy != EndedBy::Client && m_record->down.messages.value() == 0
        && (!m_upstream || m_upstream->isOver());
}

void Session::tellEnd()
{
    if (!std::exchange(m_endIsUntold, false))
        return;
    endClient();
    endUpstream();
    finishIfOver();
}

void Session::endClient()
{
    if (!m_client || m_client->isOver())
        return;
    const bool betweenFrames = !m_down || m_down->atFrameBoundary();
    const bool betweenMessages = !m_down || m_down->atMessageBoundary();
    if (m_down)
        m_down->stop();
    if (m_end->clientCode == 0 || !betweenFrames) {
        m_end->clientCode = 0; // it is told nothing
        m_client->abort();
        return;
    }
    if (m_end->hasErrorEvent() && betweenMessages) {
        m_client->write(makeFrame(FrameScanner::Sender::Server, Opcode::Text,
            errorEvent(m_end->errorType, m_end->errorCode, m_end->message)));
    }
    m_client->write(makeFrame(
        FrameScanner::Sender::Server, Opcode::Close, closePayload(m_end->clientCode, m_end->clientReason)));
    // From now on only its close frame and its end matter. To close before the client has read would destroy
    // what was written just now, if there is unread data (RFC 1122 4.2.2.13).
    if (!m_up)
        m_up = makePump(FrameScanner::Sender::Client); // with no upstream to pass anything on to
    m_up->stop();
    m_client->setReading(true);
}

void Session::endUpstream()
{
    if (!m_upstream || m_upstream->isOver())
        return;
    const bool betweenFrames = m_up->atFrameBoundary();
    m_up->stop();
    m_down->stop();
    if (!betweenFrames) {
        m_upstream->abort();
        return;
    }
    if (m_end->upstreamCode != 0)
        m_upstream->write(makeFrame(FrameScanner::Sender::Client, Opcode::Close,
            closePayload(m_end->upstreamCode, m_end->upstreamReason)));
    m_upstream->closeAfterWriting();
}

void Session::abort()
{
    if (!m_end) {
        m_end = describe(EndReason::RelayShutdown);
        m_end->clientCode = 0; // it is told nothing
    }
    m_endedByUs = true;
    m_endIsUntold = false;
    if (m_client)
        m_client->abort();
    if (m_upstream)
        m_upstream->abort();
    m_dial.reset();
    finishIfOver();
}

void Session::finishIfOver()
{
    if (m_finished || !m_end || (m_client && !m_client->isOver()) || (m_upstream && !m_upstream->isOver()))
        return;
    m_finished = true;
    m_record->endedBy = m_end->endedBy;
    m_record->endReason = m_end->name;
    m_record->closeCode = m_end->clientCode == 0 ? abnormalClose : m_end->clientCode;
    m_record->closeReason = m_end->message;
    m_record->failed = m_end->failed;
    m_record->endedNs = SessionRegistry::nowNs();
    m_record->state.store(SessionState::Closed, std::memory_order_release);
    m_context.services.registry.closed(m_record);
    m_context.services.journal.add(sessionClosed(*m_record));
    Q_EMIT finished();
}

} // namespace rr
