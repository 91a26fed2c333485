// SPDX-License-Identifier: MIT
#include "tests/support/contrast.h"
#include "tests/support/relaytest.h"
#include "tests/support/windowslook.h"
#include "ui/window/mainwindow.h"

#include <QLabel>
#include <QListWidget>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using namespace rr;
using namespace Qt::StringLiterals;

class TestMainWindow : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init() { m_folder = std::make_unique<QTemporaryDir>(); }

    void keysChooseThePage()
    {
        const auto window = make();
        window->show();
        QVERIFY(QTest::qWaitForWindowActive(window.get()));
        QCOMPARE(window->currentPage(), m_first);
        QTest::keyClick(window.get(), Qt::Key_2, Qt::ControlModifier);
        QCOMPARE(window->currentPage(), m_second);
        QSignalSpy quit(window.get(), &MainWindow::quitRequested);
        QTest::keyClick(window.get(), Qt::Key_Q, Qt::ControlModifier);
        QCOMPARE(quit.size(), 1);
        QSignalSpy closed(window.get(), &MainWindow::closed);
        QTest::keyClick(window.get(), Qt::Key_W, Qt::ControlModifier);
        QCOMPARE(closed.size(), 1);
        QVERIFY(!window->isVisible());
    }

    void remembers()
    {
        {
            const auto window = make();
            window->show();
            window->resize(777, 555);
            window->showPage(m_second);
            m_state = "wide";
        }
        m_state.clear();
        const auto window = make();
        QCOMPARE(window->size(), QSize(777, 555));
        QCOMPARE(window->currentPage(), m_second);
        QCOMPARE(m_state, QByteArray("wide"));
    }

    void chosenPageCanBeReadInAnyStyle_data()
    {
        QTest::addColumn<bool>("windows");
        QTest::newRow("Fusion") << false;
        QTest::newRow("as on Windows") << true;
    }
    void chosenPageCanBeReadInAnyStyle()
    {
        QFETCH(bool, windows);
        WindowsLook look;
        const auto window = make();
        auto *sidebar = window->findChild<QListWidget *>();
        if (windows)
            sidebar->setStyle(&look);
        window->show();
        QVERIFY(QTest::qWaitForWindowExposed(window.get()));
        const QRect row = sidebar->visualItemRect(sidebar->currentItem()).adjusted(1, 1, -1, -1);
        const int words = row.left() + sidebar->iconSize().width() + 6;
        // WCAG 2.1, 1.4.11; the thin strokes of letters are never drawn whole.
        const double icon = contrastIn(*sidebar->viewport(), row.intersected({0, 0, words, 1000}));
        const double name = contrastIn(*sidebar->viewport(), row.adjusted(words, 0, 0, 0));
        QVERIFY2(icon >= 3 && name >= 2.5, qPrintable(u"icon %1, name %2"_s.arg(icon).arg(name)));
    }

    void focusFramesTheWholeRow_data() { chosenPageCanBeReadInAnyStyle_data(); }
    void focusFramesTheWholeRow()
    {
        QFETCH(bool, windows);
        WindowsLook look;
        const auto window = make();
        auto *sidebar = window->findChild<QListWidget *>();
        if (windows)
            sidebar->setStyle(&look);
        window->show();
        QVERIFY(QTest::qWaitForWindowActive(window.get()));
        const QRect row = sidebar->visualItemRect(sidebar->currentItem());
        sidebar->clearFocus();
        const QImage without = sidebar->viewport()->grab(row).toImage();
        sidebar->setFocus();
        QVERIFY(sidebar->hasFocus());
        const QImage with = sidebar->viewport()->grab(row).toImage();
        const auto framed = [&](QPoint at) {
            return contrast(with.pixelColor(at), without.pixelColor(at)) >= 3; // WCAG 2.1, 1.4.11
        };
        // Along each edge, a little inside of it.
        const QRect frame = with.rect().adjusted(1, 1, -2, -2);
        for (int x = frame.left() + 1; x < frame.right(); ++x)
            QVERIFY2(
                framed({x, frame.top()}) && framed({x, frame.bottom() + 1}), qPrintable(QString::number(x)));
        for (int y = frame.top() + 1; y < frame.bottom(); ++y)
            QVERIFY2(
                framed({frame.left(), y}) && framed({frame.right() + 1, y}), qPrintable(QString::number(y)));
    }

private:
    std::unique_ptr<MainWindow> make()
    {
        auto window = std::make_unique<MainWindow>(m_folder->filePath(u"window.ini"_s));
        m_first = new QLabel(u"One"_s);
        m_second = new QLabel(u"Two"_s);
        window->addPage(m_first, u"One"_s, Glyph::Overview);
        window->addPage(m_second, u"Two"_s, Glyph::Log);
        window->keepState(
            u"page"_s, [this] { return m_state; },
            [this](const QByteArray &state) {
                m_state = state;
                return true;
            });
        window->restore();
        return window;
    }

    std::unique_ptr<QTemporaryDir> m_folder;
    QLabel *m_first = nullptr;
    QLabel *m_second = nullptr;
    QByteArray m_state;
};

RELAY_TEST(TestMainWindow)
#include "tst_mainwindow.moc"
