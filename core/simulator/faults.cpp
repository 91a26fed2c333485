// SPDX-License-Identifier: MIT
#include "core/simulator/faults.h"

#include <QUrlQuery>

#include <algorithm>
#include <array>

using namespace Qt::StringLiterals;

namespace rr {

namespace {

struct FaultKind
{
    QLatin1StringView name;
    QLatin1StringView argument; ///< as --help shows it; empty for a fault without one
    QLatin1StringView help;
    bool (*set)(Faults &faults, const QString &argument); ///< false when the argument will not do
};

template <typename Number>
bool setNumber(Number &target, const QString &argument, qint64 minimum, qint64 maximum)
{
    bool isNumber = false;
    const qint64 value = argument.toLongLong(&isNumber);
    if (!isNumber || value < minimum || value > maximum)
        return false;
    target = Number(value);
    return true;
}

constexpr int longestMs = 24 * 3600 * 1000;

const std::array<FaultKind, 23> kinds{{
    {"refuse"_L1, "STATUS"_L1, "answers the handshake with this HTTP status (300 to 599)"_L1,
        [](Faults &f, const QString &a) { return setNumber(f.refuseStatus, a, 300, 599); }},
    {"error"_L1, "CODE"_L1, "accepts, sends an error event, closes with 3000, 4000, 4004 or 1013"_L1,
        [](Faults &f, const QString &a) {
            return setNumber(f.errorCloseCode, a, 1000, 4999)
                && (f.errorCloseCode == 3000 || f.errorCloseCode == 4000 || f.errorCloseCode == 4004
                    || f.errorCloseCode == 1013);
        }},
    {"close"_L1, "CODE[:REASON]"_L1,
        "closes after session.created; 1005 sends a close frame without a code"_L1,
        [](Faults &f, const QString &a) {
            quint16 code = 0;
            if (!setNumber(code, a.section(u':', 0, 0), 0, 65535))
                return false;
            f.closeCode = code;
            f.closeReason = a.section(u':', 1).toUtf8().left(123);
            return true;
        }},
    {"close-after"_L1, "SECONDS"_L1,
        "closes with 1001 and OpenAI's text for sessions that last too long; Live: says expired"_L1,
        [](Faults &f, const QString &a) { return setNumber(f.closeAfterSeconds, a, 1, 86400); }},
    {"vanish"_L1, "[EVENTS|mid-response]"_L1,
        "cuts the connection without a close frame: after session.created, after that many events, or in the "
        "middle of the first response"_L1,
        [](Faults &f, const QString &a) {
            if (a == "mid-response"_L1)
                return f.vanishMidResponse = true;
            return setNumber(f.vanishAfterEvents, a.isEmpty() ? u"1"_s : a, 1, 1000000);
        }},
    {"silent"_L1, {}, "takes the connection and never answers"_L1,
        [](Faults &f, const QString &) { return f.silent = true; }},
    {"garbage"_L1, {}, "answers something that is not HTTP"_L1,
        [](Faults &f, const QString &) { return f.garbage = true; }},
    {"handshake-delay"_L1, "MS"_L1, "answers the handshake so much later"_L1,
        [](Faults &f, const QString &a) { return setNumber(f.handshakeDelayMs, a, 1, longestMs); }},
    {"delay"_L1, "MS"_L1, "sends every event so much later"_L1,
        [](Faults &f, const QString &a) { return setNumber(f.delayMs, a, 1, longestMs); }},
    {"stop-reading"_L1, {}, "reads nothing more after session.created"_L1,
        [](Faults &f, const QString &) { return f.stopReading = true; }},
    {"stall-mid-frame"_L1, {}, "sends half a frame after session.created, then nothing more"_L1,
        [](Faults &f, const QString &) { return f.stallMidFrame = true; }},
    {"pause-mid-message"_L1, "MS"_L1, "the same, but sends the rest after a pause and goes on"_L1,
        [](Faults &f, const QString &a) { return setNumber(f.pauseMidMessageMs, a, 1, longestMs); }},
    {"ignore-pings"_L1, {}, "answers no ping"_L1,
        [](Faults &f, const QString &) { return f.ignorePings = true; }},
    {"fragment"_L1, {}, "sends every event in small fragments that split characters"_L1,
        [](Faults &f, const QString &) { return f.fragment = true; }},
    {"flood"_L1, "MB"_L1,
        "sends that many megabytes after session.created, as fast as they are taken: numbered `flood` "
        "messages of "
        "16 kB, then one `flood.done`"_L1,
        [](Faults &f, const QString &a) {
            if (!setNumber(f.floodBytes, a, 1, 100000))
                return false;
            f.floodBytes *= 1000000;
            return true;
        }},
    {"oversize"_L1, "BYTES"_L1, "sends one text message of that size after session.created"_L1,
        [](Faults &f, const QString &a) { return setNumber(f.oversizeBytes, a, 1, 1000000000); }},
    {"stall"_L1, "SECONDS"_L1,
        "Live: after so much audio transcripts and usage stand still, and 20 s later the connection is cut"_L1,
        [](Faults &f, const QString &a) { return setNumber(f.liveStallSeconds, a, 1, 86400); }},
    {"content"_L1, "SECONDS"_L1, "Live: the safety filter ends the session after so much audio"_L1,
        [](Faults &f, const QString &a) { return setNumber(f.liveContentSeconds, a, 1, 86400); }},
    {"no-closed"_L1, {}, "Live: cuts the connection where session.closed should come"_L1,
        [](Faults &f, const QString &) { return f.liveUnconfirmed = true; }},
    {"early-response"_L1, {}, "Live: the backend's stream begins before session.delegation.created"_L1,
        [](Faults &f, const QString &) { return f.liveEarlyResponse = true; }},
    {"graceful-close"_L1, {},
        "Live: closes with 1000 2 s after session.closed, instead of cutting the connection"_L1,
        [](Faults &f, const QString &) { return f.gracefulClose = true; }},
    {"usage"_L1, "SECONDS"_L1, "Live: tells the usage after every so many seconds of audio, instead of 15"_L1,
        [](Faults &f, const QString &a) { return setNumber(f.usageSeconds, a, 1, 86400); }},
    {"echo"_L1, {}, "no call at all: sends every frame back as it came"_L1,
        [](Faults &f, const QString &) { return f.echo = true; }},
}};

} // namespace

std::optional<QString> Faults::add(const QString &fault)
{
    const QString name = fault.section(u':', 0, 0);
    const QString argument = fault.section(u':', 1);
    const auto kind
        = std::find_if(kinds.begin(), kinds.end(), [&](const FaultKind &k) { return k.name == name; });
    if (kind == kinds.end())
        return u"there is no fault '%1'"_s.arg(name);
    if (kind->argument.isEmpty() && !argument.isEmpty())
        return u"the fault '%1' takes no argument"_s.arg(name);
    if (!kind->set(*this, argument))
        return u"the fault '%1' is written %1:%2"_s.arg(kind->name, kind->argument);
    return {};
}

std::optional<QString> Faults::addFromQuery(const QByteArray &query)
{
    const QString named
        = QUrlQuery(QString::fromUtf8(query)).queryItemValue(u"simulate"_s, QUrl::FullyDecoded);
    const QStringList faults = named.split(u',', Qt::SkipEmptyParts);
    for (const QString &fault : faults) {
        if (auto wrong = add(fault))
            return wrong;
    }
    return {};
}

QStringList Faults::help()
{
    QStringList lines;
    for (const FaultKind &kind : kinds) {
        const bool optional = kind.argument.startsWith(u'[');
        const QString usage = kind.argument.isEmpty() ? QString(kind.name)
            : optional                                ? u"%1[:%2"_s.arg(kind.name, kind.argument.mid(1))
                                                      : u"%1:%2"_s.arg(kind.name, kind.argument);
        lines.append(u"  %1  %2"_s.arg(usage, -28).arg(kind.help));
    }
    return lines;
}

} // namespace rr
