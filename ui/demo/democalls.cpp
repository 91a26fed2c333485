// SPDX-License-Identifier: MIT
#include "ui/demo/democalls.h"

#include "ui/control/relaycontrol.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>

namespace rr {

using namespace Qt::StringLiterals;

DemoCalls::DemoCalls(RelayControl &control, QWidget *parent)
    : QWidget(parent)
    , m_control(control)
    , m_text(new QLabel(this))
    , m_stop(new QPushButton(tr("Sto&p demo calls"), this))
{
    auto *row = new QHBoxLayout(this);
    row->setContentsMargins({});
    row->addWidget(m_text);
    for (const int callers : {1, 5, 20}) {
        auto *button = new QPushButton(tr("%n caller(s)", nullptr, callers), this);
        button->setObjectName(u"startDemo%1"_s.arg(callers));
        button->setAccessibleName(tr("Start demo calls: %1").arg(button->text()));
        button->setAutoDefault(false);
        connect(button, &QPushButton::clicked, this, [this, callers] {
            m_control.startDemoCalls(callers);
            refresh();
        });
        row->addWidget(button);
        m_starts.append(button);
    }
    m_stop->setObjectName(u"stopDemo"_s);
    m_stop->setAutoDefault(false);
    connect(m_stop, &QPushButton::clicked, this, [this] {
        m_control.stopDemoCalls();
        refresh();
    });
    row->addWidget(m_stop);
    row->addStretch();
    setVisible(control.isDemo());
    refresh();
}

void DemoCalls::refresh()
{
    const int callers = m_control.demoCallers();
    const bool canCall = m_control.state() == RelayState::Running;
    m_text->setText(callers > 0 ? tr("Demo: %n caller(s) speak to the simulator.", nullptr, callers)
                                : tr("Start a demo call:"));
    for (QPushButton *button : std::as_const(m_starts)) {
        button->setVisible(callers == 0);
        button->setEnabled(canCall);
    }
    m_stop->setVisible(callers > 0);
}

} // namespace rr
