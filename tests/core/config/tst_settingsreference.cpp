// SPDX-License-Identifier: MIT
#include "core/config/settingstext.h"

#include <QFile>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace rr;

/// The README's settings reference is the one that the table gives.
class TestSettingsReference : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void readme()
    {
        QFile file(QStringLiteral(README_FILE));
        QVERIFY2(file.open(QIODevice::ReadOnly), README_FILE);
        const QString readme = QString::fromUtf8(file.readAll());
        const QString begin = u"<!-- settings:begin -->"_s;
        const QString end = u"<!-- settings:end -->"_s;
        const qsizetype from = readme.indexOf(begin);
        const qsizetype to = readme.indexOf(end);
        QVERIFY2(from >= 0 && to > from, "README.md has no section between the two settings: comments");

        const QString section = readme.sliced(from + begin.size(), to - from - begin.size()).trimmed();
        const QStringList found = section.split(u'\n');
        const QStringList expected = settingsReferenceMarkdown().trimmed().split(u'\n');
        const char *advice = "Replace the section between the two settings: comments of README.md with "
                             "the output of realtime-relayd --settings-reference";
        for (qsizetype i = 0; i < qMin(found.size(), expected.size()); ++i) {
            if (found[i] != expected[i])
                qWarning("%s", advice);
            QCOMPARE(found[i], expected[i]);
        }
        QVERIFY2(found.size() == expected.size(), advice);
    }
};

QTEST_GUILESS_MAIN(TestSettingsReference)
#include "tst_settingsreference.moc"
