// SPDX-License-Identifier: MIT
#pragma once

#include "ui/control/networkaddress.h"
#include "ui/control/reach.h"

#include <QWidget>

class QComboBox;
class QLabel;
class QLineEdit;
class QPushButton;
class QRadioButton;

namespace rr {

class FirewallHint;
class RelayControl;
class TickLine;

/// Who can reach the relay, as a choice that is in force at once, without dropping a call: this machine only, its networks,
/// with the address that others are given, the internet by a tunnel, or a name of one's own. And the command that opens the
/// firewall, where that may be in the way. Main thread; its owner calls refresh() while it is seen.
class ReachPanel : public QWidget
{
    Q_OBJECT
public:
    explicit ReachPanel(RelayControl &control, QWidget *parent = nullptr);

    void refresh();

protected:
    void showEvent(QShowEvent *event) override;

private:
    void layOut();
    void choose(const ReachChoice &choice);
    void chooseAddress(int index);
    void chooseOwnName();
    void fillAddresses();
    void showState();

    RelayControl &m_control;
    QList<NetworkAddress> m_listed;
    bool m_isUnfolded = false; ///< the addresses of containers are listed, too
    bool m_asksForName = false; ///< OwnName is chosen, and no name is there yet

    TickLine *m_state;
    QRadioButton *m_thisMachine;
    QRadioButton *m_networks;
    QComboBox *m_addresses;
    QLabel *m_tunnelText;
    QPushButton *m_tunnel;
    QRadioButton *m_ownName;
    QLineEdit *m_name;
    QPushButton *m_useName;
    QLabel *m_problem;
    FirewallHint *m_firewall;
};

} // namespace rr
