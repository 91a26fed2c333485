// SPDX-License-Identifier: MIT
#include "core/relay/doors.h"

#include <algorithm>
#include <utility>

namespace rr {

Doors::Doors(MakeListener makeListener)
    : m_makeListener(std::move(makeListener))
{
}

Doors::~Doors() = default;

std::optional<RelayError> Doors::open(const Settings &settings)
{
    struct Wish
    {
        QString host;
        quint16 port = 0;
        bool isWished = false;
    };
    const std::array<Wish, 2> wishes{{{settings.host, settings.port, true},
        {settings.adminHost, settings.adminPort, settings.adminPort != 0}}}; // by Door
    const auto stays = [&](Door door) {
        const Wish &wish = wishes[std::size_t(door)];
        const Open &current = m_open[std::size_t(door)];
        return wish.isWished && isOpen(door) && current.host == wish.host && current.port == wish.port;
    };
    // A port that changes hands; and all addresses and one of them cannot both listen on the same one.
    const auto isInTheWay = [&](Door old, quint16 port) {
        return isOpen(old) && !stays(old) && listener(old)->serverPort() == port;
    };
    constexpr std::array doors{Door::Public, Door::Admin};
    std::array<Open, 2> next;
    std::array<quint16, 2> closed{}; // ports of those that had to go first
    const auto openNext = [&](Door door, bool mayClose) -> std::optional<RelayError> {
        const Wish &wish = wishes[std::size_t(door)];
        Open &opened = next[std::size_t(door)];
        if (!wish.isWished || opened.listener || stays(door))
            return std::nullopt;
        for (const Door old : doors) {
            if (!isInTheWay(old, wish.port))
                continue;
            if (!mayClose)
                return std::nullopt;
            closed[std::size_t(old)] = listener(old)->serverPort();
            m_open[std::size_t(old)].listener->close();
        }
        opened = {m_makeListener(door), wish.host, wish.port};
        return opened.listener->listenOn(wish.host, wish.port, door);
    };

    for (const bool mayClose : {false, true}) { // what fails before anything was closed has changed nothing
        for (const Door door : doors) {
            const auto error = openNext(door, mayClose);
            if (!error)
                continue;
            next = {};
            for (const Door old : doors) {
                const Open &current = m_open[std::size_t(old)];
                if (const quint16 port = closed[std::size_t(old)]; port != 0)
                    current.listener->listenOn(current.host, port, old);
            }
            return error;
        }
    }
    const std::array stay{stays(Door::Public), stays(Door::Admin)};
    for (const Door door : doors) {
        if (!stay[std::size_t(door)])
            m_open[std::size_t(door)] = std::move(next[std::size_t(door)]);
    }
    return std::nullopt;
}

std::optional<RelayError> Doors::openShare()
{
    Open share{m_makeListener(Door::Share), QStringLiteral("127.0.0.1"), 0};
    if (auto error = share.listener->listenOn(share.host, share.port, Door::Share))
        return error;
    m_open[std::size_t(Door::Share)] = std::move(share);
    return std::nullopt;
}

void Doors::close(Door door)
{
    m_open[std::size_t(door)] = {};
}

void Doors::close()
{
    m_open = {};
}

bool Doors::isOpen(Door door) const
{
    const Listener *there = listener(door);
    return there && there->isListening();
}

bool Doors::isExhausted() const
{
    return std::any_of(m_open.begin(), m_open.end(),
        [](const Open &each) { return each.listener && each.listener->isExhausted(); });
}

} // namespace rr
