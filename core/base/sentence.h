// SPDX-License-Identifier: MIT
#pragma once

#include <QString>

#include <functional>
#include <initializer_list>
#include <variant>
#include <vector>

namespace rr {

/// What is to be said to people, in no language yet: a text and what is filled into it. A plain value that any thread
/// may hold. plain() makes English of it, where it leaves the process; the window makes the reader's language.
///
/// The text is a literal, marked as QT_TRANSLATE_NOOP("Core", "…"), save one without a word in it ("%1: %2"). %1 to %9
/// stand for the arguments, which are filled in all at once, so that what comes from outside may hold a %1 of its own.
struct Sentence
{
    struct Argument;

    const char *text = ""; ///< UTF-8; lives as long as the program
    std::vector<Argument> args;

    Sentence() = default;
    Sentence(const char *words); // NOLINT: a literal is a sentence
    Sentence(const char *words, std::initializer_list<Argument> arguments);

    bool isEmpty() const { return *text == '\0'; }
    bool operator==(const Sentence &other) const;
};

/// What is filled in: text from outside, a name, a path, a port (never translated), a quantity (written as the
/// reader's locale does), or another sentence.
struct Sentence::Argument
{
    std::variant<QString, qint64, Sentence> value;

    Argument(const QString &outside); // NOLINT: so are these
    Argument(qint64 quantity); // NOLINT
    Argument(int quantity); // NOLINT
    Argument(const Sentence &sentence); // NOLINT
    bool operator==(const Argument &other) const = default;
};

/// What others have said, as it is: nothing of it is translated.
Sentence asTheySaid(const QString &text);

/// Both, with a blank between; either may be empty. `joint`: something else than the blank, around %1 and %2.
Sentence joined(const Sentence &first, const Sentence &second, const char *joint = "%1 %2");

/// The same, with every text from outside in it put through `change`.
Sentence changed(Sentence sentence, const std::function<QString(const QString &outside)> &change);

/// In English, for the wire, the journal's lines and whatever else leaves the process.
QString plain(const Sentence &sentence);

/// In a language: what `translate` makes of a text, and `number` of a quantity.
QString inLanguage(const Sentence &sentence, const std::function<QString(const char *text)> &translate,
    const std::function<QString(qint64 quantity)> &number);

} // namespace rr
