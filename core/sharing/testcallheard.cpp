// SPDX-License-Identifier: MIT
// What a test call makes of what it hears: frames, messages, errors, answers.
#include "core/realtime/eventtype.h"
#include "core/realtime/redaction.h"
#include "core/sharing/testcallline.h"
#include "core/wire/framewriter.h"

#include <QJsonDocument>
#include <QtEndian>

#include <algorithm>
#include <utility>

namespace rr {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype mostKeptBytes = 256 * 1024; ///< of a message: those that are read are far shorter

} // namespace

void TestCall::Line::heardFrames()
{
    const char *at = m_unread.constData();
    const char *const end = at + m_unread.size();
    while (m_phase != Phase::Over) {
        const FrameScanner::Step step = m_scanner.next(at, end);
        if (step.kind == FrameScanner::Step::NeedMore)
            break;
        if (step.kind == FrameScanner::Step::Breach) {
            fail(QT_TRANSLATE_NOOP(
                "Core", "What came is not of a WebSocket. Something in between changes it."));
            break;
        }
        if (step.kind == FrameScanner::Step::Control) {
            heardControl(step);
            continue;
        }
        if (step.startsMessage)
            m_message.clear();
        if (m_message.size() < mostKeptBytes)
            m_message.append(step.payload);
        if (step.endsMessage)
            heardMessage(std::exchange(m_message, {}));
    }
    m_unread.remove(0, at - m_unread.constData());
}

void TestCall::Line::heardControl(const FrameScanner::Step &frame)
{
    if (frame.opcode == Opcode::Ping) {
        m_stream->write(makeFrame(FrameScanner::Sender::Client, Opcode::Pong, frame.payload));
        return;
    }
    if (frame.opcode != Opcode::Close)
        return;
    if (m_phase == Phase::Closing) {
        finish();
        return;
    }
    if (frame.payload.size() >= 2) {
        m_result.closeCode = qFromBigEndian<quint16>(frame.payload.data());
        m_result.closeReason = QString::fromUtf8(frame.payload.sliced(2));
    } else {
        m_result.closeCode = 1005; // RFC 6455 7.1.5: there was none
    }
    m_stream->write(makeFrame(FrameScanner::Sender::Client, Opcode::Close, frame.payload));
    fail({QT_TRANSLATE_NOOP("Core", "The call was closed from the other side in mid-call: %1 %2."),
        {QString::number(m_result.closeCode), outsideText(m_result.closeReason)}});
}

void TestCall::Line::heardMessage(const QByteArray &message)
{
    const EventType type = sniffEventType(message);
    const QByteArrayView name = eventTypeName(type);
    if (name == "error") {
        heardError(QJsonDocument::fromJson(message).object().value("error"_L1).toObject());
    } else if (m_phase == Phase::Greeting && name == "session.updated") {
        if (m_plan.turns > 0)
            nextTurn();
        else
            close();
    } else if (m_phase == Phase::Listening && isAudioFromUpstream(type)) {
        if (!std::exchange(m_heardAudio, true))
            m_result.firstAudioMs = std::max(m_result.firstAudioMs, m_spoken.elapsed());
        m_deadline.start(m_plan.patience); // it is answering
    } else if (m_phase == Phase::Listening && name == "response.done") {
        answered(message);
    }
}

void TestCall::Line::heardError(const QJsonObject &error)
{
    const QString code = error.value("code"_L1).toString();
    m_result.errorCode = (code.isEmpty() ? error.value("type"_L1).toString() : code).toLatin1();
    m_result.failure = Sentence(QT_TRANSLATE_NOOP("Core", "The call was answered with an error: %1 (%2)."),
        {outsideText(error.value("message"_L1).toString(), 300),
            outsideText(QString::fromLatin1(m_result.errorCode), 60)});
    m_pace.stop();
    if (m_phase != Phase::Closing)
        wait(Phase::Refused, closeTime); // the code of a close says more
}

void TestCall::Line::answered(const QByteArray &message)
{
    const QJsonObject response = QJsonDocument::fromJson(message).object().value("response"_L1).toObject();
    if (response.value("status"_L1) == "failed"_L1) {
        heardError(response.value("status_details"_L1).toObject().value("error"_L1).toObject());
        return;
    }
    if (!m_heardAudio) {
        m_result.failure = QT_TRANSLATE_NOOP(
            "Core", "The answer had no audio in it. Check that the model is one that speaks.");
        close();
        return;
    }
    ++m_result.turns;
    if (m_lastTurn || m_result.turns >= m_plan.turns) {
        close();
        return;
    }
    wait(Phase::Pausing, m_plan.pause);
}

} // namespace rr
