// SPDX-License-Identifier: MIT
#pragma once

#include "tests/support/reservedport.h"

#include <QByteArray>
#include <QProcess>
#include <QString>
#include <QStringList>
#include <QTemporaryDir>

namespace rr::test {

/// A real PostgreSQL on 127.0.0.1, with databases of its own in a temporary folder and without care for a power cut. Root runs it
/// as the user postgres, for it runs as root for nobody. It ends with the test, whatever becomes of that.
class PostgresServer
{
public:
    static bool isInstalled() { return !program(QStringLiteral("postgres")).isEmpty(); }
    /// Why tests with it are left out.
    static const char *howToInstall() { return "PostgreSQL is not installed: apt-get install postgresql"; }

    PostgresServer(); ///< starts it
    ~PostgresServer() { kill(); }
    Q_DISABLE_COPY_MOVE(PostgresServer)

    void start(); ///< on the port that it had before
    void stop(); ///< its connections end
    void kill(); ///< likewise, as by kill -9 of all its processes
    void freeze(bool isFrozen); ///< all its processes stand still; connections stay

    /// Of a database that is new and empty.
    QString newUrl();
    /// Makes the statements there, or in the server's own for an empty `url`. What it answers, a line each row.
    QByteArray sql(const QString &url, const QString &statements) const;

    quint16 port() const { return m_port.number(); }
    static QString password() { return QStringLiteral("pass:w@rd/50%"); } ///< that of all URLs

private:
    static QString program(const QString &name);
    void run(const QString &name, const QStringList &arguments);
    void asItsUser(QProcess &process) const;
    QList<qint64> processes() const;

    QTemporaryDir m_folder;
    ReservedPort m_port;
    QProcess m_process;
    int m_databases = 0;
};

} // namespace rr::test
