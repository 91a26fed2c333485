// SPDX-License-Identifier: MIT
#pragma once

#include "core/realtime/upstreamfailure.h"
#include "core/websocket/bytestream.h"
#include "core/websocket/upgradeanswer.h"

#include <QNetworkRequest>
#include <QObject>
#include <QTimer>

#include <memory>
#include <optional>

QT_BEGIN_NAMESPACE
class QWebSocket;
QT_END_NAMESPACE

namespace rr {

/// The opening handshake of RFC 6455, made by a QWebSocket over a stream. QWebSocket knows only connections that Qt makes,
/// so its socket gets one end of a local pair; what it says is passed on, and of what comes back it is shown a 101, whose
/// head ends its part: what follows stays in the stream. Any other answer is read here, whole and bounded, for QWebSocket
/// has only words for it, and others in every version. One thread; owned by whoever dials; may be destroyed at any moment.
class ClientHandshake final : public QObject, private ByteStream::Owner
{
    Q_OBJECT
public:
    /// Begins. `request`: the ws:// URL and the headers to send. Exactly one signal follows, in a later turn of the event
    /// loop, unless the answer does not end; there is no deadline for that here.
    ClientHandshake(
        std::unique_ptr<ByteStream> stream, const QNetworkRequest &request, QObject *parent = nullptr);
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

    void openWebSocket(const QNetworkRequest &request);
    void passRequest();
    void readAnswer();
    void judgeAnswer();
    void accepted();
    void finish(std::optional<UpstreamFailure> failure);

    std::unique_ptr<ByteStream> m_stream;
    std::unique_ptr<ByteStream> m_near; ///< our end of the pair
    QWebSocket *m_webSocket = nullptr;
    UpgradeAnswer m_answer;
    QTimer m_bodyDeadline;
    bool m_finished = false;
};

} // namespace rr
