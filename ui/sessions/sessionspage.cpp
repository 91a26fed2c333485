// SPDX-License-Identifier: MIT
#include "ui/sessions/sessionspage.h"

#include "ui/control/displaytext.h"
#include "ui/control/relaycontrol.h"
#include "ui/log/export.h"
#include "ui/sessions/sessiondetails.h"
#include "ui/sessions/sessionexport.h"
#include "ui/sessions/sessionfilter.h"
#include "ui/sessions/sessionsmodel.h"
#include "ui/sessions/sessiontable.h"

#include <QDataStream>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QIODevice>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QMessageBox>
#include <QPushButton>
#include <QShortcut>
#include <QSplitter>
#include <QVBoxLayout>

#include <algorithm>

namespace rr {

namespace {

constexpr quint32 stateMark = 0x53455302; // "SES", and the version of what follows

QList<quint64> liveNumbers(const QList<SessionRow> &rows)
{
    QList<quint64> numbers;
    for (const SessionRow &row : rows) {
        if (row.session.state != SessionState::Closed)
            numbers.append(row.session.number);
    }
    return numbers;
}

} // namespace

SessionsPage::SessionsPage(RelayControl &control, QWidget *parent)
    : QWidget(parent)
    , m_control(control)
    , m_model(new SessionsModel(this))
    , m_filter(new SessionFilter(*m_model, this))
    , m_table(new SessionTable(*m_filter, this))
    , m_details(new SessionDetails(control.journal(), this))
    , m_splitter(new QSplitter(Qt::Vertical, this))
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
    layout->addWidget(makeActionRow());

    auto *find = new QShortcut(QKeySequence::Find, this);
    find->setContext(Qt::WidgetWithChildrenShortcut);
    connect(find, &QShortcut::activated, m_text, [this] {
        m_text->setFocus(Qt::ShortcutFocusReason);
        m_text->selectAll();
    });
    m_table->setContextMenuPolicy(Qt::CustomContextMenu);
    connect(m_table, &QWidget::customContextMenuRequested, this, &SessionsPage::showContextMenu);
    connect(m_table, &SessionTable::endRequested, this, [this] { askToEnd(m_table->selectedSessions()); });
    connect(
        m_table->selectionModel(), &QItemSelectionModel::selectionChanged, this, &SessionsPage::showSelected);
    connect(
        m_table->selectionModel(), &QItemSelectionModel::currentChanged, this, &SessionsPage::showSelected);
    connect(m_details, &SessionDetails::logRequested, this, &SessionsPage::logRequested);
    connect(&control, &RelayControl::snapshotTaken, this, &SessionsPage::takeSnapshot);
    updateTexts();
}

QWidget *SessionsPage::makeFilterRow()
{
    auto *row = new QWidget(this);
    auto *layout = new QHBoxLayout(row);
    layout->setContentsMargins(0, 0, 0, 0);

    m_text = new QLineEdit(row);
    m_text->setPlaceholderText(tr("Filter by address, origin, model, id or state"));
    m_text->setAccessibleName(tr("Filter"));
    m_text->setToolTip(tr("Show sessions that contain all these words (%1)")
                           .arg(QKeySequence(QKeySequence::Find).toString(QKeySequence::NativeText)));
    m_text->setClearButtonEnabled(true);
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

QWidget *SessionsPage::makeActionRow()
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
    QPushButton *copy
        = addButton(tr("&Copy"), tr("Copy the selected sessions, or all that are shown, as text"));
    connect(copy, &QPushButton::clicked, m_table, &SessionTable::copy);
    QPushButton *exportButton
        = addButton(tr("&Export…"), tr("Save the shown sessions to a file, as CSV or JSON"));
    connect(exportButton, &QPushButton::clicked, this, &SessionsPage::exportSessions);
    m_end = addButton(tr("En&d session…"), tr("Close the selected sessions"));
    connect(m_end, &QPushButton::clicked, this, [this] { askToEnd(m_table->selectedSessions()); });
    m_endAll = addButton(tr("End &all shown…"), tr("Close all live sessions that the filter shows"));
    connect(m_endAll, &QPushButton::clicked, this, [this] { askToEnd(m_table->shownSessions()); });
    return row;
}

void SessionsPage::showEvent(QShowEvent *event)
{
    QWidget::showEvent(event);
    m_control.watch(this, Relay::Detail::Sessions);
}

void SessionsPage::hideEvent(QHideEvent *event)
{
    m_control.unwatch(this);
    QWidget::hideEvent(event);
}

void SessionsPage::takeSnapshot(const Snapshot &snapshot)
{
    if (!isVisible()) // nobody has asked for sessions then, so the snapshot has none
        return;
    m_model->update(snapshot);
    showSelected();
    updateTexts();
}

void SessionsPage::showSelected()
{
    const QItemSelectionModel &selection = *m_table->selectionModel();
    QModelIndex index = selection.currentIndex();
    if (!selection.isSelected(index))
        index = selection.hasSelection() ? selection.selectedRows().constFirst() : QModelIndex();
    m_details->show(index.isValid() ? std::optional(m_filter->row(index.row())) : std::nullopt);
    updateTexts();
}

void SessionsPage::updateTexts()
{
    const bool filtered = m_filter->rowCount() != m_model->rowCount();
    int shownLive = m_model->liveCount();
    if (filtered) {
        shownLive = 0;
        for (int row = 0; row < m_filter->rowCount(); ++row)
            shownLive += m_filter->row(row).session.state != SessionState::Closed ? 1 : 0;
    }
    const QString text
        = tr("Live: %1    Ended: %2").arg(countText(shownLive), countText(m_filter->rowCount() - shownLive));
    m_count->setText(filtered ? tr("%1    Hidden by the filter: %2")
                                    .arg(text, countText(m_model->rowCount() - m_filter->rowCount()))
                              : text);
    m_table->setEmptyText(m_model->rowCount() == 0
            ? tr("No sessions yet. Each one appears here as soon as its client has connected.")
            : tr("No session contains all words of the filter."));
    const QModelIndexList selected = m_table->selectionModel()->selectedRows();
    m_end->setEnabled(std::any_of(selected.cbegin(), selected.cend(), [this](const QModelIndex &index) {
        return m_filter->row(index.row()).session.state != SessionState::Closed;
    }));
    m_endAll->setEnabled(shownLive > 0);
}

void SessionsPage::showContextMenu(const QPoint &at)
{
    const QList<SessionRow> selected = m_table->selectedSessions();
    auto *menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    menu->addAction(tr("&Copy"), m_table, &SessionTable::copy);
    if (selected.size() == 1) {
        menu->addAction(
            tr("Open in &log"), this, [this, id = selected.first().session.id] { Q_EMIT logRequested(id); });
    }
    menu->addSeparator();
    QAction *end = menu->addAction(m_end->text(), this, [this, selected] { askToEnd(selected); });
    end->setEnabled(m_end->isEnabled());
    menu->popup(m_table->viewport()->mapToGlobal(at));
}

void SessionsPage::askToEnd(const QList<SessionRow> &rows)
{
    const QList<quint64> numbers = liveNumbers(rows);
    if (numbers.isEmpty())
        return;
    const bool one = numbers.size() == 1;
    auto *box = new QMessageBox(QMessageBox::Question, one ? tr("End session") : tr("End sessions"),
        one ? tr("End this session?") : tr("End these %1 sessions?").arg(countText(numbers.size())),
        QMessageBox::Cancel, this);
    box->setInformativeText(tr("Both sides are told that the operator has closed it (4410)."));
    if (one) {
        const auto row = std::find_if(rows.cbegin(), rows.cend(),
            [&](const SessionRow &each) { return each.session.number == numbers.first(); });
        box->setText(tr("End the session of %1?").arg(row->session.clientAddress));
    }
    box->setTextFormat(Qt::PlainText);
    QPushButton *end
        = box->addButton(one ? tr("End session") : tr("End %1 sessions").arg(countText(numbers.size())),
            QMessageBox::AcceptRole);
    box->setDefaultButton(QMessageBox::Cancel);
    box->setAttribute(Qt::WA_DeleteOnClose);
    connect(end, &QPushButton::clicked, this, [this, numbers] { m_control.endSessions(numbers); });
    box->open();
}

void SessionsPage::exportSessions()
{
    // As they are shown now; they go on changing while the file is being chosen.
    const QList<SessionRow> rows = m_table->shownSessions();
    exportToFile(this, tr("Export the sessions"), tr("relay-sessions"),
        {{tr("CSV, for spreadsheets"), QStringLiteral("csv"), [rows] { return sessionsCsv(rows); }},
            {tr("JSON"), QStringLiteral("json"), [rows] { return sessionsJson(rows); }}});
}

QByteArray SessionsPage::saveState() const
{
    QByteArray state;
    QDataStream stream(&state, QIODevice::WriteOnly);
    stream << stateMark << qint32(sessionColumnCount) << m_table->horizontalHeader()->saveState()
           << m_splitter->saveState() << m_text->text();
    return state;
}

bool SessionsPage::restoreState(const QByteArray &state)
{
    QDataStream stream(state);
    quint32 mark = 0;
    qint32 columns = 0;
    QByteArray header;
    QByteArray splitter;
    QString text;
    stream >> mark >> columns >> header >> splitter >> text;
    if (stream.status() != QDataStream::Ok || mark != stateMark || columns != sessionColumnCount
        || !m_table->horizontalHeader()->restoreState(header))
        return false;
    m_splitter->restoreState(splitter);
    m_text->setText(text);
    return true;
}

} // namespace rr
