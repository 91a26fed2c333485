// SPDX-License-Identifier: MIT
#include "core/config/settingsloader.h"

#include "core/config/originpattern.h"
#include "core/config/othersvariable.h"
#include "core/config/proxyenvironment.h"
#include "core/config/settingsfile.h"
#include "core/config/settingvalue.h"

#include <QFileInfo>
#include <QHostAddress>

#ifdef Q_OS_UNIX
#include <unistd.h>
#endif

using namespace Qt::StringLiterals;

namespace rr {

namespace {

/// A problem in the order of the sources, with the setting it is of; null: of none.
struct Refused
{
    const SettingSpec *spec;
    SettingProblem problem;
};

#ifdef Q_OS_UNIX
/// Of another owner's file, as root's that a service reads by its group or by an access list, the group is no stranger.
bool othersCanRead(const QString &path)
{
    const QFileInfo info(path);
    const bool isOurs = info.ownerId() == ::geteuid();
    return info.permissions()
        & (isOurs ? QFile::ReadGroup | QFile::ReadOther : QFile::Permissions(QFile::ReadOther));
}
#endif

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
        judge();
        warnOfOthers();
        warn();
        return m_loaded;
    }

private:
    void readFile()
    {
        SettingsFile file = readSettingsFile(m_input.file);
        if (!file.problem.isEmpty() && (file.exists || m_input.fileMustExist))
            m_refused.append({nullptr, {{}, SettingSource::File, file.problem}});
        for (const QString &key : std::as_const(file.repeatedKeys))
            m_loaded.warnings.append(
                {QT_TRANSLATE_NOOP("Core", "%1 stands more than once in %2: the last one counts."),
                    {printable(key), m_input.file}});
        m_loaded.application = file.content.take(applicationKey).toObject();
        for (auto entry = file.content.constBegin(); entry != file.content.constEnd(); ++entry) {
            const SettingSpec *spec = findSetting(entry.key());
            if (spec && spec->key == entry.key()) {
                note(*spec, SettingSource::File, setSettingFromJson(m_loaded.settings, *spec, entry.value()));
            } else {
                const Sentence instead = spec
                    ? Sentence(QT_TRANSLATE_NOOP("Core", "write %1"), {QString(spec->key)})
                    : Sentence(QT_TRANSLATE_NOOP("Core", "remove it or see --help"));
                unknown(printable(entry.key()).toUtf8(), SettingSource::File,
                    {QT_TRANSLATE_NOOP("Core", "%1 in %2 is not a setting: %3."),
                        {printable(entry.key()), m_input.file, instead}});
            }
        }
    }

    void readEnvironment()
    {
        for (const SettingSource source : {SettingSource::Environment, SettingSource::PrefixedEnvironment}) {
            for (const SettingSpec &spec : settingsTable()) {
                const QString name = QString::fromLatin1(settingName(spec, source));
                const QString value = withoutQuotes(m_input.environment.value(name));
                if (!value.isEmpty() && !othersValue(spec, name, value))
                    note(spec, source, setSetting(m_loaded.settings, spec, value));
            }
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
                    {QT_TRANSLATE_NOOP("Core",
                         "Argument %1 is not an option: a value follows its option (--port 8080) or its \"=\" "
                         "(--debug=false)."),
                        {i + 1}});
                continue;
            }
            const qsizetype equals = argument.indexOf(u'=');
            const QString name = argument.first(equals < 0 ? argument.size() : equals);
            const SettingSpec *spec = findSetting(name);
            QString value = equals < 0 ? QString() : argument.sliced(equals + 1);
            if (!spec) {
                unknown(printable(name).toUtf8(), source,
                    {QT_TRANSLATE_NOOP("Core", "%1 is not an option: see --help."), {printable(name)}});
                continue;
            }
            if (equals < 0 && spec->kind == SettingKind::Switch) {
                value = u"true"_s;
            } else if (equals < 0) {
                if (i + 1 == arguments.size() || arguments[i + 1].startsWith("--"_L1)) {
                    note(*spec, source,
                        Sentence(QT_TRANSLATE_NOOP("Core", "the value is missing. Allowed: %1."),
                            {spec->allowedText()}));
                    continue;
                }
                value = arguments[++i];
            }
            note(*spec, source,
                spec->notAnOption && !value.isEmpty()
                    ? Sentence(spec->notAnOption, {QString::fromLatin1(spec->environmentName())})
                    : setSetting(m_loaded.settings, *spec, value));
        }
    }

    void note(const SettingSpec &spec, SettingSource source, const std::optional<Sentence> &problem)
    {
        if (!problem) {
            m_loaded.sources[&spec] = source;
            m_overridden[&spec] = m_refused.size();
            return;
        }
        const QByteArray key = settingName(spec, source);
        const QString name = QString::fromLatin1(key);
        const Sentence place = source == SettingSource::File
            ? Sentence(QT_TRANSLATE_NOOP("Core", "%1 in %2"), {name, m_input.file})
            : asTheySaid(name);
        m_refused.append({&spec, {key, source, joined(place, *problem, "%1: %2"), *problem}});
    }

    void unknown(const QByteArray &key, SettingSource source, const Sentence &message)
    {
        m_refused.append({nullptr, {key, source, message}});
    }

    /// What is refused matters, unless a later value counts.
    void judge()
    {
        QSet<const SettingSpec *> failed;
        for (qsizetype i = 0; i < m_refused.size(); ++i) {
            const auto &[spec, problem] = m_refused[i];
            if (spec && i < m_overridden.value(spec)) {
                const QByteArray by = settingName(*spec, m_loaded.sources.value(spec));
                m_loaded.warnings.append(joined(problem.message,
                    {QT_TRANSLATE_NOOP("Core", "It does not count, for %1 overrides it."),
                        {QString::fromLatin1(by)}}));
                continue;
            }
            m_loaded.problems.append(problem);
            failed.insert(spec);
        }
        m_loaded.problems += settingConflicts(m_loaded.settings, m_loaded.sources, failed);
    }

    /// Of what the environment has for other programs, as far as somebody may have meant the relay.
    void warnOfOthers()
    {
        for (const SettingSource source : {SettingSource::Environment, SettingSource::PrefixedEnvironment}) {
            for (const SettingSpec &spec : settingsTable()) {
                const QString name = QString::fromLatin1(settingName(spec, source));
                const QString value = withoutQuotes(m_input.environment.value(name));
                const auto what = value.isEmpty() ? std::nullopt : othersValue(spec, name, value);
                if (what && m_loaded.sources.value(&spec) <= source)
                    m_loaded.warnings.append(
                        {QT_TRANSLATE_NOOP("Core",
                             "The environment variable %1 is \"%2\": it is %3, so it is taken for another "
                             "program's and passed over. Set what the relay is to have as %4, or unset %1."),
                            {name, valueToShow(spec, value), *what,
                                QString::fromLatin1(settingName(spec,
                                    source == SettingSource::Environment ? SettingSource::PrefixedEnvironment
                                                                         : SettingSource::CommandLine))}});
            }
        }
        const QStringList names = m_input.environment.keys();
        for (const QString &name : names) {
            const SettingSpec *spec = findSetting(name);
            const bool isSetting
                = spec && name.toLatin1() == settingName(*spec, SettingSource::PrefixedEnvironment);
            const auto stray
                = isSetting ? std::nullopt : strayVariable(name, m_input.environment.value(name));
            if (stray)
                m_loaded.warnings.append(*stray);
        }
        if (m_loaded.settings.upstreamProxy.isEmpty()
            && !proxyVariable(m_loaded.settings.upstreamUrl, m_input.environment).name.isEmpty()) {
            for (const QString &member : unknownInNoProxy(m_input.environment))
                m_loaded.warnings.append(
                    {QT_TRANSLATE_NOOP("Core",
                         "NO_PROXY has \"%1\", which is passed over: it is neither a host, a domain, an "
                         "address, a subnet nor *."),
                        {printable(member)}});
        }
    }

    void warn()
    {
        for (const SettingSpec &spec : settingsTable()) {
            const QString text = spec.secret ? settingText(m_loaded.settings, spec) : QString();
            const bool holdsSecret = spec.kind == SettingKind::Secret
                ? !text.isEmpty()
                : text.contains(u'@') && !text.startsWith("sqlite:"_L1);
            if (holdsSecret && m_loaded.sources.value(&spec) == SettingSource::CommandLine)
                m_loaded.warnings.append(
                    {QT_TRANSLATE_NOOP("Core",
                         "%1 holds a secret, and on the command line everybody on this machine can read it. Set the "
                         "environment variable %2 in its place."),
                        {QString::fromLatin1(spec.option()), QString::fromLatin1(spec.environmentName())}});
        }
        for (const QString &text : std::as_const(m_loaded.settings.allowedOrigins)) {
            const auto pattern = parseOriginPattern(text);
            if (pattern && isSharedDomain(*pattern))
                m_loaded.warnings.append(
                    {QT_TRANSLATE_NOOP("Core",
                         "ALLOWED_ORIGINS has %1: others can have a page there, too, and it is let in. Name your "
                         "pages one by one, or give them a domain of your own."),
                        {text}});
        }
        const QUrl &upstream = m_loaded.settings.upstreamUrl;
        const bool local = upstream.host() == "localhost"_L1 || QHostAddress(upstream.host()).isLoopback();
        if (upstream.scheme() == "ws"_L1 && !local)
            m_loaded.warnings.append(
                {QT_TRANSLATE_NOOP("Core",
                     "UPSTREAM_URL %1 is not encrypted: keys and conversations can be read on the way. Use wss:// "
                     "if the upstream offers it."),
                    {upstream.toString()}});
#ifdef Q_OS_UNIX
        const auto warnOfReaders = [this](QStringView key, bool isSecret, const char *warning) {
            if (isSecret && m_loaded.sources.value(findSetting(key)) == SettingSource::File
                && othersCanRead(m_loaded.file))
                m_loaded.warnings.append({warning, {m_loaded.file}});
        };
        warnOfReaders(u"upstreamProxy", m_loaded.settings.upstreamProxy.contains(u'@'),
            QT_TRANSLATE_NOOP(
                "Core", "%1 holds the password of upstreamProxy and others can read it. Run: chmod 600 %1"));
        warnOfReaders(u"statsToken", !m_loaded.settings.statsToken.isEmpty(),
            QT_TRANSLATE_NOOP("Core", "%1 holds the statsToken and others can read it. Run: chmod 600 %1"));
        warnOfReaders(u"openaiApiKey", !m_loaded.settings.openaiApiKey.isEmpty(),
            QT_TRANSLATE_NOOP("Core", "%1 holds the openaiApiKey and others can read it. Run: chmod 600 %1"));
        warnOfReaders(u"storeUrl",
            m_loaded.settings.storeUrl.contains(u'@') && !m_loaded.settings.storeUrl.startsWith("sqlite:"_L1),
            QT_TRANSLATE_NOOP(
                "Core", "%1 holds the password of storeUrl and others can read it. Run: chmod 600 %1"));
        const QString &keyFile = m_loaded.settings.openaiApiKeyFile;
        if (!keyFile.isEmpty() && othersCanRead(keyFile))
            m_loaded.warnings.append(
                {QT_TRANSLATE_NOOP("Core",
                     "The file %1 holds the held key and others can read it. Let its owner alone read it (chmod 600)."),
                    {keyFile}});
#endif
    }

    const SettingsInput &m_input;
    LoadedSettings m_loaded;
    QList<Refused> m_refused;
    QHash<const SettingSpec *, qsizetype> m_overridden; ///< what was refused before these does not count
};

} // namespace

QByteArray settingName(const SettingSpec &spec, SettingSource source)
{
    switch (source) {
    case SettingSource::Environment:
        return spec.environmentName();
    case SettingSource::PrefixedEnvironment:
        return environmentPrefix.data() + spec.environmentName();
    case SettingSource::CommandLine:
        return spec.option();
    default:
        return spec.jsonName();
    }
}

LoadedSettings loadSettings(const SettingsInput &input)
{
    return Loader(input).load();
}

QList<SettingProblem> settingConflicts(const Settings &settings,
    const QHash<const SettingSpec *, SettingSource> &sources, const QSet<const SettingSpec *> &leaveOut)
{
    QList<SettingProblem> problems;
    // Told of one setting, and naming the other in the same spelling.
    const auto report = [&](const SettingSpec *spec, const SettingSpec *other, const auto &sentence) {
        if (leaveOut.contains(spec) || leaveOut.contains(other))
            return;
        const SettingSource source = sources.value(spec);
        const QByteArray key = settingName(*spec, source);
        problems.append({key, source,
            sentence(QString::fromLatin1(key), QString::fromLatin1(settingName(*other, source)))});
    };

    const SettingSpec *cert = findSetting(u"tlsCertFile");
    const SettingSpec *key = findSetting(u"tlsKeyFile");
    if (settings.tlsCertFile.isEmpty() != settings.tlsKeyFile.isEmpty()) {
        const bool hasCert = !settings.tlsCertFile.isEmpty();
        report(hasCert ? cert : key, hasCert ? key : cert, [](const QString &name, const QString &other) {
            return Sentence(
                QT_TRANSLATE_NOOP("Core", "%1 is set, but %2 is not: set both for wss://, or neither."),
                {name, other});
        });
    }

    if (settings.adminPort != 0 && settings.adminPort == settings.port)
        report(
            findSetting(u"adminPort"), findSetting(u"port"), [](const QString &name, const QString &other) {
                return Sentence(
                    QT_TRANSLATE_NOOP("Core", "%1 and %2 are the same: give %1 another one."), {name, other});
            });

    if (!settings.openaiApiKey.isEmpty() && !settings.openaiApiKeyFile.isEmpty()) {
        const SettingSpec *file = findSetting(u"openaiApiKeyFile");
        report(file, findSetting(u"openaiApiKey"), [](const QString &name, const QString &other) {
            return Sentence(QT_TRANSLATE_NOOP("Core",
                                "%1 and %2 are both set: one of them is the held key. Remove the other."),
                {name, other});
        });
    }

    const SettingSpec *budget = findSetting(u"bufferBudgetBytes");
    const SettingSpec *buffer = findSetting(u"sessionBufferBytes");
    if (settings.bufferBudgetBytes < settings.sessionBufferBytes) {
        const bool bufferGiven = sources.value(budget) == SettingSource::Default && sources.contains(buffer);
        const qint64 value = bufferGiven ? settings.sessionBufferBytes : settings.bufferBudgetBytes;
        const qint64 limit = bufferGiven ? settings.bufferBudgetBytes : settings.sessionBufferBytes;
        const Sentence why = bufferGiven
            ? QT_TRANSLATE_NOOP("Core", "all calls together may hold back less")
            : QT_TRANSLATE_NOOP("Core", "one direction of a call may hold back more");
        report(bufferGiven ? buffer : budget, bufferGiven ? budget : buffer,
            [&](const QString &name, const QString &other) {
                const Sentence allowed(bufferGiven ? QT_TRANSLATE_NOOP("Core", "at most %1, which is %2")
                                                   : QT_TRANSLATE_NOOP("Core", "at least %1, which is %2"),
                    {other, limit});
                return joined(asTheySaid(name),
                    refusedValue({"\"%1\"", {QString::number(value)}}, why, allowed), "%1: %2");
            });
    }
    return problems;
}

} // namespace rr
