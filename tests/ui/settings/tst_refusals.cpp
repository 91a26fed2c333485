// SPDX-License-Identifier: MIT
// What is refused of the file or the environment is told on the page, and mended there where it can be.
#include "ui/settings/refusals.h"

#include "core/config/settingsfile.h"
#include "tests/support/relaytest.h"
#include "ui/control/relaycontrol.h"
#include "ui/settings/settingeditor.h"
#include "ui/settings/settingfield.h"
#include "ui/settings/settingspage.h"

#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QPushButton>
#include <QTemporaryDir>
#include <QTest>

using namespace rr;
using namespace Qt::StringLiterals;

class TestRefusals : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        m_input = {};
        m_input.defaults.host = u"127.0.0.1"_s;
        m_input.defaults.port = 0;
        m_input.file = m_folder->filePath(u"settings.json"_s);
        m_journal = std::make_unique<Journal>();
    }
    void cleanup()
    {
        m_page.reset();
        m_control.reset();
        m_host.reset();
    }

    void sorts_data()
    {
        QTest::addColumn<QByteArray>("content");
        QTest::addColumn<QString>("environment"); // of MAX_CONNECTIONS
        QTest::addColumn<int>("ofFields");
        QTest::addColumn<int>("ofFile");
        QTest::addColumn<bool>("applyMends");
        QTest::newRow("nothing") << QByteArray("{}") << u"7"_s << 0 << 0 << false;
        QTest::newRow("no JSON") << QByteArray("x") << QString() << 0 << 1 << false;
        QTest::newRow("no setting") << QByteArray(R"({"none": 1})") << QString() << 0 << 1 << false;
        QTest::newRow("another spelling") << QByteArray(R"({"Port": 1})") << QString() << 0 << 1 << false;
        QTest::newRow("value") << QByteArray(R"({"port": 99999})") << QString() << 1 << 0 << true;
        QTest::newRow("values") << QByteArray(R"({"port": "x", "host": 1})") << QString() << 2 << 0 << true;
        QTest::newRow("conflict") << QByteArray(R"({"bufferBudgetBytes": 131072})") << QString() << 0 << 0
                                  << false;
        QTest::newRow("environment") << QByteArray("{}") << u"x"_s << 1 << 0 << false;
        QTest::newRow("both") << QByteArray(R"({"maxConnections": 0})") << u"x"_s << 1 << 0 << true;
    }
    void sorts()
    {
        QFETCH(QByteArray, content);
        QFETCH(QString, environment);
        write(content);
        m_input.environment.insert(u"MAX_CONNECTIONS"_s, environment);
        const Refusals refusals = sortRefusals(loadSettings(m_input).problems);
        QTEST(int(refusals.ofFields.size()), "ofFields");
        QTEST(int(refusals.ofFile.size()), "ofFile");
        QTEST(refusals.applyMends, "applyMends");
        for (const QString &text : refusals.ofFields) {
            QVERIFY2(text.contains(u" is refused: "_s), qPrintable(text));
            QVERIFY2(!text.contains(m_input.file), qPrintable(text));
        }
    }

    void applyMendsAValueOfTheFile()
    {
        write(R"({"port": 99999, "connectionRatePerIp": 3})");
        make();
        const SettingField &port = *field("port");
        QVERIFY2(port.shownProblem().contains(u"99999"_s), qPrintable(port.shownProblem()));
        QVERIFY(!m_page->findChild<QListWidget *>()->item(2)->icon().isNull());
        QVERIFY(!m_page->hasChanges());
        QVERIFY(button(u"Apply"_s)->isEnabled());

        // Another value is not told what was wrong with the one of the file.
        port.editor()->findChild<QLineEdit *>()->setText(u"8081"_s);
        QVERIFY(port.shownProblem().isEmpty());
        button(u"Revert"_s)->click();
        QVERIFY(!port.shownProblem().isEmpty());

        button(u"Apply"_s)->click();
        QVERIFY(port.shownProblem().isEmpty());
        QVERIFY(m_page->findChild<QListWidget *>()->item(2)->icon().isNull());
        QVERIFY(says(u"Applied"_s));
        QVERIFY(!button(u"Apply"_s)->isEnabled());
        QCOMPARE(readSettingsFile(m_input.file).content.keys(), QStringList{u"connectionRatePerIp"_s});
        m_control->start();
        QCOMPARE(m_control->state(), RelayState::Running);
    }

    void aFileIsSetAside_data()
    {
        QTest::addColumn<QByteArray>("content");
        QTest::newRow("no JSON") << QByteArray("not JSON");
        QTest::newRow("empty") << QByteArray();
        QTest::newRow("no setting") << QByteArray(R"({"none": 1})");
    }
    void aFileIsSetAside()
    {
        QFETCH(QByteArray, content);
        write(content);
        make();
        QPushButton *setAside = button(u"Set the file aside"_s);
        QVERIFY(setAside->isVisible());
        QVERIFY(!button(u"Apply"_s)->isEnabled());
        m_control->start();
        QCOMPARE(m_control->state(), RelayState::Stopped);
        field("connectionRatePerIp")->editor()->findChild<QLineEdit *>()->setText(u"7"_s);
        setAside->click();
        QVERIFY(!setAside->isVisible());
        QVERIFY(says(u"set aside"_s));
        QVERIFY(field("connectionRatePerIp")->isChanged());
        button(u"Apply"_s)->click();
        QVERIFY(says(u"Applied"_s));
        m_control->start();
        QCOMPARE(m_control->state(), RelayState::Running);
        QCOMPARE(m_control->settings().connectionRatePerIp, 7);
    }

    void whatTheEnvironmentSaysWrongIsNotPassedOver()
    {
        m_input.environment.insert(u"RELAY_DEBUG"_s, u"express:*"_s);
        make();
        const SettingField &debug = *field("debug");
        QVERIFY(debug.isFixed());
        QVERIFY2(debug.shownProblem().contains(u"express:*"_s), qPrintable(debug.shownProblem()));
        QVERIFY2(debug.shownProblem().contains(u"variable RELAY_DEBUG"_s), qPrintable(debug.shownProblem()));
        QVERIFY(!button(u"Apply"_s)->isEnabled());
        field("connectionRatePerIp")->editor()->findChild<QLineEdit *>()->setText(u"7"_s);
        QVERIFY(button(u"Apply"_s)->isEnabled());
        button(u"Apply"_s)->click();
        QVERIFY(says(u"The relay does not start"_s));
        QVERIFY(!says(u"in force"_s));
        QCOMPARE(readSettingsFile(m_input.file).content.keys(), QStringList{u"connectionRatePerIp"_s});
    }

private:
    void write(const QByteArray &content) const
    {
        QFile file(m_input.file);
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(content);
    }

    void make()
    {
        m_host = std::make_unique<Host>(*m_journal, m_input);
        m_control = std::make_unique<RelayControl>(*m_host);
        m_page = std::make_unique<SettingsPage>(*m_control);
        m_page->resize(800, 600);
        m_page->show();
        QVERIFY(QTest::qWaitForWindowExposed(m_page.get()));
    }

    SettingField *field(const char *key) const
    {
        const auto fields = m_page->findChildren<SettingField *>();
        for (SettingField *field : fields) {
            if (field->spec().key == QLatin1String(key))
                return field;
        }
        return nullptr;
    }

    QPushButton *button(const QString &text) const
    {
        const auto buttons = m_page->findChildren<QPushButton *>();
        for (QPushButton *button : buttons) {
            if (button->text().remove(u'&') == text)
                return button;
        }
        return nullptr;
    }

    bool says(const QString &text) const ///< somewhere in sight
    {
        const auto labels = m_page->findChildren<QLabel *>();
        return std::any_of(labels.cbegin(), labels.cend(),
            [&text](const QLabel *label) { return label->isVisible() && label->text().contains(text); });
    }

    std::unique_ptr<QTemporaryDir> m_folder;
    SettingsInput m_input;
    std::unique_ptr<Journal> m_journal;
    std::unique_ptr<Host> m_host;
    std::unique_ptr<RelayControl> m_control;
    std::unique_ptr<SettingsPage> m_page;
};

RELAY_TEST(TestRefusals)
#include "tst_refusals.moc"
