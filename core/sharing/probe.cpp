// SPDX-License-Identifier: MIT
#include "core/sharing/probe.h"

#include "core/wire/hostconnect.h"

#include <array>
#include <utility>

namespace rr {

Probe::Probe(const Destination &to, QByteArray request, std::chrono::milliseconds timeout, QObject *parent)
    : QObject(parent)
    , m_request(std::move(request))
    , m_timeout(timeout)
    , m_connect(std::make_unique<HostConnect>(to))
    , m_deadline(this)
{
    m_deadline.setSingleShot(true);
    connect(&m_deadline, &QTimer::timeout, this, &Probe::outOfTime);
    connect(m_connect.get(), &HostConnect::connected, this, &Probe::ask);
    connect(m_connect.get(), &HostConnect::failed, this,
        [this](const UpstreamFailure &failure) { finish(failure); });
}

Probe::~Probe() = default;

void Probe::start()
{
    m_deadline.start(m_timeout);
    m_connect->start();
}

void Probe::ask()
{
    m_stream = m_connect->takeStream();
    m_stream->setOwner(this);
    m_stream->setReading(true);
    m_stream->write(m_request);
}

void Probe::streamReadable(ByteStream &stream)
{
    std::array<char, 4096> bytes;
    const qint64 n = stream.read(bytes.data(), bytes.size());
    if (n <= 0 || m_answer.isOver())
        return;
    m_answer.add(QByteArrayView(bytes.data(), n));
    judge();
}

void Probe::streamEnded(ByteStream &)
{
    if (m_answer.isOver())
        return;
    if (m_answer.end() == ResponseReader::State::InHead)
        finish(UpstreamFailure{UpstreamFailure::BadHandshake, 0,
            QT_TRANSLATE_NOOP("Core", "the connection was closed before the request was answered")});
    else
        judge();
}

void Probe::outOfTime()
{
    if (m_finished)
        return;
    if (!m_stream)
        finish(m_connect->tookTooLong());
    else if (m_answer.end() == ResponseReader::State::Complete)
        judge(); // what has come of the body tells enough
    else
        finish(UpstreamFailure{UpstreamFailure::Timeout, 0,
            QT_TRANSLATE_NOOP("Core", "connected, but the request was not answered")});
}

void Probe::judge()
{
    if (!m_answer.isOver())
        return;
    m_stream->setReading(false);
    switch (m_answer.state()) {
    case ResponseReader::State::Switching:
        m_stream->unread(m_answer.behind());
        finish(std::nullopt);
        break;
    case ResponseReader::State::Complete:
        finish(std::nullopt);
        break;
    default:
        finish(UpstreamFailure{UpstreamFailure::BadHandshake, 0,
            Sentence(QT_TRANSLATE_NOOP("Core", "its answer %1"), {Sentence(m_answer.fault())})});
    }
}

void Probe::finish(std::optional<UpstreamFailure> failure)
{
    if (std::exchange(m_finished, true))
        return;
    m_deadline.stop();
    // Later: a stream may be the caller, and may not be destroyed in its call.
    QMetaObject::invokeMethod(
        this,
        [this, failure = std::move(failure)] {
            if (m_stream)
                m_stream->setOwner(nullptr);
            if (failure)
                Q_EMIT failed(*failure);
            else
                Q_EMIT answered();
        },
        Qt::QueuedConnection);
}

} // namespace rr
