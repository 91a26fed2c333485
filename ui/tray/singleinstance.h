// SPDX-License-Identifier: MIT
#pragma once

#include <QLocalServer>
#include <QLockFile>
#include <QObject>

namespace rr {

/// One program for one settings file: the second start tells the first one, which raises its window, and
/// ends. Main thread.
class SingleInstance : public QObject
{
    Q_OBJECT
public:
    /// `settingsFile`: what makes two starts the same.
    explicit SingleInstance(const QString &settingsFile, QObject *parent = nullptr);

    /// True: this is the first one, and listens. False: there is another one; it was told to raise its
    /// window, unless `quietly`.
    bool claim(bool quietly);

Q_SIGNALS:
    void raiseRequested();

private:
    bool tellFirst(bool quietly) const; ///< false: nobody answers
    void readVisitor();

    QString m_name;
    QLockFile m_lock;
    QLocalServer m_server;
};

} // namespace rr
