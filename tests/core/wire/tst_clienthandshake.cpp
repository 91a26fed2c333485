// SPDX-License-Identifier: MIT
#include "core/wire/clienthandshake.h"

#include "core/http/requesthead.h"
#include "tests/core/wire/memorystream.h"
#include "tests/core/wire/scriptedserver.h"
#include "tests/core/wire/streamowner.h"
#include "tests/support/relaytest.h"

#include <QSignalSpy>
#include <QTest>

using namespace rr;

class tst_ClientHandshake : public QObject
{
    Q_OBJECT

    /// A handshake whose server is a test.
    struct Way
    {
        Way()
        {
            auto memory = std::make_unique<MemoryStream>();
            stream = memory.get();
            handshake = std::make_unique<ClientHandshake>(std::move(memory),
                UpgradeRequest{"api.example.org", "/v1/realtime?x=%41{c%2fd}?",
                    {{"Authorization", "Bearer sk-test"}, {"X-Latin", "caf\xe9"}}});
            QObject::connect(handshake.get(), &ClientHandshake::done, handshake.get(), [this] { ++done; });
            QObject::connect(handshake.get(), &ClientHandshake::failed, handshake.get(),
                [this](const UpstreamFailure &f) { failure = f; });
        }
        bool requested() const { return stream->written.endsWith("\r\n\r\n"); }
        bool isOver() const { return done > 0 || failure; }
        void says(const QByteArray &bytes)
        {
            stream->incoming += bytes;
            while (stream->reading && !stream->incoming.isEmpty())
                stream->tellReadable();
        }

        MemoryStream *stream;
        std::unique_ptr<ClientHandshake> handshake;
        int done = 0;
        std::optional<UpstreamFailure> failure;
    };

private Q_SLOTS:
    void asksAndIsAccepted_data()
    {
        QTest::addColumn<int>("piece");
        QTest::newRow("at once") << 100'000;
        QTest::newRow("byte by byte") << 1;
        QTest::newRow("in pieces of ten") << 10;
    }
    void asksAndIsAccepted()
    {
        QFETCH(int, piece);
        Way way;
        QTRY_VERIFY(way.requested());
        const QByteArray request = way.stream->written;
        const auto head = std::get<RequestHead>(parseRequestHead(request));
        QVERIFY(!checkUpgrade(head));
        QCOMPARE(request,
            "GET /v1/realtime?x=%41{c%2fd}? HTTP/1.1\r\nHost: api.example.org\r\nUpgrade: websocket\r\n"
            "Connection: Upgrade\r\nSec-WebSocket-Key: "
                + head.header("Sec-WebSocket-Key")
                + "\r\nSec-WebSocket-Version: 13\r\nAuthorization: Bearer sk-test\r\nX-Latin: caf\xe9\r\n\r\n");
        const QByteArray behind(5000, 'f');
        const QByteArray answer
            = "HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n" + switchingProtocols(request) + behind;
        for (qsizetype at = 0; at < answer.size(); at += piece)
            way.says(answer.mid(at, piece));
        QTRY_VERIFY(way.isOver());
        QVERIFY(!way.failure);
        const auto stream = way.handshake->takeStream();
        QVERIFY(stream);
        // All that came behind the head, in order, and nothing that Qt would have said of its own.
        QByteArray rest(10'000, Qt::Uninitialized);
        qint64 n = stream->read(rest.data(), rest.size());
        while (const qint64 more = stream->read(rest.data() + n, rest.size() - n))
            n += more;
        QCOMPARE(rest.first(n), behind);
        QCOMPARE(way.stream->written, request);
    }

    /// What Qt alone would not take, or take wrongly.
    void acceptedInAnyForm_data()
    {
        QTest::addColumn<QByteArray>("lines");
        QTest::newRow("another order and case")
            << QByteArray("%1SERVER: s\r\nconnection: UPGRADE\r\nUPGRADE: WebSocket\r\n");
        QTest::newRow("lists over several lines")
            << QByteArray("Connection: keep-alive\r\nConnection: x, upgrade\r\nUpgrade: websocket\r\n%1");
        QTest::newRow("very many headers")
            << QByteArray("X: y\r\n").repeated(3'000) + "Connection: Upgrade\r\nUpgrade: websocket\r\n%1";
    }
    void acceptedInAnyForm()
    {
        QFETCH(QByteArray, lines);
        Way way;
        QTRY_VERIFY(way.requested());
        const QByteArray accept = "SEC-WEBSOCKET-ACCEPT: " + acceptKey(way.stream->written) + "\r\n";
        way.says("HTTP/1.1 101 S\r\n" + lines.replace("%1", accept) + "\r\n");
        QTRY_VERIFY(way.isOver());
        QVERIFY2(!way.failure, way.failure ? qPrintable(plain(way.failure->detail)) : "");
    }

    void refused_data()
    {
        QTest::addColumn<QByteArray>("answer");
        QTest::addColumn<bool>("closes");
        QTest::addColumn<int>("status");
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<QByteArray>("retryAfter");
        QTest::newRow("with a length")
            << QByteArray("HTTP/1.1 401 No\r\ncontent-LENGTH: 5\r\nRetry-After: 7\r\n\r\nwords and more")
            << false << 401 << QByteArray("words") << QByteArray("7");
        QTest::newRow("challenge, which Qt would answer itself")
            << QByteArray("HTTP/1.1 401 No\r\nWWW-Authenticate: Bearer\r\nContent-Length: 0\r\n\r\n") << false
            << 401 << QByteArray() << QByteArray();
        QTest::newRow("in chunks") << QByteArray(
            "HTTP/1.1 429 No\r\nTransfer-Encoding: Chunked\r\n\r\n3\r\nwor\r\n2;x=y\r\nds\r\n0\r\n\r\n")
                                   << false << 429 << QByteArray("words") << QByteArray();
        QTest::newRow("until the end") << QByteArray("HTTP/1.0 503 No\r\n\r\nwords") << true << 503
                                       << QByteArray("words") << QByteArray();
        QTest::newRow("another number in the words")
            << QByteArray("HTTP/1.1 403 not 500\r\nContent-Length: 0\r\n\r\n") << false << 403 << QByteArray()
            << QByteArray();
        QTest::newRow("no words") << QByteArray("HTTP/1.1 404\r\nContent-Length: 0\r\n\r\n") << false << 404
                                  << QByteArray() << QByteArray();
        QTest::newRow("a body that never comes")
            << QByteArray("HTTP/1.1 400 No\r\nContent-Length: 9\r\n\r\nwor") << false << 400
            << QByteArray("wor") << QByteArray();
    }
    void refused()
    {
        QFETCH(QByteArray, answer);
        QFETCH(bool, closes);
        Way way;
        QTRY_VERIFY(way.requested());
        way.says(answer);
        if (closes)
            way.stream->tellEnded();
        QTRY_VERIFY(way.isOver());
        QVERIFY(way.failure);
        QCOMPARE(way.failure->kind, UpstreamFailure::Refused);
        QTEST(way.failure->status, "status");
        QTEST(way.failure->body, "body");
        QTEST(way.failure->retryAfter, "retryAfter");
        QVERIFY(!way.stream->reading);
    }

    // What goes on to a client, and nothing else: a challenge least of all.
    void refusedWithHeaders()
    {
        Way way;
        QTRY_VERIFY(way.requested());
        way.says(
            "HTTP/1.1 429 No\r\nDate: today\r\nCONTENT-type: text/html\r\nX-Request-Id: req_1\r\n"
            "WWW-Authenticate: Bearer\r\nX-Should-Retry: true\r\nRetry-After-Ms: 1500\r\nSet-Cookie: a=b\r\n"
            "Content-Length: 0\r\n\r\n");
        QTRY_VERIFY(way.isOver());
        QByteArrayList headers;
        for (const HttpHeader &header : way.failure->headers)
            headers.append(header.name + ": " + header.value);
        QCOMPARE(headers,
            (QByteArrayList{"Content-Type: text/html", "retry-after-ms: 1500", "x-should-retry: true",
                "x-request-id: req_1"}));
    }

    void noAnswer_data()
    {
        QTest::addColumn<QByteArray>("answer");
        QTest::addColumn<bool>("closes");
        QTest::newRow("nothing") << QByteArray() << true;
        QTest::newRow("half a head") << QByteArray("HTTP/1.1 101") << true;
        QTest::newRow("another protocol") << QByteArray("SSH-2.0-OpenSSH_9.2\r\n") << false;
        QTest::newRow("a line without an end") << "HTTP/1.1 101 " + QByteArray(1'000'000, 'x') << false;
        QTest::newRow("interim answers without an end")
            << QByteArray("HTTP/1.1 100 Go on\r\n\r\n").repeated(10'000) << false;
        QTest::newRow("101 to another handshake")
            << QByteArray("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                          "Sec-WebSocket-Accept: AAAAAAAAAAAAAAAAAAAAAAAAAAA=\r\n\r\n")
            << false;
        const QByteArray start("HTTP/1.1 101 S\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n%1");
        QTest::newRow("101 with an extension")
            << start + "Sec-WebSocket-Extensions: permessage-deflate\r\n\r\n"
            << false;
        QTest::newRow("101 with a subprotocol") << start + "Sec-WebSocket-Protocol: realtime\r\n\r\n"
                                                << false;
        QTest::newRow("folded line") << start + "X: y\r\n z\r\n\r\n" << false;
        QTest::newRow("line feeds alone") << QByteArray("HTTP/1.1 401 No\nContent-Length: 0\n\n") << false;
    }
    void noAnswer()
    {
        QFETCH(QByteArray, answer);
        QFETCH(bool, closes);
        Way way;
        QTRY_VERIFY(way.requested());
        answer.replace("%1", "Sec-WebSocket-Accept: " + acceptKey(way.stream->written) + "\r\n");
        way.says(answer);
        if (closes)
            way.stream->tellEnded();
        QTRY_VERIFY(way.isOver());
        QVERIFY(way.failure);
        QCOMPARE(way.failure->kind, UpstreamFailure::BadHandshake);
        QVERIFY(!way.failure->detail.isEmpty());
        // However much there is of it, only so much is taken.
        QVERIFY(answer.size() - way.stream->incoming.size() < 100'000);
    }

    void destroyedAtAnyMoment()
    {
        for (int turns = 0; turns < 8; ++turns) {
            Way way;
            for (int i = 0; i < turns; ++i) {
                QCoreApplication::processEvents();
                if (way.requested() && way.stream->reading)
                    way.says(switchingProtocols(way.stream->written));
            }
            way.handshake.reset();
            QCoreApplication::processEvents();
        }
    }
};

RELAY_TEST(tst_ClientHandshake)
#include "tst_clienthandshake.moc"
