// SPDX-License-Identifier: MIT
#pragma once

#include "core/base/relayerror.h"
#include "core/config/settingsloader.h"
#include "core/monitor/journal.h"
#include "core/monitor/snapshot.h"
#include "core/sharing/checkstep.h"

#include <QJsonArray>
#include <QList>
#include <QString>

#include <optional>

namespace rr {

/// What someone who helps needs to know. A plain value.
struct BundleParts
{
    LoadedSettings loaded;
    bool isDemo = false;
    std::optional<RelayError> lastError = {}; ///< why the relay does not run
    std::optional<Snapshot> snapshot = {}; ///< of the relay of this process
    QList<CheckStep> steps = {}; ///< of the Doctor
    QList<JournalEntry> journal = {}; ///< the last lines
    QString otherLog = {}; ///< lines of another process's, as they were written
};

/// How many lines of a log go into it.
inline constexpr int bundleLogLines = 30;

/// All of it as text, in English, for any reader: versions, what was examined, numbers, troubles, settings with their sources,
/// the log's last lines. Keys, passwords and the content of messages are not in it.
QString bundleText(const BundleParts &parts);

/// "good", "warning", "bad", "skipped" or "running", for programs.
QLatin1String nameOf(CheckStep::Result result);

/// What the Doctor has found, for programs: {"id","title","result","code","text","next","ms"} each, in English.
QJsonArray stepsAsJson(const QList<CheckStep> &steps);

/// Writes it for its owner alone (mode 0600); what is there is replaced. Returns what went wrong and what to do.
std::optional<Sentence> writeBundle(const QString &file, const QString &text);

} // namespace rr
