// SPDX-License-Identifier: MIT
#include "ui/overview/overviewpage.h"

#include "core/sharing/addresscertificate.h"
#include "core/sharing/portowner.h"
#include "ui/control/displaytext.h"
#include "ui/control/relayaddress.h"
#include "ui/control/relaycontrol.h"
#include "ui/control/traffichistory.h"
#include "ui/control/translated.h"
#include "ui/demo/democalls.h"
#include "ui/overview/addresspanel.h"
#include "ui/overview/costpanel.h"
#include "ui/overview/firststeps.h"
#include "ui/overview/letinpanel.h"
#include "ui/overview/numberrow.h"
#include "ui/overview/plot.h"
#include "ui/overview/problembox.h"
#include "ui/overview/statehead.h"
#include "ui/parts/plainlabel.h"
#include "ui/sharing/sharepanel.h"

#include <QGroupBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QScrollArea>
#include <QVBoxLayout>

#include <algorithm>
#include <chrono>
#include <cmath>

namespace rr {

using namespace Qt::StringLiterals;

namespace {

constexpr auto certificateInterval = std::chrono::minutes(10);
constexpr auto letInLink = "let-in"_L1; ///< what else is a link names a setting

} // namespace

OverviewPage::OverviewPage(RelayControl &control, const TrafficHistory &history, QWidget *parent)
    : QWidget(parent)
    , m_control(control)
    , m_history(history)
{
    auto *content = new QWidget;
    auto *column = new QVBoxLayout(content);
    column->setSpacing(12);
    m_head = new StateHead(content);
    column->addWidget(m_head);
    m_problemLayout = new QVBoxLayout;
    column->addLayout(m_problemLayout);
    m_firstSteps = new FirstSteps(control, content);
    column->addWidget(m_firstSteps);
    m_letIn = new LetInPanel(control, content);
    column->addWidget(m_letIn);
    m_share = new SharePanel(control, content);
    column->addWidget(m_share);
    column->addWidget(makeAddresses());
    m_demo = new DemoCalls(control, content);
    column->addWidget(m_demo);
    m_numbers = new NumberRow(content);
    column->addWidget(m_numbers);
    m_costs = new CostPanel(control, content);
    column->addWidget(m_costs);
    column->addWidget(makePlots(), 1);

    auto *scroll = new QScrollArea(this);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setWidgetResizable(true);
    scroll->setWidget(content);
    scroll->setFocusPolicy(Qt::NoFocus);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins({});
    layout->addWidget(scroll);

    connect(m_firstSteps, &FirstSteps::settingsRequested, this, &OverviewPage::settingsRequested);
    connect(m_firstSteps, &FirstSteps::over, this, &OverviewPage::showAll);
    connect(m_letIn, &LetInPanel::settingsRequested, this, &OverviewPage::settingsRequested);
    connect(m_head, &StateHead::toggleRequested, this, &OverviewPage::toggleRequested);
    connect(m_head, &StateHead::keepRunningRequested, this, &OverviewPage::keepRunningRequested);
    connect(&control, &RelayControl::snapshotTaken, this, &OverviewPage::showAll);
    connect(&control, &RelayControl::settingsChanged, this, &OverviewPage::forgetCheck);
    connect(&control, &RelayControl::settingsChanged, this, &OverviewPage::showAll);
    connect(&control, &RelayControl::applicationChanged, this, &OverviewPage::showAll);
    connect(&control, &RelayControl::startFailed, this, [this] {
        m_shownProblems.clear(); // who has the port, and which is free, may have changed
        showAll();
    });
    connect(&control, &RelayControl::upstreamChecked, this, &OverviewPage::showCheck);
}

QWidget *OverviewPage::makeAddresses()
{
    auto *box = new QGroupBox(tr("Clients connect to"), this);
    m_addresses = new AddressPanel(box);
    connect(m_addresses, &AddressPanel::linkActivated, this, &OverviewPage::followLink);
    m_checkButton = new QPushButton(tr("Check upstream"), box);
    m_checkButton->setObjectName(u"checkUpstream"_s);
    m_checkButton->setToolTip(tr("Sees whether the upstream can be reached from here. Needs no key."));
    connect(m_checkButton, &QPushButton::clicked, this, &OverviewPage::checkUpstream);
    m_checkResult = plainLabel(box);
    m_checkResult->setObjectName(u"checkResult"_s);
    m_checkResult->setWordWrap(true);
    m_checkResult->setAccessibleDescription(tr("Result of the check"));
    m_checkResult->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    setCheckResult({});

    auto *check = new QHBoxLayout;
    check->addWidget(m_checkButton);
    check->addWidget(m_checkResult, 1);
    auto *column = new QVBoxLayout(box);
    column->addWidget(m_addresses);
    column->addLayout(check);
    return box;
}

QWidget *OverviewPage::makePlots()
{
    auto *plots = new QWidget(this);
    m_callsPlot = new Plot(
        tr("Calls"), [](double value) { return countText(qint64(std::lround(value))); }, plots);
    m_trafficPlot = new Plot(tr("Traffic"), rateText, plots);
    auto *row = new QHBoxLayout(plots);
    row->setContentsMargins({});
    row->setSpacing(20);
    row->addWidget(m_callsPlot);
    row->addWidget(m_trafficPlot);
    return plots;
}

void OverviewPage::showEvent(QShowEvent *event)
{
    QWidget::showEvent(event);
    m_plottedSecond = 0;
    m_control.watch(this, Relay::Detail::Totals);
    showAll();
}

void OverviewPage::hideEvent(QHideEvent *event)
{
    QWidget::hideEvent(event);
    m_control.unwatch(this);
}

void OverviewPage::showAll()
{
    if (!isVisible())
        return;
    showStatus();
    showAddresses();
    m_numbers->show(m_control);
    m_costs->refresh();
    showPlots();
}

void OverviewPage::showStatus()
{
    const StatusView view = presentStatus(statusNow(m_control));
    m_head->show(view,
        m_control.isDemo()
            ? tr("Demo: a built-in simulator answers instead of OpenAI; any key will do.")
            : tr("Calls go to %1.").arg(m_control.settings().upstreamUrl.toString(QUrl::RemoveUserInfo)));
    showProblems(view.problems);
    showGuides(view);
}

/// The first steps lead through what the panel shows as a whole: never both.
void OverviewPage::showGuides(const StatusView &status)
{
    const bool leads = !m_firstSteps->isOver();
    const bool shows = !leads && m_control.application().letOthersIn;
    m_firstSteps->setVisible(leads);
    m_letIn->setVisible(shows);
    m_demo->setVisible(m_control.isDemo() && !leads); // its last step offers them, too
    m_demo->refresh();
    if (leads)
        m_firstSteps->refresh(status);
    if (shows)
        m_letIn->refresh(status);
}

void OverviewPage::followLink(const QString &link)
{
    if (link != letInLink)
        return Q_EMIT settingsRequested(link.toLatin1());
    ApplicationSettings application = m_control.application();
    application.letOthersIn = true;
    m_control.applyApplication(application);
    m_letIn->setFocus();
}

void OverviewPage::showProblems(const QList<Problem> &problems)
{
    if (problems == m_shownProblems)
        return;
    m_shownProblems = problems;
    while (m_problems.size() < problems.size()) {
        auto *box = new ProblemBox(this);
        connect(box, &ProblemBox::fixRequested, this, &OverviewPage::fix);
        m_problemLayout->addWidget(box);
        m_problems.append(box);
    }
    for (qsizetype i = 0; i < m_problems.size(); ++i) {
        if (i < problems.size()) {
            Problem problem = problems[i];
            const QString button = buttonFor(problem);
            m_problems[i]->show(problem, button);
        } else {
            m_problems[i]->hide();
        }
    }
}

QString OverviewPage::buttonFor(Problem &problem)
{
    switch (problem.fix) {
    case Problem::AnotherPort: {
        const Settings &settings = m_control.settings();
        const QString owner = portOwner(QHostAddress(settings.host), settings.port);
        if (!owner.isEmpty())
            problem.text
                = tr("The relay could not start: port %1 is in use by %2.").arg(settings.port).arg(owner);
        if (m_control.isFixed(*findSetting(u"port"))) {
            problem.nextStep
                = tr("Stop that program, or start the relay with another port: it is fixed by the "
                     "environment or the command line.");
            return {};
        }
        m_otherPort = nextFreePort(QHostAddress(settings.host), settings.port);
        return m_otherPort > 0 ? tr("Use port %1").arg(m_otherPort) : QString();
    }
    case Problem::CheckUpstream:
        return tr("Check upstream");
    case Problem::OpenSettings:
        return tr("Open settings");
    case Problem::OpenAccess:
        return tr("Show access tokens");
    case Problem::AllowOrigin:
    case Problem::AllowSharedOrigin:
        return tr("Allow it");
    case Problem::None:
        break;
    }
    return {};
}

void OverviewPage::fix(Problem problem) // a copy: what it was is shown otherwise meanwhile
{
    switch (problem.fix) {
    case Problem::AnotherPort:
        showRefused(problem, m_control.useOtherPort(m_otherPort));
        break;
    case Problem::AllowOrigin:
        showRefused(problem, m_control.allowOrigin(problem.origin));
        break;
    case Problem::AllowSharedOrigin:
        if (const auto why = m_control.allowSharedOrigin(problem.origin))
            showInPlaceOf(problem, {translated(*why), {}});
        break;
    case Problem::CheckUpstream:
        checkUpstream();
        break;
    case Problem::OpenSettings:
        Q_EMIT settingsRequested(problem.setting);
        break;
    case Problem::OpenAccess:
        Q_EMIT accessRequested();
        break;
    case Problem::None:
        break;
    }
}

/// Why a fix could not be made.
void OverviewPage::showRefused(const Problem &problem, const QList<SettingProblem> &why)
{
    if (!why.isEmpty())
        showInPlaceOf(problem, {translated(why.first().message), {}, Problem::OpenSettings, why.first().key});
}

/// Until the next change.
void OverviewPage::showInPlaceOf(const Problem &problem, const Problem &other)
{
    const auto box = std::find_if(m_problems.cbegin(), m_problems.cend(),
        [&problem](const ProblemBox *each) { return each->problem() == problem; });
    if (box != m_problems.cend())
        (*box)->show(other, other.fix == Problem::OpenSettings ? tr("Open settings") : QString());
}

void OverviewPage::checkUpstream()
{
    if (!m_checkButton->isEnabled())
        return;
    m_checkButton->setEnabled(false);
    setCheckResult(tr("Checking…"));
    m_control.checkUpstream();
}

void OverviewPage::showCheck(const UpstreamCheckResult &result)
{
    if (m_checkButton->isEnabled())
        return; // nobody has asked here
    m_checkButton->setEnabled(true);
    setCheckResult((result.isReachable() ? u"\u2713 "_s : u"\u26a0 "_s) + translated(sentenceOf(result)));
    announce(*m_checkResult);
}

void OverviewPage::forgetCheck()
{
    // They were of the settings before.
    m_certificateProblems.clear();
    m_checkButton->setEnabled(true);
    setCheckResult({});
}

void OverviewPage::setCheckResult(const QString &text)
{
    m_checkResult->setText(text);
    m_checkResult->setFocusPolicy(text.isEmpty() ? Qt::NoFocus : Qt::StrongFocus);
}

void OverviewPage::showAddresses()
{
    const Snapshot &snapshot = m_control.latest();
    QStringList hints;
    QList<RelayAddress> addresses;
    if (snapshot.state == RelayState::Running && snapshot.port > 0)
        addresses = m_control.addresses();
    else
        hints.append(snapshot.state == RelayState::Draining
                ? tr("The relay is stopping: new callers are turned away.")
                : tr("Nobody can connect: the relay is off."));
    if (const auto &caller = m_control.outsideCaller())
        hints.append(caller->isEmpty() ? tr("A call from another machine has worked.")
                                       : tr("A call from another machine (%1) has worked.").arg(*caller));
    if (m_firstSteps->isOver() && !m_control.application().letOthersIn)
        hints.append((QHostAddress(m_control.settings().host).isLoopback()
                ? tr("Only this machine can connect. <a href=\"%1\">Let others in</a>")
                : tr("<a href=\"%1\">Let others in</a>"))
                         .arg(letInLink));
    m_addresses->show(addresses, hints.join(u' '), certificateProblems(addresses));
}

/// Its file is read when it, or an address, is another, and now and then, for it may have expired.
QHash<QString, QString> OverviewPage::certificateProblems(const QList<RelayAddress> &addresses)
{
    const QString &file = m_control.settings().tlsCertFile;
    if (file.isEmpty())
        return {};
    if (m_certificateLookedAt.hasExpired()) {
        m_certificateProblems.clear();
        m_certificateLookedAt.setRemainingTime(certificateInterval);
    }
    QHash<QString, QString> problems;
    for (const RelayAddress &address : addresses) {
        const QString host = address.url.host();
        if (address.reach == RelayAddress::Containers || address.url.scheme() != "wss"_L1)
            continue;
        if (!m_certificateProblems.contains(host)) {
            const auto problem = certificateProblemOfFile(file, host);
            m_certificateProblems.insert(host, problem ? translated(*problem) : QString());
        }
        if (const QString problem = m_certificateProblems.value(host); !problem.isEmpty())
            problems.insert(host, problem);
    }
    return problems;
}

void OverviewPage::showPlots()
{
    const auto &samples = m_history.samples();
    const qint64 newest = samples.isEmpty() ? -1 : samples.last().second;
    if (newest == m_plottedSecond)
        return;
    m_plottedSecond = newest;
    m_callsPlot->setCalls(samples);
    m_trafficPlot->setTraffic(samples, tr("to the upstream"), tr("to clients"));
}

} // namespace rr
