// SPDX-License-Identifier: MIT
#include "core/simulator/servedcall.h"

#include "core/simulator/livecall.h"
#include "core/simulator/simulatedcall.h"
#include "core/simulator/translationcall.h"

#include <QDateTime>
#include <QJsonDocument>
#include <QRandomGenerator>
#include <QUrlQuery>

#include <algorithm>
#include <cmath>

using namespace Qt::StringLiterals;

namespace rr {

namespace {

constexpr int sessionSeconds = 60 * 60;
constexpr qint64 highMarkBytes = 1024 * 1024;
constexpr qsizetype floodMessageBytes = 16 * 1024;
constexpr int deltasBeforeVanishing = 3;

QByteArray errorEvent(const ApiError &error)
{
    QJsonObject json = error.toJson();
    json[u"event_id"_s] = QJsonValue::Null;
    EventWriter writer(QRandomGenerator::global()->generate64());
    return writer.event("error"_L1, {{u"error"_s, json}});
}

/// `number` of the flood: its number, and a letter that follows from it, over and over.
QByteArray floodMessage(qint64 number, qint64 total)
{
    QByteArray json = "{\"type\":\"flood\",\"sequence\":" + QByteArray::number(number)
        + ",\"total\":" + QByteArray::number(total) + ",\"pad\":\"";
    json.append(floodMessageBytes - json.size() - 2, char('a' + number % 26));
    return json + "\"}";
}

} // namespace

ServedCall::ServedCall(QTcpSocket *socket, const Service &service, const Faults &faults, QObject *parent)
    : QObject(parent)
    , m_socket(socket)
    , m_service(service)
    , m_faults(faults)
    , m_link(socket)
{
    socket->setParent(this);
    m_due.setSingleShot(true);
    m_due.setTimerType(Qt::PreciseTimer);
    connect(&m_due, &QTimer::timeout, this, &ServedCall::runDue);
    connect(&m_link, &FrameLink::closed, this, &ServedCall::ended);
    connect(&m_link, &FrameLink::backlogTaken, this, [this] {
        if (m_source)
            pour(std::exchange(m_source, {}));
        else
            arm();
    });
}

void ServedCall::start(const RequestHead &head, const HandshakeVerdict &verdict)
{
    m_link.setAnsweringPings(!m_faults.ignorePings);
    m_link.setFragmenting(m_faults.fragment);
    m_link.sendBytes(acceptance(head));
    if (verdict.closeCode) {
        m_link.sendText(errorEvent(verdict.error));
        m_link.close(verdict.closeCode, verdict.closeReason.toUtf8());
    } else if (m_faults.echo) {
        beginEcho();
    } else {
        beginCall(head, verdict);
    }
    m_link.start();
}

void ServedCall::beginEcho()
{
    connect(&m_link, &FrameLink::frameReceived, this,
        [this](quint8 opcode, bool final, const QByteArray &payload) {
            m_link.sendBytes(FrameLink::frameHead(opcode, final, payload.size()) + payload);
            if (m_link.backlogBytes() > highMarkBytes)
                m_link.setReading(false);
        });
    connect(&m_link, &FrameLink::backlogTaken, this, [this] {
        if (m_link.isOpen() && m_link.backlogBytes() <= highMarkBytes / 2)
            m_link.setReading(true);
    });
}

void ServedCall::beginCall(const RequestHead &head, const HandshakeVerdict &verdict)
{
    const int seconds = m_faults.closeAfterSeconds ? m_faults.closeAfterSeconds : sessionSeconds;
    QTimer::singleShot(std::chrono::seconds(seconds), this, &ServedCall::expire);
    if (m_service.recording) {
        connect(&m_link, &FrameLink::messageReceived, this, [this](const QByteArray &message) {
            advanceRecording(QJsonDocument::fromJson(message)[u"type"_s].toString());
        });
        advanceRecording({});
        return;
    }
    m_call = makeCall(head, verdict, QDateTime::currentSecsSinceEpoch() + seconds);
    connect(m_call.get(), &PlayedCall::eventReady, this, &ServedCall::deliver);
    connect(m_call.get(), &PlayedCall::planned, this, &ServedCall::arm);
    connect(m_call.get(), &PlayedCall::fellSilent, this, [this] { m_link.setAnsweringCloses(false); });
    connect(m_call.get(), &PlayedCall::finished, this, &ServedCall::finish);
    connect(&m_link, &FrameLink::messageReceived, m_call.get(), &PlayedCall::receive);
    m_call->start();
    arm();
}

std::unique_ptr<PlayedCall> ServedCall::makeCall(
    const RequestHead &head, const HandshakeVerdict &verdict, qint64 expiresAt) const
{
    const QUrlQuery query(QString::fromUtf8(head.query));
    const SurfacePath &path = verdict.path;
    switch (path.surface) {
    case Surface::Realtime:
        break;
    case Surface::Translations: {
        TranslationCall::Options options;
        options.model = query.queryItemValue(u"model"_s, QUrl::FullyDecoded);
        options.configuration = verdict.configuration;
        options.expiresAt = expiresAt;
        options.seed = QRandomGenerator::global()->generate64();
        return std::make_unique<TranslationCall>(m_service.speech, options);
    }
    case Surface::Live:
    case Surface::LiveAttach:
    case Surface::LiveFork: {
        LiveCall::Options options;
        options.door = path.surface == Surface::Live ? LiveDoor::Primary
            : path.surface == Surface::LiveFork      ? LiveDoor::Fork
                                                     : LiveDoor::Sideband;
        options.sessionId = QString::fromLatin1(path.sessionId);
        options.expiresAt = expiresAt;
        options.models = m_service.models;
        options.faults = m_faults;
        options.gracefulClose
            = m_faults.gracefulClose || query.queryItemValue(u"graceful_close"_s) == "true"_L1;
        options.seed = QRandomGenerator::global()->generate64();
        return std::make_unique<LiveCall>(m_service.speech, m_service.live, options);
    }
    }
    SimulatedCall::Options options;
    options.configuration = verdict.configuration;
    if (query.queryItemValue(u"intent"_s) == "transcription"_L1
        || verdict.configuration[u"type"_s] == "transcription"_L1)
        options.kind = SessionSettings::Kind::Transcription;
    options.model = query.hasQueryItem(u"model"_s) ? query.queryItemValue(u"model"_s, QUrl::FullyDecoded)
                                                   : verdict.configuration[u"model"_s].toString();
    options.models = m_service.models;
    options.isSideband = query.hasQueryItem(u"call_id"_s);
    if (options.isSideband)
        options.model = defaultModel(); // whatever the call was made with
    options.expiresAt = expiresAt;
    options.seed = QRandomGenerator::global()->generate64();
    return std::make_unique<SimulatedCall>(m_service.speech, options);
}

/// Sends what the recorded server sent up to the next event of the client. An event of another type than the
/// recorded one is passed over.
void ServedCall::advanceRecording(const QString &clientEventType)
{
    const QList<Recording::Event> &events = m_service.recording->events();
    if (!clientEventType.isNull()) {
        if (m_replayAt >= events.size() || events[m_replayAt].type != clientEventType)
            return;
        ++m_replayAt;
    }
    while (m_replayAt < events.size() && events[m_replayAt].fromServer)
        deliver(events[m_replayAt++].json);
}

void ServedCall::arm()
{
    // A caller who does not read is not spoken to: what is planned waits for the backlog.
    if (!m_call || m_call->nextInMs() < 0 || m_link.backlogBytes() > highMarkBytes || !m_link.isOpen())
        return;
    const int ms = m_service.speed > 0 ? int(std::ceil(double(m_call->nextInMs()) / m_service.speed)) : 0;
    if (!m_due.isActive() || m_due.remainingTime() > ms)
        m_due.start(ms);
}

void ServedCall::runDue()
{
    m_call->runNext();
    while (m_call->nextInMs() == 0)
        m_call->runNext();
    arm();
}

void ServedCall::deliver(const QByteArray &event)
{
    if (m_faults.delayMs == 0) {
        transmit(event);
        return;
    }
    m_delayed.push_back(event);
    QTimer::singleShot(m_faults.delayMs, Qt::PreciseTimer, this, [this] {
        const QByteArray first = m_delayed.front(); // whichever timer this is: the order stays
        m_delayed.pop_front();
        transmit(first);
    });
}

void ServedCall::transmit(const QByteArray &event)
{
    if (m_holding) {
        if (!m_faults.stallMidFrame) // else it would wait for ever
            m_held.append(event);
        return;
    }
    m_link.sendText(event);
    if (event.left(80).contains(".delta\""))
        ++m_sentDeltas;
    if (++m_sentEvents == 1)
        afterFirstEvent();
    if ((m_faults.vanishAfterEvents && m_sentEvents >= m_faults.vanishAfterEvents)
        || (m_faults.vanishMidResponse && m_sentDeltas >= deltasBeforeVanishing))
        m_link.cut();
}

void ServedCall::afterFirstEvent()
{
    if (m_faults.stopReading)
        m_link.setReading(false);
    if (m_faults.stallMidFrame || m_faults.pauseMidMessageMs)
        pauseMidMessage();
    if (m_faults.floodBytes) {
        const qint64 total = m_faults.floodBytes / floodMessageBytes + 1;
        pour([total, number = qint64(0)]() mutable {
            if (number > total)
                return QByteArray();
            const QByteArray message = number < total
                ? floodMessage(number, total)
                : "{\"type\":\"flood.done\",\"sequence\":" + QByteArray::number(total) + '}';
            ++number;
            return FrameLink::frameHead(FrameLink::Text, true, message.size()) + message;
        });
    }
    if (m_faults.oversizeBytes) {
        m_link.setAnsweringPings(false); // a pong would land in the middle of the frame
        m_link.sendBytes(FrameLink::frameHead(FrameLink::Text, true, m_faults.oversizeBytes));
        pour([left = m_faults.oversizeBytes]() mutable {
            const qint64 bytes = std::min<qint64>(left, 64 * 1024);
            left -= bytes;
            return QByteArray(bytes, 'x');
        });
    }
    if (m_faults.closeCode)
        m_link.close(*m_faults.closeCode, m_faults.closeReason);
}

void ServedCall::pauseMidMessage()
{
    const QByteArray event = R"({"type":"rate_limits.updated","event_id":"event_pause","rate_limits":[]})"_ba;
    const QByteArray frame = FrameLink::frameHead(FrameLink::Text, true, event.size()) + event;
    m_link.sendBytes(frame.left(frame.size() / 2));
    m_link.setAnsweringPings(false); // a pong would land in the middle of the frame
    m_holding = true;
    if (m_faults.stallMidFrame)
        return;
    QTimer::singleShot(m_faults.pauseMidMessageMs, this, [this, rest = frame.mid(frame.size() / 2)] {
        m_link.sendBytes(rest);
        release();
    });
}

void ServedCall::release()
{
    m_link.setAnsweringPings(!m_faults.ignorePings);
    m_holding = false;
    for (const QByteArray &event : std::exchange(m_held, {}))
        transmit(event);
}

/// Writes what the source gives, as fast as it is taken, without ever having much of it in memory.
void ServedCall::pour(std::function<QByteArray()> source)
{
    while (m_link.isOpen() && m_link.backlogBytes() < highMarkBytes) {
        const QByteArray bytes = source();
        if (bytes.isEmpty()) {
            release();
            return;
        }
        m_holding = true; // nothing may come between
        m_link.sendBytes(bytes);
    }
    m_source = std::move(source);
}

void ServedCall::expire()
{
    if (m_call && !m_holding && m_call->expire())
        return;
    const ApiError error{u"session_expired"_s, u"Your session hit the maximum duration of 60 minutes."_s};
    if (m_holding) { // no room for a close frame
        m_link.cut();
        return;
    }
    m_link.sendText(errorEvent(error));
    m_link.close(1001, error.message.toUtf8());
}

void ServedCall::finish(quint16 closeCode, const QByteArray &reason)
{
    // Behind what is still to be delivered.
    QTimer::singleShot(m_faults.delayMs, Qt::PreciseTimer, this, [this, closeCode, reason] {
        if (closeCode == 0 || m_holding) // no room for a close frame
            m_link.cut();
        else
            m_link.close(closeCode, reason);
    });
}

} // namespace rr
