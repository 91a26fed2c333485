// SPDX-License-Identifier: MIT
#include "tests/support/relaytest.h"
#include "ui/settings/entrylistmodel.h"

#include <QAbstractItemModelTester>
#include <QIcon>
#include <QTest>

using namespace Qt::StringLiterals;

class TestEntryListModel : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void edits();
    void tellsWhatIsWrong();
    void takesNoDuplicates();
    void splits_data();
    void splits();

private:
    const rr::SettingSpec &m_spec = *rr::findSetting(u"allowedOrigins");
};

void TestEntryListModel::edits()
{
    rr::EntryListModel model(m_spec);
    const QAbstractItemModelTester tester(&model);
    model.setEntries({u"https://a.example.org"_s, u"https://b.example.org"_s});
    QCOMPARE(model.append({}), 2);
    QVERIFY(model.setData(model.index(2), u" https://c.example.org/ "_s, Qt::EditRole));
    QCOMPARE(model.entries().last(), u"https://c.example.org"_s);
    QVERIFY(model.removeRow(0));
    QCOMPARE(model.entries(), QStringList({u"https://b.example.org"_s, u"https://c.example.org"_s}));
    QVERIFY(!model.removeRow(2));
    model.setEntries({});
    QCOMPARE(model.rowCount(), 0);
}

void TestEntryListModel::tellsWhatIsWrong()
{
    rr::EntryListModel model(m_spec);
    model.setEntries({u"https://a.example.org"_s, u"https://a.example.org/path"_s});
    QVERIFY(model.index(0).data(Qt::DecorationRole).value<QIcon>().isNull());
    QVERIFY(!model.index(1).data(Qt::DecorationRole).value<QIcon>().isNull());
    QVERIFY(model.index(1).data(Qt::ToolTipRole).toString().contains(u"no path"_s));
    QVERIFY(model.problemOf(u"ftp"_s));
    QVERIFY(!model.problemOf(u"*"_s));
}

void TestEntryListModel::takesNoDuplicates()
{
    rr::EntryListModel model(m_spec);
    const QAbstractItemModelTester tester(&model);
    model.setEntries({u"https://a.example.org"_s});
    model.appendMissing(
        {u"https://b.example.org/"_s, u"https://a.example.org/"_s, u"https://b.example.org"_s});
    QCOMPARE(model.entries(), QStringList({u"https://a.example.org"_s, u"https://b.example.org"_s}));
}

void TestEntryListModel::splits_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QStringList>("entries");
    const QStringList two{u"https://a.example.org"_s, u"http://localhost:*"_s};
    QTest::newRow("nothing") << " \n" << QStringList{};
    QTest::newRow("one") << "https://a.example.org\n" << QStringList{two.first()};
    QTest::newRow("lines") << "https://a.example.org\r\nhttp://localhost:*\r\n" << two;
    QTest::newRow("commas") << "https://a.example.org,http://localhost:*" << two;
    QTest::newRow("JSON") << R"(["https://a.example.org", "http://localhost:*"])" << two;
    QTest::newRow("semicolons") << "https://a.example.org; http://localhost:*;" << two;
    QTest::newRow("IPv6") << "http://[::1]:3000 https://a.example.org"
                          << QStringList{u"http://[::1]:3000"_s, two.first()};
}

void TestEntryListModel::splits()
{
    QFETCH(QString, text);
    QTEST(rr::splitEntries(text), "entries");
}

RELAY_TEST(TestEntryListModel)
#include "tst_entrylistmodel.moc"
