// SPDX-License-Identifier: MIT
#include "core/simulator/eventwriter.h"
#include "tests/support/relaytest.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QRegularExpression>
#include <QSet>
#include <QTest>

using namespace rr;
using namespace Qt::StringLiterals;

namespace {

/// The event without its event_id, which is checked here, as is that it comes right behind the type.
QJsonObject checked(const QByteArray &event)
{
    static const QRegularExpression start(
        u"^\\{\"type\":\"[a-z_.]+\",\"event_id\":\"event_[0-9A-Za-z]{21}\"[,}]"_s);
    if (!start.match(QString::fromUtf8(event)).hasMatch())
        return {};
    QJsonObject json = QJsonDocument::fromJson(event).object();
    json.remove(u"event_id"_s);
    return json;
}

} // namespace

class TestEventWriter : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void ids()
    {
        EventWriter writer(7), same(7), other(8);
        static const QRegularExpression form(u"^item_[0-9A-Za-z]{21}$"_s);
        QSet<QString> seen;
        for (int i = 0; i < 1000; ++i) {
            const QString id = writer.id("item_"_L1);
            QVERIFY2(form.match(id).hasMatch(), qPrintable(id));
            QCOMPARE(same.id("item_"_L1), id);
            seen.insert(id);
            seen.insert(other.id("item_"_L1));
        }
        QCOMPARE(seen.size(), 2000); // none came twice
    }

    void events_data()
    {
        QTest::addColumn<QJsonObject>("body");
        QTest::newRow("nothing") << QJsonObject();
        QTest::newRow("one member") << QJsonObject{{u"item_id"_s, u"item_1"_s}};
        QTest::newRow("what has to be escaped")
            << QJsonObject{{u"text"_s, u"\"quoted\" \\ – line\nline"_s}, {u"list"_s, QJsonArray{1, 2}},
                   {u"none"_s, QJsonValue::Null}, {u"object"_s, QJsonObject{{u"a"_s, QJsonObject()}}}};
    }
    void events()
    {
        QFETCH(QJsonObject, body);
        EventWriter writer(1);
        QJsonObject expected = body;
        expected[u"type"_s] = u"response.done"_s;
        const QByteArray event = writer.event("response.done"_L1, body);
        QVERIFY2(checked(event) == expected, event);
        QVERIFY(writer.event("response.done"_L1, body) != event); // another id
    }

    void textDeltasHaveOneLength()
    {
        EventWriter writer(1);
        QSet<qsizetype> sizes;
        for (int letters = 0; letters < 16; ++letters) {
            const QString delta(letters, u'x');
            const QByteArray event
                = writer.textDelta("response.output_text.delta"_L1, {{u"output_index"_s, 0}}, delta);
            const QJsonObject json = checked(event);
            QCOMPARE(json[u"type"_s].toString(), u"response.output_text.delta"_s);
            QCOMPARE(json[u"delta"_s].toString(), delta);
            QCOMPARE(json[u"output_index"_s].toInt(-1), 0);
            QVERIFY(!json[u"obfuscation"_s].toString().isEmpty());
            sizes.insert(event.size());
        }
        QCOMPARE(sizes.size(), 1);
        QVERIFY(
            !checked(writer.textDelta("a.delta"_L1, {}, QString(100, u'x'))).isEmpty()); // longer than that
    }

    void audioDelta()
    {
        EventWriter writer(1);
        QCOMPARE(checked(writer.audioDelta(u"resp_1"_s, u"item_1"_s, "AAEC/+8="_ba)),
            (QJsonObject{{u"type"_s, u"response.output_audio.delta"_s}, {u"response_id"_s, u"resp_1"_s},
                {u"item_id"_s, u"item_1"_s}, {u"output_index"_s, 0}, {u"content_index"_s, 0},
                {u"delta"_s, u"AAEC/+8="_s}}));
    }
};

RELAY_TEST(TestEventWriter)
#include "tst_eventwriter.moc"
