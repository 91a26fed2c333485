// SPDX-License-Identifier: MIT
#include "core/config/settingstable.h"

#include "core/config/settingchecks.h"

#include <QStringList>

using namespace Qt::StringLiterals;

namespace rr {

namespace {

using enum SettingGroup;
using enum SettingKind;

constexpr QLatin1String logLevels[] = {"debug"_L1, "info"_L1, "warning"_L1, "error"_L1};
constexpr QLatin1String logFormats[] = {"text"_L1, "json"_L1};

constexpr const char *readableFile = "the path of a file that can be read, or empty";
// Short enough for a demonstration, long enough that seconds given by mistake (30 for 30000) are noticed.
constexpr qint64 shortestMs = 100;
constexpr qint64 tenMinutesMs = 600'000;
constexpr qint64 oneDayMs = 86'400'000;

// clang-format off
const SettingSpec table[] = {
    {.key = "host"_L1, .group = Network, .kind = Address, .member = &Settings::host,
     .allowed = "an IPv4 or IPv6 address of this machine, or localhost",
     .check = checkListenAddress, .apply = SettingApply::ListenAnew,
     .help = QT_TRANSLATE_NOOP("Settings", "The address to listen on: 127.0.0.1 for this machine only, 0.0.0.0 for "
                               "every network it is in, :: for IPv6 as well.")},
    {.key = "port"_L1, .group = Network, .kind = Number, .member = &Settings::port,
     .minimum = 1, .maximum = 65535, .zeroMeans = QT_TRANSLATE_NOOP("Settings", "any free port"),
     .apply = SettingApply::ListenAnew,
     .help = QT_TRANSLATE_NOOP("Settings", "The TCP port to listen on.")},
    {.key = "tlsCertFile"_L1, .group = Network, .kind = File, .member = &Settings::tlsCertFile,
     .allowed = readableFile, .check = checkReadableFile, .apply = SettingApply::ListenAnew,
     .help = QT_TRANSLATE_NOOP("Settings", "The relay's certificate with its chain, as PEM. With it and its key, "
                               "clients connect with wss://; set both or neither.")},
    {.key = "tlsKeyFile"_L1, .group = Network, .kind = File, .member = &Settings::tlsKeyFile,
     .allowed = readableFile, .check = checkReadableFile, .apply = SettingApply::ListenAnew,
     .help = QT_TRANSLATE_NOOP("Settings", "The private key of the certificate, as PEM.")},
    {.key = "trustedProxies"_L1, .group = Network, .kind = List, .member = &Settings::trustedProxies,
     .allowed = "addresses or subnets such as 10.0.0.0/8, comma separated, or empty",
     .check = checkTrustedProxy,
     .help = QT_TRANSLATE_NOOP("Settings", "The reverse proxies in front of the relay. Only from these is "
                               "X-Forwarded-For believed.")},

    {.key = "upstreamUrl"_L1, .group = Upstream, .kind = Url, .member = &Settings::upstreamUrl,
     .allowed = "wss://HOST/PATH or ws://HOST/PATH, without a query",
     .check = checkUpstreamUrl,
     .help = QT_TRANSLATE_NOOP("Settings", "The Realtime API to relay to. It has no query of its own: the client's is "
                               "forwarded as received.")},
    {.key = "upstreamCaFile"_L1, .group = Upstream, .kind = File, .member = &Settings::upstreamCaFile,
     .allowed = readableFile, .check = checkReadableFile,
     .help = QT_TRANSLATE_NOOP("Settings", "Certificate authorities (PEM) to trust for the upstream, in the place of "
                               "the system's.")},
    {.key = "upstreamProxy"_L1, .group = Upstream, .kind = Url, .member = &Settings::upstreamProxy,
     .allowed = "http://HOST:PORT or socks5://HOST:PORT, with USER:PASSWORD@ before the host if needed, or empty",
     .check = checkUpstreamProxy, .secret = true,
     .help = QT_TRANSLATE_NOOP("Settings", "The proxy through which the upstream is reached. When empty, HTTPS_PROXY "
                               "and NO_PROXY of the environment are honoured.")},
    {.key = "connectTimeout"_L1, .group = Upstream, .kind = Duration, .member = &Settings::connectTimeout,
     .minimum = shortestMs, .maximum = tenMinutesMs,
     .help = QT_TRANSLATE_NOOP("Settings", "How long reaching the upstream may take, its answer to the handshake "
                               "included.")},

    {.key = "allowedOrigins"_L1, .group = Admission, .kind = List, .member = &Settings::allowedOrigins,
     .allowed = "origins such as https://app.example.org, https://*.example.org, http://localhost:* or *, "
                "comma separated",
     .check = checkOriginPattern,
     .help = QT_TRANSLATE_NOOP("Settings", "The web pages that may use the relay, by their origin; * is every page. "
                               "Programs that are no browsers send no origin and are let in.")},
    {.key = "maxConnections"_L1, .group = Admission, .kind = Number, .member = &Settings::maxConnections,
     .minimum = 1, .maximum = 100'000,
     .help = QT_TRANSLATE_NOOP("Settings", "How many sessions may be open at once. More are refused with 503.")},
    {.key = "maxConnectionsPerIp"_L1, .group = Admission, .kind = Number,
     .member = &Settings::maxConnectionsPerIp,
     .minimum = 1, .maximum = 100'000, .zeroMeans = QT_TRANSLATE_NOOP("Settings", "no limit"),
     .help = QT_TRANSLATE_NOOP("Settings", "How many sessions one client address may have open at once. More are "
                               "refused with 429.")},
    {.key = "connectionRatePerIp"_L1, .group = Admission, .kind = Number,
     .member = &Settings::connectionRatePerIp,
     .minimum = 1, .maximum = 100'000, .zeroMeans = QT_TRANSLATE_NOOP("Settings", "no limit"),
     .help = QT_TRANSLATE_NOOP("Settings", "How many new sessions one client address may open a minute. More are "
                               "refused with 429.")},

    {.key = "heartbeatInterval"_L1, .group = Sessions, .kind = Duration, .member = &Settings::heartbeatInterval,
     .minimum = shortestMs, .maximum = oneDayMs, .zeroMeans = QT_TRANSLATE_NOOP("Settings", "no heartbeat"),
     .help = QT_TRANSLATE_NOOP("Settings", "How often each side is pinged. A side that answers nothing for two "
                               "intervals is dead, and its session ends.")},
    {.key = "inactivityTimeout"_L1, .group = Sessions, .kind = Duration, .member = &Settings::inactivityTimeout,
     .minimum = shortestMs, .maximum = oneDayMs, .zeroMeans = QT_TRANSLATE_NOOP("Settings", "never"),
     .help = QT_TRANSLATE_NOOP("Settings", "A session without a message for this long is closed with 4408.")},
    {.key = "sessionLimit"_L1, .group = Sessions, .kind = Duration, .member = &Settings::sessionLimit,
     .minimum = shortestMs, .maximum = oneDayMs, .zeroMeans = QT_TRANSLATE_NOOP("Settings", "no limit"),
     .help = QT_TRANSLATE_NOOP("Settings", "A session that has lasted this long is closed with 4409. OpenAI itself "
                               "ends sessions after 60 minutes.")},
    {.key = "handshakeTimeout"_L1, .group = Sessions, .kind = Duration, .member = &Settings::handshakeTimeout,
     .minimum = shortestMs, .maximum = tenMinutesMs,
     .help = QT_TRANSLATE_NOOP("Settings", "How long a client may take to send its request.")},
    {.key = "drainTimeout"_L1, .group = Sessions, .kind = Duration, .member = &Settings::drainTimeout,
     .minimum = shortestMs, .maximum = oneDayMs, .zeroMeans = QT_TRANSLATE_NOOP("Settings", "they are closed at once"),
     .help = QT_TRANSLATE_NOOP("Settings", "How long open sessions may go on when the relay stops. Then they are "
                               "closed with 1001.")},
    {.key = "stallTimeout"_L1, .group = Sessions, .kind = Duration, .member = &Settings::stallTimeout,
     .minimum = shortestMs, .maximum = oneDayMs,
     .help = QT_TRANSLATE_NOOP("Settings", "A session whose one side has stopped reading for this long, while data "
                               "waits for it, is closed with 1013.")},
    {.key = "maxMessageBytes"_L1, .group = Sessions, .kind = Bytes, .member = &Settings::maxMessageBytes,
     .minimum = 1024, .maximum = 1024 * 1024 * 1024,
     .help = QT_TRANSLATE_NOOP("Settings", "The largest message, either way. A larger one ends its session with "
                               "1009.")},
    {.key = "sessionBufferBytes"_L1, .group = Sessions, .kind = Bytes, .member = &Settings::sessionBufferBytes,
     .minimum = 4096, .maximum = 64 * 1024 * 1024,
     .help = QT_TRANSLATE_NOOP("Settings", "How much may wait in one direction of a session before the relay stops "
                               "reading what is sent to it.")},
    {.key = "bufferBudgetBytes"_L1, .group = Sessions, .kind = Bytes, .member = &Settings::bufferBudgetBytes,
     .minimum = 4096, .maximum = qint64(64) * 1024 * 1024 * 1024,
     .help = QT_TRANSLATE_NOOP("Settings", "How much may wait in all sessions together; at least as much as in one "
                               "direction.")},

    {.key = "logLevel"_L1, .group = Program, .kind = Choice, .member = &Settings::logLevel,
     .choices = logLevels,
     .help = QT_TRANSLATE_NOOP("Settings", "The least important lines that are logged.")},
    {.key = "logFormat"_L1, .group = Program, .kind = Choice, .member = &Settings::logFormat,
     .choices = logFormats,
     .help = QT_TRANSLATE_NOOP("Settings", "Log lines as text for people, or as JSON, one object a line.")},
    {.key = "debug"_L1, .group = Program, .kind = Switch, .member = &Settings::debug,
     .help = QT_TRANSLATE_NOOP("Settings", "Also logs the type and size of every event, never its content.")},
    {.key = "workers"_L1, .group = Program, .kind = Number, .member = &Settings::workers,
     .minimum = 1, .maximum = 256, .zeroMeans = QT_TRANSLATE_NOOP("Settings", "as many as processor cores, at most 4"),
     .apply = SettingApply::NextStart,
     .help = QT_TRANSLATE_NOOP("Settings", "How many threads carry the sessions.")},
};
// clang-format on

/// "maxConnections" → "max-connections"
QByteArray kebab(QLatin1String key)
{
    QByteArray name;
    for (const char c : key) {
        if (c >= 'A' && c <= 'Z')
            name.append('-').append(char(c - 'A' + 'a'));
        else
            name.append(c);
    }
    return name;
}

QString range(const SettingSpec &spec)
{
    const QString text = u"%1 to %2"_s.arg(spec.minimum).arg(spec.maximum);
    switch (spec.kind) {
    case Duration:
        return text + " milliseconds"_L1;
    case Bytes:
        return text + " bytes"_L1;
    default:
        return text;
    }
}

} // namespace

QByteArray SettingSpec::environmentName() const
{
    return kebab(key).toUpper().replace('-', '_');
}

QByteArray SettingSpec::option() const
{
    return "--" + kebab(key);
}

QString SettingSpec::allowedText() const
{
    if (allowed)
        return QString::fromUtf8(allowed);
    if (kind == Switch)
        return u"true, 1, yes or on; false, 0, no or off"_s;
    if (kind == Choice) {
        QStringList names;
        for (const QLatin1String name : choices)
            names.append(name);
        const QString last = names.takeLast();
        return names.join(", "_L1) + " or "_L1 + last;
    }
    return zeroMeans ? u"0 (%1), or %2"_s.arg(QString::fromUtf8(zeroMeans), range(*this)) : range(*this);
}

std::span<const SettingSpec> settingsTable()
{
    return table;
}

const SettingSpec *findSetting(QStringView name)
{
    const QString wanted = name.toString().remove(u'-').remove(u'_');
    for (const SettingSpec &spec : table) {
        if (wanted.compare(spec.key, Qt::CaseInsensitive) == 0)
            return &spec;
    }
    return nullptr;
}

QString groupName(SettingGroup group)
{
    switch (group) {
    case Network:
        return u"Network"_s;
    case Upstream:
        return u"Upstream"_s;
    case Admission:
        return u"Admission"_s;
    case Sessions:
        return u"Sessions"_s;
    case Program:
        return u"Program"_s;
    }
    return {};
}

} // namespace rr
