// SPDX-License-Identifier: MIT
#include "tests/integration/desktop/desktopdriver.h"
#include "tests/integration/desktop/fakeservices.h"
#include "ui/tray/sleepinhibitor.h"

#include <QDir>
#include <QFile>
#include <QSet>
#include <QTemporaryDir>
#include <QTest>

#include <iterator>

using namespace rr;
using namespace Qt::StringLiterals;

namespace {

constexpr int patienceMs = 30'000;

int colorsIn(const QImage &image)
{
    QSet<QRgb> colors;
    for (int y = 0; y < image.height(); y += 2) {
        for (int x = 0; x < image.width(); x += 2)
            colors.insert(image.pixel(x, y));
    }
    return int(colors.size());
}

/// A window's ground, beside the pages.
bool shows(const QImage &window, bool dark)
{
    return !window.isNull() && (qGray(window.pixel(window.width() - 1, 2)) < 128) == dark;
}

/// Nothing reaches into the outermost pixels, as it would if it had no room.
bool edgesAreEmpty(const QImage &image)
{
    const QRgb background = image.pixel(image.width() - 1, 2);
    for (int y = 2; y < image.height() - 2; ++y) {
        if (image.pixel(image.width() - 1, y) != background || image.pixel(0, y) != background)
            return false;
    }
    return true;
}

} // namespace

class TestDesktop : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase()
    {
        m_screenshots = QDir(qEnvironmentVariable("TEST_SCREENSHOTS"));
        QVERIFY(QDir().mkpath(m_screenshots.path()));
        QVERIFY2(!qEnvironmentVariable("TEST_PROGRAM").isEmpty(), "Run it by ctest.");
    }

    void trayShowsAndHidesTheWindow()
    {
        DesktopDriver desktop;
        desktop.start({u"--minimized"_s});
        QTRY_VERIFY_WITH_TIMEOUT(desktop.isListening(), patienceMs);
        QTRY_VERIFY_WITH_TIMEOUT(!desktop.iconGeometry().isEmpty(), patienceMs);
        QVERIFY(desktop.window().isEmpty());
        const QPoint icon = desktop.iconGeometry().center();
        desktop.click(icon, 1);
        QTRY_VERIFY_WITH_TIMEOUT(desktop.windowHasFocus(), patienceMs);
        desktop.click(icon + QPoint(7, 7), 1); // not so near that both together are a double click
        QTRY_VERIFY_WITH_TIMEOUT(desktop.window().isEmpty(), patienceMs);
        QCOMPARE(desktop.startAgain(), 0);
        QTRY_VERIFY_WITH_TIMEOUT(!desktop.window().isEmpty(), patienceMs);
    }

    void menuTogglesTheRelay()
    {
        DesktopDriver desktop;
        desktop.start({u"--minimized"_s});
        QTRY_VERIFY_WITH_TIMEOUT(desktop.isListening(), patienceMs);
        QTRY_VERIFY_WITH_TIMEOUT(!desktop.iconGeometry().isEmpty(), patienceMs);
        const QPoint icon = desktop.iconGeometry().center();
        const QImage on = desktop.grab(u"root"_s);
        chooseToggle(desktop, icon);
        QTRY_VERIFY_WITH_TIMEOUT(!desktop.isListening(), patienceMs);
        QTRY_VERIFY_WITH_TIMEOUT(desktop.grab(u"root"_s) != on, patienceMs);
        chooseToggle(desktop, icon + QPoint(7, 7)); // not so near that both together are a double click
        QTRY_VERIFY_WITH_TIMEOUT(desktop.isListening(), patienceMs);
    }

    void staysAwakeWhileCallsAreLive()
    {
        DesktopDriver desktop;
        desktop.start({u"--minimized"_s});
        QTRY_VERIFY_WITH_TIMEOUT(desktop.isListening(), patienceMs);
        QCOMPARE(m_power.held, 0);
        desktop.call();
        QTRY_COMPARE_WITH_TIMEOUT(m_power.held, 1, patienceMs);
        desktop.hangUp();
        QTRY_COMPARE_WITH_TIMEOUT(m_power.held, 0, patienceMs);
    }

    void aCookieThatComesLateIsGivenBack()
    {
        m_power.isSlow = true;
        SleepInhibitor inhibitor;
        inhibitor.set(true);
        QTRY_COMPARE_WITH_TIMEOUT(m_power.held, 1, patienceMs);
        inhibitor.set(false);
        m_power.answer();
        QTRY_COMPARE_WITH_TIMEOUT(m_power.held, 0, patienceMs);
        m_power.isSlow = false;
    }

    void endsOnRequest()
    {
        DesktopDriver desktop;
        desktop.start();
        QTRY_VERIFY_WITH_TIMEOUT(!desktop.window().isEmpty(), patienceMs);
        desktop.terminate();
        QTRY_VERIFY_WITH_TIMEOUT(!desktop.isRunning(), patienceMs);
    }

    void endsWhileALookupHangs()
    {
        const QTemporaryDir folder;
        const QString begun = folder.filePath(u"begun"_s);
        DesktopDriver desktop;
        desktop.useUpstream(u"wss://upstream.example.org/v1/realtime"_s);
        desktop.start({u"--minimized"_s},
            {"LD_PRELOAD="_L1 + qEnvironmentVariable("TEST_HANGING_LOOKUP"), "LOOKUP_BEGUN="_L1 + begun,
                u"NO_PROXY=*"_s});
        QTRY_VERIFY_WITH_TIMEOUT(desktop.isListening(), patienceMs);
        desktop.call();
        QTRY_VERIFY_WITH_TIMEOUT(QFile::exists(begun), patienceMs);
        desktop.terminate();
        QTRY_VERIFY_WITH_TIMEOUT(!desktop.isRunning(), patienceMs);
    }

    void followsTheStyleWhileItRuns()
    {
        m_portal.asked = 0;
        DesktopDriver desktop;
        desktop.start();
        QTRY_VERIFY_WITH_TIMEOUT(desktop.windowHasFocus() && m_portal.asked > 0, patienceMs);
        const QString window = desktop.window();
        // Before it has drawn anything the screen is seen, which is black.
        QTRY_VERIFY_WITH_TIMEOUT(shows(desktop.grab(window), false), patienceMs);
        m_portal.choose(true);
        QTRY_VERIFY_WITH_TIMEOUT(shows(desktop.grab(window), true), patienceMs);
        m_portal.choose(false);
        QTRY_VERIFY_WITH_TIMEOUT(shows(desktop.grab(window), false), patienceMs);
    }

    void pages_data()
    {
        QTest::addColumn<bool>("dark");
        QTest::addColumn<QStringList>("environment");
        QTest::addColumn<QByteArray>("settings");
        QTest::newRow("light") << false << QStringList() << QByteArray();
        QTest::newRow("dark") << true << QStringList() << QByteArray();
        QTest::newRow("scaled") << false << QStringList{u"QT_SCALE_FACTOR=1.5"_s} << QByteArray();
        QTest::newRow("german") << false << QStringList()
                                << QByteArray(R"({"application":{"language":"de"}})");
    }
    void pages()
    {
        QFETCH(bool, dark);
        QFETCH(QStringList, environment);
        QFETCH(QByteArray, settings);
        m_portal.dark = dark;
        DesktopDriver desktop;
        desktop.start({}, environment, settings);
        QTRY_VERIFY_WITH_TIMEOUT(desktop.windowHasFocus() && desktop.isListening(), patienceMs);
        for (int i = 0; i < 3; ++i)
            desktop.call();
        QTRY_VERIFY_WITH_TIMEOUT(desktop.responses() >= 6, patienceMs); // something to be seen

        QVERIFY(screenArea.contains(desktop.windowGeometry()));
        const QString window = desktop.window();
        QTRY_VERIFY_WITH_TIMEOUT(shows(desktop.grab(window), dark), patienceMs); // it begins light
        QImage before;
        const char *names[]
            = {"overview", "calls", "history", "access", "log", "settings", "doctor", "about"};
        for (int page = 1; page <= int(std::size(names)); ++page) {
            desktop.press({u"ctrl+%1"_s.arg(page)});
            QImage image;
            QTRY_VERIFY_WITH_TIMEOUT(
                (image = desktop.grab(window)) != before && image.size() == desktop.geometryOf(window).size(),
                patienceMs);
            const QString name
                = u"%1-%2.png"_s.arg(QLatin1String(QTest::currentDataTag()), QLatin1String(names[page - 1]));
            QVERIFY(image.save(m_screenshots.filePath(name)));
            QVERIFY2(colorsIn(image) > 20, qPrintable(name));
            QVERIFY2(edgesAreEmpty(image), qPrintable(name));
            QVERIFY2(shows(image, dark), qPrintable(name));
            before = image;
        }
        m_portal.dark = false;
    }

    /// The last: there is no tray from here on.
    void comesBackWhenTheTrayGoesAway()
    {
        DesktopDriver desktop;
        desktop.start({u"--minimized"_s});
        QTRY_VERIFY_WITH_TIMEOUT(desktop.isListening(), patienceMs);
        QTRY_VERIFY_WITH_TIMEOUT(!desktop.iconGeometry().isEmpty(), patienceMs);
        QVERIFY(desktop.window().isEmpty());
        desktop.killTray();
        QTRY_VERIFY_WITH_TIMEOUT(desktop.trayGeometry().isEmpty(), patienceMs);
        // Not the icon, which has no tray to be in any more.
        QTRY_VERIFY_WITH_TIMEOUT(desktop.windowGeometry().width() > 200, patienceMs);
        QVERIFY(desktop.isListening());
    }

private:
    /// The menu's first line is the state, which opens the window; the second starts and stops.
    static void chooseToggle(const DesktopDriver &desktop, const QPoint &icon)
    {
        desktop.click(icon, 3);
        // Drawn, it has the keyboard; when it has just appeared not yet.
        QTRY_VERIFY_WITH_TIMEOUT(colorsIn(desktop.grab(desktop.menu())) > 20, patienceMs);
        desktop.press({u"Down"_s, u"Down"_s, u"Return"_s});
    }

    QDir m_screenshots;
    FakePortal m_portal;
    FakePower m_power;
};

QTEST_GUILESS_MAIN(TestDesktop)
#include "tst_desktop.moc"
