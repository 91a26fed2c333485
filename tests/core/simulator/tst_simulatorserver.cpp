// SPDX-License-Identifier: MIT
#include "tests/core/simulator/caller.h"
#include "tests/core/simulator/livecaller.h"
#include "tests/core/simulator/testserver.h"
#include "tests/support/relaytest.h"

#include <QProcess>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <QThread>
#include <QWebSocket>
#include <QWebSocketHandshakeOptions>

using namespace rr;
using namespace Qt::StringLiterals;

class TestSimulatorServer : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void answersHandshakes_data()
    {
        QTest::addColumn<QByteArray>("target");
        QTest::addColumn<QByteArray>("headers");
        QTest::addColumn<int>("status");
        QTest::addColumn<QByteArray>("code"); // of the error; empty: session.created
        QTest::addColumn<int>("closeCode"); // -1: none
        QTest::addColumn<QByteArray>("reason");
        const auto row = [](const char *name, const char *target, const char *headers, int status,
                             const char *code = "", int closeCode = -1, const char *reason = "") {
            QTest::newRow(name) << QByteArray(target) << QByteArray(headers) << status << QByteArray(code)
                                << closeCode << QByteArray(reason);
        };
        constexpr auto bearer = "Authorization: Bearer sk-any\r\n";
        constexpr auto badKey = "invalid_request_error.invalid_api_key";
        row("bearer", "/v1/realtime?model=gpt-realtime", bearer, 101);
        row("short path", "/realtime", bearer, 101);
        row("translations", "/v1/realtime/translations?model=gpt-realtime-translate", bearer, 101);
        row("Azure", "/openai/v1/realtime", "api-key: 0123\r\n", 101);
        row("key in query", "/openai/v1/realtime?api-key=0123", "", 101);
        row("browser", "/v1/realtime", "Sec-WebSocket-Protocol: realtime, openai-insecure-api-key.ek_1\r\n",
            101);
        row("no key", "/v1/realtime", "", 101, "invalid_api_key", 3000, badKey);
        row("null", "/v1/realtime", "Sec-WebSocket-Protocol: realtime, openai-insecure-api-key.null\r\n", 101,
            "invalid_api_key", 3000, badKey);
        row("invalid", "/v1/realtime", "Authorization: Bearer sk-invalid\r\n", 101, "invalid_api_key", 3000,
            badKey);
        row("quota", "/v1/realtime", "Authorization: Bearer sk-quota\r\n", 101, "insufficient_quota", 1013,
            "insufficient_quota.insufficient_quota");
        row("expired", "/v1/realtime", "Authorization: Bearer sk-expired\r\n", 401, "invalid_api_key");
        row("forbidden", "/v1/realtime", "Authorization: Bearer sk-forbidden\r\n", 403,
            "unsupported_country_region_territory");
        row("beta header", "/v1/realtime", "Authorization: Bearer sk-any\r\nOpenAI-Beta: realtime=v1\r\n",
            101, "beta_api_shape_disabled", 4000, "invalid_request_error.beta_api_shape_disabled");
        row("beta subprotocol", "/v1/realtime",
            "Sec-WebSocket-Protocol: realtime, openai-insecure-api-key.ek_1, openai-beta.realtime-v1\r\n",
            400, "beta_api_shape_disabled");
        row("path", "/v1/chat", bearer, 404, "not_found");
        row("retired model", "/v1/realtime?model=gpt-4o-realtime-preview", bearer, 101, "model_not_found",
            4004, "invalid_request_error.model_not_found");
        row("model of another kind", "/v1/realtime?model=gpt-live-1", bearer, 101, "invalid_model", 4000,
            "invalid_request_error.invalid_model");
        row("transcription", "/v1/realtime?intent=transcription", bearer, 101);
        row("sideband", "/v1/realtime?call_id=rtc_1", bearer, 101);
        row("no such call", "/v1/realtime?call_id=1", bearer, 404, "not_found");
        row("unknown fault", "/v1/realtime?simulate=nosuch", bearer, 400, "invalid_value");
        row("refuse", "/v1/realtime?simulate=refuse:429", bearer, 429, "rate_limit_exceeded");
        row("refuse 503", "/v1/realtime?simulate=refuse:503", bearer, 503, "server_error");
        row("error 3000", "/v1/realtime?simulate=error:3000", bearer, 101, "invalid_api_key", 3000, badKey);
        row("error 4000", "/v1/realtime?simulate=error:4000", bearer, 101, "missing_model", 4000,
            "invalid_request_error.missing_model");
        row("error 4004", "/v1/realtime?simulate=error:4004", bearer, 101, "model_not_found", 4004,
            "invalid_request_error.model_not_found");
        row("error 1013", "/v1/realtime?simulate=error:1013", bearer, 101, "insufficient_quota", 1013,
            "insufficient_quota.insufficient_quota");
        row("close", "/v1/realtime?simulate=close:1012:come%20back", bearer, 101, "", 1012, "come back");
        row("close without a code", "/v1/realtime?simulate=close:1005", bearer, 101, "", 1005);
        row("too long", "/v1/realtime?simulate=close-after:1", bearer, 101, "session_expired", 1001,
            "Your session hit the maximum duration of 60 minutes.");
        row("late", "/v1/realtime?simulate=handshake-delay:20,delay:20", bearer, 101);
    }

    void answersHandshakes()
    {
        QFETCH(QByteArray, target);
        QFETCH(QByteArray, headers);
        QFETCH(int, status);
        QFETCH(QByteArray, code);
        QFETCH(int, closeCode);
        QFETCH(QByteArray, reason);
        Server server;
        RawClient client(server.serverPort());
        client.ask(target, headers);
        QTRY_COMPARE(client.status(), status);
        QCOMPARE(client.head().contains("Sec-WebSocket-Protocol: realtime\r\n"),
            status == 101 && headers.contains("realtime,"));
        if (status != 101) {
            QTRY_VERIFY(client.isGone());
            QCOMPARE(
                QJsonDocument::fromJson(client.rest())[u"error"_s][u"code"_s].toString().toLatin1(), code);
            return;
        }
        QVERIFY(client.head().contains("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=")); // RFC 6455 1.3
        QTRY_COMPARE(lastType(client), code.isEmpty() ? u"session.created"_s : u"error"_s);
        if (!code.isEmpty()) {
            const QJsonDocument error = QJsonDocument::fromJson(client.messages().last());
            QCOMPARE(error[u"error"_s][u"code"_s].toString().toLatin1(), code);
        }
        for (const QByteArray &message : client.messages()) {
            const QJsonObject event = QJsonDocument::fromJson(message).object();
            QCOMPARE(target.contains("/translations")
                    ? liveSchemas().errors(event, u"RealtimeTranslationServerEvent"_s)
                    : schemas().serverEventErrors(event),
                QStringList());
        }
        if (closeCode < 0)
            return;
        QTRY_COMPARE(client.closeCode(), closeCode);
        QCOMPARE(client.closeReason(), reason);
        client.send(8, {});
        QTRY_VERIFY(client.isGone());
    }

    void holdsACallWithQtsClient()
    {
        Server server;
        QWebSocket client;
        QStringList types;
        connect(&client, &QWebSocket::textMessageReceived, this,
            [&types](const QString &message) { types.append(typeOf(message.toUtf8())); });
        QWebSocketHandshakeOptions options;
        options.setSubprotocols({u"realtime"_s, u"openai-insecure-api-key.ek_1"_s});
        client.open(server.url(), options);
        QTRY_COMPARE(types.value(0), u"session.created"_s);
        QCOMPARE(client.subprotocol(), u"realtime"_s);
        QCOMPARE(server.liveCalls(), 1);
        const QByteArray audio = Speech().pcm();
        for (qsizetype at = 0; at < audio.size(); at += 4800) {
            client.sendTextMessage(u"{\"type\":\"input_audio_buffer.append\",\"audio\":\"%1\"}"_s.arg(
                QString::fromLatin1(audio.mid(at, 4800).toBase64())));
        }
        QTRY_VERIFY(types.contains(u"response.done"_s));
        QVERIFY(types.contains(u"response.output_audio.delta"_s));
        client.close(QWebSocketProtocol::CloseCodeNormal, u"bye"_s);
        QTRY_COMPARE(server.liveCalls(), 0);
        QCOMPARE(client.closeCode(), QWebSocketProtocol::CloseCodeNormal);
    }

    void speaksTls()
    {
        QTemporaryDir directory;
        SimulatorSettings settings;
        settings.tlsCertificateFile = directory.filePath(u"cert.pem"_s);
        settings.tlsKeyFile = directory.filePath(u"key.pem"_s);
        QProcess openssl;
        openssl.start(u"openssl"_s,
            {u"req"_s, u"-x509"_s, u"-newkey"_s, u"rsa:2048"_s, u"-nodes"_s, u"-subj"_s, u"/CN=localhost"_s,
                u"-addext"_s, u"subjectAltName=IP:127.0.0.1"_s, u"-keyout"_s, settings.tlsKeyFile, u"-out"_s,
                settings.tlsCertificateFile});
        QVERIFY2(openssl.waitForFinished() && openssl.exitCode() == 0, "openssl makes the certificate");
        Server server(settings);
        QCOMPARE(server.url().scheme(), u"wss"_s);
        QSslConfiguration trusting = QSslConfiguration::defaultConfiguration();
        trusting.setCaCertificates(QSslCertificate::fromPath(settings.tlsCertificateFile));
        QWebSocket client;
        client.setSslConfiguration(trusting);
        QSignalSpy messages(&client, &QWebSocket::textMessageReceived);
        QUrl url = server.url();
        url.setQuery(u"api-key=k&simulate=flood:3"_s);
        client.open(url);
        QTRY_VERIFY(!messages.isEmpty() && messages.last()[0].toString().contains("flood.done"_L1));

        RawClient plain(server.serverPort()); // to a TLS port
        plain.ask("/v1/realtime"_ba);
        QTRY_VERIFY(plain.isGone());
    }

    void isSilentOrTalksGarbage_data()
    {
        QTest::addColumn<bool>("forAll");
        QTest::newRow("for all") << true;
        QTest::newRow("for one") << false;
    }

    void isSilentOrTalksGarbage()
    {
        QFETCH(bool, forAll);
        Server silent({}, forAll ? QStringList{u"silent"_s} : QStringList());
        Server garbled({}, forAll ? QStringList{u"garbage"_s} : QStringList());
        RawClient patient(silent.serverPort());
        patient.ask(forAll ? "/v1/realtime"_ba : "/v1/realtime?simulate=silent"_ba);
        RawClient client(garbled.serverPort());
        client.ask(forAll ? "/v1/realtime"_ba : "/v1/realtime?simulate=garbage"_ba);
        QTRY_VERIFY(client.head().startsWith("\x16\x03"));
        QVERIFY(patient.head().isEmpty());
        QVERIFY(patient.rest().isEmpty());
        QVERIFY(!patient.isGone());
    }

    void masksKeysInHandshakes()
    {
        SimulatorSettings settings;
        settings.expectedKey = "sk-secret"_ba;
        Server server(settings);
        QSignalSpy spy(&server, &SimulatorServer::handshake);
        RawClient client(server.serverPort());
        client.ask("/v1/realtime?model=m&api-key=sk-secret"_ba,
            "X-One: 1\r\napi-key: sk-secret\r\nAuthorization: Bearer sk-secret\r\n"
            "Sec-WebSocket-Protocol: realtime, openai-insecure-api-key.sk-secret, openai-project.p\r\n"_ba);
        QTRY_COMPARE(spy.size(), 1);
        const auto request = spy[0][0].toJsonObject();
        QVERIFY(!QJsonDocument(request).toJson().contains("secret"));
        QCOMPARE(request[u"path"_s].toString(), u"/v1/realtime"_s);
        QCOMPARE(request[u"query"_s].toString(), u"model=m&api-key=…"_s);
        QVERIFY(request[u"key_ok"_s].toBool());
        const QJsonArray headers = request[u"headers"_s].toArray();
        QVERIFY(headers.contains(QJsonArray{u"X-One"_s, u"1"_s}));
        QVERIFY(headers.contains(QJsonArray{u"Authorization"_s, u"Bearer …"_s}));
        QVERIFY(headers.contains(QJsonArray{
            u"Sec-WebSocket-Protocol"_s, u"realtime, openai-insecure-api-key.…, openai-project.p"_s}));
    }

    void answersRestRequests_data()
    {
        QTest::addColumn<QByteArray>("target");
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<int>("status");
        QTest::addColumn<QString>("code"); ///< of the error; empty: a secret
        const QByteArray path = "/v1/realtime/client_secrets";
        QTest::newRow("a secret") << path << R"({"session":{"type":"realtime"}})"_ba << 200 << QString();
        QTest::newRow("no body") << path << QByteArray() << 200 << QString();
        QTest::newRow("a wrong body") << path << "{\"a\":1}"_ba << 400 << u"unknown_parameter"_s;
        QTest::newRow("unknown") << "/v1/realtime/sessions"_ba
                                 << "{}"_ba << 404 << u"not_found"_s;
        QTest::newRow("refused on purpose") << path + "?simulate=refuse:503"
                                            << "{}"_ba << 503 << u"server_error"_s;
        QTest::newRow("late") << path + "?simulate=handshake-delay:20"
                              << "{}"_ba << 200 << QString();
        QTest::newRow("no such fault") << path + "?simulate=nosuch"
                                       << "{}"_ba << 400 << u"invalid_value"_s;
    }
    void answersRestRequests()
    {
        QFETCH(QByteArray, target);
        QFETCH(QByteArray, body);
        QFETCH(int, status);
        QFETCH(QString, code);
        Server server;
        QSignalSpy told(&server, &SimulatorServer::handshake);
        const QByteArray answer = post(server, target, body);
        QCOMPARE(answer.mid(9, 3).toInt(), status);
        const QJsonDocument json = QJsonDocument::fromJson(answer.mid(answer.indexOf("\r\n\r\n") + 4));
        QCOMPARE(json[u"error"_s][u"code"_s].toString(), code);
        QVERIFY(!code.isEmpty() || json[u"value"_s].toString().startsWith("ek_"_L1));
        QCOMPARE(told.size(), 1);
        QCOMPARE(told[0][0].toJsonObject()[u"method"_s].toString(), u"POST"_s);
    }

    void refusesLargeBodies()
    {
        Server server;
        RawClient client(server.serverPort());
        client.socket().write("POST /v1/realtime/client_secrets HTTP/1.1\r\nHost: localhost\r\n"
                              "Authorization: Bearer sk-any\r\nContent-Length: 65537\r\n\r\n");
        QTRY_COMPARE(client.status(), 413);
        QTRY_VERIFY(client.isGone());
    }

    void takesABodyInPieces()
    {
        Server server;
        RawClient client(server.serverPort());
        const QByteArray body(20000, ' ');
        client.socket().write("POST /v1/realtime/client_secrets HTTP/1.1\r\nHost: localhost\r\n"
                              "Authorization: Bearer sk-any\r\nContent-Length: 40000\r\n\r\n"
            + body);
        QTRY_COMPARE(client.socket().bytesToWrite(), 0);
        QCOMPARE(client.head(), QByteArray());
        client.socket().write(body);
        QTRY_COMPARE(client.status(), 200);
    }

    void secretsOpenCalls()
    {
        SimulatorSettings settings;
        settings.keys = {"sk-any"};
        Server server(settings);
        const QByteArray answer = post(server, "/v1/realtime/client_secrets",
            R"({"session":{"type":"realtime","model":"gpt-realtime-mini","instructions":"Be brief."}})");
        const QByteArray secret
            = QJsonDocument::fromJson(answer.mid(answer.indexOf("\r\n\r\n") + 4))[u"value"_s]
                  .toString()
                  .toLatin1();
        for (int call = 0; call < 2; ++call) { // one secret, several calls
            RawClient client(server.serverPort());
            client.ask("/v1/realtime",
                "Sec-WebSocket-Protocol: realtime, openai-insecure-api-key." + secret + "\r\n");
            QTRY_COMPARE(lastType(client), u"session.created"_s);
            const QJsonValue session = QJsonDocument::fromJson(client.messages().last())[u"session"_s];
            QCOMPARE(session[u"instructions"_s].toString(), u"Be brief."_s);
            QCOMPARE(session[u"model"_s].toString(), u"gpt-realtime-mini"_s);
        }
        RawClient stranger(server.serverPort());
        stranger.ask(
            "/v1/realtime", "Sec-WebSocket-Protocol: realtime, openai-insecure-api-key.ek_0123456789\r\n");
        QTRY_COMPARE(stranger.closeCode(), 3000);
    }

    void secretsOpenTranscriptions()
    {
        Server server;
        const QByteArray answer
            = post(server, "/v1/realtime/client_secrets", R"({"session":{"type":"transcription"}})");
        const QByteArray secret
            = QJsonDocument::fromJson(answer.mid(answer.indexOf("\r\n\r\n") + 4))[u"value"_s]
                  .toString()
                  .toLatin1();
        RawClient client(server.serverPort());
        client.ask("/v1/realtime", "Authorization: Bearer " + secret + "\r\n");
        QTRY_COMPARE(lastType(client), u"session.created"_s);
        QCOMPARE(QJsonDocument::fromJson(client.messages().last())[u"session"_s][u"type"_s].toString(),
            u"transcription"_s);
    }

    void livesInAThreadOfItsOwn()
    {
        QThread thread;
        auto *server = new Server;
        server->moveToThread(&thread);
        connect(&thread, &QThread::finished, server, &QObject::deleteLater);
        thread.start();
        std::vector<std::unique_ptr<RawClient>> clients;
        for (int i = 0; i < 50; ++i) {
            clients.push_back(std::make_unique<RawClient>(server->serverPort()));
            clients.back()->ask("/v1/realtime"_ba);
            clients.back()->sendText(respond);
        }
        for (const auto &client : clients)
            QTRY_COMPARE(lastType(*client), u"rate_limits.updated"_s);
        clients.front()->sendText(respond);
        thread.quit();
        thread.wait();
        for (const auto &client : clients)
            QTRY_VERIFY(client->isGone());
    }

    void saysWhyItCannotStart_data()
    {
        QTest::addColumn<QString>("member");
        for (const QString &member : {u"port"_s, u"certificate"_s, u"replay"_s})
            QTest::newRow(qPrintable(member)) << member;
    }

    void saysWhyItCannotStart()
    {
        QFETCH(QString, member);
        Server running;
        SimulatorSettings settings;
        if (member == "port"_L1)
            settings.port = running.serverPort();
        if (member == "certificate"_L1)
            settings.tlsCertificateFile = u"/nosuch.pem"_s;
        if (member == "replay"_L1)
            settings.replayFile = QStringLiteral(RELAY_TEST_DATA "/realtime/README.md");
        SimulatorServer server(settings);
        const auto error = server.start();
        QVERIFY(error && !error->isEmpty());
        QVERIFY(!server.isListening());
    }

private:
    /// The whole answer.
    static QByteArray post(Server &server, const QByteArray &target, const QByteArray &body)
    {
        RawClient client(server.serverPort());
        client.socket().write("POST " + target
            + " HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer sk-any\r\nContent-Length: "
            + QByteArray::number(body.size()) + "\r\n\r\n" + body);
        if (!QTest::qWaitFor([&client] { return client.isGone(); }, 30'000))
            return {};
        return client.head() + client.rest();
    }
};

RELAY_TEST(TestSimulatorServer)
#include "tst_simulatorserver.moc"
