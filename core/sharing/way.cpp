// SPDX-License-Identifier: MIT
#include "core/sharing/way.h"

#include <QFile>
#include <QFileInfo>
#include <QProcess>
#include <QUrl>

#include <algorithm>

using namespace Qt::StringLiterals;

// In the namespace of no library: Q_INIT_RESOURCE wants it so.
static void addRows()
{
    Q_INIT_RESOURCE(share);
}

namespace rr {

namespace {

bool matches(const QString &value, const char *pattern)
{
    return QRegularExpression(QRegularExpression::anchoredPattern(QLatin1String(pattern)))
        .match(value)
        .hasMatch();
}

std::optional<Sentence> problemOfPlace(const QString &value)
{
    if (value.startsWith(u'/')) {
        // sun_path holds 108 bytes with the zero behind them (unix(7)).
        if (value.toUtf8().size() > 107 || !matches(value, "[^\\s:]+"))
            return Sentence{
                QT_TRANSLATE_NOOP(
                    "Core", "“%1” cannot be a socket: its path may have 107 bytes, and no blanks or colons."),
                {value}};
        return {};
    }
    if (matches(value, "(127\\.\\d+\\.\\d+\\.\\d+|localhost|\\[::1\\]):[1-9]\\d{0,4}"))
        return {};
    if (matches(value, "\\d+"))
        return Sentence{
            QT_TRANSLATE_NOOP("Core", "Write the address before the port, too: 127.0.0.1:%1."), {value}};
    return Sentence{
        QT_TRANSLATE_NOOP("Core",
            "“%1” is neither a path, such as /run/relay/relay.sock, nor a port that only the server itself reaches, such "
            "as 127.0.0.1:9000. Calls would come there without TLS, so no other may reach it."),
        {value}};
}

std::optional<Sentence> problemOfAddress(const QString &value)
{
    const QUrl url(value.contains("://"_L1) ? value : u"https://"_s + value, QUrl::StrictMode);
    const bool isPlain = url.path().isEmpty() || url.path() == "/"_L1;
    if (url.isValid() && url.scheme() == "https"_L1 && url.host().contains(u'.') && isPlain && !url.hasQuery()
        && !url.hasFragment() && url.userInfo().isEmpty())
        return {};
    return Sentence{QT_TRANSLATE_NOOP("Core",
                        "“%1” is no address of the form https://relay.example.org, with no path behind it."),
        {value}};
}

bool isFileThatCanBeRead(const QString &value)
{
    const QFileInfo info(value);
    return info.isFile() && info.isReadable();
}

} // namespace

std::optional<Sentence> problemOf(const Ask &ask, const QString &value)
{
    using Kind = Ask::Kind;
    if (value.isEmpty()) {
        if (ask.isOptional)
            return {};
        return Sentence{QT_TRANSLATE_NOOP("Core", "“%1” is to be filled in."), {ask.title}};
    }
    const auto isControl = [](QChar c) { return c.category() == QChar::Other_Control; };
    if (value.size() > 1000 || std::any_of(value.begin(), value.end(), isControl))
        return Sentence{QT_TRANSLATE_NOOP("Core", "“%1” is too long, or has characters that cannot be seen."),
            {ask.title}};
    // Programs take it for an option of theirs, of which some run commands.
    if (value.startsWith(u'-'))
        return Sentence{QT_TRANSLATE_NOOP("Core", "“%1” may not begin with a hyphen."), {ask.title}};
    switch (ask.kind) {
    case Kind::Text:
        return {};
    case Kind::Name:
        if (matches(value, "[A-Za-z0-9][A-Za-z0-9._-]*"))
            return {};
        return Sentence{
            QT_TRANSLATE_NOOP("Core", "“%1” takes letters, digits, and . _ - between them."), {ask.title}};
    case Kind::Number:
        if (matches(value, "[1-9]\\d{0,4}") && value.toInt() <= 65535)
            return {};
        return Sentence{QT_TRANSLATE_NOOP("Core", "“%1” takes a port, from 1 to 65535."), {ask.title}};
    case Kind::Destination:
        if (matches(value, "[^\\s@]+(@[^\\s@]+)?"))
            return {};
        return Sentence{
            QT_TRANSLATE_NOOP("Core", "“%1” takes user@server, or a Host of your SSH configuration."),
            {ask.title}};
    case Kind::Place:
        return problemOfPlace(value);
    case Kind::Address:
        return problemOfAddress(value);
    case Kind::File:
        if (isFileThatCanBeRead(value))
            return {};
        return Sentence{QT_TRANSLATE_NOOP("Core", "“%1”: there is no such file that can be read."), {value}};
    case Kind::Command:
        if (!QProcess::splitCommand(value).isEmpty())
            return {};
        return Sentence{QT_TRANSLATE_NOOP("Core", "“%1” is to be filled in."), {ask.title}};
    case Kind::Secret:
        if (matches(value, "\\S+"))
            return {};
        return Sentence{QT_TRANSLATE_NOOP("Core", "“%1” has blanks in it, which no token has."), {ask.title}};
    }
    return {};
}

QUrl publicAddress(const QString &text)
{
    QUrl url(text.contains("://"_L1) ? text : u"https://"_s + text, QUrl::StrictMode);
    if (!url.isValid() || url.scheme() != "https"_L1 || url.host().isEmpty())
        return {};
    QUrl result;
    result.setScheme(url.scheme());
    result.setHost(url.host());
    if (url.port(443) != 443)
        result.setPort(url.port());
    return result;
}

QList<Way> builtInWays()
{
    addRows();
    QFile file(u":/share/ways.json"_s);
    if (!file.open(QIODevice::ReadOnly))
        qFatal("The ways to share are not in this program.");
    auto ways = readWays(file.readAll());
    if (const QString *const problem = std::get_if<QString>(&ways))
        qFatal("The ways to share: %s", qPrintable(*problem));
    return std::get<QList<Way>>(std::move(ways));
}

std::optional<Way> wayCalled(const QString &id)
{
    const QList<Way> ways = builtInWays();
    const auto way = std::find_if(ways.begin(), ways.end(), [&](const Way &each) { return each.id == id; });
    return way == ways.end() ? std::nullopt : std::optional(*way);
}

Sentence Way::whoReads() const
{
    switch (tlsEnd) {
    case TlsEnd::OwnServer:
        return QT_TRANSLATE_NOOP("Core",
            "TLS ends on your own server: nobody but you can read what passes. Callers' keys and tokens are "
            "among it.");
    case TlsEnd::Service:
        return {QT_TRANSLATE_NOOP("Core",
                    "%1 can read what passes: callers' keys and tokens, what is said and what is answered. "
                    "Give out nothing but access tokens and ephemeral keys."),
            {keeper}};
    case TlsEnd::Here:
        return QT_TRANSLATE_NOOP("Core", "TLS ends on this machine: nobody on the way can read what passes.");
    case TlsEnd::Unknown:
        break;
    }
    return QT_TRANSLATE_NOOP("Core",
        "Whoever ends TLS for this address can read what passes: callers' keys and tokens, what is said and "
        "what is answered.");
}

} // namespace rr
