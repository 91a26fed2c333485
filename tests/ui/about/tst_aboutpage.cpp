// SPDX-License-Identifier: MIT
#include "ui/about/aboutpage.h"

#include "tests/support/relaytest.h"
#include "ui/control/relaycontrol.h"

#include <QApplication>
#include <QClipboard>
#include <QPushButton>
#include <QTemporaryDir>
#include <QTest>

using namespace rr;
using namespace Qt::StringLiterals;

class TestAboutPage : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void diagnosticsHoldNoSecrets()
    {
        const QTemporaryDir folder;
        Journal journal;
        SettingsInput input;
        input.file = folder.filePath(u"settings.json"_s);
        input.arguments = {u"--upstream-proxy"_s, u"http://someone:hunter2secret@127.0.0.1:3128"_s};
        Host host(journal, input);
        RelayControl control(host);
        JournalEntry entry;
        entry.event = "qt";
        entry.message = "offered openai-insecure-api-key.sk-proj-abcdefghijklmnop";
        journal.add(entry);

        AboutPage page(control);
        page.show();
        QTest::mouseClick(page.findChild<QPushButton *>(u"copyDiagnostics"_s), Qt::LeftButton);
        const QString text = QApplication::clipboard()->text();
        QVERIFY(text.contains(QLatin1String(qVersion())));
        QVERIFY(text.contains(input.file));
        QVERIFY(text.contains(u"127.0.0.1:3128"_s));
        QVERIFY(text.contains(u"offered"_s));
        QVERIFY2(!text.contains(u"hunter2secret"_s), qPrintable(text));
        QVERIFY2(!text.contains(u"abcdefghijklmnop"_s), qPrintable(text));
    }
};

RELAY_TEST(TestAboutPage)
#include "tst_aboutpage.moc"
