// SPDX-License-Identifier: MIT
#include "core/store/tokendesk.h"

#include "core/store/budgets.h"
#include "core/store/schema.h"
#include "core/store/tokentable.h"

#include <QDateTime>

#include <algorithm>

namespace rr {

struct TokenDesk::Parts
{
    explicit Parts(const StoreUrl &url)
        : database(url, Database::For::Writing)
    {
    }
    QDateTime now() const { return QDateTime::currentDateTimeUtc().addMSecs(database.clockOffsetMs()); }

    Database database;
};

std::variant<std::unique_ptr<TokenDesk>, RelayError> TokenDesk::open(const QString &text)
{
    const auto url = parseStoreUrl(text);
    if (const auto *error = std::get_if<RelayError>(&url))
        return *error;
    auto parts = std::make_unique<Parts>(std::get<StoreUrl>(url));
    if (const auto error = parts->database.open())
        return *error;
    if (const auto error = schema::migrate(parts->database))
        return *error;
    return std::unique_ptr<TokenDesk>(new TokenDesk(std::move(parts)));
}

TokenDesk::TokenDesk(std::unique_ptr<Parts> parts)
    : m_parts(std::move(parts))
{
}

TokenDesk::~TokenDesk() = default;

StoreAnswer<Store::NewToken> TokenDesk::add(const AccessTerms &terms)
{
    return tokentable::add(m_parts->database, terms, m_parts->now());
}

StoreAnswer<QList<AccessTerms>> TokenDesk::list()
{
    const auto tokens = tokentable::all(m_parts->database);
    if (!tokens)
        return m_parts->database.error();
    return *tokens;
}

StoreAnswer<AccessTerms> TokenDesk::find(const QString &name)
{
    const auto tokens = tokentable::all(m_parts->database);
    if (!tokens)
        return m_parts->database.error();
    const QString wanted = name.trimmed();
    const AccessTerms *found = nullptr;
    for (const AccessTerms &each : *tokens) { // revoked ones last, and of those the youngest
        if (each.name == wanted && (!found || found->isRevoked))
            found = &each;
    }
    if (!found)
        return RelayError{"no_such_token", {},
            {QT_TRANSLATE_NOOP("Core",
                 "There is no access token with the name %1 in the store %2. See which there are, and name one of them."),
                {wanted, m_parts->database.url().shown()}}};
    return *found;
}

std::optional<RelayError> TokenDesk::revoke(qint64 id)
{
    return tokentable::revoke(m_parts->database, id, m_parts->now());
}

StoreAnswer<AccessTerms> TokenDesk::set(const AccessTerms &terms)
{
    return tokentable::set(m_parts->database, terms);
}

QList<BudgetStand> TokenDesk::budgets()
{
    return readBudgets(m_parts->database, Money(), m_parts->now().toMSecsSinceEpoch())
        .value_or(QList<BudgetStand>());
}

} // namespace rr
