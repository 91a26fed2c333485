// SPDX-License-Identifier: MIT
#pragma once

#include "ui/sessions/sessioncolumn.h"

#include <QWidget>

#include <optional>

class QLabel;
class QPushButton;
class QTreeWidget;

namespace rr {

class Journal;
class LogModel;

/// All that is known of one session, and its own log.
class SessionDetails : public QWidget
{
    Q_OBJECT
public:
    explicit SessionDetails(Journal &journal, QWidget *parent = nullptr);

    void show(const std::optional<SessionRow> &row); ///< nothing: no session is selected
    void pollLog();

Q_SIGNALS:
    void logRequested(const QString &sessionId);

private:
    LogModel *m_log;
    QLabel *m_title;
    QPushButton *m_openLog;
    QTreeWidget *m_facts;
    QString m_session;
};

/// What the details show, a name and a value a line.
QList<std::pair<QString, QString>> sessionFacts(const SessionRow &row);

} // namespace rr
