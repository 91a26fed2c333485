// SPDX-License-Identifier: MIT
#include "core/simulator/reply.h"

#include <QJsonDocument>
#include <QRegularExpression>

#include <array>

using namespace Qt::StringLiterals;

namespace rr {

namespace {

QStringList wordsOf(const QString &text)
{
    return text.toLower().split(QRegularExpression(u"[^\\p{L}\\p{N}]+"_s), Qt::SkipEmptyParts);
}

/// How many words of four letters or more the turn shares with the tool's name and description.
int likeness(const QJsonObject &tool, const QStringList &turn)
{
    const QStringList words = wordsOf(tool[u"name"_s].toString() + u' ' + tool[u"description"_s].toString());
    int shared = 0;
    for (const QString &word : turn)
        shared += word.size() >= 4 && words.contains(word) ? 1 : 0;
    return shared;
}

/// A word of the turn that could be a name: the last one with a capital letter, or just the last one.
QString nameIn(const QString &turn)
{
    static const QRegularExpression word(u"[\\p{L}\\p{N}]+"_s);
    QString last, capital;
    for (auto match = word.globalMatch(turn); match.hasNext();) {
        const QRegularExpressionMatch found = match.next();
        last = found.captured();
        if (found.capturedStart() > 0 && last.at(0).isUpper())
            capital = last;
    }
    return capital.isEmpty() ? last : capital;
}

QJsonValue valueFor(const QJsonObject &schema, const QString &name, const QString &turn, int depth)
{
    for (const QString &given : {u"const"_s, u"default"_s, u"example"_s}) {
        if (schema.contains(given))
            return schema[given];
    }
    for (const QString &list : {u"enum"_s, u"examples"_s}) {
        if (schema[list].isArray() && !schema[list].toArray().isEmpty())
            return schema[list].toArray().first();
    }
    for (const QString &choice : {u"anyOf"_s, u"oneOf"_s}) {
        if (schema[choice].isArray())
            return valueFor(schema[choice].toArray().first().toObject(), name, turn, depth + 1);
    }
    const QJsonValue kind = schema[u"type"_s];
    const QString type = kind.isArray() ? kind.toArray().first().toString() : kind.toString();
    if (type == "integer"_L1 || type == "number"_L1) {
        const auto digits = QRegularExpression(u"\\d+"_s).match(turn);
        return schema.contains(u"minimum"_s) ? schema[u"minimum"_s]
                                             : QJsonValue(digits.hasMatch() ? digits.captured().toInt() : 1);
    }
    if (type == "boolean"_L1)
        return true;
    if (type == "null"_L1 || depth > 8)
        return QJsonValue::Null;
    if (type == "array"_L1)
        return QJsonArray{valueFor(schema[u"items"_s].toObject(), name, turn, depth + 1)};
    if (type == "object"_L1 || schema.contains(u"properties"_s)) {
        QJsonObject object;
        const QJsonObject properties = schema[u"properties"_s].toObject();
        const QJsonArray required = schema[u"required"_s].toArray();
        for (auto property = properties.begin(); property != properties.end(); ++property) {
            if (required.isEmpty() || required.contains(property.key()))
                object[property.key()]
                    = valueFor(property.value().toObject(), property.key(), turn, depth + 1);
        }
        return object;
    }
    const QString found = nameIn(turn);
    return found.isEmpty() ? name : found;
}

Reply callOf(const QJsonObject &tool, const QString &turn)
{
    const QJsonValue arguments = valueFor(tool[u"parameters"_s].toObject(), {}, turn, 0);
    return {{}, tool[u"name"_s].toString(),
        QString::fromUtf8(QJsonDocument(arguments.toObject()).toJson(QJsonDocument::Compact))};
}

/// The function to call for this turn, empty for none.
QJsonObject fittingTool(
    const QJsonArray &tools, const QJsonValue &choice, const QString &turn, bool firstTurn)
{
    if (choice == "none"_L1)
        return {};
    QJsonObject best;
    int bestLikeness = -1;
    const QStringList words = wordsOf(turn);
    for (const QJsonValue &value : tools) {
        const QJsonObject tool = value.toObject();
        if (tool[u"type"_s] != "function"_L1)
            continue;
        if (choice.isObject() && choice[u"name"_s] == tool[u"name"_s])
            return tool;
        if (const int like = likeness(tool, words); like > bestLikeness) {
            best = tool;
            bestLikeness = like;
        }
    }
    return firstTurn || bestLikeness > 0 || choice == "required"_L1 ? best : QJsonObject();
}

QString wordsFor(const ConversationItem &turn)
{
    if (turn.audioMs > 0) {
        return u"I heard you for %1 seconds, loud and clear – this is the simulator speaking, so every "
               u"answer "
               "sounds much like this one."_s.arg(QString::number(double(turn.audioMs) / 1000.0, 'f', 1));
    }
    return u"You wrote “%1”. This is the simulator – no model is behind this answer."_s.arg(
        turn.text().left(200));
}

} // namespace

Reply chooseReply(const Conversation &conversation, const QJsonArray &tools, const QJsonValue &toolChoice)
{
    const ConversationItem *turn = nullptr;
    const ConversationItem *output = nullptr;
    bool called = false;
    int userTurns = 0;
    for (const ConversationItem &item : conversation.items()) {
        if (item.is(u"message", u"user")) {
            turn = &item;
            output = nullptr;
            called = false;
            ++userTurns;
        } else if (item.is(u"function_call")) {
            called = true;
        } else if (item.is(u"function_call_output")) {
            output = &item;
        }
    }
    if (output)
        return {u"The tool answered: %1"_s.arg(output->json[u"output"_s].toString().left(300)), {}, {}};
    const QString text = turn ? turn->text() : QString();
    if (!called) {
        const QJsonObject tool = fittingTool(tools, toolChoice, text, userTurns == 1);
        if (!tool.isEmpty())
            return callOf(tool, text);
    }
    return {turn ? wordsFor(*turn) : u"Hello! This is the simulator – say something, and I will answer."_s,
        {}, {}};
}

QString heardTranscript(int number)
{
    static const std::array sentences{
        u"Hello, can you hear me?"_s,
        u"That sounds good – what can you tell me about it?"_s,
        u"Could you say that once more, please?"_s,
        u"Thank you, that is all I wanted to know."_s,
    };
    return sentences[size_t(number) % sentences.size()];
}

QStringList splitIntoTokens(const QString &text)
{
    static const QRegularExpression token(
        u"\\s*[\\p{L}\\p{N}]+|\\s*[^\\p{L}\\p{N}\\s]|\\s+"_s, QRegularExpression::UseUnicodePropertiesOption);
    QStringList tokens;
    for (auto match = token.globalMatch(text); match.hasNext();)
        tokens.append(match.next().captured());
    return tokens;
}

} // namespace rr
