// SPDX-License-Identifier: MIT
#include "ui/sessions/sessionspage.h"

#include "core/simulator/simulatorserver.h"
#include "ui/control/relaycontrol.h"
#include "ui/log/logtable.h"
#include "ui/sessions/sessiontable.h"

#include <QAccessible>
#include <QClipboard>
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
using rr::SessionColumn;

/// The page over a relay that carries real calls to the simulator.
class TestSessionsPage : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void init();
    void cleanup();
    void showsACall();
    void takesNoSessionsWhileHidden();
    void filtersWhileTyping();
    void showsDetailsAndLog();
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
    QString cell(int row, SessionColumn column) const;
    void confirm(const QString &answer);

    QTemporaryDir m_folder;
    std::unique_ptr<rr::SimulatorServer> m_simulator;
    std::unique_ptr<rr::Journal> m_journal;
    std::unique_ptr<rr::Relay> m_relay;
    std::unique_ptr<rr::RelayControl> m_control;
    std::unique_ptr<rr::SessionsPage> m_page;
    std::unique_ptr<QObject> m_calls;
    rr::SessionTable *m_table = nullptr;
};

void TestSessionsPage::initTestCase()
{
    m_simulator = std::make_unique<rr::SimulatorServer>(rr::SimulatorSettings());
    QVERIFY(!m_simulator->start());
}

void TestSessionsPage::init()
{
    rr::SettingsInput input;
    input.defaults.host = u"127.0.0.1"_s;
    input.defaults.port = 0;
    input.defaults.upstreamUrl = m_simulator->url();
    input.defaults.workers = 1;
    input.file = m_folder.filePath(u"settings.json"_s);
    m_journal = std::make_unique<rr::Journal>();
    m_relay = std::make_unique<rr::Relay>(*m_journal);
    m_control = std::make_unique<rr::RelayControl>(*m_relay, *m_journal, input);
    m_control->start();
    QCOMPARE(m_control->state(), rr::RelayState::Running);
    m_page = std::make_unique<rr::SessionsPage>(*m_control);
    m_table = m_page->findChild<rr::SessionTable *>();
    m_page->resize(1000, 600);
    m_page->show();
    QVERIFY(QTest::qWaitForWindowExposed(m_page.get()));
    m_calls = std::make_unique<QObject>();
}

void TestSessionsPage::cleanup()
{
    m_calls.reset();
    m_page.reset();
    m_control.reset();
    m_relay.reset();
    m_journal.reset();
}

QWebSocket *TestSessionsPage::call(const QByteArray &model)
{
    auto *socket
        = new QWebSocket(u"http://localhost:5173"_s, QWebSocketProtocol::VersionLatest, m_calls.get());
    QNetworkRequest request(
        QUrl(u"ws://127.0.0.1:%1/realtime?model=%2"_s.arg(m_relay->port()).arg(QString::fromLatin1(model))));
    request.setRawHeader("Authorization", "Bearer sk-test-0123456789");
    socket->open(request);
    return socket;
}

QPushButton *TestSessionsPage::button(const QString &text) const
{
    const auto buttons = m_page->findChildren<QPushButton *>();
    for (QPushButton *button : buttons) {
        if (button->text().remove(u'&').startsWith(text))
            return button;
    }
    return nullptr;
}

QLineEdit *TestSessionsPage::filterBox() const
{
    const auto lines = m_page->findChildren<QLineEdit *>();
    for (QLineEdit *line : lines) {
        if (line->accessibleName() == "Filter"_L1)
            return line;
    }
    return nullptr;
}

QString TestSessionsPage::cell(int row, SessionColumn column) const
{
    return m_table->model()->index(row, int(column)).data().toString();
}

void TestSessionsPage::confirm(const QString &answer)
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

void TestSessionsPage::showsACall()
{
    QCOMPARE(rows(), 0);
    QWebSocket *socket = call("gpt-realtime");
    QTRY_COMPARE(rows(), 1);
    QTRY_COMPARE(cell(0, SessionColumn::State), u"Open"_s);
    QCOMPARE(cell(0, SessionColumn::Client), u"127.0.0.1"_s);
    QCOMPARE(cell(0, SessionColumn::Origin), u"http://localhost:5173"_s);
    QCOMPARE(cell(0, SessionColumn::Model), u"gpt-realtime"_s);
    QTRY_VERIFY(cell(0, SessionColumn::MessagesDown).toInt() >= 1);
    socket->close();
    QTRY_COMPARE(cell(0, SessionColumn::State), u"Ended"_s);
    QCOMPARE(cell(0, SessionColumn::EndedBy), u"Client"_s);
    QCOMPARE(cell(0, SessionColumn::CloseCode), u"1000"_s);
    QCOMPARE(rows(), 1);
}

void TestSessionsPage::takesNoSessionsWhileHidden()
{
    m_page->hide();
    QWebSocket *socket = call("gpt-realtime");
    QTRY_COMPARE(m_relay->snapshot().activeConnections, 1);
    Q_EMIT m_control->snapshotTaken(m_relay->snapshot(rr::Relay::Detail::Sessions));
    QCOMPARE(rows(), 0);
    QVERIFY(m_control->latest().sessions.isEmpty());
    m_page->show();
    QTRY_COMPARE(rows(), 1);
    socket->abort();
}

void TestSessionsPage::filtersWhileTyping()
{
    call("gpt-realtime");
    call("gpt-other");
    QTRY_COMPARE(rows(), 2);
    QTest::keyClicks(filterBox(), u"oth"_s);
    QCOMPARE(rows(), 1);
    QCOMPARE(cell(0, SessionColumn::Model), u"gpt-other"_s);
    QTest::keyClicks(filterBox(), u"x"_s);
    QCOMPARE(rows(), 0);
    filterBox()->clear();
    QCOMPARE(rows(), 2);
}

void TestSessionsPage::showsDetailsAndLog()
{
    call("gpt-one");
    QTRY_COMPARE(rows(), 1);
    call("gpt-two");
    QTRY_COMPARE(rows(), 2);
    auto *facts = m_page->findChild<QTreeWidget *>();
    QVERIFY(!facts->isVisible());
    m_table->sortByColumn(int(SessionColumn::Model), Qt::AscendingOrder);
    m_table->setFocus();
    m_table->selectRow(1);
    QVERIFY(facts->isVisible());
    const auto isShown
        = [facts](const QString &text) { return !facts->findItems(text, Qt::MatchContains, 1).isEmpty(); };
    QVERIFY(isShown(u"gpt-two"_s));
    QVERIFY(!isShown(u"gpt-one"_s));

    const auto *log = m_page->findChild<rr::LogTable *>();
    const QString id = cell(1, SessionColumn::Id);
    QTRY_VERIFY(log->model()->rowCount() >= 2); // opened, connected
    for (int row = 0; row < log->model()->rowCount(); ++row)
        QCOMPARE(log->model()->index(row, 2).data().toString(), id);

    QSignalSpy requested(m_page.get(), &rr::SessionsPage::logRequested);
    button(u"Open in log"_s)->click();
    QCOMPARE(requested.size(), 1);
    QCOMPARE(requested.first().first().toString(), id);

    m_table->clearSelection();
    QVERIFY(!facts->isVisible());
}

void TestSessionsPage::endsTheSelectedOne()
{
    QWebSocket *socket = call("gpt-one");
    call("gpt-two");
    QTRY_COMPARE(rows(), 2);
    m_table->sortByColumn(int(SessionColumn::Model), Qt::AscendingOrder);
    QVERIFY(!button(u"End session"_s)->isEnabled());
    m_table->selectRow(0);
    QSignalSpy disconnected(socket, &QWebSocket::disconnected);
    QTest::keyClick(m_table, Qt::Key_Delete);
    confirm(u"End"_s);
    QTRY_COMPARE(disconnected.size(), 1);
    QCOMPARE(int(socket->closeCode()), 4410);
    QTRY_COMPARE(cell(0, SessionColumn::EndedBy), u"Operator"_s);
    QCOMPARE(cell(1, SessionColumn::EndedBy), QString());
    QTRY_VERIFY(!button(u"End session"_s)->isEnabled());
}

void TestSessionsPage::endsAllThatAreShown()
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
    QTRY_COMPARE(m_relay->snapshot().activeConnections, 1);
    filterBox()->setText(u"other"_s);
    QCOMPARE(cell(0, SessionColumn::EndedBy), QString());
}

void TestSessionsPage::changesNothingWhenCancelled()
{
    call("gpt-one");
    QTRY_COMPARE(rows(), 1);
    button(u"End all"_s)->click();
    confirm(u"Cancel"_s);
    QTRY_VERIFY(!m_page->findChild<QMessageBox *>());
    QCOMPARE(m_relay->snapshot().activeConnections, 1);
}

void TestSessionsPage::copies()
{
    call("gpt-one");
    QTRY_COMPARE(rows(), 1);
    button(u"Copy"_s)->click();
    const QStringList lines = QGuiApplication::clipboard()->text().split(u'\n', Qt::SkipEmptyParts);
    QCOMPARE(lines.size(), 2);
    QVERIFY(lines[0].startsWith(u"State\tStarted\tClient"_s));
    QVERIFY(lines[1].contains(u"\tgpt-one\t"_s));
}

void TestSessionsPage::exports()
{
    call("gpt-one");
    QTRY_COMPARE(rows(), 1);
    button(u"Export"_s)->click();
    auto *dialog = m_page->findChild<QFileDialog *>();
    QVERIFY(dialog);
    dialog->setDirectory(m_folder.path());
    dialog->selectFile(u"sessions.json"_s);
    QMetaObject::invokeMethod(dialog, "accept");
    QFile file(m_folder.filePath(u"sessions.json"_s));
    QTRY_VERIFY(file.exists());
    QVERIFY(file.open(QIODevice::ReadOnly));
    const QJsonArray array = QJsonDocument::fromJson(file.readAll()).array();
    QCOMPARE(array.size(), 1);
    QCOMPARE(array[0].toObject()["model"_L1], u"gpt-one"_s);
}

void TestSessionsPage::hidesColumns()
{
    QVERIFY(!m_table->isColumnHidden(int(SessionColumn::Model)));
    QMenu *menu = m_table->columnMenu();
    Q_EMIT menu->aboutToShow();
    QVERIFY(menu->actions().size() > rr::sessionColumnCount);
    QAction *model = menu->actions().at(int(SessionColumn::Model));
    QVERIFY(model->isChecked());
    model->trigger();
    QVERIFY(m_table->isColumnHidden(int(SessionColumn::Model)));
    QVERIFY(!m_table->visibleColumns().contains(SessionColumn::Model));

    // The last one cannot be hidden: there would be no header to get the others back with.
    for (int i = 1; i < rr::sessionColumnCount; ++i)
        m_table->setColumnHidden(i, true);
    Q_EMIT menu->aboutToShow();
    QVERIFY(!menu->actions().first()->isEnabled());
}

void TestSessionsPage::movesAndSortsInTheMenu()
{
    const auto choose = [this](const QString &title, SessionColumn column) {
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
    const QList<SessionColumn> before = m_table->visibleColumns();
    const SessionColumn second = before[1];
    choose(u"Move left"_s, second);
    QCOMPARE(m_table->visibleColumns().first(), second);
    choose(u"Move left"_s, second);
    QCOMPARE(m_table->visibleColumns().first(), second);
    m_table->setColumnHidden(int(before[0]), true);
    choose(u"Move right"_s, second);
    QCOMPARE(m_table->visibleColumns().at(1), second);

    const QHeaderView *header = m_table->horizontalHeader();
    choose(u"Sort by"_s, SessionColumn::Model);
    QCOMPARE(header->sortIndicatorSection(), int(SessionColumn::Model));
    const Qt::SortOrder order = header->sortIndicatorOrder();
    choose(u"Sort by"_s, SessionColumn::Model);
    QCOMPARE(header->sortIndicatorSection(), int(SessionColumn::Model));
    QVERIFY(header->sortIndicatorOrder() != order);
}

void TestSessionsPage::remembers()
{
    m_table->setColumnHidden(int(SessionColumn::Backlog), true);
    m_table->horizontalHeader()->moveSection(4, 0);
    m_table->sortByColumn(int(SessionColumn::Rate), Qt::DescendingOrder);
    filterBox()->setText(u"gpt"_s);
    const QByteArray state = m_page->saveState();

    rr::SessionsPage other(*m_control);
    QVERIFY(!other.restoreState("nonsense"));
    QVERIFY(other.restoreState(state));
    const auto *table = other.findChild<rr::SessionTable *>();
    QCOMPARE(table->visibleColumns(), m_table->visibleColumns());
    QCOMPARE(table->visibleColumns().first(), SessionColumn::Model);
    QCOMPARE(table->horizontalHeader()->sortIndicatorSection(), int(SessionColumn::Rate));
    QCOMPARE(table->horizontalHeader()->sortIndicatorOrder(), Qt::DescendingOrder);
}

void TestSessionsPage::everyControlHasAName()
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

QTEST_MAIN(TestSessionsPage)
#include "tst_sessionspage.moc"
