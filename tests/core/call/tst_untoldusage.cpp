// SPDX-License-Identifier: MIT
#include "core/call/untoldusage.h"
#include "tests/support/relaytest.h"

#include <QTest>

using namespace rr;

namespace {

constexpr qint64 second = 1'000'000'000;

EventType typed(const char *name)
{
    return sniffEventType(QByteArray("{\"type\":\"") + name + "\"}");
}

struct Untold : UntoldUsage
{
    void says(const char *type, qint64 bytes = 0, bool isTranscribed = true)
    {
        upstreamSaid(typed(type), bytes, 0, isTranscribed);
    }
    void asks() { clientSaid(false, true, 26, second); }
    /// Seconds of audio.
    void speaks(qint64 seconds) { clientSaid(true, false, 48 + seconds * 64'000, second); }
    void begins() { says("response.created"); }
    void ends() { says("response.done"); }
};

} // namespace

class tst_UntoldUsage : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void nothingRuns()
    {
        const Untold u;
        QCOMPARE(u.ofResponses(), Usage());
        QCOMPARE(u.transcribedMs(true), 0);
    }

    void eachReadsSomething()
    {
        Untold u;
        u.begins();
        QCOMPARE(u.ofResponses().textIn, UntoldUsage::leastRead);
        u.begins();
        QCOMPARE(u.ofResponses().textIn, 2 * UntoldUsage::leastRead);
        u.ends();
        u.ends();
        u.ends();
        QCOMPARE(u.responses(), 0);
        QVERIFY(u.ofResponses().isEmpty());
    }

    // A picture has many bytes and few tokens.
    void aPictureIsKnownWhenItIsRead()
    {
        Untold u;
        u.clientSaid(false, false, 200'000, second);
        u.begins();
        QVERIFY(u.ofResponses().textIn >= 50'000);
        u.clientSaid(false, false, 4000, second); // which it has not read
        u.ends();
        Usage read;
        read.imageIn = 800;
        read.textIn = 100;
        u.responseTold(read);
        u.begins();
        QCOMPARE(u.ofResponses().imageIn, 800);
        QCOMPARE(u.ofResponses().textIn, 100 + 4000 / 4 - 100 - 800);
    }

    void whatIsAskedForBeginsOrIsRefused()
    {
        Untold u;
        u.asks();
        u.asks();
        u.clientSaid(false, true, 10, second);
        QCOMPARE(u.asked(), 3);
        QCOMPARE(u.ofResponses().textIn, 3 * UntoldUsage::leastRead);
        u.begins();
        u.says("error");
        QCOMPARE(u.asked(), 1);
        QCOMPARE(u.responses(), 1);
        u.tick(second + UntoldUsage::askedForNs);
        QCOMPARE(u.asked(), 1);
        u.tick(second + UntoldUsage::askedForNs + 1);
        QCOMPARE(u.asked(), 0);
    }

    void whatTheClientSaysIsRead()
    {
        Untold u;
        u.clientSaid(false, false, 40'000, second);
        u.begins();
        QCOMPARE(u.ofResponses().textIn, 10'000);
        u.says("conversation.item.added", 60'000); // the upstream has read it in another way
        QCOMPARE(u.ofResponses().textIn, 15'000);
        u.clientSaid(false, false, 100'000'000, second);
        QCOMPARE(u.ofResponses().textIn, UntoldUsage::mostRead);
    }

    // Of two members of one name the upstream may take the other.
    void aTextThatLooksLikeAudioIsReadAllTheSame()
    {
        Untold u;
        u.speaks(10);
        u.says("conversation.item.created", 40'000);
        u.begins();
        QCOMPARE(u.ofResponses().textIn, 10'000);
    }

    void whatIsToldIsNoEstimate()
    {
        Untold u;
        u.clientSaid(false, false, 4000, second);
        u.begins();
        u.says("response.output_text.delta", 300);
        QCOMPARE(u.ofResponses().textOut, 100);
        u.ends();
        u.responseTold({900, 0, 0, 200, 0, 0, 70, 0, 0});
        QVERIFY(!u.hasOutput());
        u.begins();
        QCOMPARE(u.ofResponses().textIn, 1100); // and of nothing in the cache
        QCOMPARE(u.ofResponses().textCached, 0);
    }

    // One that reads nothing takes nothing off.
    void aSmallOneHidesNoLargeOne()
    {
        Untold u;
        u.clientSaid(false, false, 400'000, second);
        u.begins();
        u.ends();
        u.responseTold({10, 0, 0, 0, 0, 0, 1, 0, 0});
        u.begins();
        QVERIFY(u.ofResponses().textIn > 99'000);
    }

    void oneOfSeveralTakesItsOwn()
    {
        Untold u;
        u.begins();
        u.begins();
        u.says("response.output_audio.delta", 640'000); // ten seconds
        u.says("response.output_text.delta", 3000);
        QCOMPARE(u.ofResponses().audioOut, 200);
        u.ends();
        u.responseTold({10, 0, 0, 0, 0, 0, 400, 50, 0});
        QCOMPARE(u.ofResponses().audioOut, 150);
        QCOMPARE(u.ofResponses().textOut, 600);
    }

    void speechIsHeardOnceItIsTaken()
    {
        Untold u;
        u.speaks(600); // of which most is silence
        u.says("input_audio_buffer.speech_started");
        u.speaks(3);
        u.begins();
        QCOMPARE(u.ofResponses().audioIn, 0);
        u.says("input_audio_buffer.committed");
        QCOMPARE(u.ofResponses().audioIn, 50); // with what was before
        QCOMPARE(u.transcribedMs(false), 5000);
    }

    void transcriptsAreToldOneByOne()
    {
        Untold u;
        u.speaks(100);
        u.says("input_audio_buffer.committed");
        u.speaks(1);
        u.says("input_audio_buffer.committed");
        u.says("conversation.item.input_audio_transcription.completed");
        Usage small;
        small.ms = 1000;
        u.transcriptTold(small); // that of the other is yet to come
        QCOMPARE(u.transcribedMs(false), 100'000);
        u.says("conversation.item.input_audio_transcription.failed");
        QCOMPARE(u.transcribedMs(false), 0);
    }

    void whatIsWrittenAtOnceIsNotTakenFirst()
    {
        Untold u;
        u.speaks(10);
        QCOMPARE(u.transcribedMs(false), 0);
        QCOMPARE(u.transcribedMs(true), 10'000);
        u.says("conversation.item.input_audio_transcription.delta", 30);
        QCOMPARE(u.transcribedMs(false), 10'000);
        QCOMPARE(u.transcriptTokens(), 10);
    }

    void theCheapestFormatCounts()
    {
        Untold u;
        u.begins();
        u.setSpoken(8);
        u.begins();
        u.setSpoken(48);
        u.says("response.output_audio.delta", 64'000);
        QCOMPARE(u.ofResponses().audioOut, 120);
        u.ends();
        u.ends();
        u.forgetOutput();
        u.begins();
        u.says("response.output_audio.delta", 64'000);
        QCOMPARE(u.ofResponses().audioOut, 20);
    }
};

RELAY_TEST(tst_UntoldUsage)
#include "tst_untoldusage.moc"
