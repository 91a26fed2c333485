// SPDX-License-Identifier: MIT
#pragma once

#include "core/sharing/firewall.h"

#include <QWidget>

#include <optional>

class QLabel;

namespace rr {

class CopyButton;

/// Names the firewall of this machine and the command that opens a port in it, to copy. Not there where no firewall is known.
class FirewallHint : public QWidget
{
    Q_OBJECT
public:
    explicit FirewallHint(QWidget *parent = nullptr);

    /// The port that others are to reach; 0: nobody is to, or they are known to. Looks at the system when it is another one than
    /// before, or after lookAgain().
    void show(quint16 port);
    void show(Firewall firewall, quint16 port);
    void lookAgain() { m_port.reset(); }
    bool namesOne() const { return m_firewall != Firewall::Unknown; }

private:
    std::optional<quint16> m_port; ///< that was asked for last
    Firewall m_firewall = Firewall::Unknown;
    QLabel *m_advice;
    QLabel *m_command;
    CopyButton *m_copy;
};

} // namespace rr
