// SPDX-License-Identifier: MIT
#include "core/simulator/conversation.h"

#include <QJsonArray>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace rr {

bool ConversationItem::is(QStringView type, QStringView role) const
{
    return json[u"type"_s].toString() == type && (role.isNull() || json[u"role"_s].toString() == role);
}

QString ConversationItem::text() const
{
    QStringList texts;
    const QJsonArray parts = json[u"content"_s].toArray();
    for (const QJsonValue &part : parts) {
        for (const QString &member : {u"text"_s, u"transcript"_s}) {
            if (part[member].isString())
                texts.append(part[member].toString());
        }
    }
    return texts.join(u' ');
}

qsizetype Conversation::indexOf(const QString &id) const
{
    const auto found
        = std::find_if(m_items.begin(), m_items.end(), [&](const auto &item) { return item.id() == id; });
    return found == m_items.end() ? -1 : found - m_items.begin();
}

ConversationItem *Conversation::find(const QString &id)
{
    const qsizetype index = indexOf(id);
    return index < 0 ? nullptr : &m_items[index];
}

bool Conversation::hasCall(const QString &callId) const
{
    return std::any_of(m_items.begin(), m_items.end(), [&](const ConversationItem &item) {
        return item.is(u"function_call") && item.json[u"call_id"_s] == callId;
    });
}

QString Conversation::lastId() const
{
    return m_items.isEmpty() ? QString() : m_items.last().id();
}

void Conversation::append(const ConversationItem &item)
{
    m_items.append(item);
    forgetOldAudio(item.id());
}

bool Conversation::insertAfter(const QString &previousId, const ConversationItem &item)
{
    const qsizetype index = indexOf(previousId);
    if (index < 0 && previousId != "root"_L1)
        return false;
    m_items.insert(index + 1, item);
    forgetOldAudio(item.id());
    return true;
}

void Conversation::forgetOldAudio(const QString &newestId)
{
    qsizetype bytes = 0;
    for (const ConversationItem &item : m_items) {
        for (const QByteArray &audio : item.heard)
            bytes += audio.size();
    }
    for (ConversationItem &item : m_items) {
        if (bytes <= mostHeardBytes)
            return;
        if (item.id() == newestId)
            continue;
        for (const QByteArray &audio : item.heard)
            bytes -= audio.size();
        item.heard.clear();
    }
}

bool Conversation::remove(const QString &id)
{
    const qsizetype index = indexOf(id);
    if (index >= 0)
        m_items.removeAt(index);
    return index >= 0;
}

QString Conversation::idBefore(const QString &id) const
{
    const qsizetype index = indexOf(id);
    return index > 0 ? m_items[index - 1].id() : QString();
}

Conversation::Tokens Conversation::tokens() const
{
    Tokens tokens;
    for (const ConversationItem &item : m_items) {
        const qsizetype letters = item.text().size() + item.json[u"arguments"_s].toString().size()
            + item.json[u"output"_s].toString().size();
        tokens.text += int(letters / 4) + 4;
        tokens.audio += int(item.audioMs / 100);
    }
    return tokens;
}

} // namespace rr
