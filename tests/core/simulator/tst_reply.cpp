// SPDX-License-Identifier: MIT
#include "core/simulator/reply.h"
#include "tests/support/relaytest.h"

#include <QJsonDocument>
#include <QTest>

using namespace rr;
using namespace Qt::StringLiterals;

namespace {

ConversationItem said(const QString &text)
{
    const QJsonObject part{{u"type"_s, u"input_text"_s}, {u"text"_s, text}};
    return {{{u"type"_s, u"message"_s}, {u"role"_s, u"user"_s}, {u"content"_s, QJsonArray{part}}}};
}

ConversationItem item(const QString &type, const QJsonObject &rest = {})
{
    QJsonObject json = rest;
    json[u"type"_s] = type;
    return {json};
}

QJsonObject function(const QString &name, const QString &description, const QJsonObject &parameters = {})
{
    return {{u"type"_s, u"function"_s}, {u"name"_s, name}, {u"description"_s, description},
        {u"parameters"_s, parameters}};
}

QJsonArray tools()
{
    return {function(u"get_weather"_s, u"The weather of a city"_s),
        function(u"set_timer"_s, u"Starts a kitchen clock"_s)};
}

Reply reply(const QStringList &turns, const QJsonArray &available, const QJsonValue &choice)
{
    Conversation conversation;
    for (const QString &turn : turns)
        conversation.append(said(turn));
    return chooseReply(conversation, available, choice);
}

} // namespace

class TestReply : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void choosesATool_data()
    {
        QTest::addColumn<QStringList>("turns");
        QTest::addColumn<QJsonArray>("available");
        QTest::addColumn<QJsonValue>("choice");
        QTest::addColumn<QString>("tool"); ///< empty: words
        const QJsonArray one{tools().first()};
        const QJsonValue automatic = u"auto"_s;
        const QStringList chat{u"Hello"_s, u"Thanks a lot"_s};
        QTest::newRow("there is none") << QStringList{u"Hello"_s} << QJsonArray() << automatic << QString();
        QTest::newRow("none is a function")
            << QStringList{u"Hello"_s}
            << QJsonArray{QJsonObject{{u"type"_s, u"mcp"_s}, {u"name"_s, u"mcp"_s}}} << automatic
            << QString();
        QTest::newRow("first turn") << QStringList{u"Hello"_s} << one << automatic << u"get_weather"_s;
        QTest::newRow("first turn, fits the second")
            << QStringList{u"Start the clock"_s} << tools() << automatic << u"set_timer"_s;
        QTest::newRow("later turn") << chat << tools() << automatic << QString();
        QTest::newRow("later turn, fits the second")
            << QStringList{u"Hello"_s, u"The CLOCK, please"_s} << tools() << automatic << u"set_timer"_s;
        QTest::newRow("later turn, fits in small words only")
            << QStringList{u"Hello"_s, u"a set of the"_s} << tools() << automatic << QString();
        QTest::newRow("none wanted") << QStringList{u"How is the weather?"_s} << tools()
                                     << QJsonValue(u"none"_s) << QString();
        QTest::newRow("one required") << chat << one << QJsonValue(u"required"_s) << u"get_weather"_s;
        QTest::newRow("one named") << QStringList{u"Hello"_s, u"How is the weather?"_s} << tools()
                                   << QJsonValue(QJsonObject{
                                          {u"type"_s, u"function"_s}, {u"name"_s, u"set_timer"_s}})
                                   << u"set_timer"_s;
        QTest::newRow("nobody spoke") << QStringList() << tools() << automatic << QString();
        QTest::newRow("nobody spoke, but required")
            << QStringList() << one << QJsonValue(u"required"_s) << u"get_weather"_s;
    }
    void choosesATool()
    {
        QFETCH(QStringList, turns);
        QFETCH(QJsonArray, available);
        QFETCH(QJsonValue, choice);
        QFETCH(QString, tool);
        const Reply chosen = reply(turns, available, choice);
        QCOMPARE(chosen.tool, tool);
        QCOMPARE(chosen.text.isEmpty(), !tool.isEmpty());
        QCOMPARE(QJsonDocument::fromJson(chosen.arguments.toUtf8()).isObject(), !tool.isEmpty());
    }

    void neverTwiceForOneTurn()
    {
        Conversation conversation;
        conversation.append(said(u"How is the weather?"_s));
        QCOMPARE(chooseReply(conversation, tools(), u"required"_s).tool, u"get_weather"_s);
        conversation.append(item(u"function_call"_s, {{u"name"_s, u"get_weather"_s}}));
        const Reply meanwhile = chooseReply(conversation, tools(), u"required"_s);
        QCOMPARE(meanwhile.tool, QString());
        QVERIFY(!meanwhile.text.isEmpty());

        conversation.append(item(u"function_call_output"_s, {{u"output"_s, u"It rains."_s}}));
        const Reply answered = chooseReply(conversation, tools(), u"required"_s);
        QCOMPARE(answered.tool, QString());
        QVERIFY2(answered.text.contains(u"It rains."_s), qPrintable(answered.text));

        conversation.append(said(u"And the weather tomorrow?"_s)); // another turn
        QCOMPARE(chooseReply(conversation, tools(), u"auto"_s).tool, u"get_weather"_s);
    }

    void arguments_data()
    {
        QTest::addColumn<QByteArray>("parameters"); ///< members of an object's schema
        QTest::addColumn<QByteArray>("expected");
        QTest::newRow("none") << ""_ba
                              << "{}"_ba;
        QTest::newRow("a name") << R"("properties":{"city":{"type":"string"}})"_ba
                                << R"({"city":"Berlin"})"_ba;
        QTest::newRow("a number") << R"("properties":{"days":{"type":"integer"}})"_ba
                                  << R"({"days":3})"_ba;
        QTest::newRow("at least") << R"("properties":{"days":{"type":"integer","minimum":5}})"_ba
                                  << R"({"days":5})"_ba;
        QTest::newRow("yes") << R"("properties":{"now":{"type":"boolean"}})"_ba
                             << R"({"now":true})"_ba;
        QTest::newRow("one of several") << R"("properties":{"unit":{"type":"string","enum":["C","F"]}})"_ba
                                        << R"({"unit":"C"})"_ba;
        QTest::newRow("its default") << R"("properties":{"unit":{"enum":["C","F"],"default":"F"}})"_ba
                                     << R"({"unit":"F"})"_ba;
        QTest::newRow("required ones only")
            << R"("properties":{"city":{"type":"string"},"days":{"type":"integer"}},"required":["days"])"_ba
            << R"({"days":3})"_ba;
        QTest::newRow("all, when none is required")
            << R"("properties":{"city":{"type":"string"},"days":{"type":"integer"}})"_ba
            << R"({"city":"Berlin","days":3})"_ba;
        QTest::newRow("a list in an object")
            << R"("properties":{"o":{"type":"object","properties":{"l":{"type":"array","items":{"type":"string"}}}}})"_ba
            << R"({"o":{"l":["Berlin"]}})"_ba;
        QTest::newRow("any of") << R"("properties":{"a":{"anyOf":[{"type":"number"},{"type":"string"}]}})"_ba
                                << R"({"a":3})"_ba;
        QTest::newRow("or none") << R"("properties":{"a":{"type":["string","null"]}})"_ba
                                 << R"({"a":"Berlin"})"_ba;
    }
    void arguments()
    {
        QFETCH(QByteArray, parameters);
        QFETCH(QByteArray, expected);
        const QByteArray schema
            = R"({"type":"object")"_ba + (parameters.isEmpty() ? ""_ba : ',' + parameters) + '}';
        const QJsonDocument document = QJsonDocument::fromJson(schema);
        QVERIFY2(document.isObject(), schema);
        const Reply call = reply({u"Will it rain for 3 days in Berlin this week?"_s},
            {function(u"f"_s, QString(), document.object())}, u"auto"_s);
        QCOMPARE(call.tool, u"f"_s);
        QCOMPARE(QJsonDocument::fromJson(call.arguments.toUtf8()), QJsonDocument::fromJson(expected));
    }

    void wordsFollowTheTurn()
    {
        QVERIFY(reply({u"first"_s, u"second"_s}, {}, u"auto"_s).text.contains(u"second"_s));
        Conversation conversation;
        ConversationItem spoken = said({});
        spoken.audioMs = 2300;
        conversation.append(spoken);
        const Reply heard = chooseReply(conversation, {}, u"auto"_s);
        QVERIFY2(heard.text.contains(u"2.3 seconds"_s), qPrintable(heard.text));
        QVERIFY(!reply({}, {}, u"auto"_s).text.isEmpty());
    }

    void transcripts()
    {
        for (int number = 0; number < 20; ++number) {
            const QString heard = heardTranscript(number);
            QVERIFY(!heard.isEmpty());
            QCOMPARE(heardTranscript(number), heard);
            QVERIFY(heardTranscript(number + 1) != heard); // so that turns can be told apart
        }
    }

    void tokens_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QStringList>("tokens");
        QTest::newRow("nothing") << QString() << QStringList();
        QTest::newRow("a sentence") << u"Hello, big world!"_s
                                    << QStringList{u"Hello"_s, u","_s, u" big"_s, u" world"_s, u"!"_s};
        QTest::newRow("blanks") << u"  two  blanks "_s << QStringList{u"  two"_s, u"  blanks"_s, u" "_s};
        QTest::newRow("lines") << u"one\n\ntwo"_s << QStringList{u"one"_s, u"\n\ntwo"_s};
        QTest::newRow("numbers") << u"3.5 km"_s << QStringList{u"3"_s, u"."_s, u"5"_s, u" km"_s};
        QTest::newRow("other letters")
            << u"Größe – naïve 東京"_s << QStringList{u"Größe"_s, u" –"_s, u" naïve"_s, u" 東京"_s};
        QTest::newRow("beyond 16 bits") << u"a 😀😀!"_s << QStringList{u"a"_s, u" 😀"_s, u"😀"_s, u"!"_s};
    }
    void tokens()
    {
        QFETCH(QString, text);
        QFETCH(QStringList, tokens);
        QCOMPARE(splitIntoTokens(text), tokens);
        QCOMPARE(splitIntoTokens(text).join(QString()), text); // nothing is lost
    }
};

RELAY_TEST(TestReply)
#include "tst_reply.moc"
