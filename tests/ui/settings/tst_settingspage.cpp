// SPDX-License-Identifier: MIT
#include "ui/settings/settingspage.h"

#include "core/config/settingsfile.h"
#include "core/simulator/simulatorserver.h"
#include "tests/core/wire/testcertificate.h"
#include "tests/support/relaytest.h"
#include "ui/control/relaycontrol.h"
#include "ui/settings/applicationform.h"
#include "ui/settings/origintester.h"
#include "ui/settings/settingeditor.h"
#include "ui/settings/settingfield.h"

#include <QAccessible>
#include <QCheckBox>
#include <QJsonArray>
#include <QKeySequence>
#include <QLabel>
#include <QLineEdit>
#include <QListView>
#include <QListWidget>
#include <QPushButton>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <QToolButton>
#include <QWebSocket>

#include <memory>

using namespace Qt::StringLiterals;

/// The page over a real relay, with the simulator as its upstream.
class TestSettingsPage : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void init();
    void cleanup();
    void letsAnOriginIn();
    void addsWhatTheTesterRefuses();
    void showsWhatIsInForce();
    void checksWhatIsTyped();
    void showsConflicts();
    void showsARefusalAtItsField();
    void fixedValuesCannotBeEdited();
    void resetsAndReverts();
    void keepsEditsWhenSettingsChange();
    void appliesTheApplication();
    void importsAndExports();
    void noSecretIsExported();
    void theHeldKeyHasNoField();
    void exportReplacesAFile();
    void importsNothingWrong();
    void showsTheCertificate();
    void refusesACertificateBeforeTheRelayRuns();
    void bringsASettingInSight();
    void remembers();
    void everyControlHasAName();
    void noKeyBelongsToTwo();

private:
    bool isLetIn(const QString &origin);
    rr::SettingField *field(const char *key) const;
    QLineEdit *line(const char *key) const { return field(key)->editor()->findChild<QLineEdit *>(); }
    QPushButton *button(const QString &text) const;
    bool says(const QString &text) const; ///< somewhere on the page

    QTemporaryDir m_folder;
    std::unique_ptr<rr::SimulatorServer> m_simulator;
    std::unique_ptr<rr::Journal> m_journal;
    std::unique_ptr<rr::Host> m_host;
    std::unique_ptr<rr::RelayControl> m_control;
    std::unique_ptr<rr::SettingsPage> m_page;
};

void TestSettingsPage::initTestCase()
{
    qputenv("XDG_CONFIG_HOME", m_folder.path().toUtf8());
    m_simulator = std::make_unique<rr::SimulatorServer>(rr::SimulatorSettings());
    QVERIFY(!m_simulator->start());
}

void TestSettingsPage::init()
{
    rr::SettingsInput input;
    input.defaults.host = u"127.0.0.1"_s;
    input.defaults.port = 0;
    input.defaults.upstreamUrl = m_simulator->url();
    input.defaults.workers = 1;
    input.file = m_folder.filePath(u"settings.json"_s);
    QFile::remove(input.file);
    input.environment.insert(u"MAX_CONNECTIONS"_s, u"50"_s);
    input.arguments = QStringList{u"--log-level=warning"_s};
    m_journal = std::make_unique<rr::Journal>();
    m_host = std::make_unique<rr::Host>(*m_journal, input);
    m_control = std::make_unique<rr::RelayControl>(*m_host);
    m_page = std::make_unique<rr::SettingsPage>(*m_control);
    m_page->resize(800, 600);
    m_page->show();
    QVERIFY(QTest::qWaitForWindowExposed(m_page.get()));
}

void TestSettingsPage::cleanup()
{
    m_page.reset();
    m_control.reset();
    m_host.reset();
    m_journal.reset();
}

bool TestSettingsPage::isLetIn(const QString &origin)
{
    QWebSocket client(origin);
    QNetworkRequest request(
        QUrl(u"ws://127.0.0.1:%1/realtime?model=gpt-realtime"_s.arg(m_host->relay().port())));
    request.setRawHeader("Authorization", "Bearer sk-test-0123456789");
    client.open(request);
    const auto connected = [&] { return client.state() == QAbstractSocket::ConnectedState; };
    const bool in
        = QTest::qWaitFor(
              [&] { return connected() || client.state() == QAbstractSocket::UnconnectedState; }, 30'000)
        && connected();
    client.abort();
    return in;
}

rr::SettingField *TestSettingsPage::field(const char *key) const
{
    const auto fields = m_page->findChildren<rr::SettingField *>();
    for (rr::SettingField *field : fields) {
        if (field->spec().key == QLatin1String(key))
            return field;
    }
    return nullptr;
}

QPushButton *TestSettingsPage::button(const QString &text) const
{
    const auto buttons = m_page->findChildren<QPushButton *>();
    for (QPushButton *button : buttons) {
        if (button->text().remove(u'&') == text)
            return button;
    }
    return nullptr;
}

bool TestSettingsPage::says(const QString &text) const
{
    const auto labels = m_page->findChildren<QLabel *>();
    for (const QLabel *label : labels) {
        if (!label->isHidden() && label->text().contains(text))
            return true;
    }
    return false;
}

void TestSettingsPage::letsAnOriginIn()
{
    m_control->start();
    QCOMPARE(m_control->state(), rr::RelayState::Running);
    QVERIFY(isLetIn(u"http://localhost:5173"_s));
    QVERIFY(!isLetIn(u"https://app.example.org"_s));

    QTest::mouseClick(field("allowedOrigins")->findChild<QPushButton *>(), Qt::LeftButton); // Add
    auto *view = field("allowedOrigins")->findChild<QListView *>();
    auto *typed = view->findChild<QLineEdit *>();
    QVERIFY(typed);
    QTest::keyClicks(typed, u"https://app.example.org"_s);
    QTest::keyClick(typed, Qt::Key_Return);
    QTRY_VERIFY(button(u"Apply"_s)->isEnabled());
    QVERIFY(!isLetIn(u"https://app.example.org"_s)); // not before it is applied
    QTest::mouseClick(button(u"Apply"_s), Qt::LeftButton);
    QVERIFY(says(u"Applied"_s));
    QVERIFY(isLetIn(u"https://app.example.org"_s));
    QVERIFY(!button(u"Apply"_s)->isEnabled());
    QVERIFY(rr::readSettingsFile(m_control->settingsFile())
                .content["allowedOrigins"_L1]
                .toArray()
                .contains(u"https://app.example.org"_s));
}

void TestSettingsPage::addsWhatTheTesterRefuses()
{
    m_control->start();
    auto *tester = m_page->findChild<rr::OriginTester *>();
    QTest::keyClicks(tester->findChild<QLineEdit *>(), u"https://app.example.org/login"_s);
    auto *add = tester->findChild<QPushButton *>();
    QVERIFY(add->isVisible());
    QTest::mouseClick(add, Qt::LeftButton);
    QVERIFY(!add->isVisible()); // it would be let in now
    QVERIFY(m_page->hasChanges());
    QVERIFY(!isLetIn(u"https://app.example.org"_s));
    m_page->apply();
    QVERIFY(isLetIn(u"https://app.example.org"_s));
}

void TestSettingsPage::showsWhatIsInForce()
{
    for (const rr::SettingSpec &spec : rr::settingsTable()) {
        const QByteArray key(spec.key.data(), spec.key.size());
        if (key == "openaiApiKey")
            continue; // see theHeldKeyHasNoField()
        QVERIFY2(field(key), key);
        QVERIFY2(!field(key)->isChanged(), key);
        QVERIFY2(!field(key)->problem(), key);
    }
    QVERIFY(!m_page->hasChanges());
    QVERIFY(!button(u"Apply"_s)->isEnabled());
}

void TestSettingsPage::checksWhatIsTyped()
{
    line("port")->selectAll();
    QTest::keyClicks(line("port"), u"99999"_s);
    QVERIFY(field("port")->problem());
    QVERIFY(says(u"This is too large."_s));
    QVERIFY(line("port")->accessibleDescription().contains(u"too large"_s));
    QVERIFY(!button(u"Apply"_s)->isEnabled());
    QVERIFY(!m_page->findChild<QListWidget *>()->item(2)->icon().isNull());
    line("port")->setText(u"0"_s);
    QVERIFY(!says(u"This is too large."_s));
    QVERIFY(m_page->findChild<QListWidget *>()->item(2)->icon().isNull());
    QVERIFY(!m_page->hasChanges());
}

void TestSettingsPage::showsConflicts()
{
    line("bufferBudgetBytes")->setText(u"0.125"_s);
    QVERIFY(field("bufferBudgetBytes")->problem() || field("sessionBufferBytes")->problem());
    QVERIFY(!says(u"sessionBufferBytes"_s)); // but its title
    QVERIFY(!button(u"Apply"_s)->isEnabled());
    button(u"Revert"_s)->click();
    QVERIFY(!field("bufferBudgetBytes")->problem());
}

void TestSettingsPage::showsARefusalAtItsField()
{
    m_control->start();
    QTcpServer other;
    QVERIFY(other.listen(QHostAddress::LocalHost));
    const quint16 port = m_host->relay().port();
    line("port")->setText(QString::number(other.serverPort()));
    button(u"Apply"_s)->click();
    QVERIFY(field("port")->problem());
    QVERIFY(says(u"Nothing was changed"_s));
    QCOMPARE(m_host->relay().port(), port);
    QCOMPARE(m_control->settings().port, 0);
    QCOMPARE(m_page->findChild<QListWidget *>()->currentRow(), 2); // where the field is
    line("port")->setText(u"0"_s);
    QVERIFY(!field("port")->problem());
}

void TestSettingsPage::fixedValuesCannotBeEdited()
{
    QVERIFY(field("maxConnections")->isFixed());
    QVERIFY(!line("maxConnections")->isEnabled());
    QCOMPARE(line("maxConnections")->text(), u"50"_s);
    QVERIFY(says(u"MAX_CONNECTIONS"_s));
    QVERIFY(field("logLevel")->isFixed());
    QVERIFY(says(u"--log-level"_s));
    button(u"Reset all"_s)->click();
    QCOMPARE(line("maxConnections")->text(), u"50"_s);
    QVERIFY(!field("port")->isFixed());
}

void TestSettingsPage::resetsAndReverts()
{
    rr::Settings settings = m_control->settings();
    settings.maxConnectionsPerIp = 3;
    settings.connectionRatePerIp = 4;
    QVERIFY(m_control->apply(settings).isEmpty());
    QCOMPARE(line("maxConnectionsPerIp")->text(), u"3"_s);

    auto *reset = field("maxConnectionsPerIp")->findChild<QToolButton *>();
    QVERIFY(!reset->isHidden());
    reset->click();
    QCOMPARE(line("maxConnectionsPerIp")->text(), u"0"_s);
    QVERIFY(reset->isHidden());
    QVERIFY(m_page->hasChanges());
    QCOMPARE(m_control->settings().maxConnectionsPerIp, 3);
    button(u"Revert"_s)->click();
    QCOMPARE(line("maxConnectionsPerIp")->text(), u"3"_s);
    QVERIFY(!m_page->hasChanges());

    button(u"Reset all"_s)->click();
    button(u"Apply"_s)->click();
    QCOMPARE(m_control->settings().maxConnectionsPerIp, 0);
    QCOMPARE(m_control->settings().connectionRatePerIp, 0);
    QCOMPARE(m_control->settings().maxConnections, 50);
}

void TestSettingsPage::keepsEditsWhenSettingsChange()
{
    line("connectionRatePerIp")->setText(u"7"_s);
    rr::Settings settings = m_control->settings();
    settings.maxConnectionsPerIp = 3;
    QVERIFY(m_control->apply(settings).isEmpty());
    QCOMPARE(line("maxConnectionsPerIp")->text(), u"3"_s);
    QCOMPARE(line("connectionRatePerIp")->text(), u"7"_s);
    QVERIFY(field("connectionRatePerIp")->isChanged());
}

void TestSettingsPage::appliesTheApplication()
{
    auto *form = m_page->findChild<rr::ApplicationForm *>();
    const auto boxes = form->findChildren<QCheckBox *>();
    for (QCheckBox *box : boxes)
        box->click();
    form->findChild<QLineEdit *>()->setText(u"not an address !"_s);
    QVERIFY(form->problem());
    QVERIFY(!button(u"Apply"_s)->isEnabled());
    form->findChild<QLineEdit *>()->setText(u"relay.example.org"_s);
    button(u"Apply"_s)->click();
    QCOMPARE(m_control->application().publicAddress, u"relay.example.org"_s);
    QVERIFY(!m_control->application().keepAwake);
    QVERIFY(!m_control->application().notifications);
    QVERIFY(!m_control->application().startRelayOnLaunch);
    QVERIFY(m_control->application().monochromeIcon);
    QVERIFY(m_control->startsAtLogin());
    QVERIFY(!m_page->hasChanges());
    QVERIFY(!m_control->setStartsAtLogin(false));
    QVERIFY(!form->startsAtLogin());
}

void TestSettingsPage::importsAndExports()
{
    line("connectionRatePerIp")->setText(u"7"_s);
    auto *form = m_page->findChild<rr::ApplicationForm *>();
    form->findChild<QLineEdit *>()->setText(u"relay.example.org"_s);
    button(u"Apply"_s)->click();
    const QString file = m_folder.filePath(u"exported.json"_s);
    QVERIFY(!m_page->exportTo(file));
    const QJsonObject content = rr::readSettingsFile(file).content;
    QCOMPARE(content["connectionRatePerIp"_L1].toInt(), 7);
    QVERIFY(!content.contains("maxConnections"_L1)); // fixed from outside
    QCOMPARE(int(QFile::permissions(file) & (QFile::ReadGroup | QFile::ReadOther)), 0);

    button(u"Reset all"_s)->click();
    button(u"Apply"_s)->click();
    QCOMPARE(m_control->settings().connectionRatePerIp, 0);
    QCOMPARE(m_control->application().publicAddress, QString());
    QVERIFY(!m_page->importFrom(file));
    QCOMPARE(line("connectionRatePerIp")->text(), u"7"_s);
    QCOMPARE(m_control->settings().connectionRatePerIp, 0); // not before Apply
    button(u"Apply"_s)->click();
    QCOMPARE(m_control->settings().connectionRatePerIp, 7);
    QCOMPARE(m_control->application().publicAddress, u"relay.example.org"_s);
}

void TestSettingsPage::noSecretIsExported()
{
    rr::Settings settings = m_control->settings();
    settings.openaiApiKey = u"sk-hunter2"_s;
    settings.statsToken = u"hunter2hunter2hunter2"_s;
    settings.upstreamProxy = u"http://u:hunter2@127.0.0.1:1"_s;
    settings.storeUrl = u"postgresql://u:hunter2@127.0.0.1/d"_s;
    settings.historyDays = 7;
    QVERIFY(m_control->apply(settings).isEmpty());
    const QString file = m_folder.filePath(u"exported.json"_s);
    QVERIFY(!m_page->exportTo(file));
    QFile exported(file);
    QVERIFY(exported.open(QIODevice::ReadOnly));
    const QByteArray content = exported.readAll();
    QVERIFY2(!content.contains("hunter2"), content.constData());
    QVERIFY(content.contains("historyDays"));
    // Whoever takes it in again keeps those that are here.
    QVERIFY(!m_page->importFrom(file));
    QVERIFY(!m_page->hasChanges());
}

void TestSettingsPage::theHeldKeyHasNoField()
{
    QFile file(m_host->input().file);
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(R"({"openaiApiKey": "sk hunter2"})"); // by hand, and wrong
    file.close();
    m_host->reload();
    QVERIFY(!m_control->problems().isEmpty());
    QVERIFY(says(u"Held key"_s));
    QVERIFY(!says(u"hunter2"_s));
    m_page->showSetting("openaiApiKey"); // nothing to bring in sight
    const auto fields = m_page->findChildren<rr::SettingField *>();
    for (const rr::SettingField *each : fields)
        QVERIFY(each->spec().key != "openaiApiKey"_L1);
    QCOMPARE(fields.size(), int(rr::settingsTable().size()) - 1);
}

void TestSettingsPage::exportReplacesAFile()
{
    const QString path = m_folder.filePath(u"export.json"_s);
    for (const char *before : {R"({"foo": "bar"})", "no JSON"}) {
        QFile file(path);
        QVERIFY(file.open(QIODevice::WriteOnly | QIODevice::Truncate));
        file.write(before);
        file.close();
        const auto problem = m_page->exportTo(path);
        QVERIFY2(!problem, qPrintable(problem.value_or(QString())));
        QCOMPARE(rr::readSettingsFile(path).content.keys(), QStringList{u"application"_s});
    }
    QVERIFY(m_page->exportTo(m_folder.path())); // a folder stands there
    QVERIFY(!QFile::exists(m_folder.path() + u".new"_s));
}

void TestSettingsPage::importsNothingWrong()
{
    const QString path = m_folder.filePath(u"wrong.json"_s);
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(R"({"connectionRatePerIp": 9, "port": 99999})");
    file.close();
    const auto problem = m_page->importFrom(path);
    QVERIFY(problem);
    QVERIFY2(problem->contains(u"port"_s), qPrintable(*problem));
    QVERIFY(!m_page->hasChanges());
    QVERIFY(m_page->importFrom(u"/no/such/file"_s));
}

void TestSettingsPage::showsTheCertificate()
{
    const QString path = m_folder.filePath(u"cert.pem"_s);
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write("no certificate");
    file.close();
    line("tlsCertFile")->setText(path);
    QVERIFY(says(u"no certificate in PEM form"_s));
    QVERIFY(field("tlsCertFile")->problem() || field("tlsKeyFile")->problem()); // both or neither
    line("tlsCertFile")->clear();
    QVERIFY(!says(u"no certificate in PEM form"_s));
}

void TestSettingsPage::refusesACertificateBeforeTheRelayRuns()
{
    const rr::TestCertificate certificate;
    const rr::TestCertificate other;
    line("tlsCertFile")->setText(certificate.certFile());
    line("tlsKeyFile")->setText(other.keyFile());
    button(u"Apply"_s)->click();
    QVERIFY(field("tlsKeyFile")->problem());
    QVERIFY(says(u"Nothing was changed"_s));
    QVERIFY(!QFile::exists(m_control->settingsFile()));
    line("tlsKeyFile")->setText(certificate.keyFile());
    button(u"Apply"_s)->click();
    QVERIFY(says(u"Applied"_s));
}

void TestSettingsPage::bringsASettingInSight()
{
    m_page->activateWindow();
    QVERIFY(QTest::qWaitForWindowActive(m_page.get()));
    m_page->showSetting("BUFFER_BUDGET_BYTES");
    QVERIFY(!line("bufferBudgetBytes")->visibleRegion().isEmpty());
    QVERIFY(line("bufferBudgetBytes")->hasFocus());
    m_page->showSetting("port");
    QVERIFY(line("port")->hasFocus());
    m_page->showSetting({});
    QVERIFY(line("port")->hasFocus());
}

void TestSettingsPage::remembers()
{
    m_page->showSetting("upstreamUrl");
    QCOMPARE(m_page->findChild<QListWidget *>()->currentRow(), 3);
    rr::SettingsPage other(*m_control);
    QVERIFY(!other.restoreState("nonsense"));
    QVERIFY(other.restoreState(m_page->saveState()));
    QCOMPARE(other.findChild<QListWidget *>()->currentRow(), 3);
}

void TestSettingsPage::everyControlHasAName()
{
    const auto widgets = m_page->findChildren<QWidget *>();
    for (QWidget *widget : widgets) {
        if (widget->focusPolicy() == Qt::NoFocus || widget->isHidden()
            || widget->inherits("QComboBoxPrivateContainer") || (widget->window() != m_page.get()))
            continue;
        QAccessibleInterface *accessible = QAccessible::queryAccessibleInterface(widget);
        QVERIFY2(
            accessible && !accessible->text(QAccessible::Name).isEmpty(), widget->metaObject()->className());
    }
}

void TestSettingsPage::noKeyBelongsToTwo()
{
    auto *sections = m_page->findChild<QListWidget *>();
    for (int section = 0; section < sections->count(); ++section) {
        sections->setCurrentRow(section);
        QStringList keys;
        const auto widgets = m_page->findChildren<QWidget *>();
        for (const QWidget *widget : widgets) {
            if (!widget->isVisible())
                continue;
            const auto *label = qobject_cast<const QLabel *>(widget);
            const auto *button = qobject_cast<const QAbstractButton *>(widget);
            if (label && !label->buddy())
                continue;
            const QString text = label ? label->text() : button ? button->text() : QString();
            if (const QString key = QKeySequence::mnemonic(text).toString(); !key.isEmpty()) {
                QVERIFY2(!keys.contains(key), qPrintable(text));
                keys.append(key);
            }
        }
    }
}

RELAY_TEST(TestSettingsPage)
#include "tst_settingspage.moc"
