// SPDX-License-Identifier: MIT
#pragma once

#include "core/admission/accessbook.h"
#include "core/store/database.h"
#include "core/store/store.h"

#include <QByteArray>
#include <QDateTime>
#include <QList>

#include <optional>

namespace rr {

/// Access tokens in a store. Functions on a connection, in its thread. Every change is seen by all relays (schema::State::book).
/// RelayError::code: "name_taken", "bad_terms", "no_such_token", "store_away".
namespace tokentable {

StoreAnswer<Store::NewToken> add(Database &database, AccessTerms terms, const QDateTime &now);
std::optional<QList<AccessTerms>> all(
    Database &database); ///< by name, revoked ones last; nullopt: see Database::error()
StoreAnswer<AccessTerms> set(Database &database, AccessTerms terms); ///< the one of that id
std::optional<RelayError> revoke(Database &database, qint64 id, const QDateTime &now);

/// Returns whether it is kept.
bool keepMinted(
    Database &database, const QByteArray &hash, const Ledger::Minted &minted, const QDateTime &expiresAt);
/// nullopt: see Database::error().
std::optional<Ledger::Minted> findMinted(Database &database, const QByteArray &hash, const QDateTime &now);

} // namespace tokentable

} // namespace rr
