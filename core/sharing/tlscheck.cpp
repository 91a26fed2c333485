// SPDX-License-Identifier: MIT
#include "core/sharing/tlscheck.h"

#include "core/realtime/redaction.h"
#include "core/wire/socketconnect.h"

#include <QSslCertificate>
#include <QSslCipher>
#include <QSslSocket>

#include <algorithm>
#include <iterator>
#include <utility>

namespace rr {

namespace {

/// Those that people can do something about, the one that says most first.
struct CertificateFault
{
    QSslError::SslError error;
    const char *code;
    const char *next;
};
constexpr const char *otherCertificate = QT_TRANSLATE_NOOP("Core",
    "Have the server show a certificate for this name. If it is not your server that answers, a captive portal or another "
    "machine does: the name or its address may be wrong.");
constexpr const char *ownAuthority = QT_TRANSLATE_NOOP("Core",
    "Callers' browsers will refuse it as well. Take a certificate that is trusted everywhere (Let's Encrypt), with its whole "
    "chain. If only this machine complains, a scanner in between shows certificates of its own.");
constexpr const char *renew = QT_TRANSLATE_NOOP(
    "Core", "Renew the certificate at the server; see also whether the clock of this machine is right.");
constexpr CertificateFault certificateFaults[] = {
    {QSslError::HostNameMismatch, "certificate_name", otherCertificate},
    {QSslError::CertificateExpired, "certificate_expired", renew},
    {QSslError::CertificateNotYetValid, "certificate_not_yet", renew},
    {QSslError::SelfSignedCertificate, "certificate_authority", ownAuthority},
    {QSslError::SelfSignedCertificateInChain, "certificate_authority", ownAuthority},
    {QSslError::UnableToGetLocalIssuerCertificate, "certificate_authority", ownAuthority},
    {QSslError::UnableToGetIssuerCertificate, "certificate_authority", ownAuthority},
    {QSslError::UnableToVerifyFirstCertificate, "certificate_authority", ownAuthority},
    {QSslError::CertificateUntrusted, "certificate_authority", ownAuthority},
};

QString nameOfIssuer(const QSslCertificate &certificate)
{
    for (const auto what : {QSslCertificate::Organization, QSslCertificate::CommonName}) {
        const QStringList names = certificate.issuerInfo(what);
        if (!names.isEmpty())
            return outsideText(names.first());
    }
    return QStringLiteral("?");
}

} // namespace

TlsCheck::TlsCheck(
    Destination to, QList<QHostAddress> addresses, std::chrono::milliseconds timeout, QObject *parent)
    : QObject(parent)
    , m_to(std::move(to))
    , m_addresses(std::move(addresses))
    , m_timeout(timeout)
    , m_deadline(this)
{
    m_deadline.setSingleShot(true);
    connect(&m_deadline, &QTimer::timeout, this, [this] { failed(QAbstractSocket::SocketTimeoutError); });
}

TlsCheck::~TlsCheck() = default;

void TlsCheck::start()
{
    tryNext();
}

void TlsCheck::tryNext()
{
    m_address = m_addresses.isEmpty() ? QHostAddress() : m_addresses.takeFirst();
    m_errors.clear();
    m_isReached = false;
    m_socket = std::make_unique<QSslSocket>();
    m_socket->setProxy(m_to.proxy);
    m_socket->setSslConfiguration(m_to.tls.qt);
    m_socket->setPeerVerifyName(m_to.host);
    QSslSocket *const socket = m_socket.get();
    // Queued, for the socket goes with its attempt.
    const auto whileTried = [this, socket](auto then) {
        return [this, socket, then](auto &&...) {
            if (socket == m_socket.get())
                then();
        };
    };
    connect(
        socket, &QAbstractSocket::connected, this, whileTried([this] { reached(); }), Qt::QueuedConnection);
    connect(socket, &QSslSocket::encrypted, this, whileTried([this] { finish(secured()); }),
        Qt::QueuedConnection);
    connect(
        socket, &QSslSocket::sslErrors, this, [this](const QList<QSslError> &errors) { m_errors = errors; });
    connect(
        socket, &QAbstractSocket::errorOccurred, this,
        [this, socket](QAbstractSocket::SocketError error) {
            if (socket == m_socket.get())
                failed(error);
        },
        Qt::QueuedConnection);
    m_deadline.start(m_timeout);
    const QString where = m_address.isNull() ? m_to.host : m_address.toString();
    if (m_to.secure)
        socket->connectToHostEncrypted(where, m_to.port, m_to.host);
    else
        socket->connectToHost(where, m_to.port);
}

void TlsCheck::reached()
{
    m_isReached = true;
    if (!m_to.secure)
        finish({CheckStep::Result::Warning, QLatin1String("no_tls"),
            {QT_TRANSLATE_NOOP("Core", "%1 answers, but without TLS."), {m_to.host}},
            QT_TRANSLATE_NOOP("Core",
                "Pages that came by https may not call it, and everyone on the way can read what passes. Take an address "
                "that begins with https://.")});
}

void TlsCheck::failed(QAbstractSocket::SocketError error)
{
    if (!m_isReached && !m_addresses.isEmpty())
        tryNext();
    else
        finish(verdictOn(error));
}

CheckVerdict TlsCheck::verdictOn(QAbstractSocket::SocketError error) const
{
    for (const CertificateFault &fault : certificateFaults) {
        const auto found = std::find_if(m_errors.begin(), m_errors.end(),
            [&fault](const QSslError &one) { return one.error() == fault.error; });
        if (found != m_errors.end())
            return {CheckStep::Result::Bad, QLatin1String(fault.code),
                {QT_TRANSLATE_NOOP("Core", "The certificate of %1, by %2, is not taken: %3"),
                    {m_to.host, nameOfIssuer(m_socket->peerCertificate()),
                        asTheySaid(outsideText(found->errorString()))}},
                Sentence(fault.next)};
    }
    if (error == QAbstractSocket::SocketTimeoutError) // nobody's words but our own deadline's
        return judgeFailure({UpstreamFailure::Timeout}, m_to.host);
    return judgeFailure(socketFailure(error, m_socket->errorString()), m_to.host);
}

CheckVerdict TlsCheck::secured() const
{
    const QSslCertificate certificate = m_socket->peerCertificate();
    return {CheckStep::Result::Good, {},
        {QT_TRANSLATE_NOOP("Core", "%1 with a certificate by %2 that is good until %3."),
            {m_socket->sessionCipher().protocolString(), nameOfIssuer(certificate),
                certificate.expiryDate().date().toString(Qt::ISODate)}},
        {}};
}

void TlsCheck::finish(const CheckVerdict &verdict)
{
    m_deadline.stop();
    m_socket.reset();
    Q_EMIT finished(verdict);
}

} // namespace rr
