// SPDX-License-Identifier: MIT
#include "ui/settings/listeditor.h"

#include "ui/settings/entrylistmodel.h"
#include "ui/settings/settingwords.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLineEdit>
#include <QListView>
#include <QPushButton>
#include <QStyledItemDelegate>
#include <QVBoxLayout>

#include <algorithm>
#include <functional>

namespace rr {

using namespace Qt::StringLiterals;

namespace {

/// Tells of every key pressed in an entry.
class EntryDelegate : public QStyledItemDelegate
{
public:
    EntryDelegate(const SettingSpec &spec, std::function<void(const QString &)> typed, QObject *parent)
        : QStyledItemDelegate(parent)
        , m_spec(spec)
        , m_typed(std::move(typed))
    {
    }

    QWidget *createEditor(QWidget *parent, const QStyleOptionViewItem &, const QModelIndex &) const override
    {
        auto *line = new QLineEdit(parent);
        line->setFrame(false);
        line->setAutoFillBackground(true);
        line->setAccessibleName(ListEditor::tr("Entry of: %1").arg(settingTitle(m_spec)));
        connect(line, &QLineEdit::textChanged, this, m_typed);
        return line;
    }

private:
    const SettingSpec &m_spec;
    std::function<void(const QString &)> m_typed;
};

} // namespace

ListEditor::ListEditor(const SettingSpec &spec, QWidget *parent)
    : SettingEditor(spec, parent)
    , m_model(new EntryListModel(spec, this))
    , m_view(new QListView(this))
{
    m_view->setModel(m_model);
    m_view->setAccessibleName(settingTitle(spec));
    m_view->setSelectionMode(QAbstractItemView::ExtendedSelection);
    m_view->setEditTriggers(QAbstractItemView::DoubleClicked | QAbstractItemView::EditKeyPressed);
    m_view->setTextElideMode(Qt::ElideMiddle);
    m_view->setFixedHeight(m_view->fontMetrics().height() * 9);
    m_view->installEventFilter(this);
    setFocusProxy(m_view);
    auto *delegate = new EntryDelegate(
        spec, [this](const QString &text) { entryTyped(text); }, m_view);
    m_view->setItemDelegate(delegate);
    connect(delegate, &QAbstractItemDelegate::closeEditor, this, &ListEditor::editingEnded);

    auto *buttons = new QVBoxLayout;
    const auto addButton = [&](const QString &text, const QString &name, void (ListEditor::*slot)()) {
        auto *button = new QPushButton(text, this);
        button->setAccessibleName(name.arg(settingTitle(spec)));
        button->setAutoDefault(false);
        buttons->addWidget(button);
        if (slot)
            connect(button, &QPushButton::clicked, this, slot);
        return button;
    };
    addButton(tr("Add"), tr("Add to: %1"), &ListEditor::addEntry);
    m_edit = addButton(tr("Edit"), tr("Edit in: %1"), nullptr);
    connect(m_edit, &QPushButton::clicked, m_view, [this] { m_view->edit(m_view->currentIndex()); });
    m_remove = addButton(tr("Remove"), tr("Remove from: %1"), &ListEditor::removeSelected);
    addButton(tr("Paste"), tr("Paste into: %1"), &ListEditor::paste)
        ->setToolTip(tr("Add what has been copied: one or several, separated by spaces, commas or lines"));
    buttons->addStretch();

    auto *row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->addWidget(m_view, 1);
    row->addLayout(buttons);

    connect(m_model, &QAbstractItemModel::rowsInserted, this, &SettingEditor::edited);
    connect(m_model, &QAbstractItemModel::rowsRemoved, this, &SettingEditor::edited);
    connect(m_model, &QAbstractItemModel::dataChanged, this, &SettingEditor::edited);
    connect(m_model, &QAbstractItemModel::modelReset, this, &SettingEditor::edited);
    connect(
        m_view->selectionModel(), &QItemSelectionModel::selectionChanged, this, &ListEditor::updateButtons);
    connect(m_model, &QAbstractItemModel::modelReset, this, &ListEditor::updateButtons);
    updateButtons();
}

ListEditor::~ListEditor()
{
    // An entry that is being edited is committed when its view goes: not to those that are half gone by then.
    blockSignals(true);
    delete m_view;
}

QStringList ListEditor::entries() const
{
    QStringList entries = m_model->entries();
    entries.removeAll(QString());
    return entries;
}

void ListEditor::add(const QString &entry)
{
    m_model->appendMissing({entry});
}

QString ListEditor::text() const
{
    return entries().join(u',');
}

void ListEditor::setText(const QString &text)
{
    if (text != this->text())
        m_model->setEntries(text.split(u',', Qt::SkipEmptyParts));
}

std::optional<QString> ListEditor::problem() const
{
    if (m_typed && !m_typed->isEmpty()) {
        if (auto problem = m_model->problemOf(*m_typed))
            return problem;
    }
    const QStringList all = entries();
    for (const QString &entry : all) {
        if (const auto problem = m_model->problemOf(entry))
            return u"%1: %2"_s.arg(entry, *problem);
    }
    return {};
}

void ListEditor::addEntry()
{
    const QModelIndex index = m_model->index(m_model->append({}));
    m_view->setCurrentIndex(index);
    m_view->scrollTo(index);
    m_view->edit(index);
}

void ListEditor::removeSelected()
{
    QList<int> rows;
    const QModelIndexList selected = m_view->selectionModel()->selectedRows();
    for (const QModelIndex &index : selected)
        rows.append(index.row());
    std::sort(rows.begin(), rows.end(), std::greater<>());
    for (const int row : std::as_const(rows))
        m_model->removeRow(row);
}

void ListEditor::paste()
{
    m_model->appendMissing(splitEntries(QGuiApplication::clipboard()->text()));
}

void ListEditor::entryTyped(const QString &text)
{
    m_typed = text;
    Q_EMIT edited();
}

void ListEditor::editingEnded()
{
    m_typed.reset();
    // What was left empty is not an entry. Not at once: the view is still busy with this one.
    QMetaObject::invokeMethod(
        this,
        [this] {
            for (int row = m_model->rowCount() - 1; row >= 0; --row) {
                if (m_model->entries()[row].isEmpty() && !m_typed)
                    m_model->removeRow(row);
            }
        },
        Qt::QueuedConnection);
    Q_EMIT edited();
}

void ListEditor::updateButtons()
{
    const qsizetype count = m_view->selectionModel()->selectedRows().size();
    m_edit->setEnabled(count == 1);
    m_remove->setEnabled(count > 0);
}

bool ListEditor::eventFilter(QObject *watched, QEvent *event)
{
    if (watched == m_view && event->type() == QEvent::KeyPress) {
        const auto *key = static_cast<QKeyEvent *>(event);
        if (key->matches(QKeySequence::Delete) || key->key() == Qt::Key_Backspace) {
            removeSelected();
            return true;
        }
        if (key->matches(QKeySequence::Paste)) {
            paste();
            return true;
        }
    }
    return SettingEditor::eventFilter(watched, event);
}

} // namespace rr
