// SPDX-License-Identifier: MIT
#pragma once

#include "core/base/sentence.h"
#include "core/config/secret.h"
#include "core/config/settings.h"
#include "core/wire/destination.h"

#include <QByteArray>
#include <QHostAddress>
#include <QObject>
#include <QUrl>

#include <chrono>
#include <memory>
#include <optional>

namespace rr {

/// A call to be made. A plain value.
struct TestCallPlan
{
    /// ws:// or wss://, with path and query: the model is in it. Nothing is added.
    QUrl url;
    /// Sent as "Authorization: Bearer …" where there is one. Kept for the call alone, and never told.
    Secret key = {};
    QByteArray origin = {}; ///< empty: none, as a program calls
    std::chrono::milliseconds speech{2000}; ///< of each turn, said as fast as a person speaks
    int turns = 1;
    std::chrono::milliseconds pause{0}; ///< between an answer that is over and the next turn
    std::chrono::milliseconds patience{15'000}; ///< for the opening, and for each answer
    QHostAddress address
        = {}; ///< connected to instead of looking the URL's host up; null: the host is looked up
    /// How wss:// is checked, and the proxy on the way.
    UpstreamTls tls = {};
    QNetworkProxy proxy = QNetworkProxy(QNetworkProxy::NoProxy);
};

/// The plan of a call to the listener of a relay with these settings that runs on this machine, on `port`, with a key that a
/// demo takes, too. With TLS the certificate must be the very one of the settings' file, whatever host it is for.
TestCallPlan callToListener(const Settings &settings, quint16 port, const QByteArray &model = "gpt-realtime");

/// What came of it. A plain value.
struct TestCallResult
{
    qint64 connectMs = -1; ///< until the WebSocket was open; -1: it was not
    /// From the end of speech (when it is handed over) to the first audio of the answer, of the slowest turn; -1: none came.
    qint64 firstAudioMs = -1;
    int turns = 0; ///< that were answered to their end
    int closeCode = 0; ///< as the other side said; 1000 where this side did; 0: cut off without a word
    QString closeReason = {}; ///< the other side's, as it came: through outsideText() before it is shown
    QByteArray errorCode
        = {}; ///< of the refusal or the error event that ended it: "invalid_api_key"; may be empty
    int status = 0; ///< HTTP, where the upgrade was refused
    /// What went wrong, and what to do. nullopt: a whole call was made.
    std::optional<Sentence> failure = {};
};

/// A whole call, made as a client makes one: session.update, speech of its own making (which is no one's voice), the end of
/// it, the answer's first audio, its end, close 1000. For the Doctor, and for the callers of a demo.
///
/// What it asks for is short, for with a key it costs its owner something: one sentence. One thread, never blocks; one call
/// at a time; may be destroyed at any moment, which cuts the call off.
class TestCall final : public QObject
{
    Q_OBJECT
public:
    explicit TestCall(QObject *parent = nullptr);
    ~TestCall() override;

    /// finished() follows, in a later turn of the event loop. Nothing while a call is running.
    void run(const TestCallPlan &plan);
    /// Ends it with 1000 after the turn's answer, or at once where it is not open yet; finished() follows.
    void hangUp();
    void cancel(); ///< cuts it off; no finished() follows
    bool isRunning() const { return m_line != nullptr; }

Q_SIGNALS:
    void opened();
    void finished(const rr::TestCallResult &result);

private:
    class Line;
    std::unique_ptr<Line> m_line;
};

} // namespace rr
