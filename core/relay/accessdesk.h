// SPDX-License-Identifier: MIT
#pragma once

#include "core/admission/accounts.h"
#include "core/call/relayservices.h"
#include "core/config/secret.h"
#include "core/relay/handover.h"
#include "core/relay/relayrules.h"

#include <QByteArray>
#include <QList>
#include <QObject>

#include <cstddef>
#include <functional>
#include <list>
#include <memory>
#include <optional>
#include <variant>

namespace rr {

/// Who has come with an access token, and may do what it asks for. Every worker has one, in its thread. Tokens that were minted for
/// an access token (see Ledger::keepMinted()) are that token.
///
/// Another relay may have made a token that the book here does not have yet. So who comes with one that is not in it waits for the
/// next book, two seconds at the most, which makes no work for the store.
class AccessDesk
{
public:
    struct Asked
    {
        Secret key; ///< isAccessToken()
        QByteArray origin; ///< null: none
        QList<QByteArray> models; ///< all that the request names
        bool namesModelLater = false; ///< only the session says what model it is
        bool joinsOthers = false; ///< it is for a session that somebody has begun already
        AccessUse use = AccessUse::Call;
        QString client = {}; ///< its address, for the troubles
    };

    /// In: with which key it goes upstream, and as whom it is counted.
    struct In
    {
        std::shared_ptr<AccessPlace> place;
        Secret key;
        bool isHeldKey = false; ///< else the upstream's short-lived one, which was made with it
    };
    /// Not in; whose token it is, where that is known.
    struct Out
    {
        Refusal refusal;
        std::shared_ptr<const AccessTerms> terms{};
    };
    using Answer = std::variant<In, Out>;

    /// Who wait for another book; more are told storeAway().
    static constexpr std::size_t mostWaiting = 64;

    AccessDesk(RelayServices &services, const Handover &handover);

    void setRules(std::shared_ptr<const RelayRules> rules);

    /// Neither null, nor revoked, nor expired.
    static bool isGood(const AccessTerms *terms);
    /// Of whatever is not good, in the same words: who tries tokens learns nothing.
    static Refusal notGood();

    /// Says what becomes of it, once, at once or later:
    ///   401 invalid_api_key      the token is none, revoked or expired; in words of its own: the relay holds no key
    ///   403 origin_not_allowed   not among the origins of the token
    ///   403 session_not_allowed  with a token nobody joins what others have begun
    ///   403 model_not_allowed    not among its models, none is named, or none that has a price under a budget
    ///   503 store_away           the book was never read; and what Accounts::enter() says
    /// Counts nothing, and tells the troubles alone. When it waits, then for the ledger and another book; who asks has to bound
    /// that.
    void ask(const Asked &asked, std::function<void(Answer)> then);
    /// There is another book.
    void bookChanged();

private:
    /// Somebody whose token is looked up.
    struct Sought
    {
        Asked asked;
        std::function<void(Answer)> then;
        QByteArray hash; ///< of an access token
        qint64 token = 0; ///< whose the minted one is that has come in its place
        Secret upstreams{}; ///< that was sealed under that one

        bool isMinted() const { return token != 0; }
    };
    struct Waiting
    {
        quint64 number;
        Sought sought;
    };

    void lookUpMinted(const Sought &sought);
    void lookUp(const Sought &sought);
    void wait(const Sought &sought);
    void waitedLongEnough(quint64 number);
    std::shared_ptr<const AccessTerms> find(const Sought &sought) const;
    void judge(const Sought &sought, std::shared_ptr<const AccessTerms> terms);
    std::optional<Refusal> refusal(const Sought &sought, const AccessTerms *terms) const;
    Answer answer(
        const Sought &sought, Accounts::Entry entry, const std::shared_ptr<const AccessTerms> &terms) const;

    RelayServices &m_services;
    const Handover m_handover;
    std::shared_ptr<const RelayRules> m_rules;
    std::list<Waiting> m_waiting; ///< for another book
    quint64 m_lastWaiting = 0;
    std::unique_ptr<QObject> m_context; ///< of timers, which are gone with it; made where they are, for a worker is made elsewhere
};

} // namespace rr
