// SPDX-License-Identifier: MIT
#include "ui/parts/checklist.h"

#include "tests/support/relaytest.h"

#include <QLabel>
#include <QTest>

using namespace rr;
using namespace Qt::StringLiterals;

namespace {

Sentence titleOfStep(QLatin1String id)
{
    return id == "one"_L1 ? Sentence("The first") : Sentence("The second");
}

CheckStep step(QLatin1String id, CheckStep::Result result, const Sentence &text = {},
    const Sentence &next = {}, qint64 ms = -1)
{
    return {id, result, {}, text, next, ms};
}

} // namespace

class TestCheckList : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void rowsFollowTheSteps()
    {
        CheckList list(&titleOfStep);
        list.show(QList<CheckStep>{step("one"_L1, CheckStep::Result::Running)});
        QCOMPARE(rows(list).size(), 1);
        QVERIFY2(said(list, 0).contains(wordOf(CheckStep::Result::Running)), qPrintable(said(list, 0)));

        list.show({step("one"_L1, CheckStep::Result::Good, "Found.", {}, 1234),
            step("two"_L1, CheckStep::Result::Bad, "It is broken.", "Mend it.")});
        QCOMPARE(rows(list).size(), 2);
        QCOMPARE(said(list, 0), u"The first: Good. Found."_s);
        QCOMPARE(said(list, 1), u"The second: Wrong. It is broken. Mend it."_s);
        QVERIFY(texts(rows(list)[0]).contains(u"Good · 1,234 ms"_s));
        QVERIFY(texts(rows(list)[1]).contains(u"Mend it."_s));

        list.show(QList<CheckStep>{});
        QVERIFY(rows(list).isEmpty());
    }

    /// So that all of it can be read by keys alone.
    void everyRowTakesTheFocus()
    {
        CheckList list(&titleOfStep);
        list.show({step("one"_L1, CheckStep::Result::Good), step("two"_L1, CheckStep::Result::Skipped)});
        list.QWidget::show();
        QVERIFY(QTest::qWaitForWindowActive(&list));
        rows(list)[0]->setFocus();
        QTest::keyClick(&list, Qt::Key_Tab);
        QVERIFY(rows(list)[1]->hasFocus());
    }

    void everyResultHasAWordAndATone()
    {
        QStringList words;
        for (const auto result : {CheckStep::Result::Running, CheckStep::Result::Good,
                 CheckStep::Result::Warning, CheckStep::Result::Bad, CheckStep::Result::Skipped}) {
            QVERIFY(!words.contains(wordOf(result)));
            words.append(wordOf(result));
        }
        QCOMPARE(toneOf(CheckStep::Result::Bad), Tone::Bad);
        QCOMPARE(toneOf(CheckStep::Result::Skipped), Tone::Quiet);
    }

    void reportsAllOfIt()
    {
        CheckList list(&titleOfStep);
        list.show({step("one"_L1, CheckStep::Result::Good, {}, {}, 3),
            step("two"_L1, CheckStep::Result::Bad, "It is broken.", "Mend it.")});
        QCOMPARE(
            list.report(), u"The first: Good (3 ms)\nThe second: Wrong\n    It is broken.\n    Mend it.\n"_s);
    }

private:
    static QList<QWidget *> rows(const CheckList &list)
    {
        QList<QWidget *> rows = list.findChildren<QWidget *>(QString(), Qt::FindDirectChildrenOnly);
        rows.removeIf([](const QWidget *row) { return row->isHidden(); });
        return rows;
    }
    static QString said(const CheckList &list, int row) { return rows(list)[row]->accessibleName(); }
    static QStringList texts(const QWidget *row)
    {
        QStringList texts;
        for (const QLabel *label : row->findChildren<QLabel *>())
            texts.append(label->text());
        return texts;
    }
};

RELAY_TEST(TestCheckList)
#include "tst_checklist.moc"
