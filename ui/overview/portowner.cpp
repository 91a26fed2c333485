// SPDX-License-Identifier: MIT
#include "ui/overview/portowner.h"

#include <QDir>
#include <QFile>
#include <QTcpServer>

#include <algorithm>

namespace rr {

using namespace Qt::StringLiterals;

namespace {

/// "socket:[INODE]" of the socket that listens on this port.
QString listeningSocket(quint16 port)
{
    constexpr QByteArrayView listening("0A"); // TCP_LISTEN of include/net/tcp_states.h
    for (const QString &path : {u"/proc/net/tcp"_s, u"/proc/net/tcp6"_s}) {
        QFile file(path);
        if (!file.open(QIODevice::ReadOnly))
            continue;
        const auto lines = file.readAll().split('\n');
        for (const QByteArray &line : lines) {
            const auto fields = line.simplified().split(' ');
            if (fields.size() > 9 && fields[3] == listening
                && fields[1].mid(fields[1].lastIndexOf(':') + 1).toUShort(nullptr, 16) == port)
                return u"socket:[%1]"_s.arg(QString::fromLatin1(fields[9]));
        }
    }
    return {};
}

} // namespace

QString portOwner(quint16 port)
{
    const QString socket = listeningSocket(port);
    if (socket.isEmpty())
        return {};
    const auto processes = QDir(u"/proc"_s).entryList(QDir::Dirs | QDir::NoDotAndDotDot);
    for (const QString &process : processes) {
        if (!process.front().isDigit())
            continue;
        const QString folder = "/proc/"_L1 + process;
        // Links to sockets lead nowhere: QDir lists such with System only.
        const auto descriptors = QDir(folder + "/fd"_L1).entryInfoList(QDir::AllEntries | QDir::System);
        for (const QFileInfo &descriptor : descriptors) {
            if (!descriptor.symLinkTarget().endsWith(u'/' + socket))
                continue;
            QFile name(folder + "/comm"_L1);
            if (!name.open(QIODevice::ReadOnly))
                return {};
            return u"%1 (PID %2)"_s.arg(QString::fromUtf8(name.readAll().trimmed()), process);
        }
    }
    return {};
}

quint16 nextFreePort(const QHostAddress &address, quint16 port)
{
    constexpr int tries = 100;
    for (int candidate = std::max(port + 1, 1024); candidate < std::min(port + tries, 65536); ++candidate) {
        QTcpServer server;
        if (server.listen(address, quint16(candidate)))
            return quint16(candidate);
    }
    return 0;
}

} // namespace rr
