// SPDX-License-Identifier: MIT
#pragma once

#include "core/http/responsereader.h"
#include "core/realtime/upstreamfailure.h"
#include "core/wire/bytestream.h"

#include <QObject>
#include <QTimer>

#include <memory>
#include <optional>

QT_BEGIN_NAMESPACE
class QWebSocket;
QT_END_NAMESPACE

namespace rr {

/// What is asked for, beside the WebSocket itself. Written as it stands: nothing here may hold a control character.
struct UpgradeRequest
{
    QByteArray host; ///< the header of that name (RFC 9110 7.2)
    QByteArray target; ///< path and query, e.g. "/v1/realtime?model=gpt-realtime"
    QList<HttpHeader> headers; ///< the caller's own
};

/// The opening handshake of RFC 6455 over a stream, made by a QWebSocket, while the relay itself writes and reads what goes
/// over the stream: QWebSocket makes a request, of which only the key is taken, and is shown an answer of the one form that
/// every version of Qt likes, once the real one was found right. What comes behind a 101 stays in the stream; any other
/// answer is read whole and bounded. No key of the client ever enters Qt. One thread; owned by whoever dials; may be
/// destroyed at any moment.
class ClientHandshake final : public QObject, private ByteStream::Owner
{
    Q_OBJECT
public:
    /// Begins. Exactly one signal follows, in a later turn of the event loop, unless the answer does not end; there is no
    /// deadline for that here.
    ClientHandshake(std::unique_ptr<ByteStream> stream, UpgradeRequest request, QObject *parent = nullptr);
    ~ClientHandshake() override;

    /// No more time: what has come of a refusal counts as all of it. False: nothing has come that tells anything.
    bool endWaiting();

    /// The stream, to be read behind the head of the answer. Once, after done().
    std::unique_ptr<ByteStream> takeStream() { return std::move(m_stream); }

Q_SIGNALS:
    void done();
    /// `failure` is Refused, BadHandshake, NoDescriptors or Network.
    void failed(const rr::UpstreamFailure &failure);

private:
    void streamReadable(ByteStream &stream) override;
    void streamWritten(ByteStream &) override { }
    void streamEnded(ByteStream &stream) override;

    void openWebSocket();
    void readRequest();
    void readAnswer();
    void judgeAnswer();
    void accepted();
    void finish(std::optional<UpstreamFailure> failure);

    std::unique_ptr<ByteStream> m_stream;
    const UpgradeRequest m_request;
    QWebSocket *m_webSocket = nullptr;
    std::unique_ptr<ByteStream> m_near; ///< the other end of its connection
    QByteArray m_asked; ///< by QWebSocket
    QByteArray m_key; ///< Sec-WebSocket-Key
    ResponseReader m_answer;
    QTimer m_bodyDeadline;
    bool m_finished = false;
};

} // namespace rr
