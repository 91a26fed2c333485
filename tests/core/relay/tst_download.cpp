// SPDX-License-Identifier: MIT
#include "core/relay/download.h"
#include "tests/core/wire/memorystream.h"
#include "tests/support/relaytest.h"

#include <QSignalSpy>
#include <QTest>

#include <limits>
#include <memory>
#include <optional>

using namespace rr;
using namespace std::chrono_literals;

namespace {

const QByteArray inChunks = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
const QByteArray ofLength = "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\n";
const QByteArray untilClose = "HTTP/1.1 200 OK\r\n\r\n";

/// A download of which both ends are the test's.
struct Passing
{
    explicit Passing(const QByteArray &read, bool chunks = true, std::chrono::milliseconds stall = 1h)
    {
        auto toClient = std::make_unique<MemoryStream>();
        auto toUpstream = std::make_unique<MemoryStream>();
        client = toClient.get();
        upstream = toUpstream.get();
        ResponseReader answer;
        answer.add(read);
        HttpResponse head;
        head.contentType = "application/binary";
        head.headers = {{"x-request-id", "req_1"}};
        download = std::make_unique<Download>(
            std::move(toClient), std::move(toUpstream), std::move(answer), head, chunks, stall, nullptr);
        QObject::connect(download.get(), &Download::finished, download.get(), [this](Download::End how) {
            ++ends;
            end = how;
        });
    }

    void says(const QByteArray &bytes)
    {
        upstream->incoming += bytes;
        upstream->tellReadable();
    }
    QByteArray head() const { return client->written.left(client->written.indexOf("\r\n\r\n") + 4); }
    QByteArray body() const { return client->written.mid(head().size()); }
    bool ended(Download::End how)
    {
        return QTest::qWaitFor([this] { return end.has_value(); }, 30'000) && end == how && ends == 1;
    }

    MemoryStream *client;
    MemoryStream *upstream;
    std::unique_ptr<Download> download;
    std::optional<Download::End> end;
    int ends = 0;
};

} // namespace

class tst_Download : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void chunksAreMadeAnew()
    {
        Passing p(inChunks + "2\r\nab\r\n");
        QVERIFY(p.head().startsWith("HTTP/1.1 200 OK\r\n"));
        QVERIFY(p.head().contains("\r\nTransfer-Encoding: chunked\r\n"));
        QVERIFY(p.head().contains("\r\nConnection: close\r\n"));
        QVERIFY(p.head().contains("\r\nContent-Type: application/binary\r\n"));
        QVERIFY(p.head().contains("\r\nx-request-id: req_1\r\n"));
        QVERIFY(!p.head().contains("Content-Length"));
        QCOMPARE(p.body(), "2\r\nab\r\n");
        p.says("4\r\ncdef\r\n0\r\n\r\n");
        QCOMPARE(p.body(), "2\r\nab\r\n4\r\ncdef\r\n0\r\n\r\n");
        QVERIFY(p.client->closing);
        p.client->tellEnded();
        QVERIFY(p.ended(Download::End::Whole));
    }

    void lengthStays()
    {
        Passing p(ofLength + "ab");
        QVERIFY(p.head().contains("\r\nContent-Length: 6\r\n"));
        QVERIFY(!p.head().contains("Transfer-Encoding"));
        QCOMPARE(p.body(), "ab");
        QVERIFY(!p.client->closing);
        p.says("cdef");
        QCOMPARE(p.body(), "abcdef");
        QVERIFY(p.client->closing);
        p.client->tellEnded();
        QVERIFY(p.ended(Download::End::Whole));
    }

    // What ends with the upstream's connection ends in chunks that say so, or, with HTTP/1.0, with the client's.
    void untilTheEnd()
    {
        for (const bool chunks : {true, false}) {
            Passing p(untilClose + "ab", chunks);
            QCOMPARE(p.head().contains("Transfer-Encoding"), chunks);
            p.says("cd");
            QVERIFY(!p.client->closing);
            p.upstream->tellEnded();
            QCOMPARE(p.body(), chunks ? "2\r\nab\r\n2\r\ncd\r\n0\r\n\r\n" : "abcd");
            p.client->tellEnded();
            QVERIFY(p.ended(Download::End::Whole));
        }
    }

    void brokenOff_data()
    {
        QTest::addColumn<QByteArray>("read");
        QTest::newRow("of known length") << ofLength + "ab";
        QTest::newRow("in chunks") << inChunks + "2\r\nab\r\n";
        QTest::newRow("in the midst of a chunk") << inChunks + "6\r\nab";
    }
    // Nobody may take it for whole.
    void brokenOff()
    {
        QFETCH(QByteArray, read);
        Passing p(read);
        p.upstream->tellEnded();
        QVERIFY(p.ended(Download::End::UpstreamCutOff));
        QVERIFY(p.client->over);
        QVERIFY(!p.client->closing);
        QVERIFY(!p.body().endsWith("0\r\n\r\n"));
    }

    void clientLeaves()
    {
        Passing p(inChunks);
        p.client->tellEnded();
        QVERIFY(p.ended(Download::End::ClientLeft));
        QVERIFY(p.upstream->over);
    }

    // The upstream waits for a client that takes nothing, and what it has said meanwhile is bounded.
    void clientSetsThePace()
    {
        Passing p(untilClose);
        p.client->takes = 0;
        const QByteArray piece(16 * 1024, 'x');
        qsizetype said = 0;
        while (p.upstream->reading && said < 1024 * 1024) {
            p.says(piece);
            said += piece.size();
        }
        QVERIFY(!p.upstream->reading);
        QVERIFY(p.client->backlogBytes() >= Download::highMark);
        QVERIFY(p.client->backlogBytes() < Download::highMark + 2 * piece.size());
        p.client->takes = p.client->written.size() - Download::highMark / 2;
        p.client->tellWritten();
        QVERIFY(!p.upstream->reading); // not for every byte
        p.client->takes = std::numeric_limits<qint64>::max();
        p.client->tellWritten();
        QVERIFY(p.upstream->reading);
    }

    void stalls()
    {
        Passing slowClient(untilClose + "ab", true, 20ms);
        slowClient.client->takes = 0;
        QVERIFY(slowClient.ended(Download::End::ClientTooSlow));
        QVERIFY(slowClient.client->over);
        QVERIFY(slowClient.upstream->over);

        Passing slowUpstream(untilClose + "ab", true, 20ms);
        QVERIFY(slowUpstream.ended(Download::End::UpstreamTooSlow));
        QVERIFY(slowUpstream.client->over);
    }

    // A client that has all of it and stays is not waited for.
    void clientStays()
    {
        Passing p(ofLength + "ab");
        p.client->takes = 0;
        p.says("cdef");
        QVERIFY(p.client->closing);
        p.client->takes = std::numeric_limits<qint64>::max();
        p.client->tellWritten();
        QVERIFY(p.ended(Download::End::Whole));
    }

    void anotherRequestIsPassedOver()
    {
        Passing p(ofLength);
        p.client->incoming = "GET /health HTTP/1.1\r\n\r\n";
        p.client->tellReadable();
        QVERIFY(p.client->incoming.isEmpty());
        p.says("abcdef");
        QCOMPARE(p.body(), "abcdef");
    }
};

RELAY_TEST(tst_Download)
#include "tst_download.moc"
