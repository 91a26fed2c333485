// SPDX-License-Identifier: MIT
#pragma once

#include <QLatin1String>

#include <array>

namespace rr {

/// Where a connection has come in.
enum class Door : quint8 {
    Public, ///< HOST and PORT
    Admin, ///< ADMIN_HOST and ADMIN_PORT: for the operator; no calls
    Share, ///< a port of this machine that is there while the relay is shared, where a tunnel brings those who have the link
};

/// For machines; in the order of Door.
inline constexpr std::array doorNames{
    QLatin1String("public"), QLatin1String("admin"), QLatin1String("share")};
static_assert(doorNames.size() == std::size_t(Door::Share) + 1);

constexpr QLatin1String nameOf(Door door)
{
    return doorNames[std::size_t(door)];
}

} // namespace rr
