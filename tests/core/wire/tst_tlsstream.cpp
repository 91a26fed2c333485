// SPDX-License-Identifier: MIT
#include "core/wire/tlsstream.h"
#include "tests/core/wire/pattern.h"
#include "tests/core/wire/tlspeer.h"
#include "tests/support/relaytest.h"

#include <QSignalSpy>
#include <QTest>

#include <openssl/err.h>

using namespace rr;

class tst_TlsStream : public QObject
{
    Q_OBJECT
    std::unique_ptr<TestCertificate> m_certificate;
    std::unique_ptr<ServerContext> m_server;
    QSslCertificate m_authority;
    std::shared_ptr<TlsSessionCache> m_sessions;

    std::unique_ptr<TlsConnection> connection(const QString &host = QStringLiteral("localhost"))
    {
        return std::make_unique<TlsConnection>(*m_server, m_authority, host, m_sessions);
    }
    std::unique_ptr<TlsConnection> secured()
    {
        auto c = connection();
        c->stream->setReading(true);
        c->exchange();
        return c;
    }

private Q_SLOTS:
    // Every test runs with both.
    void initTestCase_data()
    {
        QTest::addColumn<int>("version");
        QTest::newRow("TLS 1.2") << TLS1_2_VERSION;
        QTest::newRow("TLS 1.3") << TLS1_3_VERSION;
    }
    void initTestCase()
    {
        m_certificate = std::make_unique<TestCertificate>();
        m_authority = QSslCertificate::fromPath(m_certificate->certFile()).constFirst();
    }
    void init()
    {
        QFETCH_GLOBAL(int, version);
        m_server = std::make_unique<ServerContext>(*m_certificate, version);
        m_sessions = std::make_shared<TlsSessionCache>();
    }

    /// The server may be quicker than the constructor.
    void tellsThatItIsSecuredToWhoListensLater()
    {
        SSL *const peer = SSL_new(m_server->context);
        SSL_set_bio(peer, BIO_new(BIO_s_mem()), BIO_new(BIO_s_mem()));
        SSL_set_accept_state(peer);
        auto memory = std::make_unique<MemoryStream>();
        MemoryStream *const inner = memory.get();
        inner->whenWritten = [inner, peer] {
            const QByteArray said = std::exchange(inner->written, {});
            BIO_write(SSL_get_rbio(peer), said.constData(), int(said.size()));
            SSL_do_handshake(peer);
            char *bytes = nullptr;
            const long size = BIO_get_mem_data(SSL_get_wbio(peer), &bytes);
            inner->incoming.append(bytes, size);
            BIO_reset(SSL_get_wbio(peer));
        };
        TlsStream stream(std::move(memory), std::make_shared<TlsClient>(QList{m_authority}),
            QStringLiteral("localhost"), m_sessions);
        QVERIFY(stream.isSecured());
        QSignalSpy secured(&stream, &TlsStream::secured);
        QTRY_COMPARE(secured.size(), 1);
        SSL_free(peer);
    }

    void passesBothWays()
    {
        const auto c = connection();
        c->stream->write("too early");
        QVERIFY(!c->stream->isSecured());
        QCOMPARE(c->stream->backlogBytes(), 9);
        QVERIFY(!c->inner->written.contains("too early"));
        c->exchange();
        QVERIFY(c->stream->isSecured());
        QCOMPARE(c->heard, "too early"); // not too late
        QCOMPARE(c->stream->backlogBytes(), 0);
        c->say("bird");
        c->exchange();
        QCOMPARE(c->owner.received, QByteArray()); // not reading yet
        c->stream->setReading(true);
        c->exchange();
        QCOMPARE(c->owner.received, "bird");
        c->stream->write(" worm");
        c->exchange();
        QCOMPARE(c->heard, "too early worm");
        QCOMPARE(c->owner.endedCalls + c->owner.writtenCalls, 0);
    }

    // What the inner stream cannot take at once waits unencrypted.
    void takesBackWhatHasNotLeft()
    {
        const auto c = secured();
        c->inner->takes = 0;
        c->stream->write("first ");
        c->stream->write("second ");
        c->stream->write("third");
        QVERIFY(!c->stream->takeBack(13)); // the first is a part of the record that is under way
        QVERIFY(c->stream->takeBack(5));
        c->stream->write("last");
        c->stream->closeAfterWriting();
        QVERIFY(!c->inner->closing);
        const qint64 backlog = c->stream->backlogBytes();
        QVERIFY(backlog > c->inner->backlogBytes());
        c->inner->takes = std::numeric_limits<qint64>::max();
        c->inner->tellWritten();
        QVERIFY(c->inner->closing);
        QCOMPARE(c->stream->backlogBytes(), 0);
        QCOMPARE(c->owner.writtenCalls, 1);
        c->exchange();
        QCOMPARE(c->heard, "first second last");
    }

    void muchIsWrittenAsItIsTaken()
    {
        const auto c = secured();
        const QByteArray all = pattern(300'000);
        c->inner->takes = 0;
        c->stream->write(all);
        c->stream->write(all);
        for (int i = 0; i < 1000 && c->stream->backlogBytes() > 0; ++i) {
            c->inner->takes = c->inner->written.size();
            c->inner->tellWritten();
            c->inner->takes = 0;
            c->exchange();
        }
        QVERIFY(c->heard == all + all);
    }

    void readsAndWritesOnceAMessage()
    {
        const auto c = secured();
        c->owner.most = 64 * 1024;
        const int reads = c->inner->reads;
        const int writes = c->inner->writes;
        c->say(pattern(4000));
        c->inner->tellReadable();
        QCOMPARE(c->owner.received, pattern(4000));
        QCOMPARE(c->inner->reads, reads + 1);
        c->stream->write(pattern(4000));
        QCOMPARE(c->inner->writes, writes + 1);
    }

    void passesMuch_data()
    {
        QTest::addColumn<int>("most");
        QTest::addColumn<int>("piece"); ///< bytes that come at once
        QTest::newRow("an owner that takes much") << 64 * 1024 << 1'000'000;
        QTest::newRow("an owner that takes little") << 97 << 1'000'000;
        QTest::newRow("in small pieces") << 64 * 1024 << 1;
    }
    void passesMuch()
    {
        QFETCH(int, most);
        QFETCH(int, piece);
        const auto c = secured();
        c->owner.most = most;
        const QByteArray all = pattern(piece == 1 ? 40'000 : 1'000'000);
        c->say(all);
        QByteArray encrypted = std::exchange(c->inner->incoming, {});
        for (qsizetype at = 0; at < encrypted.size(); at += piece) {
            c->inner->incoming += encrypted.mid(at, piece);
            while (!c->inner->incoming.isEmpty())
                c->inner->tellReadable();
        }
        QTRY_COMPARE_WITH_TIMEOUT(c->owner.received.size(), all.size(), 20'000);
        QVERIFY(c->owner.received == all);
        c->stream->write(all);
        c->exchange();
        QVERIFY(c->heard == all);
    }

    void unreadComesFirst()
    {
        const auto c = secured();
        c->stream->setReading(false);
        c->stream->unread("early ");
        c->say("bird");
        QVERIFY(c->stream->hasWaiting());
        QCoreApplication::processEvents();
        QCOMPARE(c->owner.received, QByteArray());
        c->stream->setReading(true);
        QTRY_COMPARE(c->owner.received, "early "); // although nothing more has come
        c->inner->tellReadable();
        QCOMPARE(c->owner.received, "early bird");
        QVERIFY(!c->stream->hasWaiting());
    }

    void pauses()
    {
        const auto c = secured();
        c->owner.most = 10;
        c->say(pattern(1000));
        c->inner->tellReadable(); // OpenSSL has all of it now
        c->stream->setReading(false);
        QVERIFY(!c->inner->reading);
        QVERIFY(c->stream->hasWaiting());
        const qsizetype before = c->owner.received.size();
        QCoreApplication::processEvents();
        QCOMPARE(c->owner.received.size(), before);
        c->stream->setReading(true);
        QVERIFY(c->inner->reading);
        QTRY_COMPARE(c->owner.received, pattern(1000));
    }

    // As a pump does that goes on: it reads without being told to, and what follows is with OpenSSL already.
    void tellsWhatAReadLeaves()
    {
        const auto c = secured();
        c->stream->setReading(false);
        for (int i = 0; i < 5; ++i)
            c->say(pattern(1000));
        c->stream->setReading(true);
        QByteArray first(1500, Qt::Uninitialized);
        QCOMPARE(c->stream->read(first.data(), first.size()), first.size());
        QVERIFY(c->inner->incoming.isEmpty());
        QTRY_COMPARE(first.size() + c->owner.received.size(), 5000);
    }

    // What comes is not always something to read.
    void onlyDataWaits()
    {
        const auto c = secured();
        c->stream->setReading(false);
        c->say("first");
        QVERIFY(c->stream->hasWaiting());
        QVERIFY(c->stream->hasWaiting()); // it stays
        c->stream->setReading(true);
        QTRY_COMPARE(c->owner.received, "first");
        c->stream->setReading(false);
        SSL_shutdown(c->peer);
        c->deliver();
        QVERIFY(!c->stream->hasWaiting());
        QCoreApplication::processEvents();
        QCOMPARE(c->owner.endedCalls, 0);
        c->stream->setReading(true);
        QTRY_COMPARE(c->owner.endedCalls, 1);
    }

    void tellsOfTheBacklogBelow()
    {
        const auto c = secured();
        c->inner->written = "taken, not taken";
        c->inner->takes = 5;
        QCOMPARE(c->stream->backlogBytes(), 11);
        QCOMPARE(c->stream->takenBytes(), 5u);
        c->inner->tellWritten();
        QCOMPARE(c->owner.writtenCalls, 1);
    }

    void endComesAfterTheLastByte_data()
    {
        QTest::addColumn<bool>("properly"); ///< with close_notify, but the connection stays
        QTest::newRow("close_notify") << true;
        QTest::newRow("end of the connection") << false;
    }
    void endComesAfterTheLastByte()
    {
        QFETCH(bool, properly);
        const auto c = secured();
        c->owner.most = 5;
        c->say(pattern(3000));
        if (properly)
            SSL_shutdown(c->peer);
        c->deliver();
        c->inner->tellReadable();
        c->stream->setReading(false);
        if (!properly)
            c->inner->tellEnded();
        QCoreApplication::processEvents();
        QCOMPARE(c->owner.endedCalls, 0); // nobody has read it
        c->stream->setReading(true);
        QTRY_COMPARE(c->owner.endedCalls, 1);
        QCOMPARE(c->owner.received, pattern(3000));
        QVERIFY(c->owner.overWhenEnded);
        QVERIFY(c->inner->over);
        c->stream->write("to nobody");
        QTest::qWait(0);
        QCOMPARE(c->owner.endedCalls, 1);
    }

    void endsWhereNothingCanBeTrusted()
    {
        const auto c = secured();
        c->say("first");
        c->inner->tellReadable();
        c->say("second");
        c->inner->incoming.back() = char(~c->inner->incoming.back());
        c->inner->tellReadable();
        QTRY_COMPARE(c->owner.endedCalls, 1);
        QCOMPARE(ERR_peek_error(), 0ul);
        QCOMPARE(c->owner.received, "first");
        QVERIFY(c->inner->over);
    }

    void names_data()
    {
        QTest::addColumn<QString>("host");
        QTest::addColumn<bool>("right");
        QTest::newRow("name") << QStringLiteral("localhost") << true;
        QTest::newRow("rooted") << QStringLiteral("localhost.") << true;
        QTest::newRow("address") << QStringLiteral("127.0.0.1") << true;
        QTest::newRow("another name") << QStringLiteral("example.org") << false;
        QTest::newRow("a name below") << QStringLiteral("api.localhost") << false;
        QTest::newRow("a name that is against the rules") << QStringLiteral("a_b.example.org") << false;
        QTest::newRow("another address") << QStringLiteral("127.0.0.2") << false;
        QTest::newRow("IPv6") << QStringLiteral("::1") << false;
        QTest::newRow("a scoped address") << QStringLiteral("fe80::1%eth0") << false;
        QTest::newRow("none") << QString() << false;
        QTest::newRow("the root") << QStringLiteral(".") << false;
    }
    void names()
    {
        QFETCH(QString, host);
        QFETCH(bool, right);
        const auto c = connection(host);
        c->stream->write("sk-secret");
        c->exchange();
        QCOMPARE(c->stream->isSecured(), right);
        QCOMPARE(c->heard, right ? "sk-secret" : "");
        QTRY_COMPARE(c->owner.endedCalls, right ? 0 : 1);
        QCOMPARE(c->stream->failure().isEmpty(), right);
        QVERIFY(right || c->inner->over);
    }

    void strangersAreNotTrusted()
    {
        const TestCertificate other;
        TlsConnection c(*m_server, QSslCertificate::fromPath(other.certFile()).constFirst(),
            QStringLiteral("localhost"), m_sessions);
        c.exchange();
        QVERIFY(!c.stream->isSecured());
        QVERIFY(!c.stream->failure().isEmpty());
    }

    void expiredIsNotTrusted()
    {
        QFETCH_GLOBAL(int, version);
        const TestCertificate expired(TestCertificate::Expired);
        const ServerContext server(expired, version);
        TlsConnection c(server, QSslCertificate::fromPath(expired.certFile()).constFirst(),
            QStringLiteral("localhost"), m_sessions);
        c.exchange();
        QVERIFY(!c.stream->isSecured());
        QVERIFY(plain(c.stream->failure()).contains(QStringLiteral("expired")));
    }

    void handshakeThatFails_data()
    {
        QTest::addColumn<QByteArray>("answer"); ///< none: the connection ends
        QTest::newRow("no TLS there") << QByteArray("HTTP/1.1 400 Bad Request\r\n\r\n");
        QTest::newRow("garbage") << QByteArray(5000, '\xff');
        QTest::newRow("end") << QByteArray();
    }
    void handshakeThatFails()
    {
        QFETCH(QByteArray, answer);
        const auto c = connection();
        c->stream->setReading(true);
        c->stream->write("sk-secret");
        c->inner->incoming = answer;
        if (answer.isEmpty())
            c->inner->tellEnded();
        else
            c->inner->tellReadable();
        QTRY_COMPARE(c->owner.endedCalls, 1);
        QCOMPARE(c->stream->failure().isEmpty(), answer.isEmpty()); // nothing wrong with TLS, then
        QCOMPARE(ERR_peek_error(), 0ul); // for Qt to stumble over
        QVERIFY(!c->inner->written.contains("sk-secret"));
        QCOMPARE(c->owner.received, QByteArray());
    }

    void resumes()
    {
        {
            const auto first = secured();
            first->say("first"); // in TLS 1.3 the ticket comes before it
            first->inner->tellReadable();
            QVERIFY(!SSL_session_reused(first->peer));
        } // cut
        QVERIFY(!m_sessions->sessions.empty());
        for (int i = 0; i < 2; ++i) {
            const auto next = secured();
            QVERIFY(next->stream->isSecured());
            QVERIFY(SSL_session_reused(next->peer));
            next->say("next");
            next->inner->tellReadable();
            QCOMPARE(next->owner.received, "next");
        }
        QVERIFY(!m_sessions->sessions.empty());
        connection()->inner->tellEnded(); // who will not have it
        QVERIFY(m_sessions->sessions.empty());
    }

    void closesAfterTheHandshake()
    {
        const auto c = connection();
        c->stream->write("all");
        c->stream->closeAfterWriting();
        QVERIFY(!c->inner->closing);
        c->exchange();
        QCOMPARE(c->heard, "all");
        QVERIFY(c->inner->closing);
    }

    void closesAfterWriting()
    {
        const auto c = secured();
        c->stream->write("last words");
        c->stream->closeAfterWriting();
        QVERIFY(c->inner->closing);
        c->stream->write("too late");
        c->exchange();
        QCOMPARE(c->heard, "last words");
        QVERIFY(SSL_get_shutdown(c->peer) & SSL_RECEIVED_SHUTDOWN);
        QCOMPARE(c->owner.endedCalls, 0); // the peer may still talk
        c->say("bye");
        c->inner->tellReadable();
        QCOMPARE(c->owner.received, "bye");
    }

    void newKeys()
    {
        QFETCH_GLOBAL(int, version);
        if (version == TLS1_2_VERSION)
            return; // has none
        const auto c = secured();
        QCOMPARE(SSL_key_update(c->peer, SSL_KEY_UPDATE_REQUESTED), 1);
        c->say("with new keys");
        c->exchange();
        QCOMPARE(c->owner.received, "with new keys");
        c->stream->write("too");
        c->exchange();
        QCOMPARE(c->heard, "too");
    }

    void asServer()
    {
        QFETCH_GLOBAL(int, version);
        const ClientContext client(m_certificate.get(), version);
        TlsConnection c(client, TlsServer::make(m_certificate->server()));
        QVERIFY(!c.stream->isSecured());
        c.exchange();
        QVERIFY(c.stream->isSecured());
        c.stream->setReading(true);
        c.say("bird");
        c.exchange();
        QCOMPARE(c.owner.received, "bird");
        c.stream->write("worm");
        c.exchange();
        QCOMPARE(c.heard, "worm");
        QCOMPARE(c.stream->tlsFailure(), TlsFailure::None);
        QCOMPARE(c.owner.endedCalls, 0);
    }

    // All of it comes before the stream's owner has looked.
    void clientThatClosesItsHalfIsAnswered()
    {
        QFETCH_GLOBAL(int, version);
        const ClientContext client(m_certificate.get(), version);
        TlsConnection c(client, TlsServer::make(m_certificate->server()));
        c.exchange();
        c.say("question");
        SSL_shutdown(c.peer);
        c.deliver();
        QByteArray asked(100, Qt::Uninitialized);
        asked.truncate(c.stream->read(asked.data(), asked.size()));
        QCOMPARE(asked, "question");
        QCoreApplication::processEvents();
        QCOMPARE(c.owner.endedCalls, 0); // reading is off
        c.stream->write("answer");
        c.exchange();
        QCOMPARE(c.heard, "answer");
        c.stream->setReading(true);
        QTRY_COMPARE(c.owner.endedCalls, 1);
    }

    void clientComesAgain()
    {
        QFETCH_GLOBAL(int, version);
        const ClientContext client(m_certificate.get(), version);
        const auto server = TlsServer::make(m_certificate->server());
        SSL_SESSION *session = nullptr;
        {
            TlsConnection c(client, server);
            c.exchange();
            session = SSL_get1_session(c.peer);
            SSL_shutdown(c.peer);
        }
        QVERIFY(session);
        TlsConnection c(client, server);
        SSL_set_session(c.peer, session);
        SSL_SESSION_free(session);
        c.exchange();
        QVERIFY(SSL_session_reused(c.peer));
        QVERIFY(c.stream->isSecured());
    }

    void clientsThatFail_data()
    {
        QTest::addColumn<QByteArray>("said"); ///< instead of TLS; null: TLS
        QTest::addColumn<int>("oldest"); ///< version; 0: this test's
        QTest::addColumn<bool>("trusts");
        QTest::addColumn<TlsFailure>("failure");
        QTest::newRow("HTTP") << QByteArray("GET /health HTTP/1.1\r\nHost: x\r\n\r\n") << 0 << true
                              << TlsFailure::Other;
        QTest::newRow("garbage") << QByteArray(3000, '\xff') << 0 << true << TlsFailure::Other;
        QTest::newRow("TLS 1.1") << QByteArray() << TLS1_1_VERSION << true << TlsFailure::OldVersion;
        QTest::newRow("a stranger's certificate") << QByteArray() << 0 << false << TlsFailure::NotTrusted;
    }
    void clientsThatFail()
    {
        QFETCH_GLOBAL(int, version);
        QFETCH(QByteArray, said);
        QFETCH(int, oldest);
        QFETCH(bool, trusts);
        QFETCH(TlsFailure, failure);
        const ClientContext client(trusts ? m_certificate.get() : nullptr, oldest ? oldest : version);
        TlsConnection c(client, TlsServer::make(m_certificate->server()));
        if (said.isNull()) {
            c.exchange();
        } else {
            c.inner->incoming = said;
            c.inner->tellReadable();
            QCOMPARE(ERR_peek_error(), 0ul); // for Qt to stumble over; a client that speaks TLS has its own
        }
        QTRY_COMPARE(c.owner.endedCalls, 1);
        QCOMPARE(c.stream->tlsFailure(), failure);
        QCOMPARE(c.owner.received, QByteArray());
    }

    void silentClientThatLeaves()
    {
        QFETCH_GLOBAL(int, version);
        const ClientContext client(m_certificate.get(), version);
        TlsConnection c(client, TlsServer::make(m_certificate->server()));
        c.inner->tellEnded();
        QCOMPARE(c.owner.endedCalls, 1);
        QCOMPARE(c.stream->tlsFailure(), TlsFailure::None);
        QCOMPARE(c.inner->reads, 0);
    }

    void clientThatLeavesInItsHandshake()
    {
        QFETCH_GLOBAL(int, version);
        const ClientContext client(m_certificate.get(), version);
        TlsConnection c(client, TlsServer::make(m_certificate->server()));
        SSL_do_handshake(c.peer);
        c.deliver();
        c.inner->tellReadable();
        c.inner->tellEnded();
        QTRY_COMPARE(c.owner.endedCalls, 1);
        QCOMPARE(c.stream->tlsFailure(), TlsFailure::Unfinished);
    }

    void abortIsSilent()
    {
        const auto c = secured();
        c->owner.most = 10;
        c->say(pattern(1000));
        c->inner->tellReadable();
        const qsizetype before = c->owner.received.size();
        c->stream->abort();
        QVERIFY(c->stream->isOver());
        QVERIFY(c->inner->over);
        QTest::qWait(0);
        QCOMPARE(c->owner.received.size(), before);
        QCOMPARE(c->owner.endedCalls, 0);
    }
};

RELAY_TEST(tst_TlsStream)
#include "tst_tlsstream.moc"
