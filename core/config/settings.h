// SPDX-License-Identifier: MIT
#pragma once

#include <QString>
#include <QStringList>
#include <QUrl>

#include <chrono>

namespace rr {

enum class LogLevel : quint8 { Debug, Info, Warning, Error };
enum class LogFormat : quint8 { Text, Json };

/// Everything the relay can be told, with its defaults. A plain value: copied freely, owned by nobody. What
/// each setting means, its names, unit and range stand once, in settingstable.cpp. Where 0 means "none" or
/// "automatic", the table says so.
struct Settings
{
    // Network
    QString host = QStringLiteral("0.0.0.0");
    quint16 port = 8080;
    QString tlsCertFile;
    QString tlsKeyFile;
    QStringList trustedProxies;

    // Upstream
    QUrl upstreamUrl = QUrl(QStringLiteral("wss://api.openai.com/v1/realtime"));
    QString upstreamCaFile;
    QString upstreamProxy; ///< may hold a password: never shown whole
    std::chrono::milliseconds connectTimeout{10'000};

    // Admission
    QStringList allowedOrigins{QStringLiteral("http://localhost:*"), QStringLiteral("https://localhost:*"),
        QStringLiteral("http://127.0.0.1:*"), QStringLiteral("https://127.0.0.1:*")};
    int maxConnections = 200;
    int maxConnectionsPerIp = 0;
    int connectionRatePerIp = 0; ///< new connections a minute

    // Sessions
    std::chrono::milliseconds heartbeatInterval{30'000};
    std::chrono::milliseconds inactivityTimeout{300'000};
    std::chrono::milliseconds sessionLimit{0};
    std::chrono::milliseconds handshakeTimeout{10'000};
    std::chrono::milliseconds drainTimeout{30'000};
    std::chrono::milliseconds stallTimeout{60'000};
    qint64 maxMessageBytes = 24 * 1024 * 1024;
    qint64 sessionBufferBytes = 256 * 1024; ///< the high mark of one direction
    qint64 bufferBudgetBytes = 64 * 1024 * 1024; ///< of all directions together

    // Program
    LogLevel logLevel = LogLevel::Info;
    LogFormat logFormat = LogFormat::Text;
    bool debug = false;
    int workers = 0;

    bool operator==(const Settings &) const = default;
};

} // namespace rr
