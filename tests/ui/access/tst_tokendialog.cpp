// SPDX-License-Identifier: MIT
#include "ui/access/tokendialog.h"

#include "tests/support/relaytest.h"
#include "tests/ui/control/playedbooks.h"
#include "ui/access/moneybox.h"

#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QPointer>
#include <QPushButton>
#include <QSignalSpy>
#include <QSpinBox>
#include <QTest>

using namespace rr;
using namespace Qt::StringLiterals;

class TestTokenDialog : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void beginsWithWhatMostWant()
    {
        PlayedAccessRelay played;
        TokenDialog &dialog = *show(played, {});
        field(dialog, u"tokenName"_s)->setText(u"  Demo   at the fair "_s);
        const AccessTerms terms = dialog.terms();
        QCOMPARE(terms.name, u"Demo at the fair"_s);
        QCOMPARE(terms.usdADay, PlayedAccessRelay::usd(500));
        QCOMPARE(terms.usdInAll, Money());
        const qint64 seconds = QDateTime::currentDateTimeUtc().secsTo(terms.expiresAt);
        QVERIFY(seconds > 7 * 86'400 - 600 && seconds <= 7 * 86'400);
        QVERIFY(terms.origins.isEmpty() && terms.models.isEmpty());
    }

    void makesAToken()
    {
        PlayedAccessRelay played;
        TokenDialog *dialog = show(played, {});
        const QSignalSpy made(dialog, &TokenDialog::made);
        field(*dialog, u"tokenName"_s)->setText(u"Demo"_s);
        field(*dialog, u"tokenOrigins"_s)->setText(u"app.example.org, https://b.example.org/login"_s);
        field(*dialog, u"tokenModels"_s)->setText(u"gpt-realtime gpt-realtime-mini"_s);
        dialog->findChild<QSpinBox *>(u"tokenCalls"_s)->setValue(2);
        dialog->findChild<QSpinBox *>(u"tokenMinutes"_s)->setValue(10);
        dialog->findChild<MoneyBox *>(u"tokenUsdInAll"_s)->setMoney(PlayedAccessRelay::usd(2000));
        save(*dialog)->click();
        QVERIFY(!save(*dialog)->isEnabled()); // one click, one token
        QTRY_COMPARE(made.size(), 1);
        const AccessTerms terms = played.books->all.value(0);
        QCOMPARE(terms.origins, (QStringList{u"https://app.example.org"_s, u"https://b.example.org"_s}));
        QCOMPARE(terms.models, (QStringList{u"gpt-realtime"_s, u"gpt-realtime-mini"_s}));
        QCOMPARE(terms.callsAtOnce, 2);
        QCOMPARE(terms.minutesACall, 10);
        QCOMPARE(terms.usdInAll, PlayedAccessRelay::usd(2000));
        QCOMPARE(made.first()[1].toByteArray(), PlayedBooks::madeToken().reveal());
    }

    void saysWhatIsWrong_data()
    {
        QTest::addColumn<QString>("name");
        QTest::addColumn<QString>("origins");
        QTest::addColumn<QString>("focus");
        QTest::newRow("no name") << u" "_s << QString() << u"tokenName"_s;
        QTest::newRow("a name that is taken") << u"Taken"_s << QString() << u"tokenName"_s;
        QTest::newRow("no page") << u"Demo"_s << u"https://"_s << u"tokenOrigins"_s;
    }
    void saysWhatIsWrong()
    {
        QFETCH(QString, name);
        QFETCH(QString, origins);
        QFETCH(QString, focus);
        PlayedAccessRelay played;
        played.books->all = {PlayedAccessRelay::terms(1, u"Taken"_s)};
        TokenDialog &dialog = *show(played, {});
        field(dialog, u"tokenName"_s)->setText(name);
        field(dialog, u"tokenOrigins"_s)->setText(origins);
        save(dialog)->click();
        QVERIFY(!dialog.findChild<QLabel *>(u"tokenProblem"_s)->text().isEmpty());
        QTRY_VERIFY(field(dialog, focus)->hasFocus());
        QCOMPARE(played.books->all.size(), 1);
        field(dialog, focus)->setText(u"other"_s);
        QVERIFY(!dialog.findChild<QLabel *>(u"tokenProblem"_s)->isVisible());
    }

    void aNameOfARevokedOneIsFree()
    {
        PlayedAccessRelay played;
        AccessTerms revoked = PlayedAccessRelay::terms(1, u"Demo"_s);
        revoked.isRevoked = true;
        played.books->all = {revoked};
        TokenDialog *dialog = show(played, {});
        const QSignalSpy made(dialog, &TokenDialog::made);
        field(*dialog, u"tokenName"_s)->setText(u"Demo"_s);
        save(*dialog)->click();
        QTRY_COMPARE(made.size(), 1);
    }

    void staysOpenWhenTheStoreSaysNo()
    {
        PlayedAccessRelay played;
        played.books->error = RelayError{"store_away", {}, "The database cannot be reached."};
        const QPointer<TokenDialog> dialog = show(played, {});
        field(*dialog, u"tokenName"_s)->setText(u"Demo"_s);
        save(*dialog)->click();
        QTRY_VERIFY(dialog->findChild<QLabel *>(u"tokenProblem"_s)->isVisible());
        QCOMPARE(
            dialog->findChild<QLabel *>(u"tokenProblem"_s)->text(), u"The database cannot be reached."_s);
        QVERIFY(dialog->isVisible() && save(*dialog)->isEnabled());
    }

    void mayBeClosedBeforeTheAnswer()
    {
        PlayedAccessRelay played;
        played.books->isHeld = true;
        const QPointer<TokenDialog> dialog = show(played, {});
        field(*dialog, u"tokenName"_s)->setText(u"Demo"_s);
        save(*dialog)->click();
        dialog->reject();
        QTRY_VERIFY(!dialog);
        played.books->answerNow();
        QCOMPARE(played.books->all.size(), 1);
    }

    void changesNothingThatNobodyTouched()
    {
        PlayedAccessRelay played;
        AccessTerms terms = PlayedAccessRelay::terms(1, u"Demo"_s);
        terms.expiresAt = QDateTime::currentDateTimeUtc().addSecs(12'345);
        terms.usdADay = Money::ofPico(1'234'567'890'123); // finer than the field
        terms.origins = {u"https://*.example.org"_s};
        terms.models = {u"gpt-realtime"_s};
        terms.callsAtOnce = 3;
        played.books->all = {terms};
        TokenDialog *dialog = show(played, terms);
        QCOMPARE(dialog->terms(), terms);
        const QSignalSpy changed(dialog, &TokenDialog::changed);
        dialog->findChild<QSpinBox *>(u"tokenCalls"_s)->setValue(4);
        save(*dialog)->click();
        QTRY_COMPARE(changed.size(), 1);
        terms.callsAtOnce = 4;
        QCOMPARE(played.books->all.first(), terms);
    }

    void warnsWithoutABudget()
    {
        PlayedAccessRelay played;
        TokenDialog &dialog = *show(played, {});
        const auto *warning = dialog.findChild<QLabel *>(u"tokenWarning"_s);
        QVERIFY(!warning->text().contains(u"Without a budget"_s));
        dialog.findChild<MoneyBox *>(u"tokenUsdADay"_s)->setMoney({});
        QVERIFY(warning->text().contains(u"Without a budget"_s));
    }

    void moneyIsExact()
    {
        MoneyBox box;
        QCOMPARE(box.text(), u"no limit"_s);
        for (const qint64 pico :
            {qint64(100'000'000), qint64(1'234'500'000'000), qint64(999'999'999'900'000'000)}) {
            box.setMoney(Money::ofPico(pico));
            QCOMPARE(box.money().pico(), pico);
        }
    }

private:
    static TokenDialog *show(PlayedAccessRelay &played, const std::optional<AccessTerms> &terms)
    {
        auto *dialog = new TokenDialog(played.control.access(), terms);
        dialog->open();
        dialog->activateWindow();
        [&] { QVERIFY(QTest::qWaitForWindowActive(dialog)); }();
        return dialog;
    }
    static QLineEdit *field(const TokenDialog &dialog, const QString &name)
    {
        return dialog.findChild<QLineEdit *>(name);
    }
    static QPushButton *save(const TokenDialog &dialog)
    {
        return dialog.findChild<QPushButton *>(u"saveToken"_s);
    }
};

RELAY_TEST(TestTokenDialog)
#include "tst_tokendialog.moc"
