// SPDX-License-Identifier: MIT
#include "core/sharing/peerlook.h"

#include <QLocale>
#include <QSslConfiguration>
#include <QSslSocket>
#include <QTimeZone>

#include <algorithm>
#include <utility>

namespace rr {

using namespace Qt::StringLiterals;

bool PeerSight::hasDoubt(QSslError::SslError doubt) const
{
    return std::any_of(
        doubts.begin(), doubts.end(), [doubt](const QSslError &each) { return each.error() == doubt; });
}

PeerLook::PeerLook(PeerPlan plan, QObject *parent)
    : QObject(parent)
    , m_plan(std::move(plan))
    , m_socket(std::make_unique<QSslSocket>())
{
    m_deadline.setSingleShot(true);
    connect(&m_deadline, &QTimer::timeout, this, [this] {
        m_sight.outOfTime = true;
        finish();
    });
    QSslConfiguration configuration = QSslConfiguration::defaultConfiguration();
    configuration.setPeerVerifyMode(QSslSocket::VerifyPeer);
    if (!m_plan.authorities.isEmpty())
        configuration.setCaCertificates(m_plan.authorities);
    m_socket->setSslConfiguration(configuration);
    m_socket->setProxy(m_plan.proxy);
    connect(m_socket.get(), &QSslSocket::connected, this, &PeerLook::connected);
    connect(m_socket.get(), &QSslSocket::encrypted, this, &PeerLook::secured);
    connect(m_socket.get(), &QSslSocket::readyRead, this, &PeerLook::read);
    connect(m_socket.get(), &QSslSocket::sslErrors, this, [this](const QList<QSslError> &errors) {
        m_sight.doubts = errors;
        m_sight.chain = m_socket->peerCertificateChain();
        m_socket->ignoreSslErrors(); // to be told, and nothing secret is sent
    });
    connect(m_socket.get(), &QSslSocket::errorOccurred, this, [this](QAbstractSocket::SocketError error) {
        if (!m_answer.isOver())
            m_answer.end();
        m_sight.error = error;
        m_sight.errorText = m_socket->errorString();
        finish();
    });
}

PeerLook::~PeerLook()
{
    m_socket->disconnect(this);
}

void PeerLook::start()
{
    m_deadline.start(m_plan.patience);
    const QString where = m_plan.address.isNull() ? m_plan.host : m_plan.address.toString();
    if (m_plan.secure)
        m_socket->connectToHostEncrypted(where, m_plan.port, m_plan.host);
    else
        m_socket->connectToHost(where, m_plan.port);
}

void PeerLook::connected()
{
    m_sight.connected = true;
    if (!m_plan.secure)
        ask();
}

void PeerLook::secured()
{
    m_sight.secured = true;
    m_sight.chain = m_socket->peerCertificateChain();
    ask();
}

void PeerLook::ask()
{
    if (m_plan.onlyConnects) {
        finish();
        return;
    }
    m_socket->write("GET " + m_plan.path + " HTTP/1.1\r\nHost: " + m_plan.hostHeader
        + "\r\nUser-Agent: realtime-relay-doctor\r\nAccept: */*\r\nConnection: close\r\n\r\n");
}

void PeerLook::read()
{
    if (m_finished)
        return;
    m_answer.add(m_socket->readAll());
    if (m_answer.isOver())
        finish();
}

/// Later, for this may be the socket's signal.
void PeerLook::finish()
{
    if (std::exchange(m_finished, true))
        return;
    m_deadline.stop();
    const auto state = m_answer.state();
    if (state == ResponseReader::State::InBody || state == ResponseReader::State::Complete
        || state == ResponseReader::State::Switching) {
        m_sight.answer = m_answer.head();
        m_sight.body = m_answer.body();
        m_sight.seenAt = QDateTime::currentDateTimeUtc();
        // "Sun, 06 Nov 1994 08:49:37 GMT", in English wherever this runs (RFC 9110 5.6.7).
        const QString date = QString::fromLatin1(m_answer.head().header("Date"));
        m_sight.date = QLocale::c().toDateTime(date, u"ddd, dd MMM yyyy HH:mm:ss 'GMT'"_s);
        m_sight.date.setTimeZone(QTimeZone::utc());
    }
    QMetaObject::invokeMethod(
        this, [this] { Q_EMIT finished(m_sight); }, Qt::QueuedConnection);
}

} // namespace rr
