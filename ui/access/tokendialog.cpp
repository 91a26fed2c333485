// SPDX-License-Identifier: MIT
#include "ui/access/tokendialog.h"

#include "ui/access/moneybox.h"
#include "ui/control/accesscontrol.h"
#include "ui/control/pageorigin.h"
#include "ui/control/translated.h"
#include "ui/parts/plainlabel.h"
#include "ui/parts/tone.h"

#include <QComboBox>
#include <QDateTimeEdit>
#include <QDialogButtonBox>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QLocale>
#include <QPushButton>
#include <QRegularExpression>
#include <QSpinBox>
#include <QVBoxLayout>

#include <algorithm>
#include <array>

namespace rr {

using namespace Qt::StringLiterals;

namespace {

constexpr int mostCallsAtOnce = 10'000;
constexpr int mostMinutes = 7 * 24 * 60;
constexpr int mostName = 64;
constexpr int leastDialogWidth = 620;
constexpr Money firstUsdADay = Money::ofPico(5'000'000'000'000);
constexpr int firstDays = 7;

// In place of days.
constexpr int never = 0;
constexpr int onADay = -1;
constexpr std::array offeredDays{1, 7, 30, 90, 365};

QStringList entriesOf(const QString &text)
{
    static const QRegularExpression separators(u"[\\s,;]+"_s);
    QStringList entries = text.split(separators, Qt::SkipEmptyParts);
    entries.removeDuplicates();
    return entries;
}

QLabel *labelFor(const QString &text, QWidget *field)
{
    auto *label = new QLabel(text, field->parentWidget());
    label->setBuddy(field);
    return label;
}

} // namespace

TokenDialog::TokenDialog(AccessControl &access, const std::optional<AccessTerms> &terms, QWidget *parent)
    : QDialog(parent)
    , m_access(access)
    , m_isNew(!terms)
    , m_terms(terms.value_or(AccessTerms()))
    , m_name(new QLineEdit(this))
    , m_expires(new QComboBox(this))
    , m_expiresAt(new QDateTimeEdit(this))
    , m_origins(new QLineEdit(this))
    , m_models(new QLineEdit(this))
    , m_calls(new QSpinBox(this))
    , m_minutes(new QSpinBox(this))
    , m_aDay(new MoneyBox(this))
    , m_inAll(new MoneyBox(this))
    , m_warning(plainLabel(this))
    , m_problem(plainLabel(this, 1, true))
{
    setAttribute(Qt::WA_DeleteOnClose);
    setWindowTitle(m_isNew ? tr("New access token") : tr("Edit access token"));
    m_name->setObjectName(u"tokenName"_s);
    m_name->setMaxLength(mostName);
    m_name->setPlaceholderText(tr("for whom or what it is: \"Demo at the fair\""));
    m_expires->setObjectName(u"tokenExpires"_s);
    m_expiresAt->setObjectName(u"tokenExpiresAt"_s);
    m_expiresAt->setAccessibleName(tr("Until when it is good"));
    m_expiresAt->setCalendarPopup(true);
    m_expiresAt->setDisplayFormat(locale().dateTimeFormat(QLocale::ShortFormat));
    m_origins->setObjectName(u"tokenOrigins"_s);
    m_origins->setPlaceholderText(tr("all that the relay lets in; or https://app.example.org"));
    m_origins->setToolTip(
        tr("Pages that may call with it, of those that the relay lets in. Programs, which send no "
           "origin, may in any case."));
    m_models->setObjectName(u"tokenModels"_s);
    m_models->setPlaceholderText(tr("any; or gpt-realtime, gpt-realtime-mini"));
    m_models->setToolTip(tr("Names as they stand in the address of a call, with commas between them"));
    m_calls->setObjectName(u"tokenCalls"_s);
    m_calls->setRange(0, mostCallsAtOnce);
    m_calls->setSpecialValueText(tr("no limit"));
    m_minutes->setObjectName(u"tokenMinutes"_s);
    m_minutes->setRange(0, mostMinutes);
    m_minutes->setSpecialValueText(tr("no limit"));
    m_aDay->setObjectName(u"tokenUsdADay"_s);
    m_aDay->setToolTip(tr("All calls with it, of all relays together, in a day of UTC"));
    m_inAll->setObjectName(u"tokenUsdInAll"_s);
    m_inAll->setToolTip(tr("All calls with it, as long as it is good"));
    for (QWidget *field : {static_cast<QWidget *>(m_origins), static_cast<QWidget *>(m_models),
             static_cast<QWidget *>(m_aDay), static_cast<QWidget *>(m_inAll)})
        field->setAccessibleDescription(field->toolTip());

    auto *expires = new QHBoxLayout;
    expires->addWidget(m_expires);
    expires->addWidget(m_expiresAt);
    expires->addStretch();
    auto *form = new QFormLayout;
    form->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
    form->setVerticalSpacing(8);
    form->addRow(labelFor(tr("&Name:"), m_name), m_name);
    form->addRow(labelFor(tr("&Expires:"), m_expires), expires);
    form->addRow(labelFor(tr("&Pages of:"), m_origins), m_origins);
    form->addRow(labelFor(tr("&Models:"), m_models), m_models);
    const auto addSmall = [form](const QString &text, QWidget *field) {
        auto *row = new QHBoxLayout;
        row->addWidget(field);
        row->addStretch();
        form->addRow(labelFor(text, field), row);
    };
    addSmall(tr("&Calls at once:"), m_calls);
    addSmall(tr("M&inutes a call:"), m_minutes);
    addSmall(tr("Dollars a &day:"), m_aDay);
    addSmall(tr("Dollars in &all:"), m_inAll);

    for (QLabel *label : {m_warning, m_problem})
        label->setWordWrap(true);
    m_warning->setObjectName(u"tokenWarning"_s);
    m_problem->setObjectName(u"tokenProblem"_s);
    QPalette ink;
    ink.setColor(QPalette::WindowText, toneInk(Tone::Bad, palette()));
    m_problem->setPalette(ink);
    m_problem->hide();
    auto *buttons = new QDialogButtonBox(QDialogButtonBox::Cancel, this);
    m_save = buttons->addButton(m_isNew ? tr("Make it") : tr("Save"), QDialogButtonBox::AcceptRole);
    m_save->setObjectName(u"saveToken"_s);
    m_save->setDefault(true);
    connect(buttons, &QDialogButtonBox::accepted, this, &TokenDialog::save);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    auto *layout = new QVBoxLayout(this);
    layout->setSpacing(12);
    layout->addLayout(form);
    layout->addWidget(m_warning);
    layout->addStretch();
    layout->addWidget(m_problem);
    layout->addWidget(buttons);

    if (m_isNew) {
        m_terms.usdADay = firstUsdADay;
        m_terms.expiresAt = QDateTime::currentDateTimeUtc().addDays(firstDays);
    }
    fillExpiries();
    showTerms(m_terms);
    connect(m_expires, &QComboBox::currentIndexChanged, this,
        [this] { m_expiresAt->setVisible(m_expires->currentData().toInt() == onADay); });
    for (const MoneyBox *box : {m_aDay, m_inAll})
        connect(box, &QDoubleSpinBox::valueChanged, this, &TokenDialog::warn);
    for (const QLineEdit *field : {m_name, m_origins, m_models})
        connect(field, &QLineEdit::textChanged, this, [this] { say({}); });
    warn();
    const int width = std::max(leastDialogWidth, minimumSizeHint().width());
    resize(width, this->layout()->totalHeightForWidth(width));
    m_name->setFocus();
}

void TokenDialog::fillExpiries()
{
    for (const int days : offeredDays)
        m_expires->addItem(tr("in %n day(s)", nullptr, days), days);
    m_expires->addItem(tr("never"), never);
    m_expires->addItem(tr("on a day:"), onADay);
}

void TokenDialog::showTerms(const AccessTerms &terms)
{
    m_name->setText(terms.name);
    const int choice = m_isNew ? firstDays : (terms.expiresAt.isValid() ? onADay : never);
    m_expires->setCurrentIndex(m_expires->findData(choice));
    const QDateTime now = QDateTime::currentDateTime();
    m_expiresAt->setDateTime(
        terms.expiresAt.isValid() ? terms.expiresAt.toLocalTime() : now.addDays(firstDays));
    m_expiresAt->setVisible(choice == onADay);
    m_origins->setText(terms.origins.join(u' '));
    m_models->setText(terms.models.join(u", "_s));
    m_calls->setValue(terms.callsAtOnce);
    m_minutes->setValue(terms.minutesACall);
    m_aDay->setMoney(terms.usdADay);
    m_inAll->setMoney(terms.usdInAll);
}

QDateTime TokenDialog::expiry() const
{
    const int days = m_expires->currentData().toInt();
    if (days == never)
        return {};
    if (days == onADay) {
        // What nobody has touched stays to the second.
        const QDateTime before = m_terms.expiresAt.toLocalTime();
        const QDateTime chosen = m_expiresAt->dateTime();
        const bool isAsBefore = before.isValid() && std::abs(before.secsTo(chosen)) < 60;
        return isAsBefore ? m_terms.expiresAt : chosen.toUTC();
    }
    return QDateTime::currentDateTimeUtc().addDays(days);
}

AccessTerms TokenDialog::terms() const
{
    AccessTerms terms = m_terms;
    terms.name = m_name->text().simplified();
    terms.expiresAt = expiry();
    terms.origins.clear();
    for (const QString &entry : entriesOf(m_origins->text()))
        terms.origins.append(entry == "*"_L1 ? entry : pastedOrigin(entry));
    terms.origins.removeDuplicates();
    terms.models = entriesOf(m_models->text());
    terms.callsAtOnce = m_calls->value();
    terms.minutesACall = m_minutes->value();
    // A budget that a command line made finer than the field shows stays as it is.
    const auto chosen = [](const MoneyBox &box, Money before) {
        MoneyBox shown;
        shown.setMoney(before);
        return shown.money() == box.money() ? before : box.money();
    };
    terms.usdADay = chosen(*m_aDay, m_terms.usdADay);
    terms.usdInAll = chosen(*m_inAll, m_terms.usdInAll);
    return terms;
}

std::optional<QString> TokenDialog::problem()
{
    const AccessTerms terms = this->terms();
    if (terms.name.isEmpty()) {
        m_name->setFocus();
        return tr("Give it a name, so that its calls can be told from others.");
    }
    const QList<AccessTerms> all = m_access.tokens();
    const bool isTaken = std::any_of(all.cbegin(), all.cend(), [&terms](const AccessTerms &each) {
        return !each.isRevoked && each.id != terms.id && each.name == terms.name;
    });
    if (isTaken) {
        m_name->setFocus();
        return tr("There is an access token of that name. Choose another name, or revoke that one first.");
    }
    if (terms.expiresAt.isValid() && terms.expiresAt <= QDateTime::currentDateTimeUtc() && m_isNew) {
        m_expiresAt->setFocus();
        return tr("That moment has passed. Choose a later one.");
    }
    if (terms.origins.contains(QString())) {
        m_origins->setFocus();
        return tr(
            "Write the pages as their addresses, such as https://app.example.org, or leave the field empty.");
    }
    return {};
}

void TokenDialog::save()
{
    if (const auto wrong = problem())
        return say(*wrong);
    Books *books = m_access.books();
    if (!books)
        return say(tr("There is no store any more. Choose one in the settings."));
    m_save->setEnabled(false); // one click, one token
    say({});
    if (m_isNew) {
        books->addToken(terms(), whileAlive(this, [this](const StoreAnswer<Store::NewToken> &answer) {
            m_save->setEnabled(true);
            if (const auto *error = std::get_if<RelayError>(&answer))
                return say(translated(error->detail));
            const auto &made = std::get<Store::NewToken>(answer);
            hide();
            Q_EMIT this->made(made.terms, made.token.reveal());
            accept();
        }));
    } else {
        books->setToken(terms(), whileAlive(this, [this](const StoreAnswer<AccessTerms> &answer) {
            m_save->setEnabled(true);
            if (const auto *error = std::get_if<RelayError>(&answer))
                return say(translated(error->detail));
            Q_EMIT changed(std::get<AccessTerms>(answer));
            accept();
        }));
    }
}

void TokenDialog::say(const QString &problem)
{
    m_problem->setVisible(!problem.isEmpty());
    if (problem == m_problem->text())
        return;
    m_problem->setText(problem);
    if (!problem.isEmpty())
        announce(*m_problem);
}

void TokenDialog::warn()
{
    const bool isBounded = m_aDay->money() > Money() || m_inAll->money() > Money();
    m_warning->setText(isBounded
            ? tr(
                "When a budget is spent, new calls are refused, and running ones end after the answer that is being "
                "given. Models without a known price cannot be called.")
            : tr(
                "Without a budget, whoever has the token can spend all that your OpenAI account may spend."));
    QPalette ink;
    if (!isBounded)
        ink.setColor(QPalette::WindowText, toneInk(Tone::Warning, palette()));
    m_warning->setPalette(ink);
}

} // namespace rr
