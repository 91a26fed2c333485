// SPDX-License-Identifier: MIT
#pragma once

#include "core/call/callbooks.h"
#include "core/call/untoldusage.h"
#include "core/config/secret.h"
#include "core/monitor/callrecord.h"
#include "core/monitor/journal.h"
#include "core/realtime/eventtype.h"
#include "core/realtime/prices.h"
#include "core/realtime/usagefact.h"

#include <QByteArray>
#include <QList>
#include <QSet>

#include <array>
#include <memory>
#include <vector>

namespace rr {

/// Counts what a call uses and what that costs, by what the upstream says of it, into CallRecord::usage. Of a translation, of which
/// nothing is said, it is the length of the speech that the client sends. A sideband's usage is counted as it is seen: whose it
/// watches is billed for it, so that it has no cost. Owned by the Call, in its thread; a message that tells no usage costs it the
/// look into a table.
class CallMeter
{
public:
    /// How many ids it remembers, so that a fact that is told again is not counted again.
    static constexpr int mostIds = 4096;

    /// `prices`: null where none are known. `keys` are cut out of the names of models.
    /// `books`: what is told of it outside of the call; null: nothing. `journal`: where each fact is a line, for who wants as much
    /// of it; null: nowhere. Both outlive it.
    CallMeter(CallRecord &record, std::shared_ptr<const Prices> prices, QList<Secret> keys,
        CallBooks *books = nullptr, Journal *journal = nullptr);

    /// A message of the upstream begins: whether to have it read, by read(). Who does not, as it is too large, leaves a fact
    /// that is not known. True also where so little of it has come that its type is not known yet.
    bool wants(EventType type, QByteArrayView start);
    /// Of any type; what tells nothing is passed over.
    void read(EventType type, QByteArrayView whole);

    // Of a call with an access token: for the estimate of what it spends just now.
    /// A message of the upstream has passed, or is to be read next.
    void passed(EventType type, qint64 bytes);
    /// Responses that are under way, and those that were asked for and have not begun.
    int responses() const { return m_untold.responses(); }
    int asked() const { return m_untold.asked(); }
    qint64 ended() const { return m_untold.ended(); }
    /// Whether all is known that the session works with, as far as it has said it, and has a price.
    bool hasPrices() const;
    /// What tells the session's models has passed and was too large to be read.
    bool isSessionUnread() const { return m_isSessionUnread || (m_isSessionWanted && m_hasPassed); }
    /// As the session has it, or the query where it has not said it yet.
    const SessionModels &sessionModels() const { return m_models; }
    /// Where books are kept: tells them what grows. `nowNs`: CallRegistry::nowNs().
    void tick(qint64 nowNs);

    /// A message of the client begins: whether to have it read, by clientRead(), since there is money that it may spend.
    bool clientBegins(EventType type, QByteArrayView start);
    /// It has passed: true where it may ask for a response, or has spent something. One that is yet to be read does not.
    bool clientEnds(qint64 bytes);
    /// It is whole: likewise.
    bool clientRead(QByteArrayView whole);

    /// The call is over.
    void finish();

private:
    /// The time of a session, which is told again and again as it grows.
    struct Voice
    {
        int place = -1; ///< of its model's counters; -1: none was told
        QByteArray model;
        qint64 ms = 0;
        Money cost;
        bool isUnpriced = false;
        qint64 atNs = 0; ///< when the upstream has last told it; 0: the session has not begun
        qint64 toldMs = 0; ///< to the ledger
        qint64 toldNs = 0; ///< when
        Money spent; ///< on the account
    };

    void count(const UsageFact &fact);
    void countVoice(qint64 ms);
    void tellVoice(qint64 nowNs, bool isLast);
    void countUnfinished();
    bool clientSaid(bool appendsAudio, bool asks, qint64 bytes);
    bool countsTokens() const;
    void countUntold(
        UsageOf of, const QByteArray &fact, const QByteArray &model, const Usage &usage, UsageTotals more);
    void tell(UsageOf of, const QByteArray &model, const UsageTotals &more) const;
    Usage transcribed() const;
    std::optional<Money> running(qint64 nowNs) const;
    std::optional<Money> costOf(const Usage &usage, const QByteArray &model) const;
    bool isPriced(const QByteArray &model) const;
    void countUnread(const UsageFact &fact, UsageTotals more);
    /// What is yet to be told is estimated.
    bool estimates() const { return m_isWatched && countsTokens(); }
    void setModels(SessionModels models);
    QByteArray ledgerIdOf(const UsageFact &fact) const;
    QString shownName(const QByteArray &model) const;
    bool isNew(const UsageFact &fact);
    void forgetWanted();
    int placeOf(const QByteArray &model);
    QByteArray modelOf(const UsageFact &fact) const;

    const CallRecord &m_record;
    CallUsage &m_usage;
    const CallKind m_kind;
    const std::shared_ptr<const Prices> m_prices;
    const QList<Secret> m_keys;
    CallBooks *const m_books;
    Journal *const m_journal;
    const bool m_isWatched; ///< it has an access token
    SessionModels m_models;
    std::array<QByteArray, CallUsage::mostModels - 1> m_names; ///< by place, as they were told
    bool m_isWanted = false; ///< what tells usage passes, and was not read yet
    EventType m_wanted = noEvent; ///< which that is
    bool m_isCut = false; ///< too little of what passes had come to know its type
    bool m_isSessionWanted = false; ///< what may tell the session passes, and was not read yet
    bool m_hasPassed = false; ///< all of it
    bool m_isSessionUnread = false;
    qint64 m_around = 0; ///< bytes of what passes that are not its text or audio
    Voice m_voice;
    EventType m_clientType = noEvent; ///< of what the client says
    bool m_readsClient = false; ///< all of that
    qsizetype m_frame = 0; ///< bytes around the audio in that
    qint64 m_heardBytes = 0; ///< of speech
    qint64 m_otherBytes = 0; ///< that a client of a translation has said otherwise
    QSet<QByteArray> m_ids;
    std::vector<QByteArray> m_idsInOrder; ///< a ring once it is full
    size_t m_nextId = 0;
    UntoldUsage m_untold;
    qint64 m_unread = 0; ///< facts without an id
};

} // namespace rr
