// SPDX-License-Identifier: MIT
#pragma once

#include "core/base/sentence.h"

#include <QStringView>

#include <optional>

namespace rr {

/// What the names in the rows of ways mean, for people. Nothing: there is no such name. Any thread.

/// "Own server, by SSH": that title itself, to be translated; a name that is nobody's words is itself in every language.
Sentence wayTitle(const QString &title);
/// Of a field: "destination".
std::optional<Sentence> askTitle(QStringView name);
/// What it takes: "none", "server".
std::optional<Sentence> wayAccount(QStringView name);
/// What is to be known before the first share: "new_address".
std::optional<Sentence> wayFact(QStringView name);

/// What is filled into what a failure's code means.
struct FailureDetails
{
    QString title; ///< of the service or program
    QString destination; ///< the server
    QString remote; ///< the place on it
    QString run; ///< the command that mends it
};
/// What has happened, and what to do: "auth", "place_taken".
std::optional<Sentence> wayFailure(QStringView code, const FailureDetails &details);

} // namespace rr
