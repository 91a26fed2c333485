// SPDX-License-Identifier: MIT
#include "ui/calls/callsmodel.h"

#include "core/monitor/callregistry.h"
#include "tests/support/relaytest.h"
#include "ui/calls/callfilter.h"

#include <QAbstractItemModelTester>
#include <QRandomGenerator>
#include <QSignalSpy>
#include <QTest>

#include <algorithm>

using namespace Qt::StringLiterals;
using rr::CallColumn;
using rr::CallsModel;
using rr::CallSnapshot;
using rr::CallState;
using rr::Snapshot;

class TestCallsModel : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void insertsAndRemovesInRanges();
    void tellsOnlyWhatChanged();
    void fiveHundredEndedOnes();
    void staysInPlaceWhenItEnds();
    void computesTheRate();
    void survivesAnything();
    void filters_data();
    void filters();
    void filtersByKind();
    void filtersByToken();
    void tellsInTheRowWhatTheClientIsNotTold();
    void sortsByValue();
    void keepsTheSelection();
};

namespace {

CallSnapshot call(quint64 number, CallState state = CallState::Open)
{
    CallSnapshot call;
    call.number = number;
    call.id = u"%1"_s.arg(number, 8, 16, QLatin1Char('0'));
    call.state = state;
    call.clientAddress = u"192.168.0.%1"_s.arg(number);
    call.origin = number % 2 == 0 ? u"https://even.example.org"_s : u"https://odd.example.org"_s;
    call.startedAt = QDateTime::fromMSecsSinceEpoch(1'790'000'000'000).toUTC();
    return call;
}

Snapshot snapshot(const QList<CallSnapshot> &calls, qint64 atMs = 0)
{
    Snapshot snapshot;
    snapshot.takenAt = QDateTime::fromMSecsSinceEpoch(1'790'000'010'000 + atMs).toUTC();
    snapshot.calls = calls;
    return snapshot;
}

QList<quint64> numbers(const CallsModel &model)
{
    QList<quint64> numbers;
    for (int row = 0; row < model.rowCount(); ++row)
        numbers.append(model.row(row).call.number);
    return numbers;
}

QList<quint64> numbers(const rr::CallFilter &filter)
{
    QList<quint64> numbers;
    for (int row = 0; row < filter.rowCount(); ++row)
        numbers.append(filter.row(row).call.number);
    return numbers;
}

} // namespace

void TestCallsModel::insertsAndRemovesInRanges()
{
    CallsModel model;
    const QAbstractItemModelTester tester(&model);
    QSignalSpy inserted(&model, &CallsModel::rowsInserted);
    QSignalSpy removed(&model, &CallsModel::rowsRemoved);

    // As the relay gives them: live ones first, then those that ended, the last first.
    model.update(snapshot({call(3), call(4), call(2, CallState::Closed), call(1, CallState::Closed)}));
    QCOMPARE(numbers(model), QList<quint64>({1, 2, 3, 4}));
    QCOMPARE(inserted.size(), 1);
    QCOMPARE(model.liveCount(), 2);

    model.update(snapshot({call(4), call(5), call(6), call(3, CallState::Closed)}));
    QCOMPARE(numbers(model), QList<quint64>({3, 4, 5, 6}));
    QCOMPARE(removed.size(), 1);
    QCOMPARE(inserted.size(), 2);
    QCOMPARE(inserted.last().at(1).toInt(), 2);
    QCOMPARE(inserted.last().at(2).toInt(), 3);

    model.update(snapshot({}));
    QCOMPARE(model.rowCount(), 0);
    QCOMPARE(removed.size(), 2);
}

void TestCallsModel::tellsOnlyWhatChanged()
{
    CallsModel model;
    const QAbstractItemModelTester tester(&model);
    QList<CallSnapshot> calls{call(1), call(2), call(3)};
    model.update(snapshot(calls));
    QSignalSpy changed(&model, &CallsModel::dataChanged);
    model.update(snapshot(calls, 250));
    QCOMPARE(changed.size(), 0);

    calls[1].up.messages = 1;
    model.update(snapshot(calls, 500));
    QCOMPARE(changed.size(), 1);
    QCOMPARE(changed.first().at(0).toModelIndex(), model.index(1, int(CallColumn::MessagesUp)));
    QCOMPARE(changed.first().at(1).toModelIndex(), model.index(1, int(CallColumn::MessagesUp)));
}

void TestCallsModel::fiveHundredEndedOnes()
{
    constexpr int most = 500;
    rr::CallRegistry registry;
    const auto end = [&registry](int count) {
        for (int i = 0; i < count; ++i) {
            const auto record = registry.open({u"192.168.0.7"_s, {}, {}});
            record->state = CallState::Closed;
            registry.closed(record);
        }
        Snapshot snapshot = ::snapshot({});
        registry.fill(snapshot, true);
        return snapshot;
    };
    CallsModel model;
    const QAbstractItemModelTester tester(&model);
    rr::CallFilter filter(model);
    model.update(end(most + 20));
    QCOMPARE(model.rowCount(), most);
    QCOMPARE(model.row(0).call.number, quint64(21));

    QSignalSpy inserted(&model, &CallsModel::rowsInserted);
    QSignalSpy removed(&model, &CallsModel::rowsRemoved);
    model.update(end(30));
    QCOMPARE(model.rowCount(), most);
    QCOMPARE(model.row(most - 1).call.number, quint64(most + 50));
    QCOMPARE(inserted.size(), 1);
    QCOMPARE(removed.size(), 1);
    filter.setText(u"192.168.0.7"_s);
    QCOMPARE(filter.rowCount(), most);
}

void TestCallsModel::staysInPlaceWhenItEnds()
{
    CallsModel model;
    const QAbstractItemModelTester tester(&model);
    model.update(snapshot({call(1), call(2)}));
    QSignalSpy inserted(&model, &CallsModel::rowsInserted);
    CallSnapshot ended = call(1, CallState::Closed);
    ended.closeCode = 1000;
    model.update(snapshot({call(2), ended}, 250));
    QCOMPARE(inserted.size(), 0);
    QCOMPARE(numbers(model), QList<quint64>({1, 2}));
    QCOMPARE(model.index(0, int(CallColumn::CloseCode)).data().toString(), u"1000"_s);
    QCOMPARE(model.liveCount(), 1);
}

void TestCallsModel::computesTheRate()
{
    CallsModel model;
    CallSnapshot live = call(1);
    model.update(snapshot({live}));
    QCOMPARE(model.row(0).bytesPerSecond, 0.0);
    live.down.bytes = 1000;
    model.update(snapshot({live}, 500));
    QCOMPARE(model.row(0).bytesPerSecond, 2000.0);
    live.down.bytes = 1'000'000;
    model.update(snapshot({live}, 600'000)); // nobody was looking for ten minutes
    QCOMPARE(model.row(0).bytesPerSecond, 0.0);
}

void TestCallsModel::survivesAnything()
{
    CallsModel model;
    const QAbstractItemModelTester tester(&model);
    rr::CallFilter filter(model);
    const QAbstractItemModelTester filterTester(&filter);
    filter.sort(int(CallColumn::MessagesUp), Qt::DescendingOrder);
    QRandomGenerator random(42);
    QSet<quint64> ended;
    for (int round = 0; round < 60; ++round) {
        QList<CallSnapshot> calls;
        for (quint64 number = 1; number <= 60; ++number) {
            if (random.bounded(3) == 0)
                continue;
            if (random.bounded(10) == 0)
                ended.insert(number);
            calls.append(call(number, ended.contains(number) ? CallState::Closed : CallState::Open));
            calls.last().up.messages = random.bounded(5);
        }
        std::shuffle(calls.begin(), calls.end(), random);
        filter.setText(round % 3 == 0 ? u"even"_s : QString());
        model.update(snapshot(calls, round * 250));

        QList<quint64> expected;
        for (const CallSnapshot &each : std::as_const(calls))
            expected.append(each.number);
        std::sort(expected.begin(), expected.end());
        QCOMPARE(numbers(model), expected);
    }
}

void TestCallsModel::filters_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QList<quint64>>("shown");
    QTest::newRow("nothing") << "" << QList<quint64>{1, 2, 3, 4};
    QTest::newRow("address") << "0.3" << QList<quint64>{3};
    QTest::newRow("origin") << "EVEN" << QList<quint64>{2, 4};
    QTest::newRow("id") << "00000004" << QList<quint64>{4};
    QTest::newRow("state") << "ended" << QList<quint64>{1, 2};
    QTest::newRow("two words") << "open  even" << QList<quint64>{4};
    QTest::newRow("no match") << "nowhere" << QList<quint64>{};
}

void TestCallsModel::filters()
{
    QFETCH(QString, text);
    CallsModel model;
    rr::CallFilter filter(model);
    const QAbstractItemModelTester tester(&filter);
    model.update(snapshot({call(1), call(2), call(3), call(4)}));
    model.update(snapshot({call(3), call(4), call(2, CallState::Closed), call(1, CallState::Closed)}, 250));
    filter.setText(text);
    QTEST(numbers(filter), "shown");
}

void TestCallsModel::filtersByKind()
{
    CallsModel model;
    rr::CallFilter filter(model);
    const QAbstractItemModelTester tester(&filter);
    QList<CallSnapshot> calls{call(1), call(2), call(3)};
    calls[1].kind = rr::CallKind::Live;
    calls[2].kind = rr::CallKind::Live;
    model.update(snapshot(calls));
    filter.setKind(rr::CallKind::Live);
    QCOMPARE(numbers(filter), QList<quint64>({2, 3}));
    filter.setText(u"odd"_s);
    QCOMPARE(numbers(filter), QList<quint64>({3}));
    filter.setKind(rr::CallKind::Beta);
    QCOMPARE(numbers(filter), QList<quint64>());
    filter.setKind({});
    QCOMPARE(numbers(filter), QList<quint64>({1, 3}));
}

void TestCallsModel::filtersByToken()
{
    CallsModel model;
    rr::CallFilter filter(model);
    const QAbstractItemModelTester tester(&filter);
    QList<CallSnapshot> calls{call(1), call(2), call(3)};
    calls[0].accessName = u"Stand 7"_s;
    calls[2].accessName = u"Fair"_s;
    model.update(snapshot(calls));
    filter.setText(u"FAIR"_s);
    QCOMPARE(numbers(filter), QList<quint64>({3}));
    filter.setText(u"7 stand"_s); // each word for itself
    QCOMPARE(numbers(filter), QList<quint64>({1}));
    filter.setText(u"fair stand"_s);
    QCOMPARE(numbers(filter), QList<quint64>());
}

void TestCallsModel::tellsInTheRowWhatTheClientIsNotTold()
{
    CallsModel model;
    QList<CallSnapshot> calls{call(1)};
    model.update(snapshot(calls));
    const auto tip = [&model](CallColumn column) {
        return model.index(0, int(column)).data(Qt::ToolTipRole).toString();
    };
    QCOMPARE(tip(CallColumn::Kind), u"Realtime"_s);
    calls[0].kind = rr::CallKind::Beta;
    calls[0].temperatureIgnored = true;
    calls[0].askedModel = u"gpt-<i>"_s;
    calls[0].answeringModel = u"gpt-<b>"_s;
    model.update(snapshot(calls, 250));
    for (const CallColumn column : {CallColumn::Kind, CallColumn::Model})
        QVERIFY2(tip(column).contains(u"temperature"_s) && tip(column).contains(u"gpt-&lt;b&gt;"_s),
            qPrintable(tip(column)));
    QVERIFY(!tip(CallColumn::State).contains(u"temperature"_s));
}

void TestCallsModel::sortsByValue()
{
    CallsModel model;
    rr::CallFilter filter(model);
    QList<CallSnapshot> calls{call(1), call(2), call(3)};
    calls[0].up.bytes = 9;
    calls[1].up.bytes = 1'000'000;
    calls[2].up.bytes = 20'000;
    model.update(snapshot(calls));
    filter.sort(int(CallColumn::BytesUp), Qt::DescendingOrder);
    QCOMPARE(numbers(filter), QList<quint64>({2, 3, 1}));
    calls[0].up.bytes = 50'000;
    model.update(snapshot(calls, 250));
    QCOMPARE(numbers(filter), QList<quint64>({2, 1, 3}));
}

void TestCallsModel::keepsTheSelection()
{
    CallsModel model;
    rr::CallFilter filter(model);
    filter.sort(int(CallColumn::BytesUp));
    QList<CallSnapshot> calls{call(1), call(2), call(3)};
    model.update(snapshot(calls));
    const QPersistentModelIndex selected = filter.index(1, 0);
    QCOMPARE(filter.row(selected.row()).call.number, 2);
    calls[1].up.bytes = 100;
    calls.removeFirst();
    model.update(snapshot(calls, 250));
    QCOMPARE(selected.row(), 1);
    QCOMPARE(filter.row(selected.row()).call.number, 2);
}

RELAY_TEST(TestCallsModel)
#include "tst_callsmodel.moc"
