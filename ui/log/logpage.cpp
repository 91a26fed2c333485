// SPDX-License-Identifier: MIT
#include "ui/log/logpage.h"

#include "core/admission/originpolicy.h"
#include "core/base/door.h"
#include "core/config/settingstable.h"
#include "ui/control/displaytext.h"
#include "ui/control/relaycontrol.h"
#include "ui/control/translated.h"
#include "ui/log/export.h"
#include "ui/log/logmodel.h"
#include "ui/log/logtable.h"
#include "ui/table/findfield.h"

#include <QCheckBox>
#include <QComboBox>
#include <QDataStream>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QIODevice>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QVBoxLayout>

#include <algorithm>

namespace rr {

namespace {

constexpr quint32 stateMark = 0x4C4F4702; // "LOG", and the version of what follows
constexpr int entryLines = 3;

/// Of a page that was turned away and that an entry of the allowed origins would let in; else empty.
QString refusedOrigin(const JournalEntry &entry)
{
    QString code;
    QString origin;
    for (const auto &[name, value] : entry.fields) {
        if (name == "code")
            code = value.toString();
        else if (name == "origin")
            origin = value.toString();
    }
    return code == QLatin1String("origin_not_allowed") && OriginPolicy::canBeAllowed(origin.toUtf8())
        ? origin
        : QString();
}

bool cameByShare(const JournalEntry &entry)
{
    return std::any_of(entry.fields.cbegin(), entry.fields.cend(), [](const auto &field) {
        return field.first == "door" && field.second.toString() == nameOf(Door::Share);
    });
}

QPushButton *makeButton(const QString &text, const QString &toolTip, QWidget *parent)
{
    auto *button = new QPushButton(text, parent);
    button->setToolTip(toolTip);
    button->setAutoDefault(false);
    return button;
}

} // namespace

LogPage::LogPage(RelayControl &control, QWidget *parent)
    : QWidget(parent)
    , m_control(control)
    , m_model(new LogModel(control.journal(), this))
    , m_table(new LogTable(*m_model, this))
    , m_entry(new QPlainTextEdit(this))
{
    m_table->setAccessibleName(tr("Log"));
    m_entry->setAccessibleName(tr("Selected entry"));
    m_entry->setPlaceholderText(tr("The selected entry is shown here in full."));
    m_entry->setReadOnly(true);
    m_entry->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    m_entry->setTabChangesFocus(true);
    m_entry->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    m_entry->setFixedHeight(entryLines * fontMetrics().lineSpacing()
        + 2 * (int(m_entry->document()->documentMargin()) + m_entry->frameWidth()));
    auto *layout = new QVBoxLayout(this);
    layout->addWidget(makeFilterRow());
    layout->addWidget(m_table, 1);
    layout->addWidget(m_entry);
    layout->addWidget(makeActionRow());

    connect(&control, &RelayControl::snapshotTaken, this, &LogPage::poll);
    const QItemSelectionModel *selection = m_table->selectionModel();
    connect(selection, &QItemSelectionModel::currentChanged, this, &LogPage::showEntry);
    connect(selection, &QItemSelectionModel::selectionChanged, this, &LogPage::showEntry);
    connect(m_model, &LogModel::modelReset, this, &LogPage::showEntry);
    connect(&control, &RelayControl::settingsChanged, this, &LogPage::showAllow);
    connect(&control.sharing(), &Sharing::changed, this, &LogPage::showAllow);
    m_table->setContextMenuPolicy(Qt::CustomContextMenu);
    connect(m_table, &QWidget::customContextMenuRequested, this, &LogPage::showContextMenu);
    updateCount();
}

QWidget *LogPage::makeFilterRow()
{
    auto *row = new QWidget(this);
    auto *layout = new QHBoxLayout(row);
    layout->setContentsMargins(0, 0, 0, 0);

    m_level = new QComboBox(row);
    m_level->addItem(tr("All levels"), int(LogLevel::Debug));
    m_level->addItem(tr("Info and above"), int(LogLevel::Info));
    m_level->addItem(tr("Warnings and errors"), int(LogLevel::Warning));
    m_level->addItem(tr("Errors only"), int(LogLevel::Error));
    m_level->setAccessibleName(tr("Level"));
    m_level->setToolTip(tr("Show entries of this level and above"));
    layout->addWidget(m_level);

    m_call = new QLineEdit(row);
    m_call->setPlaceholderText(tr("Call"));
    m_call->setAccessibleName(tr("Call"));
    m_call->setToolTip(tr("Show entries about the call whose id begins so"));
    m_call->setClearButtonEnabled(true);
    layout->addWidget(m_call, 1);

    m_text = new FindField(tr("Show entries that contain this text (%1)"), this);
    m_text->setPlaceholderText(tr("Text"));
    m_text->setAccessibleName(tr("Text"));
    layout->addWidget(m_text, 3);

    connect(m_level, &QComboBox::currentIndexChanged, this, &LogPage::applyFilter);
    connect(m_call, &QLineEdit::textChanged, this, &LogPage::applyFilter);
    connect(m_text, &QLineEdit::textChanged, this, &LogPage::applyFilter);
    return row;
}

QWidget *LogPage::makeActionRow()
{
    auto *row = new QWidget(this);
    auto *layout = new QHBoxLayout(row);
    layout->setContentsMargins(0, 0, 0, 0);

    m_pause = new QCheckBox(tr("&Pause"), row);
    m_pause->setToolTip(tr("Take in no new entries for now; none is lost"));
    connect(m_pause, &QCheckBox::toggled, this, &LogPage::poll);
    layout->addWidget(m_pause);

    m_follow = new QCheckBox(tr("&Follow"), row);
    m_follow->setToolTip(tr("Keep the newest entry in sight"));
    m_follow->setChecked(m_table->isFollowing());
    connect(m_follow, &QCheckBox::toggled, m_table, &LogTable::setFollowing);
    connect(m_table, &LogTable::followingChanged, m_follow, &QCheckBox::setChecked);
    layout->addWidget(m_follow);

    m_count = new QLabel(row);
    layout->addWidget(m_count);
    layout->addStretch();

    m_allow = makeButton({}, tr("Lets in pages of this origin from now on"), row);
    m_allow->setObjectName(QStringLiteral("allowOrigin"));
    m_allow->hide();
    connect(m_allow, &QPushButton::clicked, this, &LogPage::allow);
    layout->addWidget(m_allow);
    QPushButton *clear = makeButton(tr("C&lear"), tr("Forget all entries"), row);
    connect(clear, &QPushButton::clicked, this, [this] {
        m_model->clear();
        updateCount();
    });
    layout->addWidget(clear);
    QPushButton *copy = makeButton(tr("&Copy"), tr("Copy the selected entries, or all that are shown"), row);
    connect(copy, &QPushButton::clicked, m_table, &LogTable::copy);
    layout->addWidget(copy);
    QPushButton *exportButton = makeButton(tr("&Export…"), tr("Save the shown entries to a file"), row);
    connect(exportButton, &QPushButton::clicked, this, &LogPage::exportEntries);
    layout->addWidget(exportButton);
    return row;
}

void LogPage::showCall(const QString &callId)
{
    m_level->setCurrentIndex(0);
    m_text->clear();
    m_call->setText(callId);
}

void LogPage::showEvent(QShowEvent *event)
{
    QWidget::showEvent(event);
    m_control.watch(this, Relay::Detail::Totals);
    poll();
}

void LogPage::hideEvent(QHideEvent *event)
{
    m_control.unwatch(this);
    QWidget::hideEvent(event);
}

void LogPage::poll()
{
    if (!isVisible() || m_pause->isChecked())
        return;
    m_model->poll();
    updateCount();
}

void LogPage::applyFilter()
{
    m_model->setFilter(
        {LogLevel(m_level->currentData().toInt()), m_call->text().trimmed(), m_text->text().trimmed()});
    updateCount();
}

void LogPage::updateCount()
{
    m_count->setText(m_model->rowCount() == m_model->entryCount()
            ? tr("Entries: %1").arg(countText(m_model->entryCount()))
            : tr("Entries: %1 of %2").arg(countText(m_model->rowCount()), countText(m_model->entryCount())));
}

void LogPage::showEntry()
{
    const QModelIndex index = m_table->currentIndex();
    const bool selected = index.isValid() && m_table->selectionModel()->isSelected(index);
    m_entry->setPlainText(
        selected ? QString::fromUtf8(journalLine(m_model->entry(index.row()), LogFormat::Text)) : QString());
    m_refusedOrigin = selected ? refusedOrigin(m_model->entry(index.row())) : QString();
    m_isOfShare = selected && cameByShare(m_model->entry(index.row()));
    showAllow();
}

void LogPage::showAllow()
{
    const Sharing &sharing = m_control.sharing();
    const OriginPolicy policy(m_isOfShare ? sharing.origins() : m_control.settings().allowedOrigins);
    const bool canBeChanged
        = m_isOfShare ? sharing.isOn() : !m_control.isFixed(*findSetting(u"allowedOrigins"));
    m_allow->setVisible(
        !m_refusedOrigin.isEmpty() && canBeChanged && !policy.allows(m_refusedOrigin.toUtf8()));
    m_allow->setText((m_isOfShare ? tr("All&ow %1 by the link") : tr("All&ow %1")).arg(m_refusedOrigin));
}

void LogPage::allow()
{
    const QString origin = m_refusedOrigin;
    if (m_isOfShare) {
        const auto problem = m_control.allowSharedOrigin(origin);
        m_entry->setPlainText(problem ? translated(*problem)
                                      : tr("Pages of %1 may come with the link from now on.").arg(origin));
        return;
    }
    const auto problems = m_control.allowOrigin(origin);
    m_entry->setPlainText(problems.isEmpty() ? tr("Pages of %1 may come in from now on.").arg(origin)
                                             : translated(problems.first().message));
}

void LogPage::showContextMenu(const QPoint &at)
{
    auto *menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    menu->addAction(tr("&Copy"), m_table, &LogTable::copy);
    if (m_allow->isVisible())
        menu->addAction(m_allow->text(), this, &LogPage::allow);
    menu->popup(m_table->viewport()->mapToGlobal(at));
}

void LogPage::exportEntries()
{
    // As they are shown now; more may come while the file is being chosen.
    QList<JournalEntry> entries;
    entries.reserve(m_model->rowCount());
    for (int row = 0; row < m_model->rowCount(); ++row)
        entries.append(m_model->entry(row));
    const auto lines = [entries](LogFormat format) {
        QByteArray text;
        for (const JournalEntry &entry : entries)
            text += journalLine(entry, format) + '\n';
        return text;
    };
    exportToFile(this, tr("Export the log"), tr("relay-log"),
        {{tr("Text"), QStringLiteral("log"), [lines] { return lines(LogFormat::Text); }},
            {tr("JSON lines"), QStringLiteral("jsonl"), [lines] { return lines(LogFormat::Json); }}});
}

QByteArray LogPage::saveState() const
{
    QByteArray state;
    QDataStream stream(&state, QIODevice::WriteOnly);
    stream << stateMark << m_table->horizontalHeader()->saveState() << qint32(m_level->currentIndex())
           << m_call->text() << m_text->text();
    return state;
}

bool LogPage::restoreState(const QByteArray &state)
{
    QDataStream stream(state);
    quint32 mark = 0;
    qint32 level = 0;
    QByteArray header;
    QString call;
    QString text;
    stream >> mark >> header >> level >> call >> text;
    if (stream.status() != QDataStream::Ok || mark != stateMark || level < 0 || level >= m_level->count()
        || !m_table->horizontalHeader()->restoreState(header))
        return false;
    m_level->setCurrentIndex(level);
    m_call->setText(call);
    m_text->setText(text);
    return true;
}

} // namespace rr
