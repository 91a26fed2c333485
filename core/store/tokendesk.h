// SPDX-License-Identifier: MIT
#pragma once

#include "core/store/store.h"

#include <memory>
#include <optional>
#include <variant>

namespace rr {

/// The access tokens of a store, for a command line beside relays that run on it: they obey within two seconds. Every function waits
/// for the database, ten seconds at the most. In one thread, which must not be a relay's.
class TokenDesk
{
public:
    /// Opens the store, makes it where there is none, and brings it to this program's version. `url`: as Settings::storeUrl.
    static std::variant<std::unique_ptr<TokenDesk>, RelayError> open(const QString &url);
    ~TokenDesk();
    Q_DISABLE_COPY_MOVE(TokenDesk)

    /// Of the terms all count but id, hash, createdAt and isRevoked, which are the store's. RelayError::code: "name_taken",
    /// "bad_terms", "no_such_token", "store_away".
    StoreAnswer<Store::NewToken> add(const AccessTerms &terms);
    StoreAnswer<QList<AccessTerms>> list(); ///< by name, revoked ones last
    /// Of that name; where it has been given more than once, the one that is not revoked, else the youngest.
    StoreAnswer<AccessTerms> find(const QString &name);
    std::optional<RelayError> revoke(qint64 id); ///< for ever; no error if it was before
    StoreAnswer<AccessTerms> set(const AccessTerms &terms); ///< by its id. A revoked one cannot be changed.
    /// Of all tokens that are not revoked and have a budget; nothing where the database cannot be asked.
    QList<BudgetStand> budgets();

private:
    struct Parts;
    explicit TokenDesk(std::unique_ptr<Parts> parts);
    std::unique_ptr<Parts> m_parts;
};

} // namespace rr
