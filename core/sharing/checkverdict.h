// SPDX-License-Identifier: MIT
#pragma once

#include "core/http/responsehead.h"
#include "core/realtime/upstreamfailure.h"
#include "core/sharing/checkstep.h"

#include <QByteArray>
#include <QByteArrayView>
#include <QString>

#include <optional>

namespace rr {

/// What something that came back from the share's public address means. A plain value.
struct CheckVerdict
{
    CheckStep::Result result = CheckStep::Result::Good;
    QLatin1String code{}; ///< empty when good
    Sentence text{};
    Sentence next{};
    bool mayPass = false; ///< a service that has just been started says so for a while
};

/// The answer to a plain request, which is good with `proof` in it. `host` is whom it was asked of, `arrived` whether the
/// question came to this relay.
CheckVerdict judgeAnswer(const ResponseHead &head, const QByteArray &body, const QByteArray &proof,
    const QString &host, bool arrived);

/// The same of a request as a browser, where the one as a program was good: that people see a page first is a warning.
CheckVerdict judgeBrowsersAnswer(const ResponseHead &head, const QByteArray &body, const QByteArray &proof,
    const QString &host, bool arrived);

/// The answer to the handshake of a WebSocket as a browser, which is good with a 101 that chooses "realtime". `key`:
/// Sec-WebSocket-Key.
CheckVerdict judgeHandshake(
    const ResponseHead &head, const QByteArray &body, const QByteArray &key, const QString &host);

/// Not all of the subprotocols that were offered have come through.
CheckVerdict subprotocolLost(const QString &host);

/// Why nothing was answered at all.
CheckVerdict judgeFailure(const UpstreamFailure &failure, const QString &host);

/// Whether the last member of X-Forwarded-For, as it has arrived, is a caller's address although the caller has sent
/// `forged` in that header. `forwardedFor`: all of the header's lines, joined with commas.
CheckVerdict judgeForwarded(const QByteArray &forwardedFor, const QByteArray &forged);

} // namespace rr
