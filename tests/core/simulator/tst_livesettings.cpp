// SPDX-License-Identifier: MIT
#include "core/simulator/livesettings.h"
#include "tests/core/simulator/livecaller.h"
#include "tests/support/relaytest.h"

#include <QTest>

using namespace rr;

namespace {

QJsonObject liveSession(const LiveSettings &settings)
{
    return QJsonDocument::fromJson(settings.json()).object();
}

QJsonObject fromText(const char *json)
{
    return QJsonDocument::fromJson(json).object();
}

} // namespace

class TestLiveSettings : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void hasDefaults()
    {
        const LiveSettings settings(
            u"live_1"_s, 1785217650, fromText(R"({"model":"gpt-live-1","instructions":"Be brief."})"));
        QVERIFY(
            settings.json().startsWith(R"({"id":"live_1","expires_at":1785217650,"model":"gpt-live-1",)"));
        const QJsonObject session = liveSession(settings);
        QCOMPARE(liveSchemas().errors(session, u"LiveSessionResource"_s), QStringList());
        QCOMPARE(session[u"instructions"_s].toString(), u"Be brief."_s);
        QCOMPARE(session[u"audio"_s][u"output"_s][u"voice"_s].toString(), u"marin"_s);
        QCOMPARE(settings.format().coding, AudioFormat::Pcm16);
        QCOMPARE(settings.format().rate, 24000);
        QCOMPARE(settings.delegation(), LiveSettings::Delegation::None);
        QVERIFY(!settings.isStored());
    }

    void takesFormats_data()
    {
        QTest::addColumn<QString>("type");
        QTest::addColumn<int>("rate");
        QTest::addColumn<AudioFormat>("coding");
        QTest::newRow("16 kHz") << u"audio/pcm"_s << 16000 << AudioFormat::Pcm16;
        QTest::newRow("mu-law") << u"audio/pcmu"_s << 8000 << AudioFormat::MuLaw;
        QTest::newRow("A-law") << u"audio/pcma"_s << 8000 << AudioFormat::ALaw;
    }

    void takesFormats()
    {
        QFETCH(QString, type);
        QFETCH(int, rate);
        QFETCH(AudioFormat, coding);
        const QJsonObject format{{u"type"_s, type}, {u"rate"_s, rate}};
        const LiveSettings settings(u"live_1"_s, 1,
            {{u"model"_s, u"gpt-live-1"_s}, {u"audio"_s, QJsonObject{{u"format"_s, format}}}});
        QCOMPARE(settings.format().coding, coding);
        QCOMPARE(settings.format().rate, rate);
        QCOMPARE(liveSession(settings)[u"audio"_s][u"output"_s][u"voice"_s].toString(), u"marin"_s);
    }

    void updatesTheDelegation()
    {
        LiveSettings settings(
            u"live_1"_s, 1, fromText(R"({"model":"gpt-live-1","delegation":{"type":"responses",
            "acknowledgement_delay_ms":300,"responses":{"model":"gpt-5","instructions":"Look it up."}}})"));
        QCOMPARE(settings.delegation(), LiveSettings::Delegation::Responses);
        QCOMPARE(settings.acknowledgementDelayMs(), 300);
        QVERIFY(!settings.update(
            fromText(R"({"delegation":{"type":"responses","responses":{"model":"gpt-6"}}})")));
        QCOMPARE(settings.responses()[u"model"_s].toString(), u"gpt-6"_s);
        QCOMPARE(settings.responses()[u"instructions"_s].toString(), u"Look it up."_s);
        for (const char *change : {R"({"delegation":{"type":"client"}})", R"({"delegation":null})"}) {
            const auto error = settings.update(fromText(change));
            QVERIFY(error.has_value());
            QCOMPARE(error->param, u"session.delegation.type"_s);
        }
        QCOMPARE(settings.delegation(), LiveSettings::Delegation::Responses);
        QVERIFY(!settings.update({}));
    }

    void isForked()
    {
        const LiveSettings stored(
            u"live_1"_s, 1, fromText(R"({"model":"gpt-live-1","instructions":"x","store":true})"));
        LiveSettings fork = stored.forked(u"live_2"_s, 2);
        QVERIFY(!fork.update(
            fromText(R"({"store":false,"audio":{"format":{"type":"audio/pcmu","rate":8000}}})")));
        QCOMPARE(fork.id(), u"live_2"_s);
        QCOMPARE(liveSession(fork)[u"expires_at"_s].toInt(), 2);
        QCOMPARE(liveSession(fork)[u"instructions"_s].toString(), u"x"_s);
        QVERIFY(!fork.isStored() && stored.isStored());
        QCOMPARE(fork.format().rate, 8000);
    }
};

RELAY_TEST(TestLiveSettings)
#include "tst_livesettings.moc"
