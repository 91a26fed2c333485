// SPDX-License-Identifier: MIT
#include "ui/tray/singleinstance.h"

#include <QCryptographicHash>
#include <QDir>
#include <QFileInfo>
#include <QLocalSocket>

#ifdef Q_OS_WIN
#include <windows.h>
#endif

namespace rr {

using namespace Qt::StringLiterals;

namespace {

constexpr int patienceMs = 1000;
constexpr QByteArrayView raiseRequest("raise\n");

QString lockPath(const QString &settingsFile)
{
    QDir().mkpath(QFileInfo(settingsFile).absolutePath());
    return settingsFile + ".lock"_L1;
}

} // namespace

SingleInstance::SingleInstance(const QString &settingsFile, QObject *parent)
    : QObject(parent)
    , m_name("realtime-relay-"_L1
          + QString::fromLatin1(QCryptographicHash::hash(
              QFileInfo(settingsFile).absoluteFilePath().toUtf8(), QCryptographicHash::Sha256)
                                    .toHex()
                                    .left(16)))
    , m_lock(lockPath(settingsFile))
{
    m_lock.setStaleLockTime(0);
    connect(&m_server, &QLocalServer::newConnection, this, &SingleInstance::readVisitor);
}

bool SingleInstance::claim(bool quietly)
{
    // Who answers is the first one even without a lock, which cannot be made on a full disk.
    const bool taken = !m_lock.tryLock(0) && m_lock.error() == QLockFile::LockFailedError;
    if (tellFirst(quietly) || taken)
        return false;
    // Ours to remove: nobody listens on it.
    QLocalServer::removeServer(m_name);
    m_server.setSocketOptions(QLocalServer::UserAccessOption);
    m_server.listen(m_name);
    return true;
}

bool SingleInstance::tellFirst(bool quietly) const
{
    QLocalSocket socket;
    socket.connectToServer(m_name);
    if (!socket.waitForConnected(patienceMs))
        return false;
    if (quietly)
        return true;
#ifdef Q_OS_WIN
    AllowSetForegroundWindow(ASFW_ANY); // only who was started just now may pass the foreground on
#endif
    socket.write(raiseRequest.toByteArray());
    socket.waitForBytesWritten(patienceMs);
    return true;
}

void SingleInstance::readVisitor()
{
    while (QLocalSocket *visitor = m_server.nextPendingConnection()) {
        connect(visitor, &QLocalSocket::disconnected, visitor, &QObject::deleteLater);
        connect(visitor, &QLocalSocket::readyRead, this, [this, visitor] {
            if (visitor->readAll().contains(raiseRequest.toByteArray()))
                Q_EMIT raiseRequested();
            visitor->disconnectFromServer();
        });
    }
}

} // namespace rr
