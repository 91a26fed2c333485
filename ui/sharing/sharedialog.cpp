// SPDX-License-Identifier: MIT
#include "ui/sharing/sharedialog.h"

#include "core/sharing/sharewords.h"
#include "ui/control/pageorigin.h"
#include "ui/control/relaycontrol.h"
#include "ui/control/translated.h"
#include "ui/parts/plainlabel.h"
#include "ui/parts/tone.h"
#include "ui/sharing/guestform.h"
#include "ui/sharing/waychooser.h"

#include <QCheckBox>
#include <QDialogButtonBox>
#include <QGroupBox>
#include <QLabel>
#include <QPushButton>
#include <QScreen>
#include <QScrollArea>
#include <QScrollBar>
#include <QVBoxLayout>

namespace rr {

using namespace Qt::StringLiterals;

namespace {

constexpr double partOfScreen = 0.9;
constexpr int leastWidth = 720;

} // namespace

ShareDialog::ShareDialog(RelayControl &control, QWidget *parent)
    : QDialog(parent)
    , m_control(control)
    , m_ways(new WayChooser)
    , m_guests(new GuestForm)
    , m_problem(plainLabel(this, 1, true))
{
    setAttribute(Qt::WA_DeleteOnClose);
    setWindowTitle(tr("Share by a tunnel"));
    auto *way = new QGroupBox(tr("By which way"));
    (new QVBoxLayout(way))->addWidget(m_ways);
    auto *guests = new QGroupBox(tr("For whom"));
    (new QVBoxLayout(guests))->addWidget(m_guests);
    auto *content = new QWidget;
    auto *column = new QVBoxLayout(content);
    column->setSpacing(12);
    column->addWidget(way, 1);
    column->addWidget(guests);
    column->addWidget(makeTerms());
    auto *scroll = new QScrollArea(this);
    scroll->setObjectName(u"content"_s);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setWidgetResizable(true);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    scroll->setFocusPolicy(Qt::NoFocus);
    scroll->setWidget(content);

    m_problem->setObjectName(u"shareProblem"_s);
    m_problem->setWordWrap(true);
    QPalette ink;
    ink.setColor(QPalette::WindowText, toneInk(Tone::Bad, palette()));
    m_problem->setPalette(ink);
    m_problem->hide();
    auto *buttons = new QDialogButtonBox(QDialogButtonBox::Cancel, this);
    m_start = buttons->addButton(tr("Start sharing"), QDialogButtonBox::AcceptRole);
    m_start->setObjectName(u"startSharing"_s);
    m_start->setDefault(true);
    connect(buttons, &QDialogButtonBox::accepted, this, &ShareDialog::share);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    auto *layout = new QVBoxLayout(this);
    layout->addWidget(scroll, 1);
    layout->addWidget(m_problem);
    layout->addWidget(buttons);

    if (const auto plan = control.sharing().lastPlan()) {
        m_ways->choose(plan->way, plan->fields);
        m_guests->show(*plan);
    } else {
        SharePlan first;
        first.origins = originsElsewhere(control.settings().allowedOrigins);
        first.origins.removeAll(u"*"_s);
        if (!first.origins.isEmpty())
            m_guests->show(first);
    }
    const auto touched = [this] { say({}); };
    connect(m_ways, &WayChooser::edited, this, touched);
    connect(m_guests, &GuestForm::edited, this, touched);
    connect(m_accept, &QCheckBox::toggled, this, touched);
    fitToScreen();
    if (!m_ways->problem()) // else the field in question has the focus
        m_guests->problem();
}

QWidget *ShareDialog::makeTerms()
{
    auto *box = new QGroupBox(tr("What OpenAI's terms say"), this);
    QLabel *terms = plainLabel(box);
    terms->setWordWrap(true);
    terms->setText(translated(openAiTerms()));
    m_accept = new QCheckBox(tr("I have read this, and I am allowed to share this access"), box);
    m_accept->setObjectName(u"accept"_s);
    m_accept->setAccessibleDescription(terms->text());
    // Asked once; the sentence stays.
    const bool wasAccepted = m_control.sharing().wasAccepted();
    m_accept->setChecked(wasAccepted);
    m_accept->setVisible(!wasAccepted);
    auto *column = new QVBoxLayout(box);
    column->addWidget(terms);
    column->addWidget(m_accept);
    return box;
}

void ShareDialog::open(RelayControl &control, QWidget *over)
{
    QWidget *window = over->window();
    auto *dialog = window->findChild<ShareDialog *>();
    if (!dialog)
        dialog = new ShareDialog(control, window);
    dialog->show();
    dialog->raise();
    dialog->activateWindow();
}

SharePlan ShareDialog::plan() const
{
    SharePlan plan;
    plan.way = m_ways->way();
    plan.fields = m_ways->fields();
    m_guests->writeInto(plan, QDateTime::currentDateTime());
    return plan;
}

void ShareDialog::share()
{
    auto problem = m_ways->problem();
    if (!problem)
        problem = m_guests->problem();
    if (!problem && !m_accept->isChecked()) {
        m_accept->setFocus();
        problem = tr("Say that you have read what OpenAI's terms say.");
    }
    if (problem)
        return say(*problem);
    m_control.sharing().accept();
    if (const auto refused = m_control.share(plan()))
        return say(translated(*refused));
    accept();
}

void ShareDialog::say(const QString &problem)
{
    m_problem->setVisible(!problem.isEmpty());
    if (problem == m_problem->text())
        return;
    m_problem->setText(problem);
    if (!problem.isEmpty())
        announce(*m_problem);
}

void ShareDialog::fitToScreen()
{
    auto *scroll = findChild<QScrollArea *>(u"content"_s);
    const QSize wanted
        = scroll->widget()->sizeHint() + QSize(scroll->verticalScrollBar()->sizeHint().width() + 24, 110);
    resize(wanted.expandedTo({leastWidth, 0}).boundedTo(screen()->availableSize() * partOfScreen));
}

} // namespace rr
