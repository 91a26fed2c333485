// SPDX-License-Identifier: MIT
#include "ui/sharing/sharedialog.h"

#include "tests/support/relaytest.h"
#include "tests/ui/sharing/playedrelay.h"
#include "ui/control/translated.h"
#include "ui/parts/copybutton.h"

#include <QApplication>
#include <QCheckBox>
#include <QClipboard>
#include <QComboBox>
#include <QFile>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QPlainTextEdit>
#include <QPointer>
#include <QPushButton>
#include <QRadioButton>
#include <QSpinBox>
#include <QTest>

using namespace rr;
using namespace Qt::StringLiterals;

class TestShareDialog : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init() { m_relay = std::make_unique<PlayedRelay>(); }
    void cleanup()
    {
        delete m_dialog;
        m_relay.reset();
    }

    void asksForAllOfItBeforeTheFirstShare()
    {
#ifdef Q_OS_WIN
        QSKIP("The way that is played is a shell script.");
#endif
        open();
        choose(u"command"_s);
        const SharePlan plan = m_relay->plan();
        start();
        QVERIFY2(problem().contains(field(u"command"_s)->accessibleName()), qPrintable(problem()));
        QTRY_VERIFY(
            m_dialog->findChild<QLabel *>(u"commandHint"_s)->isVisible()); // the settings file keeps it
        field(u"command"_s)->setText(plan.fields.value(u"command"_s));
        QVERIFY(problem().isEmpty()); // what was wrong is being mended
        field(u"shows"_s)->setText(plan.fields.value(u"shows"_s));
        start();
        QVERIFY2(problem().contains("pages"_L1), qPrintable(problem()));
        origins()->setText(u"*"_s);
        start();
        QVERIFY2(problem().contains(u'*'), qPrintable(problem()));
        // As it stands in the address line of a browser.
        origins()->setText(u"app.example.org/login?next=/ https://b.example.org:8443/x"_s);
        start();
        QVERIFY2(problem().contains("OpenAI"_L1), qPrintable(problem()));
        QVERIFY(m_dialog->findChild<QCheckBox *>(u"accept"_s)->hasFocus());
        QVERIFY(!m_relay->control.sharing().isOn());
        QVERIFY(!m_relay->control.sharing().wasAccepted());
        m_dialog->findChild<QCheckBox *>(u"accept"_s)->setChecked(true);
        m_dialog->findChild<QSpinBox *>(u"calls"_s)->setValue(5);
        m_dialog->findChild<QSpinBox *>(u"callsPerAddress"_s)->setValue(2);
        m_dialog->findChild<QComboBox *>(u"lasts"_s)->setCurrentIndex(0);
        start();
        QVERIFY2(m_relay->control.sharing().isOn(), qPrintable(m_dialog ? problem() : QString()));
        QTRY_VERIFY(!m_dialog);
        const auto kept = m_relay->control.sharing().lastPlan();
        QVERIFY(kept);
        QCOMPARE(kept->origins, QStringList({u"https://app.example.org"_s, u"https://b.example.org:8443"_s}));
        QCOMPARE(kept->maxCalls, 5);
        QCOMPARE(kept->maxCallsPerAddress, 2);
        QCOMPARE(kept->lasts, std::chrono::seconds(std::chrono::hours(1)));
        QVERIFY(m_relay->control.sharing().wasAccepted());
        QCOMPARE(m_relay->control.state(), RelayState::Running); // it was off
    }

    void isFilledInAsTheLastTime()
    {
#ifdef Q_OS_WIN
        QSKIP("The way that is played is a shell script.");
#endif
        m_relay->control.sharing().accept();
        SharePlan plan = m_relay->plan();
        plan.origins.clear();
        plan.lasts = std::chrono::hours(5);
        QVERIFY(!m_relay->control.share(plan));
        m_relay->control.sharing().stop();
        QTRY_VERIFY(!m_relay->control.sharing().isOn());
        open();
        QCOMPARE(field(u"command"_s)->text(), plan.fields.value(u"command"_s));
        QVERIFY(m_dialog->findChild<QRadioButton *>(u"programs"_s)->isChecked());
        QVERIFY(!m_dialog->findChild<QCheckBox *>(u"accept"_s)->isVisible());
        start();
        QTRY_VERIFY(!m_dialog);
        QCOMPARE(m_relay->control.sharing().lastPlan(), plan);
    }

    void sharesUntilMidnight()
    {
#ifdef Q_OS_WIN
        QSKIP("The way that is played is a shell script.");
#endif
        m_relay->control.sharing().accept();
        const SharePlan plan = m_relay->plan();
        QVERIFY(!m_relay->control.share(plan));
        m_relay->control.sharing().stop();
        QTRY_VERIFY(!m_relay->control.sharing().isOn());
        open();
        auto *lasts = m_dialog->findChild<QComboBox *>(u"lasts"_s);
        lasts->setCurrentIndex(lasts->findText(u"Until midnight"_s));
        start();
        const QDateTime until = m_relay->control.sharing().status().until.toLocalTime().addSecs(1);
        QVERIFY2(
            until.time() < QTime(0, 2), qPrintable(until.toString())); // a minute at least, just before it
        QVERIFY(m_relay->control.sharing().lastPlan()->endsAtMidnight);
        QTRY_VERIFY(!m_dialog);
        m_relay->control.sharing().stop();
        QTRY_VERIFY(!m_relay->control.sharing().isOn());
        open(); // and so the next time
        QCOMPARE(m_dialog->findChild<QComboBox *>(u"lasts"_s)->currentText(), u"Until midnight"_s);
        start();
        QVERIFY(m_relay->control.sharing().lastPlan()->endsAtMidnight);
    }

    void beginsWhereSomethingIsAsked()
    {
#ifdef Q_OS_WIN
        QSKIP("The program of the way is played by a file that may be executed.");
#endif
        QFile program(m_relay->folder.filePath(u"cloudflared"_s));
        QVERIFY(program.open(QIODevice::WriteOnly));
        QVERIFY(program.setPermissions(QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner));
        program.close();
        const QByteArray path = qgetenv("PATH");
        qputenv("PATH", m_relay->folder.path().toUtf8());
        open();
        qputenv("PATH", path);
        QCOMPARE(m_dialog->findChild<QListWidget *>(u"ways"_s)->currentItem()->text(),
            translated(wayCalled(u"cloudflared-quick"_s)->title));
        QVERIFY(QTest::qWaitForWindowActive(m_dialog));
        QVERIFY(origins()->hasFocus());
        QVERIFY(problem().isEmpty());
    }

    void whatIsNotInstalledSaysHowToGetIt()
    {
        const QByteArray path = qgetenv("PATH");
        qputenv("PATH", m_relay->folder.path().toUtf8());
        open();
        auto *ways = m_dialog->findChild<QListWidget *>(u"ways"_s);
        QVERIFY(!ways->item(0)->text().contains("not installed"_L1)); // the command of one's own
        choose(u"cloudflared-quick"_s);
        qputenv("PATH", path);
        const Finding missing = [] {
            qputenv("PATH", "/nonexistent");
            return findProgram(*wayCalled(u"cloudflared-quick"_s));
        }();
        qputenv("PATH", path);
        if (missing.found)
            QSKIP("cloudflared is where it is installed by custom.");
        QVERIFY(ways->currentItem()->text().contains("not installed"_L1));
        start();
        QVERIFY2(problem().contains("cloudflared"_L1), qPrintable(problem()));
        m_dialog->findChild<CopyButton *>(u"copyHowToGet"_s)->click();
        const Way way = *wayCalled(u"cloudflared-quick"_s);
        QCOMPARE(QApplication::clipboard()->text(),
            way.installCommand.isEmpty() ? way.installPage : way.installCommand);
        QVERIFY(!m_relay->control.sharing().isOn());
    }

    void saysWhoCanReadWhatPasses()
    {
        open();
        auto *ways = m_dialog->findChild<QListWidget *>(u"ways"_s);
        QStringList said;
        for (int i = 0; i < ways->count(); ++i) {
            ways->setCurrentRow(i);
            said.append(m_dialog->findChild<QLabel *>(u"whoReads"_s)->text());
            QVERIFY(!said.last().isEmpty());
        }
        QVERIFY2(!said.filter(u"Cloudflare can read"_s).isEmpty(), qPrintable(said.join(u'\n')));
        QVERIFY(said.removeDuplicates() > 0); // several ssh services are of the same kind, each with its name
    }

    void offersWhatTheServerNeeds()
    {
        open();
        choose(u"ssh-server"_s);
        field(u"destination"_s)->setText(u"me@server.example.net"_s);
        field(u"remote"_s)->setText(u"/run/relay/relay.sock"_s);
        field(u"address"_s)->setText(u"https://relay.example.net"_s);
        const QString text = m_dialog->findChild<QPlainTextEdit *>(u"serverText"_s)->toPlainText();
        QVERIFY(text.contains("relay.example.net {"_L1));
        QVERIFY(text.contains("Match User me"_L1));
    }

    void thereIsOneAWindow()
    {
        QWidget window;
        ShareDialog::open(m_relay->control, &window);
        ShareDialog::open(m_relay->control, &window);
        QCOMPARE(window.findChildren<ShareDialog *>().size(), 1);
    }

private:
    void open()
    {
        m_dialog = new ShareDialog(m_relay->control);
        m_dialog->show();
        QVERIFY(QTest::qWaitForWindowActive(m_dialog));
    }
    void choose(const QString &way)
    {
        auto *ways = m_dialog->findChild<QListWidget *>(u"ways"_s);
        const QString title = translated(wayCalled(way)->title);
        for (int i = 0; i < ways->count(); ++i) {
            if (ways->item(i)->text().startsWith(title))
                return ways->setCurrentRow(i);
        }
        QFAIL(qPrintable(way));
    }
    QLineEdit *field(const QString &name) const
    {
        return m_dialog->findChild<QLineEdit *>("field "_L1 + name);
    }
    QLineEdit *origins() const
    {
        return m_dialog->findChild<QLineEdit *>(u"origins"_s);
    }
    QString problem() const
    {
        auto *label = m_dialog->findChild<QLabel *>(u"shareProblem"_s);
        return label->isVisible() ? label->text() : QString();
    }
    void start()
    {
        m_dialog->findChild<QPushButton *>(u"startSharing"_s)->click();
    }

    std::unique_ptr<PlayedRelay> m_relay;
    QPointer<ShareDialog> m_dialog;
};

RELAY_TEST(TestShareDialog)
#include "tst_sharedialog.moc"
