// SPDX-License-Identifier: MIT
#pragma once

#include "core/base/counter.h"
#include "core/monitor/usagetotals.h"

#include <QString>

#include <array>
#include <atomic>

namespace rr {

/// What one call has used, as its worker writes it and anybody reads it.
class CallUsage
{
public:
    /// Of one model.
    struct Counters
    {
        QString model; ///< never changed once it is published
        Counter textIn, audioIn, imageIn;
        Counter textCached, audioCached, imageCached;
        Counter textOut, audioOut;
        Counter ms;
        Counter costPico;
        Counter responses, cancelled, unpriced, unread;

        void add(const UsageTotals &more)
        {
            textIn.add(more.usage.textIn);
            audioIn.add(more.usage.audioIn);
            imageIn.add(more.usage.imageIn);
            textCached.add(more.usage.textCached);
            audioCached.add(more.usage.audioCached);
            imageCached.add(more.usage.imageCached);
            textOut.add(more.usage.textOut);
            audioOut.add(more.usage.audioOut);
            ms.add(more.usage.ms);
            costPico.set((Money::ofPico(costPico.value()) + more.cost).pico());
            responses.add(more.responses);
            cancelled.add(more.cancelled);
            unpriced.add(more.unpriced);
            unread.add(more.unread);
        }
        UsageTotals totals() const
        {
            UsageTotals totals;
            totals.usage = {textIn.value(), audioIn.value(), imageIn.value(), textCached.value(),
                audioCached.value(), imageCached.value(), textOut.value(), audioOut.value(), ms.value()};
            totals.cost = Money::ofPico(costPico.value());
            totals.responses = responses.value();
            totals.cancelled = cancelled.value();
            totals.unpriced = unpriced.value();
            totals.unread = unread.value();
            return totals;
        }
    };

    /// A call has a model, one that writes down what is said, and one that is delegated to. The last place is for all others.
    static constexpr int mostModels = 4;

    // By the call's worker.
    /// The counters of a model that is new in this call; those of all others when there are too many.
    int addModel(const QString &name)
    {
        const int place = m_count.load(std::memory_order_relaxed);
        if (place == mostModels)
            return mostModels - 1;
        m_models[size_t(place)].model = place < mostModels - 1 ? name : QString(otherModels);
        m_count.store(place + 1, std::memory_order_release);
        return place;
    }
    Counters &ofModel(int place) { return m_models[size_t(place)]; }
    Counter isUnconfirmed; ///< 1: a Live session has begun, and has yet to say its last word on its time

    // By anybody.
    int models() const { return m_count.load(std::memory_order_acquire); }
    const Counters &ofModel(int place) const { return m_models[size_t(place)]; }
    UsageTotals totals() const
    {
        UsageTotals all;
        for (int place = 0; place < models(); ++place)
            all += ofModel(place).totals();
        return all;
    }

private:
    std::array<Counters, mostModels> m_models;
    std::atomic<int> m_count{0};
};

} // namespace rr
