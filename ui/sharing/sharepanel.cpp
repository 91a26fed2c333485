// SPDX-License-Identifier: MIT
#include "ui/sharing/sharepanel.h"

#include "core/sharing/linkforms.h"
#include "core/sharing/publicproof.h"
#include "ui/control/translated.h"
#include "ui/icons/glyphicon.h"
#include "ui/parts/checklist.h"
#include "ui/parts/copybutton.h"
#include "ui/parts/fold.h"
#include "ui/parts/plainlabel.h"
#include "ui/sharing/linkbox.h"
#include "ui/sharing/sharedialog.h"
#include "ui/sharing/sharequestions.h"
#include "ui/sharing/sharewords.h"

#include <QDesktopServices>
#include <QEvent>
#include <QFontDatabase>
#include <QGridLayout>
#include <QGroupBox>
#include <QLabel>
#include <QPlainTextEdit>
#include <QPushButton>

namespace rr {

using namespace Qt::StringLiterals;

namespace {

constexpr int stateBadgeSide = 28;
constexpr int ownLines = 8;

QPushButton *makeButton(const QString &text, const QString &name, const QString &toolTip, QWidget *parent)
{
    auto *button = new QPushButton(text, parent);
    button->setObjectName(name);
    button->setToolTip(toolTip);
    return button;
}

} // namespace

SharePanel::SharePanel(RelayControl &control, QWidget *parent)
    : QWidget(parent)
    , m_control(control)
    , m_box(new QGroupBox(tr("Share by a tunnel"), this))
    , m_link(new LinkBox(m_box))
{
    makeHead();
    makeFolds();
    auto *head = new QGridLayout;
    head->setHorizontalSpacing(12);
    head->setVerticalSpacing(2);
    head->addWidget(m_badge, 0, 0, 2, 1, Qt::AlignTop);
    head->addWidget(m_word, 0, 1);
    head->addWidget(m_sentence, 1, 1);
    head->addWidget(m_place, 2, 1);
    head->addWidget(m_visitor, 3, 1);
    head->setColumnStretch(1, 1);
    auto *buttons = new QHBoxLayout;
    for (QPushButton *button : {m_consent, m_again, m_change})
        buttons->addWidget(button);
    buttons->addStretch();
    for (QPushButton *button : {m_try, m_newLink, m_stop})
        buttons->addWidget(button);
    auto *column = new QVBoxLayout(m_box);
    column->setSpacing(10);
    column->addLayout(head);
    column->addLayout(buttons);
    column->addWidget(m_link);
    column->addWidget(m_stepsFold);
    column->addWidget(m_linesFold);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins({});
    layout->addWidget(m_box);

    m_clock.setInterval(std::chrono::seconds(1));
    connect(&m_clock, &QTimer::timeout, this, &SharePanel::showTime);
    connect(&control.sharing(), &Sharing::changed, this, &SharePanel::follow);
    follow();
}

void SharePanel::makeHead()
{
    m_badge = new QLabel(m_box);
    m_word = plainLabel(m_box, 1.2, true);
    m_word->setObjectName(u"shareState"_s);
    m_word->setAccessibleDescription(tr("State of sharing"));
    m_sentence = plainLabel(m_box);
    m_sentence->setObjectName(u"shareSentence"_s);
    m_place = plainLabel(m_box);
    m_place->setObjectName(u"sharePlace"_s);
    m_visitor = plainLabel(m_box);
    m_visitor->setObjectName(u"shareVisitor"_s);
    for (QLabel *label : {m_word, m_sentence, m_place, m_visitor}) {
        label->setWordWrap(true);
        label->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    }
    m_consent = makeButton(
        tr("Open the page"), u"consent"_s, tr("The tunnel waits until you have agreed there"), m_box);
    m_again = makeButton(tr("Share again"), u"shareAgain"_s, tr("As the last time, with a new link"), m_box);
    m_change
        = makeButton(tr("Change…"), u"changeShare"_s, tr("By another way, for others, or for longer"), m_box);
    m_try = makeButton(tr("Test again"), u"testShare"_s, tr("Goes the whole way anew, from outside"), m_box);
    m_newLink = makeButton(
        tr("New link"), u"newLink"_s, tr("The old link opens nothing any more; live calls go on"), m_box);
    m_stop
        = makeButton(tr("Stop sharing"), u"stopShare"_s, tr("Nobody comes in from outside any more"), m_box);
    m_stop->setIcon(glyphIcon(Glyph::Stop));
    connect(m_consent, &QPushButton::clicked, this, [this] { QDesktopServices::openUrl(m_consentPage); });
    connect(m_again, &QPushButton::clicked, this, [this] { shareAgain(m_control, window()); });
    connect(m_change, &QPushButton::clicked, this, [this] { ShareDialog::open(m_control, this); });
    connect(m_try, &QPushButton::clicked, this, [this] { m_control.sharing().testAgain(); });
    connect(m_newLink, &QPushButton::clicked, this, [this] { makeNewLink(m_control, window()); });
    connect(m_stop, &QPushButton::clicked, this, [this] { stopSharing(m_control, window()); });
}

void SharePanel::makeFolds()
{
    m_steps = new CheckList(&PublicProof::titleOf);
    m_stepsFold = new Fold(tr("What was tested"), m_steps, m_box);
    auto *details = new QWidget;
    m_lines = new QPlainTextEdit(details);
    m_lines->setObjectName(u"tunnelLines"_s);
    m_lines->setAccessibleName(tr("What the tunnel's program says"));
    m_lines->setReadOnly(true);
    m_lines->setTabChangesFocus(true);
    m_lines->setLineWrapMode(QPlainTextEdit::NoWrap);
    m_lines->setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
    m_lines->setFixedHeight(m_lines->fontMetrics().lineSpacing() * ownLines + 24);
    auto *column = new QVBoxLayout(details);
    column->setContentsMargins({});
    column->addWidget(m_lines);
    column->addWidget(
        new CopyButton(
            tr("Copy what the tunnel's program says"), [this] { return m_lines->toPlainText(); }, details),
        0, Qt::AlignLeft);
    m_linesFold = new Fold(tr("Details: what the tunnel's program says"), details, m_box);
}

void SharePanel::follow()
{
    show(m_control.sharing().status());
}

void SharePanel::show(const Sharing::Status &status)
{
    const ShareView view = presentShare(status);
    const bool isOn = status.state != Sharing::State::Off;
    setVisible(isOn || m_control.sharing().wasAccepted() || !status.reason.isEmpty());
    m_tone = view.tone;
    m_word->setText(view.word);
    m_sentence->setText(view.sentence);
    m_sentence->setVisible(!view.sentence.isEmpty());
    colorState();
    m_consentPage = status.consentPage;
    m_consent->setVisible(isOn && !status.consentPage.isEmpty());
    m_consent->setDefault(m_consent->isVisibleTo(this));
    if (!view.tryText.isEmpty())
        m_try->setText(view.tryText);
    m_try->setVisible(!view.tryText.isEmpty());
    m_newLink->setVisible(status.state == Sharing::State::Shared);
    m_stop->setVisible(isOn);
    m_stop->setEnabled(status.state != Sharing::State::Stopping);
    m_again->setVisible(!isOn && m_control.sharing().lastPlan().has_value());
    m_change->setVisible(!isOn);
    if (isOn)
        showOn(status);
    else
        showOff();
    showLink(status);
    m_steps->show(status.steps);
    m_stepsFold->setVisible(!status.steps.isEmpty());
    const QString lines = status.lastLines.join(u'\n');
    if (lines != m_lines->toPlainText()) {
        m_lines->setPlainText(lines);
        m_lines->moveCursor(QTextCursor::End);
    }
    m_linesFold->setVisible(!lines.isEmpty());
    if (status.state != m_state) {
        // What the test says matters when it has failed, and the program's words when that has.
        const bool hasFailed
            = status.state == Sharing::State::Broken || status.state == Sharing::State::NeedsYou;
        if (hasFailed && status.proof && !status.proof->works)
            m_stepsFold->setOpen(true);
        m_state = status.state;
        announce(*m_word);
    }
}

void SharePanel::showOff()
{
    m_clock.stop();
    m_visitor->hide();
    m_proven.clear();
    const auto plan = m_control.sharing().lastPlan();
    m_place->setVisible(plan.has_value());
    if (plan)
        m_place->setText(plan->origins.isEmpty()
                ? tr("The last time: %1, for programs.").arg(titleOfWay(plan->way))
                : tr("The last time: %1, for pages of %2.")
                      .arg(titleOfWay(plan->way), plan->origins.join(u", "_s)));
}

void SharePanel::showOn(const Sharing::Status &status)
{
    m_placeText = titleOfWay(status.way);
    if (!status.address.isEmpty())
        m_placeText += u" · "_s + status.address.authority(QUrl::PrettyDecoded);
    m_until = status.until;
    m_place->show();
    showTime();
    if (!m_clock.isActive())
        m_clock.start();
    m_visitor->setVisible(status.state == Sharing::State::Shared || status.visitor.has_value());
    m_visitor->setText(status.visitor
            ? visitorText(*status.visitor)
            : tr(
                "Not seen from outside yet. Open the link on a phone that is not in this network, to be sure."));
}

void SharePanel::showLink(const Sharing::Status &status)
{
    if (status.state == Sharing::State::Shared)
        m_proven = status.address;
    // What stood a moment ago is not taken away while it is looked at anew, but nobody is to copy what does not work now.
    const bool works = status.state == Sharing::State::Shared || status.state == Sharing::State::Testing;
    const bool isOffered = status.state != Sharing::State::Off && status.state != Sharing::State::Stopping
        && !status.secret.isEmpty() && !m_proven.isEmpty() && status.address == m_proven;
    m_link->setVisible(isOffered);
    m_link->setEnabled(works);
    m_link->show(isOffered ? linkForms(status.address, status.secret) : LinkForms());
}

void SharePanel::showTime()
{
    const QString text = m_until.isValid()
        ? m_placeText + u" · "_s + untilText(m_until, QDateTime::currentDateTimeUtc())
        : m_placeText;
    if (m_place->text() != text)
        m_place->setText(text);
}

void SharePanel::colorState()
{
    m_badge->setPixmap(toneBadge(m_tone, stateBadgeSide, devicePixelRatioF()));
    QPalette ink;
    ink.setColor(QPalette::WindowText, toneInk(m_tone, palette()));
    m_word->setPalette(ink);
}

void SharePanel::changeEvent(QEvent *event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange && m_badge)
        colorState();
}

} // namespace rr
