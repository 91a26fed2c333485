// SPDX-License-Identifier: MIT
#include "core/relay/turns.h"

#include <algorithm>

namespace rr {

Turns::Turns(QObject *parent)
    : QObject(parent)
    , m_timer(this)
{
    connect(&m_timer, &QTimer::timeout, this, &Turns::give);
}

void Turns::ask(QObject *who, std::function<void()> turn)
{
    m_waiting.push_back({who, std::move(turn)});
    if (!m_timer.isActive())
        m_timer.start(0);
}

void Turns::give()
{
    // Counted before, for a turn may ask anew.
    for (auto left = std::min<std::size_t>(m_waiting.size(), perTurn); left > 0; --left) {
        const Waiting next = std::move(m_waiting.front());
        m_waiting.pop_front();
        if (next.who)
            next.turn();
    }
    if (m_waiting.empty())
        m_timer.stop();
}

} // namespace rr
