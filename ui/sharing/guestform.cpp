// SPDX-License-Identifier: MIT
#include "ui/sharing/guestform.h"

#include "ui/control/displaytext.h"
#include "ui/control/pageorigin.h"
#include "ui/parts/plainlabel.h"

#include <QComboBox>
#include <QDateTime>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QRadioButton>
#include <QRegularExpression>
#include <QSpinBox>
#include <QVBoxLayout>

#include <algorithm>
#include <array>

namespace rr {

using namespace Qt::StringLiterals;

namespace {

constexpr std::array offeredHours{1, 4, 12, 24, 24 * 7};
constexpr int untilMidnight = -1; ///< in place of seconds
constexpr int mostCalls = 1000;

QString lastsText(std::chrono::seconds lasts)
{
    const int hours = int(lasts.count() / 3600);
    if (hours % 24 == 0 && hours > 24)
        return GuestForm::tr("For %n day(s)", nullptr, hours / 24);
    if (lasts.count() % 3600 == 0)
        return GuestForm::tr("For %n hour(s)", nullptr, hours);
    return GuestForm::tr("For %1").arg(durationText(lasts.count() * 1000));
}

} // namespace

GuestForm::GuestForm(QWidget *parent)
    : QWidget(parent)
    , m_pages(new QRadioButton(tr("Web &pages of"), this))
    , m_origins(new QLineEdit(this))
    , m_programs(new QRadioButton(tr("Pro&grams only: of web pages just the relay's own to try it"), this))
    , m_calls(new QSpinBox(this))
    , m_callsPerAddress(new QSpinBox(this))
    , m_lasts(new QComboBox(this))
{
    m_pages->setObjectName(u"pages"_s);
    m_programs->setObjectName(u"programs"_s);
    m_origins->setObjectName(u"origins"_s);
    m_origins->setAccessibleName(tr("Pages that may use it"));
    m_origins->setPlaceholderText(tr("https://app.example.org, or any address of the page"));
    m_origins->setClearButtonEnabled(true);
    m_calls->setObjectName(u"calls"_s);
    m_calls->setRange(1, mostCalls);
    m_callsPerAddress->setObjectName(u"callsPerAddress"_s);
    m_callsPerAddress->setRange(1, mostCalls);
    m_lasts->setObjectName(u"lasts"_s);

    auto *pages = new QHBoxLayout;
    pages->addWidget(m_pages);
    pages->addWidget(m_origins, 1);
    auto *who = new QVBoxLayout;
    who->setSpacing(6);
    who->addLayout(pages);
    who->addWidget(m_programs);
    auto *numbers = new QHBoxLayout;
    auto *each = new QLabel(tr("from one &address:"), this);
    each->setBuddy(m_callsPerAddress);
    numbers->addWidget(m_calls);
    numbers->addSpacing(12);
    numbers->addWidget(each);
    numbers->addSpacing(6);
    numbers->addWidget(m_callsPerAddress);
    numbers->addStretch();
    auto *until = new QHBoxLayout;
    until->addWidget(m_lasts);
    until->addStretch();
    auto *form = new QFormLayout(this);
    form->setContentsMargins({});
    form->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
    form->setVerticalSpacing(10);
    form->addRow(tr("Who may use it:"), who);
    auto *calls = new QLabel(tr("&Calls at once:"), this);
    calls->setBuddy(m_calls);
    form->addRow(calls, numbers);
    auto *lasts = new QLabel(tr("&Until when:"), this);
    lasts->setBuddy(m_lasts);
    form->addRow(lasts, until);

    connect(m_pages, &QRadioButton::toggled, m_origins, &QWidget::setEnabled);
    connect(m_pages, &QRadioButton::toggled, this, &GuestForm::edited);
    connect(m_origins, &QLineEdit::textChanged, this, &GuestForm::edited);
    connect(m_calls, &QSpinBox::valueChanged, this, [this](int most) {
        m_callsPerAddress->setMaximum(most);
        Q_EMIT edited();
    });
    show({});
    m_pages->setChecked(true);
}

void GuestForm::show(const SharePlan &plan)
{
    (plan.origins.isEmpty() ? m_programs : m_pages)->setChecked(true);
    m_origins->setText(plan.origins.join(u' '));
    m_calls->setValue(plan.maxCalls);
    m_callsPerAddress->setMaximum(plan.maxCalls);
    m_callsPerAddress->setValue(plan.maxCallsPerAddress);
    m_lasts->clear();
    QList<std::chrono::seconds> offered;
    for (const int hours : offeredHours)
        offered.append(std::chrono::hours(hours));
    if (!offered.contains(plan.lasts) && !plan.endsAtMidnight)
        offered.prepend(plan.lasts); // of a file that was written by hand
    for (const std::chrono::seconds lasts : std::as_const(offered))
        m_lasts->addItem(lastsText(lasts), qint64(lasts.count()));
    m_lasts->insertItem(2, tr("Until midnight"), qint64(untilMidnight));
    m_lasts->setCurrentIndex(
        m_lasts->findData(plan.endsAtMidnight ? qint64(untilMidnight) : qint64(plan.lasts.count())));
}

QStringList GuestForm::origins() const
{
    static const QRegularExpression separators(u"[\\s,;]+"_s);
    QStringList origins;
    for (const QString &address : m_origins->text().split(separators, Qt::SkipEmptyParts))
        origins.append(pastedOrigin(address));
    origins.removeDuplicates();
    return origins;
}

void GuestForm::writeInto(SharePlan &plan, const QDateTime &now) const
{
    plan.origins = m_programs->isChecked() ? QStringList() : origins();
    plan.maxCalls = m_calls->value();
    plan.maxCallsPerAddress = m_callsPerAddress->value();
    const qint64 seconds = m_lasts->currentData().toLongLong();
    plan.endsAtMidnight = seconds == untilMidnight;
    plan.lasts = plan.endsAtMidnight ? timeToMidnight(now) : std::chrono::seconds(seconds);
}

std::optional<QString> GuestForm::problem()
{
    if (m_programs->isChecked())
        return {};
    const QStringList origins = this->origins();
    if (!origins.isEmpty() && !origins.contains(QString()))
        return {};
    m_origins->setFocus();
    if (origins.isEmpty())
        return tr(
            "Say which pages may use it, such as https://app.example.org, or choose that programs alone may.");
    return tr("That is no address of a page. Paste what stands in the address line of the browser, such as "
              "https://app.example.org; \"*\" would let in every page there is.");
}

} // namespace rr
