// SPDX-License-Identifier: MIT
#include "core/realtime/jsontext.h"
#include "tests/support/relaytest.h"

#include <QTest>

using namespace rr;
using namespace Qt::StringLiterals;

class tst_JsonText : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void json_data()
    {
        QTest::addColumn<QByteArray>("text");
        for (const char *text : {"{}", "[]", " { } ", "[ ]", "null", "true", "false", "0", "-0", "12",
                 "-1.5e+3", "1E-2", "0.8", "12345678901234567890", R"("")",
                 "\"a\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00aF\"", R"({"a":1,"a":[2,{"b":null}]})", "\t[1 , 2]\r\n",
                 R"([[],{},[{}]])", "\"\xC3\xA4\"", R"({"":""})"})
            QTest::addRow("%s", text) << QByteArray(text);
        QTest::newRow("as deep as it may be") << QByteArray(500, '[') + QByteArray(500, ']');
        QTest::newRow("deep objects") << QByteArray(R"({"a":)").repeated(500) + "1" + QByteArray(500, '}');
    }
    void json()
    {
        QFETCH(QByteArray, text);
        QVERIFY(isJson(text));
        QVERIFY(!isJson(text + 'x'));
        QVERIFY(!isJson(text + ','));
        QVERIFY(!isJson('[' + text));
        QVERIFY(isJson('[' + text.trimmed() + ']') || text.startsWith("[[[[")
            || text.startsWith(R"({"a":{"a":)"));
    }

    void noJson_data()
    {
        QTest::addColumn<QByteArray>("text");
        for (const char *text :
            {"", " ", "{", "[", "}", "]", "{]", "[}", "[1 2]", "[1,]", "[,1]", "{,}", R"({"a"})", R"({"a":})",
                R"({"a":1,})", R"({"a":1 "b":2})", R"({a:1})", "{1:2}", "tru", "True", "nulll", "01", "1.",
                ".5", "-", "+1", "1e", "1e+", "0x1", "NaN", "\"", "\"a", "\"\\x\"", "\"\\u12g4\"", "\"\\u123",
                "\"a\nb\"", "'a'", "[1]]", "{}{}", "1 2", "[\"a\" 1]", "/**/1"})
            QTest::addRow("%s", text) << QByteArray(text);
        QTest::newRow("zero byte") << "[1\0]"_ba;
        QTest::newRow("too deep") << QByteArray(501, '[') + QByteArray(501, ']');
    }
    void noJson()
    {
        QFETCH(QByteArray, text);
        QVERIFY(!isJson(text));
    }

    void everyCutIsNoJson()
    {
        const QByteArray whole
            = "{\"a\":{\"b\":[\"c\",{\"d\":\"\\\\\\\"}\\u00e4\"}]},\"n\":-12.5e1,\"t\":true,\"x\":null}";
        QVERIFY(isJson(whole));
        for (qsizetype size = 0; size < whole.size(); ++size) {
            // A copy of just these bytes, so that a sanitizer sees any look beyond them.
            const QByteArray cut(whole.constData(), size);
            QVERIFY(!isJson(QByteArrayView(cut.constData(), size)));
        }
    }

    void parts()
    {
        const auto partsOf = [](const QByteArray &text) {
            QByteArray found;
            for (JsonParts each(text); each.next();)
                found += each.name().toByteArray() + '=' + each.value().toByteArray() + ';';
            return found;
        };
        QCOMPARE(partsOf(" { \"a\" : 1.50 , \"b\":[ {} ], \"c\":\"}\\\",\" ,\"d\":{\"e\":2}} "),
            "a=1.50;b=[ {} ];c=\"}\\\",\";d={\"e\":2};");
        QCOMPARE(partsOf(R"([ 1 , "2",[3], null ])"), R"(=1;="2";=[3];=null;)");
        for (const char *none : {"{}", "[]", " { } ", " [ ] ", "1", R"("a")", "null", ""})
            QCOMPARE(partsOf(none), QByteArray());
    }

    void members()
    {
        const QByteArray object = R"({"a":{"b": -1.0 },"c":"x","c":"y"})";
        QCOMPARE(jsonMemberValue(object, "a").toByteArray(), R"({"b": -1.0 })");
        QCOMPARE(jsonMemberValue(jsonMemberValue(object, "a"), "b").toByteArray(), "-1.0");
        QCOMPARE(jsonMemberValue(object, "c").toByteArray(), R"("x")");
        QVERIFY(jsonMemberValue(object, "d").isEmpty());
        QVERIFY(jsonMemberValue("[1]", "a").isEmpty());
        QVERIFY(jsonMemberValue({}, "a").isEmpty());
        QVERIFY(isJsonString(jsonMemberValue(object, "c"), "x"));
        QVERIFY(!isJsonString(jsonMemberValue(object, "c"), "xx"));
        QVERIFY(!isJsonString("x", "x"));
        QVERIFY(isJsonString(R"("")", ""));
    }

    void writes()
    {
        JsonOut out(1000);
        out += "before";
        JsonWriter to(out);
        to.member("a", "1");
        to.memberIf("b", {});
        JsonWriter list(to.member("c"), JsonWriter::Array);
        list.element() += "2";
        list.element() += "3";
        list.close();
        to.close();
        QCOMPARE(out.take(), R"(before{"a":1,"c":[2,3]})");
        out = JsonOut(1000);
        JsonWriter(out, JsonWriter::Array).close();
        JsonWriter(out).close();
        QCOMPARE(out.take(), "[]{}");
    }

    void keepsNoMoreThanIsWorthIt()
    {
        JsonOut out(10);
        for (int i = 0; i < 100; ++i)
            out += "abcdef";
        QCOMPARE(out.take().size(), 12);
    }
};

RELAY_TEST(tst_JsonText)
#include "tst_jsontext.moc"
