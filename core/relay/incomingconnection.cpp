// SPDX-License-Identifier: MIT
#include "core/relay/incomingconnection.h"

#include "core/admission/clientaddress.h"
#include "core/base/wipe.h"
#include "core/relay/turns.h"

#include <algorithm>
#include <array>
#include <utility>

namespace rr {

namespace {

/// How long a client may go on sending what nobody reads, once it was answered. A socket that is closed before all of
/// it has come makes the system take the answer back (RFC 1122 4.2.2.13).
constexpr std::chrono::seconds lingerTime{2};
/// Read at once, and of heads in all: enough to see that one is too large.
constexpr qsizetype readBytes = maxHeadBytes + 1;

constexpr QByteArrayView continueLine = "HTTP/1.1 100 Continue\r\n\r\n";

bool waitsForContinue(const RequestHead &head)
{
    return head.minorVersion > 0 && head.header("Expect").compare("100-continue", Qt::CaseInsensitive) == 0;
}

} // namespace

Responder::Responder(IncomingConnection &connection, quint64 request)
    : m_connection(&connection)
    , m_request(request)
{
}

void Responder::answer(const HttpResponse &response) const
{
    if (m_connection)
        m_connection->answer(m_request, response);
}

std::unique_ptr<ByteStream> Responder::takeStream() const
{
    return m_connection ? m_connection->takeStream(m_request) : nullptr;
}

bool Responder::isAwaited() const
{
    return m_connection && m_connection->isAwaited(m_request);
}

void Responder::clientLeft() const
{
    if (m_connection)
        m_connection->clientLeft(m_request);
}

IncomingConnection::IncomingConnection(AcceptedStream accepted, bool peerIsProxy,
    std::chrono::milliseconds timeout, Turns &turns, Handler &handler, QObject *parent)
    : QObject(parent)
    , m_stream(std::move(accepted.stream))
    , m_tls(std::move(accepted.tls))
    , m_turns(turns)
    , m_handler(handler)
    , m_timeout(timeout)
    , m_opening{m_tls != nullptr,
          peerIsProxy ? OpeningRules::Proxy::Trusted : OpeningRules::Proxy::NotTrusted}
    , m_isOpen(!accepted.opensInClear)
{
    m_request.peer = m_request.otherEnd = accepted.peer;
    m_deadline.setSingleShot(true);
    connect(&m_deadline, &QTimer::timeout, this, &IncomingConnection::outOfTime);
    m_deadline.start(timeout);
    m_stream->setOwner(this);
    m_stream->setReading(true);
}

IncomingConnection::~IncomingConnection() = default;

// Off, while a request waits for its turn or its answer: what comes behind it stays in the system, the end of a client
// that closed its half above all. Once that is read, nothing more can be written.
void IncomingConnection::streamReadable(ByteStream &)
{
    if (m_closing) {
        passOver();
        return;
    }
    m_stream->setReading(false);
    askForTurn();
}

void IncomingConnection::streamWritten(ByteStream &)
{
    written();
}

void IncomingConnection::streamEnded(ByteStream &)
{
    end(false);
}

void IncomingConnection::askForTurn()
{
    if (!std::exchange(m_asked, true))
        m_turns.ask(this, [this] { takeTurn(); });
}

void IncomingConnection::takeTurn()
{
    m_asked = false;
    if (m_done || m_closing || m_answering || m_writing)
        return;
    while (!takeRequest()) {
        if (readMore())
            continue;
        m_stream->setReading(true);
        return;
    }
}

bool IncomingConnection::readMore()
{
    std::array<char, readBytes> bytes;
    const qint64 most = m_body ? readBytes : readBytes - m_bytes.size();
    const qint64 n = m_stream->read(bytes.data(), most);
    m_bytes.append(bytes.data(), n);
    wipe(bytes.data(), n); // or a key would stay on the stack
    return n > 0;
}

/// What comes before the first request. False: more has to come.
bool IncomingConnection::open()
{
    const auto read = readOpening(m_bytes, m_opening);
    if (const auto *error = std::get_if<HeadError>(&read))
        return refuse(*error, After::CloseLater);
    if (const auto *header = std::get_if<ProxyHeader>(&read)) {
        m_opening.proxy = OpeningRules::Proxy::Heard;
        m_bytes.remove(0, header->size);
        if (!header->client.isNull())
            m_request.peer = canonical(header->client);
        return open();
    }
    if (std::holds_alternative<HeadIncomplete>(read))
        return false;
    m_isOpen = true;
    if (!m_opening.tls)
        return takeRequest();
    m_stream->unread(std::exchange(m_bytes, {}));
    m_stream = beginTls(std::move(m_stream), m_tls);
    m_stream->setOwner(this);
    return false;
}

/// False: more of it has to come.
bool IncomingConnection::takeRequest()
{
    if (!m_isOpen)
        return open();
    if (m_body)
        return takeBody();
    auto parsed = parseRequestHead(m_bytes, m_progress);
    if (std::holds_alternative<HeadIncomplete>(parsed))
        return false;
    if (const auto *error = std::get_if<HeadError>(&parsed))
        return refuse(*error, After::CloseLater);
    return takeHead(std::get<RequestHead>(std::move(parsed)));
}

bool IncomingConnection::takeHead(RequestHead &&head)
{
    m_bytes.remove(0, head.size);
    m_progress = {};
    m_request.head = std::move(head);
    m_request.body = {};
    m_request.link = Request::Link::None;
    const bool upgrade = m_request.head.wantsUpgrade();
    m_request.endpoint = m_handler.endpointOf(m_request);
    m_request.isCall = isCall(m_request.endpoint, m_request.head);
    m_request.isEcho = isEcho(m_request.endpoint, m_request.head);
    if (m_request.endpoint)
        m_request.head.path = canonicalPath(*m_request.endpoint, m_request.head.path);
    if (m_request.isCall || m_request.isEcho) {
        if (auto error = checkUpgrade(m_request.head))
            return refuse(*error, After::Close);
        // They would be frames, but no client sends any before the 101 (RFC 6455 4.1).
        if (!m_bytes.isEmpty())
            return refuse(
                {400, "bad_request",
                    QT_TRANSLATE_NOOP("Core", "Nothing may follow an upgrade request before its answer.")},
                After::CloseLater);
        if (waitsForContinue(m_request.head)) // before the 101 (RFC 9110 7.8)
            m_stream->write(continueLine);
        return handOver(After::Close);
    }
    if (m_request.endpoint && m_request.endpoint->takesBody && m_request.head.method == "POST") {
        m_body.emplace(m_request.head);
        const bool nothingHere = m_bytes.isEmpty();
        if (takeBody())
            return true;
        if (nothingHere && waitsForContinue(m_request.head))
            m_stream->write(continueLine);
        return false;
    }
    const qint64 length = m_request.head.contentLength;
    const qint64 here = std::min<qint64>(length, m_bytes.size());
    m_bytes.remove(0, here);
    m_bodyLeft = length - here;
    if (m_request.head.chunked || m_bodyLeft > 0)
        return handOver(After::CloseLater);
    // Bodies that nobody wants end the connection: what follows one may not be what it seems. So do upgrades.
    const bool stays = length == 0 && !upgrade && m_request.head.keepAlive();
    return handOver(stays ? After::KeepAlive : After::Close);
}

bool IncomingConnection::takeBody()
{
    if (auto error = m_body->add(m_bytes))
        return refuse(*error, After::CloseLater, m_request.head.header("Origin"));
    if (!m_body->isComplete())
        return false;
    m_request.body = m_body->take();
    m_body.reset();
    return handOver(m_request.head.keepAlive() ? After::KeepAlive : After::Close);
}

bool IncomingConnection::refuse(const HeadError &error, After after, const QByteArray &origin)
{
    m_after = after;
    write(m_handler.answerBadRequest(m_request.peer, origin, error), false);
    return true;
}

bool IncomingConnection::handOver(After after)
{
    m_after = after;
    m_answering = true;
    m_deadline.start(answerPatience * m_timeout); // the client has done its part
    m_handler.answerRequest(m_request, Responder(*this, ++m_requests));
    return true;
}

void IncomingConnection::answer(quint64 request, const HttpResponse &response)
{
    if (!m_answering || request != m_requests)
        return;
    write(response, m_request.head.method == "HEAD");
    forgetRequest();
}

/// Or its key would stay until the next request: also in front of what is left of the bytes that were received.
void IncomingConnection::forgetRequest()
{
    m_request.head = {};
    m_request.body = {};
    m_bytes = QByteArray(m_bytes.constData(), m_bytes.size());
}

std::unique_ptr<ByteStream> IncomingConnection::takeStream(quint64 request)
{
    if (!m_answering || request != m_requests)
        return nullptr;
    m_answering = false;
    m_stream->setOwner(nullptr);
    auto stream = std::move(m_stream);
    finish();
    return stream;
}

bool IncomingConnection::isAwaited(quint64 request) const
{
    return m_answering && request == m_requests && !m_stream->peerHasLeft();
}

void IncomingConnection::clientLeft(quint64 request)
{
    if (m_answering && request == m_requests)
        end(false);
}

void IncomingConnection::write(const HttpResponse &response, bool headOnly)
{
    m_answering = false;
    m_writing = true;
    m_closing = m_after != After::KeepAlive;
    m_deadline.start(m_timeout); // for the client to take the answer
    m_stream->write(serialise(response, !m_closing, headOnly));
    if (m_closing)
        m_bytes.clear();
    if (m_after == After::Close)
        m_stream->closeAfterWriting();
    written();
}

void IncomingConnection::written()
{
    if (!m_writing || m_done || m_stream->backlogBytes() > 0)
        return;
    m_writing = false;
    if (m_closing) {
        m_deadline.start(std::min<std::chrono::milliseconds>(m_timeout, lingerTime));
        m_stream->setReading(true);
        return;
    }
    m_deadline.start(m_timeout); // for the next request
    if (m_bytes.isEmpty())
        m_stream->setReading(true);
    else
        askForTurn();
}

void IncomingConnection::passOver()
{
    std::array<char, readBytes> bytes;
    const qint64 n = m_stream->read(bytes.data(), bytes.size());
    if (m_bodyLeft > 0 && (m_bodyLeft -= n) <= 0)
        m_stream->closeAfterWriting();
}

void IncomingConnection::outOfTime()
{
    if (!m_answering) {
        end(true);
        return;
    }
    m_after = After::Close;
    const HeadError late{
        503, "no_answer", QT_TRANSLATE_NOOP("Core", "The relay could not answer this in time. Try again.")};
    write(m_handler.answerBadRequest(m_request.peer, m_request.head.header("Origin"), late),
        m_request.head.method == "HEAD");
    forgetRequest();
}

bool IncomingConnection::isIdle() const
{
    return !m_asked && !m_answering && !m_writing && !m_body && m_bytes.isEmpty()
        && !(m_stream && m_stream->isShakingHands());
}

std::optional<ConnectionFailure> IncomingConnection::failure(bool timedOut) const
{
    using enum ConnectionFailure;
    if (m_closing && !m_writing)
        return {}; // it was answered
    const auto unfinished = timedOut ? RequestTimeout : LeftEarly;
    switch (m_stream->tlsFailure()) {
    case TlsFailure::None:
        break;
    case TlsFailure::Unfinished:
        // What is taken of an unfinished handshake is the server's part of it.
        return m_stream->takenBytes() > 0 && !timedOut ? LeftAtCertificate : unfinished;
    case TlsFailure::OldVersion:
        return TlsVersionTooOld;
    case TlsFailure::NotTrusted:
        return CertificateNotTrusted;
    case TlsFailure::Other:
        return TlsFailed;
    }
    if (!m_bytes.isEmpty() || m_body || m_answering || m_writing)
        return unfinished;
    // Nothing was asked, which is nobody's business: health checks come so, and browsers that connect ahead.
    const bool isSecured = m_opening.tls && m_isOpen;
    return isSecured && m_requests == 0 && !timedOut ? std::optional(LeftAfterTls) : std::nullopt;
}

void IncomingConnection::end(bool timedOut)
{
    if (m_done)
        return;
    if (const auto why = failure(timedOut))
        m_handler.connectionFailed(m_request.peer, *why, m_stream->tlsError());
    finish();
}

void IncomingConnection::finish()
{
    if (std::exchange(m_done, true))
        return;
    m_deadline.stop();
    Q_EMIT done();
}

} // namespace rr
