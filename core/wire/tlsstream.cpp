// SPDX-License-Identifier: MIT
#include "core/wire/tlsstream.h"

#include <QHostAddress>
#include <QUrl>

#include <utility>

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

namespace rr {

namespace {

/// A session of TLS 1.3 can be resumed once (RFC 8446 C.4), so servers give several, usually two.
constexpr std::size_t mostSessions = 4;

ByteStream &innerOf(BIO *bio)
{
    return *static_cast<ByteStream *>(BIO_get_data(bio));
}

int readInner(BIO *bio, char *to, int most)
{
    BIO_clear_retry_flags(bio);
    const qint64 n = innerOf(bio).read(to, most);
    if (n > 0)
        return int(n);
    BIO_set_retry_read(bio); // the end is told by streamEnded()
    return -1;
}

int writeInner(BIO *bio, const char *bytes, int size)
{
    BIO_clear_retry_flags(bio);
    innerOf(bio).write(QByteArrayView(bytes, size));
    return size;
}

long controlInner(BIO *, int command, long, void *)
{
    return command == BIO_CTRL_FLUSH ? 1 : 0;
}

/// A BIO is what OpenSSL sends and receives through.
BIO *makeBio(ByteStream &inner)
{
    static BIO_METHOD *const method = [] {
        BIO_METHOD *m = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "ByteStream");
        BIO_meth_set_read(m, readInner);
        BIO_meth_set_write(m, writeInner);
        BIO_meth_set_ctrl(m, controlInner);
        return m;
    }();
    BIO *bio = BIO_new(method);
    Q_CHECK_PTR(bio);
    BIO_set_data(bio, &inner);
    BIO_set_init(bio, 1);
    return bio;
}

int sessionsIndex()
{
    static const int index = SSL_get_ex_new_index(0, nullptr, nullptr, nullptr, nullptr);
    return index;
}

/// `error`: what OpenSSL says of the handshake; 0: nothing.
TlsFailure clientsFailure(unsigned long error)
{
    if (error == 0)
        return TlsFailure::None;
    switch (ERR_GET_REASON(error)) {
    case SSL_R_UNSUPPORTED_PROTOCOL:
    case SSL_R_VERSION_TOO_LOW:
    case SSL_R_TLSV1_ALERT_PROTOCOL_VERSION:
        return TlsFailure::OldVersion;
    case SSL_R_SSLV3_ALERT_BAD_CERTIFICATE:
    case SSL_R_SSLV3_ALERT_UNSUPPORTED_CERTIFICATE:
    case SSL_R_SSLV3_ALERT_CERTIFICATE_REVOKED:
    case SSL_R_SSLV3_ALERT_CERTIFICATE_EXPIRED:
    case SSL_R_SSLV3_ALERT_CERTIFICATE_UNKNOWN:
    case SSL_R_TLSV1_ALERT_UNKNOWN_CA:
        return TlsFailure::NotTrusted;
    default:
        return TlsFailure::Other;
    }
}

/// Whom the certificate must be for (RFC 6125); the server is told, too, but not an address (RFC 6066 3). False: no
/// certificate can be for this name, and OpenSSL would check none.
bool expectPeer(SSL *ssl, const QString &host)
{
    if (!QHostAddress(host).isNull())
        return X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl), host.toLatin1().constData()) == 1;
    QByteArray name = QUrl::toAce(host);
    if (name.endsWith('.'))
        name.chop(1);
    // Not the subject's CN, which nobody else looks at any more (RFC 9525 2).
    SSL_set_hostflags(ssl, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS | X509_CHECK_FLAG_NEVER_CHECK_SUBJECT);
    // SSL_set_tlsext_host_name() without its cast.
    return !name.isEmpty()
        && SSL_ctrl(ssl, SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name, name.data()) == 1
        && SSL_set1_host(ssl, name.constData()) == 1;
}

} // namespace

TlsStream::TlsStream(std::unique_ptr<ByteStream> inner, std::shared_ptr<const TlsClient> client,
    const QString &host, std::shared_ptr<TlsSessionCache> sessions)
    : m_inner(std::move(inner))
    , m_sessions(std::move(sessions))
{
    begin(client->context());
    SSL_set_ex_data(m_ssl, sessionsIndex(), m_sessions.get());
    const bool expected = expectPeer(m_ssl, host);
    auto &kept = m_sessions->sessions;
    while (!kept.empty() && !SSL_SESSION_is_resumable(kept.back().get()))
        kept.pop_back();
    if (!kept.empty())
        SSL_set_session(m_ssl, kept.back().get());
    SSL_set_connect_state(m_ssl);
    m_inner->setOwner(this);
    m_inner->setReading(true);
    if (expected)
        shakeHands();
    else
        fail(QT_TRANSLATE_NOOP("Core", "no certificate can be for this name"));
}

TlsStream::TlsStream(std::unique_ptr<ByteStream> inner, std::shared_ptr<const TlsServer> server)
    : m_inner(std::move(inner))
    , m_server(std::move(server))
{
    m_inner->setOwner(this);
    m_inner->setReading(true);
}

TlsStream::~TlsStream()
{
    if (!m_ssl)
        return;
    // Who does not like to be offered a session may not say so, but close or be silent: the next one begins anew.
    if (!m_secured && m_sessions)
        m_sessions->sessions.clear();
    // Else OpenSSL takes the session, which others may resume, for one that went wrong.
    SSL_set_shutdown(m_ssl, SSL_SENT_SHUTDOWN | SSL_RECEIVED_SHUTDOWN);
    SSL_free(m_ssl);
}

int TlsStream::keepSession(SSL *ssl, SSL_SESSION *session)
{
    auto &kept = static_cast<TlsSessionCache *>(SSL_get_ex_data(ssl, sessionsIndex()))->sessions;
    kept.emplace_back(session, SSL_SESSION_free);
    if (kept.size() > mostSessions)
        kept.erase(kept.begin());
    return 1; // it is ours now
}

/// `context` lives as long as the connection that is made of it.
void TlsStream::begin(SSL_CTX *context)
{
    m_ssl = SSL_new(context);
    Q_CHECK_PTR(m_ssl);
    BIO *bio = makeBio(*m_inner);
    SSL_set_bio(m_ssl, bio, bio);
}

void TlsStream::shakeHands()
{
    if (!m_ssl) {
        begin(m_server->context());
        SSL_set_accept_state(m_ssl);
    }
    ERR_clear_error();
    const int done = SSL_do_handshake(m_ssl);
    if (done == 1) {
        m_secured = true;
        m_inner->setReading(m_reading);
        sendUnsent();
        m_more = SSL_has_pending(m_ssl);
        announce();
        // Later: this may be the constructor, to which nobody listens yet.
        QMetaObject::invokeMethod(this, &TlsStream::secured, Qt::QueuedConnection);
        return;
    }
    if (SSL_get_error(m_ssl, done) == SSL_ERROR_WANT_READ)
        return;
    if (m_server)
        m_clientsFailure = clientsFailure(ERR_peek_error());
    const long verdict = SSL_get_verify_result(m_ssl);
    const char *reason = verdict == X509_V_OK ? ERR_reason_error_string(ERR_peek_error())
                                              : X509_verify_cert_error_string(verdict);
    fail(reason ? asTheySaid(QString::fromLatin1(reason))
                : Sentence(QT_TRANSLATE_NOOP("Core", "the TLS handshake failed")));
    ERR_clear_error(); // Qt, which has TLS connections in this thread, would take it for its own
}

void TlsStream::fail(const Sentence &why)
{
    m_failure = why;
    m_ended = true;
    m_unsent.clear();
    m_inner->setReading(false);
    announce();
}

void TlsStream::streamReadable(ByteStream &)
{
    if (m_ended)
        return;
    if (!m_secured)
        shakeHands();
    else
        tell();
}

void TlsStream::streamWritten(ByteStream &)
{
    if (!m_secured)
        return;
    sendUnsent();
    if (m_owner)
        m_owner->streamWritten(*this);
}

void TlsStream::streamEnded(ByteStream &)
{
    m_ended = true;
    tell();
}

void TlsStream::announce()
{
    if (!std::exchange(m_announced, true))
        QMetaObject::invokeMethod(
            this,
            [this] {
                m_announced = false;
                tell();
            },
            Qt::QueuedConnection);
}

void TlsStream::tell()
{
    if (m_over)
        return;
    m_telling = true;
    if (m_reading && m_owner && (!m_ended || m_more || !m_early.isEmpty()))
        m_owner->streamReadable(*this);
    m_telling = false;
    if (m_over)
        return;
    if (m_more || !m_early.isEmpty()) {
        if (m_reading)
            announce(); // the owner takes only so much in one go
    } else if (m_ended && (m_reading || !m_secured)) {
        abort();
        if (m_owner)
            m_owner->streamEnded(*this);
    }
}

qint64 TlsStream::read(char *to, qint64 most)
{
    if (!m_early.isEmpty())
        return takeFrom(m_early, to, most);
    if (m_over || !m_secured)
        return 0;
    qint64 n = 0;
    do {
        size_t got = 0;
        if (!receive(to + n, size_t(most - n), got, false))
            break;
        n += qint64(got);
        m_more = SSL_has_pending(m_ssl);
    } while (m_more && n < most);
    if (m_more && m_reading && !m_telling)
        announce();
    return n;
}

/// `keep`: the next one gets it again.
bool TlsStream::receive(char *to, size_t most, size_t &got, bool keep)
{
    ERR_clear_error();
    if (keep ? SSL_peek_ex(m_ssl, to, most, &got) : SSL_read_ex(m_ssl, to, most, &got))
        return true;
    m_more = false;
    if (SSL_get_error(m_ssl, 0) != SSL_ERROR_WANT_READ) {
        m_ended = true; // its close_notify, or nothing that can be trusted
        ERR_clear_error();
        announce();
    }
    return false;
}

bool TlsStream::hasWaiting()
{
    if (!m_early.isEmpty())
        return true;
    if (m_over || !m_secured || (m_ended && !m_more))
        return false;
    // Not all that comes is for who reads.
    char first;
    size_t got = 0;
    if (receive(&first, 1, got, true))
        m_more = true;
    return m_more;
}

void TlsStream::setReading(bool on)
{
    if (m_reading == on || m_over)
        return;
    m_reading = on;
    if (!m_secured)
        return;
    m_inner->setReading(on);
    if (on && (m_more || m_ended || !m_early.isEmpty()))
        announce();
}

void TlsStream::write(QByteArrayView bytes)
{
    if (m_over || m_closing)
        return;
    if (m_secured && backlogBytes() == 0)
        send(bytes);
    else if (m_secured || !m_ended)
        m_unsent.append(bytes);
}

void TlsStream::sendUnsent()
{
    while (!m_unsent.isEmpty() && m_inner->backlogBytes() == 0) {
        const QByteArrayView front = m_unsent.front();
        send(front);
        m_unsent.take(front.size());
    }
    if (m_closing && m_unsent.isEmpty())
        shutDown();
}

void TlsStream::send(QByteArrayView bytes)
{
    if (bytes.isEmpty())
        return;
    size_t written = 0;
    ERR_clear_error();
    if (!SSL_write_ex(m_ssl, bytes.data(), size_t(bytes.size()), &written)) {
        m_ended = true;
        ERR_clear_error();
        announce();
    }
}

TlsFailure TlsStream::tlsFailure() const
{
    const bool isUnfinished = m_server && m_ssl && !m_secured;
    return isUnfinished && m_clientsFailure == TlsFailure::None ? TlsFailure::Unfinished : m_clientsFailure;
}

qint64 TlsStream::backlogBytes() const
{
    return m_inner->backlogBytes() + m_unsent.size();
}

bool TlsStream::takeBack(qint64 count)
{
    if (count > m_unsent.size())
        return false;
    m_unsent.takeBack(count);
    return true;
}

void TlsStream::closeAfterWriting()
{
    if (std::exchange(m_closing, true) || m_over)
        return;
    if (m_secured && m_unsent.isEmpty())
        shutDown();
}

void TlsStream::shutDown()
{
    if (std::exchange(m_shutDown, true))
        return;
    ERR_clear_error();
    SSL_shutdown(m_ssl);
    ERR_clear_error();
    m_inner->closeAfterWriting();
}

void TlsStream::abort()
{
    m_over = true;
    m_unsent.clear();
    m_inner->abort();
}

} // namespace rr
