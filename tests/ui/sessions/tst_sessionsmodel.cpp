// SPDX-License-Identifier: MIT
#include "ui/sessions/sessionsmodel.h"

#include "core/monitor/sessionregistry.h"
#include "ui/sessions/sessionfilter.h"

#include <QAbstractItemModelTester>
#include <QRandomGenerator>
#include <QSignalSpy>
#include <QTest>

#include <algorithm>

using namespace Qt::StringLiterals;
using rr::SessionColumn;
using rr::SessionsModel;
using rr::SessionSnapshot;
using rr::SessionState;
using rr::Snapshot;

class TestSessionsModel : public QObject
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
    void sortsByValue();
    void keepsTheSelection();
};

namespace {

SessionSnapshot session(quint64 number, SessionState state = SessionState::Open)
{
    SessionSnapshot session;
    session.number = number;
    session.id = u"%1"_s.arg(number, 8, 16, QLatin1Char('0'));
    session.state = state;
    session.clientAddress = u"192.168.0.%1"_s.arg(number);
    session.origin = number % 2 == 0 ? u"https://even.example.org"_s : u"https://odd.example.org"_s;
    session.startedAt = QDateTime::fromMSecsSinceEpoch(1'790'000'000'000).toUTC();
    return session;
}

Snapshot snapshot(const QList<SessionSnapshot> &sessions, qint64 atMs = 0)
{
    Snapshot snapshot;
    snapshot.takenAt = QDateTime::fromMSecsSinceEpoch(1'790'000'010'000 + atMs).toUTC();
    snapshot.sessions = sessions;
    return snapshot;
}

QList<quint64> numbers(const SessionsModel &model)
{
    QList<quint64> numbers;
    for (int row = 0; row < model.rowCount(); ++row)
        numbers.append(model.row(row).session.number);
    return numbers;
}

QList<quint64> numbers(const rr::SessionFilter &filter)
{
    QList<quint64> numbers;
    for (int row = 0; row < filter.rowCount(); ++row)
        numbers.append(filter.row(row).session.number);
    return numbers;
}

} // namespace

void TestSessionsModel::insertsAndRemovesInRanges()
{
    SessionsModel model;
    const QAbstractItemModelTester tester(&model);
    QSignalSpy inserted(&model, &SessionsModel::rowsInserted);
    QSignalSpy removed(&model, &SessionsModel::rowsRemoved);

    // As the relay gives them: live ones first, then those that ended, the last first.
    model.update(snapshot(
        {session(3), session(4), session(2, SessionState::Closed), session(1, SessionState::Closed)}));
    QCOMPARE(numbers(model), QList<quint64>({1, 2, 3, 4}));
    QCOMPARE(inserted.size(), 1);
    QCOMPARE(model.liveCount(), 2);

    model.update(snapshot({session(4), session(5), session(6), session(3, SessionState::Closed)}));
    QCOMPARE(numbers(model), QList<quint64>({3, 4, 5, 6}));
    QCOMPARE(removed.size(), 1);
    QCOMPARE(inserted.size(), 2);
    QCOMPARE(inserted.last().at(1).toInt(), 2);
    QCOMPARE(inserted.last().at(2).toInt(), 3);

    model.update(snapshot({}));
    QCOMPARE(model.rowCount(), 0);
    QCOMPARE(removed.size(), 2);
}

void TestSessionsModel::tellsOnlyWhatChanged()
{
    SessionsModel model;
    const QAbstractItemModelTester tester(&model);
    QList<SessionSnapshot> sessions{session(1), session(2), session(3)};
    model.update(snapshot(sessions));
    QSignalSpy changed(&model, &SessionsModel::dataChanged);
    model.update(snapshot(sessions, 250));
    QCOMPARE(changed.size(), 0);

    sessions[1].up.messages = 1;
    model.update(snapshot(sessions, 500));
    QCOMPARE(changed.size(), 1);
    QCOMPARE(changed.first().at(0).toModelIndex(), model.index(1, int(SessionColumn::MessagesUp)));
    QCOMPARE(changed.first().at(1).toModelIndex(), model.index(1, int(SessionColumn::MessagesUp)));
}

void TestSessionsModel::fiveHundredEndedOnes()
{
    constexpr int most = 500;
    rr::SessionRegistry registry;
    const auto end = [&registry](int count) {
        for (int i = 0; i < count; ++i) {
            const auto record = registry.open({u"192.168.0.7"_s, {}, {}});
            record->state = SessionState::Closed;
            registry.closed(record);
        }
        Snapshot snapshot = ::snapshot({});
        registry.fill(snapshot, true);
        return snapshot;
    };
    SessionsModel model;
    const QAbstractItemModelTester tester(&model);
    rr::SessionFilter filter(model);
    model.update(end(most + 20));
    QCOMPARE(model.rowCount(), most);
    QCOMPARE(model.row(0).session.number, quint64(21));

    QSignalSpy inserted(&model, &SessionsModel::rowsInserted);
    QSignalSpy removed(&model, &SessionsModel::rowsRemoved);
    model.update(end(30));
    QCOMPARE(model.rowCount(), most);
    QCOMPARE(model.row(most - 1).session.number, quint64(most + 50));
    QCOMPARE(inserted.size(), 1);
    QCOMPARE(removed.size(), 1);
    filter.setText(u"192.168.0.7"_s);
    QCOMPARE(filter.rowCount(), most);
}

void TestSessionsModel::staysInPlaceWhenItEnds()
{
    SessionsModel model;
    const QAbstractItemModelTester tester(&model);
    model.update(snapshot({session(1), session(2)}));
    QSignalSpy inserted(&model, &SessionsModel::rowsInserted);
    SessionSnapshot ended = session(1, SessionState::Closed);
    ended.closeCode = 1000;
    model.update(snapshot({session(2), ended}, 250));
    QCOMPARE(inserted.size(), 0);
    QCOMPARE(numbers(model), QList<quint64>({1, 2}));
    QCOMPARE(model.index(0, int(SessionColumn::CloseCode)).data().toString(), u"1000"_s);
    QCOMPARE(model.liveCount(), 1);
}

void TestSessionsModel::computesTheRate()
{
    SessionsModel model;
    SessionSnapshot live = session(1);
    model.update(snapshot({live}));
    QCOMPARE(model.row(0).bytesPerSecond, 0.0);
    live.down.bytes = 1000;
    model.update(snapshot({live}, 500));
    QCOMPARE(model.row(0).bytesPerSecond, 2000.0);
    live.down.bytes = 1'000'000;
    model.update(snapshot({live}, 600'000)); // nobody was looking for ten minutes
    QCOMPARE(model.row(0).bytesPerSecond, 0.0);
}

void TestSessionsModel::survivesAnything()
{
    SessionsModel model;
    const QAbstractItemModelTester tester(&model);
    rr::SessionFilter filter(model);
    const QAbstractItemModelTester filterTester(&filter);
    filter.sort(int(SessionColumn::MessagesUp), Qt::DescendingOrder);
    QRandomGenerator random(42);
    QSet<quint64> ended;
    for (int round = 0; round < 60; ++round) {
        QList<SessionSnapshot> sessions;
        for (quint64 number = 1; number <= 60; ++number) {
            if (random.bounded(3) == 0)
                continue;
            if (random.bounded(10) == 0)
                ended.insert(number);
            sessions.append(
                session(number, ended.contains(number) ? SessionState::Closed : SessionState::Open));
            sessions.last().up.messages = random.bounded(5);
        }
        std::shuffle(sessions.begin(), sessions.end(), random);
        filter.setText(round % 3 == 0 ? u"even"_s : QString());
        model.update(snapshot(sessions, round * 250));

        QList<quint64> expected;
        for (const SessionSnapshot &each : std::as_const(sessions))
            expected.append(each.number);
        std::sort(expected.begin(), expected.end());
        QCOMPARE(numbers(model), expected);
    }
}

void TestSessionsModel::filters_data()
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

void TestSessionsModel::filters()
{
    QFETCH(QString, text);
    SessionsModel model;
    rr::SessionFilter filter(model);
    const QAbstractItemModelTester tester(&filter);
    model.update(snapshot({session(1), session(2), session(3), session(4)}));
    model.update(snapshot(
        {session(3), session(4), session(2, SessionState::Closed), session(1, SessionState::Closed)}, 250));
    filter.setText(text);
    QTEST(numbers(filter), "shown");
}

void TestSessionsModel::sortsByValue()
{
    SessionsModel model;
    rr::SessionFilter filter(model);
    QList<SessionSnapshot> sessions{session(1), session(2), session(3)};
    sessions[0].up.bytes = 9;
    sessions[1].up.bytes = 1'000'000;
    sessions[2].up.bytes = 20'000;
    model.update(snapshot(sessions));
    filter.sort(int(SessionColumn::BytesUp), Qt::DescendingOrder);
    QCOMPARE(numbers(filter), QList<quint64>({2, 3, 1}));
    sessions[0].up.bytes = 50'000;
    model.update(snapshot(sessions, 250));
    QCOMPARE(numbers(filter), QList<quint64>({2, 1, 3}));
}

void TestSessionsModel::keepsTheSelection()
{
    SessionsModel model;
    rr::SessionFilter filter(model);
    filter.sort(int(SessionColumn::BytesUp));
    QList<SessionSnapshot> sessions{session(1), session(2), session(3)};
    model.update(snapshot(sessions));
    const QPersistentModelIndex selected = filter.index(1, 0);
    QCOMPARE(filter.row(selected.row()).session.number, 2);
    sessions[1].up.bytes = 100;
    sessions.removeFirst();
    model.update(snapshot(sessions, 250));
    QCOMPARE(selected.row(), 1);
    QCOMPARE(filter.row(selected.row()).session.number, 2);
}

QTEST_MAIN(TestSessionsModel)
#include "tst_sessionsmodel.moc"
