// SPDX-License-Identifier: MIT
#pragma once

#include "core/admission/accessbook.h"

#include <QDateTime>
#include <QString>
#include <QStringList>

#include <optional>

namespace rr {

/// What follows "token" on the command line, taken apart. What was not said is nothing; what is said to be none is empty, zero or
/// invalid, as AccessTerms have it.
struct TokenCommandLine
{
    enum Verb : quint8 { None, Add, List, Revoke, Set };
    Verb verb = None;
    QString name; ///< of the token; empty with List
    bool json = false;
    std::optional<QString> newName;
    std::optional<QDateTime> expiresAt; ///< UTC
    std::optional<QStringList> models;
    std::optional<QStringList> origins;
    std::optional<int> callsAtOnce;
    std::optional<int> minutesACall;
    std::optional<Money> usdADay;
    std::optional<Money> usdInAll;
    QStringList rest; ///< for parseCommandLine()
    QString problem; ///< not empty: what is wrong with it

    bool saysTerms() const;
};

/// `arguments`: without the "token" before them. `now`: UTC, that "7d" counts from.
TokenCommandLine parseTokenCommandLine(const QStringList &arguments, const QDateTime &now);

/// With what the line says in the place of what was.
AccessTerms changed(AccessTerms terms, const TokenCommandLine &line);

/// "30m", "12h", "7d" or "4w" from now on, a day ("2026-12-31", to its end) or a moment ("2026-12-31T18:00:00Z"), all of UTC, or
/// "never": an invalid one. Nothing where it is none of these, or over already.
std::optional<QDateTime> expiryFrom(const QString &text, const QDateTime &now);

/// What --help prints of it.
QString tokenUsageText();

} // namespace rr
