// SPDX-License-Identifier: MIT
// The part of a Call that has to do with its end: what it is, when both sides are told, and how.
#include "core/call/call.h"

#include "core/call/calljournal.h"
#include "core/call/calltroubles.h"
#include "core/call/upgraderefusal.h"
#include "core/http/response.h"
#include "core/realtime/closecode.h"
#include "core/realtime/errorevent.h"
#include "core/wire/framewriter.h"

#include <QTimer>

namespace rr {

using namespace std::chrono_literals;

namespace {

/// Ends that come from one side going away or breaking the rules: there is nothing to wait for.
bool endsAtOnce(EndReason reason)
{
    switch (reason) {
    case EndReason::InactivityTimeout:
    case EndReason::SessionLimit:
    case EndReason::RelayShutdown:
    case EndReason::ClosedByOperator:
    case EndReason::SpendLimit:
    case EndReason::AccessEnded:
        return false;
    default:
        return true;
    }
}

} // namespace

void Call::stoppedAtBoundary(Side)
{
    if (m_phase == Phase::AwaitingBoundary) {
        close();
    } else {
        m_sessionIsOver = true;
        QTimer::singleShot(patience().lastWord, this, &Call::sessionIsOver);
    }
}

void Call::end(EndReason reason, EndDetails details)
{
    tellEnd(); // who ends it now has no time to wait
    if (m_phase > Phase::Open)
        return;
    decide(reason, std::move(details));
    if (m_phase == Phase::Open && !endsAtOnce(reason)
        && !leg(Side::Upstream).passage->stopAtMessageBoundary())
        enter(Phase::AwaitingBoundary);
    else
        close();
}

void Call::decide(EndReason reason, EndDetails details, bool ours)
{
    EndDescription meaning = describe(reason, details);
    noteEnded(
        m_context.services.troubles, meaning, m_record->clientAddress, m_record->door, m_plan.usesHeldKey);
    Ending ending{reason, std::move(details), std::move(meaning)};
    ending.sinceNs = CallRegistry::nowNs();
    ending.ours = ours;
    m_ending.emplace(std::move(ending));
}

void Call::endNow(EndReason reason, EndDetails details)
{
    decide(reason, std::move(details));
    close();
}

/// Ends both sides as was decided.
void Call::close()
{
    closeAfter(pauseBeforeTelling());
}

/// The client may have to wait for what it is told; the upstream does not.
void Call::closeAfter(std::chrono::milliseconds pause)
{
    enter(Phase::Closing);
    m_dial.reset();
    auto &down = leg(Side::Upstream).passage;
    const bool isWhole = !down || m_sessionIsOver; // behind a whole message, whatever has come since
    m_ending->place = isWhole ? Passage::Place::BetweenMessages : down->cut();
    m_ending->untold = true;
    if (pause > 0ms)
        QTimer::singleShot(pause, Qt::PreciseTimer, this, &Call::tellEnd);
    else
        tellEnd();
    tellUpstream();
    finishIfOver();
}

/// A client that comes back at once, again and again, would carry a storm of calls through to the upstream.
std::chrono::milliseconds Call::pauseBeforeTelling()
{
    if (!m_held.isEmpty() && m_ending->meaning.endedBy == EndedBy::Upstream)
        return std::chrono::milliseconds(m_heldUntil.remainingTime()); // behind what it has said
    if (m_paced || !failedAtOnce()) // of the former the client has been told
        return 0ms;
    return m_context.services.failures.delay(m_plan.client);
}

bool Call::failedAtOnce() const
{
    const EndDescription &meaning = m_ending->meaning;
    const bool saidNothing = m_record->down.messages.value() == 0;
    const bool failed = meaning.failed || (meaning.endedBy == EndedBy::Upstream && lastWordWasError());
    return failed && meaning.endedBy != EndedBy::Client && (saidNothing || wasBrief());
}

/// There is nobody left to be told of it, but it was a failure like that for the upstream.
bool Call::leftInVain() const
{
    return m_ending->meaning.endedBy == EndedBy::Client
        && (!leg(Side::Upstream).stream || (wasBrief() && lastWordWasError()));
}

bool Call::wasBrief() const
{
    return m_ending->sinceNs - m_record->startedNs < briefNs;
}

bool Call::lastWordWasError() const
{
    return eventTypeName(leg(Side::Upstream).passing) == "error";
}

/// The upstream's first word is an error: so is a call that fails, with a close behind it or without. It waits like one.
std::optional<QByteArray> Call::heldBack(const QByteArray &event)
{
    const bool isFirst = m_record->down.messages.value() == 1;
    if (m_held.isEmpty() && (m_paced || !isFirst || !lastWordWasError()))
        return event;
    if (!std::exchange(m_paced, true)) {
        const auto pause = m_context.services.failures.delay(m_plan.client);
        if (pause == 0ms)
            return event;
        m_heldUntil.setRemainingTime(pause, Qt::PreciseTimer);
        leg(Side::Upstream).stream->setReading(false);
        QTimer::singleShot(pause, Qt::PreciseTimer, this, &Call::letGo);
    }
    m_held += makeFrame(FrameScanner::Sender::Server, m_heldOpcode, event);
    return std::nullopt;
}

void Call::letGo()
{
    const QByteArray held = std::exchange(m_held, {});
    if (held.isEmpty())
        return;
    if (!leg(Side::Client).isOver())
        leg(Side::Client).stream->write(held);
    Leg &upstream = leg(Side::Upstream);
    if (isEndedByUs() || upstream.isOver())
        return;
    // It is heard again, also when the client has closed meanwhile and waits for its answer.
    upstream.stream->setReading(true);
    upstream.passage->run();
}

void Call::tellEnd()
{
    if (!m_ending || !std::exchange(m_ending->untold, false))
        return;
    if (m_switchingProtocols.isEmpty())
        tellClient();
    else
        refuseUpgrade();
    finishIfOver();
}

void Call::tellClient()
{
    Leg &client = leg(Side::Client);
    if (client.isOver())
        return;
    letGo();
    EndDescription &meaning = m_ending->meaning;
    const auto place = m_ending->place;
    if (meaning.clientCode == 0 || place == Passage::Place::InFrame) {
        meaning.clientCode = 0; // it is told nothing
        client.stream->abort();
        return;
    }
    if (meaning.hasErrorEvent() && place == Passage::Place::BetweenMessages) {
        client.stream->write(makeFrame(FrameScanner::Sender::Server, Opcode::Text,
            errorEvent(meaning.errorType, meaning.errorCode, plain(meaning.message))));
    }
    client.stream->write(makeFrame(
        FrameScanner::Sender::Server, Opcode::Close, closePayload(meaning.clientCode, meaning.clientReason)));
    if (client.saidClose) // before it was told; this was the answer
        client.stream->closeAfterWriting();
    // From now on only its close frame and its end matter. To close before the client has read would destroy
    // what was written just now, if there is unread data (RFC 1122 4.2.2.13).
    if (!client.passage)
        makePassage(Side::Client); // with no upstream to pass anything on to
    client.passage->stop();
    client.stream->setReading(true);
}

/// In place of the 101 that the client still waits for. The record has the close code that means the same.
void Call::refuseUpgrade()
{
    ByteStream &client = *leg(Side::Client).stream;
    if (client.isOver())
        return;
    client.write(serialise(upgradeRefusal(m_ending->reason, m_ending->details, m_ending->meaning),
        /*keepAlive*/ false, /*headOnly*/ false));
    client.closeAfterWriting();
    client.setReading(true);
}

void Call::tellUpstream()
{
    Leg &upstream = leg(Side::Upstream);
    if (upstream.isOver())
        return;
    const EndDescription &meaning = m_ending->meaning;
    const auto place = leg(Side::Client).passage->cut();
    upstream.passage->stop();
    upstream.stream->setReading(true); // for its end, whatever it has waited for
    if (place == Passage::Place::InFrame) {
        upstream.stream->abort();
        return;
    }
    if (meaning.upstreamCode != 0)
        upstream.stream->write(makeFrame(FrameScanner::Sender::Client, Opcode::Close,
            closePayload(meaning.upstreamCode, meaning.upstreamReason)));
    upstream.stream->closeAfterWriting();
}

/// The upstream has said its last word, and no close frame of its own came with it.
void Call::sessionIsOver()
{
    if (m_phase < Phase::Closing) {
        EndDetails details;
        details.closeCode = 1000;
        details.closeReason = m_sessionsReason;
        decide(EndReason::UpstreamClosed, std::move(details));
        // The sides know it from the event itself.
        m_ending->meaning.clientReason.clear();
        m_ending->meaning.upstreamReason.clear();
        close();
    } else if (m_phase == Phase::Closing && !m_ending->ours) {
        // The client's close frame went before, and would have no answer.
        m_ending->ours = true;
        m_ending->untold = true;
        m_ending->meaning.upstreamCode = 0; // it has been told
        tellEnd();
    }
}

void Call::abort()
{
    if (m_phase == Phase::Over)
        return;
    if (m_phase < Phase::Closing) {
        decide(EndReason::RelayShutdown, {});
        m_ending->meaning.clientCode = 0; // it is told nothing
        enter(Phase::Closing);
    }
    m_ending->ours = true;
    m_ending->untold = false;
    m_dial.reset();
    for (Leg &each : m_legs) {
        if (each.stream)
            each.stream->abort();
    }
    finishIfOver();
}

void Call::finishIfOver()
{
    if (m_phase != Phase::Closing || !leg(Side::Client).isOver() || !leg(Side::Upstream).isOver())
        return;
    const EndDescription &meaning = m_ending->meaning;
    m_record->endedBy = meaning.endedBy;
    m_record->endReason = meaning.reason;
    m_record->closeCode = meaning.clientCode == 0 ? abnormalClose : meaning.clientCode;
    m_record->closeReason = meaning.message;
    m_record->failed = meaning.failed;
    m_record->endedNs = CallRegistry::nowNs();
    m_meter.finish();
    enter(Phase::Over);
    m_context.services.registry.closed(m_record);
    m_context.services.journal.add(callClosed(*m_record));
    if (m_books)
        m_books->end();
    Q_EMIT finished();
}

} // namespace rr
