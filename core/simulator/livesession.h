// SPDX-License-Identifier: MIT
#pragma once

#include "core/simulator/eventwriter.h"
#include "core/simulator/faults.h"
#include "core/simulator/livebackend.h"
#include "core/simulator/liverecording.h"
#include "core/simulator/livesettings.h"
#include "core/simulator/livevoice.h"

#include <QObject>

namespace rr {

/// One GPT-Live session: what its connections, the primary one and sidebands, are joined to. Everything but the
/// backend and the end of its time goes by the audio that is appended. Used in one thread.
class LiveSession : public QObject
{
    Q_OBJECT
public:
    /// `agenda` is of the primary connection and goes by the clock; it outlives the session.
    LiveSession(std::shared_ptr<const Speech> speech, const LiveSettings &settings, const Faults &faults,
        EventWriter &writer, Agenda &agenda);
    ~LiveSession() override;

    const LiveSettings &settings() const { return m_settings; }
    EventWriter &writer() { return m_writer; }
    bool isOver() const { return m_over; }
    const LiveRecording &recording() const { return m_recording; } ///< only of a session that is to be stored

    void start(const QJsonValue &clientEventId); ///< session.started
    /// A client event but session.start, which checkLiveEvent() let pass. Returns what is wrong, for its sender alone.
    std::optional<ApiError> handle(const QJsonObject &event);
    /// session.closed with this reason, and over; nothing more when it is over already.
    void end(const QString &reason, const QJsonValue &clientEventId = {});

Q_SIGNALS:
    void eventReady(const QByteArray &json); ///< for all connections
    void audioReady(const QByteArray &json); ///< for the primary one
    void mirrored(const QByteArray &json); ///< for sidebands
    void planned(); ///< on the agenda
    /// Last of all. `told`: session.closed was sent; else the connections just break.
    void ended(bool told);

private:
    using Failure = std::optional<ApiError>;
    Failure append(const QJsonObject &event);
    Failure playFixture(const QJsonObject &event);
    Failure addContext(const QString &type, const QJsonObject &event);
    Failure useBackend(const QJsonObject &event);
    void send(QLatin1StringView type, QJsonObject body, const QJsonValue &clientEventId);
    void sendSession(QLatin1StringView type, const QJsonObject &rest, const QJsonValue &clientEventId);
    void step(const QList<qint16> &heard, const QList<qint16> &said);
    void mirror(const QList<qint16> &heard, const QList<qint16> &said);
    void runFaults();
    void tellUsage();
    void answer(const QString &heard, qint64 lengthMs);
    void delegate(const QString &heard, qint64 lengthMs);
    void finish(bool told);
    double usedSeconds() const;

    LiveSettings m_settings;
    Faults m_faults;
    EventWriter &m_writer;
    Agenda &m_agenda;
    LiveFormat m_format;
    LiveVoice m_voice;
    LiveBackend m_backend;
    QString m_delegationId; ///< the last one to the client
    QJsonValue m_fixtureEventId;
    qint64 m_stalledMs = -1; ///< since when usage stands still; -1: it does not
    bool m_over = false;
    LiveRecording m_recording;
};

/// The `error` event of a Live connection.
QByteArray liveError(EventWriter &writer, const ApiError &error, const QJsonValue &clientEventId);

} // namespace rr
