// SPDX-License-Identifier: MIT
#pragma once

#include "core/store/database.h"
#include "core/store/slices.h"
#include "core/store/storequeue.h"
#include "core/store/storestate.h"

#include <QDateTime>

#include <chrono>
#include <functional>
#include <memory>
#include <vector>

namespace rr {

/// Keeps the books: writes what the queue has, answers what it asks, and looks now and then at what others have changed. While
/// the database is away it keeps what it has and tries again. All in the thread that calls run(), which has the connection; what
/// others see is in the StoreState.
class Keeper
{
public:
    /// What has changed in the state.
    enum class Change : quint8 { Book, Stand, Budgets };
    using Clock = std::function<QDateTime()>;

    /// `clock`: for tests; none: the system's, as far ahead as the server's is. `betweenLooks`: as Store::Options has it. `tell` is
    /// called in run()'s thread.
    Keeper(const StoreUrl &url, const QString &owner, const Clock &clock,
        std::chrono::milliseconds betweenLooks, std::shared_ptr<StoreQueue> queue,
        std::shared_ptr<StoreState> state, std::function<void(Change)> tell);

    void run(); ///< until the queue is over

    // For StoreQuestion::ask.
    Database &database() { return m_database; }
    Slices &slices() { return m_slices; }
    QDateTime now() const; ///< by the server's clock
    bool look(); ///< at what may have changed; false: the database failed

private:
    bool connect();
    bool work(const StoreQueue::Work &work);
    bool write();
    bool ask(const StoreQuestion &question);
    bool tick();
    void tellDropped();
    bool lookAtBudgets();
    bool clean();
    void lose();
    void goAway(const Sentence &why);
    void stand(bool isAway, const Sentence &why);
    qint64 nowMs() const { return now().toMSecsSinceEpoch(); }

    const Clock m_clock;
    const std::chrono::milliseconds m_betweenLooks;
    const std::shared_ptr<StoreQueue> m_queue;
    const std::shared_ptr<StoreState> m_state;
    const std::function<void(Change)> m_tell;
    Database m_database;
    Slices m_slices;

    std::vector<StoreRow> m_rows; ///< in hand
    int m_failures = 0; ///< in a row
    StoreQueue::Clock::time_point m_nextTick;
    StoreQueue::Clock::time_point m_nextTry;
    qint64 m_lostAtMs = 0; ///< 0: it is not
    qint64 m_book = -1; ///< schema::State::book
    qint64 m_nextRenewalMs = 0;
    qint64 m_nextCleaningMs = 0;
    int m_cleanedDays = 0;
    bool m_isCleaning = false;
    bool m_isNewer = false; ///< another program has changed the store to what is not known here
    bool m_areBudgetsOld = true;
    qint64 m_budgetsDay = 0;
    int m_ticks = 0;
    qint64 m_toldDropped = 0;
};

} // namespace rr
