// SPDX-License-Identifier: MIT
// What is true of every page: its texts have room, in each language and with letters half as large again; its
// controls have names and are reached by keyboard.
#include "tests/support/relaytest.h"
#include "ui/about/aboutpage.h"
#include "ui/access/accesspage.h"
#include "ui/calls/callspage.h"
#include "ui/control/relaycontrol.h"
#include "ui/control/traffichistory.h"
#include "ui/history/callhistorypage.h"
#include "ui/log/logpage.h"
#include "ui/overview/overviewpage.h"
#include "ui/settings/settingspage.h"
#include "ui/window/mainwindow.h"

#include <QAbstractButton>
#include <QAbstractItemView>
#include <QAccessible>
#include <QApplication>
#include <QComboBox>
#include <QHash>
#include <QHeaderView>
#include <QKeySequence>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QSet>
#include <QTemporaryDir>
#include <QTest>
#include <QTranslator>

#include <functional>
#include <memory>

using namespace rr;
using namespace Qt::StringLiterals;

namespace {

/// The window with all pages over a relay that could not start, so that a problem and its button are shown
/// too.
class Window
{
public:
    Window()
    {
        input.file = folder.filePath(u"settings.json"_s);
        input.defaults.host = u"192.0.2.1"_s; // of no machine
        host = std::make_unique<Host>(journal, input);
        control = std::make_unique<RelayControl>(*host);
        control->start();
        window = std::make_unique<MainWindow>(folder.filePath(u"window.ini"_s));
        pages = {new OverviewPage(*control, history), new CallsPage(*control), new CallHistoryPage(*control),
            new AccessPage(*control), new LogPage(*control), new SettingsPage(*control),
            new AboutPage(*control)};
        for (QWidget *page : std::as_const(pages))
            window->addPage(page, QString::fromLatin1(page->metaObject()->className()), Glyph::About);
    }

    /// Shows each page and each section of the settings, one after the other.
    void forEach(const std::function<void(QWidget &)> &look) const
    {
        for (QWidget *page : pages) {
            window->showPage(page);
            auto *sections = qobject_cast<SettingsPage *>(page) ? page->findChild<QListWidget *>() : nullptr;
            for (int section = 0; section < (sections ? sections->count() : 1); ++section) {
                if (sections)
                    sections->setCurrentRow(section);
                QCoreApplication::processEvents(); // layouts
                look(*page);
            }
        }
    }

    QTemporaryDir folder;
    SettingsInput input;
    Journal journal;
    std::unique_ptr<Host> host;
    TrafficHistory history;
    std::unique_ptr<RelayControl> control;
    std::unique_ptr<MainWindow> window;
    QList<QWidget *> pages; ///< the window's
};

QString describe(const QWidget &widget)
{
    const auto *button = qobject_cast<const QAbstractButton *>(&widget);
    return QString::fromLatin1(widget.metaObject()->className()) + u' ' + widget.accessibleName()
        + (button ? button->text() : QString());
}

/// What a person uses: types into, chooses from, presses.
QList<QWidget *> controlsOf(const QWidget &page)
{
    QList<QWidget *> controls;
    const auto widgets = page.findChildren<QWidget *>();
    for (QWidget *widget : widgets) {
        // Parts of other controls: the button that clears a line, the corner of a table, the list of a combo
        // box.
        const bool part = qobject_cast<QLineEdit *>(widget->parentWidget())
            || qobject_cast<QAbstractItemView *>(widget->parentWidget()) || widget->window() != page.window();
        const bool control = qobject_cast<QAbstractButton *>(widget) || qobject_cast<QLineEdit *>(widget)
            || qobject_cast<QComboBox *>(widget)
            || (qobject_cast<QAbstractItemView *>(widget) && !widget->inherits("QHeaderView"));
        if (control && !part && widget->isVisible())
            controls.append(widget);
    }
    return controls;
}

} // namespace

class TestEveryPage : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void everyLetterIsOneControls_data()
    {
        QTest::addColumn<QString>("language");
        QTest::newRow("English") << u"en"_s;
        QTest::newRow("German") << u"de"_s;
    }
    void everyLetterIsOneControls()
    {
        QFETCH(QString, language);
        QTranslator translator;
        QVERIFY(translator.load(QStringLiteral(TRANSLATIONS "/realtime-relay_") + language));
        QVERIFY(QCoreApplication::installTranslator(&translator));
        const Window all;
        all.window->show();
        QVERIFY(QTest::qWaitForWindowExposed(all.window.get()));
        QStringList shared;
        all.forEach([&shared](QWidget &page) {
            QHash<QKeySequence, QString> taken;
            const auto widgets = page.findChildren<QWidget *>();
            for (const QWidget *widget : widgets) {
                const auto *label = qobject_cast<const QLabel *>(widget);
                const auto *button = qobject_cast<const QAbstractButton *>(widget);
                const QString text
                    = label && label->buddy() ? label->text() : (button ? button->text() : QString());
                const QKeySequence letter = QKeySequence::mnemonic(text);
                if (letter.isEmpty() || !widget->isVisible())
                    continue;
                if (taken.contains(letter))
                    shared.append(text + u" / "_s + taken.value(letter));
                taken.insert(letter, text);
            }
        });
        QVERIFY2(shared.isEmpty(), qPrintable(shared.join(u'\n')));
    }

    void textsFit_data()
    {
        QTest::addColumn<QString>("language");
        QTest::addColumn<double>("scale");
        QTest::newRow("English") << u"en"_s << 1.0;
        QTest::newRow("English, larger") << u"en"_s << 1.5;
        QTest::newRow("German") << u"de"_s << 1.0;
        QTest::newRow("German, larger") << u"de"_s << 1.5;
    }
    void textsFit()
    {
        QFETCH(QString, language);
        QFETCH(double, scale);
        QTranslator translator;
        QVERIFY(translator.load(QStringLiteral(TRANSLATIONS "/realtime-relay_") + language));
        QVERIFY(QCoreApplication::installTranslator(&translator));
        const QFont normal = QApplication::font();
        QFont font = normal;
        font.setPointSizeF(normal.pointSizeF() * scale);
        QApplication::setFont(font);

        QStringList clipped;
        {
            const Window all;
            all.window->resize(int(1040 * scale), int(720 * scale));
            all.window->show();
            QVERIFY(QTest::qWaitForWindowExposed(all.window.get()));
            all.forEach([&clipped](QWidget &page) { clipped += clippedTexts(page); });
        }
        QApplication::setFont(normal);
        QVERIFY2(clipped.isEmpty(), qPrintable(clipped.join(u'\n')));
    }

    void everyControlHasAName()
    {
        const Window all;
        all.window->show();
        QVERIFY(QTest::qWaitForWindowExposed(all.window.get()));
        QStringList nameless;
        all.forEach([&nameless](QWidget &page) {
            const auto controls = controlsOf(page);
            QVERIFY(!controls.isEmpty());
            for (QWidget *control : controls) {
                QAccessibleInterface *accessible = QAccessible::queryAccessibleInterface(control);
                if (!accessible || accessible->text(QAccessible::Name).isEmpty())
                    nameless.append(describe(*control));
            }
        });
        QVERIFY2(nameless.isEmpty(), qPrintable(nameless.join(u'\n')));
    }

    void everyControlIsReachedByTheTabKey()
    {
        const Window all;
        all.window->show();
        QVERIFY(QTest::qWaitForWindowExposed(all.window.get()));
        all.window->activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(all.window.get()));
        QStringList missed;
        all.forEach([&](QWidget &page) {
            all.window->findChild<QListWidget *>()->setFocus();
            QSet<QWidget *> reached;
            QWidget *const first = QApplication::focusWidget();
            constexpr int enough = 500; // where it never comes round
            for (int i = 0; i < enough && (i == 0 || QApplication::focusWidget() != first); ++i) {
                reached.insert(QApplication::focusWidget());
                QTest::keyClick(QApplication::focusWidget(), Qt::Key_Tab);
            }
            const auto controls = controlsOf(page);
            for (QWidget *control : controls) {
                if (control->isEnabled() && !reached.contains(control))
                    missed.append(describe(*control));
            }
        });
        QVERIFY2(missed.isEmpty(), qPrintable(missed.join(u'\n')));
    }

private:
    static QStringList clippedTexts(const QWidget &page)
    {
        QStringList clipped;
        const auto labels = page.findChildren<QLabel *>();
        for (const QLabel *label : labels) {
            if (!label->isVisible() || label->text().isEmpty())
                continue;
            const int height
                = label->wordWrap() ? label->heightForWidth(label->width()) : label->sizeHint().height();
            if (label->height() < height
                || (!label->wordWrap() && label->width() < label->sizeHint().width()))
                clipped.append(label->text());
        }
        const auto buttons = page.findChildren<QAbstractButton *>();
        for (const QAbstractButton *button : buttons) {
            if (button->isVisible() && !button->text().isEmpty()
                && (button->width() < button->minimumSizeHint().width()
                    || button->height() < button->minimumSizeHint().height()))
                clipped.append(button->text());
        }
        const auto boxes = page.findChildren<QComboBox *>();
        for (const QComboBox *box : boxes) {
            if (box->isVisible() && box->width() < box->minimumSizeHint().width())
                clipped.append(box->currentText());
        }
        const auto headers = page.findChildren<QHeaderView *>();
        for (const QHeaderView *header : headers) {
            if (!header->isVisible() || header->orientation() != Qt::Horizontal)
                continue;
            for (int section = 0; section < header->count(); ++section) {
                if (!header->isSectionHidden(section)
                    && header->sectionSize(section) < header->sectionSizeHint(section))
                    clipped.append(header->model()->headerData(section, Qt::Horizontal).toString());
            }
        }
        const auto lists = page.window()->findChildren<QListWidget *>();
        for (const QListWidget *list : lists) {
            const int icon = list->item(0)->icon().isNull() ? 0 : list->iconSize().width();
            for (int row = 0; list->isVisible() && row < list->count(); ++row) {
                const QString text = list->item(row)->text();
                if (list->fontMetrics().horizontalAdvance(text) + icon > list->viewport()->width())
                    clipped.append(text);
            }
        }
        return clipped;
    }
};

RELAY_TEST(TestEveryPage)
#include "tst_everypage.moc"
