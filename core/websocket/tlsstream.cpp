// SPDX-License-Identifier: MIT
#include "core/websocket/tlsstream.h"

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

/// Whom the certificate must be for (RFC 6125); the server is told, too, but not an address (RFC 6066 3). False: no
/// certificate can be for this name, and OpenSSL would check none.
bool expectPeer(SSL *ssl, const QString &host)
{
    if (!QHostAddress(host).isNull())
        return X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl), host.toLatin1().constData()) == 1;
    QByteArray name = QUrl::toAce(host);
    if (name.endsWith('.'))
        name.chop(1);
    SSL_set_hostflags(ssl, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
    return !name.isEmpty() && SSL_set_tlsext_host_name(ssl, name.constData()) == 1
        && SSL_set1_host(ssl, name.constData()) == 1;
}

} // namespace

TlsStream::TlsStream(std::unique_ptr<ByteStream> inner, std::shared_ptr<const TlsClient> client,
    const QString &host, std::shared_ptr<TlsSessionCache> sessions)
    : m_inner(std::move(inner))
    , m_client(std::move(client))
    , m_sessions(std::move(sessions))
    , m_ssl(SSL_new(m_client->context()))
{
    Q_CHECK_PTR(m_ssl);
    BIO *bio = makeBio(*m_inner);
    SSL_set_bio(m_ssl, bio, bio);
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
        fail(QStringLiteral("no certificate can be for this name"));
}

TlsStream::~TlsStream()
{
    // Who does not like to be offered a session may not say so, but close or be silent: the next one begins anew.
    if (!m_secured)
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

void TlsStream::shakeHands()
{
    ERR_clear_error();
    const int done = SSL_do_handshake(m_ssl);
    if (done == 1) {
        m_secured = true;
        m_inner->setReading(m_reading);
        send(std::exchange(m_unsent, {}));
        if (m_closing)
            shutDown();
        m_more = SSL_has_pending(m_ssl);
        announce();
        return;
    }
    if (SSL_get_error(m_ssl, done) == SSL_ERROR_WANT_READ)
        return;
    const long verdict = SSL_get_verify_result(m_ssl);
    const char *reason = verdict == X509_V_OK ? ERR_reason_error_string(ERR_peek_error())
                                              : X509_verify_cert_error_string(verdict);
    fail(reason ? QString::fromLatin1(reason) : QStringLiteral("the TLS handshake failed"));
    ERR_clear_error(); // Qt, which has TLS connections in this thread, would take it for its own
}

void TlsStream::fail(const QString &why)
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
    if (m_owner && m_secured)
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
    } else if (m_ended) {
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
        ERR_clear_error();
        if (!SSL_read_ex(m_ssl, to + n, size_t(most - n), &got)) {
            m_more = false;
            if (SSL_get_error(m_ssl, 0) != SSL_ERROR_WANT_READ) {
                m_ended = true; // its close_notify, or nothing that can be trusted
                ERR_clear_error();
                announce();
            }
            break;
        }
        n += qint64(got);
        m_more = SSL_has_pending(m_ssl);
    } while (m_more && n < most);
    if (m_more && m_reading && !m_telling)
        announce();
    return n;
}

bool TlsStream::hasWaiting()
{
    return !m_early.isEmpty() || m_more || (!m_ended && !m_over && m_inner->hasWaiting());
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
    if (!m_secured) {
        if (!m_ended)
            m_unsent.append(bytes);
        return;
    }
    send(bytes);
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

qint64 TlsStream::backlogBytes() const
{
    return m_inner->backlogBytes() + m_unsent.size();
}

void TlsStream::closeAfterWriting()
{
    if (std::exchange(m_closing, true) || m_over)
        return;
    if (m_secured)
        shutDown();
}

void TlsStream::shutDown()
{
    ERR_clear_error();
    SSL_shutdown(m_ssl);
    ERR_clear_error();
    m_inner->closeAfterWriting();
}

void TlsStream::abort()
{
    m_over = true;
    m_inner->abort();
}

} // namespace rr
