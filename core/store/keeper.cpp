// SPDX-License-Identifier: MIT
#include "core/store/keeper.h"

#include "core/store/budgets.h"
#include "core/store/cleaning.h"
#include "core/store/schema.h"
#include "core/store/tokentable.h"

#include <algorithm>
#include <utility>

namespace rr {

using namespace std::chrono_literals;

namespace {

constexpr int longestBetweenTries = 5; // of what is between looks
constexpr auto cleaningATick = 200ms;
constexpr qint64 renewalMs = 15'000; // of leases, a quarter of one
constexpr qint64 cleaningMs = 3'600'000;
constexpr qint64 msADay = 86'400'000;
constexpr int ticksForOthers = 2; // until what other relays have spent is looked at

} // namespace

Keeper::Keeper(const StoreUrl &url, const QString &owner, const Clock &clock,
    std::chrono::milliseconds betweenLooks, std::shared_ptr<StoreQueue> queue,
    std::shared_ptr<StoreState> state, std::function<void(Change)> tell)
    : m_clock(clock)
    , m_betweenLooks(betweenLooks)
    , m_queue(std::move(queue))
    , m_state(std::move(state))
    , m_tell(std::move(tell))
    , m_database(url, Database::For::Writing)
    , m_slices(m_database, owner)
{
}

QDateTime Keeper::now() const
{
    return m_clock ? m_clock() : QDateTime::currentDateTimeUtc().addMSecs(m_database.clockOffsetMs());
}

void Keeper::run()
{
    for (;;) {
        if (!m_database.isOpen() && !connect()) {
            tellDropped();
            m_queue->rest(m_nextTry);
            if (m_queue->isOver())
                break;
            continue;
        }
        StoreQueue::Work work = m_queue->take(m_nextTick);
        if (work.wasStuck)
            stand(false, {});
        if (work.isOver)
            break;
        if (!this->work(work))
            lose();
    }
    if (m_database.isOpen())
        m_slices.closeAll();
    m_database.close();
    for (const StoreQuestion &question : m_queue->setAway(true))
        question.refuse();
}

bool Keeper::work(const StoreQueue::Work &work)
{
    m_rows = work.rows;
    return write() && (!work.question || ask(*work.question))
        && (StoreQueue::Clock::now() < m_nextTick || tick());
}

/// Opens the database, and does all that has waited for it. Only then it is not away any more: one that is full can be read.
bool Keeper::connect()
{
    m_slices.setRelayBudget(m_state->relayBudget());
    std::optional<RelayError> error = m_database.open();
    if (!error)
        error = schema::migrate(m_database);
    if (!error && m_lostAtMs != 0) {
        // Others may have been away, too, and be back in a moment: what they have is still theirs.
        m_slices.spareExpired(m_lostAtMs, nowMs() + renewalMs);
    }
    m_book = -1; // it may have become another store
    if (!error && !(write() && m_slices.renew(nowMs()) && look()))
        error = m_database.error();
    if (error) {
        m_database.close();
        goAway(error->detail);
        m_state->setOpened(error);
        return false;
    }
    m_failures = 0;
    m_lostAtMs = 0;
    m_nextTick = StoreQueue::Clock::now() + m_betweenLooks;
    m_nextRenewalMs = nowMs() + renewalMs;
    m_queue->setAway(false);
    stand(false, {});
    m_state->setOpened({});
    return true;
}

bool Keeper::write()
{
    if (m_rows.empty())
        return true;
    m_areBudgetsOld = true;
    if (writeRows(m_database, m_slices, m_rows)) {
        m_queue->wrote(std::exchange(m_rows, {}).size());
        return true;
    }
    if (m_database.failure() != SqlFailure::Data)
        return false;
    // There is one among them that it will never take.
    while (!m_rows.empty()) {
        const bool isWritten = writeRows(m_database, m_slices, {m_rows.front()});
        if (!isWritten && m_database.failure() != SqlFailure::Data)
            return false;
        m_rows.erase(m_rows.begin());
        m_queue->wrote(isWritten ? 1 : 0, isWritten ? 0 : 1);
    }
    return true;
}

bool Keeper::ask(const StoreQuestion &question)
{
    m_slices.setRelayBudget(m_state->relayBudget());
    if (question.ask(*this))
        return true;
    question.refuse();
    return m_database.failure() == SqlFailure::Data; // another question may do
}

bool Keeper::look()
{
    const auto state = schema::state(m_database);
    m_isNewer = state && state->version > schema::versions().size();
    if (!state || m_isNewer)
        return false;
    if (state->book != m_book) {
        const auto tokens = tokentable::all(m_database);
        if (!tokens)
            return false;
        m_book = state->book;
        m_state->setTokens(*tokens);
        m_areBudgetsOld = true;
        m_tell(Change::Book);
    }
    return lookAtBudgets();
}

bool Keeper::lookAtBudgets()
{
    const qint64 today = Slices::dayOf(nowMs());
    if (!m_areBudgetsOld && today == m_budgetsDay)
        return true;
    const auto budgets = readBudgets(m_database, m_state->relayBudget(), nowMs());
    if (!budgets)
        return false;
    m_areBudgetsOld = false;
    m_budgetsDay = today;
    if (m_state->setBudgets(*budgets))
        m_tell(Change::Budgets);
    return true;
}

void Keeper::tellDropped()
{
    const qint64 dropped = m_queue->dropped();
    if (std::exchange(m_toldDropped, dropped) != dropped)
        m_tell(Change::Stand);
}

bool Keeper::tick()
{
    m_nextTick = StoreQueue::Clock::now() + m_betweenLooks;
    tellDropped();
    // Of other relays nobody says when they have spent.
    if (++m_ticks % ticksForOthers == 0)
        m_areBudgetsOld = true;
    if (!look())
        return false;
    // Who took this for stuck may have said so only when it went on already. A queue that is stuck refuses all that is asked, and
    // take() is what ends that.
    if (!m_queue->isStuck())
        stand(false, {});
    if (nowMs() >= m_nextRenewalMs) {
        if (!m_slices.renew(nowMs()))
            return false;
        m_nextRenewalMs = nowMs() + renewalMs;
    }
    return clean();
}

bool Keeper::clean()
{
    const int days = m_state->historyDays();
    if (nowMs() >= m_nextCleaningMs || days != m_cleanedDays) {
        if (!m_slices.fold(nowMs()))
            return false;
        m_nextCleaningMs = nowMs() + cleaningMs;
        m_cleanedDays = days;
        m_isCleaning = true;
    }
    const auto end = StoreQueue::Clock::now() + cleaningATick;
    while (m_isCleaning && StoreQueue::Clock::now() < end) {
        const auto hasMore = cleanSome(m_database, days > 0 ? nowMs() - days * msADay : 0, nowMs());
        if (!hasMore)
            return false;
        m_isCleaning = *hasMore;
    }
    return true;
}

void Keeper::lose()
{
    const RelayError error = m_isNewer ? newerStore(m_database.url()) : m_database.error();
    if (m_lostAtMs == 0)
        m_lostAtMs = nowMs();
    m_database.close();
    goAway(error.detail);
}

void Keeper::goAway(const Sentence &why)
{
    m_nextTry = StoreQueue::Clock::now() + std::min(++m_failures, longestBetweenTries) * m_betweenLooks;
    stand(true, why);
    for (const StoreQuestion &question : m_queue->setAway(true))
        question.refuse();
}

void Keeper::stand(bool isAway, const Sentence &why)
{
    if (m_state->setStand(isAway, why))
        m_tell(Change::Stand);
}

} // namespace rr
