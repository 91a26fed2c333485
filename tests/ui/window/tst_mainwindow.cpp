// SPDX-License-Identifier: MIT
#include "ui/window/mainwindow.h"

#include <QLabel>
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

QTEST_MAIN(TestMainWindow)
#include "tst_mainwindow.moc"
