// SPDX-License-Identifier: MIT
#include "core/wire/clienthandshake.h"

#include "core/http/requesthead.h"
#include "core/wire/localpair.h"

#include <QNetworkProxy>
#include <QTcpSocket>
#include <QUrl>
#include <QWebSocket>

#include <array>
#include <utility>

namespace rr {

namespace {

using namespace std::chrono_literals;

/// How long the words of a refusal are waited for once its head is here: the refusal itself is known by then.
constexpr auto bodyTime = 2s;

QByteArray requestHead(const UpgradeRequest &request, const QByteArray &key)
{
    QByteArray head = "GET " + request.target + " HTTP/1.1\r\nHost: " + request.host
        + "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: " + key
        + "\r\nSec-WebSocket-Version: 13\r\n";
    for (const HttpHeader &header : request.headers)
        head += header.name + ": " + header.value + "\r\n";
    return head + "\r\n";
}

/// The one form of a 101 that every QWebSocket takes.
QByteArray canonicalAnswer(const ResponseHead &head)
{
    return "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: "
        + head.header("Sec-WebSocket-Accept") + "\r\n\r\n";
}

UpstreamFailure badHandshake(const Sentence &detail)
{
    return {UpstreamFailure::BadHandshake, 0, detail};
}

Sentence answerThat(const char *why)
{
    return {QT_TRANSLATE_NOOP("Core", "its answer %1"), {Sentence(why)}};
}

} // namespace

ClientHandshake::ClientHandshake(std::unique_ptr<ByteStream> stream, UpgradeRequest request, QObject *parent)
    : QObject(parent)
    , m_stream(std::move(stream))
    , m_request(std::move(request))
    , m_bodyDeadline(this)
{
    m_bodyDeadline.setSingleShot(true);
    connect(&m_bodyDeadline, &QTimer::timeout, this, &ClientHandshake::endWaiting);
    m_stream->setOwner(this);
    m_stream->setReading(true);
    openWebSocket();
}

ClientHandshake::~ClientHandshake()
{
    m_webSocket->disconnect(this);
    m_webSocket->abort(); // a QWebSocket that is destroyed while connected writes a close frame
    m_webSocket->deleteLater(); // this may be its signal
}

void ClientHandshake::openWebSocket()
{
    m_webSocket = new QWebSocket;
    // Queued, for QWebSocket is in the midst of its work when it says so.
    connect(m_webSocket, &QWebSocket::connected, this, &ClientHandshake::accepted, Qt::QueuedConnection);
    // The kind of proxy that cannot do this keeps Qt from connecting to anything itself. A connection that QWebSocket makes,
    // to a port of this process, would leave a port waiting for a minute (TIME-WAIT): after some ten thousand calls, the
    // search for a free one costs several times the handshake. And other programs could come in between.
    m_webSocket->setProxy(QNetworkProxy(QNetworkProxy::FtpCachingProxy));
    m_webSocket->open(QUrl(QStringLiteral("ws://localhost/")));
    auto *socket = m_webSocket->findChild<QTcpSocket *>();
    if (!socket) {
        finish(UpstreamFailure{UpstreamFailure::Network, 0, asTheySaid(m_webSocket->errorString())});
        return;
    }
    m_near = connectLocally(*socket);
    if (!m_near) {
        finish(UpstreamFailure{UpstreamFailure::NoDescriptors});
        return;
    }
    m_near->setOwner(this);
    m_near->setReading(true);
    const auto notAccepted = [this] {
        finish(badHandshake(QT_TRANSLATE_NOOP("Core", "its answer was not taken by QWebSocket")));
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
        readRequest();
    else
        readAnswer();
}

void ClientHandshake::readRequest()
{
    std::array<char, 4096> bytes;
    const qint64 n = m_near->read(bytes.data(), bytes.size());
    m_asked.append(QByteArrayView(bytes.data(), n));
    const auto parsed = parseRequestHead(m_asked);
    if (const auto *head = std::get_if<RequestHead>(&parsed)) {
        m_near->setReading(false);
        m_key = head->header("Sec-WebSocket-Key");
        m_stream->write(requestHead(m_request, m_key));
    }
}

void ClientHandshake::readAnswer()
{
    std::array<char, 4096> bytes;
    const qint64 n = m_stream->read(bytes.data(), bytes.size());
    if (n <= 0 || m_finished || m_answer.isOver())
        return;
    const bool waitsForBody = m_answer.add(QByteArrayView(bytes.data(), n)) == ResponseReader::State::InBody;
    if (waitsForBody && !m_bodyDeadline.isActive())
        m_bodyDeadline.start(bodyTime);
    judgeAnswer();
}

void ClientHandshake::streamEnded(ByteStream &stream)
{
    if (&stream != m_stream.get() || m_answer.isOver())
        return; // QWebSocket ends its end with an error; and what was judged stays judged
    if (m_answer.end() == ResponseReader::State::InHead)
        finish(badHandshake(
            QT_TRANSLATE_NOOP("Core", "the connection was closed before the handshake was answered")));
    else
        judgeAnswer();
}

bool ClientHandshake::endWaiting()
{
    if (m_answer.end() != ResponseReader::State::Complete)
        return false;
    judgeAnswer();
    return true;
}

void ClientHandshake::judgeAnswer()
{
    if (m_finished || !m_answer.isOver())
        return;
    m_stream->setReading(false);
    const ResponseHead &head = m_answer.head();
    switch (m_answer.state()) {
    case ResponseReader::State::Switching:
        if (const char *why = checkSwitching(head, m_key)) {
            finish(badHandshake(answerThat(why)));
            break;
        }
        m_stream->unread(m_answer.behind());
        m_near->write(canonicalAnswer(head));
        break;
    case ResponseReader::State::Complete: {
        UpstreamFailure failure{
            UpstreamFailure::Refused, head.status, {}, m_answer.body(), head.header("Retry-After")};
        for (const QByteArrayView name : refusalHeaders) {
            if (const QByteArray value = head.header(name); !value.isNull())
                failure.headers.append({name.toByteArray(), value});
        }
        finish(std::move(failure));
        break;
    }
    default:
        finish(badHandshake(answerThat(m_answer.fault())));
    }
}

void ClientHandshake::accepted()
{
    if (m_stream->isOver())
        finish(UpstreamFailure{
            UpstreamFailure::Network, 0, QT_TRANSLATE_NOOP("Core", "the connection was lost")});
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
