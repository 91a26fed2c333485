// SPDX-License-Identifier: MIT
// The part of a Call that has to do with its access token: what it may spend, and for how long it is good.
#include "core/call/call.h"

#include "core/realtime/redaction.h"

#include <QDateTime>
#include <QRegularExpression>
#include <QStringList>
#include <QTimer>

#include <algorithm>
#include <chrono>

namespace rr {

namespace {

/// What is billed by time has no response that could be waited for.
bool isBilledByTime(CallKind kind)
{
    return kind == CallKind::Live || kind == CallKind::Translation;
}

/// Whether `model` is one of a token's, or one of these with the day on which it was made, as upstreams tell it of those that
/// are asked for without. Empty: there is none, or no list.
bool mayUse(const QStringList &allowed, const QByteArray &model)
{
    if (allowed.isEmpty() || model.isEmpty())
        return true;
    static const QRegularExpression day(QStringLiteral("-\\d{4}-\\d{2}-\\d{2}$"));
    const QString name = QString::fromUtf8(model);
    return allowed.contains(name) || allowed.contains(QString(name).remove(day));
}

} // namespace

void Call::accessChanged(const AccessBook &book)
{
    if (!m_isWatched || m_phase >= Phase::Closing)
        return;
    const auto terms = book.find(m_record->access);
    if (terms && !terms->isRevoked) {
        m_books->setTerms(terms);
        return;
    }
    EndDetails details;
    details.detail = QT_TRANSLATE_NOOP("Core", "it was revoked");
    end(EndReason::AccessEnded, std::move(details));
}

/// Ends it where it is: true.
bool Call::accessIsOver(qint64 nowNs)
{
    const auto terms = m_books->terms();
    EndDetails details;
    if (terms->expiresAt.isValid() && QDateTime::currentDateTimeUtc() >= terms->expiresAt) {
        details.detail = QT_TRANSLATE_NOOP("Core", "it has expired");
        end(EndReason::AccessEnded, std::move(details));
        return true;
    }
    const std::chrono::minutes limit(terms->minutesACall);
    if (limit.count() > 0 && nowNs - m_record->startedNs >= std::chrono::nanoseconds(limit).count()) {
        details.limit = limit;
        details.isOfToken = true;
        end(EndReason::SessionLimit, std::move(details));
        return true;
    }
    m_meter.tick(nowNs);
    if (m_meter.isSessionUnread()) {
        sessionIsUnread();
        return true;
    }
    if (const auto why = mustStopSpending()) {
        details.detail = *why;
        end(EndReason::SpendLimit, std::move(details));
        return true;
    }
    return false;
}

/// A response that is under way may come to its end, or one that is asked for may begin, but not several side by side, and none after
/// it, whatever is asked for meanwhile.
std::optional<Sentence> Call::mustStopSpending()
{
    auto why = m_books->whySpent();
    const bool isOne = m_meter.responses() == 1 || (m_meter.responses() == 0 && m_meter.asked() > 0);
    if (!why || !isOne || isBilledByTime(m_record->kind)) {
        m_lastResponse.reset();
        return why;
    }
    if (!m_lastResponse)
        m_lastResponse = m_meter.ended() + 1;
    return m_meter.ended() < *m_lastResponse ? std::nullopt : why;
}

void Call::usageCounted()
{
    if (m_phase != Phase::Open)
        return;
    // A session says only when it has begun, or is changed, with which models it works.
    const SessionModels &models = m_meter.sessionModels();
    const auto terms = m_books->terms();
    if (!mayUse(terms->models, models.session)) {
        endSoon(EndReason::AccessEnded,
            QT_TRANSLATE_NOOP("Core", "it is not good for the model of this session"));
        return;
    }
    if (!mayUse(terms->models, models.transcription) || !mayUse(terms->models, models.delegation)) {
        endSoon(EndReason::AccessEnded,
            QT_TRANSLATE_NOOP("Core", "it is not good for another model that this session uses"));
        return;
    }
    if (m_books->isBounded() && !m_meter.hasPrices())
        m_books->setUnpriced();
    m_meter.tick(CallRegistry::nowNs());
    if (const auto why = mustStopSpending())
        endSoon(EndReason::SpendLimit, *why);
    else if (mustWaitForMoney())
        holdForMoney();
}

/// The client asks for a response, or speaks where that is billed, behind whose message this is. One response more than is under way
/// waits where there is no money for it: how many come in one read is the client's to choose.
void Call::responseAsked()
{
    if (m_phase != Phase::Open)
        return;
    m_meter.tick(CallRegistry::nowNs());
    if (const auto why = mustStopSpending())
        endSoon(EndReason::SpendLimit, *why);
    else if (mustWaitForMoney())
        holdForMoney();
}

/// Whatever its first bytes say.
void Call::clientRead(const QByteArray &whole)
{
    if (m_phase < Phase::Closing && m_meter.clientRead(whole))
        responseAsked();
}

/// What the upstream says of the key that it was called with is not for who has come with an access token.
QByteArray Call::withoutHeldKey(const QByteArray &event) const
{
    const QString text = QString::fromUtf8(event);
    const QString shown = withoutKeys(text, m_plan.keys);
    return shown == text ? event : shown.toUtf8();
}

/// Until the ledger has said how much more may be spent, which takes it milliseconds, and where there is no more, until the responses
/// that are under way have told what they were, the client asks for nothing more: or what one that is quick has responses for
/// meanwhile would be on nobody's money. Who speaks while one response is made is not held up.
bool Call::mustWaitForMoney() const
{
    const int responses = m_meter.responses() + m_meter.asked();
    if (responses > 1 && m_books->isBounded() && m_meter.sessionModels().session.isEmpty())
        return true; // nobody knows yet what they cost
    return m_books->isShort() && (responses > 1 || (responses == 0 && m_books->isInDoubt()));
}

void Call::holdForMoney()
{
    if (leg(Side::Client).passage->isHeld())
        return;
    leg(Side::Client).passage->hold();
    waitForMoney();
}

void Call::waitForMoney(std::chrono::milliseconds pause)
{
    QTimer::singleShot(pause, this, [this, pause] {
        if (m_phase != Phase::Open)
            return;
        const auto why = mustStopSpending();
        if (!why && mustWaitForMoney()) {
            constexpr std::chrono::milliseconds longest{50};
            waitForMoney(std::min(2 * pause, longest)); // a ledger that is away takes it seconds
            return;
        }
        if (!why) {
            leg(Side::Client).passage->release();
            return;
        }
        EndDetails details;
        details.detail = *why;
        end(EndReason::SpendLimit, std::move(details)); // and nothing of what has waited goes up
    });
}

/// Nobody knows then whose prices it has, nor whether its models are among those of the token.
void Call::sessionIsUnread()
{
    if (m_phase == Phase::Open)
        endSoon(EndReason::AccessEnded,
            QT_TRANSLATE_NOOP("Core", "what the upstream says of its session is too much to be read"));
}

/// Behind the message that is just being passed; nothing that the client may ask for at once goes up any more.
void Call::endSoon(EndReason reason, const Sentence &detail)
{
    leg(Side::Client).passage->hold();
    QTimer::singleShot(0, this, [this, reason, detail] {
        EndDetails details;
        details.detail = detail;
        end(reason, std::move(details));
    });
}

} // namespace rr
