// SPDX-License-Identifier: MIT
#include "ui/doctor/doctorpage.h"

#include "tests/support/relaytest.h"
#include "ui/control/relaycontrol.h"
#include "ui/parts/checklist.h"
#include "ui/parts/copybutton.h"

#include <QApplication>
#include <QClipboard>
#include <QFile>
#include <QFileDialog>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>

using namespace rr;
using namespace Qt::StringLiterals;

class TestDoctorPage : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    /// An examination with a whole call takes seconds: one does for all that is seen of it.
    void initTestCase()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        m_journal = std::make_unique<Journal>();
        SettingsInput input;
        input.defaults.host = u"127.0.0.1"_s;
        input.defaults.port = 0;
        input.file = m_folder->filePath(u"settings.json"_s);
        m_host = std::make_unique<Host>(*m_journal, input);
        QVERIFY(!m_host->startDemo());
        m_control = std::make_unique<RelayControl>(*m_host);
        m_page = std::make_unique<DoctorPage>(*m_control);
        m_page->show();
    }
    void cleanupTestCase()
    {
        m_page.reset();
        m_control.reset();
        m_host.reset();
    }

    /// On a page of its own, which nothing is asked.
    void examinesNothingUnasked()
    {
        DoctorPage page(*m_control);
        page.show();
        QVERIFY(!page.findChild<CheckList *>()->isVisible());
        QVERIFY(!page.findChild<QLabel *>(u"doctorSummary"_s)->text().isEmpty());
        QVERIFY(page.findChild<QPushButton *>(u"examine"_s)->isEnabled());
    }

    void summary_data()
    {
        using enum CheckStep::Result;
        QTest::addColumn<QList<CheckStep::Result>>("results"); // of "tls", "key", "call", "public"
        QTest::addColumn<Tone>("tone");
        QTest::addColumn<QString>("begin");
        const auto row = [](const char *name, const QList<CheckStep::Result> &results, Tone tone,
                             const QString &begin) { QTest::newRow(name) << results << tone << begin; };
        row("all", {Good, Good, Good, Skipped}, Tone::Good, u"All is well"_s);
        row("no key", {Good, Skipped, Skipped, Good}, Tone::Quiet, u"Nothing is wrong; 2"_s);
        row("no call", {Good, Good, Skipped, Good}, Tone::Quiet, u"Nothing is wrong; 1"_s);
        row("a note", {Warning, Good, Good, Good}, Tone::Warning, u"It works; 1"_s);
        row("a note, no key", {Warning, Skipped, Skipped, Good}, Tone::Warning, u"Nothing is wrong; 1"_s);
        row("wrong", {Bad, Skipped, Skipped, Skipped}, Tone::Bad, u"1"_s);
    }
    void summary()
    {
        QFETCH(QList<CheckStep::Result>, results);
        QFETCH(QString, begin);
        QList<CheckStep> steps;
        const QLatin1String ids[] = {"tls"_L1, "key"_L1, "call"_L1, "public"_L1};
        for (int i = 0; i < results.size(); ++i) {
            CheckStep step;
            step.id = ids[i];
            step.result = results[i];
            steps.append(step);
        }
        const DoctorSummary found = summaryOf(steps);
        QTEST(found.tone, "tone");
        QVERIFY2(found.text.startsWith(begin), qPrintable(found.text));
    }

    void showsEachStepAsItIsFound()
    {
        examine();
        QVERIFY(list()->isVisible());
        QVERIFY(said() != m_before);
        const auto &steps = list()->steps();
        QVERIFY(steps.size() > 5);
        QVERIFY(std::none_of(steps.cbegin(), steps.cend(),
            [](const CheckStep &step) { return step.result == CheckStep::Result::Running; }));
        const auto call = std::find_if(
            steps.cbegin(), steps.cend(), [](const CheckStep &step) { return step.id == "call"_L1; });
        QVERIFY(call != steps.cend());
        QCOMPARE(call->result, CheckStep::Result::Good); // the simulator answers

        m_page->findChild<CopyButton *>(u"copyReport"_s)->click();
        const QString report = QApplication::clipboard()->text();
        QVERIFY2(report.contains(list()->report()), qPrintable(report));
        QVERIFY(report.contains(said()));
    }

    void theKeyIsForgotten()
    {
        examine();
        const auto *key = m_page->findChild<QLineEdit *>(u"doctorKey"_s);
        QCOMPARE(key->echoMode(), QLineEdit::Password);
        QVERIFY(key->text().isEmpty());
        QVERIFY(!key->isUndoAvailable());
        m_page->findChild<CopyButton *>(u"copyReport"_s)->click();
        QVERIFY(!QApplication::clipboard()->text().contains("of-somebody"_L1));
    }

    void savesABundle()
    {
        examine();
        QTest::mouseClick(m_page->findChild<QPushButton *>(u"saveBundle"_s), Qt::LeftButton);
        auto *dialog = m_page->findChild<QFileDialog *>();
        QVERIFY(dialog);
        QFile file(m_folder->filePath(u"bundle.txt"_s));
        dialog->selectFile(file.fileName());
        QMetaObject::invokeMethod(dialog, "accept");
        QVERIFY2(m_page->findChild<QLabel *>(u"savedBundle"_s)->text().contains("bundle.txt"_L1),
            qPrintable(m_page->findChild<QLabel *>(u"savedBundle"_s)->text()));
        QVERIFY(file.open(QIODevice::ReadOnly));
        const QByteArray bundle = file.readAll();
        QVERIFY(bundle.contains("Realtime Relay"));
        QVERIFY(!bundle.contains("of-somebody"));
    }

    /// The last, for what was found is gone with it.
    void whatWasFoundIsOfTheSettingsBefore()
    {
        examine();
        const QString found = said();
        Settings settings = m_control->settings();
        settings.maxConnections = 3;
        QVERIFY(m_control->apply(settings).isEmpty());
        QVERIFY(said() != found);
    }

private:
    /// Once, with a key, by the keyboard.
    void examine()
    {
        if (!m_before.isEmpty())
            return;
        m_before = said();
        m_control->start();
        auto *key = m_page->findChild<QLineEdit *>(u"doctorKey"_s);
        auto *button = m_page->findChild<QPushButton *>(u"examine"_s);
        key->setText(u"sk-test-of-somebody"_s);
        QTest::keyClick(key, Qt::Key_Return);
        QVERIFY(key->text().isEmpty());
        QVERIFY(!button->isEnabled());
        QTRY_VERIFY_WITH_TIMEOUT(button->isEnabled(), 100'000);
    }
    CheckList *list() const { return m_page->findChild<CheckList *>(); }
    QString said() const { return m_page->findChild<QLabel *>(u"doctorSummary"_s)->text(); }

    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<Journal> m_journal;
    std::unique_ptr<Host> m_host;
    std::unique_ptr<RelayControl> m_control;
    std::unique_ptr<DoctorPage> m_page;
    QString m_before; ///< what the page said before it was asked
};

RELAY_TEST(TestDoctorPage)
#include "tst_doctorpage.moc"
