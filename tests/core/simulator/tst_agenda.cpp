// SPDX-License-Identifier: MIT
#include "core/simulator/agenda.h"
#include "tests/support/relaytest.h"

#include <QString>
#include <QTest>

using namespace rr;
using namespace Qt::StringLiterals;

class TestAgenda : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void runsWhatIsNext()
    {
        Agenda agenda;
        QString done;
        agenda.plan(20, Agenda::Subject::Response, [&] { done += u'b'; });
        agenda.plan(10, Agenda::Subject::Response, [&] { done += u'a'; });
        agenda.plan(20, Agenda::Subject::Response, [&] { done += u'c'; });
        QCOMPARE(agenda.nextInMs(), 10);
        agenda.runNext();
        QCOMPARE(agenda.nextInMs(), 10);
        agenda.runNext();
        QCOMPARE(agenda.nextInMs(), 0);
        agenda.runNext();
        QCOMPARE(done, u"abc"_s);
        QCOMPARE(agenda.nextInMs(), -1);
    }

    void advances()
    {
        Agenda agenda;
        QString done;
        agenda.plan(20, Agenda::Subject::Response, [&] {
            done += u'a';
            agenda.plan(30, Agenda::Subject::Response, [&] { done += u'b'; });
            agenda.plan(31, Agenda::Subject::Response, [&] { done += u'c'; });
        });
        agenda.advance(19);
        QCOMPARE(done, QString());
        agenda.advance(31); // the second task is of just this moment
        QCOMPARE(done, u"ab"_s);
        QCOMPARE(agenda.nowMs(), 50);
        QCOMPARE(agenda.nextInMs(), 1);
    }

    void drops()
    {
        Agenda agenda;
        QString done;
        agenda.plan(1, Agenda::Subject::Response, [&] { done += u'a'; });
        agenda.plan(1, Agenda::Subject::Transcription, [&] { done += u'b'; });
        agenda.drop(Agenda::Subject::Response);
        agenda.advance(1);
        QCOMPARE(done, u"b"_s);
    }
};

RELAY_TEST(TestAgenda)
#include "tst_agenda.moc"
