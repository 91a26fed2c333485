// SPDX-License-Identifier: MIT
#pragma once

#include "core/config/settings.h"

#include <QHash>
#include <QHostAddress>

#include <limits>
#include <mutex>
#include <utility>

namespace rr {

/// How many connections there are that are no calls: that wait for a request, or for its answer to be taken. One for the
/// whole relay; any thread, one mutex, held for microseconds where a connection comes and goes.
///
/// Where there are too many, the one that has waited longest has to go (the newest where that is not at hand, see Worker).
/// To refuse the newest would let who holds the places keep everyone out for HANDSHAKE_TIMEOUT, those behind the same
/// address above all; a client that means it has sent its request long before it is the oldest.
class HalfOpen
{
public:
    enum class Excess : quint8 {
        None,
        OfAddress, ///< more than one address may have
        InAll,
    };

    /// One connection's place, given back when it is destroyed. The HalfOpen must outlive it.
    class Place
    {
    public:
        Place(Place &&other) noexcept
            : m_places(std::exchange(other.m_places, nullptr))
            , m_network(other.m_network)
            , m_excess(other.m_excess)
        {
        }
        Place &operator=(Place &&other) noexcept
        {
            std::swap(m_places, other.m_places);
            std::swap(m_network, other.m_network);
            std::swap(m_excess, other.m_excess);
            return *this;
        }
        ~Place();

        Excess excess() const { return m_excess; } ///< when it was taken, with itself
        const QHostAddress &network() const { return m_network; } ///< null: not counted by address

    private:
        friend class HalfOpen;
        Place(HalfOpen &places, const QHostAddress &network, Excess excess)
            : m_places(&places)
            , m_network(network)
            , m_excess(excess)
        {
        }

        HalfOpen *m_places; ///< null: moved from
        QHostAddress m_network;
        Excess m_excess;
    };

    HalfOpen() { setLimits({}); }
    /// `descriptors`: how many there are for them, whatever the settings say.
    void setLimits(const Settings &settings, int descriptors = std::numeric_limits<int>::max());
    /// Always gives one: what becomes of an excess is the caller's. `network`: clientNetwork() of the peer; null for a
    /// trusted proxy, behind which there are many.
    Place take(const QHostAddress &network);

    int count() const;

private:
    mutable std::mutex m_mutex; ///< guards all below
    int m_most = 0;
    int m_mostOfNetwork = 0;
    int m_count = 0;
    QHash<QHostAddress, int> m_byNetwork; ///< no zeros
};

} // namespace rr
