// SPDX-License-Identifier: MIT
#include "ui/control/accesscontrol.h"

#include "tests/support/relaytest.h"
#include "tests/ui/control/playedbooks.h"
#include "ui/control/storewords.h"

#include <QSignalSpy>
#include <QTest>

using namespace rr;
using namespace Qt::StringLiterals;

namespace {

UsageSum daySum(int daysAgo, Money cost)
{
    UsageSum sum;
    sum.key = QDateTime::currentDateTimeUtc().date().addDays(-daysAgo).toString(Qt::ISODate);
    sum.calls = 1;
    sum.totals.cost = cost;
    sum.totals.responses = 1;
    return sum;
}

} // namespace

class TestAccessControl : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void saysWhatIsMissing()
    {
        PlayedAccessRelay played;
        AccessControl &access = played.control.access();
        played.close();
        QCOMPARE(access.keyPlace(), HeldKeyPlace::Nowhere);
        QVERIFY(!access.mayGiveOut());
        QVERIFY(!access.steps()[AccessStep::Store].isDone);
        played.open();
        QVERIFY(access.steps()[AccessStep::Store].isDone);
        QVERIFY(!access.mayGiveOut());
        QVERIFY(played.holdKey());
        QVERIFY(access.steps()[AccessStep::Key].isDone);
        QVERIFY(access.mayGiveOut()); // a relay that is off can wait
        QVERIFY(!access.steps()[AccessStep::Running].isDone);
        played.control.start();
        QVERIFY(access.steps()[AccessStep::Running].isDone);
    }

    void aKeyOfTheSettingsCountsFirst()
    {
        const QTemporaryDir folder;
        Journal journal;
        SettingsInput input;
        input.file = folder.filePath(u"settings.json"_s);
        input.environment.insert(u"OPENAI_API_KEY"_s, u"sk-test-0123456789abcdefghij"_s);
        Host host(journal, input);
        RelayControl control(host);
        QCOMPARE(control.access().keyPlace(), HeldKeyPlace::Outside);
        QCOMPARE(control.access().heldKey(),
            (HeldKeyStand{HeldKeyPlace::Outside, SettingSource::Environment, u"OPENAI_API_KEY"_s, {}, {}}));
    }

    void knowsHowTheSettingsNameTheKey()
    {
        PlayedAccessRelay played;
        Settings settings = played.control.settings();
        settings.openaiApiKey = u"sk-test-0123456789abcdefghij"_s;
        QVERIFY(played.control.apply(settings).isEmpty());
        const QString settingsFile = played.control.settingsFile();
        QCOMPARE(played.control.access().heldKey(),
            (HeldKeyStand{HeldKeyPlace::Settings, SettingSource::File, u"openaiApiKey"_s, settingsFile, {}}));
        const QString file = played.folder.filePath(u"key"_s);
        QFile key(file);
        QVERIFY(key.open(QIODevice::WriteOnly) && key.write("sk-test-0123456789abcdefghij") > 0);
        key.close();
        settings.openaiApiKey.clear();
        settings.openaiApiKeyFile = file;
        QVERIFY(played.control.apply(settings).isEmpty());
        QCOMPARE(played.control.access().heldKey(),
            (HeldKeyStand{
                HeldKeyPlace::Settings, SettingSource::File, u"openaiApiKeyFile"_s, settingsFile, file}));
    }

    void goodTokensComeFirst()
    {
        PlayedAccessRelay played;
        AccessTerms expired = PlayedAccessRelay::terms(1, u"a"_s);
        expired.expiresAt = QDateTime::currentDateTimeUtc().addSecs(-5);
        AccessTerms revoked = PlayedAccessRelay::terms(2, u"b"_s);
        revoked.isRevoked = true;
        played.books->all
            = {expired, revoked, PlayedAccessRelay::terms(3, u"D"_s), PlayedAccessRelay::terms(4, u"c"_s)};
        QStringList names;
        for (const AccessTerms &terms : played.control.access().tokens())
            names.append(terms.name);
        QCOMPARE(names, (QStringList{u"c"_s, u"D"_s, u"a"_s, u"b"_s}));
    }

    void findsBudgets()
    {
        PlayedAccessRelay played;
        played.books->spent
            = {{7, Budget::TokenDay, PlayedAccessRelay::usd(120), PlayedAccessRelay::usd(500)},
                {0, Budget::RelayDay, PlayedAccessRelay::usd(300), PlayedAccessRelay::usd(2000)}};
        const AccessControl &access = played.control.access();
        QCOMPARE(access.budget(7, Budget::TokenDay)->spent, PlayedAccessRelay::usd(120));
        QCOMPARE(access.budget(0, Budget::RelayDay)->limit, PlayedAccessRelay::usd(2000));
        QVERIFY(!access.budget(7, Budget::TokenInAll));
        QVERIFY(!access.budget(8, Budget::TokenDay));
    }

    void addsUpDaysAndMonth()
    {
        PlayedAccessRelay played;
        AccessControl &access = played.control.access();
        const int dayOfMonth = QDateTime::currentDateTimeUtc().date().day();
        played.books->answeredSums = {daySum(dayOfMonth, PlayedAccessRelay::usd(1000)), // of the month before
            daySum(0, PlayedAccessRelay::usd(25)), daySum(dayOfMonth - 1, PlayedAccessRelay::usd(50))};
        const QSignalSpy told(&access, &AccessControl::costsChanged);
        access.refreshCosts();
        QVERIFY(!access.costs().isKnown); // nothing waits
        QTRY_VERIFY(access.costs().isKnown);
        QCOMPARE(told.size(), 1);
        const bool isFirst = dayOfMonth == 1;
        QCOMPARE(access.costs().month.cost, PlayedAccessRelay::usd(75));
        QCOMPARE(access.costs().today.cost, PlayedAccessRelay::usd(isFirst ? 75 : 25));
        QVERIFY(access.costs().days.size() >= 2);
        QVERIFY(std::is_sorted(access.costs().days.cbegin(), access.costs().days.cend(),
            [](const UsageSum &one, const UsageSum &other) { return one.key < other.key; }));
        QCOMPARE(played.books->askedSums.first().first, SumBy::Day);
    }

    void asksForCostsNoMoreThanIsNeeded()
    {
        PlayedAccessRelay played;
        AccessControl &access = played.control.access();
        for (int i = 0; i < 20; ++i)
            access.refreshCosts();
        QTRY_VERIFY(access.costs().isKnown);
        for (int i = 0; i < 20; ++i)
            access.refreshCosts();
        QCOMPARE(played.books->askedSums.size(), 1);
    }

    void answersOfBooksThatAreGoneAreNotTaken()
    {
        PlayedAccessRelay played;
        AccessControl &access = played.control.access();
        played.books->answeredSums = {daySum(0, PlayedAccessRelay::usd(25))};
        access.refreshCosts();
        played.open();
        access.refreshCosts();
        QTRY_VERIFY(access.costs().isKnown);
        QCOMPARE(access.costs().today.cost, Money());
    }

    void keepsCostsWhenTheStoreIsAway()
    {
        PlayedAccessRelay played;
        AccessControl &access = played.control.access();
        played.books->answeredSums = {daySum(0, PlayedAccessRelay::usd(25))};
        access.refreshCosts();
        QTRY_VERIFY(access.costs().isKnown);
        played.books->error = RelayError{"store_away", {}, "The database cannot be reached."};
        played.books->stands.isAway = true;
        QCOMPARE(access.costs().today.cost, PlayedAccessRelay::usd(25));
        QVERIFY(access.stand().isAway);
    }

    void tellsHowTheStoreFares()
    {
        QVERIFY(storeStandText({}).isEmpty());
        StoreStand away;
        away.isAway = true;
        away.why = "Connection refused";
        away.waiting = 1234;
        const QString text = storeStandText(away);
        QVERIFY2(text.contains(u"cannot be reached"_s) && text.contains(u"Connection refused"_s)
                && text.contains(u"1,234"_s),
            qPrintable(text));
        StoreStand dropping;
        dropping.dropped = 5;
        QVERIFY(storeStandText(dropping).contains(u'5'));
    }
};

RELAY_TEST(TestAccessControl)
#include "tst_accesscontrol.moc"
