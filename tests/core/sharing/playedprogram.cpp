// SPDX-License-Identifier: MIT
// Plays the programs of ways for tests of the tunnel, named by PLAY: prints what they print, answers what they answer.
// What is to happen in the middle of a play begins when the test makes a file of that name in PLAY_FOLDER.
#include <QCoreApplication>
#include <QFile>
#include <QHostAddress>
#include <QSocketNotifier>
#include <QTcpServer>
#include <QTcpSocket>
#include <QTimer>

#include <csignal>
#include <cstdio>
#include <cstdlib>

#include <unistd.h>

using namespace Qt::StringLiterals;

namespace {

bool isThere(const char *name)
{
    return QFile::exists(qEnvironmentVariable("PLAY_FOLDER") + u'/' + QLatin1String(name));
}

void say(FILE *stream, const char *line)
{
    std::fprintf(stream, "%s\n", line);
    std::fflush(stream);
}

void sayOnce(const char *file, FILE *stream, const char *line)
{
    auto *const timer = new QTimer(qApp);
    QObject::connect(timer, &QTimer::timeout, qApp, [=] {
        if (isThere(file)) {
            say(stream, line);
            timer->deleteLater();
        }
    });
    timer->start(20);
}

void exitOnceThere(const char *file, int code)
{
    auto *const timer = new QTimer(qApp);
    QObject::connect(timer, &QTimer::timeout, qApp, [=] {
        if (isThere(file))
            qApp->exit(code);
    });
    timer->start(20);
}

/// cloudflared's metrics server, as far as it is asked.
void serveMetrics(const QStringList &args)
{
    auto *const server = new QTcpServer(qApp);
    if (!server->listen(QHostAddress::LocalHost,
            args.value(args.indexOf(u"--metrics"_s) + 1).section(u':', 1).toUShort())) {
        say(stderr, "2026-08-15T21:00:00Z ERR Error opening metrics server listener");
        std::exit(1); // another has taken the port meanwhile: then it is run again with another one
    }
    QObject::connect(server, &QTcpServer::newConnection, qApp, [server] {
        QTcpSocket *const socket = server->nextPendingConnection();
        QObject::connect(socket, &QTcpSocket::readyRead, socket, [socket] {
            const QByteArray path = socket->readAll().split(' ').value(1);
            QByteArray status = "200 OK", body;
            if (path == "/quicktunnel") {
                body = isThere("address") ? R"({"hostname":"tired-fish-run-fast.trycloudflare.com"})"
                                          : R"({"hostname":""})";
            } else if (path == "/ready" && isThere("ready") && !isThere("down")) {
                body = R"({"status":200,"readyConnections":1})";
            } else {
                status = "503 Service Unavailable";
                body = R"({"status":503,"readyConnections":0})";
            }
            socket->write("HTTP/1.1 " + status + "\r\nContent-Type: application/json\r\nContent-Length: "
                + QByteArray::number(body.size()) + "\r\n\r\n" + body);
        });
        QObject::connect(socket, &QTcpSocket::disconnected, socket, &QObject::deleteLater);
    });
}

void endWithStdin()
{
    auto *const notifier = new QSocketNotifier(0, QSocketNotifier::Read, qApp);
    QObject::connect(notifier, &QSocketNotifier::activated, qApp, [] {
        char bytes[64];
        if (::read(0, bytes, sizeof bytes) <= 0)
            qApp->exit(0);
    });
}

void noteStart()
{
    QFile starts(qEnvironmentVariable("PLAY_FOLDER") + u"/starts"_s);
    if (starts.open(QIODevice::Append))
        starts.write(QByteArray::number(QCoreApplication::applicationPid()) + ' '
            + qgetenv("TUNNEL_TRANSPORT_PROTOCOL") + '\n');
}

} // namespace

int main(int argc, char **argv)
{
    QCoreApplication application(argc, argv);
    const QByteArray play = qgetenv("PLAY");
    noteStart();
    if (play == "cloudflared") {
        say(stderr, "2026-08-15T21:00:00Z INF Requesting new quick Tunnel on trycloudflare.com...");
        serveMetrics(application.arguments());
    } else if (play == "rate limit") {
        say(stderr,
            "2026-08-15T21:00:00Z ERR Error unmarshaling QuickTunnel response: error code: 1015 "
            "error=\"invalid character 'e' looking for beginning of value\" status_code=\"429 Too Many Requests\"");
        say(stderr, "failed to unmarshal quick Tunnel: invalid character 'e' looking for beginning of value");
        return 1;
    } else if (play == "no quic") {
        serveMetrics(application.arguments());
        if (qgetenv("TUNNEL_TRANSPORT_PROTOCOL") != "http2")
            say(stderr, "2026-08-15T21:00:00Z ERR Failed to dial a quic connection error=\"timeout\"");
    } else if (play == "localhost.run") {
        say(stdout, "to set up and manage custom domains go to https://admin.localhost.run/");
        say(stdout, "8beaa541ba3dc2.lhr.life tunneled with tls termination, https://8beaa541ba3dc2.lhr.life");
        sayOnce("other", stdout, "77aa.lhr.life tunneled with tls termination, https://77aa.lhr.life");
        endWithStdin();
    } else if (play == "funnel") {
        say(stdout, "Funnel is not enabled on your tailnet.");
        say(stdout, "         https://login.tailscale.com/f/funnel?node=n1234");
        sayOnce("consent", stdout, "https://laptop.tailnet-1234.ts.net/");
    } else if (play == "noise") {
        for (int i = 0; i < 1000; ++i)
            std::printf("\033[44mline\033[0m %d Bearer abcdefghijklmnop\r\n", i);
        say(stdout, QByteArray(1 << 20, 'x').constData());
        say(stdout,
            "HTTP request from 192.0.2.1 to https://relay.example.net/s/AAAAAAAAAAAAAAAAAAAAAA/v1/realtime");
    } else if (play == "ends") {
        say(stdout, "your url is: https://relay.example.net");
        exitOnceThere("end", 3);
    } else if (play == "deaf") { // to everything but SIGKILL
        std::signal(SIGTERM, SIG_IGN);
        std::signal(SIGINT, SIG_IGN);
        say(stdout, "your url is: https://relay.example.net");
    } else if (play == "leaves one behind") {
        say(stdout, "your url is: https://relay.example.net");
        if (::fork() == 0) {
            for (;;)
                ::pause();
        }
        endWithStdin();
    }
    return QCoreApplication::exec();
}
