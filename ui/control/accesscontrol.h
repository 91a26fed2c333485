// SPDX-License-Identifier: MIT
#pragma once

#include "core/config/settingsloader.h"
#include "ui/control/books.h"
#include "ui/control/costhistory.h"
#include "ui/control/keyvault.h"

#include <QDate>
#include <QElapsedTimer>
#include <QObject>
#include <QString>

#include <memory>

namespace rr {

class RelayControl;

/// Where the key is that the relay holds.
enum class HeldKeyPlace : quint8 {
    Nowhere, ///< there is none
    Keychain, ///< typed in the window, as the next
    File,
    Settings, ///< the settings file has it, or names the file that has
    Outside, ///< likewise the environment or the command line: it cannot be changed here
};

/// A held key, and how it is set where it is one of the settings. A plain value.
struct HeldKeyStand
{
    HeldKeyPlace place = HeldKeyPlace::Nowhere;
    // Of Settings and Outside alone:
    SettingSource source = SettingSource::Default;
    QString setting; ///< as it is written there, see settingName()
    QString settingsFile; ///< that has it, if it is in one
    QString keyFile; ///< that the setting names, and the key is in; empty: the setting is the key

    bool operator==(const HeldKeyStand &) const = default;
};

/// What is needed to give out an access token, and whether it is there.
struct AccessStep
{
    enum What : quint8 { Key, Store, Running };
    What what = Key;
    bool isDone = false;
    bool isChosen = false; ///< a store that is opened when the relay is started the next time

    bool operator==(const AccessStep &) const = default;
};

/// What calls have cost, as the store says. A plain value.
struct KeptCosts
{
    bool isKnown = false; ///< the store has answered, of that day
    QDate day; ///< of UTC, like all days here
    UsageTotals today;
    UsageTotals month;
    QList<UsageSum> days; ///< the last ones that had a call, oldest first; of `daysKept` at the most
    static constexpr int daysKept = 30;
};

/// Whose key the relay uses, who may call with it, and what that costs: the window's view on the held key, the access tokens, the
/// budgets and the history. It decides nothing that the core decides. Main thread; owned by RelayControl, which it knows.
class AccessControl : public QObject
{
    Q_OBJECT
public:
    AccessControl(RelayControl &control, KeyVault &vault);
    ~AccessControl() override;

    /// Null: there is no store. What was asked of the ones before is not answered any more.
    void setBooks(std::unique_ptr<Books> books);
    Books *books() const { return m_books.get(); }

    KeyVault &vault() { return m_vault; }
    HeldKeyPlace keyPlace() const { return heldKey().place; }
    HeldKeyStand heldKey() const;
    QList<AccessStep> steps() const; ///< in their order
    bool mayGiveOut() const; ///< all of what is needed but a relay that runs

    QList<AccessTerms> tokens() const; ///< good ones first, then by name; empty without a store
    /// What is spent of that budget; `token`: 0 of RelayDay. Null: there is no such budget.
    std::optional<BudgetStand> budget(qint64 token, Budget which) const;
    StoreStand stand() const;

    const CostHistory &hours() const { return m_hours; }
    const KeptCosts &costs() const { return m_costs; }
    /// Has costs() told anew, unless that was done a moment ago and nothing was spent since; costsChanged() follows.
    void refreshCosts();

Q_SIGNALS:
    void booksChanged(); ///< there are others, or none any more
    void changed(); ///< the key, the tokens, the budgets or how the store fares
    void costsChanged();

private:
    void askForCosts();
    void takeCosts(const QDate &day, const QList<UsageSum> &days);

    RelayControl &m_control;
    KeyVault &m_vault;
    std::unique_ptr<Books> m_books;
    CostHistory m_hours;
    KeptCosts m_costs;
    Money m_costThen; ///< of this relay, when the store was asked last
    QElapsedTimer m_askedAgo;
    bool m_isAsking = false;
    bool m_isSettled = false; ///< the last answer came when nothing had been spent for a while
};

} // namespace rr
