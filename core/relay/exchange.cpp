// SPDX-License-Identifier: MIT
#include "core/relay/exchange.h"

#include "core/call/dialqueue.h"
#include "core/wire/hostconnect.h"

#include <array>
#include <utility>

namespace rr {

namespace {

using namespace std::chrono_literals;

/// Between two looks whether there are descriptors again.
constexpr auto attemptAgainAfter = 50ms;

constexpr std::size_t answerReadBytes = 16 * 1024;

} // namespace

Exchange::Exchange(Plan plan, DialQueue &dials, QObject *parent)
    : QObject(parent)
    , m_plan(std::move(plan))
    , m_dials(dials)
    , m_deadline(this)
    , m_again(this)
{
    m_deadline.setSingleShot(true);
    connect(&m_deadline, &QTimer::timeout, this, &Exchange::outOfTime);
    m_again.setSingleShot(true);
    connect(&m_again, &QTimer::timeout, this, &Exchange::attempt);
}

Exchange::~Exchange() = default;

void Exchange::start()
{
    m_deadline.start(m_plan.timeout);
    m_dialling = std::make_unique<QObject>();
    m_dials.begin(*m_dialling, [this] { attempt(); });
}

void Exchange::attempt()
{
    m_connect = std::make_unique<HostConnect>(m_plan.to);
    connect(m_connect.get(), &HostConnect::connected, this, &Exchange::ask);
    connect(m_connect.get(), &HostConnect::failed, this, &Exchange::connectFailed);
    m_connect->start();
}

void Exchange::ask()
{
    m_stream = m_connect->takeStream();
    m_connect.release()->deleteLater(); // this is its signal
    m_dialling.reset();
    m_stream->setOwner(this);
    m_stream->setReading(true);
    m_stream->write(std::exchange(m_plan.request, {}));
}

void Exchange::connectFailed(const UpstreamFailure &failure)
{
    m_connect.release()->deleteLater(); // this is its signal
    // As in a Dial: without descriptors a search for an address fails as if there were none.
    const bool lacked = std::exchange(m_lacked, failure.kind == UpstreamFailure::NoDescriptors);
    if (m_lacked || (lacked && failure.kind == UpstreamFailure::Dns))
        m_again.start(attemptAgainAfter);
    else
        finish(ExchangeFailure{ExchangeFailure::Unreachable, failure});
}

void Exchange::outOfTime()
{
    if (m_stream)
        finish(ExchangeFailure{ExchangeFailure::Late});
    else if (m_again.isActive() || (m_connect && m_connect->lacksDescriptors()))
        finish(ExchangeFailure{ExchangeFailure::Unreachable, {UpstreamFailure::NoDescriptors}});
    else
        finish(ExchangeFailure{ExchangeFailure::Unreachable,
            m_connect ? m_connect->tookTooLong() : UpstreamFailure{UpstreamFailure::Timeout}});
}

void Exchange::streamReadable(ByteStream &stream)
{
    std::array<char, answerReadBytes> bytes;
    const qint64 n = stream.read(bytes.data(), bytes.size());
    if (n <= 0 || m_finished)
        return;
    m_answer.add(QByteArrayView(bytes.data(), n));
    judge();
}

void Exchange::streamEnded(ByteStream &)
{
    if (m_answer.end() == ResponseReader::State::InHead)
        finish(ExchangeFailure{ExchangeFailure::CutOff});
    else
        judge();
}

void Exchange::judge()
{
    using State = ResponseReader::State;
    switch (m_answer.state()) {
    case State::InHead:
        break;
    case State::InBody:
        if (m_plan.streams && m_answer.head().status == 200)
            finish(std::nullopt);
        break;
    case State::Complete:
        if (m_answer.isWhole())
            finish(std::nullopt);
        else if (m_answer.body().size() >= mostBodyBytes)
            finish(ExchangeFailure{ExchangeFailure::TooLarge});
        else
            finish(ExchangeFailure{ExchangeFailure::CutOff});
        break;
    case State::Switching:
        finish(ExchangeFailure{ExchangeFailure::NoAnswer, {},
            QT_TRANSLATE_NOOP("Core", "switches to another protocol, which nobody asked for")});
        break;
    case State::Malformed:
        finish(ExchangeFailure{ExchangeFailure::NoAnswer, {}, m_answer.fault()});
        break;
    }
}

void Exchange::finish(std::optional<ExchangeFailure> failure)
{
    if (std::exchange(m_finished, true))
        return;
    m_deadline.stop();
    m_again.stop();
    m_dialling.reset();
    m_connect.reset();
    if (m_stream)
        m_stream->setReading(false);
    // Later: the stream may be the caller, and may not be destroyed in its call.
    QMetaObject::invokeMethod(
        this,
        [this, failure = std::move(failure)] {
            if (failure) {
                m_stream.reset();
                Q_EMIT failed(*failure);
            } else {
                Q_EMIT answered();
            }
        },
        Qt::QueuedConnection);
}

std::unique_ptr<ByteStream> Exchange::takeStream()
{
    m_stream->setOwner(nullptr);
    return std::move(m_stream);
}

} // namespace rr
