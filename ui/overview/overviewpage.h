// SPDX-License-Identifier: MIT
#pragma once

#include "ui/control/statuspresenter.h"
#include "ui/overview/upstreamcheck.h"

#include <QHostAddress>
#include <QList>
#include <QTimer>
#include <QWidget>

class QLabel;
class QPushButton;
class QVBoxLayout;

namespace rr {

class AddressPanel;
class Plot;
class ProblemBox;
class RelayControl;
class TrafficHistory;
class TroubleWatch;

/// The first page: start and stop, state in a sentence, what is wrong and the next step, addresses, numbers
/// and plots. Works only while it is seen.
class OverviewPage : public QWidget
{
    Q_OBJECT
public:
    OverviewPage(RelayControl &control, TroubleWatch &troubles, const TrafficHistory &history,
        QWidget *parent = nullptr);

    void checkUpstream();

Q_SIGNALS:
    void toggleRequested(); ///< the large button
    void settingsRequested(const QByteArray &setting); ///< its key; may be empty

protected:
    void showEvent(QShowEvent *event) override;
    void hideEvent(QHideEvent *event) override;
    void changeEvent(QEvent *event) override;

private:
    struct Number
    {
        QLabel *value = nullptr;
        QLabel *name = nullptr;
    };

    QWidget *makeHead();
    QWidget *makeAddresses();
    QWidget *makeNumbers();
    QWidget *makePlots();
    void showAll();
    void showStatus();
    void showAddresses();
    void showNumbers();
    void showPlots();
    void showProblems(const QList<Problem> &problems);
    QString buttonFor(Problem &problem);
    void fix(const Problem &problem);
    void showCheck(const UpstreamCheckResult &result);
    void forgetCheck();
    void setCheckResult(const QString &text);
    void setHeadColors(bool starts);

    RelayControl &m_control;
    TroubleWatch &m_troubles;
    const TrafficHistory &m_history;
    UpstreamCheck m_check;
    QList<QHostAddress> m_network;
    quint16 m_otherPort = 0; ///< offered when the configured one is taken

    QLabel *m_state = nullptr;
    QLabel *m_sentence = nullptr;
    QLabel *m_detail = nullptr;
    QPushButton *m_toggle = nullptr;
    QVBoxLayout *m_problemLayout = nullptr;
    QList<ProblemBox *> m_problems;
    QList<Problem> m_shownProblems;
    AddressPanel *m_addresses = nullptr;
    QPushButton *m_checkButton = nullptr;
    QLabel *m_checkResult = nullptr;
    QList<Number> m_numbers;
    Plot *m_callsPlot = nullptr;
    Plot *m_trafficPlot = nullptr;
    qint64 m_plottedSecond = 0;
    int m_iconKey = -1;
};

} // namespace rr
