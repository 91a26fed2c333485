// SPDX-License-Identifier: MIT
#include "app/daemon/healthcheck.h"

#include <QDeadlineTimer>
#include <QHostAddress>
#include <QSslSocket>

namespace rr {

std::optional<QString> checkHealth(const Settings &settings, std::chrono::milliseconds patience)
{
    const QHostAddress listens(settings.host);
    const bool everywhere = listens == QHostAddress::Any || listens == QHostAddress::AnyIPv4;
    const QString host = everywhere        ? QStringLiteral("127.0.0.1")
        : listens == QHostAddress::AnyIPv6 ? QStringLiteral("::1")
                                           : settings.host;
    const bool tls = !settings.tlsCertFile.isEmpty();
    const QString where = QStringLiteral("%1 port %2").arg(host).arg(settings.port);

    const QDeadlineTimer deadline(patience);
    QSslSocket socket;
    if (tls) {
        // The certificate is for the name that clients know, not for this address. Nothing secret is sent.
        socket.setPeerVerifyMode(QSslSocket::VerifyNone);
        socket.connectToHostEncrypted(host, settings.port);
    } else {
        socket.connectToHost(host, settings.port);
    }
    if (tls ? !socket.waitForEncrypted(int(deadline.remainingTime()))
            : !socket.waitForConnected(int(deadline.remainingTime())))
        return QStringLiteral("No relay answers at %1: %2.").arg(where, socket.errorString());

    socket.write("GET /health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    while (!socket.canReadLine()) {
        if (!socket.waitForReadyRead(int(deadline.remainingTime())))
            return QStringLiteral("What listens at %1 gave no answer to /health: %2.")
                .arg(where, socket.errorString());
    }
    const QByteArray statusLine = socket.readLine().trimmed();
    if (!statusLine.startsWith("HTTP/1.1 200 "))
        return QStringLiteral("The relay at %1 is not healthy: %2.")
            .arg(where, QString::fromLatin1(statusLine));
    return {};
}

} // namespace rr
