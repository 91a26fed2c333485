// SPDX-License-Identifier: MIT
#pragma once

#include "core/base/sentence.h"
#include "core/sharing/shareplan.h"
#include "core/sharing/way.h"

#include <QList>
#include <QUrl>

#include <optional>

namespace rr {

// What whoever shares is told and asked; by the window and by the command alike.

/// Why it cannot be shared so, and what to do; nothing: it can. Whether the way's program is there is not looked at.
std::optional<Sentence> problemOf(const SharePlan &plan);

/// What is to be known before the first share, a sentence or two each.
struct ShareTermsInWords
{
    Sentence who; ///< may use it
    Sentence limits;
    Sentence end;
    Sentence readers; ///< who can read what passes on this way
    Sentence openAi; ///< what its terms say, and whose account it is
};
ShareTermsInWords inWords(const SharePlan &plan, const Way &way);

/// Who can read what passes on this way, and what follows from that.
Sentence whatOthersCanRead(const Way &way);
/// OpenAI's terms on offering access to others.
Sentence openAiTerms();

} // namespace rr
