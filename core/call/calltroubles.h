// SPDX-License-Identifier: MIT
#pragma once

#include "core/admission/admission.h"
#include "core/monitor/troubles.h"
#include "core/realtime/endreason.h"

namespace rr {

// What the fate of one call says of the relay as a whole. Any thread. `client`: its address; `origin`: as it may be shown.

/// The upstream takes calls.
void noteOpened(Troubles &troubles);
/// It talks to this client: it has taken its key, or the relay's own, and knows the model.
void noteTalking(Troubles &troubles, const QString &client, bool usesHeldKey = false);
/// Guests without a key are no matter of the operator's: whoever has the link may try it.
void noteEnded(Troubles &troubles, const EndDescription &end, const QString &client, Door door = Door::Public,
    bool usesHeldKey = false);
/// The upstream does not take the relay's own key; `message`: as it said.
void noteHeldKeyRefused(Troubles &troubles, const Sentence &message);
/// An access token came that is not let in: `isUnknown`: it is none, or not any more; else there is no key for it.
void noteTokenRefused(Troubles &troubles, const QString &client, bool isUnknown);
/// By the door of a share only its origins are a matter of the operator's: that it is full is what its limits are for.
void noteRefused(Troubles &troubles, const Refusal &refusal, const QString &origin, Door door = Door::Public);

} // namespace rr
