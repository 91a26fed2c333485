// SPDX-License-Identifier: MIT
#include "tests/support/postgresserver.h"

#include <QDir>
#include <QFile>
#include <QUrl>

#include <algorithm>

#ifdef Q_OS_LINUX
#include <pwd.h>
#include <signal.h>
#include <sys/prctl.h>
#include <unistd.h>
#endif

using namespace Qt::StringLiterals;

namespace rr::test {

QString PostgresServer::program(const QString &name)
{
#ifdef Q_OS_LINUX
    // Debian has its servers in no PATH, a folder each version.
    const QDir versions(u"/usr/lib/postgresql"_s);
    QStringList folders = versions.entryList(QDir::Dirs | QDir::NoDotAndDotDot);
    std::sort(folders.begin(), folders.end(),
        [](const QString &one, const QString &other) { return one.toInt() > other.toInt(); });
    for (const QString &folder : folders) {
        const QString path = versions.filePath(folder + u"/bin/"_s + name);
        if (QFile::exists(path))
            return path;
    }
#else
    Q_UNUSED(name)
#endif
    return {};
}

#ifdef Q_OS_LINUX

PostgresServer::PostgresServer()
{
    if (::geteuid() == 0) {
        const passwd *const user = ::getpwnam("postgres");
        if (!user || ::chown(QFile::encodeName(m_folder.path()).constData(), user->pw_uid, user->pw_gid) != 0)
            qFatal("no user postgres");
    }
    QFile passwords(m_folder.filePath(u"password"_s));
    if (!passwords.open(QIODevice::WriteOnly) || passwords.write(password().toUtf8()) < 0)
        qFatal("%s", qPrintable(passwords.errorString()));
    passwords.close();
    passwords.setPermissions(passwords.permissions() | QFile::ReadOther);
    run(u"initdb"_s,
        {u"-D"_s, m_folder.filePath(u"data"_s), u"-U"_s, u"relay"_s, u"--pwfile"_s, passwords.fileName(),
            u"--auth-local=trust"_s, u"--auth-host=scram-sha-256"_s, u"-E"_s, u"UTF8"_s, u"--locale=C"_s,
            u"-N"_s});
    start();
}

void PostgresServer::asItsUser(QProcess &process) const
{
    process.setWorkingDirectory(m_folder.path());
    process.setProcessChannelMode(QProcess::MergedChannels);
    const passwd *const user = ::geteuid() == 0 ? ::getpwnam("postgres") : nullptr;
    process.setChildProcessModifier([uid = user ? user->pw_uid : 0, gid = user ? user->pw_gid : 0] {
        if (uid != 0 && (::setgid(gid) != 0 || ::setuid(uid) != 0))
            ::_exit(127);
        ::prctl(PR_SET_PDEATHSIG, SIGQUIT);
    });
}

void PostgresServer::run(const QString &name, const QStringList &arguments)
{
    QProcess process;
    asItsUser(process);
    process.start(program(name), arguments);
    if (!process.waitForFinished(60'000) || process.exitCode() != 0)
        qFatal("%s: %s", qPrintable(name), process.readAll().constData());
}

void PostgresServer::start()
{
    asItsUser(m_process);
    m_process.setStandardOutputFile(m_folder.filePath(u"log"_s)); // which nobody has to read
    QStringList options{
        u"-D"_s, m_folder.filePath(u"data"_s), u"-p"_s, QString::number(port()), u"-k"_s, m_folder.path()};
    // It outlives a kill of its processes with all it has committed, if not one of the machine.
    // Of a deadlock it tells at once, instead of after a second.
    for (const QString &option : {u"listen_addresses=127.0.0.1"_s, u"deadlock_timeout=20ms"_s, u"fsync=off"_s,
             u"full_page_writes=off"_s, u"shared_buffers=16MB"_s, u"lc_messages=C"_s})
        options << u"-c"_s << option;
    m_process.start(program(u"postgres"_s), options);
    while (!m_process.waitForFinished(50)) {
        QProcess isReady;
        isReady.start(program(u"pg_isready"_s),
            {u"-q"_s, u"-h"_s, m_folder.path(), u"-p"_s, QString::number(port()), u"-d"_s, u"postgres"_s});
        if (isReady.waitForFinished() && isReady.exitStatus() == QProcess::NormalExit
            && isReady.exitCode() == 0)
            return;
    }
    QFile log(m_folder.filePath(u"log"_s));
    if (log.open(QIODevice::ReadOnly))
        qFatal("%s", log.readAll().constData());
}

QList<qint64> PostgresServer::processes() const
{
    QList<qint64> result;
    const qint64 parent = m_process.processId();
    QFile children(u"/proc/%1/task/%1/children"_s.arg(parent));
    if (parent > 0 && children.open(QIODevice::ReadOnly)) {
        for (const QByteArray &pid : children.readAll().split(' ')) {
            if (pid.toLongLong() > 0)
                result.append(pid.toLongLong());
        }
    }
    if (parent > 0)
        result.append(parent);
    return result;
}

void PostgresServer::stop()
{
    if (m_process.state() != QProcess::NotRunning)
        ::kill(pid_t(m_process.processId()), SIGINT);
    m_process.waitForFinished();
}

void PostgresServer::kill()
{
    for (const qint64 pid : processes())
        ::kill(pid_t(pid), SIGKILL);
    m_process.waitForFinished();
}

void PostgresServer::freeze(bool isFrozen)
{
    for (const qint64 pid : processes())
        ::kill(pid_t(pid), isFrozen ? SIGSTOP : SIGCONT);
}

#else // it is not installed there

PostgresServer::PostgresServer() = default;
void PostgresServer::asItsUser(QProcess &) const { }
void PostgresServer::run(const QString &, const QStringList &) { }
void PostgresServer::start() { }
QList<qint64> PostgresServer::processes() const
{
    return {};
}
void PostgresServer::stop() { }
void PostgresServer::kill() { }
void PostgresServer::freeze(bool) { }

#endif

QString PostgresServer::newUrl()
{
    const QString name = u"store%1"_s.arg(++m_databases);
    sql({}, u"CREATE DATABASE "_s + name);
    return u"postgresql://relay:%1@127.0.0.1:%2/%3"_s.arg(
        QString::fromLatin1(QUrl::toPercentEncoding(password())), QString::number(port()), name);
}

QByteArray PostgresServer::sql(const QString &url, const QString &statements) const
{
    const QString name = url.isEmpty() ? u"postgres"_s : url.section(u'/', -1);
    QProcess psql;
    psql.start(program(u"psql"_s),
        {u"-X"_s, u"-q"_s, u"-A"_s, u"-t"_s, u"-v"_s, u"ON_ERROR_STOP=1"_s, u"-h"_s, m_folder.path(), u"-p"_s,
            QString::number(port()), u"-U"_s, u"relay"_s, u"-d"_s, name, u"-c"_s, statements});
    if (!psql.waitForFinished(60'000) || psql.exitCode() != 0)
        qFatal("psql: %s", psql.readAllStandardError().constData());
    return psql.readAllStandardOutput().trimmed();
}

} // namespace rr::test
