// SPDX-License-Identifier: MIT
#pragma once

#include <QByteArray>
#include <QStringList>

namespace rr {

/// What the two directions of a beta call have to know of each other, and of the call. Values are JSON, as they were written.
struct BetaMemory
{
    /// Such longer values are none that a server would take: they are not remembered.
    static constexpr qsizetype longest = 64;

    qsizetype mostBytes = 256 * 1024; ///< of what is translated; of a call Settings::maxMessageBytes
    QStringList modelAliases; ///< Settings::modelAliases
    bool queryNamesModel = false; ///< or a call by call_id, which has one
    bool isTranscription = false;
    QByteArray temperature
        = "0.8"; ///< that the client last asked for; a number, at the beginning the beta's default
    QByteArray turnDetectionType
        = "\"server_vad\""; ///< last seen from the upstream; at the beginning the default
    bool temperatureAsked = false; ///< of a session or of a response
    QByteArray modelAsked; ///< in an update, and replaced in it; empty: none was
    QByteArray modelAnswers;
};

} // namespace rr
