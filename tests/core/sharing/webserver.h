// SPDX-License-Identifier: MIT
#pragma once

#include "tests/support/reservedport.h"

#include <QFile>
#include <QHostAddress>
#include <QProcess>
#include <QStandardPaths>
#include <QTcpSocket>
#include <QTemporaryDir>
#include <QTest>

#include <functional>

#include <csignal>

#include <sys/prctl.h>

namespace rr {

/// An nginx or a Caddy on loopback, with a configuration of the test's. Linux only.
class WebServer
{
    ReservedPort m_port; // for neither can be told to choose one

public:
    enum Kind { Nginx, Caddy };
    using Configuration = std::function<QByteArray(quint16 port)>;

    /// For nginx what stands in http{}, for Caddy sites.
    WebServer(Kind kind, const Configuration &configuration)
        : m_kind(kind)
    {
        write(configuration(port));
        if (!start())
            qFatal("%s", m_process.readAllStandardError().constData());
    }
    ~WebServer()
    {
        m_process.kill();
        m_process.waitForFinished();
    }

    /// Whether the program is there; where CI runs it has to be.
    static bool isInstalled(Kind kind)
    {
        return QFile::exists(program(kind)) || qEnvironmentVariableIsSet("CI");
    }

    const quint16 port = m_port.number();

private:
    void write(const QByteArray &configuration)
    {
        QFile file(m_folder.filePath(QStringLiteral("conf")));
        if (!file.open(QIODevice::WriteOnly))
            qFatal("conf");
        if (m_kind == Caddy) {
            file.write("{\nadmin off\nauto_https off\n}\n" + configuration);
            return;
        }
        const QByteArray folder = m_folder.path().toUtf8();
        // One process, so that none is left when it is killed.
        file.write("daemon off; master_process off; pid " + folder
            + "/pid; error_log stderr;\n"
              "events { worker_connections 64; }\nhttp { access_log off;\n");
        for (const char *temp : {"client_body", "proxy", "fastcgi", "uwsgi", "scgi"})
            file.write(QByteArray(temp) + "_temp_path " + folder + '/' + temp + ";\n");
        file.write(
            "map $http_upgrade $connection_upgrade { default upgrade; '' close; }\n" + configuration + "}\n");
    }

    /// Whether it is up then.
    bool start()
    {
        const QString file = m_folder.filePath(QStringLiteral("conf"));
        auto environment = QProcessEnvironment::systemEnvironment();
        environment.insert(QStringLiteral("HOME"), m_folder.path());
        environment.insert(QStringLiteral("XDG_DATA_HOME"), m_folder.path());
        environment.insert(QStringLiteral("XDG_CONFIG_HOME"), m_folder.path());
        m_process.setProcessEnvironment(environment);
        // Not even a test that crashes leaves one behind.
        m_process.setChildProcessModifier([] { ::prctl(PR_SET_PDEATHSIG, SIGKILL); });
        if (m_kind == Nginx)
            m_process.start(program(Nginx),
                {QStringLiteral("-p"), m_folder.path(), QStringLiteral("-e"), QStringLiteral("stderr"),
                    QStringLiteral("-c"), file});
        else
            m_process.start(program(Caddy),
                {QStringLiteral("run"), QStringLiteral("--adapter"), QStringLiteral("caddyfile"),
                    QStringLiteral("--config"), file});
        const auto isUpOrOver = [this] {
            QTcpSocket socket;
            socket.connectToHost(QHostAddress(QHostAddress::LocalHost), port);
            return socket.waitForConnected(1000) || m_process.state() == QProcess::NotRunning;
        };
        return m_process.waitForStarted() && QTest::qWaitFor(isUpOrOver, 30'000)
            && m_process.state() == QProcess::Running;
    }

    /// Debian has servers where only root's PATH leads.
    static QString program(Kind kind)
    {
        const QString name = kind == Nginx ? QStringLiteral("nginx") : QStringLiteral("caddy");
        const QString found = QStandardPaths::findExecutable(name);
        return found.isEmpty() ? QStringLiteral("/usr/sbin/") + name : found;
    }

    const Kind m_kind;
    QTemporaryDir m_folder;
    QProcess m_process;
};

} // namespace rr
