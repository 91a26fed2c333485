// SPDX-License-Identifier: MIT
#include "ui/sharing/sharepanel.h"

#include "core/sharing/linkforms.h"
#include "tests/support/relaytest.h"
#include "tests/ui/sharing/playedrelay.h"
#include "ui/control/translated.h"
#include "ui/parts/checklist.h"
#include "ui/parts/copybutton.h"
#include "ui/sharing/linkbox.h"
#include "ui/sharing/qrcode.h"

#include <QAction>
#include <QApplication>
#include <QClipboard>
#include <QDesktopServices>
#include <QLabel>
#include <QLineEdit>
#include <QMessageBox>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QTabBar>
#include <QTest>

using namespace rr;
using namespace Qt::StringLiterals;

namespace {

const QByteArray secret = "kq3Xz0_yPq81vN-aLmT5cg";

Sharing::Status statusIn(Sharing::State state)
{
    Sharing::Status status;
    status.state = state;
    status.way = u"ssh-server"_s;
    status.address = QUrl(u"https://relay.example.org"_s);
    status.secret = secret;
    status.until = QDateTime::currentDateTimeUtc().addSecs(3600);
    return status;
}

} // namespace

class TestSharePanel : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init()
    {
        m_relay = std::make_unique<PlayedRelay>();
        m_panel = std::make_unique<SharePanel>(m_relay->control);
    }
    void cleanup()
    {
        m_panel.reset();
        m_relay.reset();
    }

    void isNotThereBeforeTheFirstShare()
    {
        QVERIFY(m_panel->isHidden());
        m_panel->show(statusIn(Sharing::State::Starting));
        QVERIFY(!m_panel->isHidden());
    }

    /// All of it has its place; and this is the picture in the README.
    void isDrawnWhole()
    {
        Sharing::Status status = statusIn(Sharing::State::Shared);
        status.visitor
            = Visitor{u"203.0.113.7"_s, u"Mozilla/5.0 (Android 16; Mobile)"_s, QDateTime::currentDateTime()};
        m_panel->show(status);
        m_panel->resize(920, m_panel->minimumSizeHint().height());
        const QImage image = m_panel->grab().toImage();
        const auto *code = m_panel->findChild<QrCode *>();
        const QRect place(code->mapTo(m_panel.get(), QPoint()), code->size());
        QVERIFY(m_panel->rect().contains(place));
        QCOMPARE(image.pixelColor(place.center() - QPoint(place.width() / 2 - 8, 0)), QColor(Qt::white));
        const QString folder = qEnvironmentVariable("TEST_SCREENSHOTS");
        QVERIFY(folder.isEmpty() || image.save(folder + "/share.png"_L1));
    }

    void offersTheLinkWhereItWorks_data()
    {
        QTest::addColumn<Sharing::State>("state");
        QTest::addColumn<bool>("before"); // was shared at this address
        QTest::addColumn<bool>("isThere");
        QTest::addColumn<bool>("isUsable");
        using enum Sharing::State;
        QTest::newRow("starting") << Starting << false << false << false;
        QTest::newRow("first test") << Testing << false << false << false;
        QTest::newRow("shared") << Shared << false << true << true;
        QTest::newRow("tested again") << Testing << true << true << true;
        QTest::newRow("broken") << Broken << true << true << false;
        QTest::newRow("stopping") << Stopping << true << false << false;
    }
    void offersTheLinkWhereItWorks()
    {
        QFETCH(Sharing::State, state);
        QFETCH(bool, before);
        if (before)
            m_panel->show(statusIn(Sharing::State::Shared));
        m_panel->show(statusIn(state));
        auto *link = m_panel->findChild<LinkBox *>();
        QTEST(!link->isHidden(), "isThere");
        if (!link->isHidden())
            QTEST(link->isEnabled(), "isUsable");
        // And what is not there is not kept in it, either.
        QCOMPARE(m_panel->findChild<QrCode *>()->address().isEmpty(), link->isHidden());
    }

    void anotherAddressIsProvenFirst()
    {
        m_panel->show(statusIn(Sharing::State::Shared));
        Sharing::Status other = statusIn(Sharing::State::Testing);
        other.address = QUrl(u"https://other.example.org"_s);
        m_panel->show(other);
        QVERIFY(m_panel->findChild<LinkBox *>()->isHidden());
        other.state = Sharing::State::Shared;
        m_panel->show(other);
        QVERIFY(m_panel->findChild<QrCode *>()->address().contains("other.example.org"_L1));
    }

    void copiesEveryForm()
    {
        m_panel->show(statusIn(Sharing::State::Shared));
        const LinkForms forms = linkForms(QUrl(u"https://relay.example.org"_s), secret);
        QCOMPARE(m_panel->findChild<QrCode *>()->address(), forms.tryLink);
        QCOMPARE(m_panel->findChild<QLineEdit *>(u"tryLink"_s)->text(), forms.tryLink);
        auto *tabs = m_panel->findChild<QTabBar *>(u"forms"_s);
        const QStringList wanted{
            forms.env, forms.javaScript, forms.python, forms.wscat, forms.curl, forms.address};
        QCOMPARE(tabs->count(), wanted.size());
        for (int i = 0; i < tabs->count(); ++i) {
            tabs->setCurrentIndex(i);
            QCOMPARE(m_panel->findChild<QPlainTextEdit *>(u"form"_s)->toPlainText(), wanted[i]);
            QCOMPARE(copied(u"copyForm"_s), wanted[i]);
        }
        QCOMPARE(copied(u"copyTryLink"_s), forms.tryLink);
        QCOMPARE(copied(u"copyNote"_s), translated(forms.note));
        m_panel->findChild<QrCode *>()->click();
    }

    /// Where people look at a screen is one thing; what programs read out and list is another.
    void theSecretIsNowhereButInTheLink()
    {
        m_panel->show(statusIn(Sharing::State::Shared));
        const auto widgets = m_panel->findChildren<QWidget *>();
        for (const QWidget *widget : widgets) {
            for (const QString &text : {widget->windowTitle(), widget->toolTip(), widget->accessibleName(),
                     widget->accessibleDescription(), widget->objectName(), widget->statusTip()})
                QVERIFY2(!text.contains(QString::fromLatin1(secret)), qPrintable(text));
        }
    }

    void showsTheProofAndTheWitness()
    {
        Sharing::Status status = statusIn(Sharing::State::Shared);
        status.steps = {{"name"_L1, CheckStep::Result::Good, {}, "It is there.", {}, 12}};
        m_panel->show(status);
        QCOMPARE(m_panel->findChild<CheckList *>()->steps().size(), 1);
        const QString before = label(u"shareVisitor"_s)->text();
        status.visitor = Visitor{u"203.0.113.9"_s, u"curl/8"_s, QDateTime::currentDateTimeUtc()};
        m_panel->show(status);
        QVERIFY(label(u"shareVisitor"_s)->text() != before);
        QVERIFY(label(u"shareVisitor"_s)->text().contains("203.0.113.9"_L1));
        QVERIFY(label(u"sharePlace"_s)->text().contains("relay.example.org"_L1));
        QVERIFY2(label(u"sharePlace"_s)->text().contains("59:"_L1)
                || label(u"sharePlace"_s)->text().contains("1:00:00"_L1),
            qPrintable(label(u"sharePlace"_s)->text()));
    }

    void aConsentIsAButton()
    {
        Sharing::Status status = statusIn(Sharing::State::NeedsYou);
        status.reason = "It asks for your consent.";
        m_panel->show(status);
        auto *consent = button(u"consent"_s);
        QVERIFY(consent->isHidden());
        status.consentPage = QUrl(u"relaytest://login.example.org/a/b"_s);
        m_panel->show(status);
        QVERIFY(!consent->isHidden());
        QDesktopServices::setUrlHandler(u"relaytest"_s, this, "opened");
        consent->click();
        QDesktopServices::unsetUrlHandler(u"relaytest"_s);
        QCOMPARE(m_opened, status.consentPage);
        QCOMPARE(label(u"shareSentence"_s)->text(), u"It asks for your consent."_s);
    }

    void theProgramsOwnWordsAreBehindAFold()
    {
        Sharing::Status status = statusIn(Sharing::State::Broken);
        status.lastLines = {u"one"_s, u"two"_s};
        m_panel->show(status);
        auto *lines = m_panel->findChild<QPlainTextEdit *>(u"tunnelLines"_s);
        QCOMPARE(lines->toPlainText(), u"one\ntwo"_s);
        QVERIFY(!lines->isVisibleTo(m_panel.get()));
    }

    /// With a program that is really run, and an address at which nobody answers.
    void followsWhatIsShared()
    {
#ifdef Q_OS_WIN
        QSKIP("The way that is played is a shell script.");
#endif
        RelayControl &control = m_relay->control;
        QVERIFY(button(u"shareAgain"_s)->isHidden());
        control.sharing().accept();
        const auto problem = control.share(m_relay->plan());
        QVERIFY2(!problem, problem ? qPrintable(plain(*problem)) : "");
        QVERIFY(!m_panel->isHidden());
        QVERIFY(!button(u"stopShare"_s)->isHidden());
        QTRY_VERIFY(label(u"sharePlace"_s)->text().contains("127.0.0.1:1"_L1));
        QTRY_COMPARE(control.sharing().status().state, Sharing::State::Broken);
        QVERIFY(label(u"shareState"_s)->text().contains("Broken"_L1));
        QVERIFY(!label(u"shareSentence"_s)->text().isEmpty());
        QVERIFY(!m_panel->findChild<CheckList *>()->steps().isEmpty());
        button(u"stopShare"_s)->click();
        QTRY_COMPARE(control.sharing().status().state, Sharing::State::Off);
        QVERIFY(button(u"stopShare"_s)->isHidden());
        QVERIFY(!button(u"shareAgain"_s)->isHidden()); // one click, as the last time
        button(u"shareAgain"_s)->click();
        QVERIFY(control.sharing().isOn());
        QCOMPARE(control.sharing().lastPlan(), m_relay->plan());
    }

    void aNewLinkIsAskedFor()
    {
        m_panel->show(statusIn(Sharing::State::Shared));
        m_panel->QWidget::show();
        button(u"newLink"_s)->click();
        auto *question = m_panel->findChild<QMessageBox *>();
        QVERIFY(question && question->isVisible());
        button(u"newLink"_s)->click();
        QCOMPARE(m_panel->findChildren<QMessageBox *>().size(), 1);
        question->close();
        QVERIFY(!question->isVisible());
        button(u"newLink"_s)->click(); // another time, another question
        const auto questions = m_panel->findChildren<QMessageBox *>();
        QVERIFY(questions.last() != question && questions.last()->isVisible());
        questions.last()->close();
    }

public Q_SLOTS:
    void opened(const QUrl &url)
    {
        m_opened = url;
    }

private:
    QPushButton *button(const QString &name) const
    {
        return m_panel->findChild<QPushButton *>(name);
    }
    QLabel *label(const QString &name) const
    {
        return m_panel->findChild<QLabel *>(name);
    }
    QString copied(const QString &name) const
    {
        QApplication::clipboard()->clear();
        m_panel->findChild<CopyButton *>(name)->click();
        return QApplication::clipboard()->text();
    }

    std::unique_ptr<PlayedRelay> m_relay;
    std::unique_ptr<SharePanel> m_panel;
    QUrl m_opened;
};

RELAY_TEST(TestSharePanel)
#include "tst_sharepanel.moc"
