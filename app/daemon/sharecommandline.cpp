// SPDX-License-Identifier: MIT
#include "app/daemon/sharecommandline.h"

#include "core/sharing/way.h"

#include <QRegularExpression>

#include <algorithm>

namespace rr {

using namespace Qt::StringLiterals;

namespace {

class Reader
{
public:
    explicit Reader(const QStringList &arguments)
        : m_arguments(arguments)
    {
    }

    bool atEnd() const { return m_at >= m_arguments.size(); }
    QString next() { return m_arguments[m_at++]; }

    /// The value of an option that is written `--name VALUE` or `--name=VALUE`; nothing where `argument` is another one.
    std::optional<QString> valueOf(const QString &argument, QLatin1String name, QString &problem)
    {
        if (argument.startsWith(name) && argument.size() > name.size() && argument[name.size()] == u'=')
            return argument.mid(name.size() + 1);
        if (argument != name)
            return {};
        if (!atEnd())
            return next();
        problem = u"%1 needs a value behind it."_s.arg(name);
        return QString();
    }

private:
    const QStringList &m_arguments;
    qsizetype m_at = 0;
};

std::optional<int> numberFrom(const QString &text, QLatin1String name, QString &problem)
{
    bool isNumber = false;
    const int number = text.toInt(&isNumber);
    if (isNumber)
        return number;
    if (problem.isEmpty())
        problem = u"%1 takes a number, not \"%2\"."_s.arg(name, text);
    return {};
}

void setField(ShareCommandLine &line, const QString &text)
{
    const qsizetype equals = text.indexOf(u'=');
    if (equals > 0)
        line.fields.insert(text.left(equals), text.mid(equals + 1));
    else if (line.problem.isEmpty())
        line.problem
            = u"--set takes NAME=VALUE; realtime-relayd share --list names what each way asks for."_s;
}

void addOrigins(ShareCommandLine &line, const QString &text)
{
    QStringList origins = line.origins.value_or(QStringList());
    for (const QString &origin : text.split(u',', Qt::SkipEmptyParts))
        origins.append(origin.trimmed());
    line.origins = origins;
}

} // namespace

std::optional<std::chrono::seconds> durationFrom(const QString &text)
{
    static const QRegularExpression form(u"^([0-9]{1,7})([smhd]?)$"_s);
    const auto match = form.match(text);
    if (!match.hasMatch())
        return {};
    const qint64 number = match.captured(1).toLongLong();
    const QString unit = match.captured(2);
    const qint64 seconds = unit == "s"_L1 ? 1 : unit == "m"_L1 ? 60 : unit == "d"_L1 ? 86'400 : 3'600;
    return std::chrono::seconds(number * seconds);
}

ShareCommandLine parseShareCommandLine(const QStringList &arguments)
{
    ShareCommandLine line;
    Reader reader(arguments);
    while (!reader.atEnd() && line.problem.isEmpty()) {
        const QString argument = reader.next();
        if (argument == "--list"_L1) {
            line.list = true;
        } else if (argument == "--yes"_L1) {
            line.yes = true;
        } else if (argument == "--json"_L1) {
            line.json = true;
        } else if (const auto field = reader.valueOf(argument, "--set"_L1, line.problem)) {
            setField(line, *field);
        } else if (const auto origins = reader.valueOf(argument, "--origin"_L1, line.problem)) {
            addOrigins(line, *origins);
        } else if (const auto calls = reader.valueOf(argument, "--calls"_L1, line.problem)) {
            line.maxCalls = numberFrom(*calls, "--calls"_L1, line.problem);
        } else if (const auto each = reader.valueOf(argument, "--calls-per-address"_L1, line.problem)) {
            line.maxCallsPerAddress = numberFrom(*each, "--calls-per-address"_L1, line.problem);
        } else if (const auto time = reader.valueOf(argument, "--for"_L1, line.problem)) {
            line.lasts = durationFrom(*time);
            if (!line.lasts && line.problem.isEmpty())
                line.problem = u"--for takes a time such as 30m, 4h or 2d, not \"%1\"."_s.arg(*time);
        } else if (line.way.isEmpty() && line.rest.isEmpty() && !argument.startsWith(u'-')) {
            line.way = argument;
        } else {
            line.rest.append(argument);
        }
    }
    return line;
}

SharePlan planOf(const ShareCommandLine &line, const std::optional<SharePlan> &last)
{
    SharePlan plan;
    if (last && (line.way.isEmpty() || line.way == last->way))
        plan = *last;
    if (!line.way.isEmpty())
        plan.way = line.way;
    plan.fields.insert(line.fields);
    plan.origins = line.origins.value_or(plan.origins);
    plan.maxCalls = line.maxCalls.value_or(plan.maxCalls);
    plan.maxCallsPerAddress
        = line.maxCallsPerAddress.value_or(std::min(plan.maxCallsPerAddress, plan.maxCalls));
    if (line.lasts) {
        plan.lasts = *line.lasts;
        plan.endsAtMidnight = false;
    }
    return plan;
}

QStringList fieldsToRead(const SharePlan &plan)
{
    QStringList names;
    const auto way = wayCalled(plan.way);
    for (const Ask &ask : way ? way->ask : QList<Ask>()) {
        if (ask.kind == Ask::Kind::Secret && plan.fields.value(ask.name) == "-"_L1)
            names.append(ask.name);
    }
    return names;
}

QString exposedSecret(const ShareCommandLine &line, const SharePlan &plan)
{
    const auto way = wayCalled(plan.way);
    for (const Ask &ask : way ? way->ask : QList<Ask>()) {
        const QString given = line.fields.value(ask.name);
        if (ask.kind == Ask::Kind::Secret && !given.isEmpty() && given != "-"_L1)
            return u"Whoever lists the processes of this machine could read the %1 in the command line. Write --set %1=- and "
                   "give it on standard input."_s.arg(ask.name);
    }
    return {};
}

QString shareUsageText()
{
    return QStringLiteral(
        "realtime-relayd share [WAY] [--set NAME=VALUE] [--origin ORIGIN] [--calls N] [--calls-per-address N] [--for TIME]\n"
        "                      [--yes] [--json] and all of the above\n"
        "                        Run, and be reached from the internet by a tunnel, at an address that is tested from\n"
        "                        outside. Print the link. Without WAY: as it was shared last with this --config FILE.\n"
        "  --list                Show the ways, what each asks for, and whether its program is installed, and exit.\n"
        "  --set NAME=VALUE      Fill in what the way asks for; once for each. A secret is written NAME=- and read from standard\n"
        "                        input.\n"
        "  --origin ORIGIN       Let pages of this origin call; once for each, or with commas. None: programs only.\n"
        "  --calls N             Calls at a time, all together (10).\n"
        "  --calls-per-address N Calls at a time from one address (3).\n"
        "  --for TIME            Until it ends by itself: 30m, 4h (as it is by default), 2d.\n"
        "  --yes                 Take the question before the first share for answered.\n"
        "  --json                Say what happens in lines of JSON.\n"
        "SIGTERM and the like end the share at once, with its calls, and then stop the relay as above. Exit codes as above,\n"
        "0 also when its time is over, 1 also when it needs somebody, 3 when the question was not answered with yes.\n"
        "\n");
}

} // namespace rr
