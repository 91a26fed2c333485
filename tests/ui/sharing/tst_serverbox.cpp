// SPDX-License-Identifier: MIT
#include "ui/sharing/serverbox.h"

#include "core/sharing/servertext.h"
#include "tests/support/relaytest.h"
#include "ui/parts/copybutton.h"

#include <QComboBox>
#include <QDir>
#include <QFile>
#include <QPlainTextEdit>
#include <QProcess>
#include <QProcessEnvironment>
#include <QTemporaryDir>
#include <QTest>

using namespace rr;
using namespace Qt::StringLiterals;

class TestServerBox : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    /// By a shell; below a folder instead of /etc, and nothing is reloaded. What sshd and the web servers make of their parts,
    /// the test of serverText() sees.
    void isUnderstoodWhereItIsPasted()
    {
#ifndef Q_OS_LINUX
        QSKIP("It is for a Linux server.");
#endif
        const QMap<QString, QString> fields{{u"destination"_s, u"me@server.example.net"_s},
            {u"remote"_s, u"/run/relay/relay.sock"_s}, {u"address"_s, u"https://relay.example.net"_s}};
        const ServerText wanted = serverText(fields);
        QTemporaryDir folder;
        for (const QString &name : {u"ssh/sshd_config.d"_s, u"tmpfiles.d"_s, u"caddy"_s,
                 u"nginx/sites-available"_s, u"nginx/sites-enabled"_s})
            QVERIFY(QDir(folder.path()).mkpath(name));
        ServerBox box;
        box.show(fields);
        auto *webServer = box.findChild<QComboBox *>();
        for (int i = 0; i < webServer->count(); ++i) {
            webServer->setCurrentIndex(i);
            QString text = box.findChild<QPlainTextEdit *>()->toPlainText();
            text.replace("/etc/"_L1, folder.path() + u'/');
            QProcess shell;
            QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
            environment.insert(u"LC_ALL"_s, u"C"_s); // of one that is not installed it says so
            shell.setProcessEnvironment(environment);
            shell.start(u"bash"_s,
                {u"-euc"_s, "systemctl() { :; }; useradd() { :; }; systemd-tmpfiles() { :; }\n"_L1 + text});
            QVERIFY(shell.waitForFinished());
            QCOMPARE(QString::fromUtf8(shell.readAllStandardError()), QString());
            QCOMPARE(shell.exitCode(), 0);
            QVERIFY(text.contains(wanted.authorizedKeys));
        }
        QCOMPARE(contentOf(folder.filePath(u"ssh/sshd_config.d/realtime-relay.conf"_s)), wanted.sshd);
        QCOMPARE(contentOf(folder.filePath(u"caddy/Caddyfile"_s)), wanted.caddy);
        QString nginx = wanted.nginx;
        nginx.replace("/etc/"_L1, folder.path() + u'/');
        QCOMPARE(contentOf(folder.filePath(u"nginx/sites-enabled/realtime-relay"_s)), nginx);
    }

    void whatIsNotTypedYetIsAnExampleThatCannotBeCopied()
    {
        ServerBox box;
        QVERIFY(box.findChild<QPlainTextEdit *>()->toPlainText().contains("relay.example.org {"_L1));
        const auto *copy = box.findChild<CopyButton *>();
        QVERIFY(!copy->isEnabled());
        QMap<QString, QString> fields{{u"destination"_s, u"me@server.example.net"_s},
            {u"remote"_s, u"/run/relay/relay.sock"_s}, {u"address"_s, u"not an address"_s}};
        box.show(fields);
        QVERIFY(!copy->isEnabled());
        fields[u"address"_s] = u"https://relay.example.net"_s;
        box.show(fields);
        QVERIFY(copy->isEnabled());
    }

private:
    static QString contentOf(const QString &file)
    {
        QFile content(file);
        return content.open(QIODevice::ReadOnly) ? QString::fromUtf8(content.readAll())
                                                 : content.errorString();
    }
};

RELAY_TEST(TestServerBox)
#include "tst_serverbox.moc"
