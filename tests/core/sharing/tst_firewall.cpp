// SPDX-License-Identifier: MIT
#include "core/sharing/firewall.h"

#include "tests/support/relaytest.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QTemporaryDir>
#include <QTest>

#include <memory>

using namespace rr;
using namespace Qt::StringLiterals;

Q_DECLARE_METATYPE(rr::Firewall)

class TestFirewall : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init() { m_root = std::make_unique<QTemporaryDir>(); }
    void cleanup() { m_root.reset(); }

    void nothingThere() { QCOMPARE(firewallUnder(m_root->path()), Firewall::Unknown); }

    void ufw()
    {
        write(u"etc/ufw/ufw.conf"_s, "# comment\nENABLED=no\nLOGLEVEL=low\n");
        QCOMPARE(firewallUnder(m_root->path()), Firewall::Unknown);
        write(u"etc/ufw/ufw.conf"_s, "# ENABLED=no\nENABLED=yes\nLOGLEVEL=low\n");
        QCOMPARE(firewallUnder(m_root->path()), Firewall::Ufw);
    }

    void firewalld()
    {
        QVERIFY(QDir(m_root->path()).mkpath(u"sys/fs/cgroup/system.slice/firewalld.service"_s));
        QCOMPARE(firewallUnder(m_root->path()), Firewall::Firewalld);
    }

    void nftables()
    {
        write(u"etc/nftables.conf"_s, "table inet filter { chain input { policy drop; } }\n");
        QCOMPARE(firewallUnder(m_root->path()), Firewall::Unknown); // nobody loads it
        const QString wants = m_root->path() + "/etc/systemd/system/sysinit.target.wants"_L1;
        QVERIFY(QDir().mkpath(wants));
        QVERIFY(QFile::link(u"/lib/systemd/system/nftables.service"_s, wants + "/nftables.service"_L1));
        QCOMPARE(firewallUnder(m_root->path()), Firewall::Nftables);
        write(u"etc/nftables.conf"_s, "# drop\ntable inet filter { chain input { policy accept; } }\n");
        QCOMPARE(firewallUnder(m_root->path()), Firewall::Unknown); // turns nobody away
    }

    void command_data()
    {
        QTest::addColumn<Firewall>("firewall");
        QTest::addColumn<QString>("command");
        QTest::newRow("ufw") << Firewall::Ufw << u"sudo ufw allow 8080/tcp"_s;
        QTest::newRow("firewalld")
            << Firewall::Firewalld
            << u"sudo firewall-cmd --add-port=8080/tcp && sudo firewall-cmd --permanent --add-port=8080/tcp"_s;
        QTest::newRow("Windows") << Firewall::Windows
                                 << u"New-NetFirewallRule -DisplayName \"Realtime Relay\" -Direction Inbound "
                                    "-Action Allow -Protocol TCP -LocalPort 8080"_s;
        QTest::newRow("none") << Firewall::Unknown << QString();
    }
    void command()
    {
        QFETCH(Firewall, firewall);
        QFETCH(QString, command);
        QCOMPARE(firewallCommand(firewall, 8080), command);
        QCOMPARE(firewallAdvice(firewall).isEmpty(), command.isEmpty());
        // What it does to this port is not looked at.
        QVERIFY(command.isEmpty() || plain(firewallAdvice(firewall)).contains("may turn others away"_L1));
    }

    void commandOfNftables()
    {
        const QString command = nftablesCommand(8080,
            u"table ip nat { chain prerouting { type nat hook prerouting; } }\n"
            "# table ip old { chain in { type filter hook input; } }\n"
            "table inet guard {\n chain forward { type filter hook forward priority 0; }\n"
            " chain incoming {\n  type filter hook input priority 0; policy drop;\n }\n}\n"_s);
        QCOMPARE(command, u"sudo nft insert rule inet guard incoming tcp dport 8080 accept"_s);
        QCOMPARE(
            nftablesCommand(8080, {}), u"sudo nft insert rule inet filter input tcp dport 8080 accept"_s);
    }

private:
    void write(const QString &name, const QByteArray &content)
    {
        const QString path = m_root->path() + u'/' + name;
        QVERIFY(QDir().mkpath(QFileInfo(path).path()));
        QFile file(path);
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(content);
    }

    std::unique_ptr<QTemporaryDir> m_root;
};

RELAY_TEST(TestFirewall)
#include "tst_firewall.moc"
