// SPDX-License-Identifier: MIT
#pragma once

#include "core/simulator/audioformat.h"

#include <QByteArray>
#include <QJsonObject>
#include <QList>
#include <QMap>
#include <QString>

#include <optional>

namespace rr {

/// One item of a conversation, with what its JSON does not say.
struct ConversationItem
{
    QJsonObject json;
    qint64 audioMs = 0; ///< length of its audio
    QMap<qsizetype, QByteArray> heard{}; ///< the user's audio, raw, by the part of the content it belongs to
    std::optional<AudioFormat>
        spoken{}; ///< of an answer: the audio is the simulator's own speech, from its start

    QString id() const { return json[QStringLiteral("id")].toString(); }
    bool is(QStringView type, QStringView role = {}) const;
    QString text() const; ///< of a message: texts and transcripts, joined
};

/// The items of a call, in order. A plain value.
class Conversation
{
public:
    const QList<ConversationItem> &items() const { return m_items; }
    ConversationItem *find(const QString &id); ///< nullptr when there is none
    bool hasCall(const QString &callId) const; ///< a function_call with this call_id
    QString lastId() const; ///< null when empty

    /// Of all audio that was heard the oldest is forgotten where it is more than this, but never the newest item's.
    static constexpr qsizetype mostHeardBytes = 2 * 1024 * 1024;

    void append(const ConversationItem &item);
    /// Puts the item after the one with this id, or first when that is "root". False when there is no such
    /// item.
    bool insertAfter(const QString &previousId, const ConversationItem &item);
    bool remove(const QString &id); ///< false when there is none
    QString idBefore(const QString &id) const; ///< null for the first

    struct Tokens
    {
        int text = 0;
        int audio = 0;
    };
    /// About what a model would count: a token for four letters, and for 100 ms of audio.
    Tokens tokens() const;

private:
    void forgetOldAudio(const QString &newestId);
    qsizetype indexOf(const QString &id) const; ///< -1 when there is none

    QList<ConversationItem> m_items;
};

} // namespace rr
