// SPDX-License-Identifier: MIT
#pragma once

#include <QObject>
#include <QPointer>

#include <chrono>
#include <functional>

class QMessageBox;

namespace rr {

class RelayControl;

/// Starts, stops and quits as a person asks for it: where calls are live it first asks whether they may
/// finish, and names how many there are. Main thread.
class RelaySwitch : public QObject
{
    Q_OBJECT
public:
    explicit RelaySwitch(RelayControl &control, QObject *parent = nullptr);

    /// Starts the relay, stops it, or, asking again, ends the calls of a relay that is stopping.
    void toggle(QWidget *parent);
    /// finished() follows when the relay has stopped; nothing when the person thinks better of it.
    void quit(QWidget *parent);
    /// The same without asking: live calls may finish, as a second call of it they may not.
    void quitWithoutAsking();
    /// Lets live calls finish for this long, ends what is left, and returns when the relay has stopped.
    /// Events are processed meanwhile, but no input.
    void stopWithin(std::chrono::milliseconds patience);

Q_SIGNALS:
    void finished(); ///< the program may end

private:
    /// `drainText`: of the button that lets calls finish; empty: there is none.
    void ask(QWidget *parent, const QString &question, const QString &drainText, const QString &endText,
        const std::function<void()> &agreed);
    void finishWhenStopped();

    RelayControl &m_control;
    QPointer<QMessageBox> m_question;
    bool m_quitting = false;
};

} // namespace rr
