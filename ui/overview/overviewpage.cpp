// SPDX-License-Identifier: MIT
#include "ui/overview/overviewpage.h"

#include "ui/control/coretext.h"
#include "ui/control/displaytext.h"
#include "ui/control/relayaddress.h"
#include "ui/control/relaycontrol.h"
#include "ui/control/traffichistory.h"
#include "ui/icons/glyphicon.h"
#include "ui/icons/relayicon.h"
#include "ui/overview/addresspanel.h"
#include "ui/overview/plot.h"
#include "ui/overview/portowner.h"
#include "ui/overview/problembox.h"

#include <QEvent>
#include <QGroupBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QScrollArea>
#include <QVBoxLayout>

#include <cmath>

namespace rr {

using namespace Qt::StringLiterals;

namespace {

constexpr int iconPixels = 56;
constexpr double largeText = 1.5;

enum NumberIndex : quint8 { CallsNow, CallsInAll, Messages, Traffic, Errors, Uptime, NumberCount };

QLabel *makeLabel(QWidget *parent, double scale = 1, bool bold = false)
{
    auto *label = new QLabel(parent);
    label->setTextFormat(Qt::PlainText);
    QFont font = label->font();
    font.setPointSizeF(font.pointSizeF() * scale);
    font.setBold(bold);
    label->setFont(font);
    return label;
}

} // namespace

OverviewPage::OverviewPage(
    RelayControl &control, TroubleWatch &troubles, const TrafficHistory &history, QWidget *parent)
    : QWidget(parent)
    , m_control(control)
    , m_troubles(troubles)
    , m_history(history)
{
    auto *content = new QWidget;
    auto *column = new QVBoxLayout(content);
    column->setSpacing(12);
    column->addWidget(makeHead());
    m_problemLayout = new QVBoxLayout;
    column->addLayout(m_problemLayout);
    column->addWidget(makeAddresses());
    column->addWidget(makeNumbers());
    column->addWidget(makePlots(), 1);

    auto *scroll = new QScrollArea(this);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setWidgetResizable(true);
    scroll->setWidget(content);
    scroll->setFocusPolicy(Qt::NoFocus);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins({});
    layout->addWidget(scroll);

    connect(&control, &RelayControl::snapshotTaken, this, &OverviewPage::showAll);
    connect(&control, &RelayControl::settingsChanged, this, &OverviewPage::forgetCheck);
    connect(&control, &RelayControl::settingsChanged, this, &OverviewPage::showAll);
    connect(&control, &RelayControl::applicationChanged, this, &OverviewPage::showAll);
    connect(&control, &RelayControl::startFailed, this, [this] {
        m_shownProblems.clear(); // who has the port, and which is free, may have changed
        showAll();
    });
    connect(&troubles, &TroubleWatch::changed, this, &OverviewPage::showAll);
    connect(&m_check, &UpstreamCheck::finished, this, &OverviewPage::showCheck);
}

QWidget *OverviewPage::makeHead()
{
    auto *head = new QWidget(this);
    m_state = new QLabel(head);
    m_sentence = makeLabel(head, largeText, true);
    m_sentence->setWordWrap(true);
    m_sentence->setAccessibleName(tr("State of the relay"));
    m_detail = makeLabel(head);
    m_detail->setWordWrap(true);
    m_toggle = new QPushButton(head);
    m_toggle->setObjectName(u"toggle"_s);
    QFont font = m_toggle->font();
    font.setPointSizeF(font.pointSizeF() * 1.2);
    font.setBold(true);
    m_toggle->setFont(font);
    m_toggle->setMinimumSize(fontMetrics().height() * 11, fontMetrics().height() * 3);
    m_toggle->setIconSize({18, 18});
    connect(m_toggle, &QPushButton::clicked, this, &OverviewPage::toggleRequested);

    auto *words = new QVBoxLayout;
    words->setSpacing(2);
    words->addStretch();
    words->addWidget(m_sentence);
    words->addWidget(m_detail);
    words->addStretch();
    auto *row = new QHBoxLayout(head);
    row->setContentsMargins(0, 4, 0, 4);
    row->setSpacing(16);
    row->addWidget(m_state);
    row->addLayout(words, 1);
    row->addWidget(m_toggle);
    return head;
}

QWidget *OverviewPage::makeAddresses()
{
    auto *box = new QGroupBox(tr("Clients connect to"), this);
    m_addresses = new AddressPanel(box);
    connect(m_addresses, &AddressPanel::linkActivated, this, [this] { Q_EMIT settingsRequested("host"); });
    m_checkButton = new QPushButton(tr("Check upstream"), box);
    m_checkButton->setObjectName(u"checkUpstream"_s);
    m_checkButton->setToolTip(tr("Sees whether the upstream can be reached from here. Needs no key."));
    connect(m_checkButton, &QPushButton::clicked, this, &OverviewPage::checkUpstream);
    m_checkResult = makeLabel(box);
    m_checkResult->setObjectName(u"checkResult"_s);
    m_checkResult->setWordWrap(true);
    m_checkResult->setAccessibleName(tr("Result of the check"));
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

QWidget *OverviewPage::makeNumbers()
{
    auto *box = new QGroupBox(tr("Since the start"), this);
    auto *row = new QGridLayout(box);
    const QString names[]
        = {tr("Calls now"), tr("Calls in all"), tr("Messages"), tr("Traffic"), tr("Errors"), tr("Uptime")};
    for (int i = 0; i < NumberCount; ++i) {
        Number number;
        number.value = makeLabel(box, largeText, true);
        number.name = makeLabel(box);
        number.name->setText(names[i]);
        number.value->setAlignment(Qt::AlignHCenter);
        number.name->setAlignment(Qt::AlignHCenter);
        row->addWidget(number.value, 0, i);
        row->addWidget(number.name, 1, i);
        row->setColumnStretch(i, 1);
        m_numbers.append(number);
    }
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
    m_network = networkAddresses();
    m_plottedSecond = 0;
    m_control.watch(this, Relay::Detail::Totals);
    showAll();
}

void OverviewPage::hideEvent(QHideEvent *event)
{
    QWidget::hideEvent(event);
    m_control.unwatch(this);
}

void OverviewPage::changeEvent(QEvent *event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange && m_toggle)
        setHeadColors(m_control.state() == RelayState::Stopped);
}

void OverviewPage::showAll()
{
    if (!isVisible())
        return;
    showStatus();
    showAddresses();
    showNumbers();
    showPlots();
}

void OverviewPage::showStatus()
{
    StatusInput input;
    input.snapshot = m_control.latest();
    input.error = m_control.lastError();
    input.troubles = m_troubles.troubles();
    input.port = m_control.settings().port;
    input.demo = m_control.isDemo();
    input.now = QDateTime::currentDateTimeUtc();
    const StatusView view = presentStatus(input);

    const int key = int(view.icon) * 1000 + std::min(view.badge, 999);
    if (key != m_iconKey) {
        m_iconKey = key;
        QPixmap pixmap = relayPixmap(int(iconPixels * devicePixelRatioF()), view.icon, view.badge);
        pixmap.setDevicePixelRatio(devicePixelRatioF());
        m_state->setPixmap(pixmap);
    }
    m_sentence->setText(view.sentence);
    m_detail->setText(m_control.isDemo()
            ? tr("Demo: a built-in simulator answers instead of OpenAI; any key will do.")
            : tr("Calls go to %1.").arg(m_control.settings().upstreamUrl.toString(QUrl::RemoveUserInfo)));
    if (m_toggle->text() != view.action || m_toggle->icon().isNull()) {
        m_toggle->setText(view.action);
        m_toggle->setIcon(view.starts ? glyphIcon(Glyph::Start, Qt::white) : glyphIcon(Glyph::Stop));
        setHeadColors(view.starts);
    }
    showProblems(view.problems);
}

void OverviewPage::setHeadColors(bool starts)
{
    QPalette colors;
    if (starts) {
        colors.setColor(QPalette::Button, QColor(0x0d, 0x94, 0x88));
        colors.setColor(QPalette::ButtonText, Qt::white);
    }
    m_toggle->setPalette(colors);
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
    case Problem::None:
        break;
    }
    return {};
}

void OverviewPage::fix(const Problem &problem)
{
    switch (problem.fix) {
    case Problem::AnotherPort: {
        Settings settings = m_control.settings();
        settings.port = m_otherPort;
        const auto problems = m_control.apply(settings);
        if (problems.isEmpty())
            m_control.start();
        else
            m_problems.first()->show(
                {coreText(problems.first().message), {}, Problem::OpenSettings, problems.first().key},
                tr("Open settings"));
        break;
    }
    case Problem::CheckUpstream:
        checkUpstream();
        break;
    case Problem::OpenSettings:
        Q_EMIT settingsRequested(problem.setting);
        break;
    case Problem::None:
        break;
    }
}

void OverviewPage::checkUpstream()
{
    if (m_check.isRunning())
        return;
    m_checkButton->setEnabled(false);
    setCheckResult(tr("Checking…"));
    m_check.run(m_control.settings());
}

void OverviewPage::showCheck(const UpstreamCheckResult &result)
{
    m_checkButton->setEnabled(true);
    const QString mark = result.reachable ? u"\u2713 "_s : u"\u26a0 "_s;
    setCheckResult(mark + result.text + (result.nextStep.isEmpty() ? QString() : u' ' + result.nextStep));
    if (result.reachable)
        m_troubles.clearUpstream();
}

void OverviewPage::forgetCheck()
{
    // It was of the settings before.
    m_check.cancel();
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
    const Settings &settings = m_control.settings();
    const bool on = snapshot.state != RelayState::Stopped && snapshot.port > 0;
    const auto addresses = relayAddresses(on ? snapshot.listenAddress : settings.host,
        on ? snapshot.port : settings.port, on ? snapshot.tls : !settings.tlsCertFile.isEmpty(), m_network,
        m_control.application().publicAddress);
    const bool onlyHere = QHostAddress(settings.host).isLoopback();
    m_addresses->show(addresses,
        onlyHere ? tr("Only this machine can connect. To let others in, listen on every network in the "
                      "<a href=\"settings\">settings</a>.")
                 : QString());
}

void OverviewPage::showNumbers()
{
    const Snapshot &snapshot = m_control.latest();
    m_numbers[CallsNow].value->setText(countText(snapshot.activeConnections));
    m_numbers[CallsInAll].value->setText(countText(snapshot.totalConnections));
    m_numbers[Messages].value->setText(countText(snapshot.up.messages + snapshot.down.messages));
    m_numbers[Traffic].value->setText(bytesText(snapshot.up.bytes + snapshot.down.bytes));
    m_numbers[Errors].value->setText(countText(snapshot.errors));
    m_numbers[Uptime].value->setText(
        snapshot.state == RelayState::Stopped ? u"\u2013"_s : durationText(snapshot.uptimeMs));
    for (const Number &number : std::as_const(m_numbers))
        number.value->setAccessibleName(number.name->text() + u": "_s + number.value->text());
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
