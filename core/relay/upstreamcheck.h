// SPDX-License-Identifier: MIT
#pragma once

#include "core/config/settings.h"
#include "core/realtime/upstreamfailure.h"
#include "core/relay/relay.h"
#include "core/wire/dial.h"

#include <QElapsedTimer>
#include <QObject>
#include <QTimer>

#include <chrono>
#include <memory>
#include <optional>

namespace rr {

/// What a check found. A plain value.
struct UpstreamCheckResult
{
    QString host; ///< the upstream's
    /// Why no WebSocket came of it; as there was no key, it may well be a sign that all is well. Null: one was opened.
    std::optional<UpstreamFailure> failure;
    std::optional<RelayError> unusable; ///< a file that the settings name; then nothing was asked
    std::chrono::milliseconds took{0}; ///< from the first step to the answer

    /// What answers is an API that calls can be made to: it opened a WebSocket, or asks for a key or other parameters
    /// (401, 400), or to slow down (429).
    bool isReachable() const;
};

/// What it found, in one sentence or two, and what to do where something is wrong.
Sentence sentenceOf(const UpstreamCheckResult &result);

/// Makes a call's dial to the upstream without a key: the same proxy, authorities and rules. Never blocks; one check at a
/// time. One thread.
class UpstreamCheck final : public QObject
{
    Q_OBJECT
public:
    explicit UpstreamCheck(QObject *parent = nullptr);

    /// finished() follows, in a later turn of the event loop; nothing while a check is running.
    void run(const Settings &settings);
    void cancel(); ///< no finished() follows
    bool isRunning() const { return m_dial || m_later.isActive(); }

Q_SIGNALS:
    void finished(const rr::UpstreamCheckResult &result);

private:
    void finish(UpstreamCheckResult result);

    std::unique_ptr<Dial> m_dial;
    QElapsedTimer m_sinceRun;
    UpstreamCheckResult m_unusable; ///< what `m_later` tells, when a file cannot be used
    QTimer m_later;
};

} // namespace rr
