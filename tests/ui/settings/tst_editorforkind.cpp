// SPDX-License-Identifier: MIT
#include "ui/settings/editorforkind.h"

#include "core/config/settingvalue.h"
#include "tests/support/relaytest.h"

#include <QComboBox>
#include <QLineEdit>
#include <QSignalSpy>
#include <QTest>

#include <memory>

using namespace Qt::StringLiterals;

class TestEditorForKind : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void everyDefaultPassesThrough_data();
    void everyDefaultPassesThrough();
    void unitIsKept();
    void decimals();
    void hidesThePassword();
    void tellsOfEdits();
};

void TestEditorForKind::everyDefaultPassesThrough_data()
{
    QTest::addColumn<QString>("key");
    for (const rr::SettingSpec &spec : rr::settingsTable())
        QTest::newRow(spec.key.data()) << QString(spec.key);
}

void TestEditorForKind::everyDefaultPassesThrough()
{
    QFETCH(QString, key);
    const rr::SettingSpec &spec = *rr::findSetting(key);
    const std::unique_ptr<rr::SettingEditor> editor(rr::makeSettingEditor(spec, nullptr));
    const QString value = rr::settingText({}, spec);
    editor->setText(value);
    QCOMPARE(editor->text(), value);
    QVERIFY(!editor->problem());
    QVERIFY(editor->focusProxy());
    QVERIFY(!editor->focusProxy()->accessibleName().isEmpty());
}

void TestEditorForKind::unitIsKept()
{
    const std::unique_ptr<rr::SettingEditor> editor(
        rr::makeSettingEditor(*rr::findSetting(u"sessionLimit"), nullptr));
    auto *line = editor->findChild<QLineEdit *>();
    auto *unit = editor->findChild<QComboBox *>();
    editor->setText(u"120000"_s);
    QCOMPARE(line->text(), u"2"_s);
    QCOMPARE(unit->currentIndex(), 2);
    unit->setCurrentIndex(1);
    QCOMPARE(editor->text(), u"2000"_s);
    editor->setText(u"2000"_s);
    QCOMPARE(unit->currentIndex(), 1);
    editor->setText(u"0"_s);
    QCOMPARE(line->text(), u"0"_s);
    line->setText(u"abc"_s);
    QVERIFY(editor->problem());
}

void TestEditorForKind::decimals()
{
    const std::unique_ptr<rr::SettingEditor> editor(
        rr::makeSettingEditor(*rr::findSetting(u"maxMessageBytes"), nullptr));
    editor->setText(QString::number(24 * 1024 * 1024));
    auto *line = editor->findChild<QLineEdit *>();
    line->setText(u"1.5"_s);
    QCOMPARE(editor->text(), QString::number(3 * 512 * 1024));
    line->setText(u"-1"_s);
    QVERIFY(editor->problem());
    line->setText({});
    QVERIFY(editor->problem());
}

void TestEditorForKind::hidesThePassword()
{
    const std::unique_ptr<rr::SettingEditor> editor(
        rr::makeSettingEditor(*rr::findSetting(u"upstreamProxy"), nullptr));
    auto *line = editor->findChild<QLineEdit *>();
    editor->setText(u"http://me:secret@proxy.example.org:3128"_s);
    QVERIFY2(!line->text().contains(u"secret"_s), qPrintable(line->text()));
    QCOMPARE(editor->text(), u"http://me:secret@proxy.example.org:3128"_s);
    line->setText(line->text().replace(u"3128"_s, u"8080"_s));
    QCOMPARE(editor->text(), u"http://me:secret@proxy.example.org:8080"_s);
    line->setText(u"http://you:other@proxy.example.org:8080"_s);
    QCOMPARE(editor->text(), u"http://you:other@proxy.example.org:8080"_s);
    line->clear();
    QCOMPARE(editor->text(), QString());
}

void TestEditorForKind::tellsOfEdits()
{
    const std::unique_ptr<rr::SettingEditor> editor(
        rr::makeSettingEditor(*rr::findSetting(u"port"), nullptr));
    QSignalSpy edited(editor.get(), &rr::SettingEditor::edited);
    QTest::keyClicks(editor->findChild<QLineEdit *>(), u"80"_s);
    QCOMPARE(edited.size(), 2);
    QCOMPARE(editor->text(), u"80"_s);
}

RELAY_TEST(TestEditorForKind)
#include "tst_editorforkind.moc"
