// SPDX-License-Identifier: MIT
#pragma once

#include "core/admission/accounts.h"
#include "core/admission/ledger.h"
#include "core/base/sentence.h"
#include "core/monitor/callrecord.h"

#include <QByteArray>
#include <QString>

#include <memory>
#include <optional>

namespace rr {

/// What is told of one call where books are kept: to the ledger that there is it, what it uses, and how it ended; to the account
/// of its access token what it spends. Owned by the Call, in its thread. Nothing of it is on the way of a message that tells no
/// usage.
class CallBooks
{
public:
    /// `ledger`: null where none are kept. `place`: null of a call with a key of its own. Both outlive it.
    CallBooks(const CallRecord &record, Ledger *ledger, std::shared_ptr<AccessPlace> place);

    /// One fact of usage, with an id that is its own in the call, or none.
    struct Fact
    {
        QByteArray id; ///< empty: it gets a number
        QString model; ///< as it may be shown
        Usage usage; ///< all of it, also where a part was told before
        std::optional<Money> cost; ///< of that; nullopt: no price is known
    };

    void begin();
    /// `more`: what of its cost is new.
    void add(const Fact &fact, Money more);
    /// Spent on the account, and told to the ledger later, or by another.
    void spend(Money cost);
    void estimate(Money running);
    /// Something is used for which no price is known.
    void setUnpriced() { m_isUnpriced = true; }
    /// The record has the end. The place is free.
    void end();

    /// Of the access token that it came with; null: none.
    std::shared_ptr<const AccessTerms> terms() const { return m_place ? m_place->terms() : nullptr; }
    void setTerms(const std::shared_ptr<const AccessTerms> &terms) { m_place->setTerms(terms); }
    /// Whether there is a budget that this call spends.
    bool isBounded() const { return m_place && m_place->isBounded(); }
    /// Why it must end for what it costs: a short phrase, perhaps an empty one. nullopt: it need not.
    std::optional<Sentence> whySpent() const;
    /// Whether that is about to be known.
    bool isInDoubt() const { return m_place && m_place->isInDoubt(); }
    /// Whether it is spent or in doubt.
    bool isShort() const { return m_place && (m_place->isSpent() || m_place->isInDoubt()); }

private:
    CallEntry entry() const;

    const CallRecord &m_record;
    Ledger *const m_ledger;
    std::shared_ptr<AccessPlace> m_place;
    qint64 m_facts = 0; ///< without an id
    bool m_isUnpriced = false;
};

} // namespace rr
