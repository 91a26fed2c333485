// SPDX-License-Identifier: MIT
#include "core/base/sentence.h"

#include "tests/support/relaytest.h"

#include <QTest>

using namespace rr;
using namespace Qt::StringLiterals;

class tst_Sentence : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void plain_data()
    {
        QTest::addColumn<Sentence>("sentence");
        QTest::addColumn<QString>("text");
        QTest::newRow("none") << Sentence() << QString();
        QTest::newRow("text") << Sentence("Text.") << u"Text."_s;
        QTest::newRow("UTF-8") << Sentence("„Text“ …") << u"„Text“ …"_s;
        QTest::newRow("arguments") << Sentence("%2 %1 %2", {u"a"_s, 70'000}) << u"70000 a 70000"_s;
        QTest::newRow("large") << Sentence("%1", {qint64(5'000'000'000)}) << u"5000000000"_s;
        QTest::newRow("a sentence in it") << Sentence("a%1c", {Sentence("(%1)", {u"b"_s})}) << u"a(b)c"_s;
        QTest::newRow("an empty one in it") << Sentence("a%1c", {Sentence()}) << u"ac"_s;
        QTest::newRow("a place from outside")
            << Sentence("%1 and %2", {u"%2"_s, Sentence("%1", {u"100 %1"_s})}) << u"%2 and 100 %1"_s;
        QTest::newRow("a place without an argument") << Sentence("%1 %2 %0 %", {u"a"_s}) << u"a %2 %0 %"_s;
        QTest::newRow("of others") << asTheySaid(u"50 % of %1"_s) << u"50 % of %1"_s;
        QTest::newRow("of others, nothing") << asTheySaid({}) << QString();
    }
    void plain()
    {
        QFETCH(Sentence, sentence);
        QFETCH(QString, text);
        QCOMPARE(rr::plain(sentence), text);
        QCOMPARE(sentence.isEmpty(), text.isEmpty());
    }

    void joined()
    {
        QCOMPARE(rr::plain(rr::joined("a.", "b.")), u"a. b."_s);
        QCOMPARE(rr::plain(rr::joined("a", "b", "%1: %2")), u"a: b"_s);
        QCOMPARE(rr::joined({}, "b."), Sentence("b."));
        QCOMPARE(rr::joined("a.", {}), Sentence("a."));
    }

    void whatComesFromOutsideIsChanged()
    {
        const Sentence sentence("we say %1 and %2 of %3", {u"a"_s, Sentence("ours %1", {u"b"_s}), 7});
        const Sentence twice
            = rr::changed(sentence, [](const QString &outside) { return outside + outside; });
        QCOMPARE(rr::plain(twice), u"we say aa and ours bb of 7"_s);
    }

    void isTranslatedInEveryPartThatIsOurs()
    {
        const Sentence sentence(
            "we say %1 and %2 of %3", {u"they say"_s, Sentence("ours %1", {u"theirs"_s}), 7});
        const QString text = inLanguage(
            sentence, [](const char *words) { return QString::fromUtf8(words).toUpper(); },
            [](qint64 number) { return u'<' + QString::number(number) + u'>'; });
        QCOMPARE(text, u"WE SAY they say AND OURS theirs OF <7>"_s);
    }

    void equality()
    {
        const QByteArray copy("a %1"); // another address
        QCOMPARE(Sentence(copy.constData(), {1}), Sentence("a %1", {1}));
        QVERIFY(!(Sentence("a %1", {1}) == Sentence("a %1", {2})));
        QVERIFY(!(Sentence("a %1", {1}) == Sentence("b %1", {1})));
        QVERIFY(!(Sentence("a %1", {1}) == Sentence("a %1", {u"1"_s})));
    }
};

RELAY_TEST(tst_Sentence)
#include "tst_sentence.moc"
