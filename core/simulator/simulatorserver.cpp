// SPDX-License-Identifier: MIT
#include "core/simulator/simulatorserver.h"

#include <QFile>
#include <QSslCertificate>
#include <QSslKey>
#include <QSslSocket>
#include <QTimer>

using namespace Qt::StringLiterals;

namespace rr {

namespace {

constexpr int handshakeDeadlineMs = 10000;
constexpr int listenBacklog = 1024;

} // namespace

SimulatorServer::SimulatorServer(const SimulatorSettings &settings, QObject *parent)
    : QTcpServer(parent)
    , m_settings(settings)
{
    setListenBacklogSize(listenBacklog);
}

SimulatorServer::~SimulatorServer()
{
    stop();
}

std::optional<QString> SimulatorServer::start()
{
    if (!m_settings.tlsCertificateFile.isEmpty() || !m_settings.tlsKeyFile.isEmpty()) {
        if (auto error = loadTls())
            return error;
    }
    if (!m_settings.replayFile.isEmpty()) {
        QString error;
        auto recording = Recording::load(m_settings.replayFile, error);
        if (!recording)
            return error;
        m_service.recording = std::make_shared<const Recording>(std::move(*recording));
    }
    m_service.speech = std::make_shared<const Speech>();
    m_service.speed = m_settings.speed;
    if (!listen(m_settings.host, m_settings.port)) {
        return u"Cannot listen on %1 port %2: %3. Choose another address or port."_s.arg(
            m_settings.host.toString(), QString::number(m_settings.port), errorString());
    }
    return {};
}

std::optional<QString> SimulatorServer::loadTls()
{
    QFile certificate(m_settings.tlsCertificateFile);
    QFile key(m_settings.tlsKeyFile);
    if (!certificate.open(QIODevice::ReadOnly))
        return u"Cannot read the certificate file '%1': %2."_s.arg(
            certificate.fileName(), certificate.errorString());
    if (!key.open(QIODevice::ReadOnly))
        return u"Cannot read the key file '%1': %2."_s.arg(key.fileName(), key.errorString());
    const QList<QSslCertificate> chain = QSslCertificate::fromDevice(&certificate);
    const QByteArray pem = key.readAll();
    QSslKey privateKey(pem, QSsl::Rsa);
    if (privateKey.isNull())
        privateKey = QSslKey(pem, QSsl::Ec);
    if (chain.isEmpty())
        return u"There is no PEM certificate in '%1'."_s.arg(certificate.fileName());
    if (privateKey.isNull())
        return u"There is no PEM key (RSA or EC, without a passphrase) in '%1'."_s.arg(key.fileName());
    QSslConfiguration tls = QSslConfiguration::defaultConfiguration();
    tls.setLocalCertificateChain(chain);
    tls.setPrivateKey(privateKey);
    tls.setPeerVerifyMode(QSslSocket::VerifyNone); // clients show no certificate
    tls.setProtocol(QSsl::TlsV1_2OrLater);
    m_tls = tls;
    return {};
}

QUrl SimulatorServer::url() const
{
    QUrl url;
    url.setScheme(m_tls ? u"wss"_s : u"ws"_s);
    url.setHost(serverAddress().toString());
    url.setPort(serverPort());
    url.setPath(u"/v1/realtime"_s);
    return url;
}

void SimulatorServer::stop()
{
    close();
    // Connections are this object's children; their last signals must not reach it half destroyed.
    const auto sockets = findChildren<QTcpSocket *>();
    for (QTcpSocket *socket : sockets) {
        socket->disconnect(this);
        socket->abort();
    }
}

void SimulatorServer::incomingConnection(qintptr descriptor)
{
    auto *tls = m_tls ? new QSslSocket(this) : nullptr;
    QTcpSocket *socket = tls ? tls : new QTcpSocket(this);
    if (!socket->setSocketDescriptor(descriptor)) {
        delete socket;
        return;
    }
    socket->setSocketOption(QAbstractSocket::LowDelayOption, 1);
    socket->setReadBufferSize(2 * maxHeadBytes);
    connect(socket, &QAbstractSocket::disconnected, socket, [socket] { socket->deleteLater(); });
    if (m_settings.faults.silent)
        return;
    if (tls) {
        tls->setSslConfiguration(*m_tls);
        tls->startServerEncryption();
    }
    awaitHead(socket);
}

void SimulatorServer::awaitHead(QTcpSocket *socket)
{
    auto *deadline = new QTimer(socket);
    deadline->setSingleShot(true);
    connect(deadline, &QTimer::timeout, socket, [socket] { socket->abort(); });
    deadline->start(handshakeDeadlineMs);
    connect(socket, &QIODevice::readyRead, this, [this, socket, deadline] {
        const auto parsed = parseRequestHead(socket->peek(maxHeadBytes));
        if (std::holds_alternative<HeadIncomplete>(parsed))
            return;
        delete deadline;
        socket->disconnect(this);
        if (const auto *error = std::get_if<HeadError>(&parsed)) {
            refuse(socket, error->status, {u"bad_request"_s, error->detail});
            return;
        }
        const RequestHead head = std::get<RequestHead>(parsed);
        socket->skip(head.size);
        answer(socket, head);
    });
}

void SimulatorServer::answer(QTcpSocket *socket, const RequestHead &head)
{
    Faults faults = m_settings.faults;
    const HandshakeVerdict verdict = judgeHandshake(head, faults);
    if (head.wantsUpgrade())
        Q_EMIT handshake(describeHandshake(head, m_settings.expectedKey));
    if (faults.silent)
        return;
    if (faults.garbage) {
        socket->write("\x16\x03\x01 this is not HTTP \xff\xfe\r\n\r\n");
        return;
    }
    if (faults.handshakeDelayMs == 0) {
        decide(socket, head, faults, verdict);
        return;
    }
    QTimer::singleShot(faults.handshakeDelayMs, socket,
        [this, socket, head, faults, verdict] { decide(socket, head, faults, verdict); });
}

void SimulatorServer::decide(
    QTcpSocket *socket, const RequestHead &head, const Faults &faults, const HandshakeVerdict &verdict)
{
    if (socket->state() != QAbstractSocket::ConnectedState)
        return;
    if (verdict.refuseStatus) {
        refuse(socket, verdict.refuseStatus, verdict.error);
        return;
    }
    disconnect(socket, &QAbstractSocket::disconnected, socket, nullptr); // the call ends it from now on
    auto *call = new ServedCall(socket, m_service, faults, this);
    ++m_liveCalls;
    connect(call, &ServedCall::ended, this, [this, call] {
        --m_liveCalls;
        call->deleteLater();
    });
    call->start(head, verdict);
}

void SimulatorServer::refuse(QTcpSocket *socket, int status, const ApiError &error)
{
    socket->write(refusal(status, error));
    socket->disconnectFromHost();
}

} // namespace rr
