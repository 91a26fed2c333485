// SPDX-License-Identifier: MIT
#include "core/simulator/simulatorserver.h"

#include "core/http/requestbody.h"
#include "core/simulator/livehandshake.h"
#include "core/simulator/rest.h"

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
    , m_access{settings.models, Keys(settings.keys)}
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
    m_service.live = std::make_shared<LiveSessions>();
    m_service.speed = m_settings.speed;
    m_service.models = m_settings.models;
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
            send(socket, HttpAnswer::error(error->status, {u"bad_request"_s, plain(error->detail)}));
            return;
        }
        const RequestHead head = std::get<RequestHead>(parsed);
        socket->skip(head.size);
        answer(socket, head);
    });
}

void SimulatorServer::answer(QTcpSocket *socket, const RequestHead &head)
{
    if (head.wantsUpgrade() || (head.method == "GET" && surfaceAt(head.path)))
        answerUpgrade(socket, head);
    else if (head.method == "GET") // it has no body (RFC 9110 9.3.1)
        answerRequest(socket, head, {});
    else
        awaitBody(socket, head);
}

void SimulatorServer::answerUpgrade(QTcpSocket *socket, const RequestHead &head)
{
    Faults faults = m_settings.faults;
    HandshakeVerdict verdict = judgeHandshake(head, faults, m_access);
    if (verdict.refuseStatus == 0 && !m_service.live->has(verdict.path))
        verdict = noSuchLiveSession();
    if (head.wantsUpgrade())
        Q_EMIT handshake(describeHandshake(head, m_settings.expectedKey));
    if (misbehave(socket, faults))
        return;
    later(socket, faults, [this, socket, head, faults, verdict] { decide(socket, head, faults, verdict); });
}

void SimulatorServer::awaitBody(QTcpSocket *socket, const RequestHead &head)
{
    auto body = std::make_shared<RequestBody>(head);
    auto *deadline = new QTimer(socket);
    deadline->setSingleShot(true);
    connect(deadline, &QTimer::timeout, socket, [socket] { socket->abort(); });
    deadline->start(handshakeDeadlineMs);
    const auto read = [this, socket, head, body, deadline] {
        QByteArray bytes = socket->readAll();
        const auto error = body->add(bytes);
        if (!error && !body->isComplete())
            return;
        delete deadline;
        socket->disconnect(this);
        if (error)
            send(socket, HttpAnswer::error(error->status, {u"bad_request"_s, plain(error->detail)}));
        else
            answerRequest(socket, head, body->take());
    };
    connect(socket, &QIODevice::readyRead, this, read);
    read();
}

void SimulatorServer::answerRequest(QTcpSocket *socket, const RequestHead &head, const QByteArray &body)
{
    Faults faults = m_settings.faults;
    const auto wrong = faults.addFromQuery(head.query);
    Q_EMIT handshake(describeHandshake(head, m_settings.expectedKey));
    if (misbehave(socket, faults))
        return;
    HttpAnswer answer;
    if (wrong)
        answer = HttpAnswer::error(400, {u"invalid_value"_s, u"simulate: %1"_s.arg(*wrong), u"simulate"_s});
    else if (faults.refuseStatus)
        answer = HttpAnswer::error(faults.refuseStatus, errorForStatus(faults.refuseStatus));
    else
        answer = answerRest({head, body}, {m_access.keys, m_access.models, *m_service.live});
    later(socket, faults, [this, socket, answer] { send(socket, answer); });
}

/// True where the faults say that the request gets no answer, or none that is HTTP.
bool SimulatorServer::misbehave(QTcpSocket *socket, const Faults &faults)
{
    if (!faults.silent && faults.garbage)
        socket->write("\x16\x03\x01 this is not HTTP \xff\xfe\r\n\r\n");
    return faults.silent || faults.garbage;
}

void SimulatorServer::later(QTcpSocket *socket, const Faults &faults, std::function<void()> task)
{
    if (faults.handshakeDelayMs == 0)
        task();
    else
        QTimer::singleShot(faults.handshakeDelayMs, socket, std::move(task));
}

void SimulatorServer::decide(
    QTcpSocket *socket, const RequestHead &head, const Faults &faults, const HandshakeVerdict &verdict)
{
    if (socket->state() != QAbstractSocket::ConnectedState)
        return;
    if (verdict.refuseStatus) {
        send(socket, HttpAnswer::error(verdict.refuseStatus, verdict.error));
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

void SimulatorServer::send(QTcpSocket *socket, const HttpAnswer &answer)
{
    if (socket->state() != QAbstractSocket::ConnectedState)
        return;
    socket->write(answer.bytes());
    socket->disconnectFromHost();
}

} // namespace rr
