// SPDX-License-Identifier: MIT
#include "ui/history/callhistorypage.h"

#include "ui/control/accesscontrol.h"
#include "ui/control/displaytext.h"
#include "ui/control/relaycontrol.h"
#include "ui/control/storewords.h"
#include "ui/control/translated.h"
#include "ui/history/historymodel.h"
#include "ui/history/historytable.h"
#include "ui/history/sumsmodel.h"
#include "ui/parts/plainlabel.h"
#include "ui/parts/tone.h"
#include "ui/table/findfield.h"

#include <QCheckBox>
#include <QComboBox>
#include <QDataStream>
#include <QDateEdit>
#include <QFileDialog>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QIODevice>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSignalBlocker>
#include <QStackedWidget>
#include <QTabBar>
#include <QVBoxLayout>

#include <algorithm>
#include <chrono>
#include <utility>

namespace rr {

using namespace Qt::StringLiterals;

namespace {

constexpr quint32 historyStateMark = 0x48495301; // "HIS", and the version of what follows
constexpr auto typingOver = std::chrono::milliseconds(300);
constexpr int anyToken = -1;

// What the days are chosen by.
enum When { Always, Today, SevenDays, ThirtyDays, Chosen };

constexpr int callsTab = 0; ///< the calls themselves; behind it the sums, in the order of SumBy

} // namespace

CallHistoryPage::CallHistoryPage(RelayControl &control, QWidget *parent)
    : QWidget(parent)
    , m_control(control)
    , m_model(new HistoryModel(this))
    , m_sums(new SumsModel(this))
    , m_stack(new QStackedWidget(this))
{
    auto *history = new QWidget(m_stack);
    auto *column = new QVBoxLayout(history);
    column->setContentsMargins({});
    column->addWidget(makeFilterRow());
    m_stand = plainLabel(history);
    m_stand->setObjectName(u"historyStand"_s);
    m_stand->setWordWrap(true);
    m_stand->hide();
    column->addWidget(m_stand);
    column->addWidget(makeTables(), 1);
    column->addWidget(makeActionRow());
    m_stack->addWidget(history);
    m_stack->addWidget(makeNoStore());
    auto *layout = new QVBoxLayout(this);
    layout->addWidget(m_stack);

    m_typing.setSingleShot(true);
    m_typing.setInterval(typingOver);
    connect(&m_typing, &QTimer::timeout, this, &CallHistoryPage::ask);
    connect(m_model, &HistoryModel::answered, this, &CallHistoryPage::showTexts);
    connect(m_model, &QAbstractItemModel::modelReset, this, &CallHistoryPage::showTexts);
    connect(m_model, &QAbstractItemModel::rowsInserted, this, &CallHistoryPage::showTexts);
    connect(&control.access(), &AccessControl::booksChanged, this, &CallHistoryPage::takeBooks);
    connect(&control.access(), &AccessControl::changed, this, [this] {
        fillTokens();
        const bool isAway = m_control.access().stand().isAway;
        if (std::exchange(m_wasAway, isAway) && !isAway && isVisible() && !m_model->problem().isEmpty())
            refresh(); // what could not be answered meanwhile
        else
            showTexts();
    });
    fillTokens();
    showTexts();
}

QWidget *CallHistoryPage::makeFilterRow()
{
    auto *row = new QWidget(this);
    auto *layout = new QHBoxLayout(row);
    layout->setContentsMargins({});

    m_when = new QComboBox(row);
    m_when->setObjectName(u"historyWhen"_s);
    m_when->addItem(tr("All days"), Always);
    m_when->addItem(tr("Today"), Today);
    m_when->addItem(tr("Last 7 days"), SevenDays);
    m_when->addItem(tr("Last 30 days"), ThirtyDays);
    m_when->addItem(tr("From … to …"), Chosen);
    m_when->setCurrentIndex(m_when->findData(SevenDays));
    m_when->setAccessibleName(tr("Days"));
    m_when->setToolTip(tr("Calls that were begun on these days"));
    layout->addWidget(m_when);
    const QDate today = QDate::currentDate();
    const auto addDate = [&](const QString &objectName, const QString &name, const QDate &date) {
        auto *edit = new QDateEdit(date, row);
        edit->setObjectName(objectName);
        edit->setAccessibleName(name);
        edit->setToolTip(name);
        edit->setCalendarPopup(true);
        edit->setDisplayFormat(locale().dateFormat(QLocale::ShortFormat));
        edit->hide();
        layout->addWidget(edit);
        connect(edit, &QDateEdit::dateChanged, this, &CallHistoryPage::askSoon);
        return edit;
    };
    m_from = addDate(u"historyFrom"_s, tr("First day"), today.addDays(-6));
    m_to = addDate(u"historyTo"_s, tr("Last day"), today);

    m_token = new QComboBox(row);
    m_token->setObjectName(u"historyToken"_s);
    m_token->setAccessibleName(tr("Access token"));
    m_token->setToolTip(tr("Calls with this access token"));
    m_token->setSizeAdjustPolicy(QComboBox::AdjustToContents);
    layout->addWidget(m_token);

    m_text = new FindField(tr("Calls that have this in their model, client, origin, token or id (%1)"), this);
    m_text->setObjectName(u"historyText"_s);
    m_text->setPlaceholderText(tr("Search by model, client, origin, token or id"));
    m_text->setAccessibleName(tr("Search"));
    layout->addWidget(m_text, 1);

    m_failed = new QCheckBox(tr("&Failed only"), row);
    m_failed->setObjectName(u"historyFailed"_s);
    layout->addWidget(m_failed);

    connect(m_when, &QComboBox::currentIndexChanged, this, [this] {
        const bool isChosen = m_when->currentData().toInt() == Chosen;
        m_from->setVisible(isChosen);
        m_to->setVisible(isChosen);
        ask();
    });
    connect(m_token, &QComboBox::currentIndexChanged, this, &CallHistoryPage::ask);
    connect(m_text, &QLineEdit::textChanged, this, &CallHistoryPage::askSoon);
    connect(m_failed, &QCheckBox::toggled, this, &CallHistoryPage::ask);
    return row;
}

QWidget *CallHistoryPage::makeTables()
{
    auto *box = new QWidget(this);
    m_tabs = new QTabBar(box);
    m_tabs->setObjectName(u"historyTabs"_s);
    m_tabs->setAccessibleName(tr("What is shown of the history"));
    m_tabs->setDrawBase(false);
    m_tabs->setExpanding(false);
    for (const QString &name : {tr("Calls"), tr("By token"), tr("By model"), tr("By day")})
        m_tabs->addTab(name);
    m_table = new HistoryTable(*m_model, {17, 8, 16, 17, 14, 26, 15, 22, 12, 9, 9, 5, 22}, box);
    m_table->setObjectName(u"historyTable"_s);
    m_table->setAccessibleName(tr("History of calls"));
    for (const int hidden : {HistoryModel::Kind, HistoryModel::CloseCode})
        m_table->setColumnHidden(hidden, true);
    m_empty = plainLabel(m_table->viewport());
    m_empty->setObjectName(u"historyEmpty"_s);
    m_empty->setAlignment(Qt::AlignCenter);
    m_empty->setWordWrap(true);
    m_empty->setAttribute(Qt::WA_TransparentForMouseEvents);
    (new QVBoxLayout(m_table->viewport()))->addWidget(m_empty);
    m_sumsTable = new HistoryTable(*m_sums, {30, 9, 14, 14, 10, 16}, box);
    m_sumsTable->setObjectName(u"sumsTable"_s);
    m_sumsTable->setAccessibleName(tr("Sums"));
    m_tables = new QStackedWidget(box);
    m_tables->addWidget(m_table);
    m_tables->addWidget(m_sumsTable);
    connect(m_tabs, &QTabBar::currentChanged, this, [this](int tab) {
        m_tables->setCurrentWidget(tab == callsTab ? m_table : m_sumsTable);
        askForSums();
        showTexts();
    });
    auto *column = new QVBoxLayout(box);
    column->setContentsMargins({});
    column->setSpacing(4);
    column->addWidget(m_tabs, 0, Qt::AlignLeft);
    column->addWidget(m_tables, 1);
    return box;
}

QWidget *CallHistoryPage::makeActionRow()
{
    auto *row = new QWidget(this);
    auto *layout = new QHBoxLayout(row);
    layout->setContentsMargins({});
    m_count = plainLabel(row);
    m_count->setObjectName(u"historyCount"_s);
    m_count->setWordWrap(true);
    m_count->setTextInteractionFlags(Qt::TextSelectableByMouse);
    layout->addWidget(m_count, 1);
    const auto addButton = [&](const QString &text, const QString &name, const QString &toolTip) {
        auto *button = new QPushButton(text, row);
        button->setObjectName(name);
        button->setToolTip(toolTip);
        button->setAutoDefault(false);
        layout->addWidget(button);
        return button;
    };
    QPushButton *refresh = addButton(tr("&Refresh"), u"historyRefresh"_s, tr("Read it anew (F5)"));
    refresh->setShortcut(QKeySequence::Refresh);
    connect(refresh, &QPushButton::clicked, this, &CallHistoryPage::refresh);
    QPushButton *copy
        = addButton(tr("&Copy"), u"historyCopy"_s, tr("Copy the selected rows, or all that are there"));
    connect(copy, &QPushButton::clicked, this,
        [this] { (m_tabs->currentIndex() == callsTab ? m_table : m_sumsTable)->copy(); });
    m_save = addButton(tr("&Save as CSV…"), u"historySave"_s,
        tr("All calls that are searched for, also those not shown yet"));
    connect(m_save, &QPushButton::clicked, this, &CallHistoryPage::saveCsv);
    return row;
}

QWidget *CallHistoryPage::makeNoStore()
{
    auto *box = new QWidget(m_stack);
    m_noStore = plainLabel(box);
    m_noStore->setObjectName(u"noStore"_s);
    m_noStore->setWordWrap(true);
    m_noStore->setAlignment(Qt::AlignCenter);
    m_chooseStore = new QPushButton(tr("Choose a store"), box);
    m_chooseStore->setObjectName(u"historyChooseStore"_s);
    m_chooseStore->setAutoDefault(false);
    connect(m_chooseStore, &QPushButton::clicked, this, [this] { Q_EMIT settingsRequested("storeUrl"); });
    auto *column = new QVBoxLayout(box);
    column->addStretch();
    column->addWidget(m_noStore);
    column->addWidget(m_chooseStore, 0, Qt::AlignHCenter);
    column->addStretch();
    return box;
}

void CallHistoryPage::showEvent(QShowEvent *event)
{
    QWidget::showEvent(event);
    if (m_model->rowCount() == 0)
        ask();
    else
        refresh();
}

void CallHistoryPage::takeBooks()
{
    fillTokens();
    m_sums->show(SumBy::Token, {});
    m_areSumsAsked = false;
    m_model->ask(nullptr, {});
    ask();
}

/// What was chosen stays chosen.
void CallHistoryPage::fillTokens()
{
    const QList<AccessTerms> tokens = m_control.access().tokens();
    QList<std::pair<QString, qint64>> wanted{{tr("All calls"), anyToken}, {tr("Without a token"), 0}};
    for (const AccessTerms &terms : tokens)
        wanted.append({terms.isRevoked ? tr("%1 (revoked)").arg(terms.name) : terms.name, terms.id});
    bool isTheSame = wanted.size() == m_token->count();
    for (int i = 0; isTheSame && i < m_token->count(); ++i)
        isTheSame = m_token->itemText(i) == wanted[i].first
            && m_token->itemData(i).toLongLong() == wanted[i].second;
    if (isTheSame)
        return;
    const qint64 chosen = m_token->count() > 0 ? m_token->currentData().toLongLong() : anyToken;
    const QSignalBlocker blocker(m_token);
    m_token->clear();
    for (const auto &[name, id] : std::as_const(wanted))
        m_token->addItem(name, id);
    m_token->setCurrentIndex(std::max(0, m_token->findData(chosen)));
}

HistoryQuery CallHistoryPage::query() const
{
    HistoryQuery query;
    query.text = m_text->text().trimmed();
    query.failedOnly = m_failed->isChecked();
    query.token = m_token->currentData().toLongLong();
    // The days of who looks; those of budgets are of UTC.
    const QDate today = QDate::currentDate();
    switch (m_when->currentData().toInt()) {
    case Today:
        query.from = today.startOfDay().toUTC();
        break;
    case SevenDays:
        query.from = today.addDays(-6).startOfDay().toUTC();
        break;
    case ThirtyDays:
        query.from = today.addDays(-29).startOfDay().toUTC();
        break;
    case Chosen:
        query.from = std::min(m_from->date(), m_to->date()).startOfDay().toUTC();
        query.to = std::max(m_from->date(), m_to->date()).addDays(1).startOfDay().toUTC();
        break;
    default:
        break;
    }
    return query;
}

void CallHistoryPage::askSoon()
{
    m_typing.start();
}

void CallHistoryPage::ask()
{
    m_typing.stop();
    m_saved.clear();
    m_areSumsAsked = false;
    if (isVisible()) {
        m_model->ask(m_control.access().books(), query());
        askForSums();
    }
    showTexts();
}

void CallHistoryPage::refresh()
{
    m_saved.clear();
    m_areSumsAsked = false;
    m_model->refresh();
    askForSums();
    showTexts();
}

void CallHistoryPage::askForSums()
{
    Books *books = m_control.access().books();
    const int tab = m_tabs->currentIndex();
    ++m_sumsAsked;
    if (tab == callsTab || !books || !isVisible())
        return;
    const auto by = SumBy(tab - 1);
    m_areSumsAsked = true;
    books->sums(by, query(),
        whileAlive(this, [this, by, asked = m_sumsAsked](const StoreAnswer<QList<UsageSum>> &answer) {
            if (asked != m_sumsAsked)
                return; // another is awaited
            m_areSumsAsked = false;
            if (const auto *error = std::get_if<RelayError>(&answer))
                m_saved = translated(error->detail);
            else
                m_sums->show(by, std::get<QList<UsageSum>>(answer));
            showTexts();
        }));
}

void CallHistoryPage::showTexts()
{
    const AccessControl &access = m_control.access();
    m_stack->setCurrentIndex(access.books() ? 0 : 1);
    const bool isChosen = !m_control.settings().storeUrl.isEmpty();
    m_noStore->setText(
        isChosen ? tr(
            "A store is chosen, but not open: that happens when the relay is started. Stop it, and start it again.")
                 : tr(
                     "No history is kept. To have one, choose a store in the settings: a file is enough. What calls say is "
                     "kept nowhere, just when they were, whose, with which model, and what they cost."));
    m_chooseStore->setVisible(!isChosen);
    if (!access.books())
        return;

    QString stand = storeStandText(access.stand());
    if (!m_model->problem().isEmpty() && !access.stand().isAway)
        stand = translated(m_model->problem()) + (stand.isEmpty() ? QString() : u'\n' + stand);
    m_stand->setVisible(!stand.isEmpty());
    if (stand != m_stand->text()) {
        m_stand->setText(stand);
        QPalette ink;
        ink.setColor(QPalette::WindowText, toneInk(Tone::Warning, palette()));
        m_stand->setPalette(ink);
        if (!stand.isEmpty())
            announce(*m_stand);
    }
    m_empty->setVisible(m_model->rowCount() == 0);
    if (m_model->isAsking())
        m_empty->setText(tr("Reading…"));
    else
        m_empty->setText(m_model->problem().isEmpty() ? tr("No such calls.") : QString());
    m_save->setEnabled(!m_isSaving && m_model->rowCount() > 0);
    if (!m_saved.isEmpty())
        m_count->setText(m_saved);
    else if (m_tabs->currentIndex() != callsTab)
        m_count->setText(m_areSumsAsked ? tr("Adding up…") : QString());
    else if (m_model->isComplete())
        m_count->setText(tr("Calls: %1").arg(countText(m_model->rowCount())));
    else
        m_count->setText(tr("Calls: %1, and older ones; scroll down").arg(countText(m_model->rowCount())));
}

void CallHistoryPage::saveCsv()
{
    // Those of now; the filter may be another when the file is chosen.
    const HistoryQuery query = this->query();
    auto *dialog = new QFileDialog(this, tr("Save the history"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setFileMode(QFileDialog::AnyFile);
    dialog->setNameFilters({tr("CSV, for spreadsheets") + u" (*.csv)"_s});
    dialog->setDefaultSuffix(u"csv"_s);
    dialog->selectFile(tr("relay-history"));
    connect(dialog, &QFileDialog::fileSelected, this, [this, query](const QString &file) {
        Books *books = m_control.access().books();
        if (!books)
            return;
        m_isSaving = true;
        m_saved = tr("Writing %1…").arg(file);
        showTexts();
        books->writeCsv(query, file, whileAlive(this, [this, file](const std::optional<RelayError> &error) {
            m_isSaving = false;
            m_saved = error ? translated(error->detail) : tr("Saved as %1.").arg(file);
            showTexts();
            announce(*m_count);
        }));
    });
    dialog->open();
}

QByteArray CallHistoryPage::saveState() const
{
    QByteArray state;
    QDataStream stream(&state, QIODevice::WriteOnly);
    stream << historyStateMark << qint32(HistoryModel::ColumnCount)
           << m_table->horizontalHeader()->saveState();
    return state;
}

bool CallHistoryPage::restoreState(const QByteArray &state)
{
    QDataStream stream(state);
    quint32 mark = 0;
    qint32 columns = 0;
    QByteArray header;
    stream >> mark >> columns >> header;
    return stream.status() == QDataStream::Ok && mark == historyStateMark
        && columns == HistoryModel::ColumnCount && m_table->horizontalHeader()->restoreState(header);
}

} // namespace rr
