// SPDX-License-Identifier: MIT
#pragma once

#include <QCoreApplication>
#include <QEvent>
#include <QObject>

#include <atomic>
#include <functional>

namespace rr {

/// An object that other threads hand work to. Does what QMetaObject::invokeMethod() does with a queued functor; but
/// what is handed over is published by an atomic of ours, where ThreadSanitizer sees it: it knows nothing of the
/// mutex inside Qt's library.
class CallReceiver : public QObject
{
public:
    using QObject::QObject;

    /// Runs `function` in this object's thread, from its event loop, in order; never before this returns. Any thread.
    /// Not run if the object is destroyed before.
    void call(std::function<void()> function)
    {
        QCoreApplication::postEvent(this, new Posted(std::move(function)));
    }

protected:
    void customEvent(QEvent *event) override
    {
        if (event->type() == Posted::type())
            static_cast<Posted *>(event)->run();
    }

private:
    class Posted final : public QEvent
    {
    public:
        static Type type()
        {
            static const auto registered = Type(registerEventType());
            return registered;
        }

        explicit Posted(std::function<void()> function)
            : QEvent(type())
            , m_function(std::move(function))
        {
            m_made.store(true, std::memory_order_release);
        }

        void run()
        {
            if (m_made.load(std::memory_order_acquire))
                m_function();
        }

    private:
        const std::function<void()> m_function;
        std::atomic<bool> m_made{false};
    };
};

} // namespace rr
