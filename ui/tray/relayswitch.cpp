// SPDX-License-Identifier: MIT
#include "ui/tray/relayswitch.h"

#include "ui/control/displaytext.h"
#include "ui/control/relaycontrol.h"

#include <QEventLoop>
#include <QMessageBox>
#include <QPushButton>
#include <QTimer>

namespace rr {

RelaySwitch::RelaySwitch(RelayControl &control, QObject *parent)
    : QObject(parent)
    , m_control(control)
{
    connect(&control, &RelayControl::stateChanged, this, &RelaySwitch::finishWhenStopped);
}

void RelaySwitch::toggle(QWidget *parent)
{
    switch (m_control.state()) {
    case RelayState::Stopped:
        m_control.start();
        break;
    case RelayState::Running:
        ask(parent, tr("Stop the relay?"), tr("Let calls finish"), tr("End calls now"), [] {});
        break;
    case RelayState::Draining:
        ask(parent, tr("End the calls now?"), {}, tr("End calls now"), [] {});
        break;
    }
}

void RelaySwitch::quit(QWidget *parent)
{
    if (m_control.state() == RelayState::Stopped) {
        m_quitting = true;
        Q_EMIT finished();
        return;
    }
    ask(parent, tr("Quit Realtime Relay?"), tr("Quit when calls have finished"), tr("End calls and quit"),
        [this] { m_quitting = true; });
}

void RelaySwitch::quitWithoutAsking()
{
    const bool again = m_quitting;
    m_quitting = true;
    if (m_control.state() == RelayState::Stopped)
        Q_EMIT finished();
    else if (again || m_control.state() == RelayState::Draining)
        m_control.stopNow();
    else
        m_control.drain();
}

void RelaySwitch::stopWithin(std::chrono::milliseconds patience)
{
    if (m_control.state() == RelayState::Stopped)
        return;
    QEventLoop loop;
    QTimer deadline;
    deadline.setSingleShot(true);
    connect(&deadline, &QTimer::timeout, &m_control, &RelayControl::stopNow);
    connect(&m_control, &RelayControl::stateChanged, &loop, [&loop](RelayState state) {
        if (state == RelayState::Stopped)
            loop.quit();
    });
    deadline.start(patience);
    m_control.drain();
    loop.exec(QEventLoop::ExcludeUserInputEvents);
}

void RelaySwitch::ask(QWidget *parent, const QString &question, const QString &drainText,
    const QString &endText, const std::function<void()> &agreed)
{
    const int calls = int(m_control.refreshed().activeConnections);
    if (calls == 0) {
        agreed();
        m_control.stopNow();
        return;
    }
    if (m_question) {
        m_question->raise();
        m_question->activateWindow();
        return;
    }
    m_question = new QMessageBox(QMessageBox::Question, question, tr("%n call(s) are live.", nullptr, calls),
        QMessageBox::NoButton, parent);
    m_question->setAttribute(Qt::WA_DeleteOnClose);
    const qint64 drainMs = m_control.settings().drainTimeout.count();
    m_question->setInformativeText(m_control.state() == RelayState::Draining
            ? tr("The relay is stopping; they may still finish.")
            : tr("They can go on for at most %1 (minutes:seconds), while new calls are turned away.")
                  .arg(durationText(drainMs)));
    QPushButton *drain
        = drainText.isEmpty() ? nullptr : m_question->addButton(drainText, QMessageBox::AcceptRole);
    QPushButton *end = m_question->addButton(endText, QMessageBox::DestructiveRole);
    QPushButton *cancel = m_question->addButton(tr("Cancel"), QMessageBox::RejectRole);
    m_question->setDefaultButton(drain ? drain : cancel);
    m_question->setEscapeButton(cancel);
    if (drain) {
        connect(drain, &QPushButton::clicked, this, [this, agreed] {
            agreed();
            // All calls may have ended, and the relay stopped, while the question was open.
            if (m_control.state() == RelayState::Stopped)
                finishWhenStopped();
            else
                m_control.drain();
        });
    }
    connect(end, &QPushButton::clicked, this, [this, agreed] {
        agreed();
        if (m_control.state() == RelayState::Stopped)
            finishWhenStopped();
        else
            m_control.stopNow();
    });
    m_question->open();
    m_question->raise();
    m_question->activateWindow();
}

void RelaySwitch::finishWhenStopped()
{
    if (m_quitting && m_control.state() == RelayState::Stopped)
        Q_EMIT finished();
}

} // namespace rr
