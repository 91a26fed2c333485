// SPDX-License-Identifier: MIT
#pragma once

#include <QTimer>
#include <QWidget>

class QCheckBox;
class QGroupBox;
class QLabel;
class QPushButton;

namespace rr {

class AccessModel;
class AccessTable;
class KeyPanel;
class RelayControl;
class StepsPanel;
struct AccessTerms;

/// The held key, what is missing before access tokens can be given out, the budget of the relay, and the tokens. Works only while
/// it is seen.
class AccessPage : public QWidget
{
    Q_OBJECT
public:
    explicit AccessPage(RelayControl &control, QWidget *parent = nullptr);

    QByteArray saveState() const; ///< columns, and whether revoked tokens are shown
    bool restoreState(const QByteArray &state); ///< false, and nothing changed, when it is not one

Q_SIGNALS:
    void settingsRequested(const QByteArray &setting); ///< its key

protected:
    void showEvent(QShowEvent *event) override;
    void hideEvent(QHideEvent *event) override;

private:
    QWidget *makeBudget();
    QWidget *makeTokens();
    void refresh();
    void showBudget();
    void showStore();
    void updateButtons();
    const AccessTerms *selected() const; ///< null: not one
    void makeNew();
    void edit();
    void revoke();
    void showContextMenu(const QPoint &at);
    void showProblem(const QString &problem);

    RelayControl &m_control;
    KeyPanel *m_key;
    StepsPanel *m_steps;
    AccessModel *m_model;
    AccessTable *m_table = nullptr;
    QLabel *m_budget = nullptr;
    QLabel *m_store = nullptr;
    QLabel *m_empty = nullptr;
    QCheckBox *m_showRevoked = nullptr;
    QPushButton *m_setBudget = nullptr;
    QPushButton *m_new = nullptr;
    QPushButton *m_edit = nullptr;
    QPushButton *m_revoke = nullptr;
    QTimer m_clock; ///< for "expires in"
};

} // namespace rr
