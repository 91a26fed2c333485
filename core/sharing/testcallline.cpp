// SPDX-License-Identifier: MIT
#include "core/sharing/testcallline.h"

#include "core/realtime/upstreamfailure.h"
#include "core/sharing/testspeech.h"
#include "core/wire/framewriter.h"

#include <QtEndian>

#include <algorithm>
#include <array>
#include <utility>

namespace rr {

using namespace Qt::StringLiterals;

namespace {

constexpr qint64 mostMessageBytes = 16 * 1024 * 1024;
constexpr quint16 normalClosure = 1000; // RFC 6455 7.4.1

/// The end of speech is told by this side and not found by the other, so that it is the same with every upstream.
constexpr QByteArrayView sessionUpdate
    = R"({"type":"session.update","session":{"type":"realtime","output_modalities":["audio"],"audio":{"input":)"
      R"({"format":{"type":"audio/pcm","rate":24000},"turn_detection":null},"output":{"format":{"type":"audio/pcm",)"
      R"("rate":24000}}}}})";
constexpr QByteArrayView handOver = R"({"type":"input_audio_buffer.commit"})";
constexpr QByteArrayView askForAnswer
    = R"({"type":"response.create","response":{"instructions":"Say one short sentence of greeting."}})";

} // namespace

TestCall::Line::Line(TestCall &call, TestCallPlan plan)
    : m_call(call)
    , m_plan(std::move(plan))
    , m_scanner(FrameScanner::Sender::Server, mostMessageBytes)
{
    m_deadline.setSingleShot(true);
    connect(&m_deadline, &QTimer::timeout, this, &Line::outOfTime);
    m_pace.setInterval(testSpeechChunk);
    connect(&m_pace, &QTimer::timeout, this, &Line::speak);
}

Dial::Target TestCall::Line::target() const
{
    const QUrl &url = m_plan.url;
    Dial::Target target;
    target.host = url.host();
    target.address = m_plan.address;
    target.secure = url.scheme() == "wss"_L1;
    target.port = quint16(url.port(target.secure ? 443 : 80));
    target.tls = m_plan.tls;
    target.proxy = m_plan.proxy;
    target.timeout = m_plan.patience;
    target.request.host = url.adjusted(QUrl::RemoveUserInfo).authority(QUrl::FullyEncoded).toLatin1();
    target.request.target = url.path(QUrl::FullyEncoded).toLatin1();
    if (target.request.target.isEmpty())
        target.request.target = "/";
    if (url.hasQuery())
        target.request.target += '?' + url.query(QUrl::FullyEncoded).toLatin1();
    target.request.headers.append(HttpHeader{"User-Agent", "realtime-relay-testcall"});
    if (!m_plan.key.isEmpty())
        target.request.headers.append(HttpHeader{"Authorization", "Bearer " + m_plan.key.reveal()});
    if (!m_plan.origin.isEmpty())
        target.request.headers.append(HttpHeader{"Origin", m_plan.origin});
    return target;
}

void TestCall::Line::begin()
{
    const QByteArray &key = m_plan.key.reveal();
    if (!std::all_of(key.begin(), key.end(), [](char c) { return c > ' ' && c <= '~'; })) {
        m_result.errorCode = "invalid_api_key";
        fail(QT_TRANSLATE_NOOP(
            "Core", "The key is none: it holds a blank or another character that no key has. Copy it anew."));
        return;
    }
    m_dial = std::make_unique<Dial>(target());
    connect(m_dial.get(), &Dial::opened, this, &Line::opened);
    connect(m_dial.get(), &Dial::failed, this, [this](const UpstreamFailure &failure) {
        if (failure.kind == UpstreamFailure::Refused) {
            m_result.status = failure.status;
            m_result.errorCode = readRefusal(failure).code;
        }
        fail(adviceFor(failure, m_plan.url.host()));
    });
    m_dial->start();
}

void TestCall::Line::opened()
{
    m_result.connectMs = m_dial->elapsedMs();
    m_stream = m_dial->takeStream();
    m_stream->setOwner(this);
    m_stream->setReading(true);
    QMetaObject::invokeMethod(
        this, [this] { Q_EMIT m_call.opened(); }, Qt::QueuedConnection);
    if (m_lastTurn) {
        close();
        return;
    }
    say(sessionUpdate.toByteArray());
    wait(Phase::Greeting, m_plan.patience);
}

void TestCall::Line::hangUp()
{
    m_lastTurn = true;
    if (m_phase == Phase::Dialling)
        finish();
    else if (m_phase == Phase::Greeting || m_phase == Phase::Speaking || m_phase == Phase::Pausing)
        close();
}

void TestCall::Line::streamReadable(ByteStream &stream)
{
    std::array<char, 16 * 1024> bytes{};
    for (qint64 count = 0; (count = stream.read(bytes.data(), qint64(bytes.size()))) > 0;)
        m_unread.append(bytes.data(), count);
    heardFrames();
}

void TestCall::Line::streamEnded(ByteStream &)
{
    if (m_phase == Phase::Closing || m_result.failure)
        finish();
    else
        fail(QT_TRANSLATE_NOOP("Core",
            "The connection was cut off in mid-call, without a word. Try again; if it stays so, what is in between cuts "
            "connections off."));
}

void TestCall::Line::nextTurn()
{
    m_said = 0;
    m_heardAudio = false;
    m_deadline.stop();
    m_phase = Phase::Speaking;
    m_pace.start();
    speak();
}

void TestCall::Line::speak()
{
    // The API takes no turn that is shorter than a tenth of a second.
    const qint64 pieces = std::max<qint64>(2, m_plan.speech / testSpeechChunk);
    if (m_said < pieces) {
        say(R"({"type":"input_audio_buffer.append","audio":")" + testSpeech(m_said++) + R"("})");
        return;
    }
    m_pace.stop();
    say(handOver.toByteArray());
    say(askForAnswer.toByteArray());
    m_spoken.start();
    wait(Phase::Listening, m_plan.patience);
}

void TestCall::Line::say(const QByteArray &event)
{
    m_stream->write(makeFrame(FrameScanner::Sender::Client, Opcode::Text, event));
}

void TestCall::Line::close()
{
    m_pace.stop();
    m_result.closeCode = normalClosure;
    std::array<char, 2> code{};
    qToBigEndian(normalClosure, code.data());
    m_stream->write(makeFrame(
        FrameScanner::Sender::Client, Opcode::Close, QByteArrayView(code.data(), qsizetype(code.size()))));
    wait(Phase::Closing, closeTime);
}

void TestCall::Line::wait(Phase phase, std::chrono::milliseconds most)
{
    m_phase = phase;
    m_deadline.start(most);
}

void TestCall::Line::outOfTime()
{
    switch (m_phase) {
    case Phase::Pausing:
        nextTurn();
        return;
    case Phase::Refused:
        close();
        return;
    case Phase::Closing:
        finish();
        return;
    case Phase::Greeting:
        fail(QT_TRANSLATE_NOOP("Core",
            "The call was opened, but nothing was answered. What answers there is no Realtime API, or something in "
            "between holds messages back."));
        return;
    default:
        fail(QT_TRANSLATE_NOOP("Core",
            "No answer came to what was said. Try again; if it stays so, look at the upstream's status page."));
    }
}

void TestCall::Line::fail(const Sentence &why)
{
    if (!m_result.failure && m_phase != Phase::Over)
        m_result.failure = why;
    finish();
}

/// Later, for this may be the stream's or the dial's call.
void TestCall::Line::finish()
{
    if (std::exchange(m_phase, Phase::Over) == Phase::Over)
        return;
    m_pace.stop();
    m_deadline.stop();
    const auto end = [this] {
        TestCall &call = m_call;
        const TestCallResult result = m_result;
        call.m_line.release()->deleteLater(); // this is its event
        Q_EMIT call.finished(result);
    };
    QMetaObject::invokeMethod(this, end, Qt::QueuedConnection);
}

} // namespace rr
