// SPDX-License-Identifier: MIT
#include "core/sharing/portowner.h"

#include <QDir>
#include <QFile>
#include <QTcpServer>

#include <algorithm>
#include <cstring>

namespace rr {

using namespace Qt::StringLiterals;

namespace {

/// "0100007F": each 32 bits as a number of this machine, whose bytes are in the order of the network.
QHostAddress parsedAddress(const QByteArray &text)
{
    Q_IPV6ADDR bytes{};
    for (int word = 0; word < text.size() / 8 && word < 4; ++word) {
        const quint32 value = text.mid(word * 8, 8).toUInt(nullptr, 16);
        std::memcpy(&bytes[word * 4], &value, sizeof(value));
    }
    if (text.size() > 8)
        return QHostAddress(bytes);
    return QHostAddress(
        quint32(bytes[0]) << 24 | quint32(bytes[1]) << 16 | quint32(bytes[2]) << 8 | bytes[3]);
}

/// Only one of the two can listen on a port.
bool exclude(const QHostAddress &one, const QHostAddress &other)
{
    // "::" listens for IPv4 too.
    const auto covers = [](const QHostAddress &all, const QHostAddress &each) {
        return all == QHostAddress::AnyIPv6
            || (all == QHostAddress::AnyIPv4 && each.protocol() == QAbstractSocket::IPv4Protocol);
    };
    return one.isEqual(other, QHostAddress::ConvertV4MappedToIPv4) || covers(one, other)
        || covers(other, one);
}

/// "socket:[INODE]" of the socket that listens on this port.
QString listeningSocket(const QHostAddress &address, quint16 port)
{
    constexpr QByteArrayView listening("0A"); // TCP_LISTEN of include/net/tcp_states.h
    for (const QString &path : {u"/proc/net/tcp"_s, u"/proc/net/tcp6"_s}) {
        QFile file(path);
        if (!file.open(QIODevice::ReadOnly))
            continue;
        const auto lines = file.readAll().split('\n');
        for (const QByteArray &line : lines) {
            const auto fields = line.simplified().split(' ');
            if (fields.size() <= 9 || fields[3] != listening)
                continue;
            const auto local = fields[1].split(':');
            if (local.size() == 2 && local[1].toUShort(nullptr, 16) == port
                && exclude(parsedAddress(local[0]), address))
                return u"socket:[%1]"_s.arg(QString::fromLatin1(fields[9]));
        }
    }
    return {};
}

} // namespace

QString portOwner(const QHostAddress &address, quint16 port)
{
    const QString socket = listeningSocket(address, port);
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
