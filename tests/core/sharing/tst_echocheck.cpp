// SPDX-License-Identifier: MIT
#include "core/sharing/checksocket.h"
#include "core/sharing/echocheck.h"
#include "core/wire/framewriter.h"
#include "tests/core/wire/memorystream.h"
#include "tests/support/relaytest.h"

#include <QSignalSpy>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace rr;
using namespace std::chrono_literals;

namespace {

/// The relay's side of a check, by hand.
class Echo
{
public:
    explicit Echo(std::chrono::milliseconds timeout = 5s)
        : Echo(std::make_unique<MemoryStream>(), timeout)
    {
    }

    void say(const QByteArray &message, Opcode opcode = Opcode::Text)
    {
        stream->incoming += makeFrame(FrameScanner::Sender::Server, opcode, message);
        while (!stream->incoming.isEmpty() && stream->reading)
            stream->tellReadable();
    }
    /// What the check has said last.
    QByteArray heard()
    {
        FrameScanner scanner(FrameScanner::Sender::Client, 1 << 20);
        QByteArray message;
        const char *at = stream->written.constData();
        const char *const end = at + stream->written.size();
        for (auto step = scanner.next(at, end); step.kind != FrameScanner::Step::NeedMore;
             step = scanner.next(at, end)) {
            heardOpcode = step.opcode;
            QByteArray part(step.payload.size(), Qt::Uninitialized);
            applyMask(part.data(), step.payload, step.mask, step.maskAt);
            message += part;
        }
        stream->written.clear();
        return message;
    }
    QString code() const
    {
        return failed.isEmpty() ? QString() : QString(failed.last().at(0).value<CheckVerdict>().code);
    }

    MemoryStream *stream;
    CheckSocket socket;
    EchoCheck check;
    QSignalSpy proven{&check, &EchoCheck::proven};
    QSignalSpy measured{&check, &EchoCheck::measured};
    QSignalSpy failed{&check, &EchoCheck::failed};
    Opcode heardOpcode = Opcode::Text; ///< of what heard() has given

private:
    Echo(std::unique_ptr<MemoryStream> memory, std::chrono::milliseconds timeout)
        : stream(memory.get())
        , socket(std::move(memory))
        , check(socket, u"relay.test"_s, timeout)
    {
        check.awaitProof("proof");
    }
};

} // namespace

class tst_EchoCheck : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void measures()
    {
        Echo echo;
        echo.say("proof");
        QCOMPARE(echo.proven.size(), 1);
        echo.check.measure();
        for (int i = 0; i < 10; ++i) {
            const QByteArray message = echo.heard();
            QCOMPARE(message.size(), 300);
            QCOMPARE(echo.heardOpcode, Opcode::Text);
            echo.say("ping", Opcode::Ping); // is answered beside
            QCOMPARE(echo.heard(), "ping"_ba);
            echo.say(message);
        }
        const QByteArray large = echo.heard();
        QCOMPARE(large.size(), 256 * 1024);
        QCOMPARE(echo.heardOpcode, Opcode::Binary);
        QVERIFY(echo.measured.isEmpty());
        echo.say(large, Opcode::Binary);
        QCOMPARE(echo.measured.size(), 1);
        QVERIFY(echo.measured.at(0).at(0).toLongLong() <= echo.measured.at(0).at(1).toLongLong());
        echo.stream->tellEnded(); // nothing is waited for any more
        QVERIFY(echo.failed.isEmpty());
    }

    void anotherProof()
    {
        Echo echo;
        echo.say("of another");
        QCOMPARE(echo.code(), u"another_relay"_s);
        QVERIFY(echo.proven.isEmpty());
    }

    void noProof()
    {
        Echo cut;
        cut.stream->tellEnded();
        QCOMPARE(cut.code(), u"no_message"_s);
        Echo closed;
        closed.say("\x03\xe8", Opcode::Close);
        QCOMPARE(closed.code(), u"no_message"_s);
        Echo broken;
        broken.stream->incoming = "HTTP/1.1";
        broken.stream->tellReadable();
        QCOMPARE(broken.code(), u"no_message"_s);
        Echo silent(1ms);
        QTRY_COMPARE(silent.code(), u"no_message"_s);
    }

    void smallMessages()
    {
        Echo lost;
        lost.say("proof");
        lost.check.measure();
        lost.say(lost.heard());
        lost.stream->tellEnded();
        QCOMPARE(lost.code(), u"message_lost"_s);
        Echo changed;
        changed.say("proof");
        changed.check.measure();
        changed.say(changed.heard().toUpper());
        QCOMPARE(changed.code(), u"message_changed"_s);
        changed.stream->tellEnded();
        QCOMPARE(changed.failed.size(), 1);
    }

    void theLargeOne()
    {
        Echo echo;
        echo.say("proof");
        echo.check.measure();
        for (int i = 0; i < 10; ++i)
            echo.say(echo.heard());
        echo.say("\x03\xf1", Opcode::Close); // 1009
        QCOMPARE(echo.code(), u"large_message_lost"_s);
    }
};

RELAY_TEST(tst_EchoCheck)
#include "tst_echocheck.moc"
