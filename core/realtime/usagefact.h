// SPDX-License-Identifier: MIT
#pragma once

#include "core/base/usage.h"
#include "core/realtime/eventtype.h"

#include <QByteArray>
#include <QByteArrayView>

#include <optional>

/// What events of the upstream tell of usage. Pure functions on their bytes; whatever these are, nothing but numbers, ids and names
/// of models comes out of them.
namespace rr {

enum class UsageOf : quint8 {
    Response, ///< of a Realtime session
    Transcription, ///< of what the client said
    LiveVoice, ///< the time of a Live session until now, not what has come to it
    LiveBackend, ///< a response of the model that a Live session has delegated to
    LiveDecision, ///< likewise a decision
};

enum class ResponseStatus : quint8 { Unknown, Completed, Cancelled, Incomplete, Failed };

struct UsageFact
{
    UsageOf of = UsageOf::Response;
    QByteArray id; ///< a fact may be told twice, and is one all the same; empty: it has none
    QByteArray model; ///< that it is billed as; empty: it is not said here, but by the session
    Usage usage; ///< LiveVoice: of the whole session
    ResponseStatus status = ResponseStatus::Unknown; ///< of a Response or LiveBackend
    bool hasUsage = false; ///< false: it tells none that could be read
    bool isLast = false; ///< LiveVoice: nothing follows
};

/// Whether it is worth reading all of an event of that type, by what its first bytes say: of a Live session's nested events
/// most tell no usage. Never allocates.
bool mayTellUsage(EventType type, QByteArrayView start);

/// nullopt: an event of its kind that has none to tell. What is known counts: a total without details is text, and what the
/// details leave of it likewise; a number that is negative, broken or beyond reason is none.
std::optional<UsageFact> readUsage(EventType type, QByteArrayView whole);

/// The names that a session's configuration has for what is billed.
struct SessionModels
{
    QByteArray session; ///< empty: not said
    QByteArray transcription; ///< of what the client says; empty: there is none
    QByteArray delegation; ///< of what a Live session gives to another; empty: to none by name
    int spokenBytesPerMs = 48; ///< of the audio that it answers with: PCM of 24 kHz, or less
    int heardBytesPerMs = 48; ///< of the audio that it is sent
};

/// Of an event that tellsSession(). nullopt: it does not.
std::optional<SessionModels> readSessionModels(QByteArrayView whole);

/// Of a whole response.created: what the audio of that response has of its own. nullopt: it does not say.
std::optional<int> readSpokenBytesPerMs(QByteArrayView whole);

/// Where the audio begins in an event that appends some, by its first bytes; -1: not among them. Never allocates.
qsizetype audioBeginsAt(QByteArrayView start);
/// Likewise the piece of text, in one of those events of the upstream that bring some.
qsizetype deltaBeginsAt(QByteArrayView start);

} // namespace rr
