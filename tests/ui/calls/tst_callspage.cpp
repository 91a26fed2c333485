// SPDX-License-Identifier: MIT
#include "ui/calls/callspage.h"

#include "core/simulator/simulatorserver.h"
#include "tests/support/relaytest.h"
#include "ui/calls/calldetails.h"
#include "ui/calls/calltable.h"
#include "ui/control/relaycontrol.h"
#include "ui/log/logtable.h"

#include <QAccessible>
#include <QClipboard>
#include <QComboBox>
#include <QFileDialog>
#include <QGuiApplication>
#include <QHeaderView>
#include <QJsonArray>
#include <QJsonDocument>
#include <QLineEdit>
#include <QMenu>
#include <QMessageBox>
#include <QPushButton>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <QTreeWidget>
#include <QWebSocket>

#include <memory>

using namespace Qt::StringLiterals;
using rr::CallColumn;

/// The page over a relay that carries real calls to the simulator.
class TestCallsPage : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void init();
    void cleanup();
    void showsACall();
    void takesNoCallsWhileHidden();
    void filtersWhileTyping();
    void filtersByKind();
    void showsWhatTheUpstreamSaysOfItsEnd();
    void showsDetailsAndLog();
    void tellsWhoCameByTheLink();
    void endsTheSelectedOne();
    void endsAllThatAreShown();
    void changesNothingWhenCancelled();
    void copies();
    void exports();
    void hidesColumns();
    void movesAndSortsInTheMenu();
    void remembers();
    void everyControlHasAName();

private:
    QWebSocket *call(const QByteArray &model);
    QPushButton *button(const QString &text) const;
    QLineEdit *filterBox() const;
    int rows() const { return m_table->model()->rowCount(); }
    QString cell(int row, CallColumn column) const;
    void confirm(const QString &answer);

    QTemporaryDir m_folder;
    std::unique_ptr<rr::SimulatorServer> m_simulator;
    std::unique_ptr<rr::Journal> m_journal;
    std::unique_ptr<rr::Host> m_host;
    std::unique_ptr<rr::RelayControl> m_control;
    std::unique_ptr<rr::CallsPage> m_page;
    std::unique_ptr<QObject> m_calls;
    rr::CallTable *m_table = nullptr;
};

void TestCallsPage::initTestCase()
{
    rr::SimulatorSettings simulated;
    simulated.models = rr::Models(u"any"_s); // calls are told apart by them
    m_simulator = std::make_unique<rr::SimulatorServer>(simulated);
    QVERIFY(!m_simulator->start());
}

void TestCallsPage::init()
{
    rr::SettingsInput input;
    input.defaults.host = u"127.0.0.1"_s;
    input.defaults.port = 0;
    input.defaults.upstreamUrl = m_simulator->url();
    input.defaults.workers = 1;
    input.file = m_folder.filePath(u"settings.json"_s);
    m_journal = std::make_unique<rr::Journal>();
    m_host = std::make_unique<rr::Host>(*m_journal, input);
    m_control = std::make_unique<rr::RelayControl>(*m_host);
    m_control->start();
    QCOMPARE(m_control->state(), rr::RelayState::Running);
    m_page = std::make_unique<rr::CallsPage>(*m_control);
    m_table = m_page->findChild<rr::CallTable *>();
    m_page->resize(1000, 600);
    m_page->show();
    QVERIFY(QTest::qWaitForWindowExposed(m_page.get()));
    m_calls = std::make_unique<QObject>();
}

void TestCallsPage::cleanup()
{
    m_calls.reset();
    m_page.reset();
    m_control.reset();
    m_host.reset();
    m_journal.reset();
}

QWebSocket *TestCallsPage::call(const QByteArray &model)
{
    auto *socket
        = new QWebSocket(u"http://localhost:5173"_s, QWebSocketProtocol::VersionLatest, m_calls.get());
    QNetworkRequest request(QUrl(u"ws://127.0.0.1:%1/realtime?model=%2"_s.arg(m_host->relay().port())
                                     .arg(QString::fromLatin1(model))));
    request.setRawHeader("Authorization", "Bearer sk-test-0123456789");
    socket->open(request);
    return socket;
}

QPushButton *TestCallsPage::button(const QString &text) const
{
    const auto buttons = m_page->findChildren<QPushButton *>();
    for (QPushButton *button : buttons) {
        if (button->text().remove(u'&').startsWith(text))
            return button;
    }
    return nullptr;
}

QLineEdit *TestCallsPage::filterBox() const
{
    const auto lines = m_page->findChildren<QLineEdit *>();
    for (QLineEdit *line : lines) {
        if (line->accessibleName() == "Filter"_L1)
            return line;
    }
    return nullptr;
}

QString TestCallsPage::cell(int row, CallColumn column) const
{
    return m_table->model()->index(row, int(column)).data().toString();
}

void TestCallsPage::confirm(const QString &answer)
{
    auto *box = m_page->findChild<QMessageBox *>();
    QVERIFY(box);
    const auto buttons = box->buttons();
    for (QAbstractButton *button : buttons) {
        if (button->text().remove(u'&').startsWith(answer))
            return button->click();
    }
    QFAIL("no such answer");
}

void TestCallsPage::showsACall()
{
    QCOMPARE(rows(), 0);
    QWebSocket *socket = call("gpt-realtime");
    QTRY_COMPARE(rows(), 1);
    QTRY_COMPARE(cell(0, CallColumn::State), u"Open"_s);
    QCOMPARE(cell(0, CallColumn::Client), u"127.0.0.1"_s);
    QCOMPARE(cell(0, CallColumn::Origin), u"http://localhost:5173"_s);
    QCOMPARE(cell(0, CallColumn::Model), u"gpt-realtime"_s);
    QTRY_VERIFY(cell(0, CallColumn::MessagesDown).toInt() >= 1);
    socket->close();
    QTRY_COMPARE(cell(0, CallColumn::State), u"Ended"_s);
    QCOMPARE(cell(0, CallColumn::EndedBy), u"Client"_s);
    QCOMPARE(cell(0, CallColumn::CloseCode), u"1000"_s);
    QCOMPARE(rows(), 1);
}

void TestCallsPage::takesNoCallsWhileHidden()
{
    m_page->hide();
    QWebSocket *socket = call("gpt-realtime");
    QTRY_COMPARE(m_host->relay().snapshot().activeConnections, 1);
    Q_EMIT m_control->snapshotTaken(m_host->relay().snapshot(rr::Relay::Detail::Calls));
    QCOMPARE(rows(), 0);
    QVERIFY(m_control->latest().calls.isEmpty());
    m_page->show();
    QTRY_COMPARE(rows(), 1);
    socket->abort();
}

void TestCallsPage::filtersWhileTyping()
{
    call("gpt-realtime");
    call("gpt-other");
    QTRY_COMPARE(rows(), 2);
    QTest::keyClicks(filterBox(), u"oth"_s);
    QCOMPARE(rows(), 1);
    QCOMPARE(cell(0, CallColumn::Model), u"gpt-other"_s);
    QTest::keyClicks(filterBox(), u"x"_s);
    QCOMPARE(rows(), 0);
    filterBox()->clear();
    QCOMPARE(rows(), 2);
}

void TestCallsPage::filtersByKind()
{
    QWebSocket *realtime = call("gpt-realtime");
    call("gpt-realtime&intent=transcription");
    QTRY_COMPARE(rows(), 2);
    QTRY_COMPARE(realtime->state(), QAbstractSocket::ConnectedState);
    auto *kinds = m_page->findChild<QComboBox *>();
    kinds->setCurrentText(u"Transcription"_s);
    QCOMPARE(rows(), 1);
    QCOMPARE(cell(0, CallColumn::Kind), u"Transcription"_s);
    // What is not shown is not ended.
    button(u"End all"_s)->click();
    confirm(u"End"_s);
    QTRY_COMPARE(cell(0, CallColumn::EndedBy), u"Operator"_s);
    QTRY_COMPARE(m_host->relay().snapshot().activeConnections, 1); // a moment later
    QCOMPARE(realtime->state(), QAbstractSocket::ConnectedState);

    const QByteArray state = m_page->saveState();
    kinds->setCurrentText(u"Live"_s);
    QCOMPARE(rows(), 0);
    QVERIFY(m_page->restoreState(state));
    QCOMPARE(kinds->currentText(), u"Transcription"_s);
    QCOMPARE(rows(), 1);
    kinds->setCurrentIndex(0);
    QCOMPARE(rows(), 2);
}

void TestCallsPage::showsWhatTheUpstreamSaysOfItsEnd()
{
    call("gpt-realtime");
    QTRY_COMPARE(rows(), 1);
    // It says so in its first event, and counts from there.
    QTRY_VERIFY(cell(0, CallColumn::TimeLeft).startsWith(u"59:"_s));
    m_table->selectRow(0);
    const auto *facts = m_page->findChild<QTreeWidget *>();
    const QString left = facts->topLevelItem(0)->text(1);
    QVERIFY2(left.startsWith(u"Open (59:"_s) && left.endsWith(u" left)"_s), qPrintable(left));
    QTRY_VERIFY(facts->topLevelItem(0)->text(1) != left);
}

void TestCallsPage::showsDetailsAndLog()
{
    call("gpt-one");
    QTRY_COMPARE(rows(), 1);
    call("gpt-two");
    QTRY_COMPARE(rows(), 2);
    auto *facts = m_page->findChild<QTreeWidget *>();
    QVERIFY(!facts->isVisible());
    m_table->sortByColumn(int(CallColumn::Model), Qt::AscendingOrder);
    m_table->setFocus();
    m_table->selectRow(1);
    QVERIFY(facts->isVisible());
    const auto isShown
        = [facts](const QString &text) { return !facts->findItems(text, Qt::MatchContains, 1).isEmpty(); };
    QVERIFY(isShown(u"gpt-two"_s));
    QVERIFY(!isShown(u"gpt-one"_s));

    const auto *log = m_page->findChild<rr::LogTable *>();
    const QString id = cell(1, CallColumn::Id);
    QTRY_VERIFY(log->model()->rowCount() >= 2); // opened, connected
    for (int row = 0; row < log->model()->rowCount(); ++row)
        QCOMPARE(log->model()->index(row, 2).data().toString(), id);

    QSignalSpy requested(m_page.get(), &rr::CallsPage::logRequested);
    button(u"Open in log"_s)->click();
    QCOMPARE(requested.size(), 1);
    QCOMPARE(requested.first().first().toString(), id);

    m_table->clearSelection();
    QVERIFY(!facts->isVisible());
}

void TestCallsPage::tellsWhoCameByTheLink()
{
    const auto cameBy = [](rr::Door door) {
        rr::CallRow row;
        row.call.door = door;
        for (const auto &[name, value] : rr::callFacts(row)) {
            if (name == "Came by"_L1)
                return value;
        }
        return QString();
    };
    QCOMPARE(cameBy(rr::Door::Share), u"the shared link"_s);
    QCOMPARE(cameBy(rr::Door::Public), u"\u2013"_s);
}

void TestCallsPage::endsTheSelectedOne()
{
    QWebSocket *socket = call("gpt-one");
    call("gpt-two");
    QTRY_COMPARE(rows(), 2);
    m_table->sortByColumn(int(CallColumn::Model), Qt::AscendingOrder);
    QVERIFY(!button(u"End call"_s)->isEnabled());
    m_table->selectRow(0);
    QSignalSpy disconnected(socket, &QWebSocket::disconnected);
    QTest::keyClick(m_table, Qt::Key_Delete);
    confirm(u"End"_s);
    QTRY_COMPARE(disconnected.size(), 1);
    QCOMPARE(int(socket->closeCode()), 4410);
    QTRY_COMPARE(cell(0, CallColumn::EndedBy), u"Operator"_s);
    QCOMPARE(cell(1, CallColumn::EndedBy), QString());
    QTRY_VERIFY(!button(u"End call"_s)->isEnabled());
}

void TestCallsPage::endsAllThatAreShown()
{
    call("gpt-one");
    call("gpt-two");
    call("other");
    QTRY_COMPARE(rows(), 3);
    filterBox()->setText(u"gpt"_s);
    button(u"End all"_s)->click();
    auto *box = m_page->findChild<QMessageBox *>();
    QVERIFY(box);
    QVERIFY2(box->text().contains(u'2'), qPrintable(box->text()));
    confirm(u"End"_s);
    QTRY_COMPARE(m_host->relay().snapshot().activeConnections, 1);
    filterBox()->setText(u"other"_s);
    QCOMPARE(cell(0, CallColumn::EndedBy), QString());
}

void TestCallsPage::changesNothingWhenCancelled()
{
    call("gpt-one");
    QTRY_COMPARE(rows(), 1);
    button(u"End all"_s)->click();
    confirm(u"Cancel"_s);
    QTRY_VERIFY(!m_page->findChild<QMessageBox *>());
    QCOMPARE(m_host->relay().snapshot().activeConnections, 1);
}

void TestCallsPage::copies()
{
    call("gpt-one");
    QTRY_COMPARE(rows(), 1);
    button(u"Copy"_s)->click();
    const QStringList lines = QGuiApplication::clipboard()->text().split(u'\n', Qt::SkipEmptyParts);
    QCOMPARE(lines.size(), 2);
    QVERIFY(lines[0].startsWith(u"State\tStarted\tClient"_s));
    QVERIFY(lines[1].contains(u"\tgpt-one\t"_s));
}

void TestCallsPage::exports()
{
    call("gpt-one");
    QTRY_COMPARE(rows(), 1);
    button(u"Export"_s)->click();
    auto *dialog = m_page->findChild<QFileDialog *>();
    QVERIFY(dialog);
    dialog->setDirectory(m_folder.path());
    dialog->selectFile(u"calls.json"_s);
    QMetaObject::invokeMethod(dialog, "accept");
    QFile file(m_folder.filePath(u"calls.json"_s));
    QTRY_VERIFY(file.exists());
    QVERIFY(file.open(QIODevice::ReadOnly));
    const QJsonArray array = QJsonDocument::fromJson(file.readAll()).array();
    QCOMPARE(array.size(), 1);
    QCOMPARE(array[0].toObject()["model"_L1], u"gpt-one"_s);
}

void TestCallsPage::hidesColumns()
{
    QVERIFY(!m_table->isColumnHidden(int(CallColumn::Model)));
    QMenu *menu = m_table->columnMenu();
    Q_EMIT menu->aboutToShow();
    QVERIFY(menu->actions().size() > rr::callColumnCount);
    QAction *model = menu->actions().at(int(CallColumn::Model));
    QVERIFY(model->isChecked());
    model->trigger();
    QVERIFY(m_table->isColumnHidden(int(CallColumn::Model)));
    QVERIFY(!m_table->visibleColumns().contains(CallColumn::Model));

    // The last one cannot be hidden: there would be no header to get the others back with.
    for (int i = 1; i < rr::callColumnCount; ++i)
        m_table->setColumnHidden(i, true);
    Q_EMIT menu->aboutToShow();
    QVERIFY(!menu->actions().first()->isEnabled());
}

void TestCallsPage::movesAndSortsInTheMenu()
{
    const auto choose = [this](const QString &title, CallColumn column) {
        QMenu *menu = m_table->columnMenu();
        Q_EMIT menu->aboutToShow();
        const auto menus = menu->actions();
        for (const QAction *each : menus) {
            if (!each->menu() || each->text() != title)
                continue;
            const auto actions = each->menu()->actions();
            for (QAction *action : actions) {
                if (action->text() == rr::columnName(column))
                    return action->isEnabled() ? action->trigger() : void();
            }
        }
    };
    const QList<CallColumn> before = m_table->visibleColumns();
    const CallColumn second = before[1];
    choose(u"Move left"_s, second);
    QCOMPARE(m_table->visibleColumns().first(), second);
    choose(u"Move left"_s, second);
    QCOMPARE(m_table->visibleColumns().first(), second);
    m_table->setColumnHidden(int(before[0]), true);
    choose(u"Move right"_s, second);
    QCOMPARE(m_table->visibleColumns().at(1), second);

    const QHeaderView *header = m_table->horizontalHeader();
    choose(u"Sort by"_s, CallColumn::Model);
    QCOMPARE(header->sortIndicatorSection(), int(CallColumn::Model));
    const Qt::SortOrder order = header->sortIndicatorOrder();
    choose(u"Sort by"_s, CallColumn::Model);
    QCOMPARE(header->sortIndicatorSection(), int(CallColumn::Model));
    QVERIFY(header->sortIndicatorOrder() != order);
}

void TestCallsPage::remembers()
{
    m_table->setColumnHidden(int(CallColumn::Backlog), true);
    m_table->horizontalHeader()->moveSection(int(CallColumn::Model), 0);
    m_table->sortByColumn(int(CallColumn::Rate), Qt::DescendingOrder);
    filterBox()->setText(u"gpt"_s);
    const QByteArray state = m_page->saveState();

    rr::CallsPage other(*m_control);
    QVERIFY(!other.restoreState("nonsense"));
    QVERIFY(other.restoreState(state));
    const auto *table = other.findChild<rr::CallTable *>();
    QCOMPARE(table->visibleColumns(), m_table->visibleColumns());
    QCOMPARE(table->visibleColumns().first(), CallColumn::Model);
    QCOMPARE(table->horizontalHeader()->sortIndicatorSection(), int(CallColumn::Rate));
    QCOMPARE(table->horizontalHeader()->sortIndicatorOrder(), Qt::DescendingOrder);
}

void TestCallsPage::everyControlHasAName()
{
    call("gpt-one");
    QTRY_COMPARE(rows(), 1);
    m_table->selectRow(0);
    const auto widgets = m_page->findChildren<QWidget *>();
    for (QWidget *widget : widgets) {
        if (widget->focusPolicy() == Qt::NoFocus || !widget->isVisible())
            continue;
        QAccessibleInterface *accessible = QAccessible::queryAccessibleInterface(widget);
        QVERIFY2(
            accessible && !accessible->text(QAccessible::Name).isEmpty(), widget->metaObject()->className());
    }
}

RELAY_TEST(TestCallsPage)
#include "tst_callspage.moc"
