// SPDX-License-Identifier: MIT
#include "ui/access/accesswords.h"

#include "tests/support/relaytest.h"

#include <QLocale>
#include <QSet>
#include <QTest>

using namespace rr;
using namespace Qt::StringLiterals;

namespace {

QDateTime someTime()
{
    return QDateTime::fromSecsSinceEpoch(1'790'000'000).toUTC();
}

Money cents(qint64 count)
{
    return Money::ofPico(count * 10'000'000'000);
}

} // namespace

class TestAccessWords : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedStates)); }

    void states_data()
    {
        QTest::addColumn<int>("seconds"); // until it expires; 0: never
        QTest::addColumn<bool>("revoked");
        QTest::addColumn<TokenState>("state");
        QTest::addColumn<QString>("text");
        QTest::newRow("never") << 0 << false << TokenState::Good << u"Good, does not expire"_s;
        QTest::newRow("days") << 7 * 86'400 << false << TokenState::Good << u"Good, expires in 7 day(s)"_s;
        QTest::newRow("days that have just begun")
            << 7 * 86'400 - 5 << false << TokenState::Good << u"Good, expires in 7 day(s)"_s;
        QTest::newRow("hours") << 5 * 3'600 + 59 << false << TokenState::Expiring
                               << u"Good, expires in 5 hour(s)"_s;
        QTest::newRow("minutes") << 120 << false << TokenState::Expiring << u"Good, expires in 2 minute(s)"_s;
        QTest::newRow("over") << -1 << false << TokenState::Expired << u"Expired on "_s;
        QTest::newRow("revoked") << -1 << true << TokenState::Revoked << u"Revoked"_s;
    }
    void states()
    {
        QFETCH(int, seconds);
        QFETCH(bool, revoked);
        QFETCH(QString, text);
        AccessTerms terms;
        terms.isRevoked = revoked;
        if (seconds != 0)
            terms.expiresAt = someTime().addSecs(seconds);
        QTEST(stateOf(terms, someTime()), "state");
        QVERIFY2(tokenStateText(terms, someTime()).startsWith(text),
            qPrintable(tokenStateText(terms, someTime())));
    }

    void budgets()
    {
        const BudgetStand stand{1, Budget::TokenDay, cents(120), cents(500)};
        QCOMPARE(budgetText(stand, cents(500)), u"$1.20 of $5.00 (24 %)"_s);
        QCOMPARE(budgetText({}, cents(500)), u"of $5.00"_s);
        QCOMPARE(budgetText({}, {}), u"no limit"_s);
    }

    void tonesFollowTheTroubles()
    {
        const auto tone = [](qint64 spent) {
            return toneOf(std::optional(BudgetStand{1, Budget::TokenDay, cents(spent), cents(500)}));
        };
        QCOMPARE(tone(0), Tone::Good);
        QCOMPARE(tone(399), Tone::Good);
        QCOMPARE(tone(400), Tone::Warning);
        QCOMPARE(tone(499), Tone::Warning);
        QCOMPARE(tone(500), Tone::Bad);
        QCOMPARE(toneOf(std::optional<BudgetStand>()), Tone::Quiet);
    }

    void everyPlaceAndStepHasWords()
    {
        QSet<QString> texts;
        for (const HeldKeyPlace place : {HeldKeyPlace::Nowhere, HeldKeyPlace::Keychain, HeldKeyPlace::File,
                 HeldKeyPlace::Settings, HeldKeyPlace::Outside})
            texts.insert(heldKeyText({place, SettingSource::Default, {}, {}, {}}));
        QCOMPARE(texts.size(), 5);
        QVERIFY(!texts.contains(QString()));
        for (const AccessStep::What what : {AccessStep::Key, AccessStep::Store, AccessStep::Running})
            QVERIFY(stepText({what, true}) != stepText({what, false}));
    }

    void saysHowTheKeyIsSet_data()
    {
        QTest::addColumn<HeldKeyPlace>("place");
        QTest::addColumn<SettingSource>("source");
        QTest::addColumn<QString>("setting");
        QTest::addColumn<QString>("settingsFile");
        QTest::addColumn<QString>("keyFile");
        QTest::newRow("settings file") << HeldKeyPlace::Settings << SettingSource::File << u"openaiApiKey"_s
                                       << u"/some/settings.json"_s << QString();
        QTest::newRow("file of the settings")
            << HeldKeyPlace::Settings << SettingSource::File << QString() << QString() << u"/some/key"_s;
        QTest::newRow("environment") << HeldKeyPlace::Outside << SettingSource::Environment
                                     << u"OPENAI_API_KEY"_s << QString() << QString();
        QTest::newRow("command line") << HeldKeyPlace::Outside << SettingSource::CommandLine
                                      << u"--openai-api-key"_s << QString() << QString();
        QTest::newRow("file of the environment")
            << HeldKeyPlace::Outside << SettingSource::PrefixedEnvironment
            << u"REALTIME_RELAY_OPENAI_API_KEY_FILE"_s << QString() << u"/some/key"_s;
    }
    void saysHowTheKeyIsSet()
    {
        QFETCH(HeldKeyPlace, place);
        QFETCH(SettingSource, source);
        QFETCH(QString, setting);
        QFETCH(QString, settingsFile);
        QFETCH(QString, keyFile);
        const QString text = heldKeyText({place, source, setting, settingsFile, keyFile});
        for (const QString &each : {setting, settingsFile, keyFile})
            QVERIFY2(text.contains(each), qPrintable(text));
        QVERIFY2(!text.contains(u'%'), qPrintable(text));
        QCOMPARE(text.contains("variable"_L1), source == SettingSource::Environment);
        QCOMPARE(text.contains("from --openai-api-key on the command line"_L1),
            source == SettingSource::CommandLine);
    }
};

RELAY_TEST(TestAccessWords)
#include "tst_accesswords.moc"
