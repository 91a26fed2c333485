// SPDX-License-Identifier: MIT
#include "core/sharing/sharewords.h"

#include "core/config/originpattern.h"

#include <algorithm>

namespace rr {

using namespace std::chrono_literals;
using namespace Qt::StringLiterals;

namespace {

std::optional<Sentence> fieldProblem(const SharePlan &plan, const Way &way)
{
    for (const Ask &ask : way.ask) {
        const QString value = plan.fields.value(ask.name, ask.preset);
        if (value.isEmpty() && ask.isOptional)
            continue;
        if (value.isEmpty())
            return Sentence(
                QT_TRANSLATE_NOOP("Core", "%1 is missing. For example: %2"), {ask.title, ask.example});
        if (const auto problem = problemOf(ask, value))
            return problem;
    }
    for (const QString &name : plan.fields.keys()) {
        if (std::none_of(way.ask.begin(), way.ask.end(), [&](const Ask &ask) { return ask.name == name; }))
            return Sentence(
                QT_TRANSLATE_NOOP("Core", "The way \"%1\" asks for nothing called \"%2\"."), {way.id, name});
    }
    return {};
}

std::optional<Sentence> originProblem(const QString &text)
{
    const auto pattern = parseOriginPattern(text);
    if (!pattern)
        return Sentence(QT_TRANSLATE_NOOP("Core", "\"%1\" is no origin: %2."),
            {text, originPatternProblem(text).value_or(Sentence())});
    if (pattern->matchesEverything)
        return Sentence(QT_TRANSLATE_NOOP("Core",
            "Not every page may use what is shared: name those that may, such as https://app.example.org, or none where "
            "only programs call."));
    return {};
}

Sentence durationOf(std::chrono::seconds lasts)
{
    if (lasts % 1h == 0s)
        return {QT_TRANSLATE_NOOP("Core", "%1 h"), {qint64(lasts / 1h)}};
    if (lasts % 1min == 0s)
        return {QT_TRANSLATE_NOOP("Core", "%1 min"), {qint64(lasts / 1min)}};
    return {QT_TRANSLATE_NOOP("Core", "%1 s"), {qint64(lasts.count())}};
}

} // namespace

std::optional<Sentence> problemOf(const SharePlan &plan)
{
    const auto way = wayCalled(plan.way);
    if (!way)
        return Sentence(QT_TRANSLATE_NOOP("Core", "There is no way called \"%1\"."), {plan.way});
    if (const auto problem = fieldProblem(plan, *way))
        return problem;
    for (const QString &origin : plan.origins) {
        if (const auto problem = originProblem(origin))
            return problem;
    }
    if (plan.maxCalls < 1 || plan.maxCalls > SharePlan::mostCalls)
        return Sentence(QT_TRANSLATE_NOOP("Core", "All together may have 1 to %1 calls at a time."),
            {SharePlan::mostCalls});
    if (plan.maxCallsPerAddress < 1 || plan.maxCallsPerAddress > plan.maxCalls)
        return Sentence(QT_TRANSLATE_NOOP(
                            "Core", "One address may have 1 to %1 calls at a time, as many as all together."),
            {plan.maxCalls});
    if (plan.lasts < SharePlan::shortest || plan.lasts > SharePlan::longest)
        return Sentence(QT_TRANSLATE_NOOP("Core", "A share lasts from %1 s to %2 days."),
            {qint64(SharePlan::shortest.count()), qint64(SharePlan::longest / 24h)});
    return {};
}

ShareTermsInWords inWords(const SharePlan &plan, const Way &way)
{
    ShareTermsInWords words;
    words.who = plan.origins.isEmpty()
        ? Sentence(QT_TRANSLATE_NOOP("Core",
            "Whoever has the link may call: programs, and the page that the link opens. No other web page may."))
        : Sentence(
            QT_TRANSLATE_NOOP("Core",
                "Whoever has the link may call: programs, the page that the link opens, and pages of %1."),
            {plan.origins.join(u", "_s)});
    words.limits = {QT_TRANSLATE_NOOP("Core", "At most %1 calls at a time, %2 from one address."),
        {plan.maxCalls, plan.maxCallsPerAddress}};
    words.end = {
        QT_TRANSLATE_NOOP("Core",
            "It ends by itself after %1, also while this machine sleeps, and with this program. Stopping it ends its "
            "calls at once."),
        {durationOf(plan.lasts)}};
    words.readers = whatOthersCanRead(way);
    words.openAi = openAiTerms();
    return words;
}

Sentence whatOthersCanRead(const Way &way)
{
    return way.whoReads();
}

Sentence openAiTerms()
{
    return QT_TRANSLATE_NOOP("Core",
        "OpenAI's terms forbid offering access to its services where it does not support them, and it may block accounts "
        "for it. The account at risk is the operator's: yours.");
}

} // namespace rr
