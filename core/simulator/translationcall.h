// SPDX-License-Identifier: MIT
#pragma once

#include "core/simulator/apierror.h"
#include "core/simulator/eventwriter.h"
#include "core/simulator/livevoice.h"
#include "core/simulator/playedcall.h"

#include <optional>

namespace rr {

/// A call of the continuous interpreter (/v1/realtime/translations): says what it hears while that is still being said,
/// in deltas of varying length. PCM16 at 24 kHz, both ways. A simulator knows one language only: it says the same words.
class TranslationCall : public PlayedCall
{
    Q_OBJECT
public:
    struct Options
    {
        QString model{}; ///< of the query; empty when there is none
        QJsonObject configuration{}; ///< of the client secret; empty for none
        qint64 expiresAt = 0; ///< seconds since 1970
        quint64 seed = 1; ///< of the ids
    };

    TranslationCall(std::shared_ptr<const Speech> speech, const Options &options);

    void start() override; ///< session.created
    void receive(const QByteArray &message) override;

private:
    std::optional<ApiError> handle(const QJsonObject &event);
    void send(QLatin1StringView type, const QJsonObject &body = {});
    void sendError(const ApiError &error, const QJsonValue &eventId);
    void hear(const LiveVoice::Transcript &transcript);
    void say(const QList<qint16> &said);
    void sendAudio();
    void flush();

    EventWriter m_writer;
    QJsonObject m_session;
    LiveVoice m_voice;
    QList<qint16> m_unsent; ///< said, and not enough for a delta yet
    int m_deltas = 0;
    bool m_closing = false; ///< by session.close: nothing more is taken
};

} // namespace rr
