// SPDX-License-Identifier: MIT
#include "core/config/settingstable.h"

#include "core/config/settingchecks.h"

#include <QStringList>

using namespace Qt::StringLiterals;

namespace rr {

namespace {

using enum SettingGroup;
using enum SettingKind;

constexpr const char *readableFile
    = QT_TRANSLATE_NOOP("Core", "the path of a file that can be read, or empty");
// Short enough for a demonstration, long enough that seconds given by mistake (30 for 30000) are noticed.
constexpr qint64 shortestMs = 100;
constexpr qint64 tenMinutesMs = 600'000;
constexpr qint64 oneDayMs = 86'400'000;

// clang-format off
const SettingSpec table[] = {
    {.key = "host"_L1, .group = Network, .kind = Address, .member = &Settings::host,
     .allowed = QT_TRANSLATE_NOOP("Core", "an IPv4 or IPv6 address of this machine, or localhost"),
     .check = checkListenAddress, .apply = SettingApply::ListenAnew,
     .help = QT_TRANSLATE_NOOP("Core", "The address to listen on: 127.0.0.1 for this machine only, 0.0.0.0 for "
                               "every network it is in, :: for IPv6 as well.")},
    {.key = "port"_L1, .group = Network, .kind = Number, .member = &Settings::port,
     .minimum = 1, .maximum = 65535, .zeroMeans = QT_TRANSLATE_NOOP("Core", "any free port"),
     .apply = SettingApply::ListenAnew,
     .help = QT_TRANSLATE_NOOP("Core", "The TCP port to listen on.")},
    {.key = "adminHost"_L1, .group = Network, .kind = Address, .member = &Settings::adminHost,
     .allowed = QT_TRANSLATE_NOOP("Core", "an IPv4 or IPv6 address of this machine, or localhost"),
     .check = checkListenAddress, .apply = SettingApply::ListenAnew,
     .help = QT_TRANSLATE_NOOP("Core", "The address to listen on for ADMIN_PORT.")},
    {.key = "adminPort"_L1, .group = Network, .kind = Number, .member = &Settings::adminPort,
     .minimum = 1, .maximum = 65535, .zeroMeans = QT_TRANSLATE_NOOP("Core", "none of their own"),
     .apply = SettingApply::ListenAnew,
     .help = QT_TRANSLATE_NOOP("Core", "A port of their own for /stats and /metrics: PORT then has them no more. "
                               "/health is at both; it speaks TLS if PORT does.")},
    {.key = "statsToken"_L1, .group = Network, .kind = Secret, .member = &Settings::statsToken,
     .allowed = QT_TRANSLATE_NOOP("Core", "16 or more of letters, digits and - . _ ~ + /, with = at the end, or empty"),
     .check = checkStatsToken, .secret = true,
     .help = QT_TRANSLATE_NOOP("Core", "Who asks for /stats or /metrics must send it: Authorization: Bearer TOKEN. "
                               "When empty, anyone may ask.")},
    {.key = "tlsCertFile"_L1, .group = Network, .kind = File, .member = &Settings::tlsCertFile,
     .allowed = readableFile, .check = checkReadableFile, .apply = SettingApply::ListenAnew,
     .help = QT_TRANSLATE_NOOP("Core", "The relay's certificate with its chain, as PEM. With it and its key, "
                               "clients connect with wss://; set both or neither.")},
    {.key = "tlsKeyFile"_L1, .group = Network, .kind = File, .member = &Settings::tlsKeyFile,
     .allowed = readableFile, .check = checkReadableFile, .apply = SettingApply::ListenAnew,
     .help = QT_TRANSLATE_NOOP("Core", "The private key of the certificate, as PEM.")},
    {.key = "trustedProxies"_L1, .group = Network, .kind = List, .member = &Settings::trustedProxies,
     .allowed = QT_TRANSLATE_NOOP("Core", "addresses or subnets such as 10.0.0.0/8, comma separated, or empty"),
     .check = checkTrustedProxy,
     .help = QT_TRANSLATE_NOOP("Core", "The reverse proxies in front of the relay. Only from these is "
                               "X-Forwarded-For believed, and the PROXY protocol understood.")},
    {.key = "tryPage"_L1, .group = Network, .kind = Switch, .member = &Settings::tryPage,
     .help = QT_TRANSLATE_NOOP("Core", "Serves a page at /try that checks the way to the relay and makes a call with "
                               "the microphone. It holds nothing of yours; a call takes a key, as any other does. The "
                               "program with the window has it on by default.")},

    {.key = "upstreamUrl"_L1, .group = Upstream, .kind = Url, .member = &Settings::upstreamUrl,
     .allowed = QT_TRANSLATE_NOOP("Core", "wss://HOST/PATH or ws://HOST/PATH, without a query"),
     .check = checkUpstreamUrl,
     .help = QT_TRANSLATE_NOOP("Core", "The Realtime API to relay to. It has no query of its own: the client's is "
                               "forwarded as received.")},
    {.key = "upstreamCaFile"_L1, .group = Upstream, .kind = File, .member = &Settings::upstreamCaFile,
     .allowed = readableFile, .check = checkReadableFile,
     .help = QT_TRANSLATE_NOOP("Core", "Certificate authorities (PEM) to trust for the upstream, in the place of "
                               "the system's.")},
    {.key = "upstreamProxy"_L1, .group = Upstream, .kind = Url, .member = &Settings::upstreamProxy,
     .allowed = QT_TRANSLATE_NOOP("Core", "http://HOST:PORT or socks5://HOST:PORT, with USER:PASSWORD@ before the host if needed, or empty"),
     .check = checkUpstreamProxy, .secret = true,
     .help = QT_TRANSLATE_NOOP("Core", "The proxy through which the upstream is reached. When empty, HTTPS_PROXY, "
                               "ALL_PROXY and NO_PROXY of the environment count, as for curl.")},
    {.key = "forwardHeaders"_L1, .group = Upstream, .kind = List, .member = &Settings::forwardHeaders,
     .allowed = QT_TRANSLATE_NOOP("Core", "names of headers, or beginnings such as X-Portkey-*, comma separated, or empty"),
     .check = checkForwardHeader,
     .help = QT_TRANSLATE_NOOP("Core", "What else of a client's request headers is passed on to the upstream, for "
                               "gateways that read headers of their own.")},
    {.key = "modelAliases"_L1, .group = Upstream, .kind = List, .member = &Settings::modelAliases,
     .allowed = QT_TRANSLATE_NOOP("Core", "OLD=NEW, OLD= or none, comma separated, or empty"),
     .check = checkModelAlias,
     .help = QT_TRANSLATE_NOOP("Core", "Which model answers a client of the beta that asks for one by the name OLD, "
                               "besides the retired names that the relay knows; OLD= leaves that name alone, none leaves "
                               "all the known ones alone.")},
    {.key = "modelAliasesForAll"_L1, .group = Upstream, .kind = Switch, .member = &Settings::modelAliasesForAll,
     .help = QT_TRANSLATE_NOOP("Core", "MODEL_ALIASES and the known names also count for the query of calls that do not "
                               "speak the beta.")},
    {.key = "connectTimeout"_L1, .group = Upstream, .kind = Duration, .member = &Settings::connectTimeout,
     .minimum = shortestMs, .maximum = tenMinutesMs,
     .help = QT_TRANSLATE_NOOP("Core", "How long reaching the upstream may take, its answer to the handshake "
                               "or the request included.")},
    {.key = "checkUpstream"_L1, .group = Upstream, .kind = Switch, .member = &Settings::checkUpstream,
     .help = QT_TRANSLATE_NOOP("Core", "Dials the upstream as a call would, without a key, when the relay starts, when the "
                               "upstream is another, now and then while something is wrong, and after half an hour "
                               "without a call: what is wrong is told before a caller meets it.")},

    {.key = "allowedOrigins"_L1, .group = Admission, .kind = List, .member = &Settings::allowedOrigins,
     .allowed = QT_TRANSLATE_NOOP("Core", "origins such as https://app.example.org, https://*.example.org, https://app-*.example.org, "
                "moz-extension://*, http://localhost:* or *, comma separated"),
     .check = checkOriginPattern,
     .help = QT_TRANSLATE_NOOP("Core", "The web pages that may use the relay, by their origin; * is every page, and "
                               "within a host a part of it. Programs that are no browsers send no origin, or the "
                               "relay's own, and are let in.")},
    {.key = "allowedHosts"_L1, .group = Admission, .kind = List, .member = &Settings::allowedHosts,
     .allowed = QT_TRANSLATE_NOOP("Core", "host names such as relay.example.org, *.example.org or *, comma separated, or empty"),
     .check = checkHostName,
     .help = QT_TRANSLATE_NOOP("Core", "The names under which the relay may be asked, against pages that have their "
                               "own name point to it. Addresses and localhost always are. When empty: every name; "
                               "where it listens for this machine only, none that strangers could have, unless a "
                               "trusted proxy asks.")},
    {.key = "maxConnections"_L1, .group = Admission, .kind = Number, .member = &Settings::maxConnections,
     .minimum = 1, .maximum = 100'000,
     .help = QT_TRANSLATE_NOOP("Core", "How many calls may be open at once. More are refused with 503.")},
    {.key = "maxConnectionsPerIp"_L1, .group = Admission, .kind = Number,
     .member = &Settings::maxConnectionsPerIp,
     .minimum = 1, .maximum = 100'000, .zeroMeans = QT_TRANSLATE_NOOP("Core", "no limit"),
     .help = QT_TRANSLATE_NOOP("Core", "How many calls one client address may have open at once. More are "
                               "refused with 429.")},
    {.key = "connectionRatePerIp"_L1, .group = Admission, .kind = Number,
     .member = &Settings::connectionRatePerIp,
     .minimum = 1, .maximum = 100'000, .zeroMeans = QT_TRANSLATE_NOOP("Core", "no limit"),
     .help = QT_TRANSLATE_NOOP("Core", "How many new calls, and requests to the upstream beside them, one client "
                               "address may make a minute. More are refused with 429.")},
    {.key = "maxHalfOpen"_L1, .group = Admission, .kind = Number, .member = &Settings::maxHalfOpen,
     .minimum = 1, .maximum = 1'000'000,
     .zeroMeans = QT_TRANSLATE_NOOP("Core", "twice MAX_CONNECTIONS, 4096 at the least"),
     .help = QT_TRANSLATE_NOOP("Core", "How many connections may wait for a request, or for its answer to be taken. "
                               "Beyond that, or beyond what the limit of open files leaves for them, the one that has "
                               "waited longest is cut.")},
    {.key = "maxHalfOpenPerIp"_L1, .group = Admission, .kind = Number, .member = &Settings::maxHalfOpenPerIp,
     .minimum = 1, .maximum = 1'000'000,
     .zeroMeans = QT_TRANSLATE_NOOP("Core", "as many as MAX_CONNECTIONS, 64 at the least"),
     .help = QT_TRANSLATE_NOOP("Core", "The same of one client address; a trusted proxy has no such limit.")},

    {.key = "heartbeatInterval"_L1, .group = Calls, .kind = Duration, .member = &Settings::heartbeatInterval,
     .minimum = shortestMs, .maximum = oneDayMs, .zeroMeans = QT_TRANSLATE_NOOP("Core", "no heartbeat"),
     .help = QT_TRANSLATE_NOOP("Core", "How often each side is pinged. A side that answers nothing for two "
                               "intervals is dead, and its call ends.")},
    {.key = "inactivityTimeout"_L1, .group = Calls, .kind = Duration, .member = &Settings::inactivityTimeout,
     .minimum = shortestMs, .maximum = oneDayMs, .zeroMeans = QT_TRANSLATE_NOOP("Core", "never"),
     .help = QT_TRANSLATE_NOOP("Core", "A call without a message for this long is closed with 4408.")},
    {.key = "sessionLimit"_L1, .group = Calls, .kind = Duration, .member = &Settings::sessionLimit,
     .minimum = shortestMs, .maximum = oneDayMs, .zeroMeans = QT_TRANSLATE_NOOP("Core", "no limit"),
     .help = QT_TRANSLATE_NOOP("Core", "A call that has lasted this long is closed with 4409. OpenAI itself "
                               "ends sessions after 60 minutes.")},
    {.key = "handshakeTimeout"_L1, .group = Calls, .kind = Duration, .member = &Settings::handshakeTimeout,
     .minimum = shortestMs, .maximum = tenMinutesMs,
     .help = QT_TRANSLATE_NOOP("Core", "How long a client may take to send its request.")},
    {.key = "drainTimeout"_L1, .group = Calls, .kind = Duration, .member = &Settings::drainTimeout,
     .minimum = shortestMs, .maximum = oneDayMs, .zeroMeans = QT_TRANSLATE_NOOP("Core", "they are closed at once"),
     .help = QT_TRANSLATE_NOOP("Core", "How long open calls may go on when the relay stops. Then they are "
                               "closed with 1001.")},
    {.key = "stallTimeout"_L1, .group = Calls, .kind = Duration, .member = &Settings::stallTimeout,
     .minimum = shortestMs, .maximum = oneDayMs,
     .help = QT_TRANSLATE_NOOP("Core", "A call whose one side has stopped reading for this long, while data "
                               "waits for it, is closed with 1013.")},
    {.key = "maxMessageBytes"_L1, .group = Calls, .kind = Bytes, .member = &Settings::maxMessageBytes,
     .minimum = 1024, .maximum = 1024 * 1024 * 1024,
     .help = QT_TRANSLATE_NOOP("Core", "The largest message, either way. A larger one ends its call with "
                               "1009.")},
    {.key = "sessionBufferBytes"_L1, .group = Calls, .kind = Bytes, .member = &Settings::sessionBufferBytes,
     .minimum = 4096, .maximum = 64 * 1024 * 1024,
     .help = QT_TRANSLATE_NOOP("Core", "How much may wait in one direction of a call before the relay stops "
                               "reading what is sent to it.")},
    {.key = "bufferBudgetBytes"_L1, .group = Calls, .kind = Bytes, .member = &Settings::bufferBudgetBytes,
     .minimum = 4096, .maximum = qint64(64) * 1024 * 1024 * 1024,
     .help = QT_TRANSLATE_NOOP("Core", "How much may wait in all calls together; at least as much as in one "
                               "direction.")},

    {.key = "openaiApiKey"_L1, .group = Access, .kind = Secret, .member = &Settings::openaiApiKey,
     .allowed = QT_TRANSLATE_NOOP("Core", "a key of the upstream, in visible ASCII and without blanks, or empty"),
     .check = checkApiKey, .secret = true,
     .notAnOption = QT_TRANSLATE_NOOP("Core", "on the command line everybody on this machine would read it. Set the environment "
                                      "variable %1, or %1_FILE to the path of a file with it."),
     .help = QT_TRANSLATE_NOOP("Core", "The held key: the upstream is asked with it for those who present an access token, "
                               "and for nobody else. Without access tokens (STORE_URL) it serves nobody. In the window it is "
                               "typed on the page Access, and kept in the system's keychain.")},
    {.key = "openaiApiKeyFile"_L1, .group = Access, .kind = File, .member = &Settings::openaiApiKeyFile,
     .allowed = readableFile, .check = checkReadableFile,
     .help = QT_TRANSLATE_NOOP("Core", "A file with the held key and nothing else, in the place of OPENAI_API_KEY. It is read "
                               "again when it changes.")},
    {.key = "storeUrl"_L1, .group = Access, .kind = Url, .member = &Settings::storeUrl,
     .allowed = QT_TRANSLATE_NOOP("Core", "sqlite:FILE, or postgresql://USER:PASSWORD@HOST:PORT/DATABASE, or empty"),
     .check = checkStoreUrl, .secret = true, .apply = SettingApply::NextStart,
     .help = QT_TRANSLATE_NOOP("Core", "Where access tokens, budgets, costs and the history of calls are kept: in a file, or "
                               "for several relays in PostgreSQL. Never what is said, and never a key. When empty, nothing "
                               "is kept, and there are no access tokens. The program with the window has a file by default.")},
    {.key = "historyDays"_L1, .group = Access, .kind = Number, .member = &Settings::historyDays,
     .minimum = 1, .maximum = 3650, .zeroMeans = QT_TRANSLATE_NOOP("Core", "for ever"),
     .help = QT_TRANSLATE_NOOP("Core", "How many days the history of calls is kept.")},
    {.key = "budgetUsdADay"_L1, .group = Access, .kind = Decimal, .member = &Settings::budgetUsdADay,
     .allowed = QT_TRANSLATE_NOOP("Core", "0.01 to 1000000 US dollars, with six decimals at the most, or empty for none"),
     .check = checkBudget,
     .help = QT_TRANSLATE_NOOP("Core", "What all access tokens together may spend in a day of UTC, over all relays that share "
                               "a store. Then their calls are refused with 429 and ended with 4411.")},
    {.key = "pricesFile"_L1, .group = Access, .kind = File, .member = &Settings::pricesFile,
     .allowed = readableFile, .check = checkReadableFile,
     .help = QT_TRANSLATE_NOOP("Core", "What models cost, as JSON, in the place of the list that is built in. It is read "
                               "again when it changes.")},
    {.key = "priceFactor"_L1, .group = Access, .kind = Decimal, .member = &Settings::priceFactor,
     .allowed = QT_TRANSLATE_NOOP("Core", "0.01 to 10, with six decimals at the most"), .check = checkPriceFactor,
     .help = QT_TRANSLATE_NOOP("Core", "By how much prices are multiplied: 1.1 where OpenAI asks a tenth more for keeping "
                               "data in a region.")},

    {.key = "logLevel"_L1, .group = Program, .kind = Choice, .member = &Settings::logLevel,
     .choices = logLevelNames,
     .help = QT_TRANSLATE_NOOP("Core", "The least important lines that are logged.")},
    {.key = "logFormat"_L1, .group = Program, .kind = Choice, .member = &Settings::logFormat,
     .choices = logFormatNames,
     .help = QT_TRANSLATE_NOOP("Core", "Log lines as text for people, or as JSON, one object a line.")},
    {.key = "debug"_L1, .group = Program, .kind = Switch, .member = &Settings::debug,
     .help = QT_TRANSLATE_NOOP("Core", "Also logs the type and size of every event, never its content.")},
    {.key = "workers"_L1, .group = Program, .kind = Number, .member = &Settings::workers,
     .minimum = 1, .maximum = 256, .zeroMeans = QT_TRANSLATE_NOOP("Core", "as many as processor cores, at most 4"),
     .apply = SettingApply::NextStart,
     .help = QT_TRANSLATE_NOOP("Core", "How many threads carry the calls.")},
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

Sentence range(const SettingSpec &spec)
{
    switch (spec.kind) {
    case Duration:
        return {QT_TRANSLATE_NOOP("Core", "%1 to %2 milliseconds"), {spec.minimum, spec.maximum}};
    case Bytes:
        return {QT_TRANSLATE_NOOP("Core", "%1 to %2 bytes"), {spec.minimum, spec.maximum}};
    default:
        return {QT_TRANSLATE_NOOP("Core", "%1 to %2"), {spec.minimum, spec.maximum}};
    }
}

} // namespace

QByteArray SettingSpec::jsonName() const
{
    return {key.data(), key.size()};
}

QByteArray SettingSpec::environmentName() const
{
    return kebab(key).toUpper().replace('-', '_');
}

QByteArray SettingSpec::option() const
{
    return "--" + kebab(key);
}

Sentence SettingSpec::allowedText() const
{
    if (allowed)
        return allowed;
    if (kind == Switch)
        return QT_TRANSLATE_NOOP("Core", "true, 1, yes or on; false, 0, no or off");
    if (kind == Choice) {
        QStringList names;
        for (const QLatin1String name : choices)
            names.append(name);
        const QString last = names.takeLast();
        return {QT_TRANSLATE_NOOP("Core", "%1 or %2"), {names.join(", "_L1), last}};
    }
    return zeroMeans
        ? Sentence(QT_TRANSLATE_NOOP("Core", "0 (%1), or %2"), {Sentence(zeroMeans), range(*this)})
        : range(*this);
}

std::span<const SettingSpec> settingsTable()
{
    return table;
}

const SettingSpec *findSetting(QStringView name)
{
    const bool prefixed = name.startsWith(environmentPrefix);
    const QString wanted
        = name.sliced(prefixed ? environmentPrefix.size() : 0).toString().remove(u'-').remove(u'_');
    for (const SettingSpec &spec : table) {
        if (wanted.compare(spec.key, Qt::CaseInsensitive) == 0)
            return &spec;
    }
    return nullptr;
}

} // namespace rr
