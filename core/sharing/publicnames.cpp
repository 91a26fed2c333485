// SPDX-License-Identifier: MIT
#include "core/sharing/publicnames.h"

#include "core/sharing/dnsmessage.h"

#include <QNetworkProxy>
#include <QRandomGenerator>
#include <QUdpSocket>

#include <algorithm>
#include <utility>

namespace rr {

namespace {

using namespace std::chrono_literals;

/// A datagram may be lost.
constexpr auto resendAfter = 1s;
/// A resolver that has to ask others first takes less.
constexpr auto silentAfter = 2500ms;
/// Each question to a name that is not there may be remembered, so the next one is later.
constexpr std::chrono::milliseconds firstPause = 1s;
constexpr std::chrono::milliseconds longestPause = 8s;

} // namespace

PublicNames::PublicNames(QList<NameSources::Server> servers, QObject *parent)
    : QObject(parent)
    , m_servers(std::move(servers))
{
    for (QTimer *timer : {&m_resend, &m_roundOver, &m_nextRound})
        timer->setSingleShot(true);
    connect(&m_resend, &QTimer::timeout, this, &PublicNames::send);
    connect(&m_roundOver, &QTimer::timeout, this, &PublicNames::roundEnds);
    connect(&m_nextRound, &QTimer::timeout, this, &PublicNames::askNext);
}

PublicNames::~PublicNames() = default;

void PublicNames::ask(const QString &host, std::chrono::milliseconds patience)
{
    m_host = host;
    m_patience = patience;
    m_since.start();
    m_pause = firstPause;
    m_nextRound.start(0);
}

void PublicNames::askNext()
{
    m_questions.clear();
    m_heard = false;
    for (const DnsType type : {DnsType::A, DnsType::Aaaa}) {
        const auto id = quint16(QRandomGenerator::system()->generate());
        m_questions.push_back({dnsQuestion(id, m_host, type)});
    }
    if (m_servers.isEmpty() || m_questions.front().message.isEmpty()) {
        finish(Outcome::NobodyAnswers);
        return;
    }
    const NameSources::Server &server = m_servers.at(m_round++ % m_servers.size());
    m_socket = std::make_unique<QUdpSocket>(); // from a port of its own, which nobody can guess
    m_socket->setProxy(QNetworkProxy(QNetworkProxy::NoProxy));
    connect(m_socket.get(), &QUdpSocket::readyRead, this, &PublicNames::read);
    // Queued, for the socket goes with its round. Nobody listens there, or there is no way.
    connect(
        m_socket.get(), &QAbstractSocket::errorOccurred, this,
        [this, socket = m_socket.get()] {
            if (socket == m_socket.get())
                roundEnds();
        },
        Qt::QueuedConnection);
    m_socket->connectToHost(server.address, server.port);
    m_roundOver.start(silentAfter);
    send();
    m_resend.start(resendAfter);
}

void PublicNames::send()
{
    for (const Question &question : m_questions) {
        if (!question.isAnswered)
            m_socket->write(question.message);
    }
}

void PublicNames::read()
{
    while (m_socket->hasPendingDatagrams()) {
        QByteArray bytes(m_socket->pendingDatagramSize(), Qt::Uninitialized);
        const qint64 size = m_socket->readDatagram(bytes.data(), bytes.size());
        for (Question &question : m_questions) {
            const auto answer
                = readDnsAnswer(QByteArrayView(bytes).first(std::max<qint64>(size, 0)), question.message);
            if (!answer || question.isAnswered)
                continue;
            question.isAnswered = true;
            m_heard = m_heard || answer->kind != DnsAnswer::Kind::Failed;
            m_addresses += answer->addresses;
        }
    }
    if (std::all_of(m_questions.begin(), m_questions.end(),
            [](const Question &question) { return question.isAnswered; }))
        QMetaObject::invokeMethod(
            this,
            [this, socket = m_socket.get()] { // not inside the socket's signal
                if (socket == m_socket.get())
                    roundEnds();
            },
            Qt::QueuedConnection);
}

void PublicNames::roundEnds()
{
    m_socket.reset();
    m_resend.stop();
    m_roundOver.stop();
    if (!m_addresses.isEmpty()) {
        finish(Outcome::Found);
        return;
    }
    m_saidNo = m_saidNo || m_heard;
    m_silent = m_heard ? 0 : m_silent + 1;
    const bool isOver = m_since.elapsed() >= m_patience.count();
    if (!m_heard) {
        if (m_silent < m_servers.size())
            m_nextRound.start(0);
        else if (!m_saidNo || isOver)
            finish(m_saidNo ? Outcome::NotThere : Outcome::NobodyAnswers);
        else
            m_nextRound.start(m_pause);
        return;
    }
    if (isOver) {
        finish(Outcome::NotThere);
        return;
    }
    m_nextRound.start(m_pause);
    m_pause = std::min(m_pause * 2, longestPause);
}

void PublicNames::finish(Outcome outcome)
{
    std::stable_partition(m_addresses.begin(), m_addresses.end(),
        [](const QHostAddress &address) { return address.protocol() == QHostAddress::IPv4Protocol; });
    Q_EMIT answered(outcome);
}

} // namespace rr
