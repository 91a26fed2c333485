// SPDX-License-Identifier: MIT
#include "ui/settings/unappliedquestion.h"

#include "tests/support/relaytest.h"
#include "ui/control/relaycontrol.h"
#include "ui/settings/settingeditor.h"
#include "ui/settings/settingfield.h"
#include "ui/settings/settingspage.h"

#include <QLineEdit>
#include <QMessageBox>
#include <QPointer>
#include <QPushButton>
#include <QTemporaryDir>
#include <QTest>

using namespace rr;
using namespace Qt::StringLiterals;

class TestUnappliedQuestion : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        SettingsInput input;
        input.file = m_folder->filePath(u"settings.json"_s);
        m_host = std::make_unique<Host>(m_journal, input);
        m_control = std::make_unique<RelayControl>(*m_host);
        m_page = std::make_unique<SettingsPage>(*m_control);
        m_page->show();
        m_wentOn = 0;
    }
    void cleanup()
    {
        m_page.reset();
        m_control.reset();
    }

    void nothingIsAskedWithoutChanges()
    {
        ask();
        QCOMPARE(m_wentOn, 1);
        QVERIFY(!question());
    }

    void asks_data()
    {
        QTest::addColumn<QMessageBox::ButtonRole>("role");
        QTest::addColumn<QString>("typed");
        QTest::addColumn<bool>("goesOn");
        QTest::addColumn<bool>("changed");
        QTest::addColumn<int>("applied");
        QTest::newRow("apply") << QMessageBox::AcceptRole << u"7"_s << true << false << 7;
        QTest::newRow("apply what is wrong") << QMessageBox::AcceptRole << u"x"_s << false << true << 0;
        QTest::newRow("forget") << QMessageBox::DestructiveRole << u"7"_s << true << false << 0;
        QTest::newRow("cancel") << QMessageBox::RejectRole << u"7"_s << false << true << 0;
    }
    void asks()
    {
        QFETCH(QMessageBox::ButtonRole, role);
        QFETCH(QString, typed);
        QFETCH(bool, goesOn);
        const auto fields = m_page->findChildren<SettingField *>();
        for (SettingField *field : fields) {
            if (field->spec().key == "connectionRatePerIp"_L1)
                field->editor()->findChild<QLineEdit *>()->setText(typed);
        }
        ask();
        QPointer<QMessageBox> asked = question();
        QVERIFY(asked);
        QCOMPARE(m_wentOn, 0);
        ask(); // once more, while it is asked
        QCOMPARE(m_page->findChildren<QMessageBox *>().size(), 1);
        const auto buttons = asked->buttons();
        for (QAbstractButton *button : buttons) {
            if (asked && asked->isVisible() && asked->buttonRole(button) == role)
                QTest::mouseClick(button, Qt::LeftButton);
        }
        QTRY_VERIFY(!asked);
        QCOMPARE(m_wentOn, goesOn ? 1 : 0);
        QTEST(m_page->hasChanges(), "changed");
        QTEST(m_control->settings().connectionRatePerIp, "applied");
    }

private:
    void ask()
    {
        settleChanges(*m_page, [this] { ++m_wentOn; });
    }
    QMessageBox *question() const { return m_page->findChild<QMessageBox *>(); }

    std::unique_ptr<QTemporaryDir> m_folder;
    Journal m_journal;
    std::unique_ptr<Host> m_host;
    std::unique_ptr<RelayControl> m_control;
    std::unique_ptr<SettingsPage> m_page;
    int m_wentOn = 0;
};

RELAY_TEST(TestUnappliedQuestion)
#include "tst_unappliedquestion.moc"
