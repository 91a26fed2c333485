// SPDX-License-Identifier: MIT
#include "tests/core/simulator/livecaller.h"
#include "tests/support/relaytest.h"

#include <QTest>

using namespace rr;

namespace {

QJsonObject toResponses(bool withTool)
{
    QJsonObject responses{{u"model"_s, u"gpt-5"_s}, {u"instructions"_s, u"Look it up, and be brief."_s}};
    if (withTool) {
        responses[u"tools"_s]
            = QJsonArray{QJsonObject{{u"type"_s, u"function"_s}, {u"name"_s, u"get_weather"_s},
                {u"parameters"_s,
                    QJsonDocument::fromJson(R"({"type":"object","properties":{"days":{"type":"integer"}}})")
                        .object()}}};
    }
    return {{u"delegation"_s, QJsonObject{{u"type"_s, u"responses"_s}, {u"responses"_s, responses}}}};
}

const QStringList functionCallTypes{u"response.created"_s, u"response.in_progress"_s,
    u"response.output_item.added"_s, u"response.function_call_arguments.delta"_s,
    u"response.function_call_arguments.done"_s, u"response.output_item.done"_s, u"response.completed"_s};
const QStringList wordTypes{u"response.created"_s, u"response.in_progress"_s, u"response.output_item.added"_s,
    u"response.content_part.added"_s, u"response.output_text.delta"_s, u"response.output_text.done"_s,
    u"response.content_part.done"_s, u"response.output_item.done"_s, u"response.completed"_s};
const QString saidDelta = u"session.output_transcript.delta"_s;

/// The last Responses event of this type.
QJsonObject lastNested(const LiveCaller &caller, const QString &type)
{
    QJsonObject found;
    for (const QJsonObject &event : caller.heard.ofType(u"response.event"_s)) {
        if (event[u"event"_s][u"type"_s] == type)
            found = event[u"event"_s].toObject();
    }
    return found;
}

void giveTurn(LiveCaller &caller)
{
    caller.talk(1000);
    caller.quiet(500);
}

} // namespace

/// Delegation, to the backend and to the client, as the client sees it.
class TestLiveBackend : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void answersADelegation()
    {
        LiveCaller caller;
        caller.open(toResponses(false));
        giveTurn(caller);
        const QJsonObject created = caller.heard.last(u"session.delegation.created"_s);
        const QJsonObject delegation = created[u"delegation"_s].toObject();
        QCOMPARE(delegation[u"target"_s].toString(), u"responses"_s);
        QCOMPARE(created[u"offset_ms"_s].toInt(), 1400);
        caller.run();
        QCOMPARE(caller.heard.nested(), wordTypes);
        const QJsonObject first = caller.heard.ofType(u"response.event"_s)[0];
        QCOMPARE(first[u"delegation_id"_s], delegation[u"id"_s]);
        QCOMPARE(first[u"event"_s][u"response"_s][u"id"_s], delegation[u"response_id"_s]);
        const QJsonValue response = lastNested(caller, u"response.completed"_s)[u"response"_s];
        QCOMPARE(response[u"model"_s].toString(), u"gpt-5"_s);
        QVERIFY(response[u"output"_s].toArray().isEmpty());
        const QJsonValue usage = response[u"usage"_s];
        QVERIFY(usage[u"input_tokens"_s].toInt() > 0 && usage[u"output_tokens"_s].toInt() > 0);
        QCOMPARE(usage[u"total_tokens"_s].toInt(),
            usage[u"input_tokens"_s].toInt() + usage[u"output_tokens"_s].toInt());
        caller.quiet(12000);
        QCOMPARE(caller.heard.joined(saidDelta),
            u"One moment, please."_s
                + lastNested(caller, u"response.output_text.done"_s)[u"text"_s].toString());
        QCOMPARE(caller.heard.problems, QStringList());
    }

    void callsAFunction()
    {
        LiveCaller caller;
        caller.open(toResponses(true));
        giveTurn(caller);
        caller.run();
        QCOMPARE(caller.heard.nested(), functionCallTypes);
        const QJsonValue item = lastNested(caller, u"response.output_item.done"_s)[u"item"_s];
        QCOMPARE(item[u"name"_s].toString(), u"get_weather"_s);
        QCOMPARE(item[u"arguments"_s].toString(), R"({"days":1})"_L1);
        QVERIFY(!item[u"call_id"_s].toString().isEmpty());

        caller.send(R"({"type":"response.create","event_id":"early"})");
        QCOMPARE(caller.heard.error()[u"client_event_id"_s].toString(), u"early"_s);
        const auto give = [&](const QJsonValue &callId) {
            caller.send(QJsonObject{{u"type"_s, u"response.item.create"_s},
                {u"item"_s,
                    QJsonObject{{u"type"_s, u"function_call_output"_s}, {u"call_id"_s, callId},
                        {u"output"_s, u"Sunny."_s}}}});
        };
        give(u"call_none"_s);
        QCOMPARE(caller.heard.error()[u"param"_s].toString(), u"item.call_id"_s);
        give(item[u"call_id"_s]);
        caller.send(R"({"type":"response.create"})");
        QCOMPARE(caller.heard.count(u"error"_s), 2);
        caller.run();
        QCOMPARE(caller.heard.nested(), functionCallTypes + wordTypes);
        QCOMPARE(caller.heard.ofType(u"response.event"_s).last()[u"delegation_id"_s],
            caller.heard.last(u"session.delegation.created"_s)[u"delegation"_s][u"id"_s]);
        QVERIFY(lastNested(caller, u"response.completed"_s)[u"response"_s][u"id"_s]
            != caller.heard.last(u"session.delegation.created"_s)[u"delegation"_s][u"response_id"_s]);
        caller.quiet(6000);
        QCOMPARE(caller.heard.joined(saidDelta), u"One moment, please.The tool answered: Sunny."_s);
        QCOMPARE(caller.heard.problems, QStringList());
    }

    /// What the client asks by itself is not spoken.
    void answersTheClientAlone()
    {
        LiveCaller caller;
        caller.open(toResponses(false));
        caller.send(
            R"({"type":"response.item.create","item":{"type":"message","role":"user","content":[{"type":"input_text","text":"Hi"}]}})");
        caller.send(R"({"type":"response.create"})");
        caller.send(R"({"type":"response.create"})");
        QCOMPARE(caller.heard.error()[u"code"_s].toString(), u"conversation_already_has_active_response"_s);
        caller.run();
        QCOMPARE(caller.heard.nested(), wordTypes);
        QVERIFY(caller.heard.ofType(u"response.event"_s)[0][u"delegation_id"_s].isNull());
        QCOMPARE(lastNested(caller, u"response.output_text.done"_s)[u"text"_s].toString(),
            u"You wrote “Hi”. This is the simulator – no model is behind this answer."_s);
        caller.quiet(5000);
        QCOMPARE(caller.heard.joined(saidDelta), QString());
        QCOMPARE(caller.heard.problems, QStringList());
    }

    void beginsBeforeItIsTold()
    {
        LiveCall::Options options = liveOptions();
        QVERIFY(!options.faults.add(u"early-response"_s));
        LiveCaller caller(options);
        caller.open(toResponses(false));
        giveTurn(caller);
        QStringList types;
        for (const QJsonObject &event : caller.heard.events) {
            if (!event[u"type"_s].toString().endsWith(".delta"_L1))
                types.append(event[u"type"_s].toString());
        }
        QCOMPARE(types.mid(1),
            (QStringList{u"response.event"_s, u"response.event"_s, u"session.delegation.created"_s}));
        QCOMPARE(caller.heard.problems, QStringList());
    }

    void needsResponses()
    {
        LiveCaller caller;
        caller.open({{u"delegation"_s, QJsonObject{{u"type"_s, u"client"_s}}}});
        caller.send(R"({"type":"response.create"})");
        caller.send(
            R"({"type":"response.item.create","item":{"type":"message","role":"user","content":[]}})");
        QCOMPARE(caller.heard.count(u"error"_s), 2);
        QCOMPARE(caller.call->nextInMs(), -1);
        QCOMPARE(caller.heard.problems, QStringList());
    }

    void delegatesToTheClient()
    {
        LiveCaller caller;
        caller.open({{u"delegation"_s,
            QJsonObject{{u"type"_s, u"client"_s}, {u"acknowledgement_delay_ms"_s, 1000}}}});
        giveTurn(caller);
        const QJsonValue delegation = caller.heard.last(u"session.delegation.created"_s)[u"delegation"_s];
        QCOMPARE(delegation[u"target"_s].toString(), u"client"_s);
        QVERIFY(!delegation.toObject().contains(u"response_id"_s));
        caller.send(QJsonObject{{u"type"_s, u"session.commentary.append"_s},
            {u"content"_s, u"It is sunny."_s}, {u"delegation_id"_s, delegation[u"id"_s]}});
        QCOMPARE(caller.heard.count(u"session.commentary.appended"_s), 1);
        caller.quiet(5000);
        QCOMPARE(
            caller.heard.joined(saidDelta), u"It is sunny."_s); // in time, so nothing was said before
        giveTurn(caller);
        caller.quiet(5000);
        QCOMPARE(caller.heard.joined(saidDelta), u"It is sunny.One moment, please."_s);
        QCOMPARE(caller.heard.problems, QStringList());
    }
};

RELAY_TEST(TestLiveBackend)
#include "tst_livebackend.moc"
