// SPDX-License-Identifier: MIT
#include "core/store/tokenchecks.h"

#include "core/config/originpattern.h"

#include <algorithm>

namespace rr {

namespace {

constexpr qsizetype longestName = 64;
constexpr qsizetype longestModel = 200;
constexpr qsizetype mostEntries = 200;
constexpr int mostCalls = 1'000'000;
constexpr int mostMinutes = 100'000;
constexpr Money mostMoney = Money::ofPico(1'000'000'000'000'000'000); // a million dollars

RelayError badTerms(const Sentence &why)
{
    return {"bad_terms", {}, why};
}

bool isPrintable(const QString &text)
{
    const auto characters = text.toUcs4();
    return std::all_of(characters.begin(), characters.end(),
        [](char32_t character) { return QChar::isPrint(character) && character != 0xfffd; });
}

QStringList tidied(const QStringList &texts)
{
    QStringList result;
    for (const QString &text : texts) {
        if (const QString trimmed = text.trimmed(); !trimmed.isEmpty() && !result.contains(trimmed))
            result.append(trimmed);
    }
    return result;
}

std::optional<Sentence> listProblem(const AccessTerms &terms)
{
    for (const QString &origin : terms.origins) {
        if (const auto problem = originPatternProblem(origin))
            return Sentence(QT_TRANSLATE_NOOP("Core", "The origin %1 of an access token cannot be: %2."),
                {origin.left(longestModel), *problem});
    }
    for (const QString &model : terms.models) {
        if (model.size() > longestModel || !isPrintable(model) || model.contains(u' ')
            || model.contains(u','))
            return Sentence(
                QT_TRANSLATE_NOOP("Core",
                    "The model %1 of an access token cannot be: a name of at most 200 characters is needed, "
                    "without a blank or a comma."),
                {model.left(longestModel)});
    }
    if (terms.origins.size() > mostEntries || terms.models.size() > mostEntries)
        return Sentence(
            QT_TRANSLATE_NOOP("Core", "An access token has at most %1 origins and as many models."),
            {mostEntries});
    return {};
}

} // namespace

std::optional<RelayError> checkTerms(AccessTerms &terms)
{
    terms.name = terms.name.trimmed();
    terms.origins = tidied(terms.origins);
    terms.models = tidied(terms.models);
    const qsizetype length = terms.name.toUcs4().size();
    if (length < 1 || length > longestName || !isPrintable(terms.name))
        return badTerms(QT_TRANSLATE_NOOP(
            "Core", "The name of an access token has 1 to 64 characters, all of which can be printed."));
    if (const auto problem = listProblem(terms))
        return badTerms(*problem);
    if (terms.callsAtOnce < 0 || terms.callsAtOnce > mostCalls)
        return badTerms(
            {QT_TRANSLATE_NOOP(
                 "Core", "%1 calls at once cannot be: a number from 0, which is no limit, to %2 is needed."),
                {terms.callsAtOnce, mostCalls}});
    if (terms.minutesACall < 0 || terms.minutesACall > mostMinutes)
        return badTerms(
            {QT_TRANSLATE_NOOP(
                 "Core", "%1 minutes a call cannot be: a number from 0, which is no limit, to %2 is needed."),
                {terms.minutesACall, mostMinutes}});
    for (const Money budget : {terms.usdADay, terms.usdInAll}) {
        if (budget < Money() || budget > mostMoney)
            return badTerms(
                {QT_TRANSLATE_NOOP("Core",
                     "A budget of %1 US dollars cannot be: an amount from 0, which is no limit, to a million is "
                     "needed."),
                    {QString::fromLatin1(decimalText(budget, 2))}});
    }
    return {};
}

std::optional<RelayError> checkNewTerms(AccessTerms &terms, const QDateTime &now)
{
    if (terms.expiresAt.isValid() && terms.expiresAt <= now)
        return badTerms(QT_TRANSLATE_NOOP(
            "Core", "The access token would be expired at once: say a later time, or none at all."));
    return checkTerms(terms);
}

} // namespace rr
