// SPDX-License-Identifier: MIT
#include "core/call/callmeter.h"

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
/// What else a client of a translation says is shorter.
constexpr qint64 shortestAudio = 512;

/// Around the audio in a response.output_audio.delta.
constexpr qint64 aroundSpoken = 240;
/// What a voice model says in a second (OpenAI's guide to costs of Realtime: one token for 50 ms).
constexpr qint64 spokenTokensASecond = 20;
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

CallMeter::CallMeter(
    CallRecord &record, std::shared_ptr<const Prices> prices, QList<Secret> keys, CallBooks *books)
    : m_usage(record.usage)
    , m_kind(record.kind)
    , m_prices(std::move(prices))
    , m_keys(std::move(keys))
    , m_books(books)
{
    // Until the session says it.
    m_models.session = (record.untold.model ? record.untold.answeringModel : record.model).toUtf8();
}

bool CallMeter::wants(EventType type, QByteArrayView start)
{
    if (m_isWanted)
        forgetWanted();
    m_isWanted = mayTellUsage(type, start) && m_kind != CallKind::Translation;
    return m_isWanted || tellsSession(type) || isCutInType(type, start);
}

/// It has passed, and was not read.
void CallMeter::forgetWanted()
{
    m_isWanted = false;
    UsageTotals more;
    more.unread = 1;
    m_usage.ofModel(placeOf(m_models.session)).add(more);
    if (!m_books || m_spokenBytes == 0)
        return;
    m_books->spend(running(0)); // what was heard of it has to do
    m_spokenBytes = 0;
}

void CallMeter::read(EventType type, QByteArrayView whole)
{
    m_isWanted = false;
    if (tellsSession(type)) {
        if (auto models = readSessionModels(whole)) {
            if (models->session.isEmpty())
                models->session = std::move(m_models.session);
            m_models = *std::move(models);
        }
        if (m_kind == CallKind::Live && beginsSession(type)) {
            m_usage.isUnconfirmed.set(1);
            m_voice.atNs = CallRegistry::nowNs();
        }
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
    more.usage = fact.usage;
    if (fact.of == UsageOf::Response || fact.of == UsageOf::LiveBackend) {
        more.responses = 1;
        more.cancelled = fact.status == ResponseStatus::Cancelled ? 1 : 0;
    }
    if (!fact.hasUsage) {
        more.unread = 1;
    } else if (m_kind != CallKind::Sideband) {
        const auto cost = m_prices ? m_prices->costOf(fact.usage, model) : std::nullopt;
        more.cost = cost.value_or(Money());
        more.unpriced = cost ? 0 : 1;
    }
    m_usage.ofModel(placeOf(model)).add(more);
    if (!m_books || m_kind == CallKind::Sideband)
        return;
    if (fact.hasUsage)
        m_books->add({ledgerIdOf(fact), shownName(model), fact.usage,
                         more.unpriced > 0 ? std::nullopt : std::optional(more.cost)},
            more.cost);
    else if (fact.of == UsageOf::Response) // then what was heard of it has to do
        m_books->spend(running(0));
    if (fact.of == UsageOf::Response)
        m_spokenBytes = 0;
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
    if (isAudioFromUpstream(type))
        m_spokenBytes += std::max<qint64>(0, bytes - aroundSpoken);
    else if (beginsResponse(type))
        ++m_responses;
    else if (endsResponse(type) && m_responses > 0)
        --m_responses;
}

Usage CallMeter::spoken() const
{
    Usage usage;
    const qint64 ms = m_spokenBytes / 4 * 3 / m_models.spokenBytesPerMs;
    usage.audioOut = (ms * spokenTokensASecond + 999) / 1000;
    return usage;
}

/// What costs something already, and is yet to be told: about so much.
Money CallMeter::running(qint64 nowNs) const
{
    if (!m_prices)
        return {};
    if (m_kind == CallKind::Translation) // the client's own speech is counted as it comes
        return {};
    if (m_kind != CallKind::Live)
        return m_prices->costOf(spoken(), m_models.session).value_or(Money());
    if (m_voice.atNs == 0)
        return {};
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
    if (m_books->isBounded())
        m_books->estimate(running(nowNs));
}

/// Who cuts off what is running does not have it for nothing, for the upstream bills it all the same.
void CallMeter::countUnfinished()
{
    if (m_kind == CallKind::Live) {
        if (m_usage.isUnconfirmed.value() != 0 && m_voice.atNs > 0)
            countVoice(m_voice.ms + (CallRegistry::nowNs() - m_voice.atNs) / nsInMs);
        return;
    }
    if (m_spokenBytes == 0 || m_kind == CallKind::Translation || m_kind == CallKind::Sideband)
        return;
    UsageTotals more;
    more.usage = spoken();
    more.cost = running(0);
    more.unread = 1;
    m_usage.ofModel(placeOf(m_models.session)).add(more);
    m_books->add({"unfinished", shownName(m_models.session), more.usage, more.cost}, more.cost);
    m_spokenBytes = 0;
}

void CallMeter::clientBegins(EventType type, QByteArrayView start)
{
    m_frame = 0;
    m_leastHeard = isCutInType(type, start) ? shortestAudio : 0;
    if (m_kind != CallKind::Translation || !(appendsToTranslation(type) || m_leastHeard > 0))
        return;
    const qsizetype audio = audioBeginsAt(start);
    m_frame = audio < 0 ? usualFrame : audio + behindAudio;
}

void CallMeter::clientEnds(qint64 bytes)
{
    if (m_frame == 0 || bytes < m_leastHeard)
        return;
    // Four characters of base64 are three bytes.
    m_heardBytes += std::max<qint64>(0, bytes - m_frame) / 4 * 3;
    countVoice(m_heardBytes / bytesPerMs);
}

void CallMeter::finish()
{
    if (m_books && m_books->isBounded())
        countUnfinished();
    if (m_books && m_kind == CallKind::Translation)
        tellVoice(0, true);
    // A session that was cut off before it has told any time has cost something all the same.
    if (m_isWanted || (m_usage.isUnconfirmed.value() != 0 && m_voice.place < 0))
        forgetWanted();
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
