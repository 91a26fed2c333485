// SPDX-License-Identifier: MIT
#include "core/realtime/eventtype.h"

#include "core/realtime/jsonmember.h"

#include <QByteArray>

#include <algorithm>
#include <array>
#include <string_view>

namespace rr {

using namespace std::string_view_literals;

namespace {

// From OpenAI's public OpenAPI description: client and server events of Realtime, transcription and translation sessions,
// and the beta's names for audio and text, which older servers still send; and those of GPT-Live from its own SDK (npm
// `openai` 7.57). Sorted by bytes.
constexpr std::array knownTypes = {
    "conversation.created"sv,
    "conversation.item.added"sv,
    "conversation.item.create"sv,
    "conversation.item.created"sv,
    "conversation.item.delete"sv,
    "conversation.item.deleted"sv,
    "conversation.item.done"sv,
    "conversation.item.input_audio_transcription.completed"sv,
    "conversation.item.input_audio_transcription.delta"sv,
    "conversation.item.input_audio_transcription.failed"sv,
    "conversation.item.input_audio_transcription.segment"sv,
    "conversation.item.retrieve"sv,
    "conversation.item.retrieved"sv,
    "conversation.item.truncate"sv,
    "conversation.item.truncated"sv,
    "decision.create"sv,
    "decision.event"sv,
    "decision.item.create"sv,
    "decision.item.created"sv,
    "decision.item.delete"sv,
    "decision.item.deleted"sv,
    "error"sv,
    "info"sv,
    "input_audio_buffer.append"sv,
    "input_audio_buffer.clear"sv,
    "input_audio_buffer.cleared"sv,
    "input_audio_buffer.commit"sv,
    "input_audio_buffer.committed"sv,
    "input_audio_buffer.dtmf_event_received"sv,
    "input_audio_buffer.speech_started"sv,
    "input_audio_buffer.speech_stopped"sv,
    "input_audio_buffer.timeout_triggered"sv,
    "mcp_list_tools.completed"sv,
    "mcp_list_tools.failed"sv,
    "mcp_list_tools.in_progress"sv,
    "output_audio_buffer.clear"sv,
    "output_audio_buffer.cleared"sv,
    "output_audio_buffer.started"sv,
    "output_audio_buffer.stopped"sv,
    "rate_limits.updated"sv,
    "response.audio.delta"sv,
    "response.audio.done"sv,
    "response.audio_transcript.delta"sv,
    "response.audio_transcript.done"sv,
    "response.cancel"sv,
    "response.content_part.added"sv,
    "response.content_part.done"sv,
    "response.create"sv,
    "response.created"sv,
    "response.done"sv,
    "response.event"sv,
    "response.function_call_arguments.delta"sv,
    "response.function_call_arguments.done"sv,
    "response.item.create"sv,
    "response.mcp_call.completed"sv,
    "response.mcp_call.failed"sv,
    "response.mcp_call.in_progress"sv,
    "response.mcp_call_arguments.delta"sv,
    "response.mcp_call_arguments.done"sv,
    "response.output_audio.delta"sv,
    "response.output_audio.done"sv,
    "response.output_audio_transcript.delta"sv,
    "response.output_audio_transcript.done"sv,
    "response.output_item.added"sv,
    "response.output_item.done"sv,
    "response.output_text.delta"sv,
    "response.output_text.done"sv,
    "response.text.delta"sv,
    "response.text.done"sv,
    "session.close"sv,
    "session.closed"sv,
    "session.commentary.append"sv,
    "session.commentary.appended"sv,
    "session.created"sv,
    "session.delegation.created"sv,
    "session.input_audio.append"sv,
    "session.input_audio.mute"sv,
    "session.input_audio.muted"sv,
    "session.input_audio.unmute"sv,
    "session.input_audio.unmuted"sv,
    "session.input_audio_buffer.append"sv,
    "session.input_transcript.delta"sv,
    "session.instructions.append"sv,
    "session.instructions.appended"sv,
    "session.output_audio.delta"sv,
    "session.output_audio.fixture.play"sv,
    "session.output_audio.fixture.played"sv,
    "session.output_audio.fixture.playing"sv,
    "session.output_transcript.delta"sv,
    "session.start"sv,
    "session.started"sv,
    "session.thinking.append"sv,
    "session.thinking.appended"sv,
    "session.update"sv,
    "session.updated"sv,
    "session.usage.updated"sv,
    "transcription_session.created"sv,
    "transcription_session.update"sv,
    "transcription_session.updated"sv,
    "transport.answered"sv,
    "transport.dtmf.received"sv,
    "transport.dtmf.send"sv,
    "transport.dtmf.sent"sv,
    "transport.failed"sv,
    "transport.ringing"sv,
};
static_assert(std::is_sorted(knownTypes.begin(), knownTypes.end()));
static_assert(knownTypes.size() + unknownEvent < 255);

constexpr EventType firstKnown = unknownEvent + 1;

EventType lookUp(std::string_view name)
{
    const auto found = std::lower_bound(knownTypes.begin(), knownTypes.end(), name);
    if (found == knownTypes.end() || *found != name)
        return unknownEvent;
    return EventType(firstKnown + (found - knownTypes.begin()));
}

/// Of one that is in the table; of another it does not compile.
consteval EventType numberOf(std::string_view name)
{
    for (size_t i = 0; i < knownTypes.size(); ++i) {
        if (knownTypes[i] == name)
            return EventType(firstKnown + i);
    }
    throw "an event that is not in the table";
}

/// Some of them, to be asked at once.
template <size_t N>
consteval std::array<bool, 256> setOf(const std::array<std::string_view, N> &names)
{
    std::array<bool, 256> set{};
    for (const std::string_view name : names)
        set[numberOf(name)] = true;
    return set;
}
constexpr auto usageTypes
    = setOf(std::array{"response.done"sv, "conversation.item.input_audio_transcription.completed"sv,
        "session.usage.updated"sv, "session.closed"sv, "response.event"sv, "decision.event"sv});
constexpr auto sessionTypes = setOf(std::array{"session.created"sv, "session.updated"sv, "session.started"sv,
    "transcription_session.created"sv, "transcription_session.updated"sv});
constexpr auto writtenTypes = setOf(std::array{"response.output_text.delta"sv, "response.text.delta"sv,
    "response.output_audio_transcript.delta"sv, "response.audio_transcript.delta"sv,
    "response.function_call_arguments.delta"sv, "response.mcp_call_arguments.delta"sv});
constexpr auto transcriptEnds = setOf(std::array{"conversation.item.input_audio_transcription.completed"sv,
    "conversation.item.input_audio_transcription.failed"sv});
constexpr auto itemTypes = setOf(std::array{"conversation.item.added"sv, "conversation.item.created"sv});

/// JSON's only escape that a letter can have (RFC 8259, 7), undone where it is one of ASCII.
QByteArray unescaped(QByteArrayView text)
{
    QByteArray result;
    result.reserve(text.size());
    for (qsizetype i = 0; i < text.size(); ++i) {
        result += text[i];
        if (text[i] != '\\' || i + 1 == text.size())
            continue;
        bool isCode = false;
        const uint code = text[i + 1] == 'u'
            ? text.sliced(i + 2).first(std::min<qsizetype>(4, text.size() - i - 2)).toUInt(&isCode, 16)
            : 0;
        if (isCode && code < 0x80 && i + 6 <= text.size()) {
            result.back() = char(code);
            i += 5;
        } else {
            result += text[++i]; // a backslash, perhaps, that escapes nothing more
        }
    }
    return result;
}

/// By the C library, which looks at 32 bytes at a time: Qt took ten instructions for each.
bool hasWord(QByteArrayView whole, std::string_view word)
{
    const std::string_view text(whole.data(), size_t(whole.size()));
    if (text.find(word) != text.npos)
        return true;
    if (text.find("\\u"sv) == text.npos)
        return false;
    const QByteArray plain = unescaped(whole);
    return std::string_view(plain.data(), size_t(plain.size())).find(word) != text.npos;
}

} // namespace

EventType sniffEventType(QByteArrayView start)
{
    // Every server and SDK seen starts an event so; anything else goes the slower way.
    constexpr std::string_view usualStart = "{\"type\":\""sv;
    const std::string_view text(start.data(), size_t(start.size()));
    std::string_view value;
    if (text.substr(0, usualStart.size()) == usualStart) {
        value = text.substr(usualStart.size());
    } else {
        const QByteArrayView member = jsonMember(start, "type");
        if (member.isEmpty() || member.front() != '"')
            return unknownEvent;
        value = std::string_view(member.data() + 1, size_t(member.size() - 1));
    }
    const size_t end = value.find('"'); // no known type has an escape in it
    return end == std::string_view::npos ? unknownEvent : lookUp(value.substr(0, end));
}

QByteArrayView eventTypeName(EventType type)
{
    if (type == noEvent)
        return {};
    const size_t index = size_t(type) - firstKnown;
    if (type == unknownEvent || index >= knownTypes.size())
        return "unknown";
    return QByteArrayView(knownTypes[index].data(), qsizetype(knownTypes[index].size()));
}

bool beginsSession(EventType type)
{
    return type == numberOf("session.created"sv) || type == numberOf("session.started"sv);
}

EventType sessionsEnd()
{
    return numberOf("session.closed"sv);
}

bool isAudioFromUpstream(EventType type)
{
    return type == numberOf("response.output_audio.delta"sv) || type == numberOf("response.audio.delta"sv)
        || type == numberOf("session.output_audio.delta"sv);
}

bool beginsResponse(EventType type)
{
    return type == numberOf("response.created"sv);
}

bool endsResponse(EventType type)
{
    return type == numberOf("response.done"sv);
}

bool asksForResponse(EventType type)
{
    return type == numberOf("response.create"sv);
}

bool isDelegated(EventType type)
{
    return type == numberOf("response.event"sv) || type == numberOf("decision.event"sv);
}

bool mayAppendAudio(QByteArrayView whole)
{
    return hasWord(whole, "input_audio_buffer.append"sv);
}

bool mayAskForResponse(QByteArrayView whole)
{
    return hasWord(whole, "response.create"sv);
}

bool isWrittenByResponse(EventType type)
{
    return writtenTypes[type];
}

bool isTranscriptDelta(EventType type)
{
    return type == numberOf("conversation.item.input_audio_transcription.delta"sv);
}

bool endsTranscript(EventType type)
{
    return transcriptEnds[type];
}

bool addsToConversation(EventType type)
{
    return itemTypes[type];
}

bool appendsAudio(EventType type)
{
    return type == numberOf("input_audio_buffer.append"sv);
}

bool takesAudio(EventType type)
{
    return type == numberOf("input_audio_buffer.committed"sv);
}

bool startsSpeech(EventType type)
{
    return type == numberOf("input_audio_buffer.speech_started"sv);
}

bool isError(EventType type)
{
    return type == numberOf("error"sv);
}

bool carriesUsage(EventType type)
{
    return usageTypes[type];
}

bool tellsSession(EventType type)
{
    return sessionTypes[type];
}

bool appendsToTranslation(EventType type)
{
    return type == numberOf("session.input_audio_buffer.append"sv);
}

QByteArrayView closedReason(QByteArrayView wholeEvent)
{
    const QByteArrayView value = jsonMember(wholeEvent, "reason");
    const qsizetype end = value.indexOf('"', 1);
    if (value.isEmpty() || value.front() != '"' || end < 0 || end > 40)
        return {};
    const QByteArrayView word = value.sliced(1, end - 1);
    const bool isWord
        = std::all_of(word.begin(), word.end(), [](char c) { return (c >= 'a' && c <= 'z') || c == '_'; });
    return isWord ? word : QByteArrayView();
}

std::optional<qint64> sniffExpiresAt(QByteArrayView wholeOrStartOfEvent)
{
    const QByteArrayView value = jsonMember(jsonMember(wholeOrStartOfEvent, "session"), "expires_at");
    qint64 seconds = 0;
    for (const char c : value) {
        if (c < '0' || c > '9') // a number cut short by the end of what was given is not known whole
            return seconds > 0 ? std::optional(seconds) : std::nullopt;
        seconds = seconds * 10 + (c - '0');
        if (seconds > 253'402'300'799) // the end of year 9999
            return std::nullopt;
    }
    return std::nullopt;
}

} // namespace rr
