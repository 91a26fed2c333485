// SPDX-License-Identifier: MIT
#include "core/simulator/inputaudio.h"

#include <algorithm>

namespace rr {

void InputAudio::append(const QByteArray &raw)
{
    m_kept += raw;
    keepLast(mostBytes / m_bytesPerMs);
}

void InputAudio::keepLast(qint64 ms)
{
    const qsizetype superfluous = m_kept.size() - qsizetype(ms * m_bytesPerMs);
    if (superfluous <= 0)
        return;
    m_kept.remove(0, superfluous);
    m_forgotten += superfluous;
}

QByteArray InputAudio::between(qint64 fromMs, qint64 toMs) const
{
    const qint64 from = std::max<qint64>(0, fromMs * m_bytesPerMs - m_forgotten);
    const qint64 to = std::min<qint64>(m_kept.size(), toMs * m_bytesPerMs - m_forgotten);
    return from < to ? m_kept.mid(from, to - from) : QByteArray();
}

QByteArray InputAudio::last(qint64 ms) const
{
    return m_kept.last(std::min<qint64>(m_kept.size(), ms * m_bytesPerMs));
}

} // namespace rr
