// SPDX-License-Identifier: MIT
// Whether every text of every page has room: in each language, with letters half as large again.
#include "ui/about/aboutpage.h"
#include "ui/control/relaycontrol.h"
#include "ui/control/traffichistory.h"
#include "ui/log/logpage.h"
#include "ui/overview/overviewpage.h"
#include "ui/sessions/sessionspage.h"
#include "ui/settings/settingspage.h"

#include <QAbstractButton>
#include <QApplication>
#include <QLabel>
#include <QTemporaryDir>
#include <QTest>
#include <QTranslator>

#include <memory>
#include <vector>

using namespace rr;
using namespace Qt::StringLiterals;

class TestTextFits : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void pages_data()
    {
        QTest::addColumn<QString>("language");
        QTest::addColumn<double>("scale");
        QTest::newRow("English") << u"en"_s << 1.0;
        QTest::newRow("English, larger") << u"en"_s << 1.5;
        QTest::newRow("German") << u"de"_s << 1.0;
        QTest::newRow("German, larger") << u"de"_s << 1.5;
    }
    void pages()
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

        const QTemporaryDir folder;
        Journal journal;
        Relay relay(journal);
        SettingsInput input;
        input.file = folder.filePath(u"settings.json"_s);
        RelayControl control(relay, journal, input);
        TroubleWatch troubles(control);
        const TrafficHistory history;
        std::vector<std::unique_ptr<QWidget>> pages;
        pages.push_back(std::make_unique<OverviewPage>(control, troubles, history));
        pages.push_back(std::make_unique<SessionsPage>(control));
        pages.push_back(std::make_unique<LogPage>(control));
        pages.push_back(std::make_unique<SettingsPage>(control));
        pages.push_back(std::make_unique<AboutPage>(control));
        for (const auto &page : pages) {
            page->resize(int(880 * scale), int(640 * scale));
            page->show();
            QVERIFY(QTest::qWaitForWindowExposed(page.get()));
            for (const QString &clipped : clippedTexts(*page))
                QVERIFY2(false, qPrintable(clipped));
            page->hide();
        }
        QApplication::setFont(normal);
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
        return clipped;
    }
};

QTEST_MAIN(TestTextFits)
#include "tst_textfits.moc"
