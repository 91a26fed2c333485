// SPDX-License-Identifier: MIT
// What is to be pasted on a server is read here by the programs that are to read it there.
#include "core/sharing/servertext.h"

#include "sshserver.h"
#include "tests/support/relaytest.h"

#include <QProcess>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>

using namespace Qt::StringLiterals;
using rr::ServerText;
using rr::serverText;

namespace {

const QMap<QString, QString> bySocket{{u"destination"_s, u"me@server.example.org"_s},
    {u"remote"_s, u"/run/relay/relay.sock"_s}, {u"address"_s, u"https://relay.example.org"_s}};
const QMap<QString, QString> byPort{{u"destination"_s, u"server"_s}, {u"remote"_s, u"127.0.0.1:9000"_s},
    {u"address"_s, u"relay.example.org"_s}};

QString programCalled(const QString &name)
{
    const QString path = QStandardPaths::findExecutable(name);
    return path.isEmpty() ? QStandardPaths::findExecutable(name, {u"/usr/sbin"_s, u"/usr/local/sbin"_s})
                          : path;
}

/// What it says; its exit code is 0, or the test fails.
QString run(const QString &name, const QStringList &args)
{
    QProcess process;
    process.setProcessChannelMode(QProcess::MergedChannels);
    process.start(programCalled(name), args);
    if (!process.waitForFinished() || process.exitCode() != 0)
        return u"%1 fails: "_s.arg(name) + QString::fromUtf8(process.readAll());
    return QString::fromUtf8(process.readAll());
}

} // namespace

class tst_ServerText : public QObject
{
    Q_OBJECT
private:
    QTemporaryDir m_folder;
    QString write(const QString &name, const QString &text)
    {
        QFile file(m_folder.filePath(name));
        if (file.open(QIODevice::WriteOnly))
            file.write(text.toUtf8());
        return file.fileName();
    }
    static bool has(const QString &program) { return !programCalled(program).isEmpty(); }

private Q_SLOTS:
    void fieldsAreFilledIn()
    {
        const ServerText socket = serverText(bySocket);
        QVERIFY(socket.account.startsWith("useradd --create-home --shell /bin/sh me\n"_L1));
        QVERIFY(socket.account.contains("'d /run/relay 0755 me me'"_L1));
        QCOMPARE(
            socket.authorizedKeys, u"restrict,port-forwarding,command=\"echo relay-tunnel-up; exec cat\""_s);
        QVERIFY(socket.nginx.contains("proxy_pass http://unix:/run/relay/relay.sock;"_L1));
        QCOMPARE(socket.caddy, u"relay.example.org {\n    reverse_proxy unix//run/relay/relay.sock\n}\n"_s);
        const ServerText port = serverText(byPort);
        QCOMPARE(port.account, u"useradd --create-home --shell /bin/sh relay\n"_s);
        QVERIFY(port.authorizedKeys.contains("permitlisten=\"127.0.0.1:9000\""_L1));
        QVERIFY(port.nginx.contains("proxy_pass http://127.0.0.1:9000;"_L1));
        for (const ServerText &text : {socket, port, serverText({})})
            QVERIFY(!(text.account + text.authorizedKeys + text.sshd + text.caddy)
                         .contains(QRegularExpression(u"\\{[a-z]+\\}"_s)));
    }
    void nothingElseCanBeWrittenIntoIt()
    {
        const ServerText text = serverText({{u"destination"_s, u"me;id@server"_s},
            {u"remote"_s, u"/a'$(id)'b"_s}, {u"address"_s, u"relay.example.org;\n}"_s}});
        QVERIFY(!text.account.contains(u';') && !text.account.contains(u'('));
        QVERIFY(text.nginx.contains("server_name relay.example.org;\n"_L1));
        QVERIFY(text.nginx.contains("unix:/run/relay/relay.sock;"_L1));
    }

    void sshdTakesIt()
    {
        if (!rr::test::SshServer::isInstalled()) {
            QVERIFY2(!qEnvironmentVariableIsSet("CI"), "sshd is missing; install openssh-server");
            QSKIP("sshd is missing; install the Debian package openssh-server");
        }
        const rr::test::SshServer keys;
        for (const auto &fields : {bySocket, byPort}) {
            const QString file
                = write(u"sshd"_s, u"HostKey "_s + keys.path("host") + u'\n' + serverText(fields).sshd);
            const QString user = fields == bySocket ? u"me"_s : u"relay"_s;
            const QString said = run(u"sshd"_s,
                {u"-T"_s, u"-f"_s, file, u"-C"_s,
                    u"user=%1,host=a,addr=127.0.0.1,laddr=127.0.0.1,lport=22"_s.arg(user)});
            QVERIFY2(said.contains("clientaliveinterval 10\n"_L1), qPrintable(said));
            QCOMPARE(said.contains("streamlocalbindunlink yes\n"_L1), fields == bySocket);
            QCOMPARE(said.contains("permitlisten 127.0.0.1:9000\n"_L1), fields == byPort);
        }
    }
    void nginxTakesIt()
    {
        if (!has(u"nginx"_s) || !has(u"openssl"_s)) {
            QVERIFY2(!qEnvironmentVariableIsSet("CI"), "nginx or openssl is missing");
            QSKIP("nginx or openssl is missing; install the Debian packages of that name");
        }
        const QString key = m_folder.filePath(u"privkey.pem"_s),
                      chain = m_folder.filePath(u"fullchain.pem"_s);
        run(u"openssl"_s,
            {u"req"_s, u"-x509"_s, u"-newkey"_s, u"rsa:2048"_s, u"-nodes"_s, u"-subj"_s,
                u"/CN=relay.example.org"_s, u"-keyout"_s, key, u"-out"_s, chain});
        for (const auto &fields : {bySocket, byPort}) {
            QString text = serverText(fields).nginx;
            text.replace("/etc/letsencrypt/live/relay.example.org"_L1, m_folder.path());
            text.replace("listen 443"_L1, "listen 24443"_L1).replace("[::]:443"_L1, "[::]:24443"_L1);
            const QString file = write(u"nginx.conf"_s,
                u"pid %1/pid;\nerror_log stderr;\nevents {}\nhttp {\naccess_log off;\n%2}\n"_s.arg(
                    m_folder.path(), text));
            const QString said = run(u"nginx"_s, {u"-t"_s, u"-p"_s, m_folder.path(), u"-c"_s, file});
            QVERIFY2(said.contains("test is successful"_L1), qPrintable(said));
        }
    }
    void caddyTakesIt()
    {
        if (!has(u"caddy"_s)) {
            QVERIFY2(!qEnvironmentVariableIsSet("CI"), "caddy is missing");
            QSKIP("caddy is missing; install the Debian package of that name");
        }
        for (const auto &fields : {bySocket, byPort}) {
            const QString file = write(u"Caddyfile"_s, serverText(fields).caddy);
            const QString said
                = run(u"caddy"_s, {u"adapt"_s, u"--config"_s, file, u"--adapter"_s, u"caddyfile"_s});
            const QString dial = fields == bySocket ? u"\"dial\":\"unix//run/relay/relay.sock\""_s
                                                    : u"\"dial\":\"127.0.0.1:9000\""_s;
            QVERIFY2(said.contains(dial), qPrintable(said));
        }
    }
};

RELAY_TEST(tst_ServerText)
#include "tst_servertext.moc"
