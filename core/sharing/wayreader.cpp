// SPDX-License-Identifier: MIT
#include "core/sharing/rowmembers.h"
#include "core/sharing/way.h"
#include "core/sharing/waywords.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QLatin1String>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace rr {

namespace {

constexpr QLatin1String system
{
#if defined(Q_OS_WIN)
    "windows"
#elif defined(Q_OS_MACOS)
    "macos"
#else
    "linux"
#endif
};

Ask readAsk(Members row)
{
    using Kind = Ask::Kind;
    Ask ask;
    ask.name = row.text("name"_L1);
    ask.kind = row.oneOf<Kind>("kind"_L1,
        {{"text"_L1, Kind::Text}, {"name"_L1, Kind::Name}, {"number"_L1, Kind::Number},
            {"destination"_L1, Kind::Destination}, {"place"_L1, Kind::Place}, {"address"_L1, Kind::Address},
            {"file"_L1, Kind::File}, {"command"_L1, Kind::Command}, {"secret"_L1, Kind::Secret}},
        Kind::Text);
    ask.title = row.words("name"_L1, ask.name, askTitle(ask.name));
    ask.example = row.textOr("example"_L1);
    ask.preset = row.textOr("preset"_L1);
    ask.isOptional = row.flag("optional"_L1);
    row.nothingElse();
    return ask;
}

WayUrl readUrl(Members row)
{
    using From = WayUrl::From;
    WayUrl url;
    url.from = row.choice<From>("from"_L1, row.text("from"_L1),
        {{"fixed"_L1, From::Fixed}, {"output"_L1, From::Output}, {"http"_L1, From::Http}});
    if (url.from == From::Fixed || row.has("value"_L1))
        url.value = row.text("value"_L1);
    if (url.from == From::Output || row.has("pattern"_L1))
        url.pattern = row.pattern("pattern"_L1, 1);
    url.last = row.flag("last"_L1);
    if (url.from == From::Http) {
        url.address = row.text("address"_L1);
        url.prefix = row.textOr("prefix"_L1);
        if (row.has("pointer"_L1))
            url.pointer = row.text("pointer"_L1);
        else
            url.find = row.pattern("find"_L1, 0);
    }
    row.nothingElse();
    return url;
}

WayReady readReady(Members row)
{
    using From = WayReady::From;
    WayReady ready;
    ready.from = row.choice<From>("from"_L1, row.text("from"_L1),
        {{"url"_L1, From::Url}, {"output"_L1, From::Output}, {"http"_L1, From::Http}});
    if (ready.from == From::Output)
        ready.pattern = row.pattern("pattern"_L1, 0);
    if (ready.from == From::Http) {
        ready.address = row.text("address"_L1);
        ready.status = row.number("status"_L1, 200);
    }
    row.nothingElse();
    return ready;
}

WayFailure readFailure(Members row)
{
    WayFailure failure;
    failure.pattern = QRegularExpression(row.pattern("pattern"_L1, row.has("link"_L1) ? 1 : 0));
    failure.code = row.text("code"_L1);
    row.words("code"_L1, failure.code, wayFailure(failure.code, {}));
    const QJsonArray exits = row.list("exits"_L1);
    for (const QJsonValue &each : exits)
        failure.exits.append(each.toInt());
    failure.isFinal = row.flag("final"_L1);
    failure.isAside = row.flag("aside"_L1);
    failure.restarts = row.flag("restart"_L1);
    failure.wait = std::chrono::seconds(row.number("wait"_L1, 0));
    failure.link = row.number("link"_L1, 0);
    failure.use = row.textOr("use"_L1);
    failure.run = row.textOr("run"_L1);
    const auto env = row.env("env"_L1);
    for (auto each = env.begin(); each != env.end(); ++each)
        failure.env.insert(each.key(), each->value_or(QString()));
    row.nothingElse();
    return failure;
}

void readInstall(Members row, Way &way)
{
    for (const QLatin1String each : {"windows"_L1, "macos"_L1, "linux"_L1, "debian"_L1}) {
        const QString command = row.textOr(each);
        const bool isDebian
            = each == "debian"_L1 && system == "linux"_L1 && QFile::exists(u"/usr/bin/apt-get"_s);
        if (!command.isEmpty() && (each == system || isDebian))
            way.installCommand = command;
    }
    way.installPage = row.textOr("page"_L1);
    row.nothingElse();
}

void readPaths(Members row, Way &way)
{
    for (const QLatin1String each : {"windows"_L1, "macos"_L1, "linux"_L1}) {
        const QStringList paths = row.texts(each);
        if (each == system)
            way.paths = paths;
    }
    row.nothingElse();
}

void readFacts(Members &row, Way &way)
{
    way.tlsEnd = row.oneOf<TlsEnd>("tls"_L1,
        {{"own_server"_L1, TlsEnd::OwnServer}, {"service"_L1, TlsEnd::Service}, {"here"_L1, TlsEnd::Here},
            {"unknown"_L1, TlsEnd::Unknown}},
        TlsEnd::Unknown);
    way.keeper = row.textOr("keeper"_L1);
    if (way.tlsEnd == TlsEnd::Service && way.keeper.isEmpty())
        row.fail(u"\"keeper\" must say whose service ends TLS"_s);
    const QString account = row.text("account"_L1);
    way.account = row.words("account"_L1, account, wayAccount(account));
    const QStringList facts = row.texts("facts"_L1);
    for (const QString &fact : facts)
        way.facts.append(row.words("facts"_L1, fact, wayFact(fact)));
}

/// What stands in braces must be asked for, or be given by the tunnel itself.
void checkPlaceholders(Members &row, const Way &way)
{
    QStringList texts = way.args
        + QStringList{way.program, way.url.value, way.url.pattern, way.url.address, way.ready.address};
    for (const std::optional<QString> &value : way.env)
        texts.append(value.value_or(QString()));
    static const QRegularExpression placeholder(u"\\{([a-z]+)\\}"_s);
    for (const QString &text : std::as_const(texts)) {
        auto found = placeholder.globalMatch(text);
        while (found.hasNext()) {
            const QString name = found.next().captured(1);
            const bool known = name == "port"_L1 || name == "metrics"_L1 || name == "aux"_L1
                || std::any_of(
                    way.ask.begin(), way.ask.end(), [&](const Ask &ask) { return ask.name == name; });
            if (!known)
                row.fail(u"nobody fills in {%1}"_s.arg(name));
        }
    }
    for (const Ask &ask : way.ask) {
        const QString inBraces = u'{' + ask.name + u'}';
        const auto holds = [&](const QString &text) { return text.contains(inBraces); };
        if (std::none_of(texts.begin(), texts.end(), holds))
            row.fail(u"\"%1\" is asked for, and used nowhere"_s.arg(ask.name));
        if (ask.kind == Ask::Kind::Secret && std::any_of(way.args.begin(), way.args.end(), holds))
            row.fail(u"\"%1\" is a secret, and every user of the machine can see \"args\": use \"env\""_s.arg(
                ask.name));
    }
}

Way readWay(Members row, const QList<Way> &before)
{
    Way way;
    way.id = row.text("id"_L1);
    way.title = wayTitle(row.text("title"_L1));
    way.program = row.text("program"_L1);
    way.args = row.texts("args"_L1);
    for (const QJsonValue &each : row.list("ask"_L1))
        way.ask.append(readAsk(Members(each, row.where() + u", \"ask\""_s, row.problem())));
    way.env = row.env("env"_L1);
    way.input = row.oneOf<Way::Stdin>(
        "stdin"_L1, {{"open"_L1, Way::Stdin::Open}, {"null"_L1, Way::Stdin::Null}}, Way::Stdin::Null);
    way.url = readUrl(row.object("url"_L1));
    way.ready = readReady(row.object("ready"_L1));
    if (row.has("settle"_L1)) {
        Members settle = row.object("settle"_L1);
        way.settlesDns = settle.oneOf<bool>("dns"_L1, {{"public"_L1, true}}, false);
        settle.nothingElse();
    }
    for (const QJsonValue &each : row.list("failures"_L1))
        way.failures.append(readFailure(Members(each, row.where() + u", \"failures\""_s, row.problem())));
    for (const QString &each : row.texts("stop"_L1)) {
        way.stop.append(row.choice<Way::Stop>("stop"_L1, each,
            {{"stdin"_L1, Way::Stop::Stdin}, {"interrupt"_L1, Way::Stop::Interrupt},
                {"terminate"_L1, Way::Stop::Terminate}, {"kill"_L1, Way::Stop::Kill}}));
    }
    if (way.stop.isEmpty() || way.stop.last() != Way::Stop::Kill)
        row.fail(u"\"stop\" must end with \"kill\""_s);
    way.grace = std::chrono::seconds(row.number("grace"_L1, 3));
    way.lasts = std::chrono::seconds(row.number("lasts"_L1, 0));
    if (row.has("install"_L1))
        readInstall(row.object("install"_L1), way);
    if (row.has("paths"_L1))
        readPaths(row.object("paths"_L1), way);
    way.onlyWhereFound = row.oneOf<bool>("shown"_L1, {{"where_found"_L1, true}}, false);
    readFacts(row, way);
    for (const QJsonValue &each : row.list("lines"_L1)) {
        const QJsonArray line = each.toArray();
        if (line.size() != 2 || !line[0].isString())
            row.fail(u"\"lines\" must be pairs of a line and what is to be understood"_s);
        way.lines.append({line[0].toString(), line[1].toString()});
    }
    if (row.has("like"_L1)) {
        const QString like = row.text("like"_L1);
        const auto other
            = std::find_if(before.begin(), before.end(), [&](const Way &each) { return each.id == like; });
        if (other == before.end()) {
            row.fail(u"it is like \"%1\", and no row before it is called so"_s.arg(like));
        } else {
            for (const WayFailure &failure : other->failures) {
                if (failure.use.isEmpty()) // that is for the other's users
                    way.failures.append(failure);
            }
            if (way.installCommand.isEmpty() && way.installPage.isEmpty()) {
                way.installCommand = other->installCommand;
                way.installPage = other->installPage;
                way.paths = other->paths;
            }
        }
    }
    row.nothingElse();
    checkPlaceholders(row, way);
    return way;
}

} // namespace

std::variant<QList<Way>, QString> readWays(const QByteArray &json)
{
    QJsonParseError error;
    const QJsonDocument document = QJsonDocument::fromJson(json, &error);
    if (!document.isArray()) {
        return error.error == QJsonParseError::NoError
            ? u"The file must be a list of rows."_s
            : u"The file is no JSON: %1 at byte %2."_s.arg(error.errorString()).arg(error.offset);
    }
    QList<Way> ways;
    QString problem;
    const QJsonArray rows = document.array();
    for (const QJsonValue &each : rows) {
        const QString where
            = u"Row %1 (\"%2\")"_s.arg(ways.size() + 1).arg(each.toObject().value("id"_L1).toString());
        Way way = readWay(Members(each, where, problem), ways);
        if (problem.isEmpty()
            && std::any_of(ways.begin(), ways.end(), [&](const Way &other) { return other.id == way.id; }))
            problem = where + u": another row is called so"_s;
        if (!problem.isEmpty())
            return problem;
        ways.append(std::move(way));
    }
    for (const Way &way : std::as_const(ways)) {
        for (const WayFailure &failure : way.failures) {
            if (!failure.use.isEmpty() && std::none_of(ways.begin(), ways.end(), [&](const Way &other) {
                    return other.id == failure.use;
                }))
                return u"Row \"%1\": it offers \"%2\", and no row is called so"_s.arg(way.id, failure.use);
        }
    }
    return ways;
}

} // namespace rr
