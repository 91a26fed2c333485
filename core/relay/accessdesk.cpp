// SPDX-License-Identifier: MIT
#include "core/relay/accessdesk.h"

#include "core/admission/originpolicy.h"
#include "core/call/calltroubles.h"
#include "core/realtime/redaction.h"

#include <QDateTime>

#include <algorithm>
#include <utility>

using namespace Qt::StringLiterals;

namespace rr {

namespace {

constexpr QByteArrayView shortLived = "ek_";

/// Of whatever is not good, in the same words: who tries tokens learns nothing.
Refusal notGood()
{
    return {401, "invalid_api_key"_ba,
        QT_TRANSLATE_NOOP("Core",
            "This access token is not known here, was revoked or has expired. Ask whoever gave it to you for another one."),
        0};
}

Refusal noHeldKey()
{
    return {401, "invalid_api_key"_ba,
        QT_TRANSLATE_NOOP("Core",
            "This access token is good, but the relay holds no API key to call with. Have its operator set OPENAI_API_KEY."),
        0};
}

Refusal modelNotAllowed(Sentence message)
{
    return {403, "model_not_allowed"_ba, std::move(message), 0};
}

QString shownModel(const QByteArray &model)
{
    constexpr int longest = 64;
    return outsideText(QString::fromUtf8(model), longest);
}

} // namespace

AccessDesk::AccessDesk(RelayServices &services, const Handover &handover)
    : m_services(services)
    , m_handover(handover)
{
}

void AccessDesk::setRules(std::shared_ptr<const RelayRules> rules)
{
    m_rules = std::move(rules);
}

/// Without any access token nothing can have been made for one.
bool AccessDesk::concerns(const Secret &key) const
{
    if (isAccessToken(key))
        return true;
    return key.reveal().startsWith(shortLived) && !m_rules->heldKey.isEmpty() && m_services.accounts.ledger()
        && !m_services.accounts.book()->isEmpty();
}

void AccessDesk::ask(const Asked &asked, std::function<void(Answer)> then)
{
    const QByteArray hash = hashOfToken(asked.key);
    const auto book = m_services.accounts.book();
    if (isAccessToken(asked.key)) {
        judge(asked, book->find(hash), false, then);
        return;
    }
    m_services.accounts.ledger()->findMinted(
        hash, [this, asked, then = std::move(then), handover = m_handover](std::optional<qint64> token) {
            // This is there as long as the worker is, which nothing is handed to any more when it goes.
            handover.call([this, asked, then, token] {
                if (!token)
                    then(Out{storeAway()});
                else if (*token == 0)
                    then(NotOurs{});
                else
                    judge(asked, m_services.accounts.book()->find(*token), true, then);
            });
        });
}

std::optional<Refusal> AccessDesk::refusal(const Asked &asked, const AccessTerms *terms, bool isMinted) const
{
    const bool isGood = terms && !terms->isRevoked
        && !(terms->expiresAt.isValid() && terms->expiresAt <= QDateTime::currentDateTimeUtc());
    if (!isGood)
        return notGood();
    if (!asked.origin.isNull() && !terms->origins.isEmpty()
        && !OriginPolicy(terms->origins).allows(asked.origin))
        return Refusal{403, "origin_not_allowed"_ba,
            QT_TRANSLATE_NOOP("Core",
                "Pages of this origin may not use this access token. Ask the relay's operator to add it to the token's "
                "origins."),
            0};
    if (m_rules->heldKey.isEmpty())
        return noHeldKey();
    if (asked.joinsOthers)
        return Refusal{403, "session_not_allowed"_ba,
            QT_TRANSLATE_NOOP("Core",
                "With an access token nobody joins, watches or goes on with a session that was begun elsewhere. Open a "
                "call of your own."),
            0};
    if (terms->models.isEmpty())
        return std::nullopt;
    // One that was made for the token was made for a model that it may use.
    if (asked.models.isEmpty() && !asked.namesModelLater && !isMinted)
        return modelNotAllowed(
            {QT_TRANSLATE_NOOP("Core",
                 "This access token is good for some models only, so the request has to name one: %1."),
                {terms->models.join(u", "_s)}});
    const auto wrong = std::find_if(asked.models.begin(), asked.models.end(),
        [terms](const QByteArray &model) { return !terms->models.contains(QString::fromUtf8(model)); });
    if (wrong != asked.models.end())
        return modelNotAllowed(
            {QT_TRANSLATE_NOOP("Core", "This access token is not good for the model %1, but for these: %2."),
                {shownModel(*wrong), terms->models.join(u", "_s)}});
    return std::nullopt;
}

void AccessDesk::judge(const Asked &asked, std::shared_ptr<const AccessTerms> terms, bool isMinted,
    const std::function<void(Answer)> &then)
{
    if (auto refused = refusal(asked, terms.get(), isMinted)) {
        if (refused->status == 401)
            noteTokenRefused(m_services.troubles, asked.client, refused->message == notGood().message);
        then(Out{*std::move(refused), std::move(terms)});
        return;
    }
    auto entry = m_services.accounts.enter(
        terms, asked.use, [this, asked, terms, isMinted, then, handover = m_handover](Accounts::Entry later) {
            handover.call([this, asked, terms, isMinted, then, later = std::move(later)] {
                then(answer(asked, later, terms, isMinted));
            });
        });
    if (entry)
        then(answer(asked, *std::move(entry), terms, isMinted));
}

AccessDesk::Answer AccessDesk::answer(const Asked &asked, Accounts::Entry entry,
    const std::shared_ptr<const AccessTerms> &terms, bool isMinted) const
{
    if (auto *refused = std::get_if<Refusal>(&entry))
        return Out{*std::move(refused), terms};
    auto place = std::get<std::shared_ptr<AccessPlace>>(std::move(entry));
    if (place->isBounded()) {
        // Or the budget would not see what is spent.
        const auto unpriced
            = std::find_if(asked.models.begin(), asked.models.end(), [this](const QByteArray &model) {
                  return !m_rules->prices || !m_rules->prices->costOf(Usage(), model);
              });
        if (unpriced != asked.models.end())
            return Out{
                modelNotAllowed(
                    {QT_TRANSLATE_NOOP("Core",
                         "What may be spent with this access token is limited, and no price is known for "
                         "the model %1. Use another one, or have the relay's operator add its price."),
                        {shownModel(*unpriced)}}),
                terms};
    }
    return In{std::move(place), isMinted ? asked.key : m_rules->heldKey, !isMinted};
}

} // namespace rr
