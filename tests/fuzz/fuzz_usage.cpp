// SPDX-License-Identifier: MIT
// Whatever an upstream says of usage: what is read of it is what Qt's reading of the JSON has, never less than nothing, never
// beyond reason, and never more than one of the two that were told. The first byte says of which type the event is taken to be,
// the others are its bytes.
#include "core/realtime/jsontext.h"
#include "core/realtime/prices.h"
#include "core/realtime/usagefact.h"
#include "tests/fuzz/require.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include <algorithm>
#include <array>

using namespace rr;
using namespace Qt::StringLiterals;

namespace {

constexpr qint64 beyondReason = 1'000'000'000'000;

EventType typeFrom(uint8_t byte)
{
    constexpr std::array<const char *, 6> names{"response.done",
        "conversation.item.input_audio_transcription.completed", "session.usage.updated", "session.closed",
        "response.event", "decision.event"};
    return sniffEventType(QByteArray("{\"type\":\"") + names[byte % names.size()] + "\"}");
}

bool hasNameTwice(const QByteArray &event, const QJsonDocument &read)
{
    return event.count("\":") != read.toJson(QJsonDocument::Compact).count("\":");
}

/// As Qt reads it, where that can be held against ours: no name twice, no escapes, no numbers that are written otherwise than as
/// digits, nothing that Qt has put in another's place.
QJsonObject readByQt(const QByteArray &event)
{
    const bool isPlain = !event.contains('\\') && !event.contains('\0') && !event.contains('.')
        && !event.contains("e+") && QByteArrayView(event).isValidUtf8();
    const QJsonDocument read = isPlain ? QJsonDocument::fromJson(event) : QJsonDocument();
    return read.isObject() && !hasNameTwice(event, read) ? read.object() : QJsonObject();
}

qint64 tokens(const QJsonValue &value)
{
    const double number = value.toDouble(-1);
    return number >= 0 && number <= double(beyondReason) ? qint64(number) : 0;
}

void checkAgainstQt(const QByteArray &event, const UsageFact &fact)
{
    // "1e3" and "-0" are none of ours, and numbers of Qt's.
    for (const char c : {'e', 'E', '-'}) {
        for (qsizetype at = event.indexOf(c); at >= 0; at = event.indexOf(c, at + 1)) {
            const bool besideDigit = (at > 0 && event[at - 1] >= '0' && event[at - 1] <= '9')
                || (at + 1 < event.size() && event[at + 1] >= '0' && event[at + 1] <= '9');
            if (besideDigit)
                return;
        }
    }
    const QJsonObject object = isJson(event) ? readByQt(event) : QJsonObject();
    if (object.isEmpty() || fact.of != UsageOf::Response)
        return;
    const QJsonObject usage = object["response"_L1]["usage"_L1].toObject();
    if (usage.contains("input_tokens_details"_L1) || usage.contains("output_tokens_details"_L1))
        return; // the other names, which count as well
    const QJsonObject in = usage["input_token_details"_L1].toObject();
    const qint64 byKind
        = tokens(in["text_tokens"_L1]) + tokens(in["audio_tokens"_L1]) + tokens(in["image_tokens"_L1]);
    require(fact.usage.tokensIn() == std::max(byKind, tokens(usage["input_tokens"_L1])));
    require(fact.usage.audioIn + fact.usage.audioCached == tokens(in["audio_tokens"_L1]));
    require(fact.usage.imageIn + fact.usage.imageCached == tokens(in["image_tokens"_L1]));
    const QJsonObject out = usage["output_token_details"_L1].toObject();
    require(fact.usage.audioOut == tokens(out["audio_tokens"_L1]));
    require(fact.usage.tokensOut()
        == std::max(
            tokens(out["text_tokens"_L1]) + tokens(out["audio_tokens"_L1]) + tokens(out["image_tokens"_L1]),
            tokens(usage["output_tokens"_L1])));
}

void checkFact(const UsageFact &fact)
{
    const Usage &used = fact.usage;
    for (const qint64 count : {used.textIn, used.audioIn, used.imageIn, used.textCached, used.audioCached,
             used.imageCached, used.textOut, used.audioOut, used.ms})
        require(count >= 0 && count <= 3 * beyondReason);
    require(fact.hasUsage || used.isEmpty());
    require(fact.id.size() <= 300 && fact.model.size() <= 128);
    require(!fact.isLast || fact.of == UsageOf::LiveVoice);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 1)
        return 0;
    const EventType type = typeFrom(data[0]);
    const QByteArray event(reinterpret_cast<const char *>(data) + 1, qsizetype(size - 1));
    if (const auto fact = readUsage(type, event)) {
        checkFact(*fact);
        checkAgainstQt(event, *fact);
        // Who would not have read it by its first bytes has missed nothing.
        for (const qsizetype start : {qsizetype(0), event.size() / 4, event.size() / 2, event.size()})
            require(mayTellUsage(type, QByteArrayView(event).first(start)));
    }
    if (const auto models = readSessionModels(event))
        require(models->session.size() <= 128 && models->transcription.size() <= 128);
    const qsizetype audio = audioBeginsAt(event);
    require(audio == -1 || (audio > 0 && audio <= event.size() && event[audio - 1] == '"'));
    Prices::read(event); // a list that somebody has written
    return 0;
}
