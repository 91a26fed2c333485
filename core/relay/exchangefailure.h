// SPDX-License-Identifier: MIT
#pragma once

#include "core/base/sentence.h"
#include "core/http/response.h"
#include "core/realtime/upstreamfailure.h"

#include <QString>

namespace rr {

/// Why an exchange with the upstream has no answer that can be passed on. A plain value.
struct ExchangeFailure
{
    enum Kind : quint8 {
        Unreachable, ///< nothing was asked: see `upstream`
        Late, ///< no answer in time
        NoAnswer, ///< what came is no answer of HTTP/1.1: see `why`
        CutOff, ///< the connection ended before the answer was whole
        TooLarge, ///< the answer is larger than what is kept
        NotUnderstood, ///< the answer is whole, but is not what the API answers
    };
    Kind kind = Unreachable;
    UpstreamFailure upstream = {};
    const char *why = ""; ///< as in ResponseFault
};

/// What happened and what to do, for the client and the journal; holds no key. `host`: the upstream's.
Sentence describe(const ExchangeFailure &failure, const QString &host);

/// What the client is answered: 504 where it took too long, 503 where the relay itself has no room, else 502, in OpenAI's
/// shape, with `message`.
HttpResponse failureResponse(const ExchangeFailure &failure, const Sentence &message);

} // namespace rr
