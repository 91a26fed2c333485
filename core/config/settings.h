// SPDX-License-Identifier: MIT
#pragma once

#include <QString>
#include <QStringList>
#include <QUrl>

#include <array>
#include <chrono>

namespace rr {

enum class LogLevel : quint8 { Debug, Info, Warning, Error };
enum class LogFormat : quint8 { Text, Json };

/// As they are written in settings and in the journal; in the order of the enumerations.
inline constexpr std::array logLevelNames{
    QLatin1String("debug"), QLatin1String("info"), QLatin1String("warning"), QLatin1String("error")};
inline constexpr std::array logFormatNames{QLatin1String("text"), QLatin1String("json")};
static_assert(logLevelNames.size() == std::size_t(LogLevel::Error) + 1);
static_assert(logFormatNames.size() == std::size_t(LogFormat::Json) + 1);

constexpr QLatin1String nameOf(LogLevel level)
{
    return logLevelNames[std::size_t(level)];
}

/// Everything the relay can be told, with its defaults. A plain value: copied freely, owned by nobody. What
/// each setting means, its names, unit and range stand once, in settingstable.cpp. Where 0 means "none" or
/// "automatic", the table says so.
struct Settings
{
    // Network
    QString host = QStringLiteral("0.0.0.0");
    quint16 port = 8080;
    QString adminHost = QStringLiteral("127.0.0.1");
    quint16 adminPort = 0; ///< of what is for the operator alone; 0: PORT serves that, too
    QString statsToken; ///< never shown
    QString tlsCertFile;
    QString tlsKeyFile;
    QStringList trustedProxies;
    bool tryPage = false; ///< the desktop program begins with true

    // Upstream
    QUrl upstreamUrl = QUrl(QStringLiteral("wss://api.openai.com/v1/realtime"));
    QString upstreamCaFile;
    QString upstreamProxy; ///< may hold a password: never shown whole
    QStringList forwardHeaders;
    QStringList modelAliases; ///< besides the built-in ones, see core/realtime/modelaliases.h
    bool modelAliasesForAll = false; ///< not of calls that speak the beta alone
    std::chrono::milliseconds connectTimeout{10'000};
    bool checkUpstream = true; ///< by itself, see UpstreamWatch

    // Admission
    QStringList allowedOrigins{QStringLiteral("http://localhost:*"), QStringLiteral("https://localhost:*"),
        QStringLiteral("http://127.0.0.1:*"), QStringLiteral("https://127.0.0.1:*")};
    QStringList allowedHosts; ///< none: see HostPolicy
    int maxConnections = 200;
    int maxConnectionsPerIp = 0;
    int connectionRatePerIp = 0; ///< new connections a minute
    int maxHalfOpen = 0;
    int maxHalfOpenPerIp = 0;

    // Calls
    std::chrono::milliseconds heartbeatInterval{30'000};
    std::chrono::milliseconds inactivityTimeout{300'000};
    std::chrono::milliseconds sessionLimit{0};
    std::chrono::milliseconds handshakeTimeout{10'000};
    std::chrono::milliseconds drainTimeout{30'000};
    std::chrono::milliseconds stallTimeout{60'000};
    qint64 maxMessageBytes = 24 * 1024 * 1024;
    qint64 sessionBufferBytes = 256 * 1024; ///< the high mark of one direction
    qint64 bufferBudgetBytes = 64 * 1024 * 1024; ///< of all directions together

    // Access
    QString openaiApiKey; ///< the held key; never shown
    QString openaiApiKeyFile; ///< or the file that it stands in
    QString budgetUsdADay; ///< a decimal number; empty: none
    QString storeUrl; ///< empty: nothing is kept; may hold a password: never shown whole
    int historyDays = 90; ///< 0: for ever
    QString pricesFile; ///< empty: the built-in ones
    QString priceFactor = QStringLiteral("1"); ///< a decimal number

    // Program
    LogLevel logLevel = LogLevel::Info;
    LogFormat logFormat = LogFormat::Text;
    bool debug = false;
    int workers = 0;

    bool operator==(const Settings &) const = default;
};

} // namespace rr
