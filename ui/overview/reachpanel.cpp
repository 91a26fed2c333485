// SPDX-License-Identifier: MIT
#include "ui/overview/reachpanel.h"

#include "core/config/settingstable.h"
#include "ui/control/relayaddress.h"
#include "ui/control/relaycontrol.h"
#include "ui/control/translated.h"
#include "ui/overview/firewallhint.h"
#include "ui/overview/tickline.h"
#include "ui/parts/plainlabel.h"
#include "ui/sharing/sharedialog.h"

#include <QAbstractItemView>
#include <QComboBox>
#include <QGridLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QRadioButton>
#include <QSignalBlocker>

#include <algorithm>

namespace rr {

using namespace Qt::StringLiterals;

namespace {

bool isContainers(const NetworkAddress &each)
{
    return each.kind == NetworkKind::Containers;
}

/// Also while another choice is in force.
const QString &ownName(const ApplicationSettings &application)
{
    return application.publicAddress.isEmpty() ? application.unusedPublicAddress : application.publicAddress;
}

} // namespace

ReachPanel::ReachPanel(RelayControl &control, QWidget *parent)
    : QWidget(parent)
    , m_control(control)
    , m_state(new TickLine(this))
    , m_thisMachine(new QRadioButton(tr("T&his machine only"), this))
    , m_networks(new QRadioButton(tr("My net&works"), this))
    , m_addresses(new QComboBox(this))
    , m_tunnelText(plainLabel(this))
    , m_tunnel(new QPushButton(tr("Share by a &tunnel…"), this))
    , m_ownName(new QRadioButton(tr("A &name of my own"), this))
    , m_name(new QLineEdit(this))
    , m_useName(new QPushButton(tr("&Use"), this))
    , m_problem(plainLabel(this, 1, true))
    , m_firewall(new FirewallHint(this))
{
    m_thisMachine->setObjectName(u"reachThisMachine"_s);
    m_networks->setObjectName(u"reachNetworks"_s);
    m_networks->setToolTip(tr("Listens on every network of this machine"));
    m_ownName->setObjectName(u"reachOwnName"_s);
    m_ownName->setToolTip(tr("A name that leads here, or a server in front of the relay"));
    m_addresses->setObjectName(u"offeredAddress"_s);
    m_addresses->setAccessibleName(tr("Address that others are given"));
    m_addresses->setToolTip(m_addresses->accessibleName());
    m_addresses->setSizeAdjustPolicy(QComboBox::AdjustToContents);
    m_tunnelText->setText(tr("The internet, by a tunnel"));
    m_tunnelText->setBuddy(m_tunnel);
    m_tunnel->setObjectName(u"shareByTunnel"_s);
    m_tunnel->setToolTip(
        tr("Gives the relay an https address for as long as you like, without a server of your own"));
    m_name->setObjectName(u"ownName"_s);
    m_name->setAccessibleName(tr("Public address"));
    m_name->setPlaceholderText(u"wss://relay.example.org"_s);
    m_useName->setObjectName(u"useOwnName"_s);
    m_useName->setToolTip(tr("Gives others this address from now on"));
    m_problem->setObjectName(u"reachProblem"_s);
    m_problem->setWordWrap(true);
    m_problem->hide();
    for (QPushButton *button : {m_tunnel, m_useName})
        button->setAutoDefault(false);
    layOut();

    connect(m_thisMachine, &QRadioButton::clicked, this, [this] { choose({Reach::ThisMachine, {}, {}}); });
    connect(m_networks, &QRadioButton::clicked, this, [this] { chooseAddress(m_addresses->currentIndex()); });
    connect(m_addresses, &QComboBox::activated, this, &ReachPanel::chooseAddress);
    connect(m_tunnel, &QPushButton::clicked, this, [this] { ShareDialog::open(m_control, this); });
    connect(m_ownName, &QRadioButton::clicked, this, [this] {
        if (!m_name->text().trimmed().isEmpty())
            return chooseOwnName();
        m_asksForName = true;
        refresh();
        m_name->setFocus();
    });
    connect(m_name, &QLineEdit::returnPressed, this, &ReachPanel::chooseOwnName);
    connect(m_useName, &QPushButton::clicked, this, &ReachPanel::chooseOwnName);
    connect(m_name, &QLineEdit::textEdited, this, [this] {
        m_problem->hide();
        m_useName->setEnabled(!m_name->text().trimmed().isEmpty());
    });
    m_name->setText(ownName(control.application()));
}

void ReachPanel::layOut()
{
    auto *grid = new QGridLayout(this);
    grid->setContentsMargins({});
    grid->setVerticalSpacing(4);
    grid->setHorizontalSpacing(12);
    grid->setColumnMinimumWidth(0, tickIndent(*this) - 12);
    grid->setColumnStretch(3, 1);
    grid->addWidget(m_state, 0, 0, 1, 5);
    grid->addWidget(m_thisMachine, 1, 1, 1, 3, Qt::AlignLeft);
    grid->addWidget(m_networks, 2, 1);
    grid->addWidget(m_addresses, 2, 2, 1, 2, Qt::AlignLeft);
    // In line with the words of the choices: it is none of them, for it comes on top.
    m_tunnelText->setIndent(style()->pixelMetric(QStyle::PM_ExclusiveIndicatorWidth)
        + style()->pixelMetric(QStyle::PM_RadioButtonLabelSpacing));
    grid->addWidget(m_tunnelText, 3, 1);
    grid->addWidget(m_tunnel, 3, 2, 1, 2, Qt::AlignLeft);
    grid->addWidget(m_ownName, 4, 1);
    grid->addWidget(m_name, 4, 2, 1, 2);
    grid->addWidget(m_useName, 4, 4);
    grid->addWidget(m_problem, 5, 1, 1, 4);
    grid->addWidget(m_firewall, 6, 1, 1, 4);
}

void ReachPanel::choose(const ReachChoice &choice)
{
    m_asksForName = false;
    const auto problem = chooseReach(m_control, choice);
    m_problem->setText(problem ? translated(*problem) : QString());
    m_problem->setVisible(problem.has_value());
    if (problem)
        announce(*m_problem);
    refresh();
}

void ReachPanel::chooseAddress(int index)
{
    const QVariant address = m_addresses->itemData(index);
    if (index >= 0 && !address.isValid()) { // the line that holds the others
        m_isUnfolded = true;
        m_listed.clear();
        fillAddresses();
        return m_addresses->showPopup();
    }
    choose({Reach::Networks, QHostAddress(address.toString()), {}});
}

void ReachPanel::chooseOwnName()
{
    const QString name = m_name->text().trimmed();
    if (name.isEmpty())
        return;
    if (const auto problem = publicAddressProblem(name)) {
        m_problem->setText(*problem);
        m_problem->show();
        return announce(*m_problem);
    }
    choose({Reach::OwnName, {}, name});
}

/// As it is listed already while somebody chooses.
void ReachPanel::fillAddresses()
{
    QList<NetworkAddress> network = inOrder(m_control.network()); // not the one that was chosen first
    if (network == m_listed || m_addresses->view()->isVisible())
        return;
    m_listed = network;
    const QSignalBlocker quiet(m_addresses);
    m_addresses->clear();
    for (const NetworkAddress &each : std::as_const(network)) {
        if (isContainers(each) && !m_isUnfolded)
            continue;
        const QString name
            = isOfTheInternet(each.address) ? tr("Internet (%1)").arg(each.interface) : each.interface;
        m_addresses->addItem(u"%1 \u2013 %2"_s.arg(name, each.address.toString()), each.address.toString());
    }
    const auto folded = std::count_if(network.cbegin(), network.cend(), isContainers);
    if (folded > 0 && !m_isUnfolded)
        m_addresses->addItem(tr("Others, of containers and virtual machines: %1…").arg(folded));
}

void ReachPanel::refresh()
{
    fillAddresses();
    const Settings &settings = m_control.settings();
    const ApplicationSettings &application = m_control.application();
    const Reach reach = m_asksForName ? Reach::OwnName : reachOf(settings.host, application.publicAddress);
    (reach == Reach::ThisMachine       ? m_thisMachine
            : reach == Reach::Networks ? m_networks
                                       : m_ownName)
        ->setChecked(true);
    if (!m_addresses->view()->isVisible()) {
        const QHostAddress bound(settings.host);
        const QString listened = bound.toString(); // one network's alone
        const QString first
            = m_control.network().isEmpty() ? QString() : m_control.network().first().address.toString();
        const int own = m_addresses->findData(listened);
        m_addresses->setCurrentIndex(std::max(0, own >= 0 ? own : m_addresses->findData(first)));
    }
    if (!m_name->hasFocus() && !ownName(application).isEmpty())
        m_name->setText(ownName(application));

    const bool isFixed = m_control.isFixed(*findSetting(u"host"));
    m_thisMachine->setEnabled(
        !isFixed || reach == Reach::ThisMachine || QHostAddress(settings.host).isLoopback());
    m_networks->setEnabled(!isFixed || reach == Reach::Networks || !QHostAddress(settings.host).isLoopback());
    m_addresses->setEnabled(reach == Reach::Networks && m_addresses->count() > 0);
    m_tunnel->setEnabled(!m_control.sharing().isOn());
    m_useName->setEnabled(
        !m_name->text().trimmed().isEmpty() && m_name->text().trimmed() != application.publicAddress);
    showState();
}

void ReachPanel::showState()
{
    const Settings &settings = m_control.settings();
    const bool runs = m_control.latest().state == RelayState::Running;
    const bool listensLocally = QHostAddress(settings.host).isLoopback();
    const QString name = m_control.application().publicAddress;
    // That others come in is known once somebody has.
    const bool isProven = m_control.application().outsideCallWorked || m_control.outsideCaller();
    m_firewall->show(listensLocally || isProven ? 0
            : m_control.latest().port > 0       ? m_control.latest().port
                                                : settings.port);
    QString text;
    Tick tick = Tick::Open;
    if (m_control.sharing().status().state == Sharing::State::Shared) {
        tick = Tick::Done;
        text = tr("Who has the link reaches the relay by the tunnel.");
    } else if (m_control.network().isEmpty() && !listensLocally) {
        tick = Tick::Attention;
        text = tr("This machine is on no network: nobody else reaches the relay.");
    } else if (!name.isEmpty()) {
        tick = runs && isProven ? Tick::Done : Tick::Open;
        text = tr("Others are told %1.").arg(name);
    } else if (listensLocally) {
        text = tr("Only this machine reaches the relay.");
    } else if (m_firewall->namesOne()) {
        text = tr("The machines on your networks can reach the relay once the firewall lets them.");
    } else {
        tick = runs ? Tick::Done : Tick::Open;
        text = tr("The machines on your networks reach the relay.");
    }
    if (!runs)
        text = tr("Nobody reaches the relay: it is off. Once it is on: %1").arg(text);
    if (m_control.isFixed(*findSetting(u"host")))
        text += u' ' + tr("What it listens on is fixed by the environment or the command line.");
    m_state->show(tick, text);
}

/// The firewall may have been opened meanwhile, or another be in force.
void ReachPanel::showEvent(QShowEvent *event)
{
    QWidget::showEvent(event);
    m_firewall->lookAgain();
    refresh();
}

} // namespace rr
