// SPDX-License-Identifier: MIT
#pragma once

#include "core/simulator/rules.h"

namespace rr::rules {

/// What the session of a translation may be told, in its client secret as in a session.update.
inline constexpr Rule translationSession[] = {
    {QLatin1StringView("session"), Object | Required},
    {QLatin1StringView("session.audio"), Object},
    {QLatin1StringView("session.audio.input"), Object},
    {QLatin1StringView("session.audio.input.transcription"), Object | Null},
    {QLatin1StringView("session.audio.input.transcription.model"), String | Required},
    {QLatin1StringView("session.audio.input.noise_reduction"), Object | Null},
    {QLatin1StringView("session.audio.input.noise_reduction.type"), String | Required,
        QLatin1StringView("near_field far_field")},
    {QLatin1StringView("session.audio.output"), Object},
    {QLatin1StringView("session.audio.output.language"), String},
};

} // namespace rr::rules
