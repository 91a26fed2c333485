// SPDX-License-Identifier: MIT
#pragma once

#include "core/sharing/testcall.h"
#include "core/wire/bytestream.h"
#include "core/wire/dial.h"
#include "core/wire/framescanner.h"

#include <QByteArray>
#include <QElapsedTimer>
#include <QJsonObject>
#include <QTimer>

#include <chrono>
#include <memory>

namespace rr {

/// One call of a TestCall, from its dial to its end: what is said, and (testcallheard.cpp) what is heard. Owned by it; goes
/// when it has ended.
class TestCall::Line final : public QObject, private ByteStream::Owner
{
public:
    Line(TestCall &call, TestCallPlan plan);

    void begin();
    void hangUp();

private:
    enum class Phase : quint8 {
        Dialling,
        Greeting, ///< session.update was sent
        Speaking,
        Listening, ///< the turn was handed over
        Pausing,
        Refused, ///< an error was heard; the close that belongs to it is waited for
        Closing, ///< the close frame was sent
        Over,
    };

    static constexpr std::chrono::seconds closeTime{2}; ///< for the other side to close, or to answer a close

    void streamReadable(ByteStream &stream) override;
    void streamWritten(ByteStream &) override { }
    void streamEnded(ByteStream &stream) override;

    Dial::Target target() const;
    void opened();
    void heardFrames();
    void heardControl(const FrameScanner::Step &frame);
    void heardMessage(const QByteArray &message);
    void heardError(const QJsonObject &error);
    void answered(const QByteArray &message);
    void nextTurn();
    void speak();
    void say(const QByteArray &event);
    void close();
    void outOfTime();
    void wait(Phase phase, std::chrono::milliseconds most);
    void fail(const Sentence &why);
    void finish();

    TestCall &m_call;
    const TestCallPlan m_plan;
    TestCallResult m_result;
    std::unique_ptr<Dial> m_dial;
    std::unique_ptr<ByteStream> m_stream;
    FrameScanner m_scanner;
    QByteArray m_unread; ///< of frames, as they came
    QByteArray m_message; ///< the one that is coming in, as far as it is kept
    QTimer m_deadline; ///< of the phase
    QTimer m_pace; ///< of speech
    QElapsedTimer m_spoken; ///< since the turn was handed over
    int m_said = 0; ///< pieces of this turn
    bool m_heardAudio = false; ///< in this turn
    bool m_lastTurn = false; ///< whatever the plan says
    Phase m_phase = Phase::Dialling;
};

} // namespace rr
