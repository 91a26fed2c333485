// SPDX-License-Identifier: MIT
#include "core/websocket/clienthandshake.h"

#include "core/websocket/localpair.h"

#include <QNetworkProxy>
#include <QTcpSocket>
#include <QWebSocket>

#include <array>
#include <utility>

namespace rr {

namespace {

using namespace std::chrono_literals;

/// How long the words of a refusal are waited for once its head is here: the refusal itself is known by then.
constexpr auto bodyTime = 2s;

} // namespace

ClientHandshake::ClientHandshake(
    std::unique_ptr<ByteStream> stream, const QNetworkRequest &request, QObject *parent)
    : QObject(parent)
    , m_stream(std::move(stream))
    , m_bodyDeadline(this)
{
    m_bodyDeadline.setSingleShot(true);
    connect(&m_bodyDeadline, &QTimer::timeout, this, &ClientHandshake::endWaiting);
    m_stream->setOwner(this);
    m_stream->setReading(true);
    openWebSocket(request);
}

ClientHandshake::~ClientHandshake()
{
    if (m_webSocket) {
        m_webSocket->disconnect(this);
        // Cut first: a QWebSocket that is destroyed while connected writes a close frame.
        if (auto *socket = m_webSocket->findChild<QTcpSocket *>())
            socket->abort();
        m_webSocket->deleteLater(); // this may be its signal
    }
}

void ClientHandshake::openWebSocket(const QNetworkRequest &request)
{
    m_webSocket = new QWebSocket;
    // The kind of proxy that cannot do this keeps Qt from connecting to anything itself.
    m_webSocket->setProxy(QNetworkProxy(QNetworkProxy::FtpCachingProxy));
    m_webSocket->open(request);
    auto *socket = m_webSocket->findChild<QTcpSocket *>();
    if (!socket) { // Qt does not like the request
        finish(UpstreamFailure{UpstreamFailure::Network, 0, m_webSocket->errorString()});
        return;
    }
    m_near = connectLocally(*socket);
    if (!m_near) {
        finish(UpstreamFailure{UpstreamFailure::NoDescriptors, 0, {}});
        return;
    }
    m_near->setOwner(this);
    m_near->setReading(true);
    // Queued, for QWebSocket is in the midst of its work when it says so.
    connect(m_webSocket, &QWebSocket::connected, this, &ClientHandshake::accepted, Qt::QueuedConnection);
    const auto notAccepted = [this] {
        finish(UpstreamFailure{UpstreamFailure::BadHandshake, 0,
            QStringLiteral("its answer of HTTP 101 is not the one to this handshake")});
    };
#if QT_VERSION >= QT_VERSION_CHECK(6, 5, 0)
    connect(m_webSocket, &QWebSocket::errorOccurred, this, notAccepted);
#else
    connect(m_webSocket, qOverload<QAbstractSocket::SocketError>(&QWebSocket::error), this, notAccepted);
#endif
}

void ClientHandshake::streamReadable(ByteStream &stream)
{
    if (&stream == m_near.get())
        passRequest();
    else
        readAnswer();
}

void ClientHandshake::passRequest()
{
    std::array<char, 4096> bytes;
    const qint64 n = m_near->read(bytes.data(), bytes.size());
    m_stream->write(QByteArrayView(bytes.data(), n));
}

void ClientHandshake::readAnswer()
{
    std::array<char, 4096> bytes;
    const qint64 n = m_stream->read(bytes.data(), bytes.size());
    if (n <= 0 || m_finished || m_answer.isOver())
        return;
    const bool waitsForBody = m_answer.add(QByteArrayView(bytes.data(), n)) == UpgradeAnswer::State::InBody;
    if (waitsForBody && !m_bodyDeadline.isActive())
        m_bodyDeadline.start(bodyTime);
    judgeAnswer();
}

void ClientHandshake::streamEnded(ByteStream &stream)
{
    if (&stream != m_stream.get() || m_answer.isOver())
        return; // QWebSocket ends its end with an error; and what was judged stays judged
    if (m_answer.end() == UpgradeAnswer::State::InHead)
        finish(UpstreamFailure{UpstreamFailure::BadHandshake, 0,
            QStringLiteral("the connection was closed before the handshake was answered")});
    else
        judgeAnswer();
}

bool ClientHandshake::endWaiting()
{
    if (m_answer.end() != UpgradeAnswer::State::Refused)
        return false;
    judgeAnswer();
    return true;
}

void ClientHandshake::judgeAnswer()
{
    if (m_finished || !m_answer.isOver())
        return;
    m_stream->setReading(false);
    switch (m_answer.state()) {
    case UpgradeAnswer::State::Switching:
        m_stream->unread(m_answer.behind());
        m_near->write(m_answer.head());
        break;
    case UpgradeAnswer::State::Refused:
        finish(UpstreamFailure{UpstreamFailure::Refused, m_answer.status(), {}, m_answer.body(),
            m_answer.header("Retry-After")});
        break;
    default:
        finish(UpstreamFailure{UpstreamFailure::BadHandshake, 0, QStringLiteral("its answer is not HTTP")});
    }
}

void ClientHandshake::accepted()
{
    if (m_stream->isOver())
        finish(UpstreamFailure{UpstreamFailure::Network, 0, QStringLiteral("the connection was lost")});
    else
        finish(std::nullopt);
}

void ClientHandshake::finish(std::optional<UpstreamFailure> failure)
{
    if (std::exchange(m_finished, true))
        return;
    m_bodyDeadline.stop();
    m_webSocket->disconnect(this);
    // Later: a stream may be the caller, and may not be destroyed in its call.
    QMetaObject::invokeMethod(
        this,
        [this, failure = std::move(failure)] {
            m_near.reset();
            m_stream->setOwner(nullptr);
            if (failure)
                Q_EMIT failed(*failure);
            else
                Q_EMIT done();
        },
        Qt::QueuedConnection);
}

} // namespace rr
