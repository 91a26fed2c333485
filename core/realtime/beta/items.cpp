// SPDX-License-Identifier: MIT
#include "core/realtime/beta/items.h"

namespace rr {

namespace {

using WritePart = void (*)(JsonOut &out, QByteArrayView part);

void writeContent(JsonOut &out, QByteArrayView content, WritePart write)
{
    if (!content.startsWith('[')) {
        out += content;
        return;
    }
    JsonWriter to(out, JsonWriter::Array);
    for (JsonParts each(content); each.next();)
        write(to.element(), each.value());
    to.close();
}

/// Under another type, all else as it is.
void writeAs(JsonOut &out, QByteArrayView type, QByteArrayView part)
{
    JsonWriter to(out);
    for (JsonParts each(part); each.next();)
        to.member(each.name(), each.name() == "type" ? type : each.value());
    to.close();
}

void writeAskedPart(JsonOut &out, QByteArrayView part)
{
    if (isJsonString(jsonMemberValue(part, "type"), "text"))
        writeAs(out, "\"input_text\"", part);
    else
        out += part;
}

/// Today's API takes no audio of an assistant: for the history the transcript of what it said is enough.
void writeAnsweredPart(JsonOut &out, QByteArrayView part)
{
    const QByteArrayView type = jsonMemberValue(part, "type");
    const QByteArrayView transcript = jsonMemberValue(part, "transcript");
    if (isJsonString(type, "text")) {
        writeAs(out, "\"output_text\"", part);
    } else if (isJsonString(type, "audio") && isJsonString(transcript)) {
        JsonWriter to(out);
        to.member("type", "\"output_text\"");
        to.member("text", transcript);
        to.close();
    } else if (isJsonString(type, "audio")) {
        writeAs(out, "\"output_audio\"", part);
    } else {
        out += part;
    }
}

} // namespace

void writeItemFromBeta(JsonOut &out, QByteArrayView item)
{
    const QByteArrayView role = jsonMemberValue(item, "role");
    const bool isAnswer = isJsonString(role, "assistant");
    const bool isQuestion = isJsonString(role, "user") || isJsonString(role, "system");
    if (!isJsonString(jsonMemberValue(item, "type"), "message") || !(isAnswer || isQuestion)) {
        out += item;
        return;
    }
    JsonWriter to(out);
    for (JsonParts each(item); each.next();) {
        if (each.name() == "content")
            writeContent(to.member("content"), each.value(), isAnswer ? writeAnsweredPart : writeAskedPart);
        else
            to.member(each.name(), each.value());
    }
    to.close();
}

void writeItemsFromBeta(JsonOut &out, QByteArrayView items)
{
    writeContent(out, items, writeItemFromBeta);
}

bool isNoItemOfBeta(QByteArrayView item)
{
    return jsonMemberValue(item, "type").startsWith("\"mcp_");
}

void writeItemForBeta(JsonOut &out, QByteArrayView item)
{
    if (!isJsonObject(item)) {
        out += item;
        return;
    }
    JsonWriter to(out);
    for (JsonParts each(item); each.next();) {
        if (each.name() == "content")
            writeContent(to.member("content"), each.value(), writePartForBeta);
        else
            to.member(each.name(), each.value());
    }
    if (jsonMemberValue(item, "object").isEmpty())
        to.member("object", "\"realtime.item\"");
    if (jsonMemberValue(item, "status").isEmpty()) // the result of a function
        to.member("status", "\"completed\"");
    to.close();
}

void writeItemsForBeta(JsonOut &out, QByteArrayView items)
{
    JsonWriter to(out, JsonWriter::Array);
    if (items.startsWith('[')) {
        for (JsonParts each(items); each.next();) {
            if (!isNoItemOfBeta(each.value()))
                writeItemForBeta(to.element(), each.value());
        }
    }
    to.close();
}

void writePartForBeta(JsonOut &out, QByteArrayView part)
{
    const QByteArrayView type = jsonMemberValue(part, "type");
    if (isJsonString(type, "output_text"))
        writeAs(out, "\"text\"", part);
    else if (isJsonString(type, "output_audio"))
        writeAs(out, "\"audio\"", part);
    else
        out += part;
}

} // namespace rr
