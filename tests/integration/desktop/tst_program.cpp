// SPDX-License-Identifier: MIT
// The tray program in this very process, on a desktop without a tray: what the system may tell it.
#include "app/desktop/desktop.h"
#include "core/config/settingsfile.h"
#include "tests/support/relaytest.h"
#include "ui/overview/overviewpage.h"
#include "ui/overview/problembox.h"
#include "ui/settings/applicationform.h"
#include "ui/settings/settingspage.h"
#include "ui/window/mainwindow.h"

#include <QApplication>
#include <QComboBox>
#include <QFile>
#include <QListWidget>
#include <QMessageBox>
#include <QPointer>
#include <QPushButton>
#include <QSessionManager>
#include <QSignalSpy>
#include <QStandardPaths>
#include <QSystemTrayIcon>
#include <QTcpSocket>
#include <QTemporaryDir>
#include <QTest>
#include <QTimer>
#include <QWebSocket>

#include <functional>
#include <memory>

using namespace rr;
using namespace Qt::StringLiterals;

namespace {

template <typename Widget>
Widget *shown()
{
    const auto widgets = QApplication::topLevelWidgets();
    for (QWidget *widget : widgets) {
        if (auto *found = qobject_cast<Widget *>(widget); found && found->isVisible())
            return found;
    }
    return nullptr;
}

/// A variable of the environment, set for a while.
class Environment
{
    Q_DISABLE_COPY_MOVE(Environment)
public:
    Environment(const char *name, const QString &value)
        : m_name(name)
        , m_wasSet(qEnvironmentVariableIsSet(name))
        , m_before(qgetenv(name))
    {
        qputenv(name, value.toLocal8Bit());
    }
    ~Environment()
    {
        if (m_wasSet)
            qputenv(m_name, m_before);
        else
            qunsetenv(m_name);
    }

private:
    const char *m_name;
    const bool m_wasSet;
    const QByteArray m_before;
};

} // namespace

class TestProgram : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        takePort();
    }

    void loggingOutLetsACallFinish()
    {
        std::unique_ptr<QWebSocket> call;
        run([&] {
            call = open();
            QVERIFY(call);
            bool waited = false;
            QTimer::singleShot(0, call.get(), [&] {
                waited = call->isValid();
                call->close();
            });
            // Only Qt can make a session manager, and nobody looks at it.
            alignas(QSessionManager) std::byte none[sizeof(QSessionManager)] = {};
            Q_EMIT qApp->commitDataRequest(reinterpret_cast<QSessionManager &>(none));
            QVERIFY(waited);
            QVERIFY(!isListening());
        });
        QVERIFY(call);
        QTRY_COMPARE(call->state(), QAbstractSocket::UnconnectedState);
        QCOMPARE(call->closeCode(), QWebSocketProtocol::CloseCodeNormal);
    }

    void thePageToTryACallIsThere()
    {
        run([&] {
            QVERIFY(isListening());
            QTcpSocket socket;
            socket.connectToHost(QHostAddress::LocalHost, m_port->localPort());
            socket.write("GET /try HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
            QTRY_COMPARE(socket.state(), QAbstractSocket::UnconnectedState);
            QVERIFY(socket.readAll().startsWith("HTTP/1.1 200 "));
        });
    }

    void aStoreIsKeptBesideTheSettings()
    {
        run([&] { QTRY_VERIFY(isListening()); }, lineWithoutDemo());
        QVERIFY(QFile::exists(m_folder->filePath(u"settings.sqlite"_s)));
    }

    void withoutOnesOwnSettingsItIsAmongTheData()
    {
#ifdef Q_OS_LINUX
        const Environment data("XDG_DATA_HOME", m_folder->filePath(u"data"_s));
        const Environment config("XDG_CONFIG_HOME", m_folder->filePath(u"config"_s));
        DesktopCommandLine line = lineWithoutDemo();
        line.configFile.clear();
        run([&] { QTRY_VERIFY(isListening()); }, line);
        const QString folder = QStandardPaths::writableLocation(QStandardPaths::AppDataLocation);
        QVERIFY2(folder.startsWith(m_folder->path()), qPrintable(folder));
        QVERIFY(QFile::exists(folder + "/relay.sqlite"_L1));
#else
        QSKIP("The folder of programs' data cannot be another one here");
#endif
    }

    void quittingFromOutsideAsks()
    {
        run([&] {
            const auto call = open();
            QVERIFY(call);
            QCoreApplication::quit();
            QTRY_VERIFY(shown<QMessageBox>());
            QVERIFY(call->isValid());
            QVERIFY(isListening());
        });
    }

    void aLanguageTakesEffectAtOnce()
    {
        run([&] {
            QTRY_VERIFY(shown<MainWindow>());
            const QPointer<MainWindow> before = shown<MainWindow>();
            auto *page = before->findChild<SettingsPage *>();
            before->showPage(page);
            page->findChild<QListWidget *>()->setCurrentRow(5); // the program's own
            auto *languages = page->findChild<ApplicationForm *>()->findChild<QComboBox *>();
            languages->setCurrentIndex(languages->findData(u"de"_s));
            page->apply();
            QTRY_VERIFY(!before && shown<MainWindow>());
            QCOMPARE(QLocale().language(), QLocale::German);
            // Where one was.
            page = qobject_cast<SettingsPage *>(shown<MainWindow>()->currentPage());
            QVERIFY(page);
            QCOMPARE(page->findChild<QListWidget *>()->currentRow(), 5);
        });
    }

    void aWrongFileIsMendedInTheWindow()
    {
        write(settingsFile(), R"({"drainTimeout": 1})");
        run([&] {
            QTRY_VERIFY(shown<MainWindow>());
            MainWindow *window = shown<MainWindow>();
            QVERIFY(!isListening());
            auto *overview = window->findChild<OverviewPage *>();
            auto *box = overview->findChild<ProblemBox *>();
            QVERIFY(box && box->isVisible());
            QTest::mouseClick(box->findChild<QPushButton *>(), Qt::LeftButton);
            auto *page = qobject_cast<SettingsPage *>(window->currentPage());
            QVERIFY(page);
            QCOMPARE(page->findChild<QListWidget *>()->currentRow(), 1); // where the field is
            page->apply();
            QVERIFY(!readSettingsFile(settingsFile()).content.contains("drainTimeout"_L1));
            window->showPage(overview);
            QTRY_VERIFY(!box->isVisible());
            QTest::mouseClick(overview->findChild<QPushButton *>(u"toggle"_s), Qt::LeftButton);
            QTRY_VERIFY(isListening());
        });
    }

    void quittingAsksForChangesThatAreNotApplied()
    {
        const QString changed = m_folder->filePath(u"changed.json"_s);
        write(changed, R"({"maxConnections": 7})");
        run([&] {
            QTRY_VERIFY(shown<MainWindow>() && isListening());
            MainWindow *window = shown<MainWindow>();
            auto *page = window->findChild<SettingsPage *>();
            QVERIFY(!page->importFrom(changed));
            Q_EMIT window->quitRequested();
            QPointer<QMessageBox> question = page->findChild<QMessageBox *>();
            QVERIFY(question && question->isVisible());
            QCOMPARE(window->currentPage(), page);
            question->reject();
            QTRY_VERIFY(!question);
            QVERIFY(page->hasChanges() && isListening());
            Q_EMIT window->quitRequested();
            QTest::mouseClick(page->findChild<QMessageBox *>()->defaultButton(), Qt::LeftButton);
            QTRY_VERIFY(!isListening());
            QCOMPARE(readSettingsFile(settingsFile()).content.value("maxConnections"_L1).toInt(), 7);
        });
    }

    void sayOnceThatThereIsNoTray()
    {
        QVERIFY(!QSystemTrayIcon::isSystemTrayAvailable());
        run([&] {
            QTRY_VERIFY(shown<QMessageBox>());
            QVERIFY(shown<MainWindow>());
            shown<QMessageBox>()->close();
        });
        takePort();
        run([&] {
            QTRY_VERIFY(shown<MainWindow>());
            shown<MainWindow>()->hide();
            QTRY_VERIFY(shown<MainWindow>()); // the moment in which it would be said again
            QVERIFY(!shown<QMessageBox>());
            QVERIFY(isListening());
            shown<MainWindow>()->close(); // nothing else is left to bring it back by
            QTRY_VERIFY(!isListening());
        });
    }

private:
    QString settingsFile() const
    {
        return m_folder->filePath(u"settings.json"_s);
    }

    void takePort()
    {
        m_port = std::make_unique<QTcpSocket>();
        QVERIFY(m_port->bind(QHostAddress::LocalHost, 0, QAbstractSocket::ShareAddress));
    }

    static void write(const QString &path, const QByteArray &content)
    {
        QFile file(path);
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(content);
    }

    DesktopCommandLine demoLine() const
    {
        DesktopCommandLine line;
        line.demo = true;
        line.configFile = settingsFile();
        line.settings = {u"--port"_s, QString::number(m_port->localPort())};
        return line;
    }

    /// A demo has a store of its own. Nobody calls, so no upstream is asked.
    DesktopCommandLine lineWithoutDemo() const
    {
        DesktopCommandLine line = demoLine();
        line.demo = false;
        line.settings += {u"--upstream-url"_s, u"ws://127.0.0.1:1"_s, u"--check-upstream=false"_s};
        return line;
    }

    /// Runs the program, and the steps in it.
    void run(const std::function<void()> &steps)
    {
        run(steps, demoLine());
    }
    static void run(const std::function<void()> &steps, const DesktopCommandLine &line)
    {
        QTimer::singleShot(0, qApp, [steps] {
            steps();
            QCoreApplication::exit();
        });
        QCOMPARE(Desktop(line).run(), 0);
    }

    std::unique_ptr<QWebSocket> open() const
    {
        auto socket = std::make_unique<QWebSocket>();
        QNetworkRequest request(
            QUrl(u"ws://127.0.0.1:%1/realtime?model=gpt-realtime"_s.arg(m_port->localPort())));
        request.setRawHeader("Authorization", "Bearer sk-test-0123456789");
        QSignalSpy received(socket.get(), &QWebSocket::textMessageReceived);
        socket->open(request);
        return received.wait(30'000) ? std::move(socket) : nullptr;
    }

    bool isListening() const
    {
        QTcpSocket socket;
        socket.connectToHost(QHostAddress::LocalHost, m_port->localPort());
        return socket.waitForConnected(10'000); // where nobody listens it is known at once
    }

    std::unique_ptr<QTemporaryDir> m_folder;
    /// Holds it, so that nobody else is given it while the program does not listen.
    std::unique_ptr<QTcpSocket> m_port;
};

RELAY_TEST(TestProgram)
#include "tst_program.moc"
