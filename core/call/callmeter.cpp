// SPDX-License-Identifier: MIT
#include "core/call/callmeter.h"

#include "core/call/calljournal.h"
#include "core/call/passage.h"
#include "core/monitor/callregistry.h"
#include "core/realtime/redaction.h"

#include <algorithm>
#include <utility>

namespace rr {

namespace {

/// A translation hears 24 kHz, two bytes a sample.
constexpr qint64 bytesPerMs = 48;
/// Around the audio in {"type":"session.input_audio_buffer.append","audio":"…"}, and behind it.
constexpr qsizetype usualFrame = 55;
constexpr qsizetype behindAudio = 2;
/// More has every type in it that there is, where it is the first member. Less of a message has come where a read, or a
/// fragment, has ended in it.
constexpr qsizetype enoughForType = 80;
/// What a client of a translation says otherwise is less than that in all. What is more is taken for speech, as an upstream may
/// read a type of it that the relay does not see.
constexpr qint64 mostOther = 64 * 1024;

/// Around the audio or the text in an event that brings a piece of it, where that cannot be seen.
constexpr qint64 aroundDelta = 240;
/// What a model that writes down what was said counts for a second, rather too high.
constexpr qint64 transcribedTokensASecond = 20;
/// A time that grows all the while is told to the ledger so often.
constexpr qint64 tellVoiceEveryNs = 5'000'000'000;
constexpr qint64 nsInMs = 1'000'000;

Money difference(Money one, Money other)
{
    return Money::ofPico(one.pico() - other.pico());
}

bool isCutInType(EventType type, QByteArrayView start)
{
    return type == unknownEvent && start.size() < enoughForType;
}

} // namespace

CallMeter::CallMeter(CallRecord &record, std::shared_ptr<const Prices> prices, QList<Secret> keys,
    CallBooks *books, Journal *journal)
    : m_record(record)
    , m_usage(record.usage)
    , m_kind(record.kind)
    , m_prices(std::move(prices))
    , m_keys(std::move(keys))
    , m_books(books)
    , m_journal(journal)
    , m_isWatched(books && books->terms())
{
    // Until the session says it.
    m_models.session = (record.untold.model ? record.untold.answeringModel : record.model).toUtf8();
}

bool CallMeter::wants(EventType type, QByteArrayView start)
{
    if (m_isWanted)
        forgetWanted();
    m_isWanted = mayTellUsage(type, start) && m_kind != CallKind::Translation;
    // What a Live session has delegated tells what it was when it is done, and who leaves before would have had it for nothing.
    if (m_isWatched && m_kind == CallKind::Live && isDelegated(type) && m_books->isBounded()
        && !isPriced(m_models.delegation))
        m_books->setUnpriced();
    m_wanted = type;
    const bool isCut = isCutInType(type, start);
    if (!m_isWatched)
        return m_isWanted || tellsSession(type) || isCut;
    m_isSessionUnread = isSessionUnread();
    m_isSessionWanted = tellsSession(type) || isCut;
    m_hasPassed = false;
    m_isCut = isCut;
    if (isWrittenByResponse(type) || isTranscriptDelta(type)) {
        const qsizetype text = deltaBeginsAt(start);
        m_around = text < 0 ? aroundDelta : text + behindAudio;
    } else {
        m_around = aroundDelta;
    }
    return m_isWanted || m_isSessionWanted || (estimates() && beginsResponse(type));
}

/// By what it has read and written, and not by its time.
bool CallMeter::countsTokens() const
{
    return m_kind == CallKind::Realtime || m_kind == CallKind::Beta || m_kind == CallKind::Transcription;
}

/// It has passed, and was not read.
void CallMeter::forgetWanted()
{
    m_isWanted = false;
    UsageTotals more;
    more.unread = 1;
    UsageFact fact;
    fact.of = endsTranscript(m_wanted) ? UsageOf::Transcription : UsageOf::Response;
    const bool isOne = endsResponse(m_wanted) || endsTranscript(m_wanted);
    if (isOne && estimates()) {
        countUnread(fact, more);
        return;
    }
    m_usage.ofModel(placeOf(m_models.session)).add(more);
    if (isOne)
        tell(fact.of, modelOf(fact), more);
}

/// Then what has passed of it has to do, and what it will have read.
void CallMeter::countUnread(const UsageFact &fact, UsageTotals more)
{
    const QByteArray id
        = "unread:" + (fact.id.isEmpty() ? '#' + QByteArray::number(++m_unread) : ledgerIdOf(fact));
    if (fact.of == UsageOf::Response) {
        countUntold(fact.of, id, modelOf(fact), m_untold.ofResponses(1), more);
        m_untold.forgetOutput();
        return;
    }
    const Usage usage = transcribed();
    countUntold(fact.of, id, modelOf(fact), usage, more);
    m_untold.transcriptTold(usage);
}

/// An estimate, with `more` beside it.
void CallMeter::countUntold(
    UsageOf of, const QByteArray &fact, const QByteArray &model, const Usage &usage, UsageTotals more)
{
    const auto cost = costOf(usage, model);
    more.usage = usage;
    more.cost = cost.value_or(Money());
    more.unpriced = cost ? 0 : 1;
    m_usage.ofModel(placeOf(model)).add(more);
    tell(of, model, more);
    m_books->add({fact, shownName(model), usage, cost}, more.cost);
}

/// A line of the call's log. A time that grows all the while has none: the last one says what it was.
void CallMeter::tell(UsageOf of, const QByteArray &model, const UsageTotals &more) const
{
    if (m_journal && m_journal->wants(LogLevel::Debug))
        m_journal->add(usageCounted(m_record, of, shownName(model), more));
}

/// nullopt: no price is known.
std::optional<Money> CallMeter::costOf(const Usage &usage, const QByteArray &model) const
{
    if (usage.isEmpty())
        return Money();
    return m_prices ? m_prices->costOf(usage, model) : std::nullopt;
}

bool CallMeter::isPriced(const QByteArray &model) const
{
    return m_prices && m_prices->costOf({}, model);
}

bool CallMeter::hasPrices() const
{
    if (m_kind == CallKind::Sideband)
        return true; // it costs nothing
    return (m_models.session.isEmpty() || isPriced(m_models.session))
        && (m_models.transcription.isEmpty() || isPriced(m_models.transcription));
}

void CallMeter::setModels(SessionModels models)
{
    if (models.session.isEmpty())
        models.session = std::move(m_models.session);
    m_models = std::move(models);
    m_untold.setFormats(m_models.heardBytesPerMs, m_models.spokenBytesPerMs);
}

void CallMeter::read(EventType type, QByteArrayView whole)
{
    m_isWanted = m_isSessionWanted = false;
    if (std::exchange(m_isCut, false))
        passed(type, whole.size());
    if (tellsSession(type)) {
        if (auto models = readSessionModels(whole))
            setModels(*std::move(models));
        if (m_kind == CallKind::Live && beginsSession(type)) {
            m_usage.isUnconfirmed.set(1);
            m_voice.atNs = CallRegistry::nowNs();
        }
    } else if (beginsResponse(type)) {
        if (const auto bytesPerMs = readSpokenBytesPerMs(whole))
            m_untold.setSpoken(*bytesPerMs);
    } else if (const auto fact = readUsage(type, whole)) {
        count(*fact);
    }
}

void CallMeter::count(const UsageFact &fact)
{
    if (fact.of == UsageOf::LiveVoice) {
        if (m_kind != CallKind::Live) // it is the session's that this call watches
            return;
        if (fact.hasUsage)
            countVoice(fact.usage.ms);
        if (fact.hasUsage && fact.isLast)
            m_usage.isUnconfirmed.set(0);
        return;
    }
    if (!isNew(fact))
        return;
    const QByteArray model = modelOf(fact);
    UsageTotals more;
    if (fact.of == UsageOf::Response || fact.of == UsageOf::LiveBackend) {
        more.responses = 1;
        more.cancelled = fact.status == ResponseStatus::Cancelled ? 1 : 0;
    }
    if (!fact.hasUsage) {
        more.unread = 1;
        // What has failed and has said nothing is not billed.
        const bool isForNothing = fact.status == ResponseStatus::Failed && !m_untold.hasOutput();
        if (estimates() && !isForNothing
            && (fact.of == UsageOf::Response || fact.of == UsageOf::Transcription)) {
            countUnread(fact, more);
            return;
        }
    }
    more.usage = fact.usage;
    if (fact.hasUsage && m_kind != CallKind::Sideband) {
        const auto cost = m_prices ? m_prices->costOf(fact.usage, model) : std::nullopt;
        more.cost = cost.value_or(Money());
        more.unpriced = cost ? 0 : 1;
    }
    m_usage.ofModel(placeOf(model)).add(more);
    tell(fact.of, model, more);
    if (!m_books || m_kind == CallKind::Sideband)
        return;
    if (!fact.hasUsage)
        return;
    m_books->add({ledgerIdOf(fact), shownName(model), fact.usage,
                     more.unpriced > 0 ? std::nullopt : std::optional(more.cost)},
        more.cost);
    if (fact.of == UsageOf::Response)
        m_untold.responseTold(fact.usage);
    else if (fact.of == UsageOf::Transcription)
        m_untold.transcriptTold(fact.usage);
}

/// It only grows: what falls is a snapshot that came late.
void CallMeter::countVoice(qint64 ms)
{
    if (m_voice.place < 0) {
        m_voice.model = m_models.session;
        m_voice.place = placeOf(m_voice.model);
    } else if (ms <= m_voice.ms) {
        return;
    }
    Usage all;
    all.ms = ms;
    const auto cost = m_prices ? m_prices->costOf(all, m_voice.model) : std::nullopt;
    UsageTotals more;
    more.usage.ms = ms - std::exchange(m_voice.ms, ms);
    // Of the whole, so that what is rounded is rounded once.
    if (cost)
        more.cost = Money::ofPico(cost->pico() - std::exchange(m_voice.cost, *cost).pico());
    else if (!std::exchange(m_voice.isUnpriced, true))
        more.unpriced = 1;
    m_usage.ofModel(m_voice.place).add(more);
    if (m_books && m_kind == CallKind::Live) {
        m_voice.atNs = CallRegistry::nowNs();
        tellVoice(m_voice.atNs, true);
    }
}

/// Spends what has come to it. The ledger is told now and then; `isLast`: at once.
void CallMeter::tellVoice(qint64 nowNs, bool isLast)
{
    if (m_voice.place < 0)
        return;
    if (m_voice.cost != m_voice.spent)
        m_books->spend(difference(m_voice.cost, std::exchange(m_voice.spent, m_voice.cost)));
    if (m_voice.ms == m_voice.toldMs || (!isLast && nowNs - m_voice.toldNs < tellVoiceEveryNs))
        return;
    Usage all;
    all.ms = m_voice.toldMs = m_voice.ms;
    m_voice.toldNs = nowNs;
    m_books->add({"voice", shownName(m_voice.model), all,
                     m_voice.isUnpriced ? std::nullopt : std::optional(m_voice.cost)},
        {});
}

void CallMeter::passed(EventType type, qint64 bytes)
{
    m_hasPassed = true;
    if (countsTokens())
        m_untold.upstreamSaid(type, bytes, m_around, !m_models.transcription.isEmpty());
}

/// Speech that is yet to be told as written down, by its time or by tokens, as its model has a price.
Usage CallMeter::transcribed() const
{
    if (m_models.transcription.isEmpty())
        return {};
    Usage byTime;
    byTime.ms = m_untold.transcribedMs(m_kind == CallKind::Transcription);
    Usage byTokens;
    byTokens.audioIn = (byTime.ms * transcribedTokensASecond + 999) / 1000;
    byTokens.textOut = m_untold.transcriptTokens();
    Usage aSecond;
    aSecond.ms = 1000;
    return costOf(aSecond, m_models.transcription) ? byTime : byTokens;
}

/// What costs something already, and is yet to be told: about so much. nullopt: no price is known for it.
std::optional<Money> CallMeter::running(qint64 nowNs) const
{
    if (countsTokens()) {
        const bool isNamed = !m_models.session.isEmpty();
        const bool isAny = m_untold.responses() + m_untold.asked() > 0 || m_untold.hasOutput();
        const auto responses
            = isAny && isNamed ? costOf(m_untold.ofResponses(), m_models.session) : std::optional(Money());
        const auto transcripts = costOf(transcribed(), m_models.transcription);
        return responses && transcripts ? std::optional(*responses + *transcripts) : std::nullopt;
    }
    // A translation's client is counted as it speaks.
    if (!m_prices || m_kind != CallKind::Live || m_voice.atNs == 0)
        return Money();
    Usage all;
    all.ms = m_voice.ms + std::max<qint64>(0, nowNs - m_voice.atNs) / nsInMs;
    const auto cost = m_prices->costOf(all, m_models.session);
    return cost ? difference(*cost, m_voice.cost) : Money();
}

void CallMeter::tick(qint64 nowNs)
{
    if (!m_books)
        return;
    if (m_kind == CallKind::Translation)
        tellVoice(nowNs, false);
    m_untold.tick(nowNs);
    if (!m_books->isBounded())
        return;
    const auto cost = running(nowNs);
    m_books->estimate(cost.value_or(Money()));
    if (!cost)
        m_books->setUnpriced();
}

/// Who cuts off what is running does not have it for nothing, for the upstream bills it all the same.
void CallMeter::countUnfinished()
{
    if (m_kind == CallKind::Live) {
        if (m_usage.isUnconfirmed.value() != 0 && m_voice.atNs > 0)
            countVoice(m_voice.ms + (CallRegistry::nowNs() - m_voice.atNs) / nsInMs);
        return;
    }
    if (!countsTokens())
        return;
    UsageTotals more;
    more.unread = 1;
    if (m_kind != CallKind::Transcription
        && (m_untold.responses() + m_untold.asked() > 0 || m_untold.hasOutput()))
        countUntold(UsageOf::Response, "unfinished", m_models.session, m_untold.ofResponses(), more);
    if (const Usage speech = transcribed(); !speech.isEmpty())
        countUntold(UsageOf::Transcription, "unfinished:transcription", m_models.transcription, speech, more);
}

bool CallMeter::clientBegins(EventType type, QByteArrayView start)
{
    m_clientType = type;
    if (m_kind == CallKind::Translation) {
        const qsizetype audio = audioBeginsAt(start);
        m_frame = audio < 0 ? usualFrame : audio + behindAudio;
    }
    m_readsClient = estimates() && m_books->isBounded();
    return m_readsClient;
}

bool CallMeter::clientSaid(bool appendsAudio, bool asks, qint64 bytes)
{
    const bool isAsked = asks && m_kind != CallKind::Transcription; // which answers nothing
    m_untold.clientSaid(appendsAudio, isAsked, bytes, CallRegistry::nowNs());
    return isAsked;
}

bool CallMeter::clientRead(QByteArrayView whole)
{
    return m_readsClient && whole.size() <= Passage::mostReadBytes
        && clientSaid(mayAppendAudio(whole), mayAskForResponse(whole), whole.size());
}

bool CallMeter::clientEnds(qint64 bytes)
{
    if (estimates()) {
        if (m_readsClient && bytes <= Passage::mostReadBytes)
            return false;
        // Who knows what stands in what is too large to be read.
        return clientSaid(appendsAudio(m_clientType), m_readsClient || asksForResponse(m_clientType), bytes);
    }
    if (m_kind != CallKind::Translation)
        return false;
    // What is of no known type may be of one that is written in another way, or stands behind what has come.
    if (!appendsToTranslation(m_clientType) && m_clientType != unknownEvent) {
        m_otherBytes += bytes;
        if (m_otherBytes <= mostOther)
            return false;
    }
    // Four characters of base64 are three bytes.
    m_heardBytes += std::max<qint64>(0, bytes - m_frame) / 4 * 3;
    countVoice(m_heardBytes / bytesPerMs);
    return m_books && m_books->isBounded();
}

void CallMeter::finish()
{
    // What has come in part alone is unfinished where that is counted.
    const bool isBounded = m_books && m_books->isBounded();
    if (m_isWanted && (m_hasPassed || !isBounded || !estimates()))
        forgetWanted();
    if (isBounded)
        countUnfinished();
    if (m_books && m_kind == CallKind::Translation)
        tellVoice(0, true);
    // A session that was cut off before it has told any time has cost something all the same.
    if (m_usage.isUnconfirmed.value() != 0 && m_voice.place < 0) {
        m_wanted = noEvent;
        forgetWanted();
    }
}

bool CallMeter::isNew(const UsageFact &fact)
{
    if (fact.id.isEmpty())
        return true;
    const QByteArray id = QByteArray(1, char('0' + int(fact.of))) + fact.id;
    if (m_ids.contains(id))
        return false;
    if (m_idsInOrder.size() < size_t(mostIds)) {
        m_idsInOrder.push_back(id);
    } else {
        m_ids.remove(m_idsInOrder[m_nextId]);
        m_idsInOrder[m_nextId] = id;
    }
    m_nextId = (m_nextId + 1) % size_t(mostIds);
    m_ids.insert(id);
    return true;
}

/// In the ledger, where a response has its own id; empty: it has none.
QByteArray CallMeter::ledgerIdOf(const UsageFact &fact) const
{
    if (fact.id.isEmpty() || fact.of == UsageOf::Response)
        return fact.id;
    switch (fact.of) {
    case UsageOf::Transcription:
        return "transcription:" + fact.id;
    case UsageOf::LiveBackend:
        return "backend:" + fact.id;
    default:
        return "decision:" + fact.id;
    }
}

QString CallMeter::shownName(const QByteArray &model) const
{
    constexpr int longestName = 64;
    return outsideText(withoutKeys(QString::fromUtf8(model), m_keys), longestName);
}

QByteArray CallMeter::modelOf(const UsageFact &fact) const
{
    if (!fact.model.isEmpty())
        return fact.model;
    return fact.of == UsageOf::Transcription ? m_models.transcription : m_models.session;
}

int CallMeter::placeOf(const QByteArray &model)
{
    const int known = std::min(m_usage.models(), int(m_names.size()));
    const auto end = m_names.begin() + known;
    if (const auto found = std::find(m_names.begin(), end, model); found != end)
        return int(found - m_names.begin());
    const int place = m_usage.addModel(shownName(model));
    if (place < int(m_names.size()))
        m_names[size_t(place)] = model;
    return place;
}

} // namespace rr
