// SPDX-License-Identifier: MIT
#include "core/config/settingstext.h"
#include "tests/support/relaytest.h"

#include <QFile>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace rr;

/// The settings' page is the one that the table gives.
class TestSettingsReference : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void page()
    {
        QFile file(QStringLiteral(SETTINGS_PAGE));
        QVERIFY2(file.open(QIODevice::ReadOnly), SETTINGS_PAGE);
        const QString page = QString::fromUtf8(file.readAll());
        const QString begin = u"<!-- settings:begin -->"_s;
        const QString end = u"<!-- settings:end -->"_s;
        const qsizetype from = page.indexOf(begin);
        const qsizetype to = page.indexOf(end);
        QVERIFY2(from >= 0 && to > from, "doc/settings.md has no section between the two settings: comments");

        const QString section = page.sliced(from + begin.size(), to - from - begin.size()).trimmed();
        const QStringList found = section.split(u'\n');
        const QStringList expected = settingsReferenceMarkdown().trimmed().split(u'\n');
        const char *advice = "Replace the section between the two settings: comments of doc/settings.md with "
                             "the output of realtime-relayd --settings-reference";
        for (qsizetype i = 0; i < qMin(found.size(), expected.size()); ++i) {
            if (found[i] != expected[i])
                qWarning("%s", advice);
            QCOMPARE(found[i], expected[i]);
        }
        QVERIFY2(found.size() == expected.size(), advice);
    }
};

RELAY_TEST(TestSettingsReference)
#include "tst_settingsreference.moc"
