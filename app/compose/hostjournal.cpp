// SPDX-License-Identifier: MIT
#include "app/compose/hostjournal.h"

#include "core/realtime/redaction.h"

#include <QCoreApplication>

namespace rr {

using namespace Qt::StringLiterals;

namespace {

using Fields = QList<std::pair<QByteArray, QVariant>>;

Fields fieldsOf(const RelayError &error)
{
    Fields fields{{"code", QString::fromLatin1(error.code)}};
    if (!error.setting.isEmpty())
        fields.append({"setting", QString::fromLatin1(error.setting)});
    return fields;
}

} // namespace

JournalEntry relayListening(const Relay &relay)
{
    const Settings &settings = relay.settings();
    JournalEntry entry
        = journalEntry(LogLevel::Info, "listening", QT_TRANSLATE_NOOP("Core", "The relay is listening."),
            {{"version", QCoreApplication::applicationVersion()}, {"host", settings.host},
                {"port", int(relay.port())}, {"tls", relay.snapshot().tls},
                {"upstream", settings.upstreamUrl.toString(QUrl::RemoveUserInfo)}});
    if (relay.adminPort() != 0)
        entry.fields.append({"admin_port", int(relay.adminPort())});
    return entry;
}

JournalEntry relayDraining(const Relay &relay)
{
    return journalEntry(LogLevel::Info, "draining",
        QT_TRANSLATE_NOOP(
            "Core", "Asked to stop: no new calls, and the live ones may finish. Ask again to stop at once."),
        {{"calls", relay.snapshot().activeConnections},
            {"drain_ms", qint64(relay.settings().drainTimeout.count())}});
}

JournalEntry relayStopped()
{
    return journalEntry(LogLevel::Info, "stopped", QT_TRANSLATE_NOOP("Core", "The relay has stopped."));
}

JournalEntry startFailed(const RelayError &error)
{
    return journalEntry(LogLevel::Error, "start_failed", error.detail, fieldsOf(error));
}

JournalEntry upstreamAnswers(const UpstreamCheckResult &result)
{
    return journalEntry(LogLevel::Info, "upstream_answers", sentenceOf(result),
        {{"upstream", outsideText(result.host)}, {"took_ms", qint64(result.took.count())}});
}

JournalEntry descriptorsShort(int maxConnections, int descriptors)
{
    return journalEntry(LogLevel::Warning, "descriptor_limit",
        QT_TRANSLATE_NOOP("Core",
            "MAX_CONNECTIONS is more than the limit of open files allows. Raise the limit (ulimit -n, LimitNOFILE)."),
        {{"max_connections", maxConnections}, {"open_files", descriptors}});
}

JournalEntry heldKeyServesNobody(bool hasStore)
{
    return journalEntry(LogLevel::Warning, "held_key_idle",
        hasStore
            ? QT_TRANSLATE_NOOP("Core",
                "The held key is for calls with an access token, and for nothing else. There is no access token yet, so it serves "
                "nobody: make one with realtime-relayd token add NAME, or in the window.")
            : QT_TRANSLATE_NOOP("Core",
                "The held key is for calls with an access token, and for nothing else. Without a store there are no access "
                "tokens, so it serves nobody: set STORE_URL."));
}

JournalEntry settingWarning(const Sentence &warning)
{
    return journalEntry(LogLevel::Warning, "setting_warning", warning);
}

JournalEntry settingsReloaded(const Relay &relay)
{
    return journalEntry(LogLevel::Info, "reloaded",
        QT_TRANSLATE_NOOP("Core", "The settings were read again and are in force."),
        {{"host", relay.settings().host}, {"port", int(relay.port())}});
}

JournalEntry reloadRefused(const SettingProblem &problem)
{
    return journalEntry(LogLevel::Error, "reload_refused", problem.message);
}

JournalEntry reloadRefused(const RelayError &error)
{
    return journalEntry(LogLevel::Error, "reload_refused", error.detail, fieldsOf(error));
}

JournalEntry qtMessage(LogLevel level, const QString &message)
{
    return journalEntry(level, "qt", asTheySaid(message));
}

} // namespace rr
