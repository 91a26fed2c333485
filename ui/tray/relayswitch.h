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
    /// What lets the live calls finish is called off, and so is a quit.
    void keepRunning();
    /// The same as quit(), without asking: live calls may finish, as a second call of it they may not.
    void quitWithoutAsking();
    /// Lets live calls finish for this long, ends what is left, and returns when the relay has stopped.
    /// Events are processed meanwhile, but no input.
    void stopWithin(std::chrono::milliseconds patience);

Q_SIGNALS:
    void finished(); ///< the program may end

private:
    /// What the buttons say that agree to it.
    struct Answers
    {
        QString drain; ///< lets live calls finish; empty: there is none
        QString end; ///< ends them
        QString plain; ///< where no call is live
    };
    void ask(QWidget *parent, const QString &question, const Answers &answers,
        const std::function<void()> &agreed);
    QString consequences(int calls) const;
    void finishWhenStopped();

    RelayControl &m_control;
    QPointer<QMessageBox> m_question;
    bool m_quitting = false;
};

} // namespace rr
