// SPDX-License-Identifier: MIT
#include "core/config/settingsloader.h"

#include "core/config/settingsfile.h"
#include "core/config/settingvalue.h"

#include <QFileInfo>
#include <QHostAddress>

using namespace Qt::StringLiterals;

namespace rr {

namespace {

QByteArray spelled(const SettingSpec &spec, SettingSource source)
{
    switch (source) {
    case SettingSource::Environment:
        return spec.environmentName();
    case SettingSource::CommandLine:
        return spec.option();
    default:
        return QByteArray(spec.key.data(), spec.key.size());
    }
}

/// Collects what the sources say, one after the other.
class Loader
{
public:
    explicit Loader(const SettingsInput &input)
        : m_input(input)
    {
        m_loaded.settings = input.defaults;
        m_loaded.file = input.file;
    }

    LoadedSettings load()
    {
        if (!m_input.file.isEmpty())
            readFile();
        readEnvironment();
        readArguments();
        m_loaded.problems += settingConflicts(m_loaded.settings, m_loaded.sources, m_failed);
        warn();
        return m_loaded;
    }

private:
    void readFile()
    {
        SettingsFile file = readSettingsFile(m_input.file);
        if (!file.problem.isEmpty() && (file.exists || m_input.fileMustExist))
            m_loaded.problems.append({{}, SettingSource::File, file.problem});
        m_loaded.application = file.content.take(applicationKey).toObject();
        for (auto entry = file.content.constBegin(); entry != file.content.constEnd(); ++entry) {
            const SettingSpec *spec = findSetting(entry.key());
            if (spec && spec->key == entry.key()) {
                note(*spec, SettingSource::File, setSettingFromJson(m_loaded.settings, *spec, entry.value()));
            } else {
                const QString instead = spec ? u"write %1"_s.arg(spec->key) : u"remove it or see --help"_s;
                unknown(entry.key().toUtf8(), SettingSource::File,
                    u"%1 in %2 is not a setting: %3."_s.arg(entry.key(), m_input.file, instead));
            }
        }
    }

    void readEnvironment()
    {
        for (const SettingSpec &spec : settingsTable()) {
            const QString value
                = m_input.environment.value(QString::fromLatin1(spec.environmentName())).trimmed();
            if (!value.isEmpty())
                note(spec, SettingSource::Environment, setSetting(m_loaded.settings, spec, value));
        }
    }

    void readArguments()
    {
        constexpr SettingSource source = SettingSource::CommandLine;
        const QStringList &arguments = m_input.arguments;
        for (qsizetype i = 0; i < arguments.size(); ++i) {
            const QString &argument = arguments[i];
            // Not quoted where it is not an option: it may be a value, and that a secret.
            if (!argument.startsWith("--"_L1)) {
                unknown({}, source,
                    u"Argument %1 is not an option: a value follows its option (--port 8080) or its \"=\" "
                    "(--debug=false)."_s.arg(i + 1));
                continue;
            }
            const qsizetype equals = argument.indexOf(u'=');
            const QString name = argument.first(equals < 0 ? argument.size() : equals);
            const SettingSpec *spec = findSetting(name);
            QString value = equals < 0 ? QString() : argument.sliced(equals + 1);
            if (!spec) {
                unknown(name.toUtf8(), source, u"%1 is not an option: see --help."_s.arg(name));
                continue;
            }
            if (equals < 0 && spec->kind == SettingKind::Switch) {
                value = u"true"_s;
            } else if (equals < 0) {
                if (i + 1 == arguments.size() || arguments[i + 1].startsWith("--"_L1)) {
                    note(*spec, source, u"the value is missing. Allowed: %1."_s.arg(spec->allowedText()));
                    continue;
                }
                value = arguments[++i];
            }
            note(*spec, source, setSetting(m_loaded.settings, *spec, value));
        }
    }

    void note(const SettingSpec &spec, SettingSource source, const std::optional<QString> &problem)
    {
        if (!problem) {
            m_loaded.sources[&spec] = source;
            return;
        }
        m_failed.insert(&spec);
        const QByteArray key = spelled(spec, source);
        const QString place = source == SettingSource::File ? u" in "_s + m_input.file : QString();
        m_loaded.problems.append({key, source, QString::fromLatin1(key) + place + ": "_L1 + *problem});
    }

    void unknown(const QByteArray &key, SettingSource source, const QString &message)
    {
        m_loaded.problems.append({key, source, message});
    }

    void warn()
    {
        const QUrl &upstream = m_loaded.settings.upstreamUrl;
        const bool local = upstream.host() == "localhost"_L1 || QHostAddress(upstream.host()).isLoopback();
        if (upstream.scheme() == "ws"_L1 && !local)
            m_loaded.warnings.append(
                u"UPSTREAM_URL %1 is not encrypted: keys and conversations can be read on the way. Use "
                "wss:// if the upstream offers it."_s.arg(upstream.toString()));
#ifdef Q_OS_UNIX
        const SettingSpec *proxy = findSetting(u"upstreamProxy");
        const QFileInfo info(m_loaded.file);
        if (m_loaded.sources.value(proxy) == SettingSource::File
            && m_loaded.settings.upstreamProxy.contains(u'@')
            && (info.permissions() & (QFile::ReadGroup | QFile::ReadOther)))
            m_loaded.warnings.append(
                u"%1 holds the password of upstreamProxy and others can read it. Run: chmod 600 "
                "%1"_s.arg(m_loaded.file));
#endif
    }

    const SettingsInput &m_input;
    LoadedSettings m_loaded;
    QSet<const SettingSpec *> m_failed;
};

} // namespace

LoadedSettings loadSettings(const SettingsInput &input)
{
    return Loader(input).load();
}

QList<SettingProblem> settingConflicts(const Settings &settings,
    const QHash<const SettingSpec *, SettingSource> &sources, const QSet<const SettingSpec *> &leaveOut)
{
    QList<SettingProblem> problems;
    // Told of one setting, and naming the other in the same spelling: "%1 ... %2".
    const auto report = [&](const SettingSpec *spec, const SettingSpec *other, const QString &sentence) {
        if (leaveOut.contains(spec) || leaveOut.contains(other))
            return;
        const SettingSource source = sources.value(spec);
        const QByteArray key = spelled(*spec, source);
        problems.append({key, source,
            sentence.arg(QString::fromLatin1(key), QString::fromLatin1(spelled(*other, source)))});
    };

    const SettingSpec *cert = findSetting(u"tlsCertFile");
    const SettingSpec *key = findSetting(u"tlsKeyFile");
    if (settings.tlsCertFile.isEmpty() != settings.tlsKeyFile.isEmpty()) {
        const bool hasCert = !settings.tlsCertFile.isEmpty();
        report(hasCert ? cert : key, hasCert ? key : cert,
            u"%1 is set, but %2 is not: set both for wss://, or neither."_s);
    }

    const SettingSpec *budget = findSetting(u"bufferBudgetBytes");
    const SettingSpec *buffer = findSetting(u"sessionBufferBytes");
    if (settings.bufferBudgetBytes < settings.sessionBufferBytes) {
        const bool bufferGiven = sources.value(budget) == SettingSource::Default && sources.contains(buffer);
        const QString sentence = bufferGiven
            ? u"%1: \"%3\" is refused: all sessions together may hold back less. Allowed: at most %2, "
              "which is %4."_s
            : u"%1: \"%4\" is refused: one direction of a session may hold back more. Allowed: at least "
              "%2, which is %3."_s;
        report(bufferGiven ? buffer : budget, bufferGiven ? budget : buffer,
            QString(sentence)
                .replace("%3"_L1, QString::number(settings.sessionBufferBytes))
                .replace("%4"_L1, QString::number(settings.bufferBudgetBytes)));
    }
    return problems;
}

} // namespace rr
