// SPDX-License-Identifier: MIT
#pragma once

#include "core/admission/accounts.h"
#include "core/call/relayservices.h"
#include "core/config/secret.h"
#include "core/relay/handover.h"
#include "core/relay/relayrules.h"

#include <QByteArray>
#include <QList>

#include <functional>
#include <memory>
#include <optional>
#include <variant>

namespace rr {

/// Who has come with an access token, and may do what it asks for. Every worker has one, in its thread. Tokens that were made at
/// the upstream for an access token ("ek_…", see Ledger::keepMinted()) are that token.
class AccessDesk
{
public:
    struct Asked
    {
        Secret key; ///< concerns()
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
        bool isHeldKey = false; ///< else one that was made with it
    };
    /// Not in; whose token it is, where that is known.
    struct Out
    {
        Refusal refusal;
        std::shared_ptr<const AccessTerms> terms{};
    };
    /// The key is the client's own, and none of the relay's business.
    struct NotOurs
    {
    };
    using Answer = std::variant<In, Out, NotOurs>;

    AccessDesk(RelayServices &services, const Handover &handover);

    void setRules(std::shared_ptr<const RelayRules> rules);

    /// Whether ask() has to be asked. Of other keys it is known that they are the client's own.
    bool concerns(const Secret &key) const;

    /// Says what becomes of it, once, at once or later:
    ///   401 invalid_api_key      the token is none, revoked or expired; in words of its own: the relay holds no key
    ///   403 origin_not_allowed   not among the origins of the token
    ///   403 session_not_allowed  with a token nobody joins what others have begun
    ///   403 model_not_allowed    not among its models, none is named, or none that has a price under a budget
    ///   and what Accounts::enter() says
    /// Counts nothing, and tells the troubles alone. When it waits, then for the ledger alone; who asks has to bound that.
    void ask(const Asked &asked, std::function<void(Answer)> then);

private:
    void judge(const Asked &asked, std::shared_ptr<const AccessTerms> terms, bool isMinted,
        const std::function<void(Answer)> &then);
    std::optional<Refusal> refusal(const Asked &asked, const AccessTerms *terms, bool isMinted) const;
    Answer answer(const Asked &asked, Accounts::Entry entry, const std::shared_ptr<const AccessTerms> &terms,
        bool isMinted) const;

    RelayServices &m_services;
    const Handover m_handover;
    std::shared_ptr<const RelayRules> m_rules;
};

} // namespace rr
