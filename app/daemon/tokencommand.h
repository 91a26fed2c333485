// SPDX-License-Identifier: MIT
#pragma once

#include "app/daemon/tokencommandline.h"
#include "core/config/settings.h"
#include "core/store/tokendesk.h"

namespace rr {

/// `realtime-relayd token`: keeps the access tokens of a store, beside the relays that run on it. Main thread; blocks, for ten
/// seconds at the most where the database cannot be reached.
class TokenCommand
{
public:
    /// `settings`: as the daemon reads them, without problems.
    TokenCommand(const Settings &settings, TokenCommandLine line);

    /// Does it, says on standard output what came of it, and returns the exit code. Run by root, it does so as the user that the
    /// store's file belongs to, or the folder that it is made in: the relay itself is to go on writing there.
    int run();

private:
    int add(TokenDesk &desk) const;
    int list(TokenDesk &desk) const;
    int revoke(TokenDesk &desk) const;
    int set(TokenDesk &desk) const;

    const Settings m_settings;
    const TokenCommandLine m_line;
};

} // namespace rr
