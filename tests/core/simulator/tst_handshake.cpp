// SPDX-License-Identifier: MIT
#include "core/simulator/handshake.h"
#include "tests/support/relaytest.h"

#include <QDateTime>
#include <QJsonArray>
#include <QJsonDocument>
#include <QTest>

using namespace rr;
using namespace Qt::StringLiterals;

namespace {

const QByteArray upgrade = "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                           "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";

/// `headers` are whole lines.
RequestHead head(const QByteArray &target, const QByteArray &headers)
{
    const QByteArray bytes = "GET " + target + " HTTP/1.1\r\nHost: localhost\r\n" + headers + "\r\n";
    const auto parsed = parseRequestHead(bytes);
    if (const auto *made = std::get_if<RequestHead>(&parsed))
        return *made;
    qFatal("%s", bytes.constData());
}

QByteArray bearer(const QByteArray &key)
{
    return upgrade + "Authorization: Bearer " + key + "\r\n";
}

} // namespace

class TestHandshake : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void verdicts_data()
    {
        QTest::addColumn<QByteArray>("target");
        QTest::addColumn<QByteArray>("headers");
        QTest::addColumn<int>("status");
        QTest::addColumn<int>("closeCode");
        QTest::addColumn<QString>("code");
        const QByteArray path = "/v1/realtime?model=gpt-realtime";
        const QByteArray good = bearer("sk-good");

        for (const char *welcome : {"/v1/realtime", "/realtime", "/v1/realtime/translations"})
            QTest::addRow("%s", welcome) << QByteArray(welcome) << good << 0 << 0 << QString();
        for (const char *unknown : {"/", "/v1/realtime/", "/v1/realtime2", "/v1/chat/completions"})
            QTest::addRow("%s", unknown) << QByteArray(unknown) << good << 404 << 0 << u"not_found"_s;
        QTest::newRow("no upgrade") << path << "Authorization: Bearer sk-good\r\n"_ba << 426 << 0
                                    << u"bad_request"_s;

        QTest::newRow("no key") << path << upgrade << 0 << 3000 << u"invalid_api_key"_s;
        QTest::newRow("null") << path << bearer("null") << 0 << 3000 << u"invalid_api_key"_s;
        QTest::newRow("nokey") << path << bearer("sk-nokey-1") << 0 << 3000 << u"invalid_api_key"_s;
        QTest::newRow("invalid") << path << bearer("sk-invalid-1") << 0 << 3000 << u"invalid_api_key"_s;
        QTest::newRow("quota") << path << bearer("sk-quota-1") << 0 << 1013 << u"insufficient_quota"_s;
        QTest::newRow("expired") << path << bearer("ek_expired_1") << 401 << 0 << u"invalid_api_key"_s;
        QTest::newRow("forbidden") << path << bearer("sk-forbidden-1") << 403 << 0
                                   << u"unsupported_country_region_territory"_s;
        QTest::newRow("nullable") << path << bearer("sk-null") << 0 << 0 << QString();

        QTest::newRow("beta by subprotocol")
            << path << good + "Sec-WebSocket-Protocol: realtime, openai-beta.realtime-v1\r\n"
            << 400 << 0 << u"beta_api_shape_disabled"_s;
        QTest::newRow("beta among others") << path << good + "OpenAI-Beta: assistants=v2, Realtime=V1\r\n"
                                           << 0 << 4000 << u"beta_api_shape_disabled"_s;
        QTest::newRow("beta by header") << path << good + "OpenAI-Beta: realtime=v1\r\n"
                                        << 0 << 4000 << u"beta_api_shape_disabled"_s;
        QTest::newRow("beta before the key") << path << upgrade + "OpenAI-Beta: realtime=v1\r\n"
                                             << 0 << 4000 << u"beta_api_shape_disabled"_s;
        QTest::newRow("another beta") << path << good + "OpenAI-Beta: assistants=v2\r\n"
                                      << 0 << 0 << QString();

        const auto model = [&good](const char *query, int closeCode, const QString &code) {
            QTest::newRow(query) << "/v1/realtime" + QByteArray(query) << good << 0 << closeCode << code;
        };
        model("", 0, QString()); // named later, or by the key
        model("?model=gpt-realtime-2.1", 0, QString());
        model("?model=gpt-4o-realtime-preview-2024-10-01", 4004, u"model_not_found"_s);
        model("?model=gpt-realtime-mini-2025-10-06", 4004, u"model_not_found"_s);
        model("?model=nosuch", 4004, u"model_not_found"_s);
        model("?model=", 4004, u"model_not_found"_s);
        model("?model=gpt%2Drealtime", 0, QString());
        model("?model=gpt-live-1", 4000, u"invalid_model"_s);
        model("?model=gpt-realtime-translate", 4000, u"invalid_model"_s);
        model("?model=whisper-1", 4000, u"invalid_model"_s);
        model("?intent=transcription&model=whisper-1", 0, QString()); // it is in the configuration
        model("/translations?model=gpt-realtime-translate", 0, QString());
        model("/translations?model=gpt-realtime", 4004, u"model_not_found"_s);
        QTest::newRow("key before the model")
            << "/v1/realtime?model=nosuch"_ba << bearer("sk-invalid") << 0 << 3000 << u"invalid_api_key"_s;
        QTest::newRow("model before a fault") << "/v1/realtime?model=nosuch&simulate=error:1013"_ba << good
                                              << 0 << 4004 << u"model_not_found"_s;

        QTest::newRow("a running call") << "/v1/realtime?call_id=rtc_1"_ba << good << 0 << 0 << QString();
        QTest::newRow("no call") << "/v1/realtime?call_id=nosuch"_ba << good << 404 << 0 << u"not_found"_s;

        QTest::newRow("fault: refuse")
            << path + "&simulate=refuse:503" << good << 503 << 0 << u"server_error"_s;
        QTest::newRow("fault: error")
            << path + "&simulate=error:4004" << good << 0 << 4004 << u"model_not_found"_s;
        QTest::newRow("fault: no such")
            << path + "&simulate=nosuch" << good << 400 << 0 << u"invalid_value"_s;
        QTest::newRow("key before a fault")
            << path + "&simulate=error:4004" << bearer("sk-invalid") << 0 << 3000 << u"invalid_api_key"_s;
        QTest::newRow("a fault of the call") << path + "&simulate=delay:50" << good << 0 << 0 << QString();
    }
    void verdicts()
    {
        QFETCH(QByteArray, target);
        QFETCH(QByteArray, headers);
        QFETCH(int, status);
        QFETCH(int, closeCode);
        QFETCH(QString, code);
        Faults faults;
        const HandshakeVerdict verdict = judgeHandshake(head(target, headers), faults, {});
        QCOMPARE(verdict.refuseStatus, status);
        QCOMPARE(int(verdict.closeCode), closeCode);
        QCOMPARE(verdict.error.code, code);
        QCOMPARE(verdict.error.message.isEmpty(), code.isEmpty());
        QCOMPARE(verdict.closeReason, closeCode ? verdict.error.closeReason() : QString());
    }

    void faultsOfTheQueryAreAdded()
    {
        Faults faults;
        faults.ignorePings = true; // of all calls
        judgeHandshake(head("/realtime?simulate=delay:50,fragment", bearer("sk-good")), faults, {});
        QCOMPARE(faults.delayMs, 50);
        QVERIFY(faults.fragment);
        QVERIFY(faults.ignorePings);
        Faults ofAll;
        ofAll.refuseStatus = 502;
        QCOMPARE(judgeHandshake(head("/realtime", bearer("sk-good")), ofAll, {}).refuseStatus, 502);
    }

    void presentedKeys_data()
    {
        QTest::addColumn<QByteArray>("target");
        QTest::addColumn<QByteArray>("headers");
        QTest::addColumn<QByteArray>("key"); ///< null: none
        const QByteArray path = "/realtime";
        const QByteArray subprotocol
            = "Sec-WebSocket-Protocol: realtime, openai-insecure-api-key.of-subprotocol\r\n";
        const QByteArray authorization = "Authorization: Bearer of-authorization\r\n";
        const QByteArray header = "api-key: of-header\r\n";
        const QByteArray query = "/realtime?model=m&api-key=of-query";
        QTest::newRow("none") << path << "Sec-WebSocket-Protocol: realtime\r\n"_ba << QByteArray();
        QTest::newRow("query") << query << QByteArray() << "of-query"_ba;
        QTest::newRow("query, percent-encoded")
            << "/realtime?api-key=a%2Bb%25"_ba << QByteArray() << "a+b%"_ba;
        QTest::newRow("header before query") << query << header << "of-header"_ba;
        QTest::newRow("authorization before header")
            << query << header + authorization << "of-authorization"_ba;
        QTest::newRow("subprotocol before all")
            << query << header + authorization + subprotocol << "of-subprotocol"_ba;
        QTest::newRow("bearer in another case") << path << "authorization: bEARER  x\r\n"_ba
                                                << "x"_ba;
        QTest::newRow("no bearer") << path << "Authorization: Basic x\r\n"_ba << QByteArray();
        QTest::newRow("no bearer, but a header")
            << path << "Authorization: Basic x\r\n" + header << "of-header"_ba;
    }
    void presentedKeys()
    {
        QFETCH(QByteArray, target);
        QFETCH(QByteArray, headers);
        QFETCH(QByteArray, key);
        const QByteArray presented = presentedKey(head(target, headers));
        QCOMPARE(presented, key);
        QCOMPARE(presented.isNull(), key.isNull());
    }

    void acceptances_data()
    {
        QTest::addColumn<QByteArray>("offered");
        QTest::addColumn<bool>("echoed");
        QTest::newRow("nothing") << QByteArray() << false;
        QTest::newRow("realtime") << "realtime"_ba << true;
        QTest::newRow("a key first") << "openai-insecure-api-key.SECRET, realtime"_ba << true;
        QTest::newRow("a key alone") << "openai-insecure-api-key.SECRET"_ba << false;
        QTest::newRow("another") << "realtime2"_ba << false;
    }
    void acceptances()
    {
        QFETCH(QByteArray, offered);
        QFETCH(bool, echoed);
        const QByteArray answer = acceptance(head(
            "/realtime", upgrade + (offered.isNull() ? "" : "Sec-WebSocket-Protocol: " + offered + "\r\n")));
        QVERIFY(answer.startsWith("HTTP/1.1 101 "));
        QVERIFY(answer.endsWith("\r\n\r\n"));
        QVERIFY(answer.contains("\r\nUpgrade: websocket\r\n"));
        QVERIFY(answer.contains("\r\nConnection: Upgrade\r\n"));
        QVERIFY(
            answer.contains("\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n")); // RFC 6455 1.3
        QCOMPARE(answer.contains("\r\nSec-WebSocket-Protocol: realtime\r\n"), echoed);
        QCOMPARE(answer.count("Sec-WebSocket-Protocol"), echoed ? 1 : 0);
        QVERIFY(!answer.contains("SECRET"));
    }

    void secretsBringTheirConfiguration()
    {
        const QJsonObject session{{u"type"_s, u"realtime"_s}, {u"instructions"_s, u"Be brief."_s}};
        Access access;
        const qint64 now = QDateTime::currentSecsSinceEpoch();
        const QByteArray good = access.keys.mint(session, now + 600),
                         old = access.keys.mint(session, now - 1);
        Faults faults;
        const HandshakeVerdict verdict = judgeHandshake(head("/v1/realtime", bearer(good)), faults, access);
        QCOMPARE(verdict.configuration, session);
        QCOMPARE(int(verdict.path.surface), int(Surface::Realtime));
        QCOMPARE(judgeHandshake(head("/v1/realtime", bearer(old)), faults, access).refuseStatus, 401);
        QCOMPARE(judgeHandshake(head("/v1/realtime", bearer("sk-any")), faults, access).configuration,
            QJsonObject());
    }

    void servesTheModelsItIsTold()
    {
        Faults faults;
        const Access access{Models(u"mine,gpt-4o-realtime-preview"_s), Keys()};
        const auto code = [&](const QByteArray &model) {
            return judgeHandshake(head("/v1/realtime?model=" + model, bearer("sk-any")), faults, access)
                .closeCode;
        };
        QCOMPARE(code("mine"), 0);
        QCOMPARE(code("gpt-4o-realtime-preview"), 0);
        QCOMPARE(code("gpt-realtime"), 4004);
    }

    void descriptionsMaskKeys_data()
    {
        QTest::addColumn<QByteArray>("target");
        QTest::addColumn<QByteArray>("header");
        QTest::addColumn<QString>("query"); ///< as described
        QTest::addColumn<QString>("value"); ///< of the header, as described
        QTest::newRow("nothing to mask") << "/realtime?model=m&a=%20"_ba
                                         << "X-Any: some thing"_ba << u"model=m&a=%20"_s << u"some thing"_s;
        QTest::newRow("authorization") << "/realtime"_ba
                                       << "Authorization: Bearer SECRET"_ba << u""_s << u"Bearer …"_s;
        QTest::newRow("basic") << "/realtime"_ba
                               << "AUTHORIZATION: Basic SECRET SECRET"_ba << u""_s << u"Basic …"_s;
        QTest::newRow("header") << "/realtime"_ba
                                << "Api-Key: SECRET"_ba << u""_s << u"…"_s;
        QTest::newRow("subprotocol") << "/realtime"_ba
                                     << "sec-websocket-protocol: a, openai-insecure-api-key.SECRET, b"_ba
                                     << u""_s << u"a, openai-insecure-api-key.…, b"_s;
        QTest::newRow("subprotocols without blanks")
            << "/realtime"_ba
            << "Sec-WebSocket-Protocol: openai-insecure-api-key.SECRET,realtime"_ba << u""_s
            << u"openai-insecure-api-key.…,realtime"_s;
        QTest::newRow("query") << "/realtime?api-key=SECRET"_ba
                               << "X-Any: x"_ba << u"api-key=…"_s << u"x"_s;
        QTest::newRow("query, its name percent-encoded") << "/realtime?%61pi%2Dkey=SECRET"_ba
                                                         << "X-Any: x"_ba << u"api-key=…"_s << u"x"_s;
        QTest::newRow("without a scheme") << "/realtime"_ba
                                          << "Authorization: SECRET"_ba << u""_s << u" …"_s;
        QTest::newRow("behind a tab") << "/realtime"_ba
                                      << "Authorization: Bearer\tSECRET"_ba << u""_s << u"Bearer …"_s;
        QTest::newRow("query, in the middle") << "/realtime?a=1&api-key=SECRET&api-key=SECRET&b=2"_ba
                                              << "X-Any: x"_ba << u"a=1&api-key=…&api-key=…&b=2"_s << u"x"_s;
        QTest::newRow("query, another name") << "/realtime?no-api-key=2"_ba
                                             << "X-Any: x"_ba << u"no-api-key=2"_s << u"x"_s;
    }
    void descriptionsMaskKeys()
    {
        QFETCH(QByteArray, target);
        QFETCH(QByteArray, header);
        QFETCH(QString, query);
        QFETCH(QString, value);
        const QJsonObject json = describeHandshake(head(target, header + "\r\n"), {});
        QCOMPARE(json[u"path"_s].toString(), u"/realtime"_s);
        QCOMPARE(json[u"query"_s].toString(), query);
        const QString name = QString::fromLatin1(header.left(header.indexOf(':')));
        QCOMPARE(json[u"headers"_s].toArray(),
            (QJsonArray{QJsonArray{u"Host"_s, u"localhost"_s}, QJsonArray{name, value}}));
        QVERIFY(!QJsonDocument(json).toJson().contains("SECRET"));
        QVERIFY(!json.contains(u"key_ok"_s)); // none was expected
        QCOMPARE(json[u"method"_s].toString(), u"GET"_s); // and no upgrade asked for
    }

    void expectedKey()
    {
        const RequestHead asked = head("/realtime", "Authorization: Bearer SECRET\r\n");
        const QJsonObject right = describeHandshake(asked, "SECRET");
        QCOMPARE(right[u"key_ok"_s], QJsonValue(true));
        QVERIFY(!describeHandshake(head("/realtime", upgrade), "SECRET").contains(u"method"_s));
        QVERIFY(!QJsonDocument(right).toJson().contains("SECRET"));
        const QJsonObject wrong = describeHandshake(asked, "SECRE");
        QCOMPARE(wrong[u"key_ok"_s], QJsonValue(false));
        QVERIFY(!QJsonDocument(wrong).toJson().contains("SECRE"));
    }
};

RELAY_TEST(TestHandshake)
#include "tst_handshake.moc"
