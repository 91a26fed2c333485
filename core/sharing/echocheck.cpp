// SPDX-License-Identifier: MIT
#include "core/sharing/echocheck.h"

#include "core/sharing/checksocket.h"

#include <QRandomGenerator>

#include <algorithm>
#include <utility>

namespace rr {

namespace {

constexpr std::size_t smallMessages = 10;
constexpr int smallBytes = 300; ///< as 20 ms of speech in an event of JSON
constexpr int largeBytes = 256 * 1024;
constexpr qint64 microsecondsAMs = 1000;

/// What can neither be guessed nor made smaller on the way. `first`, `last`: of the characters it is made of.
QByteArray noise(int size, int first, int last)
{
    QByteArray bytes(size, Qt::Uninitialized);
    for (char &c : bytes)
        c = char(QRandomGenerator::global()->bounded(first, last + 1));
    return bytes;
}

} // namespace

EchoCheck::EchoCheck(CheckSocket &socket, QString host, std::chrono::milliseconds timeout, QObject *parent)
    : QObject(parent)
    , m_socket(socket)
    , m_host(std::move(host))
    , m_timeout(timeout)
    , m_deadline(this)
{
    m_deadline.setSingleShot(true);
    connect(&m_deadline, &QTimer::timeout, this, &EchoCheck::lost);
    connect(&m_socket, &CheckSocket::received, this, &EchoCheck::received);
    connect(&m_socket, &CheckSocket::ended, this, &EchoCheck::lost);
}

void EchoCheck::awaitProof(const QByteArray &proof)
{
    m_isOver = false;
    m_expected = proof;
    m_deadline.start(m_timeout);
}

void EchoCheck::measure()
{
    m_isOver = false;
    sendNext();
}

void EchoCheck::sendNext()
{
    m_isLarge = m_microseconds.size() == smallMessages;
    m_expected = m_isLarge ? noise(largeBytes, 0, 255) : noise(smallBytes, 'a', 'z');
    m_deadline.start(m_timeout);
    m_sent.start();
    m_socket.send(m_isLarge ? Opcode::Binary : Opcode::Text, m_expected);
}

void EchoCheck::received(const QByteArray &message)
{
    if (m_isOver)
        return;
    if (message != m_expected) {
        if (!m_isProven)
            fail("another_relay",
                {QT_TRANSLATE_NOOP("Core", "A WebSocket through %1 reaches another relay than this one."),
                    {m_host}},
                QT_TRANSLATE_NOOP("Core",
                    "See whether another machine, or an earlier start of this program, holds the address."));
        else
            fail("message_changed",
                {QT_TRANSLATE_NOOP("Core", "A message came back changed through %1."), {m_host}},
                QT_TRANSLATE_NOOP("Core", "Something in between changes what passes. Take another way."));
        return;
    }
    if (!std::exchange(m_isProven, true)) {
        m_isOver = true;
        m_deadline.stop();
        Q_EMIT proven();
    } else if (m_isLarge) {
        m_isOver = true;
        m_deadline.stop();
        std::sort(m_microseconds.begin(), m_microseconds.end());
        const auto inMs = [](qint64 us) { return (us + microsecondsAMs / 2) / microsecondsAMs; };
        Q_EMIT measured(inMs(m_microseconds[smallMessages / 2]), inMs(m_microseconds.back()));
    } else {
        m_microseconds.push_back(m_sent.nsecsElapsed() / 1000);
        sendNext();
    }
}

void EchoCheck::lost()
{
    if (m_isOver)
        return;
    if (!m_isProven)
        fail("no_message",
            {QT_TRANSLATE_NOOP("Core", "%1 opens a WebSocket, but the first message does not come through."),
                {m_host}},
            QT_TRANSLATE_NOOP("Core",
                "The service in between keeps back or cuts what passes. Switch its buffering off, or take another way."));
    else if (m_isLarge)
        fail("large_message_lost",
            {QT_TRANSLATE_NOOP("Core", "A message of 256 KiB does not pass through %1; small ones do."),
                {m_host}},
            QT_TRANSLATE_NOOP("Core",
                "Calls with long audio messages would break. Raise the limit of messages at the service in between."));
    else
        fail("message_lost", {QT_TRANSLATE_NOOP("Core", "A message did not come back through %1."), {m_host}},
            QT_TRANSLATE_NOOP("Core", "Test again. If it stays so, take another way."));
}

void EchoCheck::fail(const char *code, const Sentence &text, const Sentence &next)
{
    m_isOver = true;
    m_deadline.stop();
    Q_EMIT failed({CheckStep::Result::Bad, QLatin1String(code), text, next});
}

} // namespace rr
