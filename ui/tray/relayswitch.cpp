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
        ask(parent, tr("Stop the relay?"), {tr("Let calls finish"), tr("End calls now"), tr("Stop relay")},
            [] {});
        break;
    case RelayState::Draining:
        ask(parent, tr("End the calls now?"), {{}, tr("End calls now"), tr("Stop relay")}, [] {});
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
    ask(parent, tr("Quit Realtime Relay?"),
        {tr("Quit when calls have finished"), tr("End calls and quit"), tr("Quit")},
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

void RelaySwitch::keepRunning()
{
    m_quitting = false;
    m_control.keepRunning();
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

QString RelaySwitch::consequences(int calls) const
{
    QStringList sentences;
    const qint64 drainMs = m_control.settings().drainTimeout.count();
    if (calls > 0 && m_control.state() == RelayState::Draining)
        sentences.append(
            tr("The relay is stopping: they may still finish, and are cut off in %1 (minutes:seconds).")
                .arg(durationText(m_control.latest().drainLeftMs)));
    else if (calls > 0 && drainMs == 0)
        sentences.append(tr("They are cut off at once, as the settings have it."));
    else if (calls > 0)
        sentences.append(tr(
            "They may go on for %1 (minutes:seconds). What has not ended by then is cut off; new callers are turned "
            "away meanwhile.")
                             .arg(durationText(drainMs)));
    if (m_control.sharing().isOn())
        sentences.append(
            tr("Sharing ends with it: the link that you have given out opens nothing any more."));
    return sentences.join(u' ');
}

void RelaySwitch::ask(
    QWidget *parent, const QString &question, const Answers &answers, const std::function<void()> &agreed)
{
    const int calls = int(m_control.refreshed().activeConnections);
    const bool isShared = m_control.sharing().isOn();
    if (calls == 0 && !isShared) {
        agreed();
        m_control.stopNow();
        return;
    }
    if (m_question) {
        m_question->raise();
        m_question->activateWindow();
        return;
    }
    m_question = new QMessageBox(QMessageBox::Question, question,
        calls > 0 ? tr("%n call(s) are live.", nullptr, calls) : tr("The relay is shared."),
        QMessageBox::NoButton, parent);
    m_question->setAttribute(Qt::WA_DeleteOnClose);
    m_question->setInformativeText(consequences(calls));
    const bool mayFinish = calls > 0 && m_control.settings().drainTimeout.count() > 0;
    QPushButton *drain = !mayFinish || answers.drain.isEmpty()
        ? nullptr
        : m_question->addButton(answers.drain, QMessageBox::AcceptRole);
    QPushButton *end
        = m_question->addButton(calls > 0 ? answers.end : answers.plain, QMessageBox::DestructiveRole);
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
