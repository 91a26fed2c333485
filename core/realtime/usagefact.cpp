// SPDX-License-Identifier: MIT
#include "core/realtime/usagefact.h"

#include "core/base/decimal.h"
#include "core/realtime/jsonmember.h"
#include "core/realtime/jsontext.h"

#include <algorithm>

namespace rr {

namespace {

/// What is more has never been counted by anybody.
constexpr qint64 beyondReason = 1'000'000'000'000;
/// Nobody's id or name is longer; what is, is cut.
constexpr qsizetype longestName = 128;

using Count = std::optional<qint64>;

Count reasonable(Count count)
{
    return count && *count <= beyondReason ? count : Count();
}

Count tokensIn(QByteArrayView value)
{
    return reasonable(readDecimal(value, 0));
}

Count msIn(QByteArrayView seconds)
{
    return reasonable(readDecimal(seconds, 3, MoreDecimals::Round));
}

/// As it stands between the quotes.
QByteArray nameIn(QByteArrayView value)
{
    return isJsonString(value) ? value.sliced(1, std::min(value.size() - 2, longestName)).toByteArray()
                               : QByteArray();
}

struct ByModality
{
    Count text, audio, image;

    /// True where the name was that of one of them.
    bool take(QByteArrayView name, QByteArrayView value)
    {
        Count *const place = name == "text_tokens" ? &text
            : name == "audio_tokens"               ? &audio
            : name == "image_tokens"               ? &image
                                                   : nullptr;
        if (place)
            *place = tokensIn(value);
        return place;
    }
    bool isKnown() const { return text || audio || image; }
    qint64 sum() const { return text.value_or(0) + audio.value_or(0) + image.value_or(0); }
};

/// Moves to `cached` what is in the cache of what is in `fresh`.
void moveCached(qint64 &fresh, qint64 &cached, qint64 tokens)
{
    const qint64 moved = std::min(fresh, tokens);
    fresh -= moved;
    cached += moved;
}

struct TokenCounts
{
    Count in, out, cached;
    ByModality inBy, cachedBy, outBy;

    explicit TokenCounts(QByteArrayView usage)
    {
        for (JsonParts each(usage); each.next();) {
            // Realtime's names, and those of the Responses API.
            if (each.name() == "input_tokens")
                in = tokensIn(each.value());
            else if (each.name() == "output_tokens")
                out = tokensIn(each.value());
            else if (isOneOf(each.name(), {"input_token_details", "input_tokens_details"}))
                takeInput(each.value());
            else if (isOneOf(each.name(), {"output_token_details", "output_tokens_details"}))
                take(outBy, each.value());
        }
    }

    bool isKnown() const { return in || out || inBy.isKnown() || outBy.isKnown(); }

    Usage usage() const
    {
        Usage used;
        used.textIn = inBy.text.value_or(0) + std::max<qint64>(0, in.value_or(0) - inBy.sum());
        used.audioIn = inBy.audio.value_or(0);
        used.imageIn = inBy.image.value_or(0);
        used.textOut = outBy.text.value_or(0) + std::max<qint64>(0, out.value_or(0) - outBy.sum());
        used.audioOut = outBy.audio.value_or(0);
        used.textOut += outBy.image.value_or(0); // OpenAI has none to sell; what is told is not lost
        qint64 rest = std::max<qint64>(0, cached.value_or(0) - cachedBy.sum());
        moveCached(used.textIn, used.textCached, cachedBy.text.value_or(0));
        moveCached(used.audioIn, used.audioCached, cachedBy.audio.value_or(0));
        moveCached(used.imageIn, used.imageCached, cachedBy.image.value_or(0));
        // Those of which it is not said what they are.
        for (const auto &[fresh, cache] : {std::pair(&used.textIn, &used.textCached),
                 std::pair(&used.audioIn, &used.audioCached), std::pair(&used.imageIn, &used.imageCached)}) {
            const qint64 moved = std::min(*fresh, rest);
            moveCached(*fresh, *cache, moved);
            rest -= moved;
        }
        return used;
    }

private:
    static void take(ByModality &by, QByteArrayView details)
    {
        for (JsonParts each(details); each.next();)
            by.take(each.name(), each.value());
    }
    void takeInput(QByteArrayView details)
    {
        for (JsonParts each(details); each.next();) {
            if (inBy.take(each.name(), each.value()))
                continue;
            if (each.name() == "cached_tokens")
                cached = tokensIn(each.value());
            else if (each.name() == "cached_tokens_details")
                take(cachedBy, each.value());
        }
    }
};

void takeTokens(UsageFact &fact, QByteArrayView usage)
{
    const TokenCounts counts(usage);
    fact.hasUsage = counts.isKnown();
    fact.usage = counts.usage();
}

void takeTime(UsageFact &fact, QByteArrayView usage)
{
    const Count ms = msIn(jsonMemberValue(usage, "seconds"));
    fact.hasUsage = ms.has_value();
    fact.usage.ms = ms.value_or(0);
}

ResponseStatus statusIn(QByteArrayView value)
{
    if (isJsonString(value, "completed"))
        return ResponseStatus::Completed;
    if (isJsonString(value, "cancelled"))
        return ResponseStatus::Cancelled;
    if (isJsonString(value, "incomplete"))
        return ResponseStatus::Incomplete;
    return isJsonString(value, "failed") ? ResponseStatus::Failed : ResponseStatus::Unknown;
}

/// A response or a decision.
UsageFact ofAnswer(UsageOf of, QByteArrayView answer)
{
    UsageFact fact;
    fact.of = of;
    for (JsonParts each(answer); each.next();) {
        if (each.name() == "id")
            fact.id = nameIn(each.value());
        else if (each.name() == "model")
            fact.model = nameIn(each.value());
        else if (each.name() == "status")
            fact.status = statusIn(each.value());
        else if (each.name() == "usage")
            takeTokens(fact, each.value());
    }
    return fact;
}

UsageFact ofTranscript(QByteArrayView event)
{
    UsageFact fact;
    fact.of = UsageOf::Transcription;
    QByteArrayView index = "0";
    for (JsonParts each(event); each.next();) {
        if (each.name() == "item_id") {
            fact.id = nameIn(each.value());
        } else if (each.name() == "content_index") {
            index = each.value();
        } else if (each.name() == "usage") {
            if (isJsonString(jsonMemberValue(each.value(), "type"), "duration"))
                takeTime(fact, each.value());
            else
                takeTokens(fact, each.value());
        }
    }
    if (!fact.id.isEmpty())
        fact.id += ':' + index.first(std::min(index.size(), longestName)).toByteArray();
    return fact;
}

std::optional<UsageFact> ofLiveVoice(QByteArrayView event, bool isLast)
{
    const QByteArrayView usage = jsonMemberValue(event, "usage");
    if (!isJsonObject(usage)) // that of a translation has none
        return {};
    UsageFact fact;
    fact.of = UsageOf::LiveVoice;
    fact.isLast = isLast;
    takeTime(fact, usage);
    return fact;
}

/// The format of audio as it is named today, in an object, or as older servers did.
int bytesPerMs(QByteArrayView format)
{
    const QByteArrayView type = isJsonObject(format) ? jsonMemberValue(format, "type") : format;
    constexpr int pcm = 48;
    constexpr int g711 = 8;
    const bool isG711 = isOneOf(type, {"\"audio/pcmu\"", "\"audio/pcma\"", "\"g711_ulaw\"", "\"g711_alaw\""});
    return isG711 ? g711 : pcm;
}

qsizetype stringBeginsAt(QByteArrayView start, QByteArrayView name)
{
    const QByteArrayView value = jsonMember(start, name);
    return value.startsWith('"') ? value.data() + 1 - start.data() : -1;
}

bool endsNestedResponse(QByteArrayView nestedType)
{
    return isOneOf(nestedType, {"\"response.completed\"", "\"response.incomplete\"", "\"response.failed\""});
}

std::optional<UsageFact> ofNested(QByteArrayView event)
{
    const QByteArrayView nested = jsonMemberValue(event, "event");
    if (!endsNestedResponse(jsonMemberValue(nested, "type")))
        return {};
    return ofAnswer(UsageOf::LiveBackend, jsonMemberValue(nested, "response"));
}

std::optional<UsageFact> ofDecision(QByteArrayView event)
{
    const QByteArrayView decision = jsonMemberValue(jsonMemberValue(event, "event"), "decision");
    if (!isJsonObject(decision))
        return {};
    UsageFact fact = ofAnswer(UsageOf::LiveDecision, decision);
    fact.id = nameIn(jsonMemberValue(event, "event_id"));
    return fact;
}

} // namespace

bool mayTellUsage(EventType type, QByteArrayView start)
{
    if (!carriesUsage(type))
        return false;
    if (eventTypeName(type) != "response.event")
        return true;
    const QByteArrayView nestedType = jsonMember(jsonMember(start, "event"), "type");
    const qsizetype end = nestedType.indexOf('"', 1);
    return end < 0 || endsNestedResponse(nestedType.first(end + 1));
}

std::optional<UsageFact> readUsage(EventType type, QByteArrayView whole)
{
    if (!carriesUsage(type))
        return {};
    const QByteArrayView name = eventTypeName(type);
    const QByteArrayView event = isJson(whole) ? whole : QByteArrayView();
    if (name == "response.done")
        return ofAnswer(UsageOf::Response, jsonMemberValue(event, "response"));
    if (name == "response.event")
        return ofNested(event);
    if (name == "decision.event")
        return ofDecision(event);
    if (name == "session.usage.updated" || name == "session.closed")
        return ofLiveVoice(event, name == "session.closed");
    return ofTranscript(event);
}

std::optional<SessionModels> readSessionModels(QByteArrayView whole)
{
    const QByteArrayView session = isJson(whole) ? jsonMemberValue(whole, "session") : QByteArrayView();
    if (!isJsonObject(session))
        return {};
    SessionModels models;
    for (JsonParts each(session); each.next();) {
        if (each.name() == "model") {
            models.session = nameIn(each.value());
        } else if (each.name() == "audio") {
            const QByteArrayView input = jsonMemberValue(each.value(), "input");
            models.transcription = nameIn(jsonMemberValue(jsonMemberValue(input, "transcription"), "model"));
            models.heardBytesPerMs = bytesPerMs(jsonMemberValue(input, "format"));
            models.spokenBytesPerMs
                = bytesPerMs(jsonMemberValue(jsonMemberValue(each.value(), "output"), "format"));
        } else if (each.name() == "delegation") {
            for (const QByteArrayView to : {"responses", "decisions"}) {
                const QByteArrayView model = jsonMemberValue(jsonMemberValue(each.value(), to), "model");
                if (!model.isEmpty())
                    models.delegation = nameIn(model);
            }
        } else if (each.name() == "output_audio_format") { // where older servers have it
            models.spokenBytesPerMs = bytesPerMs(each.value());
        } else if (each.name() == "input_audio_format") {
            models.heardBytesPerMs = bytesPerMs(each.value());
        } else if (each.name() == "input_audio_transcription") { // where older servers have it
            models.transcription = nameIn(jsonMemberValue(each.value(), "model"));
        }
    }
    return models;
}

std::optional<int> readSpokenBytesPerMs(QByteArrayView whole)
{
    const QByteArrayView response = isJson(whole) ? jsonMemberValue(whole, "response") : QByteArrayView();
    const QByteArrayView old
        = jsonMemberValue(response, "output_audio_format"); // where older servers have it
    const QByteArrayView format = old.isEmpty()
        ? jsonMemberValue(jsonMemberValue(jsonMemberValue(response, "audio"), "output"), "format")
        : old;
    return format.isEmpty() || isJsonNull(format) ? std::nullopt : std::optional(bytesPerMs(format));
}

qsizetype audioBeginsAt(QByteArrayView start)
{
    return stringBeginsAt(start, "audio");
}

qsizetype deltaBeginsAt(QByteArrayView start)
{
    return stringBeginsAt(start, "delta");
}

} // namespace rr
