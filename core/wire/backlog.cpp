// SPDX-License-Identifier: MIT
#include "core/wire/backlog.h"

#include <algorithm>
#include <cstring>

namespace rr {

qint64 Backlog::size() const
{
    return isEmpty() ? 0 : (qint64(m_blocks.size()) - 1) * blockBytes + m_lastUsed - m_taken;
}

void Backlog::append(QByteArrayView bytes)
{
    while (!bytes.isEmpty()) {
        if (isEmpty() || m_lastUsed == blockBytes) {
            m_blocks.push_back(std::make_unique_for_overwrite<Block>());
            m_lastUsed = 0;
        }
        const qint64 count = std::min<qint64>(bytes.size(), blockBytes - m_lastUsed);
        memcpy(m_blocks.back()->data() + m_lastUsed, bytes.data(), size_t(count));
        m_lastUsed += count;
        bytes = bytes.sliced(count);
    }
}

QByteArrayView Backlog::front() const
{
    if (isEmpty())
        return {};
    const qint64 end = m_blocks.size() == 1 ? m_lastUsed : blockBytes;
    return QByteArrayView(m_blocks.front()->data() + m_taken, end - m_taken);
}

void Backlog::take(qint64 count)
{
    m_taken += count;
    if (size() == 0) {
        clear();
    } else if (m_taken == blockBytes) {
        m_blocks.erase(m_blocks.begin());
        m_taken = 0;
    }
}

void Backlog::takeBack(qint64 count)
{
    while (count > 0 && size() > count) {
        const qint64 ofLast = std::min(count, m_lastUsed);
        m_lastUsed -= ofLast;
        count -= ofLast;
        if (m_lastUsed == 0) {
            m_blocks.pop_back();
            m_lastUsed = blockBytes;
        }
    }
    if (count > 0)
        clear();
}

void Backlog::clear()
{
    m_blocks = decltype(m_blocks)(); // with the memory of the list
    m_taken = 0;
    m_lastUsed = 0;
}

} // namespace rr
