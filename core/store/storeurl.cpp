// SPDX-License-Identifier: MIT
#include "core/store/storeurl.h"

#include <QDir>
#include <QFileInfo>
#include <QStringList>
#include <QUrl>

#include <algorithm>
#include <array>
#include <optional>

namespace rr {

using namespace Qt::StringLiterals;

namespace {

constexpr std::array sslModes{
    "disable"_L1, "allow"_L1, "prefer"_L1, "require"_L1, "verify-ca"_L1, "verify-full"_L1};

RelayError badUrl(const Sentence &why)
{
    return {"store_url", "storeUrl",
        joined(why,
            QT_TRANSLATE_NOOP(
                "Core", "Write sqlite:FILE or postgresql://USER:PASSWORD@HOST:PORT/NAME as STORE_URL."))};
}

QString decoded(QStringView text)
{
    return QUrl::fromPercentEncoding(text.toUtf8());
}

/// "host", "host:port", "[::1]:port"
std::optional<RelayError> readPlace(QStringView place, StoreUrl &url)
{
    QStringView host = place;
    QStringView port;
    const qsizetype bracket = place.startsWith(u'[') ? place.indexOf(u']') : -1;
    const qsizetype colon = place.indexOf(u':', qMax(bracket, qsizetype(0)));
    if (colon >= 0) {
        host = place.first(colon);
        port = place.sliced(colon + 1);
    }
    url.host = bracket > 0 ? host.mid(1, bracket - 1).toString() : decoded(host);
    if (port.isEmpty())
        return {};
    bool isNumber = false;
    url.port = port.toUShort(&isNumber);
    if (!isNumber || url.port == 0)
        return badUrl(
            {QT_TRANSLATE_NOOP("Core", "STORE_URL has a port that is none: %1."), {port.toString()}});
    return {};
}

std::optional<RelayError> readOption(QStringView option, StoreUrl &url)
{
    const qsizetype sign = option.indexOf(u'=');
    const QString name = decoded(option.first(qMax(sign, qsizetype(0))));
    const QString value = decoded(option.sliced(sign + 1));
    if (name == "sslmode"_L1) {
        url.sslMode = value;
        if (std::find(sslModes.begin(), sslModes.end(), value) == sslModes.end())
            return badUrl(
                {QT_TRANSLATE_NOOP("Core",
                     "STORE_URL has an sslmode that PostgreSQL does not know: %1. It knows disable, allow, "
                     "prefer, require, verify-ca and verify-full."),
                    {value}});
    } else if (name == "sslrootcert"_L1) {
        url.sslRootCert = value;
        if (value.contains(u';')) // which Qt takes for the end of it
            return badUrl(
                QT_TRANSLATE_NOOP("Core", "In STORE_URL the name of the sslrootcert has a semicolon."));
    } else if (name == "host"_L1) { // as libpq has it: for a socket's folder
        url.host = value;
    } else {
        return badUrl(
            {QT_TRANSLATE_NOOP(
                 "Core", "STORE_URL has an option that is not known: %1. There are sslmode and sslrootcert."),
                {name}});
    }
    return {};
}

std::variant<StoreUrl, RelayError> parsePostgres(QStringView rest)
{
    StoreUrl url;
    url.engine = StoreUrl::Engine::Postgres;
    const qsizetype question = rest.indexOf(u'?');
    const QStringView options = question < 0 ? QStringView() : rest.sliced(question + 1);
    rest = question < 0 ? rest : rest.first(question);
    const qsizetype slash = rest.indexOf(u'/');
    QStringView authority = slash < 0 ? rest : rest.first(slash);
    url.database = slash < 0 ? QString() : decoded(rest.sliced(slash + 1));
    if (const qsizetype at = authority.lastIndexOf(u'@'); at >= 0) {
        const QStringView who = authority.first(at);
        const qsizetype colon = who.indexOf(u':');
        url.user = decoded(colon < 0 ? who : who.first(colon));
        url.password = colon < 0 ? QString() : decoded(who.sliced(colon + 1));
        authority = authority.sliced(at + 1);
    }
    if (const auto error = readPlace(authority, url))
        return *error;
    for (const QStringView option : options.split(u'&', Qt::SkipEmptyParts)) {
        if (const auto error = readOption(option, url))
            return *error;
    }
    if (url.database.isEmpty())
        return badUrl(QT_TRANSLATE_NOOP("Core", "STORE_URL does not say which database of the server."));
    return url;
}

} // namespace

std::variant<StoreUrl, RelayError> parseStoreUrl(const QString &text)
{
    const QString url = text.trimmed();
    if (url.startsWith("sqlite:"_L1, Qt::CaseInsensitive)) {
        QString file = url.mid(7);
        if (file.startsWith("///"_L1))
            file = file.mid(2);
        if (file.isEmpty() || file.endsWith(u'/') || file.contains(QChar(0))
            || file.startsWith(":memory:"_L1))
            return badUrl(
                QT_TRANSLATE_NOOP("Core", "STORE_URL does not name the file of SQLite's database."));
        StoreUrl result;
        result.file = QDir::cleanPath(QFileInfo(file).absoluteFilePath());
        return result;
    }
    for (const QLatin1String scheme : {"postgresql://"_L1, "postgres://"_L1}) {
        if (url.startsWith(scheme, Qt::CaseInsensitive))
            return parsePostgres(QStringView(url).sliced(scheme.size()));
    }
    return badUrl(QT_TRANSLATE_NOOP("Core", "STORE_URL names no database that can be a store."));
}

QString StoreUrl::shown() const
{
    if (engine == Engine::Sqlite)
        return u"sqlite:"_s + QDir::toNativeSeparators(file);
    const QString place = host.contains(u':') ? u'[' + host + u']' : host;
    return u"postgresql://"_s + (user.isEmpty() ? QString() : user + u'@') + place
        + (port == 5432 ? QString() : u':' + QString::number(port)) + u'/' + database;
}

QString StoreUrl::clean(const QString &said) const
{
    // What follows the first line may show what stands in a row.
    QString line = said.trimmed().section(u'\n', 0, 0).simplified().left(300);
    for (const QLatin1String prefix : {"ERROR: "_L1, "FATAL: "_L1, "PANIC: "_L1}) {
        if (line.startsWith(prefix))
            line = line.mid(prefix.size()).trimmed();
    }
    if (!password.isEmpty())
        line.replace(password, u"…"_s);
    while (line.endsWith(u'.'))
        line.chop(1);
    return line;
}

} // namespace rr
