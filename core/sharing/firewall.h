// SPDX-License-Identifier: MIT
#pragma once

#include "core/base/sentence.h"

#include <QString>

namespace rr {

/// What decides on this machine who may connect to a port of it.
enum class Firewall : quint8 {
    Unknown, ///< none that can be seen: there is none, or only an administrator could tell
    Ufw, ///< Ubuntu's, and Debian's where it was installed
    Firewalld, ///< Fedora's, RHEL's and openSUSE's
    Nftables, ///< rules of the administrator's own, in /etc/nftables.conf
    Windows, ///< Windows' own, which is on unless somebody has switched it off
};

/// The one that is in force here, as far as can be seen without being an administrator: by the files that everybody may read
/// and the services that run. Asks the system each time, a few files at most; any thread.
Firewall firewallHere();
/// The same of a Linux system whose files are below `root`.
Firewall firewallUnder(const QString &root);

/// The command by which an administrator lets others connect to that TCP port, for a shell (Windows: PowerShell as
/// administrator); empty where there is no firewall that is known. Nothing in it is to be translated.
QString firewallCommand(Firewall firewall, quint16 port);
/// Of firewallHere().
QString firewallCommand(quint16 port);

/// That of Nftables, for the first chain in a file of rules that what comes in goes through.
QString nftablesCommand(quint16 port, const QString &rules);

/// Which firewall it is, and how the command is run. Empty for Unknown.
Sentence firewallAdvice(Firewall firewall);

} // namespace rr
