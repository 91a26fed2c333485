// SPDX-License-Identifier: MIT
#include "ui/calls/callspage.h"

#include "ui/calls/calldetails.h"
#include "ui/calls/callexport.h"
#include "ui/calls/callfilter.h"
#include "ui/calls/callsmodel.h"
#include "ui/calls/calltable.h"
#include "ui/calls/callwords.h"
#include "ui/control/displaytext.h"
#include "ui/control/relaycontrol.h"
#include "ui/demo/democalls.h"
#include "ui/log/export.h"
#include "ui/table/findfield.h"

#include <QComboBox>
#include <QDataStream>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QIODevice>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QMessageBox>
#include <QPushButton>
#include <QSplitter>
#include <QVBoxLayout>

#include <algorithm>

namespace rr {

namespace {

constexpr quint32 stateMark = 0x53455304; // "SES", and the version of what follows

QList<quint64> liveNumbers(const QList<CallRow> &rows)
{
    QList<quint64> numbers;
    for (const CallRow &row : rows) {
        if (row.call.state != CallState::Closed)
            numbers.append(row.call.number);
    }
    return numbers;
}

} // namespace

CallsPage::CallsPage(RelayControl &control, QWidget *parent)
    : QWidget(parent)
    , m_control(control)
    , m_model(new CallsModel(this))
    , m_filter(new CallFilter(*m_model, this))
    , m_table(new CallTable(*m_filter, this))
    , m_details(new CallDetails(control.journal(), this))
    , m_splitter(new QSplitter(Qt::Vertical, this))
    , m_demo(new DemoCalls(control, this))
{
    m_splitter->setChildrenCollapsible(false);
    m_splitter->addWidget(m_table);
    m_splitter->addWidget(m_details);
    m_splitter->setStretchFactor(0, 3);
    m_splitter->setStretchFactor(1, 2);
    m_details->hide();

    auto *layout = new QVBoxLayout(this);
    layout->addWidget(makeFilterRow());
    layout->addWidget(m_splitter, 1);
    layout->addWidget(m_demo, 0, Qt::AlignHCenter);
    layout->addWidget(makeActionRow());

    m_table->setContextMenuPolicy(Qt::CustomContextMenu);
    connect(m_table, &QWidget::customContextMenuRequested, this, &CallsPage::showContextMenu);
    connect(m_table, &CallTable::endRequested, this, [this] { askToEnd(m_table->selectedCalls()); });
    connect(
        m_table->selectionModel(), &QItemSelectionModel::selectionChanged, this, &CallsPage::showSelected);
    connect(m_table->selectionModel(), &QItemSelectionModel::currentChanged, this, &CallsPage::showSelected);
    connect(m_details, &CallDetails::logRequested, this, &CallsPage::logRequested);
    connect(&control, &RelayControl::snapshotTaken, this, &CallsPage::takeSnapshot);
    updateTexts();
}

QWidget *CallsPage::makeFilterRow()
{
    auto *row = new QWidget(this);
    auto *layout = new QHBoxLayout(row);
    layout->setContentsMargins(0, 0, 0, 0);

    m_kind = new QComboBox(row);
    m_kind->addItem(tr("All kinds"));
    for (size_t kind = 0; kind < callKindNames.size(); ++kind)
        m_kind->addItem(callKindName(CallKind(kind)), int(kind));
    m_kind->setAccessibleName(tr("Kind of call"));
    m_kind->setToolTip(tr("Show calls of this kind"));
    connect(m_kind, &QComboBox::currentIndexChanged, this, [this] {
        const QVariant kind = m_kind->currentData();
        m_filter->setKind(kind.isValid() ? std::optional(CallKind(kind.toInt())) : std::nullopt);
        updateTexts();
    });
    layout->addWidget(m_kind);

    m_text = new FindField(tr("Show calls that contain all these words (%1)"), this);
    m_text->setPlaceholderText(tr("Filter by address, origin, model, token, kind, id or state"));
    m_text->setAccessibleName(tr("Filter"));
    connect(m_text, &QLineEdit::textChanged, this, [this](const QString &text) {
        m_filter->setText(text);
        updateTexts();
    });
    layout->addWidget(m_text, 1);

    auto *columns = new QPushButton(tr("Colu&mns"), row);
    columns->setAutoDefault(false);
    columns->setToolTip(tr("Choose the columns of the table; drag a column's title to move it"));
    columns->setMenu(m_table->columnMenu());
    layout->addWidget(columns);
    return row;
}

QWidget *CallsPage::makeActionRow()
{
    auto *row = new QWidget(this);
    auto *layout = new QHBoxLayout(row);
    layout->setContentsMargins(0, 0, 0, 0);
    m_count = new QLabel(row);
    layout->addWidget(m_count);
    layout->addStretch();

    const auto addButton = [&](const QString &text, const QString &toolTip) {
        auto *button = new QPushButton(text, row);
        button->setToolTip(toolTip);
        button->setAutoDefault(false);
        layout->addWidget(button);
        return button;
    };
    QPushButton *copy = addButton(tr("&Copy"), tr("Copy the selected calls, or all that are shown, as text"));
    connect(copy, &QPushButton::clicked, m_table, &CallTable::copy);
    QPushButton *exportButton
        = addButton(tr("&Export…"), tr("Save the shown calls to a file, as CSV or JSON"));
    connect(exportButton, &QPushButton::clicked, this, &CallsPage::exportCalls);
    m_end = addButton(tr("En&d call…"), tr("Close the selected calls"));
    connect(m_end, &QPushButton::clicked, this, [this] { askToEnd(m_table->selectedCalls()); });
    m_endAll = addButton(tr("End &all shown…"), tr("Close all live calls that the filter shows"));
    connect(m_endAll, &QPushButton::clicked, this, [this] { askToEnd(m_table->shownCalls()); });
    return row;
}

void CallsPage::showEvent(QShowEvent *event)
{
    QWidget::showEvent(event);
    m_control.watch(this, Relay::Detail::Calls);
}

void CallsPage::hideEvent(QHideEvent *event)
{
    m_control.unwatch(this);
    QWidget::hideEvent(event);
}

void CallsPage::takeSnapshot(const Snapshot &snapshot)
{
    if (!isVisible()) // nobody has asked for calls then, so the snapshot has none
        return;
    m_model->update(snapshot);
    showSelected();
    updateTexts();
}

void CallsPage::showSelected()
{
    const QItemSelectionModel &selection = *m_table->selectionModel();
    QModelIndex index = selection.currentIndex();
    if (!selection.isSelected(index))
        index = selection.hasSelection() ? selection.selectedRows().constFirst() : QModelIndex();
    m_details->show(index.isValid() ? std::optional(m_filter->row(index.row())) : std::nullopt);
    updateTexts();
}

void CallsPage::updateTexts()
{
    const bool filtered = m_filter->rowCount() != m_model->rowCount();
    int shownLive = m_model->liveCount();
    if (filtered) {
        shownLive = 0;
        for (int row = 0; row < m_filter->rowCount(); ++row)
            shownLive += m_filter->row(row).call.state != CallState::Closed ? 1 : 0;
    }
    const QString text
        = tr("Live: %1    Ended: %2").arg(countText(shownLive), countText(m_filter->rowCount() - shownLive));
    m_count->setText(filtered ? tr("%1    Hidden by the filter: %2")
                                    .arg(text, countText(m_model->rowCount() - m_filter->rowCount()))
                              : text);
    m_table->setEmptyText(m_model->rowCount() == 0
            ? m_control.isDemo() ? tr(
                  "No calls yet. Start a demo call below, or connect a client: each call appears here at once.")
                                 : tr(
                                     "No calls yet. Each one appears here as soon as its client has connected.")
            : tr("No call passes the filter."));
    m_demo->setVisible(m_control.isDemo() && (m_model->liveCount() == 0 || m_control.demoCallers() > 0));
    m_demo->refresh();
    const QModelIndexList selected = m_table->selectionModel()->selectedRows();
    m_end->setEnabled(std::any_of(selected.cbegin(), selected.cend(), [this](const QModelIndex &index) {
        return m_filter->row(index.row()).call.state != CallState::Closed;
    }));
    m_endAll->setEnabled(shownLive > 0);
}

void CallsPage::showContextMenu(const QPoint &at)
{
    const QList<CallRow> selected = m_table->selectedCalls();
    auto *menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    menu->addAction(tr("&Copy"), m_table, &CallTable::copy);
    if (selected.size() == 1) {
        menu->addAction(
            tr("Open in &log"), this, [this, id = selected.first().call.id] { Q_EMIT logRequested(id); });
    }
    menu->addSeparator();
    QAction *end = menu->addAction(m_end->text(), this, [this, selected] { askToEnd(selected); });
    end->setEnabled(m_end->isEnabled());
    menu->popup(m_table->viewport()->mapToGlobal(at));
}

void CallsPage::askToEnd(const QList<CallRow> &rows)
{
    const QList<quint64> numbers = liveNumbers(rows);
    if (numbers.isEmpty())
        return;
    const bool one = numbers.size() == 1;
    auto *box = new QMessageBox(QMessageBox::Question, one ? tr("End call") : tr("End calls"),
        one ? tr("End this call?") : tr("End these %1 calls?").arg(countText(numbers.size())),
        QMessageBox::Cancel, this);
    box->setInformativeText(tr("Both sides are told that the operator has closed it (4410)."));
    if (one) {
        const auto row = std::find_if(rows.cbegin(), rows.cend(),
            [&](const CallRow &each) { return each.call.number == numbers.first(); });
        box->setText(tr("End the call of %1?").arg(row->call.clientAddress));
    }
    box->setTextFormat(Qt::PlainText);
    QPushButton *end = box->addButton(
        one ? tr("End call") : tr("End %1 calls").arg(countText(numbers.size())), QMessageBox::AcceptRole);
    box->setDefaultButton(QMessageBox::Cancel);
    box->setAttribute(Qt::WA_DeleteOnClose);
    connect(end, &QPushButton::clicked, this, [this, numbers] { m_control.endCalls(numbers); });
    box->open();
}

void CallsPage::exportCalls()
{
    // As they are shown now; they go on changing while the file is being chosen.
    const QList<CallRow> rows = m_table->shownCalls();
    exportToFile(this, tr("Export the calls"), tr("relay-calls"),
        {{tr("CSV, for spreadsheets"), QStringLiteral("csv"), [rows] { return callsCsv(rows); }},
            {tr("JSON"), QStringLiteral("json"), [rows] { return callsJson(rows); }}});
}

QByteArray CallsPage::saveState() const
{
    QByteArray state;
    QDataStream stream(&state, QIODevice::WriteOnly);
    stream << stateMark << qint32(callColumnCount) << m_table->horizontalHeader()->saveState()
           << m_splitter->saveState() << m_text->text() << qint32(m_kind->currentIndex());
    return state;
}

bool CallsPage::restoreState(const QByteArray &state)
{
    QDataStream stream(state);
    quint32 mark = 0;
    qint32 columns = 0;
    QByteArray header;
    QByteArray splitter;
    QString text;
    qint32 kind = 0;
    stream >> mark >> columns >> header >> splitter >> text >> kind;
    if (stream.status() != QDataStream::Ok || mark != stateMark || columns != callColumnCount
        || !m_table->horizontalHeader()->restoreState(header))
        return false;
    m_splitter->restoreState(splitter);
    m_text->setText(text);
    m_kind->setCurrentIndex(kind);
    return true;
}

} // namespace rr
