// SPDX-License-Identifier: MIT
#include "core/call/dialqueue.h"

#include "core/wire/dial.h"

#include <utility>

namespace rr {

void DialQueue::setLimit(int most)
{
    m_most = most;
    next();
}

void DialQueue::begin(Dial &dial)
{
    // One that has failed before its turn is destroyed later, and must not begin then.
    connect(&dial, &Dial::failed, this, [this, failed = &dial] {
        if (forget(failed))
            disconnect(failed, &QObject::destroyed, this, &DialQueue::gone);
    });
    dial.expect();
    begin(dial, [&dial] { dial.start(); });
}

void DialQueue::begin(QObject &dial, std::function<void()> start)
{
    connect(&dial, &QObject::destroyed, this, &DialQueue::gone);
    m_waiting.push_back({&dial, std::move(start)});
    next();
}

bool DialQueue::forget(const QObject *dial)
{
    return std::erase_if(m_waiting, [dial](const Waiting &each) { return each.dial == dial; }) > 0;
}

/// `dial` is only its address by now.
void DialQueue::gone(QObject *dial)
{
    if (forget(dial))
        return;
    --m_underWay;
    next();
}

void DialQueue::next()
{
    while (m_underWay < m_most && !m_waiting.empty()) {
        const Waiting first = std::move(m_waiting.front());
        m_waiting.pop_front();
        ++m_underWay;
        first.start();
    }
}

} // namespace rr
