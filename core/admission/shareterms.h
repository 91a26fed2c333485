// SPDX-License-Identifier: MIT
#pragma once

#include <QByteArray>
#include <QStringList>

namespace rr {

/// On what terms the relay is shared: for Relay::openShare() and Relay::changeShare(). A plain value; who holds one sees that
/// the secret comes into no output.
struct ShareTerms
{
    QByteArray
        secret; ///< of the link: 22 characters of base64url, 128 bits by a generator for secrets. Empty: nobody has it
    /// Web pages that may call, patterns as in ALLOWED_ORIGINS, but for "*", which allows nothing here. Empty: programs
    /// only, and pages of the share's own host.
    QStringList origins;
    int maxCalls = 10; ///< at once, over all; 0: none
    int maxCallsPerAddress = 3; ///< at once; 0: as many as maxCalls
    int ratePerAddress = 20; ///< new calls and requests beside them a minute; 0: no limit
    QByteArray
        host; ///< the public name, as it comes in the header Host; a port in it does not matter. Empty: not known yet, any
    /// What brings the calls writes the caller's address as the last member of X-Forwarded-For, whatever the caller wrote.
    /// False: who calls is not known.
    bool trustsForwardedFor = false;
};

} // namespace rr
