// SPDX-License-Identifier: MIT
#pragma once

#include <QObject>

#include <deque>
#include <functional>

namespace rr {

class Dial;

/// Bounds the dials that are under way at once, which take more descriptors and memory than an open call: the others wait in
/// the order in which they came, while their deadlines run. One worker's; one thread.
class DialQueue : public QObject
{
public:
    DialQueue() = default;
    explicit DialQueue(QObject *parent)
        : QObject(parent)
    {
    }

    /// How many may be under way from now on.
    void setLimit(int most);

    /// Starts the dial, now or when those before it are gone. A dial counts until it is destroyed.
    void begin(Dial &dial);
    /// The same for whoever else connects to the upstream: calls `start`. It counts until `dial` is destroyed.
    void begin(QObject &dial, std::function<void()> start);

private:
    struct Waiting
    {
        QObject *dial;
        std::function<void()> start;
    };

    /// Whether it was waiting.
    bool forget(const QObject *dial);
    void gone(QObject *dial);
    void next();

    std::deque<Waiting> m_waiting;
    int m_most = 256;
    int m_underWay = 0;
};

} // namespace rr
