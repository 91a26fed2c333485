// SPDX-License-Identifier: MIT
#pragma once

#include "core/admission/accessbook.h"
#include "core/admission/ledger.h"
#include "core/base/sentence.h"
#include "core/monitor/troubles.h"

#include <QList>

#include <memory>

namespace rr {

/// Makes troubles of how budgets and the store stand, and ends them when they are over. In the Relay's thread.
class AccessTroubles
{
public:
    explicit AccessTroubles(Troubles &troubles)
        : m_troubles(troubles)
    {
    }

    /// All budgets that there are; `book` has the names. A budget that is not among them any more is no trouble.
    void budgetsStand(const QList<BudgetStand> &budgets, const std::shared_ptr<const AccessBook> &book);
    /// `dropped`: since the store's start.
    void storeStands(bool isAway, const Sentence &why, qint64 dropped);
    /// The relay has begun anew, and knows of no trouble: says all of them again.
    void again(const std::shared_ptr<const AccessBook> &book);

private:
    Troubles &m_troubles;
    QList<BudgetStand> m_budgets;
    bool m_isAway = false;
    Sentence m_why;
    qint64 m_dropped = 0;
};

} // namespace rr
