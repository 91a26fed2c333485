// SPDX-License-Identifier: MIT
#include "ui/control/keychain.h"

#ifdef RELAY_KEYCHAIN
#include <QObject>

#include <qt6keychain/keychain.h>
#endif

namespace rr {

#ifdef RELAY_KEYCHAIN

namespace {

constexpr auto keychainService = "realtime-relay";

Keychain::Outcome outcomeOf(QKeychain::Error error)
{
    switch (error) {
    case QKeychain::NoError:
        return Keychain::Outcome::Done;
    case QKeychain::EntryNotFound:
    case QKeychain::CouldNotDeleteEntry: // as the backends say where there was none
        return Keychain::Outcome::NotThere;
    case QKeychain::AccessDeniedByUser:
    case QKeychain::AccessDenied:
        return Keychain::Outcome::Denied;
    default:
        return Keychain::Outcome::Missing;
    }
}

/// The library does its jobs one after the other, and each deletes itself at its end, or with what it belongs to.
class SystemKeychain final : public Keychain
{
public:
    explicit SystemKeychain(const QString &name)
        : m_name(name)
    {
    }

    void read(Then then) override
    {
        auto *job = new QKeychain::ReadPasswordJob(QString::fromLatin1(keychainService), &m_owner);
        start(job, [job, answerTo = std::move(then)](Answer answer) {
            if (answer.outcome == Outcome::Done)
                answer.secret = Secret(job->textData().toUtf8());
            answerTo(answer);
        });
    }

    void write(const Secret &secret, Then then) override
    {
        auto *job = new QKeychain::WritePasswordJob(QString::fromLatin1(keychainService), &m_owner);
        job->setTextData(QString::fromUtf8(secret.reveal()));
        start(job, std::move(then));
    }

    void erase(Then then) override
    {
        start(new QKeychain::DeletePasswordJob(QString::fromLatin1(keychainService), &m_owner),
            std::move(then));
    }

private:
    void start(QKeychain::Job *job, std::function<void(Answer)> then)
    {
        job->setKey(m_name);
        job->setInsecureFallback(false); // its file could be read by others
        QObject::connect(
            job, &QKeychain::Job::finished, &m_owner, [answerTo = std::move(then)](QKeychain::Job *ended) {
                answerTo({outcomeOf(ended->error()), {}, ended->errorString()});
            });
        job->start();
    }

    const QString m_name;
    QObject m_owner; ///< of the jobs
};

} // namespace

std::unique_ptr<Keychain> systemKeychain(const QString &name)
{
    return std::make_unique<SystemKeychain>(name);
}

#else

std::unique_ptr<Keychain> systemKeychain(const QString &)
{
    return {};
}

#endif

} // namespace rr
