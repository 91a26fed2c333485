// SPDX-License-Identifier: MIT
#pragma once

#include "core/base/sentence.h"

#include <QLatin1String>
#include <QMetaType>

namespace rr {

/// One thing that was looked at, of a row of them: by the proof from outside, and by the Doctor. A plain value.
struct CheckStep
{
    enum class Result : quint8 {
        Running, ///< it is being looked at now
        Good,
        Warning, ///< it works, but there is something to know
        Bad,
        Skipped, ///< it was not looked at, for something before it is wrong
    };

    QLatin1String id; ///< a literal; what looks says what its steps are called
    Result result = Result::Running;
    QLatin1String code; ///< a literal, for programs; empty when good
    Sentence text; ///< what was found
    Sentence next; ///< what to do; empty when good
    qint64 ms = -1; ///< how long it took; -1: not known
};

} // namespace rr

Q_DECLARE_METATYPE(rr::CheckStep)
