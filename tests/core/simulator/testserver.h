// SPDX-License-Identifier: MIT
#pragma once

#include "core/simulator/simulatorserver.h"
#include "tests/core/simulator/rawclient.h"

#include <QJsonDocument>

namespace rr {

using namespace Qt::StringLiterals;

/// A running simulator, as fast as it can be.
class Server : public SimulatorServer
{
public:
    explicit Server(const SimulatorSettings &settings = {}, const QStringList &faults = {})
        : SimulatorServer(with(settings, faults))
    {
        if (const auto error = start())
            qFatal("%s", qPrintable(*error));
    }

private:
    static SimulatorSettings with(SimulatorSettings settings, const QStringList &faults)
    {
        settings.speed = 0;
        for (const QString &fault : faults)
            settings.faults.add(fault);
        return settings;
    }
};

inline QString typeOf(const QByteArray &json)
{
    return QJsonDocument::fromJson(json)[u"type"_s].toString();
}

inline QString lastType(RawClient &client)
{
    const QList<QByteArray> messages = client.messages();
    return messages.isEmpty() ? QString() : typeOf(messages.last());
}

constexpr auto respond = R"({"type":"response.create"})";
constexpr auto clear = R"({"type":"input_audio_buffer.clear"})";

} // namespace rr
