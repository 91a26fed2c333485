// SPDX-License-Identifier: MIT
#include "ui/settings/settingwords.h"

#include "core/config/settingvalue.h"
#include "ui/control/displaytext.h"
#include "ui/control/translated.h"

#include <QCoreApplication>
#include <QLocale>

#include <cmath>

namespace rr {

using namespace Qt::StringLiterals;

namespace {

struct Words
{
    QLatin1String key;
    const char *title;
    const char *example = nullptr;
};

constexpr Words words[] = {
    {"host"_L1, QT_TRANSLATE_NOOP("rr::SettingWords", "Listen address"), "127.0.0.1"},
    {"port"_L1, QT_TRANSLATE_NOOP("rr::SettingWords", "Port")},
    {"adminHost"_L1, QT_TRANSLATE_NOOP("rr::SettingWords", "Address of the operator's port"), "127.0.0.1"},
    {"adminPort"_L1, QT_TRANSLATE_NOOP("rr::SettingWords", "Port for /stats and /metrics")},
    {"statsToken"_L1, QT_TRANSLATE_NOOP("rr::SettingWords", "Token for /stats and /metrics")},
    {"tlsCertFile"_L1, QT_TRANSLATE_NOOP("rr::SettingWords", "Certificate file")},
    {"tlsKeyFile"_L1, QT_TRANSLATE_NOOP("rr::SettingWords", "Key file")},
    {"trustedProxies"_L1, QT_TRANSLATE_NOOP("rr::SettingWords", "Trusted proxies"),
        "192.168.1.10, 10.0.0.0/8"},
    {"tryPage"_L1, QT_TRANSLATE_NOOP("rr::SettingWords", "Page to try a call, at /try")},
    {"upstreamUrl"_L1, QT_TRANSLATE_NOOP("rr::SettingWords", "Upstream address")},
    {"upstreamCaFile"_L1, QT_TRANSLATE_NOOP("rr::SettingWords", "Certificate authorities of the upstream")},
    {"upstreamProxy"_L1, QT_TRANSLATE_NOOP("rr::SettingWords", "Proxy to the upstream"),
        "http://proxy.example.org:3128"},
    {"forwardHeaders"_L1, QT_TRANSLATE_NOOP("rr::SettingWords", "Headers that are passed on"),
        "X-Portkey-*, CF-Access-Client-Id"},
    {"modelAliases"_L1, QT_TRANSLATE_NOOP("rr::SettingWords", "Names of models"),
        "gpt-4o-realtime-preview=gpt-realtime-2.1"},
    {"modelAliasesForAll"_L1, QT_TRANSLATE_NOOP("rr::SettingWords", "Names of models in every call")},
    {"connectTimeout"_L1, QT_TRANSLATE_NOOP("rr::SettingWords", "Connect timeout")},
    {"checkUpstream"_L1, QT_TRANSLATE_NOOP("rr::SettingWords", "Check the upstream by itself")},
    {"allowedOrigins"_L1, QT_TRANSLATE_NOOP("rr::SettingWords", "Allowed origins"),
        "https://app.example.org, https://*.example.org, http://localhost:*"},
    {"allowedHosts"_L1, QT_TRANSLATE_NOOP("rr::SettingWords", "Allowed host names"),
        "relay.example.org, *.example.org"},
    {"maxConnections"_L1, QT_TRANSLATE_NOOP("rr::SettingWords", "Calls at once")},
    {"maxConnectionsPerIp"_L1, QT_TRANSLATE_NOOP("rr::SettingWords", "Calls at once from one address")},
    {"connectionRatePerIp"_L1, QT_TRANSLATE_NOOP("rr::SettingWords", "New calls a minute from one address")},
    {"maxHalfOpen"_L1, QT_TRANSLATE_NOOP("rr::SettingWords", "Connections that wait for a request")},
    {"maxHalfOpenPerIp"_L1, QT_TRANSLATE_NOOP("rr::SettingWords", "Waiting connections from one address")},
    {"heartbeatInterval"_L1, QT_TRANSLATE_NOOP("rr::SettingWords", "Heartbeat interval")},
    {"inactivityTimeout"_L1, QT_TRANSLATE_NOOP("rr::SettingWords", "Inactivity timeout")},
    {"sessionLimit"_L1, QT_TRANSLATE_NOOP("rr::SettingWords", "Longest call")},
    {"handshakeTimeout"_L1, QT_TRANSLATE_NOOP("rr::SettingWords", "Handshake timeout")},
    {"drainTimeout"_L1, QT_TRANSLATE_NOOP("rr::SettingWords", "Drain timeout")},
    {"stallTimeout"_L1, QT_TRANSLATE_NOOP("rr::SettingWords", "Stall timeout")},
    {"maxMessageBytes"_L1, QT_TRANSLATE_NOOP("rr::SettingWords", "Largest message")},
    {"sessionBufferBytes"_L1, QT_TRANSLATE_NOOP("rr::SettingWords", "Backlog of one direction")},
    {"bufferBudgetBytes"_L1, QT_TRANSLATE_NOOP("rr::SettingWords", "Backlog of all calls together")},
    {"openaiApiKey"_L1, QT_TRANSLATE_NOOP("rr::SettingWords", "Held key")},
    {"openaiApiKeyFile"_L1, QT_TRANSLATE_NOOP("rr::SettingWords", "File of the held key")},
    {"storeUrl"_L1, QT_TRANSLATE_NOOP("rr::SettingWords", "Store"),
        "postgresql://relay:PASSWORD@db.example.org/relay"},
    {"historyDays"_L1, QT_TRANSLATE_NOOP("rr::SettingWords", "Days of history")},
    {"budgetUsdADay"_L1, QT_TRANSLATE_NOOP("rr::SettingWords", "US dollars a day, of all access tokens")},
    {"pricesFile"_L1, QT_TRANSLATE_NOOP("rr::SettingWords", "File of prices")},
    {"priceFactor"_L1, QT_TRANSLATE_NOOP("rr::SettingWords", "Factor of prices"), "1.1"},
    {"logLevel"_L1, QT_TRANSLATE_NOOP("rr::SettingWords", "Log level")},
    {"logFormat"_L1, QT_TRANSLATE_NOOP("rr::SettingWords", "Log format")},
    {"debug"_L1, QT_TRANSLATE_NOOP("rr::SettingWords", "Log every event")},
    {"workers"_L1, QT_TRANSLATE_NOOP("rr::SettingWords", "Worker threads")},
};

constexpr SettingUnit durationUnits[] = {
    {QT_TRANSLATE_NOOP("rr::SettingWords", "milliseconds"), 1},
    {QT_TRANSLATE_NOOP("rr::SettingWords", "seconds"), 1000},
    {QT_TRANSLATE_NOOP("rr::SettingWords", "minutes"), 60'000},
    {QT_TRANSLATE_NOOP("rr::SettingWords", "hours"), 3'600'000},
};
constexpr SettingUnit bytesUnits[] = {
    {QT_TRANSLATE_NOOP("rr::SettingWords", "bytes"), 1},
    {QT_TRANSLATE_NOOP("rr::SettingWords", "KiB"), 1024},
    {QT_TRANSLATE_NOOP("rr::SettingWords", "MiB"), 1024 * 1024},
    {QT_TRANSLATE_NOOP("rr::SettingWords", "GiB"), 1024 * 1024 * 1024},
};

QString inOurWords(const char *text)
{
    return QCoreApplication::translate("rr::SettingWords", text);
}

const Words *find(const SettingSpec &spec)
{
    for (const Words &each : words) {
        if (each.key == spec.key)
            return &each;
    }
    return nullptr;
}

QString allowedText(const SettingSpec &spec)
{
    switch (spec.kind) {
    case SettingKind::Number:
    case SettingKind::Duration:
    case SettingKind::Bytes: {
        const QString range
            = QCoreApplication::translate("rr::SettingWords", "%1 to %2.")
                  .arg(valueWithUnit(spec.kind, spec.minimum), valueWithUnit(spec.kind, spec.maximum));
        return spec.zeroMeans ? range + u" 0: "_s + translated(spec.zeroMeans) + u'.' : range;
    }
    default:
        return {};
    }
}

} // namespace

QString settingTitle(const SettingSpec &spec)
{
    const Words *found = find(spec);
    return found ? inOurWords(found->title) : QString(spec.key);
}

QString settingHelp(const SettingSpec &spec)
{
    QStringList sentences{translated(spec.help)};
    if (const QString allowed = allowedText(spec); !allowed.isEmpty())
        sentences.append(QCoreApplication::translate("rr::SettingWords", "Allowed: %1").arg(allowed));
    if (const QString example = settingExample(spec); !example.isEmpty())
        sentences.append(QCoreApplication::translate("rr::SettingWords", "For example: %1.").arg(example));
    if (spec.apply == SettingApply::NextStart)
        sentences.append(
            QCoreApplication::translate("rr::SettingWords", "Takes effect when the program starts again."));
    return sentences.join(u' ');
}

QString settingExample(const SettingSpec &spec)
{
    const Words *found = find(spec);
    return found && found->example ? QString::fromUtf8(found->example) : QString();
}

QString settingGroupTitle(SettingGroup group)
{
    switch (group) {
    case SettingGroup::Network:
        return QCoreApplication::translate("rr::SettingWords", "Network");
    case SettingGroup::Upstream:
        return QCoreApplication::translate("rr::SettingWords", "Upstream");
    case SettingGroup::Admission:
        return QCoreApplication::translate("rr::SettingWords", "Origins and limits");
    case SettingGroup::Calls:
        return QCoreApplication::translate("rr::SettingWords", "Timeouts and sizes");
    case SettingGroup::Access:
        return QCoreApplication::translate("rr::SettingWords", "Access and costs");
    case SettingGroup::Program:
        return QCoreApplication::translate("rr::SettingWords", "Log and threads");
    }
    return {};
}

QString choiceName(QLatin1String choice)
{
    for (size_t level = 0; level < logLevelNames.size(); ++level) {
        if (logLevelNames[level] == choice)
            return logLevelName(LogLevel(level));
    }
    static constexpr std::pair<QLatin1String, const char *> names[] = {
        {"text"_L1, QT_TRANSLATE_NOOP("rr::SettingWords", "Text")},
        {"json"_L1, QT_TRANSLATE_NOOP("rr::SettingWords", "JSON")},
    };
    for (const auto &[word, name] : names) {
        if (word == choice)
            return inOurWords(name);
    }
    return choice;
}

QString withSettingTitles(QString sentence)
{
    for (const SettingSpec &spec : settingsTable()) {
        const QString key = spec.key;
        if (key != key.toLower())
            sentence.replace(key, u'“' + settingTitle(spec) + u'”');
    }
    return sentence;
}

QString asSentence(const Sentence &reason)
{
    const QString text = translated(reason);
    return text.isEmpty() ? QString() : text.first(1).toUpper() + text.sliced(1) + u'.';
}

std::optional<QString> valueProblem(const SettingSpec &spec, const QString &text)
{
    Settings scratch;
    if (!setSetting(scratch, spec, text))
        return {};
    switch (spec.kind) {
    case SettingKind::Number:
    case SettingKind::Duration:
    case SettingKind::Bytes: {
        bool isNumber = false;
        const qint64 value = text.toLongLong(&isNumber);
        const QString what = !isNumber
            ? QCoreApplication::translate("rr::SettingWords", "This is not a whole number.")
            : value < spec.minimum ? QCoreApplication::translate("rr::SettingWords", "This is too small.")
                                   : QCoreApplication::translate("rr::SettingWords", "This is too large.");
        return what + u' '
            + QCoreApplication::translate("rr::SettingWords", "Allowed: %1").arg(allowedText(spec));
    }
    case SettingKind::List:
        for (QString entry : text.split(u',')) {
            entry = entry.trimmed();
            if (const auto problem = entry.isEmpty() ? std::nullopt : spec.check(entry))
                return asSentence(*problem);
        }
        break;
    default:
        QString checked = text.trimmed();
        if (const auto problem = spec.check ? spec.check(checked) : std::nullopt)
            return asSentence(*problem);
    }
    return QCoreApplication::translate("rr::SettingWords", "Allowed: %1").arg(translated(spec.allowedText()));
}

std::span<const SettingUnit> unitsOf(SettingKind kind)
{
    switch (kind) {
    case SettingKind::Duration:
        return durationUnits;
    case SettingKind::Bytes:
        return bytesUnits;
    default:
        return {};
    }
}

QString unitName(const SettingUnit &unit)
{
    return inOurWords(unit.name);
}

int bestUnit(SettingKind kind, qint64 value)
{
    const auto units = unitsOf(kind);
    if (value == 0)
        return 1;
    int best = 0;
    for (int i = 0; i < int(units.size()); ++i) {
        if (value % units[size_t(i)].factor == 0)
            best = i;
    }
    return best;
}

std::optional<qint64> valueInUnit(const QString &text, const SettingUnit &unit)
{
    bool isNumber = false;
    const qint64 whole = text.trimmed().toLongLong(&isNumber);
    constexpr double most = 1e15; // beyond every range, and exact in a double
    double number = double(whole);
    if (!isNumber)
        number = QLocale().toDouble(text.trimmed(), &isNumber);
    if (!isNumber)
        number = text.trimmed().toDouble(&isNumber);
    number *= double(unit.factor);
    if (!isNumber || std::abs(number) > most || std::abs(number - std::round(number)) > 1e-6)
        return {};
    return qint64(std::llround(number));
}

QString valueWithUnit(SettingKind kind, qint64 value)
{
    const auto units = unitsOf(kind);
    if (units.empty())
        return QLocale().toString(value);
    const SettingUnit &unit = units[size_t(bestUnit(kind, value))];
    return QLocale().toString(value / unit.factor) + u' ' + unitName(unit);
}

} // namespace rr
