// SPDX-License-Identifier: MIT
#pragma once

#include "core/simulator/conversation.h"

#include <QJsonArray>

namespace rr {

/// What the simulator answers: words, or the call of a tool.
struct Reply
{
    QString text;
    QString tool; ///< name of the function to call; empty for words
    QString arguments; ///< its arguments as JSON
};

/// Calls a function when tool_choice asks for it, on the first user turn, or when the turn's words fit one of
/// the tools; never twice for one turn. Otherwise answers in words.
Reply chooseReply(const Conversation &conversation, const QJsonArray &tools, const QJsonValue &toolChoice);

/// What the simulator pretends to have understood in the caller's `number`th spoken turn.
QString heardTranscript(int number);

/// Splits into words with the blank before them and signs by themselves, as a model's tokens come.
QStringList splitIntoTokens(const QString &text);

} // namespace rr
