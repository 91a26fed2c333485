// SPDX-License-Identifier: MIT
// The part of a Call whose client speaks another dialect than the upstream: what goes on in a message's place.
#include "core/call/call.h"

#include "core/call/calljournal.h"
#include "core/realtime/redaction.h"

#include <algorithm>

namespace rr {

std::optional<QByteArray> Call::replacement(Side from, const QByteArray &whole)
{
    if (from == Side::Client) {
        clientRead(whole);
        return inDialect(from, whole);
    }
    m_meter.read(sniffEventType(whole), whole); // as the upstream says it
    if (m_isWatched)
        usageCounted();
    const bool isTranslated = m_plan.dialect && !BetaDialect::passesDown(leg(from).passing);
    const QByteArray told = m_isWatched && lastWordWasError() ? withoutHeldKey(whole) : whole;
    const auto event = isTranslated ? inDialect(from, told) : std::optional(told);
    return event ? heldBack(*event) : event;
}

std::optional<QByteArray> Call::inDialect(Side from, const QByteArray &whole)
{
    std::optional<QByteArray> event = from == Side::Client ? toUpstream(whole) : toClient(whole);
    if (!event || event->size() <= std::max<qint64>(m_settings->maxMessageBytes, whole.size()))
        return event;
    // It has grown beyond what may be kept for anybody.
    if (m_phase >= Phase::Closing) // nothing counts after a close frame
        return {};
    EndDetails details;
    details.limitBytes = m_settings->maxMessageBytes;
    endNow(from == Side::Client ? EndReason::ClientMessageTooLarge : EndReason::UpstreamMessageTooLarge,
        std::move(details));
    return {};
}

QByteArray Call::toUpstream(const QByteArray &event)
{
    BetaDialect &dialect = *m_plan.dialect;
    QByteArray result = dialect.toUpstream(event);
    CallRecord::Untold &untold = m_record->untold;
    if (dialect.askedTemperature() && untold.temperature.value() == 0) {
        untold.temperature.set(1);
        m_context.services.journal.add(temperatureIgnored(*m_record));
    }
    if (!dialect.askedModel().isEmpty() && !untold.model) {
        const auto shown = [this](const QByteArray &name) {
            return outsideText(withoutKeys(QString::fromUtf8(name), m_plan.keys), BetaMemory::longest);
        };
        untold.answer(shown(dialect.askedModel()), shown(dialect.answeringModel()));
        m_context.services.journal.add(modelReplaced(*m_record));
    }
    return result;
}

std::optional<QByteArray> Call::toClient(const QByteArray &event)
{
    if (eventTypeName(sniffEventType(event)) == "session.created")
        sessionBegins(event);
    BetaDialect::ForClient result = m_plan.dialect->toClient(event);
    if (!result.unforeseenType.isEmpty()) {
        m_record->untold.droppedEvents.add(1);
        if (m_context.services.journal.wants(LogLevel::Debug))
            m_context.services.journal.add(eventDropped(*m_record,
                outsideText(
                    withoutKeys(QString::fromUtf8(result.unforeseenType.left(200)), m_plan.keys), 100)));
    }
    return std::move(result.event);
}

} // namespace rr
