// SPDX-License-Identifier: MIT
#include "core/simulator/simulatorserver.h"

#include <QCommandLineParser>
#include <QCoreApplication>
#include <QJsonDocument>

#include <cstdio>

using namespace Qt::StringLiterals;

namespace {

constexpr int badUsage = 2;

const auto description = QStringLiteral(
    "Plays OpenAI's side of the Realtime API: sessions, voice activity, spoken and written answers, "
    "function\n"
    "calls, usage; transcription sessions (?intent=transcription), sidebands (?call_id=rtc_…), and\n"
    "POST /v1/realtime/client_secrets. As strict as OpenAI about what clients send; the beta protocol and\n"
    "retired models are refused. No key and no internet needed.\n"
    "\n"
    "Beside it, at /v1/realtime/translations, the interpreter, and at /v1/live/sessions GPT-Live, with sidebands\n"
    "(…/ID/attach), forks (…/ID/fork) and recordings (GET …/ID/content) of sessions that are to be stored. Live goes by\n"
    "the audio that its client appends, takes a key as Bearer only, refuses with the HTTP status, and whoever names\n"
    "an Origin with 403.\n"
    "\n"
    "Any key is accepted (--key: only those given), but those that say otherwise:\n"
    "  …invalid…, …nokey…, null, none   error invalid_api_key, close 3000\n"
    "  …quota…                          error insufficient_quota, close 1013\n"
    "  …expired…                        HTTP 401\n"
    "  …forbidden…                      HTTP 403, region not supported\n"
    "A client secret (ek_…) that was minted here is good until it expires.\n"
    "\n"
    "Faults, by --fault for all calls, or for one call in the URL (?simulate=NAME[:ARGUMENT],…):\n");

/// A line on stdout that whoever waits for it sees at once.
void print(const QByteArray &line)
{
    std::fputs((line + '\n').constData(), stdout);
    std::fflush(stdout);
}

int complain(const QString &problem)
{
    std::fputs((u"realtime-simulator: %1\n"_s.arg(problem)).toUtf8().constData(), stderr);
    return badUsage;
}

} // namespace

int main(int argc, char *argv[])
{
    QCoreApplication application(argc, argv);
    QCoreApplication::setApplicationName(u"realtime-simulator"_s);
    QCoreApplication::setApplicationVersion(QStringLiteral(RELAY_VERSION));

    QCommandLineParser parser;
    parser.setApplicationDescription(description + rr::Faults::help().join(u'\n'));
    parser.addHelpOption();
    parser.addVersionOption();
    parser.addOptions({
        {u"host"_s, u"Address to listen on (127.0.0.1)."_s, u"ADDRESS"_s, u"127.0.0.1"_s},
        {u"port"_s, u"Port to listen on; 0 for any free one (8090)."_s, u"PORT"_s, u"8090"_s},
        {u"tls-cert"_s, u"Certificate chain (PEM): speak wss."_s, u"FILE"_s},
        {u"tls-key"_s, u"Its key (PEM)."_s, u"FILE"_s},
        {u"fault"_s, u"A fault for every call, see above. May be given more than once."_s,
            u"NAME[:ARGUMENT]"_s},
        {u"replay"_s, u"Replay a recording (JSON lines) in every call."_s, u"FILE"_s},
        {u"speed"_s, u"Pace of responses, times real time; 0 for as fast as possible (4)."_s, u"FACTOR"_s,
            u"4"_s},
        {u"models"_s,
            u"Models that are served, comma-separated, instead of OpenAI's; any: all names but retired ones."_s,
            u"LIST"_s},
        {u"key"_s, u"An API key that is good; all others are wrong. May be given more than once."_s,
            u"KEY"_s},
        {u"print-handshakes"_s,
            u"Print every handshake, and every REST request, as one line of JSON, keys masked."_s},
        {u"expect-key"_s, u"With --print-handshakes: tell whether the key was this one (key_ok)."_s,
            u"KEY"_s},
    });
    parser.process(application);
    if (!parser.positionalArguments().isEmpty())
        return complain(u"what is '%1'? See --help."_s.arg(parser.positionalArguments().constFirst()));

    rr::SimulatorSettings settings;
    if (!settings.host.setAddress(parser.value(u"host"_s)))
        return complain(u"--host takes an IP address, not '%1'."_s.arg(parser.value(u"host"_s)));
    bool isPort = false;
    settings.port = parser.value(u"port"_s).toUShort(&isPort);
    bool isSpeed = false;
    settings.speed = parser.value(u"speed"_s).toDouble(&isSpeed);
    if (!isPort)
        return complain(u"--port takes a number from 0 to 65535."_s);
    if (!isSpeed || settings.speed < 0)
        return complain(u"--speed takes a number, 0 or more."_s);
    const QStringList faults = parser.values(u"fault"_s);
    for (const QString &fault : faults) {
        if (const auto wrong = settings.faults.add(fault))
            return complain(*wrong + u". See --help."_s);
    }
    settings.tlsCertificateFile = parser.value(u"tls-cert"_s);
    settings.tlsKeyFile = parser.value(u"tls-key"_s);
    settings.replayFile = parser.value(u"replay"_s);
    settings.expectedKey = parser.value(u"expect-key"_s).toUtf8();
    settings.models = rr::Models(parser.value(u"models"_s));
    const QStringList keys = parser.values(u"key"_s);
    for (const QString &key : keys)
        settings.keys.append(key.toUtf8());

    rr::SimulatorServer server(settings);
    if (parser.isSet(u"print-handshakes"_s)) {
        QObject::connect(&server, &rr::SimulatorServer::handshake, &server,
            [](const QJsonObject &request) { print(QJsonDocument(request).toJson(QJsonDocument::Compact)); });
    }
    if (const auto problem = server.start()) {
        complain(*problem);
        return 1;
    }
    print("realtime-simulator: listening on " + server.url().toString().toUtf8());
    return application.exec();
}
