// SPDX-License-Identifier: MIT
#include "ui/control/accesscontrol.h"

#include "core/config/settingstable.h"
#include "ui/control/relaycontrol.h"

#include <QTimeZone>

#include <algorithm>
#include <chrono>

namespace rr {

using namespace Qt::StringLiterals;

namespace {

/// What is spent reaches the store a little later, so it is asked now and then, and once more when that is over.
constexpr auto askedAgain = std::chrono::seconds(5);
constexpr auto askedAtLeast = std::chrono::minutes(1); ///< other relays spend, too

QDateTime beginOf(const QDate &day)
{
    return QDateTime(day, QTime(0, 0), QTimeZone::utc()).toUTC();
}

bool isGood(const AccessTerms &terms, const QDateTime &now)
{
    return !terms.isRevoked && (!terms.expiresAt.isValid() || terms.expiresAt > now);
}

} // namespace

AccessControl::AccessControl(RelayControl &control, KeyVault &vault)
    : m_control(control)
    , m_vault(vault)
{
    connect(&vault, &KeyVault::changed, this, &AccessControl::changed);
    connect(&control, &RelayControl::settingsChanged, this, &AccessControl::changed);
    connect(&control, &RelayControl::stateChanged, this, &AccessControl::changed);
    connect(&control, &RelayControl::snapshotTaken, this,
        [this](const Snapshot &snapshot) { m_hours.add(snapshot); });
}

AccessControl::~AccessControl() = default;

void AccessControl::setBooks(std::unique_ptr<Books> books)
{
    m_books = std::move(books);
    m_costs = {};
    m_isAsking = false;
    m_askedAgo.invalidate();
    if (m_books) {
        connect(m_books.get(), &Books::tokensChanged, this, &AccessControl::changed);
        connect(m_books.get(), &Books::standChanged, this, &AccessControl::changed);
        connect(m_books.get(), &Books::budgetsChanged, this, &AccessControl::changed);
    }
    Q_EMIT booksChanged();
    Q_EMIT changed();
    Q_EMIT costsChanged();
}

HeldKeyStand AccessControl::heldKey() const
{
    const Settings &settings = m_control.settings();
    HeldKeyStand key;
    key.keyFile = settings.openaiApiKeyFile;
    if (!key.keyFile.isEmpty() || !settings.openaiApiKey.isEmpty()) {
        const SettingSpec &spec = *findSetting(key.keyFile.isEmpty() ? u"openaiApiKey" : u"openaiApiKeyFile");
        key.place = m_control.isFixed(spec) ? HeldKeyPlace::Outside : HeldKeyPlace::Settings;
        key.source = m_control.sourceOf(spec);
        key.setting = QString::fromLatin1(settingName(spec, key.source));
        if (key.place == HeldKeyPlace::Settings)
            key.settingsFile = m_control.settingsFile();
        return key;
    }
    switch (m_vault.place()) {
    case KeyVault::Place::Keychain:
        key.place = HeldKeyPlace::Keychain;
        break;
    case KeyVault::Place::File:
        key.place = HeldKeyPlace::File;
        break;
    case KeyVault::Place::Nowhere:
        break;
    }
    return key;
}

QList<AccessStep> AccessControl::steps() const
{
    return {{AccessStep::Key, keyPlace() != HeldKeyPlace::Nowhere},
        {AccessStep::Store, m_books != nullptr, !m_control.settings().storeUrl.isEmpty()},
        {AccessStep::Running, m_control.state() == RelayState::Running}};
}

bool AccessControl::mayGiveOut() const
{
    const QList<AccessStep> all = steps();
    return std::all_of(all.cbegin(), all.cend(),
        [](const AccessStep &step) { return step.isDone || step.what == AccessStep::Running; });
}

QList<AccessTerms> AccessControl::tokens() const
{
    QList<AccessTerms> tokens = m_books ? m_books->tokens() : QList<AccessTerms>();
    const QDateTime now = QDateTime::currentDateTimeUtc();
    std::sort(tokens.begin(), tokens.end(), [&now](const AccessTerms &one, const AccessTerms &other) {
        if (isGood(one, now) != isGood(other, now))
            return isGood(one, now);
        const int order = one.name.compare(other.name, Qt::CaseInsensitive);
        return order != 0 ? order < 0 : one.id < other.id;
    });
    return tokens;
}

std::optional<BudgetStand> AccessControl::budget(qint64 token, Budget which) const
{
    const QList<BudgetStand> budgets = m_books ? m_books->budgets() : QList<BudgetStand>();
    const auto found = std::find_if(budgets.cbegin(), budgets.cend(),
        [&](const BudgetStand &each) { return each.token == token && each.budget == which; });
    return found == budgets.cend() ? std::nullopt : std::optional(*found);
}

StoreStand AccessControl::stand() const
{
    return m_books ? m_books->stand() : StoreStand();
}

void AccessControl::refreshCosts()
{
    if (!m_books || m_isAsking)
        return;
    const bool isAnotherDay = m_costs.day != QDateTime::currentDateTimeUtc().date();
    const bool hasSpent = m_control.latest().usage.cost != m_costThen;
    const bool isDue = !m_askedAgo.isValid() || isAnotherDay
        || ((hasSpent || !m_isSettled)
            && m_askedAgo.hasExpired(std::chrono::milliseconds(askedAgain).count()))
        || m_askedAgo.hasExpired(std::chrono::milliseconds(askedAtLeast).count());
    if (!isDue)
        return;
    m_isSettled = m_askedAgo.isValid() && !hasSpent;
    askForCosts();
}

void AccessControl::askForCosts()
{
    m_costThen = m_control.latest().usage.cost;
    m_askedAgo.start();
    m_isAsking = true;
    const QDate day = QDateTime::currentDateTimeUtc().date();
    HistoryQuery query;
    query.from = beginOf(std::min(day.addDays(1 - KeptCosts::daysKept), QDate(day.year(), day.month(), 1)));
    m_books->sums(
        SumBy::Day, query, whileAlive(m_books.get(), [this, day](const StoreAnswer<QList<UsageSum>> &answer) {
            m_isAsking = false;
            if (const auto *days = std::get_if<QList<UsageSum>>(&answer))
                takeCosts(day, *days);
        }));
}

void AccessControl::takeCosts(const QDate &day, const QList<UsageSum> &days)
{
    KeptCosts costs;
    costs.isKnown = true;
    costs.day = day;
    const QString today = day.toString(Qt::ISODate);
    const QString month = today.left(8); // "2026-11-"
    const QString first = day.addDays(1 - KeptCosts::daysKept).toString(Qt::ISODate);
    for (const UsageSum &sum : days) {
        if (sum.key == today)
            costs.today += sum.totals;
        if (sum.key.startsWith(month))
            costs.month += sum.totals;
        if (sum.key >= first)
            costs.days.append(sum);
    }
    std::sort(costs.days.begin(), costs.days.end(),
        [](const UsageSum &one, const UsageSum &other) { return one.key < other.key; });
    m_costs = costs;
    Q_EMIT costsChanged();
}

} // namespace rr
