// SPDX-License-Identifier: MIT
#include "core/realtime/kindofcall.h"
#include "tests/support/relaytest.h"

#include <QTest>

using namespace rr;

class TestKindOfCall : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void kind_data()
    {
        QTest::addColumn<CallSurface>("surface");
        QTest::addColumn<QByteArray>("query");
        QTest::addColumn<CallKind>("kind");
        QTest::addColumn<CallKind>("kindWithMarker");
        const auto row
            = [](const char *name, CallSurface surface, const char *query, CallKind kind, CallKind marked) {
                  QTest::newRow(name) << surface << QByteArray(query) << kind << marked;
              };
        using enum CallKind;
        row("model", CallSurface::Realtime, "model=gpt-realtime", Realtime, Beta);
        row("no query", CallSurface::Realtime, "", Realtime, Beta);
        row("transcription", CallSurface::Realtime, "intent=transcription", Transcription, Beta);
        row("transcription, encoded", CallSurface::Realtime, "a=b&%69ntent=transcri%70tion", Transcription,
            Beta);
        row("another intent", CallSurface::Realtime, "intent=conversation", Realtime, Beta);
        row("no intent", CallSurface::Realtime, "xintent=transcription&intent=", Realtime, Beta);
        row("call", CallSurface::Realtime, "call_id=rtc_1", Sideband, Beta);
        row("call and intent", CallSurface::Realtime, "intent=transcription&call_id=rtc_1", Sideband, Beta);
        row("no call", CallSurface::Realtime, "call_id=&model=m", Realtime, Beta);
        row("translation", CallSurface::Translations, "model=m", Translation, Translation);
        row("translation with intent", CallSurface::Translations, "intent=transcription", Translation,
            Translation);
        row("live", CallSurface::Live, "", Live, Live);
        row("live with a call", CallSurface::Live, "call_id=rtc_1", Live, Live);
        row("fork", CallSurface::LiveFork, "", Live, Live);
        row("attach", CallSurface::LiveAttach, "graceful_close=true", Sideband, Sideband);
    }
    void kind()
    {
        QFETCH(CallSurface, surface);
        QFETCH(QByteArray, query);
        QTEST(kindOf(surface, query, false), "kind");
        QTEST(kindOf(surface, query, true), "kindWithMarker");
    }

    void howItEndsAndAnswers_data()
    {
        QTest::addColumn<CallKind>("kind");
        QTest::addColumn<bool>("endsWithItsSession");
        QTest::addColumn<bool>("answersWithAudio");
        using enum CallKind;
        QTest::newRow("Realtime") << Realtime << false << true;
        QTest::newRow("beta") << Beta << false << true;
        QTest::newRow("Live") << Live << true << false;
        QTest::newRow("translation") << Translation << true << true;
        QTest::newRow("transcription") << Transcription << false << true;
        QTest::newRow("sideband") << Sideband << true << false;
    }
    void howItEndsAndAnswers()
    {
        QFETCH(CallKind, kind);
        QTEST(endsWithItsSession(kind), "endsWithItsSession");
        QTEST(answersWithAudio(kind), "answersWithAudio");
    }

    void names()
    {
        QCOMPARE(nameOf(CallKind::Realtime), QLatin1String("realtime"));
        QCOMPARE(nameOf(CallKind::Beta), QLatin1String("beta"));
        QCOMPARE(nameOf(CallKind::Live), QLatin1String("live"));
        QCOMPARE(nameOf(CallKind::Translation), QLatin1String("translation"));
        QCOMPARE(nameOf(CallKind::Transcription), QLatin1String("transcription"));
        QCOMPARE(nameOf(CallKind::Sideband), QLatin1String("sideband"));
    }
};

RELAY_TEST(TestKindOfCall)
#include "tst_kindofcall.moc"
