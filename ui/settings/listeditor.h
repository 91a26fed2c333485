// SPDX-License-Identifier: MIT
#pragma once

#include "ui/settings/settingeditor.h"

class QLabel;
class QListView;
class QPushButton;

namespace rr {

class EntryListModel;

/// Edits a List: entries are added, edited in place, removed, and pasted several at once. Each is checked
/// while it is typed.
class ListEditor : public SettingEditor
{
    Q_OBJECT
public:
    ListEditor(const SettingSpec &spec, QWidget *parent);
    ~ListEditor() override;

    QString text() const override;
    void setText(const QString &text) override;
    /// Of the entry that is being typed, or else of the first wrong one.
    std::optional<QString> problem() const override;
    QStringList entries() const; ///< those that are not empty
    void add(const QString &entry); ///< as if typed, unless it is there already

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    void addEntry();
    void removeSelected();
    void paste();
    void entryTyped(const QString &text);
    void editingEnded();
    void updateButtons();

    EntryListModel *m_model;
    QListView *m_view;
    QPushButton *m_edit;
    QPushButton *m_remove;
    std::optional<QString> m_typed; ///< what stands in the entry that is being edited
};

} // namespace rr
