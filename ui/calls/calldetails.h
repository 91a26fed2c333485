// SPDX-License-Identifier: MIT
#pragma once

#include "ui/calls/callcolumn.h"

#include <QWidget>

#include <optional>

class QLabel;
class QPushButton;
class QTreeWidget;

namespace rr {

class Journal;
class LogModel;

/// All that is known of one call, and its own log.
class CallDetails : public QWidget
{
    Q_OBJECT
public:
    explicit CallDetails(Journal &journal, QWidget *parent = nullptr);

    void show(const std::optional<CallRow> &row); ///< nothing: no call is selected
    void pollLog();

Q_SIGNALS:
    void logRequested(const QString &callId);

private:
    LogModel *m_log;
    QLabel *m_title;
    QPushButton *m_openLog;
    QTreeWidget *m_facts;
    QString m_call;
};

/// What the details show, a name and a value a line.
QList<std::pair<QString, QString>> callFacts(const CallRow &row);

} // namespace rr
