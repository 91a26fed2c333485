// SPDX-License-Identifier: MIT
#pragma once

#include "core/wire/framescanner.h"

#include <QByteArray>
#include <QList>

namespace rr {

/// The frames in `bytes`, each as "first byte in hex, payload unmasked". The last is "broken" when it is not whole.
inline QList<QByteArray> framesOf(const QByteArray &bytes, FrameScanner::Sender sender)
{
    FrameScanner scanner(sender, 1'000'000'000);
    QList<QByteArray> frames;
    const char *at = bytes.constData();
    const char *const end = at + bytes.size();
    while (at != end) {
        const auto first = quint8(*at);
        const auto step = scanner.next(at, end);
        if (step.kind == FrameScanner::Step::NeedMore || step.kind == FrameScanner::Step::Breach
            || !scanner.atFrameBoundary())
            return frames << "broken";
        QByteArray payload = step.payload.toByteArray();
        if (step.mask)
            applyMask(payload.data(), step.payload, step.mask);
        frames.append(QByteArray::number(first, 16) + ' ' + payload);
    }
    return frames;
}

} // namespace rr
