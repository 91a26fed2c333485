// SPDX-License-Identifier: MIT
#include "ui/sharing/sharewords.h"

#include "tests/support/relaytest.h"

#include <QLocale>
#include <QTest>

using namespace rr;
using namespace Qt::StringLiterals;

class TestShareWords : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void saysThatItWorks()
    {
        Sharing::Status status;
        status.state = Sharing::State::Shared;
        ProofResult proof;
        proof.works = true;
        proof.roundTripMs = 84;
        proof.at = QDateTime({2026, 11, 27}, {12, 3});
        status.proof = proof;
        const ShareView view = presentShare(status);
        QCOMPARE(view.tone, Tone::Good);
        QCOMPARE(view.word, u"Shared"_s);
        QCOMPARE(view.sentence,
            u"Reachable from outside · 84 ms · checked %1"_s.arg(
                QLocale().toString(QTime(12, 3), QLocale::ShortFormat)));
        QVERIFY(!view.tryText.isEmpty());
    }

    void aWarningIsNotHidden()
    {
        Sharing::Status status;
        status.state = Sharing::State::Shared;
        status.steps = {{"browser"_L1, CheckStep::Result::Warning, "page"_L1, "People see a page first.",
            "Tell them.", 3}};
        const ShareView view = presentShare(status);
        QCOMPARE(view.tone, Tone::Warning);
        QVERIFY2(view.sentence.contains("People see a page first. Tell them."_L1), qPrintable(view.sentence));
    }

    void everyStateHasItsWord_data()
    {
        QTest::addColumn<Sharing::State>("state");
        QTest::addColumn<Tone>("tone");
        QTest::addColumn<QString>("word");
        QTest::addColumn<bool>("mayTry");
        QTest::newRow("off") << Sharing::State::Off << Tone::Quiet << u"Not shared"_s << false;
        QTest::newRow("starting") << Sharing::State::Starting << Tone::Working << u"Starting"_s << false;
        QTest::newRow("address") << Sharing::State::AddressKnown << Tone::Working << u"Starting"_s << false;
        QTest::newRow("testing") << Sharing::State::Testing << Tone::Working << u"Testing"_s << false;
        QTest::newRow("broken") << Sharing::State::Broken << Tone::Bad << u"Broken · again in 4 s"_s << true;
        QTest::newRow("needs you") << Sharing::State::NeedsYou << Tone::Warning << u"Needs you"_s << true;
        QTest::newRow("stopping") << Sharing::State::Stopping << Tone::Working << u"Stopping"_s << false;
    }
    void everyStateHasItsWord()
    {
        QFETCH(Sharing::State, state);
        Sharing::Status status;
        status.state = state;
        status.retryIn = std::chrono::milliseconds(3001);
        const ShareView view = presentShare(status);
        QTEST(view.tone, "tone");
        QTEST(view.word, "word");
        QTEST(!view.tryText.isEmpty(), "mayTry");
    }

    void anEndThatNobodyAskedForIsExplained()
    {
        Sharing::Status status;
        status.reason = "Its time is over.";
        const ShareView view = presentShare(status);
        QCOMPARE(view.tone, Tone::Warning);
        QVERIFY(view.sentence.contains("Its time is over."_L1));
    }

    void namesDevices_data()
    {
        QTest::addColumn<QString>("userAgent");
        QTest::addColumn<QString>("device");
        QTest::newRow("iPhone") << u"Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605"_s
                                << u"iPhone"_s;
        QTest::newRow("Android") << u"Mozilla/5.0 (Linux; Android 15) AppleWebKit/537"_s << u"Android"_s;
        QTest::newRow("Mac") << u"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7)"_s << u"Mac"_s;
        QTest::newRow("another browser") << u"Mozilla/5.0 (Haiku)"_s << u"A browser"_s;
        QTest::newRow("program") << u"python-requests/2.31"_s << u"python-requests"_s;
        QTest::newRow("nothing") << QString() << u"A program"_s;
    }
    void namesDevices()
    {
        QFETCH(QString, userAgent);
        QTEST(deviceName(userAgent), "device");
    }

    void countsDownToItsEnd()
    {
        const QDateTime now({2026, 11, 27}, {12, 0});
        QVERIFY2(untilText(now.addSecs(3599), now).contains("59:59"_L1),
            qPrintable(untilText(now.addSecs(3599), now)));
        QVERIFY(untilText(now.addSecs(-5), now).contains("0:00"_L1));
        // Of another day the date is said, too.
        QVERIFY(untilText(now.addDays(2), now)
                    .contains(QLocale().toString(now.addDays(2), QLocale::ShortFormat)));
    }

    void namesTheVisitor()
    {
        const QDateTime at({2026, 11, 27}, {12, 5});
        const QString when = QLocale().toString(at.time(), QLocale::ShortFormat);
        QCOMPARE(visitorText({u"203.0.113.9"_s, u"curl/8.0"_s, at}),
            u"Seen from outside: curl, 203.0.113.9, %1"_s.arg(when));
        QCOMPARE(visitorText({{}, u"curl/8.0"_s, at}),
            u"Somebody has opened the link; whether from outside is not known. (curl, %1)"_s.arg(when));
    }
};

RELAY_TEST(TestShareWords)
#include "tst_sharewords.moc"
