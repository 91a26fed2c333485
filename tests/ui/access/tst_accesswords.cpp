// SPDX-License-Identifier: MIT
#include "ui/access/accesswords.h"

#include "tests/support/relaytest.h"

#include <QLocale>
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
        for (const HeldKeyPlace place : {HeldKeyPlace::Nowhere, HeldKeyPlace::Keychain, HeldKeyPlace::File,
                 HeldKeyPlace::Settings, HeldKeyPlace::Outside})
            QVERIFY(!heldKeyText(place).isEmpty());
        for (const AccessStep::What what : {AccessStep::Key, AccessStep::Store, AccessStep::Running})
            QVERIFY(stepText({what, true}) != stepText({what, false}));
    }
};

RELAY_TEST(TestAccessWords)
#include "tst_accesswords.moc"
