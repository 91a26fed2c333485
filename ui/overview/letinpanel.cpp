// SPDX-License-Identifier: MIT
#include "ui/overview/letinpanel.h"

#include "ui/control/relaycontrol.h"
#include "ui/control/statuspresenter.h"
#include "ui/overview/originpanel.h"
#include "ui/overview/reachpanel.h"
#include "ui/overview/tickline.h"
#include "ui/overview/tlshint.h"
#include "ui/parts/plainlabel.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

namespace rr {

using namespace Qt::StringLiterals;

LetInPanel::LetInPanel(RelayControl &control, QWidget *parent)
    : QGroupBox(tr("Let others in"), parent)
    , m_upstream(new TickLine(this))
    , m_reach(new ReachPanel(control, this))
    , m_origins(new OriginPanel(control, this))
    , m_tls(new TlsHint(control, this))
{
    auto *goes = plainLabel(this);
    goes->setText(tr("Goes away by itself once a call from another machine has worked."));
    goes->setWordWrap(true);
    auto *hide = new QPushButton(tr("&Hide"), this);
    hide->setObjectName(u"hideLetIn"_s);
    hide->setAccessibleName(tr("Hide how others are let in"));
    hide->setAutoDefault(false);
    connect(hide, &QPushButton::clicked, this, [&control] {
        ApplicationSettings application = control.application();
        application.letOthersIn = false;
        control.applyApplication(application);
    });
    connect(m_tls, &TlsHint::settingsRequested, this, &LetInPanel::settingsRequested);

    auto *last = new QHBoxLayout;
    last->setContentsMargins(tickIndent(*this), 0, 0, 0);
    last->addWidget(goes, 1);
    last->addWidget(hide);
    auto *column = new QVBoxLayout(this);
    column->setSpacing(10);
    column->addWidget(m_upstream);
    column->addWidget(m_reach);
    column->addWidget(m_origins);
    column->addWidget(m_tls);
    column->addLayout(last);
}

void LetInPanel::refresh(const StatusView &status)
{
    showUpstream(*m_upstream, status);
    m_reach->refresh();
    m_origins->refresh();
    m_tls->refresh();
}

void showUpstream(TickLine &line, const StatusView &status)
{
    switch (status.icon) {
    case IconState::Idle:
    case IconState::Live:
    case IconState::OnAttention:
        return line.show(Tick::Done, LetInPanel::tr("The relay reaches its upstream."));
    case IconState::Failing:
    case IconState::OffAttention:
        return line.show(Tick::Attention, status.sentence);
    case IconState::Off:
    case IconState::Unchecked:
        break;
    }
    line.show(Tick::Open, status.sentence);
}

} // namespace rr
