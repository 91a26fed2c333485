// SPDX-License-Identifier: MIT
#pragma once

#include <QWidget>

class QCheckBox;
class QComboBox;
class QLabel;
class QLineEdit;
class QPlainTextEdit;
class QPushButton;

namespace rr {

class LogModel;
class LogTable;
class RelayControl;

/// The live journal. Reads it only while it can be seen.
class LogPage : public QWidget
{
    Q_OBJECT
public:
    explicit LogPage(RelayControl &control, QWidget *parent = nullptr);

    /// Columns and filters, for restoreState() of another run.
    QByteArray saveState() const;
    bool restoreState(const QByteArray &state); ///< false, and nothing changed, when it is not one

public Q_SLOTS:
    void showCall(const QString &callId); ///< everything about this call, and nothing else

protected:
    void showEvent(QShowEvent *event) override;
    void hideEvent(QHideEvent *event) override;

private:
    QWidget *makeFilterRow();
    QWidget *makeActionRow();
    void poll();
    void applyFilter();
    void updateCount();
    void showEntry();
    void showAllow();
    void allow();
    void showContextMenu(const QPoint &at);
    void exportEntries();

    RelayControl &m_control;
    LogModel *m_model;
    LogTable *m_table;
    QPlainTextEdit *m_entry; ///< the selected one, in full
    QPushButton *m_allow = nullptr; ///< the page that the selected entry tells of
    QString m_refusedOrigin; ///< its origin; empty: it tells of none that could be let in
    bool m_isOfShare = false; ///< it came with the link of a share
    QComboBox *m_level = nullptr;
    QLineEdit *m_call = nullptr;
    QLineEdit *m_text = nullptr;
    QCheckBox *m_pause = nullptr;
    QCheckBox *m_follow = nullptr;
    QLabel *m_count = nullptr;
};

} // namespace rr
