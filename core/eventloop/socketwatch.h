// SPDX-License-Identifier: MIT
#pragma once

#include <QSocketNotifier>

#include <array>
#include <chrono>
#include <deque>
#include <memory>
#include <vector>

#include <poll.h>
#include <sys/epoll.h>

namespace rr {

/// The enabled QSocketNotifiers of one thread and the epoll instance that watches their descriptors. Belongs
/// to that thread's dispatcher; every function but ring() is called in that thread only. Level triggered,
/// with the meaning that poll(2) gives to each event.
///
/// Changes are only noted, and told to epoll together before the next wait, one call for each descriptor
/// whose interest really differs then. A write notifier is first answered by one poll(2) for all new ones,
/// and reaches epoll only if it is still enabled after that: QTcpSocket enables its own for every write and
/// disables it on the next turn.
///
/// A descriptor that is ready turn after turn carries more than its notifier takes at a time. Where there are many
/// such, some of them are activated in each turn, in order, behind all others: those that have just become ready do
/// not wait for them.
///
/// A PatientNotifier is activated behind all of these, in order. Whatever it does then is what new connections cost, a TLS
/// handshake perhaps, so what counts is the time: once that of a turn is spent, the others wait for the next. Their
/// descriptors have an epoll instance of their own, which is asked for a few of them at a time: however many there are, a
/// turn costs no more for it, and the others' events do not come behind theirs.
///
/// A notifier must be disabled before its descriptor is closed, as QSocketNotifier demands. Where that is not
/// done, epoll forgets the descriptor without a word, and its notifier stays silent until it is changed.
class SocketWatch
{
public:
    SocketWatch();
    ~SocketWatch();
    Q_DISABLE_COPY_MOVE(SocketWatch)

    void add(QSocketNotifier *notifier);
    void remove(QSocketNotifier *notifier);

    /// Tells epoll what changed. True: something is ready or left over already, so wait() must not block.
    bool prepare();
    /// Waits up to `timeoutMs` (-1: for ever, 0: not at all) for ready descriptors or ring(), and queues the
    /// notifiers of what is ready. False: a signal interrupted it.
    bool wait(int timeoutMs);
    /// The same for ring() alone; descriptors are left as they are. Needs no prepare().
    bool waitForRing(int timeoutMs);
    /// Activates the queued notifiers, those that were disabled or replaced meanwhile left out, of the constantly ready
    /// ones only busyPerTurn, and of the patient ones as many as patientTime allows, one at the least. Reentrant: a nested
    /// call goes on where the outer one stands. Returns how many were activated.
    int deliver();

    /// Ends the wait that goes on, or the next one. From any thread.
    void ring();

    static constexpr int busyTurns = 4; ///< ready for so many turns on end: constantly ready
    static constexpr int busyPerTurn = 16;
    static constexpr std::chrono::milliseconds patientTime{1}; ///< a turn
    static constexpr int patientAtOnce = 32; ///< are asked for

private:
    enum class Write : quint8 {
        Settled, ///< told to epoll, if enabled
        Fresh, ///< enabled since the last prepare(): poll(2) is to be asked
        Ready, ///< poll(2) said so: to be delivered without telling epoll
    };
    struct Descriptor
    {
        std::array<QSocketNotifier *, 3> notifiers{}; ///< by QSocketNotifier::Type
        quint32 armed = 0; ///< the events that epoll was told; 0: it does not have the descriptor
        quint32 generation = 0; ///< of what epoll was told
        quint32 readyTurn = 0; ///< the last turn that found it ready
        quint8 readyTurns = 0; ///< how many on end did, up to busyTurns
        quint8 queued = 0; ///< a bit for each type: activation is due
        quint8 patient = 0; ///< a bit for each type: its notifier is a patient one
        Write write = Write::Settled;
        bool armedAsPatient = false; ///< epoll was told by m_patientEpoll
        bool changed = false; ///< stands in m_changed
        bool doubtful = false; ///< had no notifier for a moment: may be closed, or another file by now
        bool unpollable = false; ///< epoll refuses it; stands in m_unpollable
    };
    struct Activation
    {
        int fd;
        quint8 type;
    };
    static constexpr int PageSize = 512;
    using Page = std::array<Descriptor, PageSize>;

    Descriptor *find(int fd);
    Descriptor &at(int fd) { return (*m_pages[size_t(fd / PageSize)])[size_t(fd % PageSize)]; }
    void noteChange(int fd, Descriptor &descriptor);
    void ask();
    void update(int fd, Descriptor &descriptor, quint32 wanted);
    bool control(int operation, int fd, Descriptor &descriptor, quint32 events);
    void disable(int fd, int error);
    void rebuild();
    void silenceRing();
    void reported(const epoll_event &event);
    void queue(int fd, quint32 events);
    bool activate(const Activation &next);
    bool activateBusy();
    int deliverPatient();

    int m_ring = -1; // eventfd
    int m_patientEpoll = -1; // watched by m_epoll
    int m_epoll = -1;
    bool m_patientReady = false; // so m_epoll said in this turn
    bool m_stale = false; // epoll reports a descriptor that can no longer be taken out of it
    quint32 m_generation = 0;
    std::vector<std::unique_ptr<Page>> m_pages; // by descriptor; pages, so that references stay valid
    std::vector<int> m_changed;
    std::vector<int> m_updating; // m_changed while it is worked off; a member to keep its memory
    std::vector<int> m_unpollable;
    std::vector<pollfd> m_asked; // what poll(2) answered in this turn
    std::array<epoll_event, 1024> m_events; // what is ready beyond these comes with the next wait
    quint32 m_turn = 0; // counts the waits
    std::vector<Activation> m_queue;
    size_t m_queueHead = 0;
    // What a turn leaves over of these comes first in the next.
    std::deque<Activation> m_busy; // the constantly ready
    std::deque<Activation> m_patient; // a few
};

} // namespace rr
