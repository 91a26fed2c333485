// SPDX-License-Identifier: MIT
#include "core/simulator/conversationeditor.h"

#include <QJsonArray>

using namespace Qt::StringLiterals;

namespace rr {

namespace {

QJsonValue idOrNull(const QString &id)
{
    return id.isNull() ? QJsonValue() : QJsonValue(id);
}

} // namespace

ApiError ConversationEditor::noSuchItem(const QString &id, const QString &verb)
{
    return {u"item_%1_invalid_item_id"_s.arg(verb),
        u"Cannot %1 item: the item with id '%2' does not exist."_s.arg(verb, id), u"item_id"_s};
}

void ConversationEditor::send(QLatin1StringView type, const QJsonObject &body)
{
    m_stage.send(m_stage.writer.event(type, body));
}

void ConversationEditor::announce(const ConversationItem &item)
{
    const QJsonObject body{
        {u"previous_item_id"_s, idOrNull(m_stage.conversation.idBefore(item.id()))}, {u"item"_s, item.json}};
    send("conversation.item.added"_L1, body);
    send("conversation.item.done"_L1, body);
}

ConversationItem ConversationEditor::madeItem(const QJsonObject &given, AudioFormat format)
{
    if (given[u"type"_s] == "item_reference"_L1) {
        const ConversationItem *item = m_stage.conversation.find(given[u"id"_s].toString());
        return item ? *item : ConversationItem();
    }
    ConversationItem item{given};
    if (given[u"id"_s].toString().isEmpty())
        item.json[u"id"_s] = m_stage.writer.id("item_"_L1);
    if (given[u"type"_s] != "function_call_output"_L1)
        item.json[u"status"_s] = u"completed"_s;
    QJsonArray content = given[u"content"_s].toArray();
    for (qsizetype i = 0; i < content.size(); ++i) {
        QJsonObject part = content[i].toObject();
        if (part.contains(u"audio"_s)) {
            const QByteArray audio = QByteArray::fromBase64(part.take(u"audio"_s).toString().toLatin1());
            item.audioMs += audio.size() / bytesPerMs(format);
            item.heard.insert(i, audio);
            if (!part.contains(u"transcript"_s))
                part[u"transcript"_s] = QJsonValue::Null;
            content[i] = part;
        }
    }
    if (given.contains(u"content"_s))
        item.json[u"content"_s] = content;
    return item;
}

std::optional<ApiError> ConversationEditor::create(const QJsonObject &event, AudioFormat format)
{
    const QJsonObject given = event[u"item"_s].toObject();
    if (given[u"type"_s] == "function_call_output"_L1) {
        const QString callId = given[u"call_id"_s].toString();
        if (!m_stage.conversation.hasCall(callId)) {
            return ApiError{u"invalid_tool_call_id"_s,
                u"Tool call ID '%1' not found in conversation."_s.arg(callId), u"item.call_id"_s};
        }
    }
    const ConversationItem item = madeItem(given, format);
    if (m_stage.conversation.find(item.id())) {
        return ApiError{u"item_create_duplicate_item_id"_s,
            u"Error adding item: an item with id '%1' already exists in the conversation."_s.arg(item.id()),
            u"item.id"_s};
    }
    const QString previous = event[u"previous_item_id"_s].toString();
    if (previous.isEmpty()) {
        m_stage.conversation.append(item);
    } else if (!m_stage.conversation.insertAfter(previous, item)) {
        return ApiError{u"item_create_invalid_previous_item_id"_s,
            u"Error adding item: the previous item with id '%1' does not exist."_s.arg(previous),
            u"previous_item_id"_s};
    }
    announce(item);
    return {};
}

std::optional<ApiError> ConversationEditor::remove(const QJsonObject &event)
{
    const QString id = event[u"item_id"_s].toString();
    if (!m_stage.conversation.remove(id))
        return noSuchItem(id, u"delete"_s);
    send("conversation.item.deleted"_L1, {{u"item_id"_s, id}});
    return {};
}

std::optional<ApiError> ConversationEditor::retrieve(const QJsonObject &event)
{
    const QString id = event[u"item_id"_s].toString();
    const ConversationItem *item = m_stage.conversation.find(id);
    if (!item)
        return noSuchItem(id, u"retrieve"_s);
    QJsonObject json = item->json;
    QJsonArray content = json.value(u"content"_s).toArray();
    for (qsizetype i = 0; i < content.size(); ++i) {
        const QByteArray audio
            = item->spoken ? m_stage.speech.first(*item->spoken, item->audioMs) : item->heard[i];
        if (audio.isEmpty())
            continue;
        QJsonObject part = content[i].toObject();
        part[u"audio"_s] = QString::fromLatin1(audio.toBase64());
        content[i] = part;
    }
    if (!content.isEmpty())
        json[u"content"_s] = content;
    send("conversation.item.retrieved"_L1, {{u"item"_s, json}});
    return {};
}

std::optional<ApiError> ConversationEditor::truncate(const QJsonObject &event)
{
    const QString id = event[u"item_id"_s].toString();
    ConversationItem *item = m_stage.conversation.find(id);
    if (!item)
        return noSuchItem(id, u"truncate"_s);
    if (!item->is(u"message", u"assistant") || item->audioMs == 0 || event[u"content_index"_s].toInt() != 0) {
        return ApiError{u"invalid_value"_s, u"Only the audio of an assistant's message can be truncated."_s,
            u"item_id"_s};
    }
    const qint64 end = event[u"audio_end_ms"_s].toInteger();
    if (end > item->audioMs) {
        return ApiError{u"invalid_value"_s,
            u"Audio content of %1ms is already shorter than %2ms"_s.arg(item->audioMs).arg(end),
            u"audio_end_ms"_s};
    }
    item->audioMs = end;
    item->json[u"content"_s] = QJsonArray{QJsonObject{{u"type"_s, u"output_audio"_s}}};
    send("conversation.item.truncated"_L1,
        {{u"item_id"_s, id}, {u"content_index"_s, 0}, {u"audio_end_ms"_s, end}});
    return {};
}

} // namespace rr
