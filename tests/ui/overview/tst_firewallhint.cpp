// SPDX-License-Identifier: MIT
#include "ui/overview/firewallhint.h"

#include "tests/support/relaytest.h"

#include <QApplication>
#include <QClipboard>
#include <QLabel>
#include <QTest>
#include <QToolButton>

using namespace rr;
using namespace Qt::StringLiterals;

class TestFirewallHint : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void namesTheCommandAndCopiesIt()
    {
        QWidget page;
        FirewallHint hint(&page);
        page.show();
        QVERIFY(!hint.isVisible());
        hint.show(Firewall::Ufw, 8080);
        QVERIFY(hint.isVisible());
        QCOMPARE(hint.findChild<QLabel *>(u"firewallCommand"_s)->text(), u"sudo ufw allow 8080/tcp"_s);
        QTest::mouseClick(hint.findChild<QToolButton *>(u"copyFirewallCommand"_s), Qt::LeftButton);
        QCOMPARE(QApplication::clipboard()->text(), u"sudo ufw allow 8080/tcp"_s);
        hint.show(Firewall::Windows, 8081);
        QVERIFY(hint.findChild<QLabel *>(u"firewallCommand"_s)->text().contains("-LocalPort 8081"_L1));
        hint.show(Firewall::Unknown, 8081);
        QVERIFY(!hint.isVisible());
    }

    void looksAgainWhenAsked()
    {
        QWidget page;
        FirewallHint hint(&page);
        page.show();
        const Firewall other = firewallHere() == Firewall::Ufw ? Firewall::Firewalld : Firewall::Ufw;
        hint.show(other, 8080);
        hint.show(8080);
        QCOMPARE(hint.findChild<QLabel *>(u"firewallCommand"_s)->text(), firewallCommand(other, 8080));
        QVERIFY(hint.namesOne());
        hint.lookAgain();
        hint.show(8080);
        QCOMPARE(hint.findChild<QLabel *>(u"firewallCommand"_s)->text(), firewallCommand(8080));
        QCOMPARE(hint.namesOne(), firewallHere() != Firewall::Unknown);
    }

    void isGoneWhenNobodyIsToReachThePort()
    {
        QWidget page;
        FirewallHint hint(&page);
        page.show();
        hint.show(Firewall::Ufw, 8080);
        hint.show(0);
        QVERIFY(!hint.isVisible());
    }
};

RELAY_TEST(TestFirewallHint)
#include "tst_firewallhint.moc"
