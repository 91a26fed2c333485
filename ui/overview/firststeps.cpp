// SPDX-License-Identifier: MIT
#include "ui/overview/firststeps.h"

#include "ui/control/pageorigin.h"
#include "ui/control/relaycontrol.h"
#include "ui/control/statuspresenter.h"
#include "ui/demo/democalls.h"
#include "ui/overview/letinpanel.h"
#include "ui/overview/originpanel.h"
#include "ui/overview/reachpanel.h"
#include "ui/overview/tickline.h"
#include "ui/overview/tlshint.h"
#include "ui/parts/plainlabel.h"

#include <QDesktopServices>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

#include <algorithm>

namespace rr {

using namespace Qt::StringLiterals;

FirstSteps::FirstSteps(RelayControl &control, QWidget *parent)
    : QGroupBox(tr("First steps"), parent)
    , m_control(control)
    , m_title(plainLabel(this, 1.15, true))
    , m_skipAll(new QPushButton(tr("Skip a&ll"), this))
    , m_next(new QPushButton(tr("Ne&xt"), this))
{
    m_title->setObjectName(u"firstStepTitle"_s);
    m_title->setWordWrap(true);
    auto *column = new QVBoxLayout(this);
    column->setSpacing(10);
    column->addWidget(m_title);
    m_steps = {makeChecks(), makeReach(), makeTry()};
    for (QWidget *each : std::as_const(m_steps)) {
        each->hide();
        column->addWidget(each);
    }
    m_next->setObjectName(u"nextStep"_s);
    m_skipAll->setObjectName(u"skipSteps"_s);
    m_skipAll->setToolTip(tr("All of it can be found on this page and in the settings later on"));
    for (QPushButton *button : {m_next, m_skipAll})
        button->setAutoDefault(false);
    connect(m_next, &QPushButton::clicked, this, [this] { passTo(step() + 1); });
    connect(m_skipAll, &QPushButton::clicked, this, [this] { passTo(ApplicationSettings::firstSteps); });
    auto *buttons = new QHBoxLayout;
    buttons->addStretch();
    buttons->addWidget(m_skipAll);
    buttons->addWidget(m_next);
    column->addLayout(buttons);
}

QWidget *FirstSteps::makeChecks()
{
    auto *checks = new QWidget(this);
    m_listens = new TickLine(checks);
    m_upstream = new TickLine(checks);
    auto *column = new QVBoxLayout(checks);
    column->setContentsMargins({});
    column->addWidget(m_listens);
    column->addWidget(m_upstream);
    return checks;
}

QWidget *FirstSteps::makeReach()
{
    auto *reach = new QWidget(this);
    m_reach = new ReachPanel(m_control, reach);
    m_origins = new OriginPanel(m_control, reach);
    m_tls = new TlsHint(m_control, reach);
    connect(m_tls, &TlsHint::settingsRequested, this, &FirstSteps::settingsRequested);
    auto *column = new QVBoxLayout(reach);
    column->setContentsMargins({});
    column->setSpacing(10);
    column->addWidget(m_reach);
    column->addWidget(m_origins);
    column->addWidget(m_tls);
    return reach;
}

QWidget *FirstSteps::makeTry()
{
    auto *attempt = new QWidget(this);
    m_tryText = plainLabel(attempt);
    m_tryText->setWordWrap(true);
    m_try = new QPushButton(tr("&Open the try page"), attempt);
    m_try->setObjectName(u"openTryPage"_s);
    m_try->setAutoDefault(false);
    connect(m_try, &QPushButton::clicked, this, [this] { QDesktopServices::openUrl(m_control.tryPage()); });
    m_demo = new DemoCalls(m_control, attempt);
    auto *row = new QHBoxLayout;
    row->addWidget(m_try);
    row->addStretch();
    auto *column = new QVBoxLayout(attempt);
    column->setContentsMargins({});
    column->addWidget(m_tryText);
    column->addLayout(row);
    column->addWidget(m_demo);
    return attempt;
}

int FirstSteps::step() const
{
    return std::max({m_passed, m_control.application().firstStep, 0});
}

bool FirstSteps::isOver() const
{
    return step() >= ApplicationSettings::firstSteps;
}

void FirstSteps::passTo(int step)
{
    m_passed = step;
    ApplicationSettings application = m_control.application();
    application.firstStep = step;
    m_control.applyApplication(application);
    showStep();
    if (isOver())
        Q_EMIT over();
    else
        announce(*m_title);
}

bool FirstSteps::isDone(int step) const
{
    switch (step) {
    case 0:
        return m_listens->tick() == Tick::Done && m_upstream->tick() == Tick::Done;
    case 1:
        return m_control.sharing().isOn()
            || (reachOf(m_control.settings().host, m_control.application().publicAddress)
                    != Reach::ThisMachine
                && !originsElsewhere(m_control.settings().allowedOrigins).isEmpty());
    default:
        return true;
    }
}

void FirstSteps::showStep()
{
    const int shown = step();
    const bool isLast = shown + 1 >= ApplicationSettings::firstSteps;
    if (shown < m_steps.size())
        m_next->setText(isLast ? tr("Fi&nish") : isDone(shown) ? tr("Ne&xt") : tr("S&kip"));
    m_skipAll->setVisible(!isLast);
    if (shown == m_shown)
        return;
    m_shown = shown;
    for (int i = 0; i < m_steps.size(); ++i)
        m_steps[i]->setVisible(i == shown);
    m_steps.first()->setVisible(shown < 2); // what was found stays in sight of who has not asked
    const QString titles[] = {tr("Does all work here?"), tr("Who is to come in?"), tr("Try it.")};
    if (shown < m_steps.size())
        m_title->setText(tr("Step %1 of %2: %3").arg(shown + 1).arg(m_steps.size()).arg(titles[shown]));
}

void FirstSteps::refresh(const StatusView &status)
{
    if (isOver())
        return;
    if (m_control.application().outsideCallWorked || m_control.outsideCaller()) {
        passTo(ApplicationSettings::firstSteps); // there is nothing left to lead to
        return;
    }
    const Snapshot &snapshot = m_control.latest();
    if (snapshot.state == RelayState::Running)
        m_listens->show(Tick::Done, tr("The relay listens on port %1.").arg(snapshot.port));
    else
        m_listens->show(
            status.icon == IconState::OffAttention ? Tick::Attention : Tick::Open, status.sentence);
    showUpstream(*m_upstream, status);
    m_upstream->setVisible(snapshot.state == RelayState::Running);
    if (step() == 0 && isDone(0))
        passTo(1);
    else
        showStep();
    if (step() == 1) {
        m_reach->refresh();
        m_origins->refresh();
        m_tls->refresh();
    }
    const bool hasPage = !m_control.tryPage().isEmpty();
    m_try->setVisible(hasPage);
    m_try->setEnabled(hasPage && snapshot.state == RelayState::Running);
    m_tryText->setText(
        hasPage ? tr(
            "The try page opens in your browser and makes a call through this relay with your microphone: you hear "
            "the answer, and see how long it took.")
                : tr("Connect a client to the address below: its call appears under Calls at once."));
    m_demo->refresh();
}

} // namespace rr
