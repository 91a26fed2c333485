// SPDX-License-Identifier: MIT
#include "core/call/readahead.h"

#include <utility>

namespace rr {

std::optional<QByteArray> ReadAhead::add(QByteArrayView bytes)
{
    m_bytes.append(bytes);
    const char *at = m_bytes.constData() + m_scanned;
    const char *const end = m_bytes.constData() + m_bytes.size();
    while (!m_broken) {
        const FrameScanner::Step step = m_scanner.next(at, end);
        m_scanned = at - m_bytes.constData();
        m_broken = step.kind == FrameScanner::Step::Breach;
        if (step.kind == FrameScanner::Step::NeedMore)
            break;
        if (step.kind == FrameScanner::Step::Control && step.opcode == Opcode::Close) {
            QByteArray payload(step.payload.size(), Qt::Uninitialized);
            applyMask(payload.data(), step.payload, step.mask);
            return payload;
        }
    }
    return std::nullopt;
}

QByteArray ReadAhead::take()
{
    return std::exchange(m_bytes, {});
}

} // namespace rr
