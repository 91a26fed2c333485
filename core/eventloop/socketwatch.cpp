// SPDX-License-Identifier: MIT
#include "core/eventloop/socketwatch.h"

#include "core/eventloop/patientnotifier.h"

#include <QCoreApplication>
#include <QEvent>

#include <algorithm>
#include <cerrno>
#include <utility>

#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

namespace rr {

namespace {

constexpr quint32 Events[] = {EPOLLIN, EPOLLOUT, EPOLLPRI}; // by QSocketNotifier::Type
constexpr quint32 Failure = EPOLLHUP | EPOLLERR; // reported unasked, and to every notifier
static_assert(EPOLLIN == POLLIN && EPOLLOUT == POLLOUT && EPOLLPRI == POLLPRI && EPOLLHUP == POLLHUP
    && EPOLLERR == POLLERR);

constexpr quint64 Ring = ~quint64(0);
constexpr quint64 Patient = Ring - 1;

const char *typeName(int type)
{
    return type == QSocketNotifier::Read ? "Read" : type == QSocketNotifier::Write ? "Write" : "Exception";
}

int openEpoll(int ring, int patientEpoll)
{
    const int epoll = epoll_create1(EPOLL_CLOEXEC);
    const auto watches = [epoll](int fd, quint64 data) {
        epoll_event event{};
        event.events = EPOLLIN;
        event.data.u64 = data;
        return epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event) == 0;
    };
    if (epoll >= 0 && !(watches(ring, Ring) && watches(patientEpoll, Patient))) {
        close(epoll);
        return -1;
    }
    return epoll;
}

template <typename Notifiers>
quint32 interest(const Notifiers &notifiers)
{
    quint32 events = 0;
    for (size_t type = 0; type < notifiers.size(); ++type) {
        if (notifiers[type])
            events |= Events[type];
    }
    return events;
}

/// What a network says of packets that it could not deliver is queued at their socket, which is reported until that is
/// read, on a TCP socket that still connects as well (ip(7), IP_RECVERR). Qt does not read it. With it goes the error that
/// SO_ERROR would tell, so this is for sockets whose notifiers had their turns to ask for that.
void readErrorQueue(int fd)
{
    constexpr int mostInATurn = 64;
    msghdr message{};
    for (int i = 0; i < mostInATurn && recvmsg(fd, &message, MSG_ERRQUEUE | MSG_DONTWAIT) >= 0; ++i) { }
}

} // namespace

SocketWatch::SocketWatch()
    : m_ring(eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC))
    , m_patientEpoll(epoll_create1(EPOLL_CLOEXEC))
    , m_epoll(m_ring < 0 || m_patientEpoll < 0 ? -1 : openEpoll(m_ring, m_patientEpoll))
{
    if (m_epoll < 0) {
        const int error = errno;
        qFatal("No event loop can run without an epoll instance and an eventfd: %s. Raise the limit of open "
               "files.",
            qPrintable(qt_error_string(error)));
    }
}

SocketWatch::~SocketWatch()
{
    close(m_epoll);
    close(m_patientEpoll);
    close(m_ring);
}

void SocketWatch::add(QSocketNotifier *notifier)
{
    const int fd = int(notifier->socket());
    if (fd < 0) // never ready, says poll(2)
        return;
    const auto type = notifier->type();
    const size_t page = size_t(fd / PageSize);
    if (page >= m_pages.size())
        m_pages.resize(page + 1);
    if (!m_pages[page])
        m_pages[page] = std::make_unique<Page>();

    Descriptor &descriptor = at(fd);
    QSocketNotifier *const previous = std::exchange(descriptor.notifiers[type], notifier);
    if (previous == notifier)
        return;
    if (previous) {
        qWarning("Multiple socket notifiers for same socket %d and type %s", fd, typeName(type));
        descriptor.doubtful = true;
        descriptor.queued &= quint8(~(1u << type));
    }
    if (type == QSocketNotifier::Write)
        descriptor.write = Write::Fresh;
    const auto *perhapsPatient = dynamic_cast<const PatientNotifier *>(notifier);
    const quint8 bit = quint8(1u << type);
    descriptor.patient &= quint8(~bit);
    if (perhapsPatient && perhapsPatient->isPatient())
        descriptor.patient |= bit;
    noteChange(fd, descriptor);
}

void SocketWatch::remove(QSocketNotifier *notifier)
{
    const int fd = int(notifier->socket());
    const auto type = notifier->type();
    Descriptor *const descriptor = find(fd);
    if (!descriptor || descriptor->notifiers[type] != notifier) // never added, or another took its place
        return;
    descriptor->notifiers[type] = nullptr;
    descriptor->queued &= quint8(~(1u << type));
    descriptor->patient &= quint8(~(1u << type));
    if (!interest(descriptor->notifiers))
        descriptor->doubtful = true;
    noteChange(fd, *descriptor);
}

SocketWatch::Descriptor *SocketWatch::find(int fd)
{
    const size_t page = size_t(fd / PageSize);
    return fd >= 0 && page < m_pages.size() && m_pages[page] ? &at(fd) : nullptr;
}

void SocketWatch::noteChange(int fd, Descriptor &descriptor)
{
    if (!std::exchange(descriptor.changed, true))
        m_changed.push_back(fd);
}

bool SocketWatch::prepare()
{
    if (m_stale)
        rebuild();
    ask();

    m_updating.swap(m_changed);
    for (const int fd : m_updating) {
        Descriptor &descriptor = at(fd);
        descriptor.changed = false;
        if (!descriptor.unpollable)
            update(fd, descriptor,
                interest(descriptor.notifiers) & ~(descriptor.write == Write::Ready ? quint32(EPOLLOUT) : 0));
    }
    m_updating.clear();

    bool ready = !m_busy.empty() || !m_patient.empty();
    for (const pollfd &asked : m_asked) {
        if (asked.revents == 0)
            continue;
        ready = true;
        Descriptor &descriptor = at(asked.fd);
        if (descriptor.write == Write::Ready) { // armed on the next turn if it stays enabled
            descriptor.write = Write::Settled;
            noteChange(asked.fd, descriptor);
        }
    }
    return ready;
}

/// Asks poll(2) about the write notifiers that are new, and about all that epoll does not take.
void SocketWatch::ask()
{
    m_asked.clear();
    for (const int fd : m_changed) {
        Descriptor &descriptor = at(fd);
        if (descriptor.doubtful)
            descriptor.unpollable = false;
        if (descriptor.write != Write::Fresh || descriptor.unpollable)
            continue;
        const bool armed = (descriptor.armed & EPOLLOUT) && !descriptor.doubtful;
        if (descriptor.notifiers[QSocketNotifier::Write] && !armed)
            m_asked.push_back({fd, POLLOUT, 0});
        else
            descriptor.write = Write::Settled;
    }
    std::erase_if(m_unpollable, [this](int fd) { return !at(fd).unpollable; });
    for (const int fd : m_unpollable)
        m_asked.push_back({fd, short(interest(at(fd).notifiers)), 0});
    if (m_asked.empty())
        return;

    while (poll(m_asked.data(), m_asked.size(), 0) < 0 && errno == EINTR) { }
    for (const pollfd &asked : m_asked) {
        Descriptor &descriptor = at(asked.fd);
        if (!descriptor.unpollable)
            descriptor.write = asked.revents != 0 ? Write::Ready : Write::Settled;
    }
}

void SocketWatch::update(int fd, Descriptor &descriptor, quint32 wanted)
{
    const bool doubtful = std::exchange(descriptor.doubtful, false);
    const bool patient = descriptor.patient != 0;
    if (!wanted || descriptor.armedAsPatient != patient) {
        if (descriptor.armed) // fails if the descriptor was closed, and epoll has forgotten it then
            epoll_ctl(descriptor.armedAsPatient ? m_patientEpoll : m_epoll, EPOLL_CTL_DEL, fd, nullptr);
        descriptor.armed = 0;
        descriptor.armedAsPatient = patient;
    }
    if (!wanted)
        return;
    if (wanted == descriptor.armed && !doubtful)
        return;

    bool done = false;
    if (descriptor.armed && !doubtful) {
        done = control(EPOLL_CTL_MOD, fd, descriptor, wanted)
            || (errno == ENOENT && control(EPOLL_CTL_ADD, fd, descriptor, wanted));
    } else {
        done = control(EPOLL_CTL_ADD, fd, descriptor, wanted)
            || (errno == EEXIST // the same file still
                && (wanted == descriptor.armed || control(EPOLL_CTL_MOD, fd, descriptor, wanted)));
    }
    if (done)
        return;

    const int error = errno;
    descriptor.armed = 0;
    if (error == EPERM) { // a file on disk, for one: poll(2) always calls these ready
        descriptor.unpollable = true;
        m_unpollable.push_back(fd);
        m_asked.push_back({fd, short(wanted), short(wanted & (EPOLLIN | EPOLLOUT))});
    } else {
        disable(fd, error);
    }
}

bool SocketWatch::control(int operation, int fd, Descriptor &descriptor, quint32 events)
{
    epoll_event event{};
    event.events = events;
    event.data.u64 = quint64(m_generation + 1) << 32 | quint32(fd);
    if (epoll_ctl(descriptor.armedAsPatient ? m_patientEpoll : m_epoll, operation, fd, &event) < 0)
        return false;
    descriptor.armed = events;
    descriptor.generation = ++m_generation;
    return true;
}

void SocketWatch::disable(int fd, int error)
{
    const auto notifiers = at(fd).notifiers;
    for (size_t type = 0; type < notifiers.size(); ++type) {
        if (!notifiers[type])
            continue;
        if (error == EBADF)
            qWarning(
                "QSocketNotifier: Invalid socket %d with type %s, disabling...", fd, typeName(int(type)));
        else
            qWarning("Socket %d with type %s cannot be watched (%s), disabling its notifier", fd,
                typeName(int(type)), qPrintable(qt_error_string(error)));
        notifiers[type]->setEnabled(false);
    }
}

/// A descriptor that was closed before its epoll entry was removed, while a duplicate of it lives on, is
/// reported for ever and cannot be named any more. Only a new epoll instance gets rid of it.
void SocketWatch::rebuild()
{
    const int patientEpoll = epoll_create1(EPOLL_CLOEXEC);
    const int epoll = patientEpoll < 0 ? -1 : openEpoll(m_ring, patientEpoll);
    if (epoll < 0) { // out of descriptors; the next turn tries again
        close(patientEpoll);
        return;
    }
    close(std::exchange(m_epoll, epoll));
    close(std::exchange(m_patientEpoll, patientEpoll));
    m_stale = false;
    for (size_t page = 0; page < m_pages.size(); ++page) {
        for (size_t i = 0; m_pages[page] && i < PageSize; ++i) {
            Descriptor &descriptor = (*m_pages[page])[i];
            if (std::exchange(descriptor.armed, 0))
                noteChange(int(page) * PageSize + int(i), descriptor);
        }
    }
}

bool SocketWatch::wait(int timeoutMs)
{
    const int count = epoll_wait(m_epoll, m_events.data(), int(m_events.size()), timeoutMs);
    if (count < 0) {
        if (errno == EINTR)
            return false;
        qErrnoWarning("epoll_wait");
    }
    ++m_turn;
    m_patientReady = false;
    for (int i = 0; i < count; ++i) {
        const epoll_event &event = m_events[size_t(i)];
        if (event.data.u64 == Ring)
            silenceRing();
        else if (event.data.u64 == Patient)
            m_patientReady = true;
        else
            reported(event);
    }

    // After epoll's, so that a socket is read before it is written: what a peer said last comes before the
    // error.
    for (const pollfd &asked : m_asked) {
        if (asked.revents & POLLNVAL)
            disable(asked.fd, EBADF);
        else if (asked.revents)
            queue(asked.fd, quint32(asked.revents));
    }
    m_asked.clear();
    return true;
}

bool SocketWatch::waitForRing(int timeoutMs)
{
    pollfd ring{m_ring, POLLIN, 0};
    const int count = poll(&ring, 1, timeoutMs);
    if (count > 0)
        silenceRing();
    return count >= 0 || errno != EINTR;
}

void SocketWatch::silenceRing()
{
    eventfd_t value = 0;
    eventfd_read(m_ring, &value);
}

void SocketWatch::ring()
{
    eventfd_write(m_ring, 1);
}

void SocketWatch::reported(const epoll_event &event)
{
    const int fd = int(quint32(event.data.u64));
    const Descriptor &descriptor = at(fd);
    if (descriptor.armed && descriptor.generation == event.data.u64 >> 32)
        queue(fd, event.events);
    else
        m_stale = true;
}

void SocketWatch::queue(int fd, quint32 events)
{
    Descriptor &descriptor = at(fd);
    if (descriptor.readyTurn != m_turn) {
        const bool onEnd = descriptor.readyTurn + 1 == m_turn;
        descriptor.readyTurns = onEnd ? quint8(std::min(descriptor.readyTurns + 1, busyTurns)) : quint8(1);
        descriptor.readyTurn = m_turn;
    }
    // A patient one may not have had its turn.
    if ((events & EPOLLERR) && descriptor.readyTurns == busyTurns && !descriptor.patient)
        readErrorQueue(fd);
    for (quint8 type = 0; type < descriptor.notifiers.size(); ++type) {
        const quint8 bit = quint8(1u << type);
        if (!descriptor.notifiers[type] || (descriptor.queued & bit) || !(events & (Events[type] | Failure)))
            continue;
        descriptor.queued |= bit;
        if (descriptor.patient & bit)
            m_patient.push_back({fd, type});
        else if (descriptor.readyTurns < busyTurns)
            m_queue.push_back({fd, type});
        else
            m_busy.push_back({fd, type});
    }
}

bool SocketWatch::activate(const Activation &next)
{
    Descriptor &descriptor = at(next.fd);
    const quint8 bit = quint8(1u << next.type);
    if (!(descriptor.queued & bit))
        return false;
    descriptor.queued &= quint8(~bit);
    QEvent event(QEvent::SockAct);
    QCoreApplication::sendEvent(descriptor.notifiers[next.type], &event);
    return true;
}

bool SocketWatch::activateBusy()
{
    const Activation next = m_busy.front();
    m_busy.pop_front();
    // What was left over may be ready no more. If it is, and this turn did not say so, a later one will.
    if (at(next.fd).readyTurn != m_turn)
        at(next.fd).queued &= quint8(~(1u << next.type));
    return activate(next);
}

/// What is left over of these is activated without asking again; who is patient does not mind that there may be nothing.
int SocketWatch::deliverPatient()
{
    if (m_patient.empty() && m_patientReady) {
        std::array<epoll_event, patientAtOnce> events;
        const int count = epoll_wait(m_patientEpoll, events.data(), patientAtOnce, 0);
        for (int i = 0; i < count; ++i)
            reported(events[size_t(i)]);
    }
    if (m_patient.empty())
        return 0;
    const auto end = std::chrono::steady_clock::now() + patientTime;
    int delivered = 0;
    do {
        const Activation next = m_patient.front();
        m_patient.pop_front();
        delivered += activate(next);
    } while (!m_patient.empty() && std::chrono::steady_clock::now() < end);
    return delivered;
}

int SocketWatch::deliver()
{
    int delivered = 0;
    while (m_queueHead < m_queue.size())
        delivered += activate(m_queue[m_queueHead++]);
    m_queue.clear();
    m_queueHead = 0;
    int busy = 0;
    while (busy < busyPerTurn && !m_busy.empty())
        busy += activateBusy();
    return delivered + busy + deliverPatient();
}

} // namespace rr
