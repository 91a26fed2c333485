// SPDX-License-Identifier: MIT
#include "ui/calls/callwords.h"

#include "ui/control/displaytext.h"
#include "ui/control/translated.h"
#include "ui/log/logfilter.h"

#include <QCoreApplication>
#include <QLocale>

namespace rr {

using namespace Qt::StringLiterals;

QString callStateName(CallState state)
{
    switch (state) {
    case CallState::Dialling:
        return QCoreApplication::translate("rr::Calls", "Dialling");
    case CallState::Open:
        return QCoreApplication::translate("rr::Calls", "Open");
    case CallState::Closing:
        return QCoreApplication::translate("rr::Calls", "Closing");
    case CallState::Closed:
        return QCoreApplication::translate("rr::Calls", "Ended");
    }
    return {};
}

QString callKindName(CallKind kind)
{
    switch (kind) {
    case CallKind::Realtime:
        return QCoreApplication::translate("rr::Calls", "Realtime");
    case CallKind::Beta:
        return QCoreApplication::translate("rr::Calls", "Beta");
    case CallKind::Live:
        return QCoreApplication::translate("rr::Calls", "Live");
    case CallKind::Translation:
        return QCoreApplication::translate("rr::Calls", "Translation");
    case CallKind::Transcription:
        return QCoreApplication::translate("rr::Calls", "Transcription");
    case CallKind::Sideband:
        return QCoreApplication::translate("rr::Calls", "Sideband");
    }
    return {};
}

QString endedByName(EndedBy by)
{
    switch (by) {
    case EndedBy::Nobody:
        return {};
    case EndedBy::Client:
        return QCoreApplication::translate("rr::Calls", "Client");
    case EndedBy::Upstream:
        return QCoreApplication::translate("rr::Calls", "Upstream");
    case EndedBy::Relay:
        return QCoreApplication::translate("rr::Calls", "Relay");
    case EndedBy::Operator:
        return QCoreApplication::translate("rr::Calls", "Operator");
    }
    return {};
}

QString callCostText(const CallSnapshot &call)
{
    return call.isUsageElsewhere || call.usage.isEmpty() ? QString() : costText(call.usage);
}

QString roundTripText(qint64 microseconds)
{
    if (microseconds <= 0)
        return {};
    const double milliseconds = double(microseconds) / 1000;
    return QCoreApplication::translate("rr::Calls", "%1 ms")
        .arg(QLocale().toString(milliseconds, 'f', milliseconds < 10 ? 1 : 0));
}

QString closeReasonText(const CallSnapshot &call)
{
    return inOneLine(translated(call.closeReason));
}

QString modelText(const CallSnapshot &call)
{
    if (call.askedModel.isEmpty())
        return inOneLine(call.model);
    return inOneLine(call.answeringModel) + u" \u2190 "_s + inOneLine(call.askedModel);
}

QString untoldText(const CallSnapshot &call)
{
    const auto said = [](const char *text) { return QCoreApplication::translate("rr::Calls", text); };
    QStringList lines;
    if (!call.askedModel.isEmpty())
        lines.append(said(QT_TRANSLATE_NOOP("rr::Calls", "It asked for %1; %2 answers in its place."))
                         .arg(inOneLine(call.askedModel), inOneLine(call.answeringModel)));
    if (call.temperatureIgnored)
        lines.append(
            said(QT_TRANSLATE_NOOP("rr::Calls", "It sets a temperature, and there is none any more.")));
    if (call.droppedEvents > 0)
        lines.append(said(QT_TRANSLATE_NOOP("rr::Calls", "Events kept from it, for nobody knows them: %1"))
                         .arg(countText(call.droppedEvents)));
    return lines.join(u'\n');
}

QString searchText(const CallSnapshot &call)
{
    return QStringList{call.id, call.clientAddress, call.origin, call.model, callKindName(call.kind),
        callStateName(call.state), call.accessName}
        .join(u'\n')
        .toLower();
}

} // namespace rr
