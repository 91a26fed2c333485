// SPDX-License-Identifier: MIT
#include "ui/overview/costpanel.h"

#include "ui/control/accesscontrol.h"
#include "ui/control/displaytext.h"
#include "ui/control/relaycontrol.h"
#include "ui/control/storewords.h"
#include "ui/overview/barplot.h"
#include "ui/parts/plainlabel.h"

#include <QComboBox>
#include <QDateTime>
#include <QHBoxLayout>
#include <QLabel>
#include <QLocale>
#include <QVBoxLayout>

#include <algorithm>
#include <cmath>
#include <limits>

namespace rr {

using namespace Qt::StringLiterals;

namespace {

// Without ": quint8": lupdate would lose the class behind it, and the texts below would stay English.
enum CostNumber { CostToday, CostOfMonth, CostSinceStart };
enum CostSpan { Hours, Days };

constexpr double picoOfDollar = 1e12;
constexpr qint64 hourSeconds = 3600;

QString axisText(double dollars)
{
    return moneyText(Money::ofPico(std::llround(dollars * picoOfDollar)));
}

Bar barOf(const QString &name, const UsageTotals &totals)
{
    return {name, double(totals.cost.pico()) / picoOfDollar, costText(totals)};
}

} // namespace

CostPanel::CostPanel(RelayControl &control, QWidget *parent)
    : QGroupBox(tr("Costs"), parent)
    , m_control(control)
    , m_note(plainLabel(this))
    , m_span(new QComboBox(this))
    , m_plot(new BarPlot({}, axisText, this))
{
    auto *numbers = new QVBoxLayout;
    numbers->setSpacing(2);
    for (Number &number : m_numbers) {
        number = {plainLabel(this, largeText, true), plainLabel(this)};
        numbers->addWidget(number.value);
        numbers->addWidget(number.name);
        numbers->addSpacing(8);
    }
    m_numbers[CostToday].value->setObjectName(u"costToday"_s);
    m_numbers[CostOfMonth].value->setObjectName(u"costOfMonth"_s);
    m_numbers[CostSinceStart].value->setObjectName(u"costSinceStart"_s);
    numbers->addStretch(1);
    m_note->setObjectName(u"costNote"_s);
    m_note->setWordWrap(true);
    m_span->setObjectName(u"costSpan"_s);
    m_span->setAccessibleName(tr("What the plot of costs shows"));
    m_span->addItem(tr("Last 24 hours"), Hours);
    m_span->addItem({}, Days); // named by showPlot()
    m_span->setCurrentIndex(m_span->findData(Days));
    m_plot->setObjectName(u"costPlot"_s);

    auto *plot = new QVBoxLayout;
    plot->addWidget(m_span, 0, Qt::AlignRight);
    plot->addWidget(m_plot, 1);
    auto *row = new QHBoxLayout;
    row->setSpacing(24);
    row->addLayout(numbers);
    row->addLayout(plot, 1);
    auto *column = new QVBoxLayout(this);
    column->addLayout(row);
    column->addWidget(m_note);

    connect(m_span, &QComboBox::currentIndexChanged, this, &CostPanel::showPlot);
    connect(&control.access(), &AccessControl::costsChanged, this, [this] {
        if (isVisible())
            refresh();
    });
}

void CostPanel::refresh()
{
    m_control.access().refreshCosts();
    showNumbers();
    showPlot();
}

void CostPanel::showNumber(int number, const QString &name, const UsageTotals &totals, bool isKnown)
{
    const Number &shown = m_numbers[number];
    shown.name->setText(name);
    shown.value->setText(isKnown ? costText(totals) : u"\u2013"_s);
    shown.value->setAccessibleName(name + u": "_s + shown.value->text());
}

/// How far back the store can tell; more than what is shown here where it forgets nothing.
int CostPanel::daysOfHistory() const
{
    const int days = m_control.settings().historyDays;
    return days > 0 ? days : std::numeric_limits<int>::max();
}

void CostPanel::showNumbers()
{
    const AccessControl &access = m_control.access();
    const KeptCosts &costs = access.costs();
    const bool hasStore = access.books() != nullptr;
    for (const int number : {CostToday, CostOfMonth}) {
        m_numbers[number].value->setVisible(hasStore);
        m_numbers[number].name->setVisible(hasStore);
    }
    showNumber(CostToday, tr("Today"), costs.today, costs.isKnown);
    // What the history has forgotten was spent all the same.
    const bool isCut = hasStore && daysOfHistory() < QDateTime::currentDateTimeUtc().date().day();
    showNumber(CostOfMonth,
        isCut ? tr("This month, last %n day(s)", nullptr, daysOfHistory()) : tr("This month"), costs.month,
        costs.isKnown);
    showNumber(CostSinceStart, tr("Since the start"), m_control.latest().usage, true);
    for (const int number : {CostToday, CostOfMonth})
        m_numbers[number].name->setToolTip(
            tr("Days and months of UTC, as OpenAI counts them; of all relays of the store"));

    QStringList notes;
    if (const QString from = m_control.latest().pricesFrom; !from.isEmpty()) {
        const QDate day = QDate::fromString(from, Qt::ISODate);
        notes.append(tr("By the prices of %1; what OpenAI bills may differ.")
                         .arg(day.isValid() ? QLocale().toString(day, QLocale::ShortFormat) : from));
    }
    if (!hasStore)
        notes.append(tr(
            "With a store, costs are known by day and by access token, and after the program's end, too."));
    if (isCut)
        notes.append(
            tr("The history goes back %n day(s): what was spent before is not counted in this month.",
                nullptr, daysOfHistory()));
    if (const QString stand = storeStandText(access.stand()); !stand.isEmpty())
        notes.append(stand);
    const QString note = notes.join(u' ');
    m_note->setVisible(!note.isEmpty());
    if (note != m_note->text())
        m_note->setText(note);
}

void CostPanel::showPlot()
{
    const AccessControl &access = m_control.access();
    m_span->setVisible(access.books() != nullptr);
    const bool ofDays = access.books() && m_span->currentData().toInt() == Days;
    const int days = std::min(KeptCosts::daysKept, daysOfHistory());
    m_span->setItemText(m_span->findData(Days), tr("Last %n day(s)", nullptr, days));
    QList<Bar> bars;
    if (ofDays) {
        m_plot->setTitle(tr("Costs by day"));
        const KeptCosts &costs = access.costs();
        const QDate today = QDateTime::currentDateTimeUtc().date();
        for (int ago = days - 1; ago >= 0; --ago) {
            const QDate day = today.addDays(-ago);
            const QString key = day.toString(Qt::ISODate);
            const auto sum = std::find_if(costs.days.cbegin(), costs.days.cend(),
                [&key](const UsageSum &each) { return each.key == key; });
            bars.append(barOf(QLocale().toString(day, tr("d MMM", "a day of the plot, as QLocale writes it")),
                sum == costs.days.cend() ? UsageTotals() : sum->totals));
        }
    } else {
        m_plot->setTitle(tr("Costs by hour, of this relay"));
        const QList<CostHour> &hours = access.hours().hours();
        const qint64 second = QDateTime::currentSecsSinceEpoch();
        const qint64 now = second - second % hourSeconds;
        for (int ago = CostHistory::hoursKept - 1; ago >= 0; --ago) {
            const qint64 begin = now - ago * hourSeconds;
            const auto hour = std::find_if(
                hours.cbegin(), hours.cend(), [begin](const CostHour &each) { return each.begin == begin; });
            UsageTotals totals;
            if (hour != hours.cend())
                totals.cost = hour->cost;
            bars.append(barOf(QDateTime::fromSecsSinceEpoch(begin).toString(u"HH:mm"_s), totals));
        }
    }
    m_plot->setBars(bars);
}

} // namespace rr
