// SPDX-License-Identifier: MIT
#pragma once

namespace rr {

class Journal;

/// Sends what Qt prints itself (warnings of its sockets, with subprotocols and so keys in them) to the journal,
/// redacted, while this lives. One at a time; made and destroyed in the main thread, outliving all others.
class QtMessages
{
public:
    explicit QtMessages(Journal &journal);
    ~QtMessages();
    QtMessages(const QtMessages &) = delete;
    QtMessages &operator=(const QtMessages &) = delete;
};

} // namespace rr
