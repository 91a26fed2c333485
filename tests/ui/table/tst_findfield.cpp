// SPDX-License-Identifier: MIT
#include "ui/table/findfield.h"

#include "tests/support/relaytest.h"

#include <QPushButton>
#include <QTest>
#include <QVBoxLayout>

using namespace rr;
using namespace Qt::StringLiterals;

class tst_FindField : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void keysLeadToIt()
    {
        QWidget page;
        QVBoxLayout layout(&page);
        auto *other = new QPushButton(u"Other"_s);
        auto *field = new FindField(u"Keys: %1"_s, &page);
        layout.addWidget(other);
        layout.addWidget(field);
        field->setText(u"before"_s);
        page.show();
        QVERIFY(QTest::qWaitForWindowActive(&page));
        other->setFocus();
        QVERIFY(!field->hasFocus());
        QTest::keySequence(other, QKeySequence::Find);
        QVERIFY(field->hasFocus());
        QCOMPARE(field->selectedText(), u"before"_s);
        const QKeySequence keys(QKeySequence::Find);
        QCOMPARE(field->toolTip(), u"Keys: "_s + keys.toString(QKeySequence::NativeText));
    }
};

RELAY_TEST(tst_FindField)
#include "tst_findfield.moc"
