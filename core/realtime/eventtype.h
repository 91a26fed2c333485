// SPDX-License-Identifier: MIT
#pragma once

#include <QByteArrayView>

#include <optional>

namespace rr {

/// Event types of OpenAI's APIs for calls are kept as a small number, so that a session's last one can be published
/// with a plain store. 0 is "none", 1 is "unknown" (a type not in the table).
using EventType = quint8;
inline constexpr EventType noEvent = 0;
inline constexpr EventType unknownEvent = 1;

/// Finds the top-level `"type"` in the first bytes of an event's JSON (unmasked, possibly cut short; 128
/// bytes are enough for every client seen). Never allocates. unknownEvent when there is none or it is not
/// known.
EventType sniffEventType(QByteArrayView start);

/// "response.done"; empty for noEvent, "unknown" for unknownEvent.
QByteArrayView eventTypeName(EventType type);

/// Whether it is the first word of a session: session.created, or Live's session.started.
bool beginsSession(EventType type);

/// session.closed, the last word of a session of a call that endsWithItsSession() (core/realtime/kindofcall.h).
EventType sessionsEnd();

/// True for the types that carry audio to the client (response.output_audio.delta, the beta's
/// response.audio.delta, a translation's or Live's session.output_audio.delta).
bool isAudioFromUpstream(EventType type);

/// response.created and response.done, of which a Realtime session has one pair for each response.
bool beginsResponse(EventType type);
bool endsResponse(EventType type);

/// response.create, by which a client asks for one.
bool asksForResponse(EventType type);

/// The pieces of what a response writes: text, the transcript of what it says, the arguments of a call.
bool isWrittenByResponse(EventType type);

/// The pieces of a transcript of what the client has said.
bool isTranscriptDelta(EventType type);
/// conversation.item.input_audio_transcription.completed or .failed: there is nothing more of that transcript.
bool endsTranscript(EventType type);

/// Events of the upstream that hold what has come to a conversation.
bool addsToConversation(EventType type);

/// input_audio_buffer.append, and input_audio_buffer.committed by which the upstream takes what was appended.
bool appendsAudio(EventType type);
bool takesAudio(EventType type);
/// Whether the upstream may take all of a message of the client's for an input_audio_buffer.append, or a response.create, however it
/// is written: with escapes, with its type at the end, or with two. Rather true than false.
bool mayAppendAudio(QByteArrayView whole);
bool mayAskForResponse(QByteArrayView whole);

/// input_audio_buffer.speech_started: what was appended before is silence.
bool startsSpeech(EventType type);

/// error.
bool isError(EventType type);

/// When the session of a session.created, session.started (or session.updated) will be ended by OpenAI: its
/// `session.expires_at`, epoch seconds. nullopt when it is not there, is null, or lies beyond the bytes given
/// (it stands some 900 bytes in, after the instructions). Never allocates.
std::optional<qint64> sniffExpiresAt(QByteArrayView wholeOrStartOfEvent);

/// Whether events of that type of the upstream tell what was used, or can tell it (core/realtime/usagefact.h).
bool carriesUsage(EventType type);

/// Events of the upstream that bring what a Live session has delegated to another model: response.event, decision.event.
bool isDelegated(EventType type);

/// Whether events of that type of the upstream hold a session's configuration, and with it the names of its models.
bool tellsSession(EventType type);

/// session.input_audio_buffer.append, by which a client of a translation is heard.
bool appendsToTranslation(EventType type);

/// Why a session was closed, of a whole session.closed: the word in its `reason`, such as "expired". Empty when there is none, or
/// what is there is no such word.
QByteArrayView closedReason(QByteArrayView wholeEvent);

} // namespace rr
