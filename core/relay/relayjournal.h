// SPDX-License-Identifier: MIT
#pragma once

#include "core/base/door.h"
#include "core/monitor/connectionfailure.h"
#include "core/monitor/journal.h"
#include "core/monitor/troubles.h"

#include <QHostAddress>

namespace rr {

// The journal's lines about what comes before a call, and about troubles. Each is one entry, ready for Journal::add().

/// A request that was answered with `status` in place of what it asked for. `origin`: fit to be shown. `door`: named where it is
/// that of a share.
JournalEntry requestRefused(int status, const QByteArray &code, const Sentence &message,
    const QHostAddress &client, const QString &origin, Door door = Door::Public);
/// An exchange with the upstream, which has ended.
struct EndedExchange
{
    QByteArray method;
    QByteArrayView path; ///< the endpoint's
    int status = 0; ///< that the client was told; 0: none
    qint64 durationMs = 0;
    QHostAddress client;
    QString origin; ///< fit to be shown
    Door door = Door::Public;
    QString access = {}; ///< name of the access token; empty: it came with none
};
JournalEntry exchangeEnded(LogLevel level, const Sentence &message, const EndedExchange &exchange);
/// `error`: in the words of the system's TLS; empty: it has none.
JournalEntry connectionFailed(
    ConnectionFailure why, const QHostAddress &client, const QString &error = {}, Door door = Door::Public);
/// What it means, and what to do.
Sentence describe(ConnectionFailure failure);
/// `error`: the system's.
JournalEntry acceptFailed(const Sentence &advice, const QString &error);
JournalEntry acceptRecovered();
JournalEntry troubleBegan(const Trouble &trouble);
/// As loud as its beginning, so that who reads of the one reads of the other.
JournalEntry troubleEnded(const Trouble &trouble);

} // namespace rr
