// SPDX-License-Identifier: MIT
#include "ui/history/historywords.h"

#include <QCoreApplication>

namespace rr {

namespace {

class History
{
    Q_DECLARE_TR_FUNCTIONS(History)
public:
    static QString end(const CallEntry &call)
    {
        if (!call.endedAt.isValid())
            return tr("Live, or cut off with its relay");
        switch (call.reason) {
        case EndReason::ClientClosed:
            return tr("Closed by the client");
        case EndReason::ClientVanished:
            return tr("Connection of the client lost");
        case EndReason::ClientSilent:
            return tr("The client did not answer any more");
        case EndReason::UpstreamClosed:
            return tr("Closed by the upstream");
        case EndReason::UpstreamVanished:
            return tr("Connection to the upstream lost");
        case EndReason::UpstreamSilent:
            return tr("The upstream did not answer any more");
        case EndReason::UpstreamRefused:
            return tr("Refused by the upstream");
        case EndReason::UpstreamUnreachable:
            return tr("Upstream not reached");
        case EndReason::MissingKey:
            return tr("No key sent");
        case EndReason::InactivityTimeout:
            return tr("Nothing was said for too long");
        case EndReason::SessionLimit:
            return tr("The longest time of a call was over");
        case EndReason::ClientMessageTooLarge:
            return tr("Message of the client too large");
        case EndReason::UpstreamMessageTooLarge:
            return tr("Message of the upstream too large");
        case EndReason::ClientTooSlow:
            return tr("Client too slow");
        case EndReason::UpstreamTooSlow:
            return tr("Upstream too slow");
        case EndReason::ClientBreach:
            return tr("The client broke the protocol");
        case EndReason::UpstreamBreach:
            return tr("The upstream broke the protocol");
        case EndReason::RelayShutdown:
            return tr("The relay was stopped");
        case EndReason::ClosedByOperator:
            return tr("Closed by the operator");
        case EndReason::SpendLimit:
            return tr("A budget was spent");
        case EndReason::AccessEnded:
            return tr("Access token revoked or expired");
        case EndReason::AccessRefused:
            return tr("Access token not accepted");
        }
        return {};
    }
};

} // namespace

QString endText(const CallEntry &call)
{
    return History::end(call);
}

} // namespace rr
