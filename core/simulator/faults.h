// SPDX-License-Identifier: MIT
#pragma once

#include <QByteArray>
#include <QString>
#include <QStringList>

#include <optional>

namespace rr {

/// What shall go wrong with a call. A plain value: named by `--fault` for all calls, by the query parameter
/// `simulate` for one.
struct Faults
{
    // before the upgrade
    int refuseStatus = 0; ///< HTTP status; 0 = accept
    int handshakeDelayMs = 0;
    bool silent = false;
    bool garbage = false;

    // instead of a call
    quint16 errorCloseCode = 0; ///< 101, `error` event, this close; 0 = none
    bool echo = false;

    // right after session.created
    std::optional<quint16> closeCode;
    QByteArray closeReason;
    bool stopReading = false;
    bool stallMidFrame = false;
    int pauseMidMessageMs = 0;
    qint64 floodBytes = 0;
    qint64 oversizeBytes = 0;

    // during the call
    int vanishAfterEvents = 0; ///< 0 = never
    bool vanishMidResponse = false;
    int delayMs = 0;
    int closeAfterSeconds = 0; ///< 0 = at the 60 minutes of a real session
    bool ignorePings = false;
    bool fragment = false;

    // of Live's sessions; seconds of the audio that was appended
    int usageSeconds = 0; ///< between two session.usage.updated; 0: as OpenAI
    int liveStallSeconds = 0; ///< 0 = never
    int liveContentSeconds = 0; ///< 0 = never
    bool liveUnconfirmed = false;
    bool liveEarlyResponse = false;
    bool gracefulClose = false;

    /// Adds one fault, "NAME" or "NAME:ARGUMENT". Returns what is wrong with it; nullopt when all is well.
    std::optional<QString> add(const QString &fault);
    /// Adds those that a query names: `simulate=NAME[:ARGUMENT],…`, percent-encoded.
    std::optional<QString> addFromQuery(const QByteArray &query);

    /// One line for each fault, for --help.
    static QStringList help();
};

} // namespace rr
