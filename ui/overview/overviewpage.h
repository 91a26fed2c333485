// SPDX-License-Identifier: MIT
#pragma once

#include "ui/control/statuspresenter.h"

#include <QDeadlineTimer>
#include <QHash>
#include <QList>
#include <QWidget>

class QLabel;
class QPushButton;
class QVBoxLayout;

namespace rr {

class AddressPanel;
class CostPanel;
class DemoCalls;
class FirstSteps;
class LetInPanel;
class NumberRow;
class Plot;
class ProblemBox;
class RelayControl;
class SharePanel;
class StateHead;
class TrafficHistory;
struct RelayAddress;
struct SettingProblem;
struct UpstreamCheckResult;

/// The first page: start and stop, state in a sentence, what is wrong and the next step, how others are let in, addresses,
/// numbers and plots. Works only while it is seen.
class OverviewPage : public QWidget
{
    Q_OBJECT
public:
    OverviewPage(RelayControl &control, const TrafficHistory &history, QWidget *parent = nullptr);

    void checkUpstream();

Q_SIGNALS:
    void toggleRequested(); ///< the large button
    void keepRunningRequested();
    void settingsRequested(const QByteArray &setting); ///< its key; may be empty
    void accessRequested(); ///< the page of access tokens

protected:
    void showEvent(QShowEvent *event) override;
    void hideEvent(QHideEvent *event) override;

private:
    QWidget *makeAddresses();
    QWidget *makePlots();
    void showAll();
    void followLink(const QString &link);
    void showGuides(const StatusView &status);
    void showStatus();
    void showAddresses();
    void showPlots();
    QHash<QString, QString> certificateProblems(const QList<RelayAddress> &addresses);
    void showProblems(const QList<Problem> &problems);
    QString buttonFor(Problem &problem);
    void fix(Problem problem);
    void showRefused(const Problem &problem, const QList<SettingProblem> &why);
    void showInPlaceOf(const Problem &problem, const Problem &other);
    void showCheck(const UpstreamCheckResult &result);
    void forgetCheck();
    void setCheckResult(const QString &text);

    RelayControl &m_control;
    const TrafficHistory &m_history;
    quint16 m_otherPort = 0; ///< offered when the configured one is taken

    StateHead *m_head = nullptr;
    QVBoxLayout *m_problemLayout = nullptr;
    QList<ProblemBox *> m_problems;
    QList<Problem> m_shownProblems;
    FirstSteps *m_firstSteps = nullptr;
    LetInPanel *m_letIn = nullptr;
    SharePanel *m_share = nullptr;
    AddressPanel *m_addresses = nullptr;
    QHash<QString, QString> m_certificateProblems; ///< by host; empty: there is none
    QDeadlineTimer m_certificateLookedAt{0}; ///< until it is looked at anew
    QPushButton *m_checkButton = nullptr;
    QLabel *m_checkResult = nullptr;
    DemoCalls *m_demo = nullptr;
    NumberRow *m_numbers = nullptr;
    CostPanel *m_costs = nullptr;
    Plot *m_callsPlot = nullptr;
    Plot *m_trafficPlot = nullptr;
    qint64 m_plottedSecond = 0;
};

} // namespace rr
