// SPDX-License-Identifier: MIT
#include "core/base/sentence.h"

#include <QStringList>

#include <cstring>

namespace rr {

namespace {

QString filled(const QString &text, const QStringList &parts)
{
    QString result;
    result.reserve(text.size());
    for (qsizetype i = 0; i < text.size(); ++i) {
        const int place = text[i] == u'%' && i + 1 < text.size() ? text[i + 1].digitValue() : 0;
        if (place < 1 || place > parts.size()) {
            result += text[i];
        } else {
            result += parts[place - 1];
            ++i;
        }
    }
    return result;
}

} // namespace

Sentence::Sentence(const char *words)
    : text(words)
{
}

Sentence::Sentence(const char *words, std::initializer_list<Argument> arguments)
    : text(words)
    , args(arguments)
{
}

bool Sentence::operator==(const Sentence &other) const
{
    return std::strcmp(text, other.text) == 0 && args == other.args;
}

Sentence::Argument::Argument(const QString &outside)
    : value(outside)
{
}

Sentence::Argument::Argument(qint64 quantity)
    : value(quantity)
{
}

Sentence::Argument::Argument(int quantity)
    : value(qint64(quantity))
{
}

Sentence::Argument::Argument(const Sentence &sentence)
    : value(sentence)
{
}

Sentence asTheySaid(const QString &text)
{
    return text.isEmpty() ? Sentence() : Sentence("%1", {text});
}

Sentence changed(Sentence sentence, const std::function<QString(const QString &outside)> &change)
{
    for (Sentence::Argument &argument : sentence.args) {
        if (auto *outside = std::get_if<QString>(&argument.value))
            *outside = change(*outside);
        else if (auto *part = std::get_if<Sentence>(&argument.value))
            *part = changed(std::move(*part), change);
    }
    return sentence;
}

Sentence joined(const Sentence &first, const Sentence &second, const char *joint)
{
    if (first.isEmpty() || second.isEmpty())
        return first.isEmpty() ? second : first;
    return Sentence(joint, {first, second});
}

QString inLanguage(const Sentence &sentence, const std::function<QString(const char *)> &translate,
    const std::function<QString(qint64)> &number)
{
    if (sentence.isEmpty())
        return {};
    QStringList parts;
    for (const Sentence::Argument &argument : sentence.args) {
        if (const auto *outside = std::get_if<QString>(&argument.value))
            parts.append(*outside);
        else if (const auto *quantity = std::get_if<qint64>(&argument.value))
            parts.append(number(*quantity));
        else
            parts.append(inLanguage(std::get<Sentence>(argument.value), translate, number));
    }
    return filled(translate(sentence.text), parts);
}

QString plain(const Sentence &sentence)
{
    return inLanguage(
        sentence, [](const char *text) { return QString::fromUtf8(text); },
        [](qint64 quantity) { return QString::number(quantity); });
}

} // namespace rr
