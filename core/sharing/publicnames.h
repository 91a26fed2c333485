// SPDX-License-Identifier: MIT
#pragma once

#include <QByteArray>
#include <QElapsedTimer>
#include <QHostAddress>
#include <QHostInfo>
#include <QList>
#include <QObject>
#include <QString>
#include <QTimer>

#include <chrono>
#include <functional>
#include <memory>
#include <vector>

QT_BEGIN_NAMESPACE
class QUdpSocket;
QT_END_NAMESPACE

namespace rr {

/// Whom names are asked of. A plain value.
struct NameSources
{
    struct Server
    {
        QHostAddress address;
        quint16 port = 53;
    };

    /// Public resolvers, of different makers. Each is asked where the one before it does not answer, and in turn while a name
    /// does not exist yet: one that was asked too early goes on saying no for as long as the name's zone has it.
    QList<Server> servers{
        {QHostAddress(QStringLiteral("1.1.1.1"))}, {QHostAddress(QStringLiteral("8.8.8.8"))}};
    /// This system's search; `done` is called in a later turn, in this thread, unless `context` is gone. Null: QHostInfo.
    std::function<void(
        const QString &host, QObject *context, const std::function<void(const QHostInfo &)> &done)>
        system;
};

/// Asks public resolvers for a host's addresses, without this system's search and what it remembers. Who looks a name up in
/// the system too early has it remembered for up to half an hour that it does not exist. One question at a time, over UDP. One
/// thread; nothing blocks.
class PublicNames final : public QObject
{
    Q_OBJECT
public:
    explicit PublicNames(QList<NameSources::Server> servers, QObject *parent = nullptr);
    ~PublicNames() override;

    enum class Outcome : quint8 {
        Found,
        NotThere, ///< somebody has answered, and nobody knows an address
        NobodyAnswers, ///< UDP to port 53 is not let through, perhaps
    };

    /// Exactly one answered() follows, in a later turn. `patience`: how long a name that is not there is asked for again;
    /// zero: the first word counts.
    void ask(const QString &host, std::chrono::milliseconds patience);

    /// After answered(): of both families, IPv4 first.
    const QList<QHostAddress> &addresses() const { return m_addresses; }

Q_SIGNALS:
    void answered(rr::PublicNames::Outcome outcome);

private:
    struct Question
    {
        QByteArray message;
        bool isAnswered = false;
    };

    void askNext();
    void send();
    void read();
    void roundEnds();
    void finish(Outcome outcome);

    const QList<NameSources::Server> m_servers;
    QString m_host;
    std::chrono::milliseconds m_patience{};
    QElapsedTimer m_since;
    std::unique_ptr<QUdpSocket> m_socket;
    std::vector<Question> m_questions;
    QList<QHostAddress> m_addresses;
    QTimer m_resend;
    QTimer m_roundOver; ///< the server is silent
    QTimer m_nextRound;
    std::chrono::milliseconds m_pause{}; ///< before the next, while the name is not there
    int m_round = 0;
    int m_silent = 0; ///< servers in a row
    bool m_saidNo = false; ///< somebody has
    bool m_heard = false; ///< something came in this round
};

} // namespace rr
