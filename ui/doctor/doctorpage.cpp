// SPDX-License-Identifier: MIT
#include "ui/doctor/doctorpage.h"

#include "core/sharing/bundle.h"
#include "ui/about/diagnostics.h"
#include "ui/control/relaycontrol.h"
#include "ui/control/translated.h"
#include "ui/parts/checklist.h"
#include "ui/parts/copybutton.h"
#include "ui/parts/plainlabel.h"

#include <QDateTime>
#include <QDir>
#include <QEvent>
#include <QFileDialog>
#include <QGroupBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QScrollArea>
#include <QVBoxLayout>

#include <algorithm>

namespace rr {

using namespace Qt::StringLiterals;

namespace {

constexpr int summaryBadgeSide = 28;

/// Of what a call needs: the address for others, for instance, is Skipped where there is none.
int notLookedAt(const QList<CheckStep> &steps)
{
    return int(std::count_if(steps.cbegin(), steps.cend(), [](const CheckStep &step) {
        return step.result == CheckStep::Result::Skipped && (step.id == "key"_L1 || step.id == "call"_L1);
    }));
}

int countOf(const QList<CheckStep> &steps, CheckStep::Result result)
{
    return int(std::count_if(
        steps.cbegin(), steps.cend(), [result](const CheckStep &step) { return step.result == result; }));
}

} // namespace

DoctorSummary summaryOf(const QList<CheckStep> &steps)
{
    if (const int wrong = countOf(steps, CheckStep::Result::Bad))
        return {DoctorPage::tr("%n thing(s) are wrong.", nullptr, wrong), Tone::Bad};
    const int unseen = notLookedAt(steps);
    if (const int warnings = countOf(steps, CheckStep::Result::Warning))
        return {unseen > 0
                ? DoctorPage::tr("Nothing is wrong; %n thing(s) are to be known.", nullptr, warnings)
                : DoctorPage::tr("It works; %n thing(s) are to be known.", nullptr, warnings),
            Tone::Warning};
    if (unseen > 0)
        return {DoctorPage::tr("Nothing is wrong; %n thing(s) were not looked at.", nullptr, unseen),
            Tone::Quiet};
    return {DoctorPage::tr("All is well."), Tone::Good};
}

DoctorPage::DoctorPage(RelayControl &control, QWidget *parent)
    : QWidget(parent)
    , m_control(control)
    , m_list(new CheckList(&Doctor::titleOf))
{
    auto *found = new QGroupBox(tr("What was found"), this);
    (new QVBoxLayout(found))->addWidget(m_list);
    m_results = found;
    m_results->hide();
    auto *content = new QWidget;
    auto *column = new QVBoxLayout(content);
    column->setSpacing(12);
    column->addWidget(makeSummary());
    column->addWidget(makeQuestion());
    column->addWidget(m_results);
    column->addStretch();
    auto *scroll = new QScrollArea(this);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setWidgetResizable(true);
    scroll->setWidget(content);
    scroll->setFocusPolicy(Qt::NoFocus);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins({});
    layout->addWidget(scroll);

    connect(&m_doctor, &Doctor::stepChanged, this, &DoctorPage::noteStep);
    connect(&m_doctor, &Doctor::finished, this, &DoctorPage::noteEnd);
    connect(&control, &RelayControl::settingsChanged, this, [this] {
        if (m_at.isValid() && !m_doctor.isRunning())
            showSummary(
                tr("The settings are others since. Examine again to see what is so now."), Tone::Quiet);
    });
    showSummary(tr("Nothing was examined yet."), Tone::Quiet);
}

QWidget *DoctorPage::makeSummary()
{
    auto *head = new QWidget(this);
    m_badge = new QLabel(head);
    m_summary = plainLabel(head, largeText, true);
    m_summary->setObjectName(u"doctorSummary"_s);
    m_summary->setAccessibleDescription(tr("Result of the examination"));
    m_summary->setWordWrap(true);
    m_summary->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    auto *row = new QHBoxLayout(head);
    row->setContentsMargins(0, 4, 0, 4);
    row->setSpacing(12);
    row->addWidget(m_badge);
    row->addWidget(m_summary, 1);
    return head;
}

QWidget *DoctorPage::makeQuestion()
{
    auto *box = new QWidget(this);
    QLabel *explanation = plainLabel(box);
    explanation->setWordWrap(true);
    explanation->setText(tr(
        "Looks at all that a call needs, in the order in which it needs it, and, with a key or in a demo, makes one "
        "whole call through this relay. Nothing is sent but to the upstream, to this machine and its DNS servers and "
        "proxy, and to the address that others are given."));
    auto *label = new QLabel(tr("&Key or token for this once:"), box);
    m_key = new QLineEdit(box);
    m_key->setObjectName(u"doctorKey"_s);
    m_key->setEchoMode(QLineEdit::Password);
    m_key->setPlaceholderText(tr("may stay empty; it is not kept"));
    m_key->setToolTip(
        tr("With it the model is looked up and a short call is made, which costs its owner a little."));
    m_key->setAccessibleDescription(m_key->toolTip());
    label->setBuddy(m_key);
    m_examine = new QPushButton(tr("Examine"), box);
    m_examine->setObjectName(u"examine"_s);
    m_examine->setAutoDefault(true);
    auto *copy = new CopyButton(
        tr("Copy the report"), [this] { return report(); }, m_results);
    copy->setObjectName(u"copyReport"_s);
    copy->setText(tr("Copy report"));
    auto *save = new QPushButton(tr("Save bundle…"), m_results);
    save->setObjectName(u"saveBundle"_s);
    save->setToolTip(tr(
        "The report, versions, settings and the last log lines, without keys, passwords or anything that was "
        "said in a call: for a colleague who helps."));
    m_saved = plainLabel(m_results);
    m_saved->setObjectName(u"savedBundle"_s);
    m_saved->setWordWrap(true);
    connect(m_key, &QLineEdit::returnPressed, this, &DoctorPage::examine);
    connect(m_examine, &QPushButton::clicked, this, &DoctorPage::examine);
    connect(save, &QPushButton::clicked, this, &DoctorPage::saveBundle);

    auto *row = new QHBoxLayout;
    row->addWidget(label);
    row->addWidget(m_key, 1);
    row->addWidget(m_examine);
    auto *last = new QHBoxLayout;
    last->addWidget(copy);
    last->addWidget(save);
    last->addWidget(m_saved, 1);
    qobject_cast<QVBoxLayout *>(m_results->layout())->addLayout(last);
    auto *column = new QVBoxLayout(box);
    column->setContentsMargins({});
    column->addWidget(explanation);
    column->addLayout(row);
    return box;
}

void DoctorPage::examine()
{
    if (m_doctor.isRunning())
        return;
    const Secret key(m_key->text().trimmed().toUtf8());
    m_key->clear();
    m_found.clear();
    m_at = QDateTime::currentDateTime();
    m_examine->setEnabled(false);
    m_list->show({});
    showSummary(tr("Examining…"), Tone::Working);
    m_doctor.run(m_control.doctorPlan(key));
}

void DoctorPage::noteStep(const CheckStep &step)
{
    const auto known = std::find_if(
        m_found.begin(), m_found.end(), [&step](const CheckStep &each) { return each.id == step.id; });
    if (known == m_found.end())
        m_found.append(step);
    else
        *known = step;
    m_list->show(m_found);
    m_results->show();
}

void DoctorPage::noteEnd(const QList<CheckStep> &steps)
{
    m_found = steps;
    m_list->show(steps);
    m_results->show();
    m_examine->setEnabled(true);
    m_examine->setText(tr("Examine again"));
    const auto [text, tone] = summaryOf(steps);
    showSummary(text, tone);
    announce(*m_summary);
}

void DoctorPage::showSummary(const QString &text, Tone tone)
{
    m_tone = tone;
    m_summary->setText(text);
    m_badge->setPixmap(toneBadge(tone, summaryBadgeSide, devicePixelRatioF()));
}

void DoctorPage::changeEvent(QEvent *event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange && m_badge)
        showSummary(m_summary->text(), m_tone);
}

QString DoctorPage::report() const
{
    return u"Realtime Relay, %1\n%2\n\n%3"_s.arg(
        m_at.toString(Qt::ISODate), m_summary->text(), m_list->report());
}

void DoctorPage::saveBundle()
{
    auto *dialog = new QFileDialog(this, tr("Save bundle"), {}, tr("Text (*.txt)"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setDefaultSuffix(u"txt"_s);
    dialog->selectFile(u"realtime-relay-doctor.txt"_s);
    connect(dialog, &QFileDialog::fileSelected, this, [this](const QString &file) {
        const auto problem = writeBundle(file, diagnosticsText(m_control, m_found));
        m_saved->setText(
            problem ? translated(*problem) : tr("Saved to %1").arg(QDir::toNativeSeparators(file)));
        announce(*m_saved);
    });
    dialog->open();
}

} // namespace rr
