// SPDX-License-Identifier: MIT
#pragma once

#include "ui/control/books.h"

#include <QTimer>
#include <QWidget>

class QCheckBox;
class QComboBox;
class QDateEdit;
class QLabel;
class QLineEdit;
class QPushButton;
class QStackedWidget;
class QTabBar;

namespace rr {

class HistoryModel;
class HistoryTable;
class RelayControl;
class SumsModel;

/// All calls that the store knows, searched and in pages, and what they come to by access token, model and day; or how to have a
/// store. Asks while it is seen, and waits for nothing. Main thread.
class CallHistoryPage : public QWidget
{
    Q_OBJECT
public:
    explicit CallHistoryPage(RelayControl &control, QWidget *parent = nullptr);

    QByteArray saveState() const; ///< columns alone: an old filter would make the history look empty
    bool restoreState(const QByteArray &state); ///< false, and nothing changed, when it is not one

Q_SIGNALS:
    void settingsRequested(const QByteArray &setting); ///< its key

protected:
    void showEvent(QShowEvent *event) override;

private:
    QWidget *makeFilterRow();
    QWidget *makeTables();
    QWidget *makeActionRow();
    QWidget *makeNoStore();
    void takeBooks();
    void fillTokens();
    HistoryQuery query() const;
    void askSoon(); ///< once nobody types any more
    void ask();
    void askForSums();
    void refresh();
    void showTexts();
    void saveCsv();

    RelayControl &m_control;
    HistoryModel *m_model;
    SumsModel *m_sums;
    QStackedWidget *m_stack = nullptr;
    HistoryTable *m_table = nullptr;
    HistoryTable *m_sumsTable = nullptr;
    QStackedWidget *m_tables = nullptr;
    QTabBar *m_tabs = nullptr;
    QLabel *m_empty = nullptr;
    QLabel *m_noStore = nullptr;
    QPushButton *m_chooseStore = nullptr;
    QLineEdit *m_text = nullptr;
    QComboBox *m_when = nullptr;
    QDateEdit *m_from = nullptr;
    QDateEdit *m_to = nullptr;
    QComboBox *m_token = nullptr; ///< each with its id as HistoryQuery::token
    QCheckBox *m_failed = nullptr;
    QLabel *m_stand = nullptr; ///< of the store
    QLabel *m_count = nullptr;
    QPushButton *m_save = nullptr;
    QTimer m_typing;
    quint64 m_sumsAsked = 0; ///< answers to earlier ones are not taken
    bool m_wasAway = false;
    bool m_areSumsAsked = false;
    bool m_isSaving = false;
    QString m_saved; ///< what became of the last file
};

} // namespace rr
