// SPDX-License-Identifier: MIT
#pragma once

#include "core/http/responsereader.h"
#include "core/relay/exchangefailure.h"
#include "core/wire/bytestream.h"
#include "core/wire/destination.h"

#include <QObject>
#include <QTimer>

#include <chrono>
#include <memory>

namespace rr {

class DialQueue;
class HostConnect;

/// One plain HTTP request to the upstream and its answer, over a connection of its own that is opened as a call's is: the
/// same proxy, authorities and rules. One deadline for all of it; where no descriptors are left it tries again until then. It
/// is among the dials that DialQueue bounds until it is connected. Lives in a worker's thread; owned by whoever asks, who may
/// destroy it at any moment, but for inside its signals: that calls the request off.
class Exchange final : public QObject, private ByteStream::Owner
{
    Q_OBJECT
public:
    struct Plan
    {
        Destination to;
        QByteArray request; ///< head and body, as they go onto the wire; has "Connection: close"
        std::chrono::milliseconds timeout{10'000};
        bool streams = false; ///< of an answer with status 200 the head is enough
    };

    /// An answer that is read whole has at most so much of a body.
    static constexpr qsizetype mostBodyBytes = 64 * 1024;

    Exchange(Plan plan, DialQueue &dials, QObject *parent);
    ~Exchange() override;

    void start(); ///< exactly one signal follows, in a later turn of the event loop

    /// After answered(): the answer, whole, or as far as it has come where the plan says so.
    const ResponseReader &answer() const { return m_answer; }
    /// After answered(), of an answer that is not whole: what the rest comes by. Reading is off.
    std::unique_ptr<ByteStream> takeStream();

Q_SIGNALS:
    void answered();
    void failed(const rr::ExchangeFailure &failure);

private:
    void streamReadable(ByteStream &stream) override;
    void streamWritten(ByteStream &) override { }
    void streamEnded(ByteStream &stream) override;

    void attempt();
    void ask();
    void connectFailed(const UpstreamFailure &failure);
    void outOfTime();
    void judge();
    void finish(std::optional<ExchangeFailure> failure);

    Plan m_plan;
    DialQueue &m_dials;
    std::unique_ptr<QObject> m_dialling; ///< what the queue knows it by
    std::unique_ptr<HostConnect> m_connect;
    std::unique_ptr<ByteStream> m_stream;
    ResponseReader m_answer{mostBodyBytes};
    QTimer m_deadline;
    QTimer m_again; ///< active: it waits for descriptors
    bool m_lacked = false; ///< the last attempt had none
    bool m_finished = false;
};

} // namespace rr
