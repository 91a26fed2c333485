// SPDX-License-Identifier: MIT
// SECURITY.md says of each threat which test proves that something is done against it. Those tests exist.
#include "tests/support/relaytest.h"

#include <QFile>
#include <QRegularExpression>
#include <QTest>

using namespace Qt::StringLiterals;

namespace {

QString read(const QString &path)
{
    QFile file(QStringLiteral(RELAY_SOURCE_DIR) + u'/' + path);
    return file.open(QIODevice::ReadOnly) ? QString::fromUtf8(file.readAll()) : QString();
}

/// The rows of the table, each as its cells.
QList<QStringList> threats()
{
    const QString page = read(u"SECURITY.md"_s);
    const QString table = page.section(u"\n## Threats\n"_s, 1).section(u"\n## "_s, 0, 0);
    QList<QStringList> rows;
    for (const QString &line : table.split(u'\n')) {
        if (line.startsWith("| "_L1) && !line.startsWith("| at stake"_L1))
            rows.append(line.mid(2).chopped(2).split(u" | "_s));
    }
    return rows;
}

} // namespace

class TestThreats : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void areProven_data()
    {
        QTest::addColumn<QStringList>("cells");
        int number = 0;
        for (const QStringList &cells : threats())
            QTest::addRow("%d: %s", ++number, qPrintable(cells[0])) << cells;
        QVERIFY(number >= 10);
    }
    void areProven()
    {
        QFETCH(QStringList, cells);
        QCOMPARE(cells.size(), 4);
        // [words](file) and the test in it: a title of node's, or a function of Qt Test.
        static const QRegularExpression named(u"\\[[^\\]]+\\]\\((tests/[^)]+)\\) (?:“([^”]+)”|`(\\w+)`)"_s);
        auto tests = named.globalMatch(cells[3]);
        QVERIFY(tests.hasNext());
        while (tests.hasNext()) {
            const auto test = tests.next();
            const QString source = read(test.captured(1));
            const QString title = test.captured(2);
            const QString inSource
                = title.isEmpty() ? u"void %1("_s.arg(test.captured(3)) : u"it('%1'"_s.arg(title);
            QVERIFY2(source.contains(inSource), qPrintable(test.captured(1) + ": "_L1 + inSource));
        }
    }
};

RELAY_TEST(TestThreats)
#include "tst_threats.moc"
