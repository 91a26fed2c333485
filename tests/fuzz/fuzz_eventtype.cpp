// SPDX-License-Identifier: MIT
// Whatever an event is: its type is the one of its own JSON, or not known; and never another one for being cut short. The
// bytes are an event.
#include "core/realtime/eventtype.h"
#include "tests/fuzz/require.h"

#include <QJsonDocument>
#include <QJsonObject>

using namespace rr;

namespace {

qsizetype count(const QByteArray &text, QByteArrayView word)
{
    return QByteArrayView(text).count(word);
}

/// The object as Qt reads it, where its reading can be held against ours: no name twice (Qt takes the last), no
/// escapes (ours takes none), nothing that Qt has put in another's place.
QJsonObject readByQt(const QByteArray &event)
{
    if (event.contains('\\') || event.contains('\0') || !QByteArrayView(event).isValidUtf8())
        return {};
    return QJsonDocument::fromJson(event).object();
}

void checkType(const QByteArray &event, EventType type)
{
    const QByteArray name = eventTypeName(type).toByteArray();
    require(!name.isEmpty());
    if (type != unknownEvent) {
        require(event.contains('"' + name + '"'));
        require(sniffEventType(QByteArray("{\"type\":\"" + name + "\"}")) == type);
        require(isAudioFromUpstream(type) == (name.endsWith("audio.delta") && !name.startsWith("input")));
    }
    const QJsonObject object = readByQt(event);
    if (object.isEmpty()
        || count(event, "\"type\"") > count(QJsonDocument(object).toJson(QJsonDocument::Compact), "\"type\""))
        return;
    const QByteArray said = object.value(QLatin1String("type")).toString().toUtf8();
    require(
        type == unknownEvent ? sniffEventType("{\"type\":\"" + said + "\"}") == unknownEvent : said == name);
}

void checkExpiry(const QByteArray &event, std::optional<qint64> seconds)
{
    require(!seconds || (*seconds > 0 && *seconds <= 253'402'300'799));
    const QJsonObject object = readByQt(event);
    const QByteArray written = QJsonDocument(object).toJson(QJsonDocument::Compact);
    if (object.isEmpty() || count(event, "\"session\"") > count(written, "\"session\"")
        || count(event, "\"expires_at\"") > count(written, "\"expires_at\""))
        return;
    const double said
        = object.value(QLatin1String("session")).toObject().value(QLatin1String("expires_at")).toDouble();
    // Nor can a qint64 be made of anything else.
    if (!(said >= 1 && said <= 253'402'300'799.))
        return;
    QByteArray packed = event;
    packed.removeIf([](char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; });
    if (packed.contains("\"expires_at\":" + QByteArray::number(qint64(said)))) // and not as 1.7e9
        require(seconds == qint64(said));
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 1)
        return 0;
    const QByteArray event(reinterpret_cast<const char *>(data) + 1, qsizetype(size - 1));
    const EventType type = sniffEventType(event);
    const std::optional<qint64> expiry = sniffExpiresAt(event);
    checkType(event, type);
    checkExpiry(event, expiry);
    const QByteArrayView start = QByteArrayView(event).first(event.size() * data[0] / 256);
    const EventType ofStart = sniffEventType(start);
    require(ofStart == unknownEvent || ofStart == type);
    const std::optional<qint64> expiryOfStart = sniffExpiresAt(start);
    require(!expiryOfStart || expiryOfStart == expiry);
    return 0;
}
