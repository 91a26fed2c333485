// SPDX-License-Identifier: MIT
#include "ui/overview/firewallhint.h"

#include "ui/control/translated.h"
#include "ui/parts/copybutton.h"
#include "ui/parts/plainlabel.h"

#include <QFontDatabase>
#include <QGridLayout>
#include <QLabel>

namespace rr {

using namespace Qt::StringLiterals;

FirewallHint::FirewallHint(QWidget *parent)
    : QWidget(parent)
    , m_advice(plainLabel(this))
    , m_command(plainLabel(this))
    , m_copy(new CopyButton(
          tr("Copy the command that opens the firewall"), [this] { return m_command->text(); }, this))
{
    m_advice->setWordWrap(true);
    m_command->setWordWrap(true);
    m_command->setObjectName(u"firewallCommand"_s);
    m_command->setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
    m_command->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    m_command->setAccessibleDescription(tr("Command that opens the firewall"));
    m_copy->setObjectName(u"copyFirewallCommand"_s);
    auto *grid = new QGridLayout(this);
    grid->setContentsMargins({});
    grid->setColumnStretch(0, 1);
    grid->addWidget(m_advice, 0, 0, 1, 2);
    grid->addWidget(m_command, 1, 0);
    grid->addWidget(m_copy, 1, 1);
    hide();
}

void FirewallHint::show(quint16 port)
{
    if (port != m_port)
        show(port > 0 ? firewallHere() : Firewall::Unknown, port);
}

void FirewallHint::show(Firewall firewall, quint16 port)
{
    m_port = port;
    m_firewall = firewall;
    m_advice->setText(translated(firewallAdvice(firewall)));
    m_command->setText(firewallCommand(firewall, port));
    setVisible(firewall != Firewall::Unknown);
}

} // namespace rr
