// SPDX-License-Identifier: MIT
#include "ui/control/outsidecall.h"

#include "core/realtime/eventtype.h"

#include <algorithm>

namespace rr {

namespace {

/// An upstream that does not want the call says one word, too: an error.
bool hasBegun(const CallSnapshot &call)
{
    return call.down.messages > 1 || (call.down.messages == 1 && beginsSession(call.lastEventType));
}

} // namespace

std::optional<QString> outsideCaller(const Snapshot &snapshot, const QList<QHostAddress> &own)
{
    const auto isOwn = [&own](const QHostAddress &address) {
        return address.isLoopback()
            || std::any_of(own.cbegin(), own.cend(), [&address](const QHostAddress &each) {
                   return each.isEqual(address, QHostAddress::TolerantConversion);
               });
    };
    for (const CallSnapshot &call : snapshot.calls) {
        if (!hasBegun(call))
            continue;
        // What comes through a tunnel may seem to come from here, and what this machine sends through it from elsewhere: of the
        // first visitor it is known.
        if (call.door == Door::Share) {
            if (snapshot.firstVisitor)
                return snapshot.firstVisitor->address;
            continue;
        }
        const QHostAddress address(call.clientAddress);
        if (!address.isNull() && !isOwn(address))
            return call.clientAddress;
    }
    return {};
}

} // namespace rr
