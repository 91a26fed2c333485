// SPDX-License-Identifier: MIT
#include "ui/log/logpage.h"

#include "tests/support/relaytest.h"
#include "tests/ui/sharing/playedrelay.h"
#include "ui/control/relaycontrol.h"
#include "ui/log/logmodel.h"
#include "ui/log/logtable.h"

#include <QAccessible>
#include <QCheckBox>
#include <QClipboard>
#include <QComboBox>
#include <QFileDialog>
#include <QGuiApplication>
#include <QHeaderView>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QScrollBar>
#include <QTemporaryDir>
#include <QTest>

#include <memory>

using namespace Qt::StringLiterals;
using rr::LogLevel;

class TestLogPage : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init();
    void cleanup();
    void followsTheJournal();
    void readsNothingWhileHidden();
    void filters();
    void showsOneCall();
    void pauses();
    void stopsFollowingWhenScrolledAway();
    void staysInPlaceWhenTheOldestGo();
    void clearsAndCopies();
    void clearsOnlyWhatIsShown();
    void showsAnEntryInFull();
    void givesTheMessageTheRoom();
    void remembers();
    void letsInAPageThatWasTurnedAway();
    void letsInAPageThatCameByTheShare();
    void everyControlHasAName();

private:
    void add(const QString &message, LogLevel level = LogLevel::Info, const QString &call = {});
    QPushButton *button(const QString &text) const;
    QLineEdit *line(const QString &name) const;
    QCheckBox *box(const QString &text) const;
    int rows() const { return m_page->findChild<rr::LogTable *>()->model()->rowCount(); }

    QTemporaryDir m_folder;
    std::unique_ptr<rr::Journal> m_journal;
    std::unique_ptr<rr::Host> m_host;
    std::unique_ptr<rr::RelayControl> m_control;
    std::unique_ptr<rr::LogPage> m_page;
};

void TestLogPage::init()
{
    rr::SettingsInput input;
    input.file = m_folder.filePath(u"settings.json"_s);
    m_journal = std::make_unique<rr::Journal>();
    m_host = std::make_unique<rr::Host>(*m_journal, input);
    m_control = std::make_unique<rr::RelayControl>(*m_host);
    m_page = std::make_unique<rr::LogPage>(*m_control);
    m_page->resize(800, 400);
    m_page->show();
    QVERIFY(QTest::qWaitForWindowExposed(m_page.get()));
}

void TestLogPage::cleanup()
{
    m_page.reset();
    m_control.reset();
    m_host.reset();
    m_journal.reset();
}

void TestLogPage::add(const QString &message, LogLevel level, const QString &call)
{
    rr::JournalEntry entry;
    entry.level = level;
    entry.call = call;
    entry.message = rr::asTheySaid(message);
    m_journal->add(std::move(entry));
}

QPushButton *TestLogPage::button(const QString &text) const
{
    const auto buttons = m_page->findChildren<QPushButton *>();
    for (QPushButton *button : buttons) {
        if (button->text().remove(u'&').startsWith(text))
            return button;
    }
    return nullptr;
}

QLineEdit *TestLogPage::line(const QString &name) const
{
    const auto lines = m_page->findChildren<QLineEdit *>();
    for (QLineEdit *line : lines) {
        if (line->accessibleName() == name)
            return line;
    }
    return nullptr;
}

QCheckBox *TestLogPage::box(const QString &text) const
{
    const auto boxes = m_page->findChildren<QCheckBox *>();
    for (QCheckBox *box : boxes) {
        if (box->text().remove(u'&') == text)
            return box;
    }
    return nullptr;
}

void TestLogPage::followsTheJournal()
{
    QCOMPARE(rows(), 0);
    add(u"one"_s);
    QTRY_COMPARE(rows(), 1);
    for (int i = 0; i < 200; ++i)
        add(QString::number(i));
    QTRY_COMPARE(rows(), 201);
    const auto *bar = m_page->findChild<rr::LogTable *>()->verticalScrollBar();
    QVERIFY(bar->maximum() > 0);
    QTRY_COMPARE(bar->value(), bar->maximum());
}

void TestLogPage::readsNothingWhileHidden()
{
    m_page->hide();
    add(u"unseen"_s);
    Q_EMIT m_control->snapshotTaken(m_control->latest());
    QCOMPARE(rows(), 0);
    m_page->show();
    QTRY_COMPARE(rows(), 1);
}

void TestLogPage::filters()
{
    add(u"fine"_s, LogLevel::Info, u"aaaa0000"_s);
    add(u"bad"_s, LogLevel::Error, u"aaaa0000"_s);
    add(u"bad too"_s, LogLevel::Error, u"bbbb0000"_s);
    QTRY_COMPARE(rows(), 3);
    QTest::keyClick(m_page->findChild<QComboBox *>(), Qt::Key_End);
    QCOMPARE(rows(), 2);
    QTest::keyClicks(line(u"Call"_s), u"bbbb"_s);
    QCOMPARE(rows(), 1);
    QTest::keyClicks(line(u"Text"_s), u"nothing"_s);
    QCOMPARE(rows(), 0);
    line(u"Text"_s)->clear();
    line(u"Call"_s)->clear();
    QTest::keyClick(m_page->findChild<QComboBox *>(), Qt::Key_Home);
    QCOMPARE(rows(), 3);
}

void TestLogPage::showsOneCall()
{
    add(u"fine"_s, LogLevel::Info, u"aaaa0000"_s);
    add(u"bad"_s, LogLevel::Error, u"bbbb0000"_s);
    line(u"Text"_s)->setText(u"nothing"_s);
    m_page->showCall(u"aaaa0000"_s);
    QTRY_COMPARE(rows(), 1);
    QCOMPARE(m_page->findChild<rr::LogTable *>()->model()->index(0, 3).data().toString(), u"fine"_s);
}

void TestLogPage::pauses()
{
    box(u"Pause"_s)->click();
    add(u"later"_s);
    Q_EMIT m_control->snapshotTaken(m_control->latest());
    QCOMPARE(rows(), 0);
    box(u"Pause"_s)->click();
    QCOMPARE(rows(), 1);
}

void TestLogPage::letsInAPageThatWasTurnedAway()
{
    auto *allow = m_page->findChild<QPushButton *>(u"allowOrigin"_s);
    const auto refused = [this](const QString &code, const QString &origin) {
        rr::JournalEntry entry;
        entry.event = "refused";
        entry.message = "Refused.";
        entry.fields = {{"code", code}, {"status", 403}, {"origin", origin}};
        m_journal->add(std::move(entry));
    };
    refused(u"rate_limited"_s, u"https://app.example.org"_s);
    refused(u"origin_not_allowed"_s, u"null"_s);
    refused(u"origin_not_allowed"_s, u"https://app.example.org"_s);
    QTRY_COMPARE(rows(), 3);
    auto *table = m_page->findChild<rr::LogTable *>();
    for (int row = 0; row < 2; ++row) {
        table->selectRow(row);
        QVERIFY(!allow->isVisible());
    }
    table->selectRow(2);
    QVERIFY(allow->isVisible());
    QVERIFY2(allow->text().contains("https://app.example.org"_L1), qPrintable(allow->text()));
    QTest::mouseClick(allow, Qt::LeftButton);
    QCOMPARE(m_control->settings().allowedOrigins.last(), u"https://app.example.org"_s);
    QVERIFY(!allow->isVisible());
    QVERIFY(m_page->findChild<QPlainTextEdit *>()->toPlainText().contains("https://app.example.org"_L1));
}

void TestLogPage::letsInAPageThatCameByTheShare()
{
#ifdef Q_OS_WIN
    QSKIP("The way that is played is a shell script.");
#endif
    auto *allow = m_page->findChild<QPushButton *>(u"allowOrigin"_s);
    rr::Settings settings = m_control->settings();
    settings.port = 0;
    QVERIFY(m_control->apply(settings).isEmpty());
    rr::JournalEntry entry;
    entry.event = "refused";
    entry.message = "Refused.";
    entry.fields = {{"code", u"origin_not_allowed"_s}, {"status", 403},
        {"origin", u"https://late.example.org"_s}, {"door", u"share"_s}};
    m_journal->add(std::move(entry));
    QTRY_COMPARE(rows(), 1);
    m_page->findChild<rr::LogTable *>()->selectRow(0);
    QVERIFY(!allow->isVisible()); // nothing is shared
    const auto problem = m_control->share(rr::playedPlan(m_folder));
    QVERIFY2(!problem, problem ? qPrintable(rr::plain(*problem)) : "");
    QVERIFY(allow->isVisible());
    const QStringList allowed = m_control->settings().allowedOrigins;
    QTest::mouseClick(allow, Qt::LeftButton);
    QCOMPARE(m_control->sharing().origins().last(), u"https://late.example.org"_s);
    QCOMPARE(m_control->settings().allowedOrigins, allowed);
    QVERIFY(!allow->isVisible());
    QVERIFY(m_page->findChild<QPlainTextEdit *>()->toPlainText().contains("https://late.example.org"_L1));
}

void TestLogPage::stopsFollowingWhenScrolledAway()
{
    for (int i = 0; i < 200; ++i)
        add(QString::number(i));
    QTRY_COMPARE(rows(), 200);
    auto *bar = m_page->findChild<rr::LogTable *>()->verticalScrollBar();
    QTRY_COMPARE(bar->value(), bar->maximum());
    bar->triggerAction(QAbstractSlider::SliderPageStepSub);
    QVERIFY(!box(u"Follow"_s)->isChecked());
    const int value = bar->value();
    add(u"more"_s);
    QTRY_COMPARE(rows(), 201);
    QCOMPARE(bar->value(), value);
    box(u"Follow"_s)->click();
    QCOMPARE(bar->value(), bar->maximum());
}

void TestLogPage::staysInPlaceWhenTheOldestGo()
{
    for (int i = 0; i < rr::Journal::defaultCapacity; ++i)
        add(QString::number(i));
    QTRY_COMPARE(rows(), rr::Journal::defaultCapacity);
    auto *table = m_page->findChild<rr::LogTable *>();
    table->verticalScrollBar()->setValue(100);
    const auto topText = [table] { return table->indexAt({5, 5}).siblingAtColumn(3).data().toString(); };
    QCOMPARE(topText(), u"100"_s);
    for (int i = 0; i < 30; ++i)
        add(u"new"_s);
    QTRY_COMPARE(table->model()->index(rows() - 1, 3).data().toString(), u"new"_s);
    QCOMPARE(topText(), u"100"_s);
}

void TestLogPage::clearsAndCopies()
{
    add(u"The first."_s, LogLevel::Error, u"aaaa0000"_s);
    add(u"The second."_s);
    QTRY_COMPARE(rows(), 2);
    button(u"Copy"_s)->click();
    QCOMPARE(QGuiApplication::clipboard()->text().count(u'\n'), 2);
    auto *table = m_page->findChild<rr::LogTable *>();
    table->selectRow(0);
    QTest::keySequence(table, QKeySequence::Copy);
    const QString copied = QGuiApplication::clipboard()->text();
    QCOMPARE(copied.count(u'\n'), 1);
    QVERIFY2(copied.contains(u"aaaa0000 The first."_s), qPrintable(copied));
    button(u"Clear"_s)->click();
    QCOMPARE(rows(), 0);
}

void TestLogPage::clearsOnlyWhatIsShown()
{
    add(u"shown"_s);
    QTRY_COMPARE(rows(), 1);
    box(u"Pause"_s)->click();
    add(u"held back"_s);
    button(u"Clear"_s)->click();
    QCOMPARE(rows(), 0);
    box(u"Pause"_s)->click();
    QCOMPARE(rows(), 1);
    QCOMPARE(m_page->findChild<rr::LogTable *>()->model()->index(0, 3).data().toString(), u"held back"_s);
}

void TestLogPage::showsAnEntryInFull()
{
    const QString message = u"The upstream refused the call. "_s.repeated(20).trimmed();
    add(message);
    add(u"another"_s);
    QTRY_COMPARE(rows(), 2);
    const auto *shown = m_page->findChild<QPlainTextEdit *>();
    QCOMPARE(shown->toPlainText(), QString());
    auto *table = m_page->findChild<rr::LogTable *>();
    table->setFocus();
    table->selectRow(0);
    QVERIFY2(shown->toPlainText().contains(message), qPrintable(shown->toPlainText()));
    QTest::keyClick(table, Qt::Key_Down);
    QVERIFY(shown->toPlainText().contains(u"another"_s));
    button(u"Clear"_s)->click();
    QCOMPARE(shown->toPlainText(), QString());
}

void TestLogPage::givesTheMessageTheRoom()
{
    const auto *table = m_page->findChild<rr::LogTable *>();
    const int narrow = table->columnWidth(rr::LogModel::Message);
    m_page->resize(1800, 400);
    QTRY_VERIFY(table->columnWidth(rr::LogModel::Message) > narrow + 500);
    m_page->resize(800, 400);
    QTRY_VERIFY(table->columnWidth(rr::LogModel::Message) < narrow + 500);
    QVERIFY(table->columnWidth(rr::LogModel::Message) >= table->fontMetrics().averageCharWidth() * 48);
}

void TestLogPage::remembers()
{
    m_page->findChild<QComboBox *>()->setCurrentIndex(2);
    line(u"Text"_s)->setText(u"upstream"_s);
    m_page->resize(1400, 400);
    m_page->findChild<rr::LogTable *>()->horizontalHeader()->resizeSection(rr::LogModel::Details, 321);
    rr::LogPage other(*m_control);
    QVERIFY(!other.restoreState("nonsense"));
    QVERIFY(other.restoreState(m_page->saveState()));
    other.resize(m_page->size());
    other.show();
    QTRY_COMPARE(other.saveState(), m_page->saveState());
    QCOMPARE(other.findChild<rr::LogTable *>()->columnWidth(rr::LogModel::Details), 321);
    QCOMPARE(other.findChild<QComboBox *>()->currentIndex(), 2);
}

void TestLogPage::everyControlHasAName()
{
    const auto widgets = m_page->findChildren<QWidget *>();
    for (QWidget *widget : widgets) {
        if (widget->focusPolicy() == Qt::NoFocus || !widget->isVisible())
            continue;
        QAccessibleInterface *accessible = QAccessible::queryAccessibleInterface(widget);
        QVERIFY2(
            accessible && !accessible->text(QAccessible::Name).isEmpty(), widget->metaObject()->className());
    }
}

RELAY_TEST(TestLogPage)
#include "tst_logpage.moc"
