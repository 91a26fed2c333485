// SPDX-License-Identifier: MIT
#include "ui/access/stepspanel.h"

#include "ui/access/accesswords.h"
#include "ui/parts/plainlabel.h"
#include "ui/parts/tone.h"

#include <QGridLayout>
#include <QLabel>
#include <QPushButton>

#include <algorithm>

namespace rr {

using namespace Qt::StringLiterals;

namespace {

constexpr int stepBadgeSide = 16;

} // namespace

StepsPanel::StepsPanel(QWidget *parent)
    : QGroupBox(tr("Before you can give out access tokens"), parent)
{
    auto *grid = new QGridLayout(this);
    grid->setColumnStretch(1, 1);
    for (const AccessStep::What what : {AccessStep::Key, AccessStep::Store, AccessStep::Running}) {
        Line line{new QLabel(this), plainLabel(this)};
        line.text->setWordWrap(true);
        line.text->setObjectName(u"accessStep%1"_s.arg(int(what)));
        const int row = int(m_lines.size());
        grid->addWidget(line.badge, row, 0, Qt::AlignTop);
        grid->addWidget(line.text, row, 1);
        if (what == AccessStep::Store) {
            line.button = new QPushButton(tr("Choose a store"), this);
            line.button->setObjectName(u"chooseStore"_s);
            line.button->setAutoDefault(false);
            connect(line.button, &QPushButton::clicked, this, &StepsPanel::storeRequested);
            grid->addWidget(line.button, row, 2, Qt::AlignTop);
        }
        m_lines.append(line);
    }
    hide();
}

void StepsPanel::show(const QList<AccessStep> &steps)
{
    setVisible(
        !std::all_of(steps.cbegin(), steps.cend(), [](const AccessStep &step) { return step.isDone; }));
    if (steps == m_steps)
        return;
    m_steps = steps;
    for (const AccessStep &step : steps) {
        const Line &line = m_lines[step.what];
        const Tone tone = step.isDone ? Tone::Good : Tone::Quiet;
        line.badge->setPixmap(toneBadge(tone, stepBadgeSide, devicePixelRatioF()));
        line.text->setText(stepText(step));
        line.text->setAccessibleDescription(step.isDone ? tr("Done") : tr("To be done"));
        if (line.button)
            line.button->setVisible(!step.isDone && !step.isChosen);
    }
}

} // namespace rr
