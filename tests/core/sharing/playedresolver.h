// SPDX-License-Identifier: MIT
#pragma once

#include "core/sharing/publicnames.h"

#include <QSet>
#include <QUdpSocket>
#include <QtEndian>

#include <functional>

namespace rr {

/// A resolver on loopback that knows one name, or not yet.
class PlayedResolver
{
public:
    PlayedResolver()
    {
        if (!m_socket.bind(QHostAddress::LocalHost))
            qFatal("bind");
        QObject::connect(&m_socket, &QUdpSocket::readyRead, &m_socket, [this] { answer(); });
    }

    NameSources::Server server() const
    {
        return {QHostAddress(QHostAddress::LocalHost), m_socket.localPort()};
    }

    /// An answer to a question: with these addresses, or with a code of failure.
    static QByteArray answerTo(const QByteArray &question, const QList<QHostAddress> &addresses, int code = 0)
    {
        QByteArray message = question;
        message[2] = char(0x81);
        message[3] = char(0x80 | code);
        int count = 0;
        const int type = quint8(question.at(question.size() - 3));
        for (const QHostAddress &address : addresses) {
            QByteArray data;
            if (type == 1 && address.protocol() == QHostAddress::IPv4Protocol) {
                data.resize(4);
                qToBigEndian(address.toIPv4Address(), data.data());
            } else if (type == 28 && address.protocol() == QHostAddress::IPv6Protocol) {
                const Q_IPV6ADDR bytes = address.toIPv6Address();
                data = QByteArray(reinterpret_cast<const char *>(bytes.c), 16);
            } else {
                continue;
            }
            ++count;
            message += QByteArray("\xC0\x0C\x00", 3) + char(type)
                + QByteArray("\x00\x01\x00\x00\x00\x3C\x00", 7) + char(data.size()) + data;
        }
        message[7] = char(count);
        return message;
    }

    QList<QHostAddress> addresses; ///< of every name
    int unknown = 0; ///< so many questions are still answered with "no such name"
    int silent = 0; ///< so many questions are still not answered
    int code = 0;
    int asked = 0; ///< datagrams: whoever waits for an answer asks again after a second
    QSet<QByteArray> questions; ///< each once

private:
    void answer()
    {
        while (m_socket.hasPendingDatagrams()) {
            QByteArray question(m_socket.pendingDatagramSize(), Qt::Uninitialized);
            QHostAddress from;
            quint16 port = 0;
            m_socket.readDatagram(question.data(), question.size(), &from, &port);
            ++asked;
            questions.insert(question);
            if (silent > 0) {
                --silent;
                continue;
            }
            const bool knows = unknown == 0;
            unknown -= knows ? 0 : 1;
            m_socket.writeDatagram(
                answerTo(question, knows ? addresses : QList<QHostAddress>(), knows ? code : 3), from, port);
        }
    }

    QUdpSocket m_socket;
};

} // namespace rr
