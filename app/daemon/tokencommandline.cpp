// SPDX-License-Identifier: MIT
#include "app/daemon/tokencommandline.h"

#include "core/config/settingchecks.h"
#include "core/config/settingvalue.h"
#include "core/config/usd.h"

#include <QDate>
#include <QRegularExpression>

#include <algorithm>
#include <functional>

namespace rr {

using namespace Qt::StringLiterals;

namespace {

constexpr auto noLimit = "none"_L1;

std::optional<int> countFrom(const QString &text)
{
    if (text == noLimit)
        return 0;
    bool isNumber = false;
    const int number = text.toInt(&isNumber);
    return isNumber && number > 0 ? std::optional(number) : std::nullopt;
}

std::optional<Money> budgetFrom(const QString &text)
{
    QString amount = text;
    if (text == noLimit)
        return Money();
    if (amount.isEmpty() || checkBudget(amount))
        return {};
    return readUsd(amount);
}

std::optional<QStringList> modelsFrom(const QString &text)
{
    static const QRegularExpression model(u"^[A-Za-z0-9._:/@-]{1,128}$"_s);
    QStringList models;
    for (const QString &each : text == noLimit ? QStringList() : text.split(u',')) {
        if (!model.match(each.trimmed()).hasMatch())
            return {};
        models.append(each.trimmed());
    }
    return models;
}

std::optional<QStringList> originsFrom(const QString &text)
{
    QStringList origins;
    for (const QString &each : text == noLimit ? QStringList() : text.split(u',')) {
        QString origin = each.trimmed();
        if (checkOriginPattern(origin))
            return {};
        origins.append(origin);
    }
    return origins;
}

/// As it stands in a log, a table and a metric's label.
std::optional<QString> nameFrom(const QString &text)
{
    constexpr qsizetype longest = 64;
    const bool isName = !text.isEmpty() && text.size() <= longest && text == text.trimmed()
        && !text.startsWith(u'-')
        && std::all_of(text.cbegin(), text.cend(), [](QChar c) { return c.isPrint(); });
    return isName ? std::optional(text) : std::nullopt;
}

struct TokenOption
{
    QLatin1String name;
    const char *takes; ///< in words
    std::function<bool(TokenCommandLine &, const QString &, const QDateTime &)>
        set; ///< false: the value is none
};

const TokenOption *findOption(const QString &name)
{
    static const TokenOption options[] = {
        {"--name"_L1, "a name of 1 to 64 characters",
            [](TokenCommandLine &line, const QString &text, const QDateTime &) {
                line.newName = nameFrom(text);
                return line.newName.has_value();
            }},
        {"--expires"_L1,
            "a time such as 12h, 7d or 4w from now, a day such as 2026-12-31 that is not over, or never",
            [](TokenCommandLine &line, const QString &text, const QDateTime &now) {
                line.expiresAt = expiryFrom(text, now);
                return line.expiresAt.has_value();
            }},
        {"--models"_L1, "names of models, comma separated, or none for no limit",
            [](TokenCommandLine &line, const QString &text, const QDateTime &) {
                line.models = modelsFrom(text);
                return line.models.has_value();
            }},
        {"--origins"_L1, "origins such as https://app.example.org, comma separated, or none for no limit",
            [](TokenCommandLine &line, const QString &text, const QDateTime &) {
                line.origins = originsFrom(text);
                return line.origins.has_value();
            }},
        {"--calls"_L1, "a number of calls, or none for no limit",
            [](TokenCommandLine &line, const QString &text, const QDateTime &) {
                line.callsAtOnce = countFrom(text);
                return line.callsAtOnce.has_value();
            }},
        {"--minutes"_L1, "a number of minutes, or none for no limit",
            [](TokenCommandLine &line, const QString &text, const QDateTime &) {
                line.minutesACall = countFrom(text);
                return line.minutesACall.has_value();
            }},
        {"--usd-a-day"_L1, "US dollars such as 5 or 0.25, or none for no budget",
            [](TokenCommandLine &line, const QString &text, const QDateTime &) {
                line.usdADay = budgetFrom(text);
                return line.usdADay.has_value();
            }},
        {"--usd-in-all"_L1, "US dollars such as 20 or 0.25, or none for no budget",
            [](TokenCommandLine &line, const QString &text, const QDateTime &) {
                line.usdInAll = budgetFrom(text);
                return line.usdInAll.has_value();
            }},
    };
    const auto found = std::find_if(std::begin(options), std::end(options),
        [&](const TokenOption &option) { return option.name == name; });
    return found == std::end(options) ? nullptr : found;
}

void takeVerb(TokenCommandLine &line, const QString &word)
{
    if (word == "add"_L1)
        line.verb = TokenCommandLine::Add;
    else if (word == "list"_L1)
        line.verb = TokenCommandLine::List;
    else if (word == "revoke"_L1)
        line.verb = TokenCommandLine::Revoke;
    else if (word == "set"_L1)
        line.verb = TokenCommandLine::Set;
    else
        line.problem = u"Behind token stands add, list, revoke or set, not \"%1\"."_s.arg(printable(word));
}

/// What does not go together.
QString problemOf(const TokenCommandLine &line)
{
    switch (line.verb) {
    case TokenCommandLine::None:
        return u"Behind token stands add, list, revoke or set."_s;
    case TokenCommandLine::List:
        return line.saysTerms() || !line.name.isEmpty()
            ? u"token list lists them all: it takes no name and no limits."_s
            : QString();
    case TokenCommandLine::Revoke:
        if (line.saysTerms())
            return u"token revoke takes a name alone."_s;
        break;
    case TokenCommandLine::Add:
        if (line.newName)
            return u"token add takes the name without --name, which is for token set."_s;
        break;
    case TokenCommandLine::Set:
        if (!line.name.isEmpty() && !line.saysTerms())
            return u"Say what is to be changed of it, such as --usd-a-day 5; --help lists what there is."_s;
        break;
    }
    return line.name.isEmpty() ? u"The name of the access token is missing."_s : QString();
}

} // namespace

bool TokenCommandLine::saysTerms() const
{
    return newName || expiresAt || models || origins || callsAtOnce || minutesACall || usdADay || usdInAll;
}

std::optional<QDateTime> expiryFrom(const QString &text, const QDateTime &now)
{
    static const QRegularExpression span(u"^([0-9]{1,5})([mhdw])$"_s);
    static const QRegularExpression day(u"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"_s);
    static const QRegularExpression moment(u"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(:[0-9]{2})?Z$"_s);
    if (text == "never"_L1)
        return QDateTime();
    QDateTime at;
    if (const auto match = span.match(text); match.hasMatch()) {
        const QString unit = match.captured(2);
        const qint64 seconds = unit == "m"_L1 ? 60
            : unit == "h"_L1                  ? 3'600
            : unit == "d"_L1                  ? 86'400
                                              : 7 * 86'400;
        at = now.addSecs(match.captured(1).toLongLong() * seconds);
    } else if (day.match(text).hasMatch()) {
        at = QDateTime::fromString(text + "T00:00:00Z"_L1, Qt::ISODate).addDays(1);
    } else if (moment.match(text).hasMatch()) {
        at = QDateTime::fromString(text, Qt::ISODate);
    }
    return at.isValid() && at > now ? std::optional(at) : std::nullopt;
}

TokenCommandLine parseTokenCommandLine(const QStringList &arguments, const QDateTime &now)
{
    TokenCommandLine line;
    bool asksForHelp = false;
    for (qsizetype i = 0; i < arguments.size() && line.problem.isEmpty(); ++i) {
        const QString &argument = arguments[i];
        const QString name = argument.section(u'=', 0, 0);
        if (argument == "--json"_L1) {
            line.json = true;
        } else if (const TokenOption *option = findOption(name)) {
            const bool joined = name != argument;
            if (!joined && i + 1 == arguments.size()) {
                line.problem = u"%1 needs a value behind it."_s.arg(name);
                break;
            }
            const QString value = joined ? argument.section(u'=', 1) : arguments[++i];
            if (!option->set(line, value, now))
                line.problem = u"%1 takes %2, not \"%3\"."_s.arg(
                    name, QString::fromLatin1(option->takes), printable(value));
        } else if (line.rest.isEmpty() && !argument.startsWith(u'-') && line.verb == TokenCommandLine::None) {
            takeVerb(line, argument);
        } else if (line.rest.isEmpty() && !argument.startsWith(u'-') && line.name.isEmpty()) {
            const auto token = nameFrom(argument);
            line.name = token.value_or(QString());
            if (!token)
                line.problem
                    = u"The name of an access token has 1 to 64 characters that can be seen, and none is a line "
                      "feed or the like."_s;
        } else {
            asksForHelp
                = asksForHelp || argument == "--help"_L1 || argument == "-h"_L1 || argument == "--version"_L1;
            line.rest.append(argument);
        }
    }
    if (line.problem.isEmpty() && !asksForHelp)
        line.problem = problemOf(line);
    return line;
}

AccessTerms changed(AccessTerms terms, const TokenCommandLine &line)
{
    terms.name = line.newName.value_or(terms.name);
    terms.expiresAt = line.expiresAt.value_or(terms.expiresAt);
    terms.models = line.models.value_or(terms.models);
    terms.origins = line.origins.value_or(terms.origins);
    terms.callsAtOnce = line.callsAtOnce.value_or(terms.callsAtOnce);
    terms.minutesACall = line.minutesACall.value_or(terms.minutesACall);
    terms.usdADay = line.usdADay.value_or(terms.usdADay);
    terms.usdInAll = line.usdInAll.value_or(terms.usdInAll);
    return terms;
}

QString tokenUsageText()
{
    return QStringLiteral(
        "realtime-relayd token add NAME [--expires TIME] [--models LIST] [--origins LIST] [--calls N] [--minutes N]\n"
        "                      [--usd-a-day USD] [--usd-in-all USD] [--json] [options above]\n"
        "realtime-relayd token set NAME [the same] [--name NAME]\n"
        "realtime-relayd token revoke NAME\n"
        "realtime-relayd token list [--json]\n"
        "Keep the access tokens in the store of STORE_URL: those who present one are served with the relay's own key\n"
        "(OPENAI_API_KEY), within its limits. Relays that run on that store obey within two seconds. add prints the\n"
        "token, which is shown this once, and the lines for a frontend. revoke is for ever, and ends its calls.\n"
        "\n"
        "  --expires TIME        From now on: 30m, 12h, 7d, 4w; to the end of a day, in UTC: 2026-12-31; never (as it is\n"
        "                        by default).\n"
        "  --models LIST         These models alone, comma separated; none: any.\n"
        "  --origins LIST        Pages of these origins alone, of those that ALLOWED_ORIGINS lets in; none: any.\n"
        "  --calls N             Calls at a time, at one relay; none: any number.\n"
        "  --minutes N           The longest call; none: as SESSION_LIMIT has it.\n"
        "  --usd-a-day USD       What may be spent in a day of UTC, over all relays; none: no budget.\n"
        "  --usd-in-all USD      What may be spent in all; none: no budget.\n"
        "  --name NAME           Another name.\n"
        "  --json                Say it as JSON.\n"
        "Exit codes: 0 done, 1 the store cannot be opened or reached, 2 bad command line or settings, 3 there is no such\n"
        "token, or the store does not take it so (its name is taken).\n"
        "\n");
}

} // namespace rr
