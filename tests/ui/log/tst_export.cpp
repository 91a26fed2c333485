// SPDX-License-Identifier: MIT
#include "tests/support/relaytest.h"
#include "ui/log/export.h"

#include <QFile>
#include <QFileDialog>
#include <QMessageBox>
#include <QTemporaryDir>
#include <QTest>

using namespace Qt::StringLiterals;

class TestExport : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void writes();
    void saysWhatWentWrong();
    void asksForTheFile();
};

void TestExport::writes()
{
    QTemporaryDir folder;
    const QString path = folder.filePath(u"a.txt"_s);
    QVERIFY(!rr::writeExport(path, "first, and long"));
    QVERIFY(!rr::writeExport(path, "second"));
    QFile file(path);
    QVERIFY(file.open(QIODevice::ReadOnly));
    QCOMPARE(file.readAll(), "second");
}

void TestExport::saysWhatWentWrong()
{
    const auto problem = rr::writeExport(u"/no/such/folder/a.txt"_s, "x");
    QVERIFY(problem);
    QVERIFY2(problem->contains(u"/no/such/folder/a.txt"_s), qPrintable(*problem));
}

void TestExport::asksForTheFile()
{
    QTemporaryDir folder;
    QWidget page;
    page.show();
    rr::exportToFile(&page, u"Export"_s, u"log"_s,
        {{u"Text"_s, u"log"_s, [] { return QByteArray("text"); }},
            {u"JSON"_s, u"json"_s, [] { return QByteArray("json"); }}});
    auto *dialog = page.findChild<QFileDialog *>();
    QVERIFY(dialog);
    dialog->setDirectory(folder.path());
    dialog->selectFile(u"kept.json"_s);
    QMetaObject::invokeMethod(dialog, "accept");
    QFile file(folder.filePath(u"kept.json"_s));
    QTRY_VERIFY(file.exists());
    QVERIFY(file.open(QIODevice::ReadOnly));
    QCOMPARE(file.readAll(), "json");
}

RELAY_TEST(TestExport)
#include "tst_export.moc"
