// SPDX-License-Identifier: MIT
#include "ui/access/accesspage.h"

#include "tests/support/relaytest.h"
#include "tests/ui/control/playedbooks.h"
#include "ui/access/accessmodel.h"
#include "ui/access/accesstable.h"
#include "ui/access/tokendialog.h"
#include "ui/access/tokenhandout.h"

#include <QAbstractItemModelTester>
#include <QCheckBox>
#include <QClipboard>
#include <QFile>
#include <QGuiApplication>
#include <QLabel>
#include <QLineEdit>
#include <QMessageBox>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QTest>
#include <QToolButton>

using namespace rr;
using namespace Qt::StringLiterals;

namespace {

/// The page before somebody's eyes.
struct ShownPage : PlayedAccessRelay
{
    AccessPage page{control};

    ShownPage()
    {
        page.resize(1000, 700);
        page.show();
        [this] { QVERIFY(QTest::qWaitForWindowExposed(&page)); }();
    }
    AccessTable *table() const { return page.findChild<AccessTable *>(); }
    int rows() const { return table()->model()->rowCount(); }
    QString cell(int row, AccessModel::Column column) const
    {
        return table()->model()->index(row, column).data().toString();
    }
    QPushButton *button(const QString &name) const { return page.findChild<QPushButton *>(name); }
    QLabel *label(const QString &name) const { return page.findChild<QLabel *>(name); }
    void setTokens(const QList<AccessTerms> &tokens) const
    {
        books->all = tokens;
        Q_EMIT books->tokensChanged();
    }
};

} // namespace

class TestAccessPage : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedStates)); }

    void leadsThroughWhatIsMissing()
    {
        ShownPage shown;
        const auto step = [&shown](int which) {
            return shown.label(u"accessStep%1"_s.arg(which))->accessibleDescription();
        };
        QVERIFY(!shown.button(u"newToken"_s)->isEnabled());
        QVERIFY(shown.label(u"accessStep0"_s)->isVisible());
        QCOMPARE(step(AccessStep::Key), u"To be done"_s);
        QCOMPARE(step(AccessStep::Store), u"Done"_s);
        auto *key = shown.page.findChild<QLineEdit *>(u"heldKey"_s);
        QCOMPARE(key->echoMode(), QLineEdit::Password);
        key->setText(u"sk-test-0123456789abcdefghij"_s);
        shown.button(u"keepKey"_s)->click();
        QTRY_COMPARE(step(AccessStep::Key), u"Done"_s);
        QVERIFY(key->text().isEmpty()); // never shown again
        QVERIFY(shown.button(u"newToken"_s)->isEnabled());
        QVERIFY(shown.button(u"removeKey"_s)->isVisible());
        shown.control.start();
        QTRY_VERIFY(!shown.label(u"accessStep0"_s)->isVisible());
    }

    void saysWhatIsWrongWithAKeyUntilAnotherIsTyped()
    {
        ShownPage shown;
        auto *key = shown.page.findChild<QLineEdit *>(u"heldKey"_s);
        key->setText(u"two words"_s);
        shown.button(u"keepKey"_s)->click();
        QVERIFY(shown.label(u"keyProblem"_s)->isVisible());
        shown.control.refreshed();
        QVERIFY(shown.label(u"keyProblem"_s)->isVisible());
        key->setText(u"sk-"_s);
        QVERIFY(!shown.label(u"keyProblem"_s)->isVisible());
    }

    void asksBeforeTheKeyIsRemoved()
    {
        ShownPage shown;
        QVERIFY(shown.holdKey());
        QTRY_VERIFY(shown.button(u"removeKey"_s)->isEnabled() && shown.button(u"removeKey"_s)->isVisible());
        shown.button(u"removeKey"_s)->click();
        QVERIFY(answer(shown.page, u"Remove it"_s));
        QTRY_COMPARE(shown.control.access().keyPlace(), HeldKeyPlace::Nowhere);
    }

    void leadsToTheKeysFile()
    {
        ShownPage shown;
        const QSignalSpy asked(&shown.page, &AccessPage::settingsRequested);
        const QString file = shown.folder.filePath(u"key"_s);
        QFile key(file);
        QVERIFY(key.open(QIODevice::WriteOnly) && key.write("sk-test-0123456789abcdefghij") > 0);
        key.close();
        Settings settings = shown.control.settings();
        settings.openaiApiKeyFile = file;
        QVERIFY(shown.control.apply(settings).isEmpty());
        QTRY_VERIFY(shown.button(u"keySettings"_s)->isVisible());
        QVERIFY(shown.label(u"keyState"_s)->text().contains(file));
        QVERIFY(!shown.page.findChild<QLineEdit *>(u"heldKey"_s)->isVisible());
        shown.button(u"keySettings"_s)->click();
        QCOMPARE(asked.value(0).value(0).toByteArray(), QByteArray("openaiApiKeyFile"));
    }

    /// It has no field, so no button leads there.
    void saysInWhichFileTheKeyIsItself()
    {
        ShownPage shown;
        Settings settings = shown.control.settings();
        settings.openaiApiKey = u"sk-test-0123456789abcdefghij"_s;
        QVERIFY(shown.control.apply(settings).isEmpty());
        QTRY_VERIFY(shown.label(u"keyState"_s)->text().contains(shown.control.settingsFile()));
        QVERIFY(shown.label(u"keyState"_s)->text().contains("openaiApiKey"_L1));
        QVERIFY(!shown.label(u"keyState"_s)->text().contains(settings.openaiApiKey));
        QVERIFY(!shown.button(u"keySettings"_s)->isVisible());
        QVERIFY(!shown.button(u"removeKey"_s)->isVisible());
        // Once it is not there any more, a key can be entered.
        settings.openaiApiKey.clear();
        QVERIFY(shown.control.apply(settings).isEmpty());
        QTRY_VERIFY(shown.page.findChild<QLineEdit *>(u"heldKey"_s)->isVisible());
    }

    void leadsToTheStore()
    {
        ShownPage shown;
        shown.close();
        const QSignalSpy asked(&shown.page, &AccessPage::settingsRequested);
        QTRY_VERIFY(shown.button(u"chooseStore"_s)->isVisible());
        shown.button(u"chooseStore"_s)->click();
        QCOMPARE(asked.value(0).value(0).toByteArray(), QByteArray("storeUrl"));
    }

    void showsTokens()
    {
        ShownPage shown;
        AccessTerms terms = PlayedAccessRelay::terms(1, u"Demo"_s);
        terms.usdADay = PlayedAccessRelay::usd(500);
        terms.models = {u"gpt-realtime"_s};
        terms.callsAtOnce = 2;
        shown.books->spent = {{1, Budget::TokenDay, PlayedAccessRelay::usd(450), PlayedAccessRelay::usd(500)},
            {0, Budget::RelayDay, PlayedAccessRelay::usd(450), PlayedAccessRelay::usd(2000)}};
        shown.setTokens({terms});
        const QAbstractItemModelTester tester(shown.table()->model());
        QCOMPARE(shown.rows(), 1);
        QCOMPARE(shown.cell(0, AccessModel::Name), u"Demo"_s);
        QCOMPARE(shown.cell(0, AccessModel::Today), u"$4.50 of $5.00 (90 %)"_s);
        QCOMPARE(shown.cell(0, AccessModel::InAll), u"no limit"_s);
        QCOMPARE(shown.cell(0, AccessModel::Models), u"gpt-realtime"_s);
        QCOMPARE(shown.cell(0, AccessModel::Origins), u"any"_s);
        QVERIFY(shown.label(u"relayBudget"_s)->text().contains(u"$4.50 of $20.00"_s));
        const auto sign = [&shown](AccessModel::Column column) {
            return shown.table()->model()->index(0, column).data(Qt::DecorationRole);
        };
        QVERIFY(!sign(AccessModel::Today).isNull());
        QVERIFY(sign(AccessModel::InAll).isNull());
        // What changes is told without the selection being lost.
        shown.table()->selectRow(0);
        shown.books->spent[0].spent = PlayedAccessRelay::usd(500);
        Q_EMIT shown.books->budgetsChanged();
        QCOMPARE(shown.cell(0, AccessModel::Today), u"$5.00 of $5.00 (100 %)"_s);
        QVERIFY(shown.table()->selectionModel()->isRowSelected(0));
    }

    void keepsTheSelectionWhenOthersCome()
    {
        ShownPage shown;
        shown.setTokens({PlayedAccessRelay::terms(2, u"B"_s)});
        shown.table()->selectRow(0);
        shown.setTokens({PlayedAccessRelay::terms(2, u"B"_s), PlayedAccessRelay::terms(1, u"A"_s)});
        QCOMPARE(shown.rows(), 2);
        QVERIFY(shown.table()->selectionModel()->isRowSelected(1));
    }

    void hidesRevokedOnes()
    {
        ShownPage shown;
        AccessTerms revoked = PlayedAccessRelay::terms(1, u"Old"_s);
        revoked.isRevoked = true;
        shown.setTokens({revoked, PlayedAccessRelay::terms(2, u"New"_s)});
        QCOMPARE(shown.rows(), 1);
        auto *show = shown.page.findChild<QCheckBox *>(u"showRevoked"_s);
        QVERIFY(show->text().contains(u"(1)"_s));
        show->setChecked(true);
        QCOMPARE(shown.rows(), 2);
        shown.table()->selectRow(1);
        QVERIFY(!shown.button(u"editToken"_s)->isEnabled());
        QVERIFY(!shown.button(u"revokeToken"_s)->isEnabled());
    }

    void givesOutATokenOnce()
    {
        ShownPage shown;
        QVERIFY(shown.holdKey());
        shown.control.start();
        QTRY_VERIFY(shown.button(u"newToken"_s)->isEnabled());
        shown.button(u"newToken"_s)->click();
        auto *dialog = shown.page.findChild<TokenDialog *>();
        QVERIFY(dialog);
        dialog->findChild<QLineEdit *>(u"tokenName"_s)->setText(u"Demo"_s);
        dialog->findChild<QPushButton *>(u"saveToken"_s)->click();
        QTRY_VERIFY(shown.page.findChild<TokenHandout *>());
        auto *handout = shown.page.findChild<TokenHandout *>();
        const QString token = QString::fromLatin1(PlayedBooks::madeToken().reveal());
        QCOMPARE(handout->findChild<QLineEdit *>(u"handoutToken"_s)->text(), token);
        const QString url = u"ws://127.0.0.1:%1/realtime"_s.arg(shown.host.relay().port());
        const QString env = u"VITE_OPENAI_RELAY_URL=%1\nVITE_OPENAI_API_KEY=%2"_s.arg(url, token);
        QCOMPARE(handout->findChild<QPlainTextEdit *>(u"handoutEnv"_s)->toPlainText(), env);
        QCOMPARE(handout->findChild<QLineEdit *>(u"handoutProgram"_s)->text(),
            u"new WebSocket(\"%1?model=gpt-realtime\", [\"realtime\", \"openai-insecure-api-key.%2\"]);"_s
                .arg(url, token));
        handout->findChild<QToolButton *>(u"copy-handoutEnv"_s)->click();
        QCOMPARE(QGuiApplication::clipboard()->text(), env);
        QVERIFY(!handout->findChild<QLineEdit *>(u"handoutLink"_s)); // it is not shared
        handout->findChild<QToolButton *>(u"copy-handoutToken"_s)->click();
        QCOMPARE(QGuiApplication::clipboard()->text(), token);
        handout->findChild<QPushButton *>(u"handoutDone"_s)->click();
        QTRY_VERIFY(!shown.page.findChild<TokenHandout *>());
        QCOMPARE(shown.rows(), 1);
        QVERIFY(shown.table()->selectionModel()->isRowSelected(0));
        // It is nowhere in the page any more.
        const auto lines = shown.page.findChildren<QLineEdit *>();
        for (const QLineEdit *line : lines)
            QVERIFY(!line->text().contains(token));
    }

    void handsOutTheLinkOfAShare()
    {
        const LinkForms forms = linkForms(QUrl(u"https://h"_s), "k");
        const Handout handout{u"ek_rr_x"_s, true, tokenForms(forms, u"ek_rr_x"_s, {}), forms.tryLink};
        TokenHandout dialog(PlayedAccessRelay::terms(1, u"Demo"_s), handout);
        dialog.setAttribute(Qt::WA_DeleteOnClose, false);
        QCOMPARE(dialog.findChild<QLineEdit *>(u"handoutLink"_s)->text(), handout.shareLink);
        dialog.findChild<QToolButton *>(u"copy-handoutLink"_s)->click();
        QCOMPARE(QGuiApplication::clipboard()->text(), handout.shareLink);
    }

    void handsOutWhatIsKnownWhileItIsOff()
    {
        ShownPage shown;
        const Secret token("ek_rr_x");
        AccessTerms terms = PlayedAccessRelay::terms(1, u"Demo"_s);
        terms.models = {u"gpt-realtime-mini"_s};
        TokenHandout off(terms, handoutOf(shown.control, terms, token));
        off.setAttribute(Qt::WA_DeleteOnClose, false);
        QCOMPARE(off.findChild<QLineEdit *>(u"handoutEnv"_s)->text(), u"VITE_OPENAI_API_KEY=ek_rr_x"_s);
        QCOMPARE(off.findChild<QLineEdit *>(u"handoutProgram"_s)->text(),
            u"[\"realtime\", \"openai-insecure-api-key.ek_rr_x\"]"_s);
        QVERIFY(off.findChild<QLabel *>(u"handoutHint"_s)->text().contains("takes no calls"_L1));
        shown.control.start();
        const Handout running = handoutOf(shown.control, terms, token);
        QVERIFY(running.hasAddress);
        QVERIFY2(running.forms.javaScript.contains("?model=gpt-realtime-mini\""_L1), // others are refused
            qPrintable(running.forms.javaScript));
    }

    void revokesWhenItIsMeant()
    {
        ShownPage shown;
        shown.setTokens({PlayedAccessRelay::terms(7, u"Demo"_s)});
        shown.table()->selectRow(0);
        QTest::keyClick(shown.table(), Qt::Key_Delete);
        QVERIFY(answer(shown.page, u"Cancel"_s));
        QVERIFY(shown.books->revoked.isEmpty());
        shown.button(u"revokeToken"_s)->click();
        QVERIFY(answer(shown.page, u"Revoke it"_s));
        QTRY_COMPARE(shown.books->revoked, QList<qint64>{7});
        QTRY_COMPARE(shown.rows(), 0);
    }

    void saysWhyItCouldNotBeRevoked()
    {
        ShownPage shown;
        shown.setTokens({PlayedAccessRelay::terms(7, u"Demo"_s)});
        shown.books->error = RelayError{"store_away", {}, "The database cannot be reached."};
        shown.table()->selectRow(0);
        shown.button(u"revokeToken"_s)->click();
        QVERIFY(answer(shown.page, u"Revoke it"_s));
        const auto said = [&shown] {
            const auto boxes = shown.page.findChildren<QMessageBox *>();
            for (const QMessageBox *box : boxes) {
                if (box->text() == "The database cannot be reached."_L1)
                    return true;
            }
            return false;
        };
        QTRY_VERIFY(said());
    }

    void editsByTheKeyboard()
    {
        ShownPage shown;
        shown.setTokens({PlayedAccessRelay::terms(7, u"Demo"_s)});
        shown.table()->selectRow(0);
        QTest::keyClick(shown.table(), Qt::Key_Return);
        auto *dialog = shown.page.findChild<TokenDialog *>();
        QVERIFY(dialog);
        QCOMPARE(dialog->findChild<QLineEdit *>(u"tokenName"_s)->text(), u"Demo"_s);
    }

    void tellsWhenTheStoreIsAway()
    {
        ShownPage shown;
        shown.setTokens({PlayedAccessRelay::terms(7, u"Demo"_s)});
        QVERIFY(!shown.label(u"storeStand"_s)->isVisible());
        shown.books->stands.isAway = true;
        Q_EMIT shown.books->standChanged();
        QVERIFY(shown.label(u"storeStand"_s)->isVisible());
        QCOMPARE(shown.rows(), 1); // what was known stays
        shown.books->stands = {};
        Q_EMIT shown.books->standChanged();
        QVERIFY(!shown.label(u"storeStand"_s)->isVisible());
    }

    void countsLiveCallsByToken()
    {
        PlayedAccessRelay played;
        played.books->all = {PlayedAccessRelay::terms(7, u"Demo"_s), PlayedAccessRelay::terms(8, u"Other"_s)};
        AccessModel model;
        const QAbstractItemModelTester tester(&model);
        AccessUsage usage;
        usage.name = u"Demo"_s;
        usage.calls = 9;
        usage.active = 3;
        model.update(played.control.access(), {usage}, QDateTime::currentDateTimeUtc());
        QCOMPARE(model.callsNow(0), 3);
        QCOMPARE(model.callsNow(1), 0);
    }

    void remembers()
    {
        ShownPage shown;
        shown.page.findChild<QCheckBox *>(u"showRevoked"_s)->setChecked(true);
        const QByteArray state = shown.page.saveState();
        ShownPage other;
        QVERIFY(!other.page.restoreState("nonsense"));
        QVERIFY(other.page.restoreState(state));
        QVERIFY(other.page.findChild<QCheckBox *>(u"showRevoked"_s)->isChecked());
    }

private:
    /// Of the question that stands before the page.
    static bool answer(const QWidget &page, const QString &button)
    {
        const auto boxes = page.findChildren<QMessageBox *>();
        for (const QMessageBox *box : boxes) {
            const auto buttons = box->buttons();
            for (QAbstractButton *each : buttons) {
                if (box->isVisible() && each->text().remove(u'&') == button) {
                    each->click();
                    return true;
                }
            }
        }
        return false;
    }
};

RELAY_TEST(TestAccessPage)
#include "tst_accesspage.moc"
