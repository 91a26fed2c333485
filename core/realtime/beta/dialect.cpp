// SPDX-License-Identifier: MIT
#include "core/realtime/beta/dialect.h"

#include "core/http/query.h"
#include "core/realtime/beta/clientevents.h"
#include "core/realtime/beta/items.h"
#include "core/realtime/beta/serverevents.h"
#include "core/realtime/jsontext.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <limits>
#include <string_view>

namespace rr {

namespace {

/// What becomes of an event of the upstream.
enum class Way : quint8 {
    Stays,
    Renamed, ///< nothing but its type changes
    LeftOut, ///< the beta had nothing like it
    Session,
    Response,
    Item, ///< and perhaps its type
    Part,
    Error,
};

struct Event
{
    std::string_view type;
    Way way;
    std::string_view beta = {}; ///< its name there, if that is another
};

// Sorted by bytes. All that a client of the beta may see is what becomes of these; the beta's own names are among them for an
// upstream that still says them.
constexpr Event fromUpstream[] = {
    {"conversation.created", Way::Stays},
    {"conversation.item.added", Way::Item, "conversation.item.created"},
    {"conversation.item.created", Way::Stays},
    {"conversation.item.deleted", Way::Stays},
    {"conversation.item.done", Way::LeftOut},
    {"conversation.item.input_audio_transcription.completed", Way::Stays},
    {"conversation.item.input_audio_transcription.delta", Way::Stays},
    {"conversation.item.input_audio_transcription.failed", Way::Stays},
    {"conversation.item.input_audio_transcription.segment", Way::LeftOut},
    {"conversation.item.retrieved", Way::Item},
    {"conversation.item.truncated", Way::Stays},
    {"error", Way::Error},
    {"input_audio_buffer.cleared", Way::Stays},
    {"input_audio_buffer.committed", Way::Stays},
    {"input_audio_buffer.dtmf_event_received", Way::LeftOut},
    {"input_audio_buffer.speech_started", Way::Stays},
    {"input_audio_buffer.speech_stopped", Way::Stays},
    {"input_audio_buffer.timeout_triggered", Way::LeftOut},
    {"mcp_list_tools.completed", Way::LeftOut},
    {"mcp_list_tools.failed", Way::LeftOut},
    {"mcp_list_tools.in_progress", Way::LeftOut},
    {"output_audio_buffer.cleared", Way::Stays},
    {"output_audio_buffer.started", Way::Stays},
    {"output_audio_buffer.stopped", Way::Stays},
    {"rate_limits.updated", Way::Stays},
    {"response.audio.delta", Way::Stays},
    {"response.audio.done", Way::Stays},
    {"response.audio_transcript.delta", Way::Stays},
    {"response.audio_transcript.done", Way::Stays},
    {"response.content_part.added", Way::Part},
    {"response.content_part.done", Way::Part},
    {"response.created", Way::Response},
    {"response.done", Way::Response},
    {"response.function_call_arguments.delta", Way::Stays},
    {"response.function_call_arguments.done", Way::Stays},
    {"response.mcp_call.completed", Way::LeftOut},
    {"response.mcp_call.failed", Way::LeftOut},
    {"response.mcp_call.in_progress", Way::LeftOut},
    {"response.mcp_call_arguments.delta", Way::LeftOut},
    {"response.mcp_call_arguments.done", Way::LeftOut},
    {"response.output_audio.delta", Way::Renamed, "response.audio.delta"},
    {"response.output_audio.done", Way::Renamed, "response.audio.done"},
    {"response.output_audio_transcript.delta", Way::Renamed, "response.audio_transcript.delta"},
    {"response.output_audio_transcript.done", Way::Renamed, "response.audio_transcript.done"},
    {"response.output_item.added", Way::Item},
    {"response.output_item.done", Way::Item},
    {"response.output_text.delta", Way::Renamed, "response.text.delta"},
    {"response.output_text.done", Way::Renamed, "response.text.done"},
    {"response.text.delta", Way::Stays},
    {"response.text.done", Way::Stays},
    {"session.created", Way::Session},
    {"session.updated", Way::Session},
    {"transcription_session.created", Way::Stays},
    {"transcription_session.updated", Way::Stays},
};

constexpr bool isBefore(const Event &event, std::string_view type)
{
    return event.type < type;
}
static_assert(std::is_sorted(std::begin(fromUpstream), std::end(fromUpstream),
    [](const Event &a, const Event &b) { return isBefore(a, b.type); }));

const Event *find(QByteArrayView type)
{
    const std::string_view wanted(type.data(), std::size_t(type.size()));
    const auto *const found
        = std::lower_bound(std::begin(fromUpstream), std::end(fromUpstream), wanted, isBefore);
    return found != std::end(fromUpstream) && found->type == wanted ? found : nullptr;
}

/// The event's own type, in place and as it is written between the quotes; null: there is none.
QByteArrayView typeOf(const QByteArray &event)
{
    const QByteArrayView value = jsonMemberValue(event, "type");
    return isJsonString(value) ? value.sliced(1, value.size() - 2) : QByteArrayView();
}

/// The event with these bytes where its type was: nothing of the rest is looked at, for that is mostly audio.
QByteArray renamed(const QByteArray &event, QByteArrayView type, QByteArrayView name)
{
    const QByteArrayView all(event);
    const qsizetype at = type.data() - all.data();
    QByteArray result;
    result.reserve(all.size() + name.size() - type.size());
    return result.append(all.first(at)).append(name).append(all.sliced(at + type.size()));
}

QByteArrayView inBeta(const Event &event)
{
    const std::string_view name = event.beta.empty() ? event.type : event.beta;
    return {name.data(), qsizetype(name.size())};
}

bool isTranslatedUp(QByteArrayView type)
{
    return type == "session.update" || type == "transcription_session.update"
        || type == "conversation.item.create" || type == "response.create";
}

using ByType = std::array<bool, std::numeric_limits<EventType>::max() + 1>;

template <typename Passes>
ByType byType(Passes passes)
{
    ByType result;
    for (std::size_t type = 0; type < result.size(); ++type)
        result[type] = EventType(type) != noEvent && EventType(type) != unknownEvent
            && passes(eventTypeName(EventType(type)));
    return result;
}

} // namespace

BetaDialect::BetaDialect(const QByteArray &query, const QStringList &modelAliases, qint64 mostBytes)
{
    m_memory.mostBytes = qsizetype(mostBytes);
    m_memory.modelAliases = modelAliases;
    m_memory.queryNamesModel
        = !queryValue(query, "model").isEmpty() || !queryValue(query, "call_id").isEmpty();
    m_memory.isTranscription = queryValue(query, "intent") == "transcription";
}

bool BetaDialect::passesUp(EventType type)
{
    static const ByType table = byType([](QByteArrayView name) { return !isTranslatedUp(name); });
    return table[type];
}

bool BetaDialect::passesDown(EventType type)
{
    static const ByType table = byType([](QByteArrayView name) {
        const Event *found = find(name);
        return found && found->way == Way::Stays;
    });
    return table[type];
}

QByteArray BetaDialect::toUpstream(const QByteArray &event)
{
    const QByteArrayView type = typeOf(event);
    if (!isTranslatedUp(type) || !isJson(event))
        return event;
    if (type == "conversation.item.create")
        return itemCreateFromBeta(event, m_memory);
    if (type == "response.create")
        return responseCreateFromBeta(event, m_memory);
    return sessionUpdateFromBeta(event, type == "transcription_session.update", m_memory);
}

BetaDialect::ForClient BetaDialect::toClient(const QByteArray &event)
{
    const QByteArrayView type = typeOf(event);
    if (type.isNull())
        return {event, {}};
    const Event *found = find(type);
    if (!found)
        return {{}, type.toByteArray()};
    if (found->way == Way::LeftOut)
        return {};
    if (found->way == Way::Renamed)
        return {renamed(event, type, inBeta(*found)), {}};
    if (found->way == Way::Stays || !isJson(event))
        return {event, {}};
    switch (found->way) {
    case Way::Session:
        return {sessionForBeta(event, m_memory), {}};
    case Way::Response:
        return {responseForBeta(event, m_memory), {}};
    case Way::Item:
        if (isNoItemOfBeta(jsonMemberValue(event, "item")))
            return {};
        return {itemEventForBeta(event, inBeta(*found), m_memory), {}};
    case Way::Part:
        return {partEventForBeta(event, m_memory), {}};
    case Way::Error:
        return {errorForBeta(event, m_memory), {}};
    default:
        break;
    }
    return {event, {}};
}

} // namespace rr
