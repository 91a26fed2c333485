// SPDX-License-Identifier: MIT
#include "core/realtime/redaction.h"
#include "core/relay/listener.h"
#include "core/sharing/addresscertificate.h"
#include "core/sharing/examination.h"
#include "core/sharing/firewall.h"
#include "core/sharing/nftverdict.h"
#include "core/sharing/portowner.h"

#include <QHostAddress>
#include <QJsonDocument>
#include <QJsonObject>
#include <QNetworkInterface>
#include <QStandardPaths>

namespace rr {

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

using Result = CheckStep::Result;

bool Doctor::Examination::isForThisMachineOnly() const
{
    return settings().host == "localhost"_L1 || QHostAddress(settings().host).isLoopback();
}

void Doctor::Examination::lookAtSettings()
{
    const QString file = m_plan.loaded.file;
    Sentence problems;
    for (const SettingProblem &problem : m_plan.loaded.problems)
        problems = joined(problems, problem.message);
    if (!problems.isEmpty()) {
        m_settingsAreBad = true;
        done(Result::Bad, "settings"_L1, problems,
            file.isEmpty()
                ? Sentence(QT_TRANSLATE_NOOP("Core", "Correct them; the relay does not start with them."))
                : Sentence(QT_TRANSLATE_NOOP("Core",
                               "Correct them, in %1 or where they come from; the relay does not start with "
                               "them, and nothing else was examined."),
                    {file}));
        return;
    }
    if (const auto error = Relay::check(settings())) {
        m_settingsAreBad = true;
        done(Result::Bad, error->code == "tls_files" ? "tls_files"_L1 : "settings"_L1, error->detail,
            QT_TRANSLATE_NOOP(
                "Core", "Mend the file, or name another one; the relay does not start without it."));
        return;
    }
    Sentence warnings;
    for (const Sentence &warning : m_plan.loaded.warnings)
        warnings = joined(warnings, warning);
    if (!warnings.isEmpty())
        done(Result::Warning, "settings_doubtful"_L1, warnings,
            QT_TRANSLATE_NOOP("Core", "The relay runs with them; correct them all the same."));
    else if (file.isEmpty())
        good(QT_TRANSLATE_NOOP("Core", "The settings are fine; there is no file of them."));
    else
        good({QT_TRANSLATE_NOOP("Core", "The settings are fine (%1)."), {file}});
}

void Doctor::Examination::lookAtPort()
{
    if (m_settingsAreBad) {
        skipped(QT_TRANSLATE_NOOP("Core", "The settings have to be mended first."));
        return;
    }
    const QString number = QString::number(m_plan.port ? m_plan.port : settings().port);
    if (m_plan.port) {
        good({QT_TRANSLATE_NOOP("Core", "The relay listens on %1 port %2."), {settings().host, number}});
        return;
    }
    if (settings().port == 0) {
        good(QT_TRANSLATE_NOOP("Core", "The relay takes any free port."));
        return;
    }
    Listener listener([](const Listener::Accepted &) {});
    const auto error = listener.listenOn(settings().host, settings().port, Door::Public);
    if (!error) {
        listener.close();
        good({QT_TRANSLATE_NOOP("Core", "Port %1 is free. The relay does not run now."), {number}});
    } else if (error->code == "port_in_use") {
        askWhoHoldsThePort();
    } else {
        const QLatin1String code = error->code == "permission_denied" ? "port_not_permitted"_L1
            : error->code == "address_not_available"                  ? "address_not_available"_L1
                                                                      : "port_unusable"_L1;
        done(Result::Bad, code, error->detail,
            QT_TRANSLATE_NOOP("Core", "Correct the address or the port (HOST, PORT)."));
    }
}

/// It may be a relay, in a process of its own. What it says of itself any program could say: no key goes there.
void Doctor::Examination::askWhoHoldsThePort()
{
    look(holderOfPort("/"), [this](const PeerSight &sight) {
        const QJsonObject said = QJsonDocument::fromJson(sight.body).object();
        if (!sight.answer || said.value("name"_L1) != "Realtime Relay"_L1) {
            portIsTaken();
            return;
        }
        look(holderOfPort("/health"), [this](const PeerSight &health) {
            const QString number = QString::number(settings().port);
            const QJsonValue status = QJsonDocument::fromJson(health.body).object().value("status"_L1);
            if (health.answer && status == "healthy"_L1)
                good({QT_TRANSLATE_NOOP("Core", "A relay runs, and listens on port %1."), {number}});
            else if (health.answer && status == "draining"_L1)
                done(Result::Warning, "relay_draining"_L1,
                    {QT_TRANSLATE_NOOP(
                         "Core", "A relay listens on port %1, but takes no new calls: it is stopping."),
                        {number}},
                    QT_TRANSLATE_NOOP("Core", "Wait until its calls have ended, then start it anew."));
            else
                portIsTaken();
        });
    });
}

PeerPlan Doctor::Examination::holderOfPort(const QByteArray &path) const
{
    PeerPlan plan;
    plan.host = callToListener(settings(), settings().port).address.toString();
    plan.port = settings().port;
    plan.secure = !settings().tlsCertFile.isEmpty();
    plan.hostHeader = "localhost";
    plan.path = path;
    plan.patience = 3s;
    return plan;
}

void Doctor::Examination::portIsTaken()
{
    const QString number = QString::number(settings().port);
    const QString owner = portOwner(QHostAddress(settings().host), settings().port);
    const Sentence text = owner.isEmpty()
        ? Sentence(QT_TRANSLATE_NOOP("Core", "Port %1 is taken by another program."), {number})
        : Sentence(QT_TRANSLATE_NOOP("Core", "Port %1 is taken by %2."), {number, outsideText(owner)});
    done(Result::Bad, "port_taken"_L1, text,
        QT_TRANSLATE_NOOP("Core", "Stop that program, or set PORT to another one."));
}

void Doctor::Examination::lookAtAddresses()
{
    if (m_settingsAreBad) {
        skipped(QT_TRANSLATE_NOOP("Core", "The settings have to be mended first."));
        return;
    }
    if (isForThisMachineOnly()) {
        good(
            {QT_TRANSLATE_NOOP("Core",
                 "Only programs on this machine can connect (%1). To let others in, listen on every network (HOST=0.0.0.0; "
                 "in the window “My networks” under “Let others in”), or share by a tunnel."),
                {settings().host}});
        return;
    }
    QStringList addresses;
    const auto interfaces = QNetworkInterface::allInterfaces();
    for (const QNetworkInterface &each : interfaces) {
        if (!(each.flags() & QNetworkInterface::IsUp) || (each.flags() & QNetworkInterface::IsLoopBack))
            continue;
        const auto entries = each.addressEntries();
        for (const QNetworkAddressEntry &entry : entries) {
            if (!entry.ip().isLinkLocal())
                addresses.append(u"%1 (%2)"_s.arg(entry.ip().toString(), each.humanReadableName()));
        }
    }
    if (addresses.isEmpty()) {
        done(Result::Warning, "no_network"_L1,
            QT_TRANSLATE_NOOP("Core", "This machine has no address in a network: nobody else can reach it."),
            QT_TRANSLATE_NOOP("Core", "Connect it to a network."));
        return;
    }
    constexpr qsizetype most = 8;
    if (addresses.size() > most)
        addresses = addresses.first(most) << u"…"_s;
    good({QT_TRANSLATE_NOOP("Core", "The relay listens on %1; this machine is %2."),
        {settings().host, outsideText(addresses.join(u", "_s), 400)}});
}

void Doctor::Examination::lookAtFirewall()
{
    if (m_settingsAreBad) {
        skipped(QT_TRANSLATE_NOOP("Core", "The settings have to be mended first."));
        return;
    }
    if (isForThisMachineOnly()) {
        good(QT_TRANSLATE_NOOP(
            "Core", "Only programs on this machine can connect, which no firewall forbids."));
        return;
    }
    if (m_plan.port == 0 && settings().port == 0) {
        skipped(
            QT_TRANSLATE_NOOP("Core", "The relay takes any free port, and a firewall has rules for one."));
        return;
    }
    const QString nft = QStandardPaths::findExecutable(
        u"nft"_s, {u"/usr/sbin"_s, u"/sbin"_s, u"/usr/local/sbin"_s, u"/usr/bin"_s});
    if (nft.isEmpty()) {
        judgeFirewall({});
        return;
    }
    m_process = std::make_unique<QProcess>();
    m_process->setStandardErrorFile(QProcess::nullDevice());
    connect(m_process.get(), &QProcess::finished, this, [this](int exitCode) {
        const quint16 port = m_plan.port ? m_plan.port : settings().port;
        judgeFirewall(exitCode == 0 ? nftLetsIn(m_process->readAllStandardOutput(), port) : std::nullopt);
    });
    connect(m_process.get(), &QProcess::errorOccurred, this, [this](QProcess::ProcessError error) {
        if (error == QProcess::FailedToStart)
            judgeFirewall({});
    });
    m_process->start(nft, {u"-j"_s, u"list"_s, u"ruleset"_s}, QIODevice::ReadOnly);
}

/// `letsIn`: by the rules themselves, which only an administrator sees.
void Doctor::Examination::judgeFirewall(std::optional<bool> letsIn)
{
    const quint16 port = m_plan.port ? m_plan.port : settings().port;
    const QString number = QString::number(port);
    Firewall firewall = firewallHere();
    if (letsIn == true) {
        good({QT_TRANSLATE_NOOP("Core", "The firewall of this machine lets others connect to port %1."),
            {number}});
        return;
    }
    if (letsIn == false && firewall == Firewall::Unknown)
        firewall = Firewall::Nftables;
    const QString command = firewallCommand(firewall, port);
    const Sentence advice = joined(firewallAdvice(firewall), asTheySaid(command));
    if (letsIn == false)
        done(Result::Bad, "firewall_closed"_L1,
            {QT_TRANSLATE_NOOP("Core", "The firewall of this machine turns others away from port %1."),
                {number}},
            advice);
    else if (command.isEmpty())
        good(QT_TRANSLATE_NOOP(
            "Core", "No firewall can be seen on this machine; only an administrator could tell for sure."));
    else
        done(Result::Warning, "firewall_unknown"_L1,
            {QT_TRANSLATE_NOOP("Core",
                 "This machine has a firewall. Whether it lets others connect to port %1 only an administrator can see."),
                {number}},
            advice);
}

void Doctor::Examination::lookAtCertificate()
{
    if (m_settingsAreBad) {
        skipped(QT_TRANSLATE_NOOP("Core", "The settings have to be mended first."));
        return;
    }
    const QString file = settings().tlsCertFile;
    if (file.isEmpty()) {
        skipped(QT_TRANSLATE_NOOP("Core",
            "The relay has no certificate: clients connect with ws://, which pages with https:// cannot. A tunnel or a "
            "web server in front has one of its own."));
        return;
    }
    QString host = m_plan.shown.host();
    if (host.isEmpty() && !isForThisMachineOnly() && !QHostAddress(settings().host).isNull()
        && QHostAddress(settings().host) != QHostAddress::AnyIPv4
        && QHostAddress(settings().host) != QHostAddress::AnyIPv6)
        host = settings().host;
    if (host.isEmpty()) // of which it is for sure
        host = callToListener(settings(), 0).url.host();
    if (const auto problem = certificateProblemOfFile(file, host))
        done(Result::Bad, "certificate_unfit"_L1, *problem,
            QT_TRANSLATE_NOOP("Core",
                "Until then clients refuse the connection, and browsers do not say why. The file is TLS_CERT_FILE."));
    else
        good({QT_TRANSLATE_NOOP("Core", "Clients that trust what this system trusts take it for %1."),
            {host}});
}

} // namespace rr
