// SPDX-License-Identifier: MIT
#include "core/relay/accessdesk.h"

#include "core/admission/mintedtoken.h"
#include "core/admission/originpolicy.h"
#include "core/call/calltroubles.h"
#include "core/realtime/redaction.h"

#include <QDateTime>
#include <QTimer>

#include <algorithm>
#include <chrono>
#include <iterator>
#include <utility>

using namespace Qt::StringLiterals;

namespace rr {

namespace {

using namespace std::chrono_literals;

/// In which every relay of a store has seen what another has changed.
constexpr std::chrono::milliseconds untilBookIsNew = 2s;

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

bool AccessDesk::isGood(const AccessTerms *terms)
{
    return terms && !terms->isRevoked
        && !(terms->expiresAt.isValid() && terms->expiresAt <= QDateTime::currentDateTimeUtc());
}

Refusal AccessDesk::notGood()
{
    return {401, "invalid_api_key"_ba,
        QT_TRANSLATE_NOOP("Core",
            "This access token is not known here, was revoked or has expired. Ask whoever gave it to you for another one."),
        0};
}

void AccessDesk::ask(const Asked &asked, std::function<void(Answer)> then)
{
    const Accounts &accounts = m_services.accounts;
    const Sought sought{asked, std::move(then), hashOfToken(asked.key)};
    if (!accounts.ledger() || !hasFormOfToken(asked.key))
        judge(sought, nullptr);
    else if (!accounts.book()->isRead())
        sought.then(Out{storeAway()});
    else if (isMintedToken(asked.key))
        lookUpMinted(sought);
    else
        lookUp(sought);
}

void AccessDesk::lookUpMinted(const Sought &sought)
{
    m_services.accounts.ledger()->findMinted(
        sought.hash, [this, sought, handover = m_handover](std::optional<Ledger::Minted> minted) {
            // This is there as long as the worker is, which nothing is handed to any more when it goes.
            handover.call([this, found = sought, minted]() mutable {
                if (!minted) {
                    found.then(Out{storeAway()});
                    return;
                }
                found.upstreams = unsealed(minted->sealed, found.asked.key);
                found.token = minted->token;
                if (found.upstreams.isEmpty())
                    judge(found, nullptr);
                else
                    lookUp(found);
            });
        });
}

std::shared_ptr<const AccessTerms> AccessDesk::find(const Sought &sought) const
{
    const auto book = m_services.accounts.book();
    return sought.isMinted() ? book->find(sought.token) : book->find(sought.hash);
}

void AccessDesk::lookUp(const Sought &sought)
{
    if (auto terms = find(sought))
        judge(sought, std::move(terms));
    else if (m_services.accounts.isAway()) // so that nobody knows whether there is one
        sought.then(Out{storeAway()});
    else
        wait(sought);
}

void AccessDesk::wait(const Sought &sought)
{
    if (m_waiting.size() >= mostWaiting) {
        sought.then(Out{storeAway()});
        return;
    }
    const quint64 number = ++m_lastWaiting;
    m_waiting.push_back({number, sought});
    if (!m_context)
        m_context = std::make_unique<QObject>();
    // Before who asks says that it has taken too long.
    QTimer::singleShot(std::min(untilBookIsNew, m_rules->settings->handshakeTimeout / 2), m_context.get(),
        [this, number] { waitedLongEnough(number); });
}

void AccessDesk::waitedLongEnough(quint64 number)
{
    const auto found = std::find_if(
        m_waiting.begin(), m_waiting.end(), [number](const Waiting &each) { return each.number == number; });
    if (found == m_waiting.end())
        return;
    const Sought sought = std::move(found->sought);
    m_waiting.erase(found);
    if (m_services.accounts.isAway())
        sought.then(Out{storeAway()});
    else
        judge(sought, find(sought));
}

void AccessDesk::bookChanged()
{
    std::list<Waiting> known;
    for (auto each = m_waiting.begin(); each != m_waiting.end();) {
        const auto next = std::next(each);
        if (find(each->sought))
            known.splice(known.end(), m_waiting, each);
        each = next;
    }
    for (const Waiting &each : known)
        judge(each.sought, find(each.sought));
}

std::optional<Refusal> AccessDesk::refusal(const Sought &sought, const AccessTerms *terms) const
{
    const Asked &asked = sought.asked;
    if (!isGood(terms))
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
    if (asked.models.isEmpty() && !asked.namesModelLater && !sought.isMinted())
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

void AccessDesk::judge(const Sought &sought, std::shared_ptr<const AccessTerms> terms)
{
    if (auto refused = refusal(sought, terms.get())) {
        if (refused->status == 401)
            noteTokenRefused(m_services.troubles, sought.asked.client, refused->message == notGood().message);
        sought.then(Out{*std::move(refused), std::move(terms)});
        return;
    }
    auto entry = m_services.accounts.enter(
        terms, sought.asked.use, [this, sought, terms, handover = m_handover](Accounts::Entry later) {
            handover.call([this, sought, terms, later = std::move(later)] {
                sought.then(answer(sought, later, terms));
            });
        });
    if (entry)
        sought.then(answer(sought, *std::move(entry), terms));
}

AccessDesk::Answer AccessDesk::answer(
    const Sought &sought, Accounts::Entry entry, const std::shared_ptr<const AccessTerms> &terms) const
{
    const Asked &asked = sought.asked;
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
    return In{std::move(place), sought.isMinted() ? sought.upstreams : m_rules->heldKey, !sought.isMinted()};
}

} // namespace rr
