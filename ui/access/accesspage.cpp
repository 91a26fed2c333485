// SPDX-License-Identifier: MIT
#include "ui/access/accesspage.h"

#include "ui/access/accessmodel.h"
#include "ui/access/accesstable.h"
#include "ui/access/accesswords.h"
#include "ui/access/keypanel.h"
#include "ui/access/stepspanel.h"
#include "ui/access/tokendialog.h"
#include "ui/access/tokenhandout.h"
#include "ui/control/accesscontrol.h"
#include "ui/control/displaytext.h"
#include "ui/control/relaycontrol.h"
#include "ui/control/storewords.h"
#include "ui/control/translated.h"
#include "ui/parts/plainlabel.h"

#include <QCheckBox>
#include <QDataStream>
#include <QGroupBox>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QIODevice>
#include <QLabel>
#include <QMenu>
#include <QMessageBox>
#include <QPushButton>
#include <QVBoxLayout>

#include <chrono>

namespace rr {

using namespace Qt::StringLiterals;

namespace {

constexpr quint32 accessStateMark = 0x41434301; // "ACC", and the version of what follows
constexpr auto clockInterval = std::chrono::seconds(20);

} // namespace

AccessPage::AccessPage(RelayControl &control, QWidget *parent)
    : QWidget(parent)
    , m_control(control)
    , m_key(new KeyPanel(control.access(), this))
    , m_steps(new StepsPanel(this))
    , m_model(new AccessModel(this))
{
    auto *layout = new QVBoxLayout(this);
    layout->setSpacing(10);
    layout->addWidget(m_key);
    layout->addWidget(m_steps);
    layout->addWidget(makeBudget());
    layout->addWidget(makeTokens(), 1);

    m_clock.setInterval(clockInterval);
    connect(&m_clock, &QTimer::timeout, this, &AccessPage::refresh);
    connect(&control.access(), &AccessControl::changed, this, &AccessPage::refresh);
    connect(&control, &RelayControl::snapshotTaken, this, &AccessPage::refresh);
    connect(m_key, &KeyPanel::settingsRequested, this, &AccessPage::settingsRequested);
    connect(m_steps, &StepsPanel::storeRequested, this, [this] { Q_EMIT settingsRequested("storeUrl"); });
    connect(m_setBudget, &QPushButton::clicked, this, [this] { Q_EMIT settingsRequested("budgetUsdADay"); });
    updateButtons();
}

QWidget *AccessPage::makeBudget()
{
    auto *row = new QWidget(this);
    m_budget = plainLabel(row);
    m_budget->setObjectName(u"relayBudget"_s);
    m_budget->setWordWrap(true);
    m_setBudget = new QPushButton(tr("Change the budget"), row);
    m_setBudget->setObjectName(u"setBudget"_s);
    m_setBudget->setAutoDefault(false);
    m_setBudget->setToolTip(tr("Of all access tokens together; in the settings"));
    auto *layout = new QHBoxLayout(row);
    layout->setContentsMargins({});
    layout->addWidget(m_budget, 1);
    layout->addWidget(m_setBudget);
    return row;
}

QWidget *AccessPage::makeTokens()
{
    auto *box = new QWidget(this);
    m_table = new AccessTable(*m_model, box);
    m_table->setContextMenuPolicy(Qt::CustomContextMenu);
    connect(m_table, &QWidget::customContextMenuRequested, this, &AccessPage::showContextMenu);
    connect(m_table, &AccessTable::editRequested, this, &AccessPage::edit);
    connect(m_table, &AccessTable::revokeRequested, this, &AccessPage::revoke);
    connect(
        m_table->selectionModel(), &QItemSelectionModel::selectionChanged, this, &AccessPage::updateButtons);
    m_empty = plainLabel(m_table->viewport());
    m_empty->setObjectName(u"noTokens"_s);
    m_empty->setAlignment(Qt::AlignCenter);
    m_empty->setWordWrap(true);
    m_empty->setAttribute(Qt::WA_TransparentForMouseEvents);
    (new QVBoxLayout(m_table->viewport()))->addWidget(m_empty);
    m_store = plainLabel(box);
    m_store->setObjectName(u"storeStand"_s);
    m_store->setWordWrap(true);
    m_store->hide();

    const auto makeButton = [box](const QString &text, const QString &name, const QString &toolTip) {
        auto *button = new QPushButton(text, box);
        button->setObjectName(name);
        button->setToolTip(toolTip);
        button->setAutoDefault(false);
        return button;
    };
    m_showRevoked = new QCheckBox(tr("&Show revoked ones"), box);
    m_showRevoked->setObjectName(u"showRevoked"_s);
    connect(m_showRevoked, &QCheckBox::toggled, this, [this](bool shown) {
        m_model->setRevokedShown(shown);
        refresh();
    });
    m_new = makeButton(tr("&New…"), u"newToken"_s, tr("Make an access token to be given to somebody"));
    m_edit = makeButton(tr("&Edit…"), u"editToken"_s, tr("Change what the selected token allows"));
    m_revoke = makeButton(
        tr("&Revoke…"), u"revokeToken"_s, tr("The selected token is of no use any more, and its calls end"));
    connect(m_new, &QPushButton::clicked, this, &AccessPage::makeNew);
    connect(m_edit, &QPushButton::clicked, this, &AccessPage::edit);
    connect(m_revoke, &QPushButton::clicked, this, &AccessPage::revoke);
    auto *buttons = new QHBoxLayout;
    buttons->addWidget(m_showRevoked);
    buttons->addStretch();
    for (QPushButton *button : {m_new, m_edit, m_revoke})
        buttons->addWidget(button);
    auto *column = new QVBoxLayout(box);
    column->setContentsMargins({});
    column->addWidget(m_store);
    column->addWidget(m_table, 1);
    column->addLayout(buttons);
    return box;
}

void AccessPage::showEvent(QShowEvent *event)
{
    QWidget::showEvent(event);
    m_control.watch(this, Relay::Detail::Totals);
    m_clock.start();
    refresh();
}

void AccessPage::hideEvent(QHideEvent *event)
{
    m_clock.stop();
    m_control.unwatch(this);
    QWidget::hideEvent(event);
}

void AccessPage::refresh()
{
    if (!isVisible())
        return;
    const AccessControl &access = m_control.access();
    m_key->refresh();
    m_steps->show(access.steps());
    const AccessTerms *before = selected();
    const qint64 id = before ? before->id : 0;
    m_model->update(access, m_control.latest().usageByAccess, QDateTime::currentDateTimeUtc());
    if (const int row = m_model->rowOf(id); row >= 0 && !selected())
        m_table->selectRow(row);
    m_empty->setVisible(m_model->rowCount() == 0);
    m_empty->setText(
        access.mayGiveOut() ? tr(
            "There are no access tokens. Make one for each person or place that is to call at your expense.")
                            : tr("There are no access tokens yet."));
    m_showRevoked->setEnabled(m_model->revokedCount() > 0);
    m_showRevoked->setText(m_model->revokedCount() > 0
            ? tr("&Show revoked ones (%1)").arg(countText(m_model->revokedCount()))
            : tr("&Show revoked ones"));
    showBudget();
    showStore();
    updateButtons();
}

void AccessPage::showBudget()
{
    const AccessControl &access = m_control.access();
    const auto budget = access.budget(0, Budget::RelayDay);
    QString text;
    if (budget && budget->limit > Money())
        text = tr("Budget of the relay: today %1 are spent with access tokens (a day of UTC).")
                   .arg(budgetText(budget, budget->limit));
    else if (access.books())
        text = tr(
            "The relay has no budget of its own: what all access tokens may spend together is not limited.");
    m_budget->parentWidget()->setVisible(!text.isEmpty());
    if (text != m_budget->text())
        m_budget->setText(text);
}

void AccessPage::showStore()
{
    const QString text = storeStandText(m_control.access().stand());
    m_store->setVisible(!text.isEmpty());
    if (text != m_store->text()) {
        m_store->setText(text);
        if (!text.isEmpty())
            announce(*m_store);
    }
}

const AccessTerms *AccessPage::selected() const
{
    const QModelIndexList rows = m_table->selectionModel()->selectedRows();
    return rows.size() == 1 ? &m_model->terms(rows.first().row()) : nullptr;
}

void AccessPage::updateButtons()
{
    const AccessControl &access = m_control.access();
    const AccessTerms *terms = selected();
    const bool isGood = terms && !terms->isRevoked && access.books();
    m_new->setEnabled(access.mayGiveOut());
    m_edit->setEnabled(isGood);
    m_revoke->setEnabled(isGood);
}

void AccessPage::makeNew()
{
    auto *dialog = new TokenDialog(m_control.access(), {}, this);
    connect(dialog, &TokenDialog::made, this, [this](const AccessTerms &terms, const QByteArray &token) {
        refresh();
        if (const int row = m_model->rowOf(terms.id); row >= 0)
            m_table->selectRow(row);
        auto *handout = new TokenHandout(terms, handoutOf(m_control, terms, Secret(token)), this);
        handout->open();
    });
    dialog->open();
}

void AccessPage::edit()
{
    const AccessTerms *terms = selected();
    if (!terms || !m_edit->isEnabled())
        return;
    auto *dialog = new TokenDialog(m_control.access(), *terms, this);
    connect(dialog, &TokenDialog::changed, this, &AccessPage::refresh);
    dialog->open();
}

void AccessPage::revoke()
{
    const AccessTerms *terms = selected();
    if (!terms || !m_revoke->isEnabled())
        return;
    const int row = m_model->rowOf(terms->id);
    const int calls = int(m_model->callsNow(row));
    auto *box = new QMessageBox(QMessageBox::Question, tr("Revoke access token"),
        tr("Revoke the access token \"%1\"?").arg(terms->name), QMessageBox::Cancel, this);
    box->setTextFormat(Qt::PlainText);
    box->setInformativeText((calls > 0 ? tr("%n call(s) with it end within a second.", nullptr, calls)
                                       : tr("No call with it is live at this relay."))
        + u' ' + tr("Nobody can call with it any more, and it cannot be made good again."));
    QPushButton *revoke = box->addButton(tr("Revoke it"), QMessageBox::AcceptRole);
    box->setDefaultButton(QMessageBox::Cancel);
    box->setAttribute(Qt::WA_DeleteOnClose);
    connect(revoke, &QPushButton::clicked, this, [this, id = terms->id] {
        Books *books = m_control.access().books();
        if (!books)
            return;
        books->revokeToken(id, whileAlive(this, [this](const std::optional<RelayError> &error) {
            if (error)
                showProblem(translated(error->detail));
            refresh();
        }));
    });
    box->open();
}

void AccessPage::showProblem(const QString &problem)
{
    auto *box
        = new QMessageBox(QMessageBox::Warning, tr("Revoke access token"), problem, QMessageBox::Ok, this);
    box->setTextFormat(Qt::PlainText);
    box->setAttribute(Qt::WA_DeleteOnClose);
    box->open();
}

void AccessPage::showContextMenu(const QPoint &at)
{
    auto *menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    menu->addAction(m_edit->text(), this, &AccessPage::edit)->setEnabled(m_edit->isEnabled());
    menu->addAction(m_revoke->text(), this, &AccessPage::revoke)->setEnabled(m_revoke->isEnabled());
    menu->addSeparator();
    menu->addAction(tr("&Copy"), m_table, &AccessTable::copy);
    menu->popup(m_table->viewport()->mapToGlobal(at));
}

QByteArray AccessPage::saveState() const
{
    QByteArray state;
    QDataStream stream(&state, QIODevice::WriteOnly);
    stream << accessStateMark << qint32(AccessModel::ColumnCount) << m_table->horizontalHeader()->saveState()
           << m_showRevoked->isChecked();
    return state;
}

bool AccessPage::restoreState(const QByteArray &state)
{
    QDataStream stream(state);
    quint32 mark = 0;
    qint32 columns = 0;
    QByteArray header;
    bool revoked = false;
    stream >> mark >> columns >> header >> revoked;
    if (stream.status() != QDataStream::Ok || mark != accessStateMark || columns != AccessModel::ColumnCount
        || !m_table->horizontalHeader()->restoreState(header))
        return false;
    m_showRevoked->setChecked(revoked);
    return true;
}

} // namespace rr
