// SPDX-License-Identifier: MIT
#include "tests/support/relaytest.h"
#include "ui/settings/listeditor.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QLineEdit>
#include <QListView>
#include <QPushButton>
#include <QSignalSpy>
#include <QTest>

#include <memory>

using namespace Qt::StringLiterals;

class TestListEditor : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init();
    void adds();
    void checksWhatIsTyped();
    void forgetsWhatWasLeftEmpty();
    void editsInPlace();
    void removesTheSelected();
    void pastesSeveral();
    void goesInTheMiddleOfAnEdit();

private:
    void click(const QString &text);
    QLineEdit *typedInto() const { return m_view->findChild<QLineEdit *>(); }

    std::unique_ptr<rr::ListEditor> m_editor;
    QListView *m_view = nullptr;
};

void TestListEditor::init()
{
    m_editor = std::make_unique<rr::ListEditor>(*rr::findSetting(u"allowedOrigins"), nullptr);
    m_editor->setText(u"https://a.example.org,https://b.example.org"_s);
    m_view = m_editor->findChild<QListView *>();
    m_editor->show();
    QVERIFY(QTest::qWaitForWindowExposed(m_editor.get()));
}

void TestListEditor::click(const QString &text)
{
    const auto buttons = m_editor->findChildren<QPushButton *>();
    for (QPushButton *button : buttons) {
        if (button->text() == text)
            return QTest::mouseClick(button, Qt::LeftButton);
    }
    QFAIL("no such button");
}

void TestListEditor::adds()
{
    QSignalSpy edited(m_editor.get(), &rr::SettingEditor::edited);
    click(u"Add"_s);
    QVERIFY(typedInto());
    QTest::keyClicks(typedInto(), u"https://c.example.org"_s);
    QTest::keyClick(typedInto(), Qt::Key_Return);
    QTRY_COMPARE(m_editor->text(), u"https://a.example.org,https://b.example.org,https://c.example.org"_s);
    QVERIFY(!edited.isEmpty());
    QVERIFY(!m_editor->problem());
}

void TestListEditor::checksWhatIsTyped()
{
    click(u"Add"_s);
    QTest::keyClicks(typedInto(), u"example.org"_s);
    QVERIFY(m_editor->problem());
    QVERIFY2(m_editor->problem()->contains(u"https://example.org"_s), qPrintable(*m_editor->problem()));
    typedInto()->setText(u"https://example.org"_s);
    QVERIFY(!m_editor->problem());
    typedInto()->setText(u"https://example.org/x"_s);
    QTest::keyClick(typedInto(), Qt::Key_Return);
    QTRY_VERIFY(m_editor->problem()->startsWith(u"https://example.org/x: "_s));
}

void TestListEditor::forgetsWhatWasLeftEmpty()
{
    click(u"Add"_s);
    QCOMPARE(m_view->model()->rowCount(), 3);
    QTest::keyClick(typedInto(), Qt::Key_Escape);
    QTRY_COMPARE(m_view->model()->rowCount(), 2);
    QVERIFY(!m_editor->problem());
}

void TestListEditor::editsInPlace()
{
    m_view->setFocus();
    m_view->setCurrentIndex(m_view->model()->index(0, 0));
    click(u"Edit"_s);
    typedInto()->setText(u"https://z.example.org"_s);
    QTest::keyClick(typedInto(), Qt::Key_Return);
    QTRY_COMPARE(m_editor->text(), u"https://z.example.org,https://b.example.org"_s);
}

void TestListEditor::removesTheSelected()
{
    m_view->setCurrentIndex(m_view->model()->index(0, 0));
    click(u"Remove"_s);
    QCOMPARE(m_editor->text(), u"https://b.example.org"_s);
    m_view->setFocus();
    m_view->setCurrentIndex(m_view->model()->index(0, 0));
    QTest::keyClick(m_view, Qt::Key_Delete);
    QCOMPARE(m_editor->text(), QString());
}

void TestListEditor::pastesSeveral()
{
    QGuiApplication::clipboard()->setText(
        u"https://c.example.org\nhttps://a.example.org\nhttps://d.example.org/"_s);
    click(u"Paste"_s);
    QCOMPARE(m_editor->entries(),
        QStringList({u"https://a.example.org"_s, u"https://b.example.org"_s, u"https://c.example.org"_s,
            u"https://d.example.org"_s}));
}

void TestListEditor::goesInTheMiddleOfAnEdit()
{
    QSignalSpy edited(m_editor.get(), &rr::SettingEditor::edited);
    click(u"Add"_s);
    typedInto()->setText(u"https://c.example.org"_s);
    const qsizetype soFar = edited.size();
    m_editor.reset();
    QCOMPARE(edited.size(), soFar);
}

RELAY_TEST(TestListEditor)
#include "tst_listeditor.moc"
