// SPDX-License-Identifier: MIT
#include "core/sharing/firewall.h"

#include <QFile>
#include <QFileInfo>
#include <QRegularExpression>

namespace rr {

using namespace Qt::StringLiterals;

namespace {

constexpr qint64 mostBytes = 256 * 1024; ///< of a file of rules

QString contentOf(const QString &path)
{
    QFile file(path);
    if (!QFileInfo(path).isFile() || !file.open(QIODevice::ReadOnly))
        return {};
    return QString::fromUtf8(file.read(mostBytes));
}

/// systemd keeps a group of processes for each service that runs.
bool runs(const QString &root, const QString &service)
{
    return QFileInfo::exists(root + "/sys/fs/cgroup/system.slice/"_L1 + service + ".service"_L1);
}

/// Its service ends once the rules are loaded, so that they are in force is not to be seen, but that they are loaded at every start.
bool isLoadedAtStart(const QString &root, const QString &service)
{
    for (const auto target : {"sysinit"_L1, "multi-user"_L1, "basic"_L1}) {
        // A link to a file that need not be below `root`.
        const QFileInfo link(
            root + "/etc/systemd/system/"_L1 + target + ".target.wants/"_L1 + service + ".service"_L1);
        if (link.isSymLink() || link.exists())
            return true;
    }
    return false;
}

QString withoutComments(QString rules)
{
    static const QRegularExpression comment(u"#[^\n]*"_s);
    return rules.remove(comment);
}

/// "inet filter input": where rules for what comes in belong; Debian's own names where the file tells none.
QString inputChain(const QString &rules)
{
    static const QRegularExpression chain(
        u"table\\s+(\\w+)\\s+(\\w+)\\s*\\{(?:(?!\\btable\\b).)*?chain\\s+(\\w+)\\s*\\{[^{}]*hook\\s+input"_s,
        QRegularExpression::DotMatchesEverythingOption);
    const auto match = chain.match(withoutComments(rules));
    if (!match.hasMatch())
        return u"inet filter input"_s;
    return match.captured(1) + u' ' + match.captured(2) + u' ' + match.captured(3);
}

} // namespace

Firewall firewallUnder(const QString &root)
{
    static const QRegularExpression enabled(u"^\\s*ENABLED\\s*=\\s*\"?yes"_s,
        QRegularExpression::MultilineOption | QRegularExpression::CaseInsensitiveOption);
    if (contentOf(root + "/etc/ufw/ufw.conf"_L1).contains(enabled))
        return Firewall::Ufw;
    if (runs(root, u"firewalld"_s))
        return Firewall::Firewalld;
    static const QRegularExpression refuses(u"\\b(drop|reject)\\b"_s);
    if (isLoadedAtStart(root, u"nftables"_s)
        && withoutComments(contentOf(root + "/etc/nftables.conf"_L1)).contains(refuses))
        return Firewall::Nftables;
    return Firewall::Unknown;
}

Firewall firewallHere()
{
#if defined(Q_OS_WIN)
    return Firewall::Windows;
#elif defined(Q_OS_LINUX)
    return firewallUnder({});
#else
    return Firewall::Unknown; // macOS asks its user by itself when a program listens
#endif
}

QString firewallCommand(Firewall firewall, quint16 port)
{
    switch (firewall) {
    case Firewall::Ufw:
        return u"sudo ufw allow %1/tcp"_s.arg(port);
    case Firewall::Firewalld: // for now and for the starts to come
        return u"sudo firewall-cmd --add-port=%1/tcp && sudo firewall-cmd --permanent --add-port=%1/tcp"_s
            .arg(port);
    case Firewall::Nftables:
        return nftablesCommand(port, contentOf(u"/etc/nftables.conf"_s));
    case Firewall::Windows:
        return u"New-NetFirewallRule -DisplayName \"Realtime Relay\" -Direction Inbound -Action Allow "
               "-Protocol TCP -LocalPort %1"_s.arg(port);
    case Firewall::Unknown:
        break;
    }
    return {};
}

QString nftablesCommand(quint16 port, const QString &rules)
{
    return u"sudo nft insert rule %1 tcp dport %2 accept"_s.arg(inputChain(rules)).arg(port);
}

QString firewallCommand(quint16 port)
{
    return firewallCommand(firewallHere(), port);
}

Sentence firewallAdvice(Firewall firewall)
{
    switch (firewall) {
    case Firewall::Ufw:
        return QT_TRANSLATE_NOOP("Core",
            "The firewall of this machine (ufw) may turn others away until the port is opened. In a terminal:");
    case Firewall::Firewalld:
        return QT_TRANSLATE_NOOP("Core",
            "The firewall of this machine (firewalld) may turn others away until the port is opened. In a "
            "terminal:");
    case Firewall::Nftables:
        return QT_TRANSLATE_NOOP("Core",
            "The firewall of this machine (nftables) may turn others away until the port is opened. In a terminal, "
            "until the machine is started again; for good, the same rule in /etc/nftables.conf:");
    case Firewall::Windows:
        return QT_TRANSLATE_NOOP("Core",
            "Windows' firewall may turn others away until the port is opened. In PowerShell, run as administrator:");
    case Firewall::Unknown:
        break;
    }
    return {};
}

} // namespace rr
