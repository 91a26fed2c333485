// SPDX-License-Identifier: MIT
#include "core/simulator/conversation.h"
#include "tests/support/relaytest.h"

#include <QJsonArray>
#include <QTest>

using namespace rr;
using namespace Qt::StringLiterals;

namespace {

ConversationItem message(const QString &id, const QJsonArray &content = {}, qint64 audioMs = 0)
{
    return {
        {{u"id"_s, id}, {u"type"_s, u"message"_s}, {u"role"_s, u"user"_s}, {u"content"_s, content}}, audioMs};
}

QJsonObject part(const QString &member, const QString &text)
{
    return {{u"type"_s, u"any"_s}, {member, text}};
}

/// a, b and c
Conversation three()
{
    Conversation conversation;
    for (const QString &id : {u"a"_s, u"b"_s, u"c"_s})
        conversation.append(message(id));
    return conversation;
}

QString ids(const Conversation &conversation)
{
    QString all;
    for (const ConversationItem &item : conversation.items())
        all += item.id();
    return all;
}

} // namespace

class TestConversation : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void item()
    {
        const ConversationItem item = message(u"x"_s,
            {part(u"text"_s, u"one"_s), part(u"audio"_s, u"AAAA"_s), part(u"transcript"_s, u"two"_s)});
        QCOMPARE(item.id(), u"x"_s);
        QVERIFY(item.is(u"message"));
        QVERIFY(item.is(u"message", u"user"));
        QVERIFY(!item.is(u"message", u"assistant"));
        QVERIFY(!item.is(u"function_call"));
        QVERIFY(!item.is(u"function_call", u"user"));
        QCOMPARE(item.text(), u"one two"_s);
        QCOMPARE(message(u"y"_s).text(), QString());
    }

    void empty()
    {
        Conversation none;
        QVERIFY(none.lastId().isNull());
        QVERIFY(none.idBefore(u"a"_s).isNull());
        QCOMPARE(none.find(u"a"_s), nullptr);
        QVERIFY(!none.remove(u"a"_s));
        QVERIFY(!none.hasCall(u"a"_s));
        QCOMPARE(none.tokens().text, 0);
        QCOMPARE(none.tokens().audio, 0);
    }

    void neighbours()
    {
        const Conversation conversation = three();
        QCOMPARE(conversation.lastId(), u"c"_s);
        QVERIFY(conversation.idBefore(u"a"_s).isNull());
        QCOMPARE(conversation.idBefore(u"b"_s), u"a"_s);
        QCOMPARE(conversation.idBefore(u"c"_s), u"b"_s);
        QVERIFY(conversation.idBefore(u"nosuch"_s).isNull());
    }

    void insertAfter_data()
    {
        QTest::addColumn<QString>("previous");
        QTest::addColumn<QString>("order"); ///< empty: refused
        QTest::newRow("first") << u"root"_s << u"xabc"_s;
        QTest::newRow("after the first") << u"a"_s << u"axbc"_s;
        QTest::newRow("in the middle") << u"b"_s << u"abxc"_s;
        QTest::newRow("last") << u"c"_s << u"abcx"_s;
        QTest::newRow("after none") << u"nosuch"_s << QString();
        QTest::newRow("after itself") << u"x"_s << QString();
        QTest::newRow("no id") << QString() << QString();
    }
    void insertAfter()
    {
        QFETCH(QString, previous);
        QFETCH(QString, order);
        Conversation conversation = three();
        QCOMPARE(conversation.insertAfter(previous, message(u"x"_s)), !order.isEmpty());
        QCOMPARE(ids(conversation), order.isEmpty() ? u"abc"_s : order);
    }

    void insertIntoAnEmptyOne()
    {
        Conversation conversation;
        QVERIFY(conversation.insertAfter(u"root"_s, message(u"x"_s)));
        QCOMPARE(ids(conversation), u"x"_s);
    }

    void removes_data()
    {
        QTest::addColumn<QString>("id");
        QTest::addColumn<QString>("left");
        QTest::newRow("first") << u"a"_s << u"bc"_s;
        QTest::newRow("last") << u"c"_s << u"ab"_s;
        QTest::newRow("none") << u"nosuch"_s << u"abc"_s;
    }
    void removes()
    {
        QFETCH(QString, id);
        QFETCH(QString, left);
        Conversation conversation = three();
        QCOMPARE(conversation.remove(id), left != u"abc"_s);
        QCOMPARE(ids(conversation), left);
        QVERIFY(!conversation.remove(id));
        QCOMPARE(conversation.find(id), nullptr);
    }

    void foundItemsCanBeChanged()
    {
        Conversation conversation = three();
        QVERIFY(conversation.find(u"b"_s));
        conversation.find(u"b"_s)->audioMs = 700;
        QCOMPARE(conversation.items()[0].audioMs, 0);
        QCOMPARE(conversation.items()[1].audioMs, 700);
    }

    void calls()
    {
        Conversation conversation;
        conversation.append({{{u"type"_s, u"function_call_output"_s}, {u"call_id"_s, u"answered"_s}}});
        conversation.append({{{u"type"_s, u"function_call"_s}, {u"call_id"_s, u"asked"_s}}});
        QVERIFY(conversation.hasCall(u"asked"_s));
        QVERIFY(!conversation.hasCall(u"answered"_s));
        QVERIFY(!conversation.hasCall(QString()));
    }

    void forgetsOldAudio()
    {
        constexpr qsizetype half = Conversation::mostHeardBytes / 2;
        Conversation conversation;
        for (const QString &id : {u"a"_s, u"b"_s})
            conversation.append({{{u"id"_s, id}}, 0, {{0, QByteArray(half, 'x')}}});
        QCOMPARE(conversation.find(u"a"_s)->heard[0].size(), half);
        QVERIFY(conversation.insertAfter(u"root"_s, {{{u"id"_s, u"first"_s}}, 0, {{1, "x"_ba}}}));
        QVERIFY(conversation.find(u"a"_s)->heard.isEmpty()); // not the newest, though that stands first
        QCOMPARE(conversation.find(u"first"_s)->heard[1], "x"_ba);
        QCOMPARE(conversation.find(u"b"_s)->heard[0].size(), half);
        conversation.append({{{u"id"_s, u"long"_s}}, 0, {{0, QByteArray(3 * half, 'x')}}});
        QVERIFY(conversation.find(u"first"_s)->heard.isEmpty());
        QVERIFY(conversation.find(u"b"_s)->heard.isEmpty());
        QCOMPARE(conversation.find(u"long"_s)->heard[0].size(), 3 * half);
    }

    void tokens_data()
    {
        QTest::addColumn<QJsonObject>("json");
        QTest::addColumn<qint64>("audioMs");
        QTest::addColumn<int>("text");
        QTest::addColumn<int>("audio");
        const QString letters(400, u'x');
        QTest::newRow("text") << message({}, {part(u"text"_s, letters)}).json << qint64(0) << 100 << 0;
        QTest::newRow("spoken") << message({}, {part(u"transcript"_s, letters)}).json << qint64(2500) << 100
                                << 25;
        QTest::newRow("a call") << QJsonObject{{u"type"_s, u"function_call"_s}, {u"arguments"_s, letters}}
                                << qint64(0) << 100 << 0;
        QTest::newRow("its output") << QJsonObject{{u"type"_s, u"function_call_output"_s},
            {u"output"_s, letters}} << qint64(0)
                                    << 100 << 0;
    }
    void tokens()
    {
        QFETCH(QJsonObject, json);
        QFETCH(qint64, audioMs);
        QFETCH(int, text);
        QFETCH(int, audio);
        Conversation conversation;
        for (int items = 1; items <= 3; ++items) { // of all of them together
            conversation.append({json, audioMs});
            const auto tokens = conversation.tokens();
            QVERIFY2(tokens.text >= items * text && tokens.text <= items * (text + 10), // about
                qPrintable(QString::number(tokens.text)));
            QCOMPARE(tokens.audio, items * audio);
        }
    }
};

RELAY_TEST(TestConversation)
#include "tst_conversation.moc"
