// SPDX-License-Identifier: MIT
#include "ui/control/reach.h"

#include "ui/control/relayaddress.h"
#include "ui/control/relaycontrol.h"

namespace rr {

using namespace Qt::StringLiterals;

namespace {

bool isIPv6(const QHostAddress &address)
{
    return address.protocol() == QAbstractSocket::IPv6Protocol;
}

} // namespace

Reach reachOf(const QString &host, const QString &publicAddress)
{
    if (!publicAddress.isEmpty())
        return Reach::OwnName;
    return QHostAddress(host).isLoopback() ? Reach::ThisMachine : Reach::Networks;
}

QString hostFor(Reach reach, const QString &hostBefore, const QHostAddress &offered, bool endsTlsInFront)
{
    const QHostAddress before(hostBefore);
    const bool everyV6 = before == QHostAddress(QHostAddress::AnyIPv6);
    switch (reach) {
    case Reach::ThisMachine:
        return before.isLoopback() ? hostBefore : u"127.0.0.1"_s;
    case Reach::Networks:
        if (!offered.isNull() && before == offered)
            return hostBefore;
        return everyV6 || isIPv6(offered) ? u"::"_s : u"0.0.0.0"_s; // "::" has IPv4 as well
    case Reach::OwnName:
        break;
    }
    return before.isLoopback() && !endsTlsInFront ? u"0.0.0.0"_s : hostBefore;
}

std::optional<Sentence> chooseReach(RelayControl &control, const ReachChoice &choice)
{
    Settings settings = control.settings();
    const Settings before = settings;
    ApplicationSettings application = control.application();
    if (!application.publicAddress.isEmpty())
        application.unusedPublicAddress = application.publicAddress;
    application.publicAddress = choice.reach == Reach::OwnName ? choice.publicAddress : QString();
    if (choice.reach == Reach::OwnName)
        application.unusedPublicAddress.clear();
    if (choice.reach == Reach::Networks && !choice.offered.isNull())
        application.offeredAddress = choice.offered.toString();

    const bool hasTls = !settings.tlsCertFile.isEmpty();
    const bool endsTlsInFront
        = !hasTls && publicUrl(choice.publicAddress, settings.port, false).scheme() == "wss"_L1;
    settings.host = hostFor(choice.reach, before.host, choice.offered, endsTlsInFront);
    if (settings.host != before.host) {
        if (const auto problems = control.apply(settings); !problems.isEmpty())
            return problems.first().message;
    }
    if (auto problem = control.applyApplication(application)) {
        control.apply(before);
        return problem;
    }
    return {};
}

} // namespace rr
