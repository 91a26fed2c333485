// SPDX-License-Identifier: MIT
#pragma once

#include "core/base/door.h"
#include "core/config/settings.h"
#include "core/relay/listener.h"

#include <array>
#include <functional>
#include <memory>
#include <optional>

namespace rr {

/// Where the relay listens: at HOST and PORT, where ADMIN_PORT is set, at that, and while it is shared, at a port of this
/// machine. Lives in the Relay's thread.
class Doors
{
public:
    using MakeListener = std::function<std::unique_ptr<Listener>(Door)>;
    explicit Doors(MakeListener makeListener);
    ~Doors();

    /// Listens as the settings have it (a share has none); what stands so already is left alone, and what is to move moves when both can. On
    /// an error all is as before, unless a door had to be closed for another and could not be had back: then it is not
    /// open, until a later call opens it.
    std::optional<RelayError> open(const Settings &settings);
    /// Listens on 127.0.0.1, at any free port. It must not be open.
    std::optional<RelayError> openShare();
    void close(Door door);
    void close(); ///< all of them
    /// Accepts nothing there for a moment.
    void rest(Door door)
    {
        if (const auto &listener = m_open[std::size_t(door)].listener)
            listener->rest();
    }

    bool isOpen(Door door) const;
    bool isExhausted() const; ///< any of them, see Listener
    const Listener *listener(Door door) const
    {
        return m_open[std::size_t(door)].listener.get();
    } ///< null: none

private:
    struct Open
    {
        std::unique_ptr<Listener> listener; ///< null: the door is closed
        QString host; ///< that were asked for
        quint16 port = 0;
    };

    const MakeListener m_makeListener;
    std::array<Open, doorNames.size()> m_open; ///< by Door
};

} // namespace rr
