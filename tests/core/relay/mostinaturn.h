// SPDX-License-Identifier: MIT
#pragma once

#include <QAbstractEventDispatcher>
#include <QDeadlineTimer>

#include <algorithm>
#include <chrono>

/// Turns this thread's event loop until `count()` has reached `end`, and tells by how much it grew most in one turn; -1:
/// it did not get there within half a minute. Not with QTRY_VERIFY, whose own turns would not be counted.
template <typename Count>
qint64 mostInATurn(qint64 end, Count count)
{
    qint64 most = 0;
    for (QDeadlineTimer giveUp(std::chrono::seconds(30)); count() < end;) {
        if (giveUp.hasExpired())
            return -1;
        const qint64 before = count();
        QAbstractEventDispatcher::instance()->processEvents(QEventLoop::AllEvents);
        most = std::max(most, qint64(count()) - before);
    }
    return most;
}
