// SPDX-License-Identifier: MIT
#include "core/realtime/jsonmember.h"
#include "tests/support/relaytest.h"

#include <QTest>

using namespace rr;
using namespace Qt::StringLiterals;

class TestJsonMember : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void find_data()
    {
        QTest::addColumn<QByteArray>("object");
        QTest::addColumn<QByteArray>("rest"); // from the value on; empty: not found
        QTest::newRow("first") << R"({"x":1})"_ba
                               << "1}"_ba;
        QTest::newRow("blanks") << " \r\n\t{ \"a\" : 0 ,\n \"x\" : true }"_ba
                                << "true }"_ba;
        QTest::newRow("after a string") << R"({"a":"b","x":2})"_ba
                                        << "2}"_ba;
        QTest::newRow("after escapes") << "{\"a\":\"\\\"x\\\":1,\\\\\",\"x\":2}"_ba
                                       << "2}"_ba;
        QTest::newRow("not inside a string") << "{\"a\":\"\\\"x\\\":1\"}"_ba
                                             << ""_ba;
        QTest::newRow("not nested") << R"({"a":{"x":1},"b":[{"x":2}]})"_ba
                                    << ""_ba;
        QTest::newRow("after nested") << "{\"a\":{\"x\":[1,{\"y\":\"}]\"}]},\"x\":3}"_ba
                                      << "3}"_ba;
        QTest::newRow("after literals") << R"({"a":null,"b":-1.5e3,"c":[],"d":{},"x":4})"_ba
                                        << "4}"_ba;
        QTest::newRow("value of that name") << R"({"a":"x","b":1})"_ba
                                            << ""_ba;
        QTest::newRow("first of equal names") << R"({"x":1,"x":2})"_ba
                                              << "1,\"x\":2}"_ba;
        QTest::newRow("longer name") << R"({"xx":1})"_ba
                                     << ""_ba;
        QTest::newRow("cut in the value") << "{\"x\":\"ab"_ba
                                          << "\"ab"_ba;
        QTest::newRow("cut before the value") << R"({"x": )"_ba
                                              << ""_ba;
        QTest::newRow("cut in a value before") << "{\"a\":\"b"_ba
                                               << ""_ba;
        QTest::newRow("cut in an escape") << "{\"a\":\"b\\"_ba
                                          << ""_ba;
        QTest::newRow("cut in nesting") << R"({"a":[{"x":1)"_ba
                                        << ""_ba;
        QTest::newRow("after the object") << R"({"a":1},"x":2)"_ba
                                          << ""_ba;
        QTest::newRow("empty object") << "{}"_ba
                                      << ""_ba;
        QTest::newRow("empty") << ""_ba
                               << ""_ba;
        QTest::newRow("array") << R"(["x",1])"_ba
                               << ""_ba;
        QTest::newRow("value is missing") << R"({"a":,"x":1})"_ba
                                          << ""_ba;
        QTest::newRow("closed too often") << R"({"a":]],"x":1})"_ba
                                          << ""_ba;
        QTest::newRow("zero byte") << "{\"a\":1\0,\"x\":1}"_ba
                                   << ""_ba;
        QTest::newRow("deep") << "{\"a\":" + QByteArray(100'000, '[') + QByteArray(100'000, ']') + ",\"x\":5}"
                              << "5}"_ba;
    }
    void find()
    {
        QFETCH(QByteArray, object);
        QFETCH(QByteArray, rest);
        QCOMPARE(jsonMember(object, "x").toByteArray(), rest);
    }

    void everyCutIsSafe()
    {
        const QByteArray whole
            = " {\"a\":{\"b\":[\"c\",{\"d\":\"\\\\\\\"}\"}]},\"n\":-12.5,\"t\":true,\"x\":{\"y\":1}}";
        for (qsizetype size = 0; size <= whole.size(); ++size) {
            // A copy of just these bytes, so that a sanitizer sees any look beyond them.
            const QByteArray cut(whole.constData(), size);
            const QByteArrayView found = jsonMember(QByteArrayView(cut.constData(), size), "x");
            QCOMPARE(found.isEmpty(), size <= whole.indexOf("{\"y\""));
        }
    }
};

RELAY_TEST(TestJsonMember)
#include "tst_jsonmember.moc"
