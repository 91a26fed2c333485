// SPDX-License-Identifier: MIT
#include "core/config/settingstext.h"

#include "core/config/settingvalue.h"

using namespace Qt::StringLiterals;

namespace rr {

namespace {

constexpr qsizetype columns = 90;

QString wrapped(const QString &text, const QString &indent)
{
    QString result;
    QString line = indent;
    for (const QString &word : text.split(u' ')) {
        if (line.size() > indent.size() && line.size() + 1 + word.size() > columns) {
            result += line + u'\n';
            line = indent;
        }
        line += (line.size() > indent.size() ? u" "_s : QString()) + word;
    }
    return result + line + u'\n';
}

// In the order of SettingKind.
constexpr std::array placeholders{" ADDRESS"_L1, " NUMBER"_L1, " MILLISECONDS"_L1, " BYTES"_L1,
    "[=true|false]"_L1, " NAME"_L1, " URL"_L1, " FILE"_L1, " LIST"_L1, " NUMBER"_L1, " SECRET"_L1};
static_assert(placeholders.size() == size_t(SettingKind::Secret) + 1);

/// The help and, where a change is not applied at once, when it is.
QString description(const SettingSpec &spec)
{
    const QString help = QString::fromUtf8(spec.help);
    switch (spec.apply) {
    case SettingApply::Live:
        return help;
    case SettingApply::ListenAnew:
        return help + " A change makes the relay listen anew; open calls go on."_L1;
    case SettingApply::NextStart:
        return help + " A change takes effect at the next start."_L1;
    }
    return help;
}

QString defaultMarkdown(const SettingSpec &spec)
{
    const QString text = settingTextToShow(Settings(), spec);
    if (text.isEmpty())
        return u"\u2013"_s;
    return u'`' + QString(text).replace(u',', "`, `"_L1) + u'`';
}

QString cell(QString text)
{
    return text.replace(u'|', "\\|"_L1).replace(u'*', "\\*"_L1);
}

} // namespace

QString helpText(const Settings &defaults)
{
    QString text;
    std::optional<SettingGroup> group;
    for (const SettingSpec &spec : settingsTable()) {
        if (group != spec.group) {
            text += (group ? u"\n"_s : QString()) + nameOf(spec.group) + ":\n"_L1;
            group = spec.group;
        }
        const QString value = settingTextToShow(defaults, spec);
        text += u"  "_s + QString::fromLatin1(spec.notAnOption ? spec.environmentName() : spec.option())
            + placeholders[size_t(spec.kind)] + u'\n';
        text += wrapped(description(spec), u"      "_s);
        text += wrapped(u"Allowed: %1."_s.arg(plain(spec.allowedText())), u"      "_s);
        text += wrapped(u"Default: %1. Variable: %2"_s.arg(
                            value.isEmpty() ? u"none"_s : value, QString::fromLatin1(spec.environmentName())),
            u"      "_s);
    }
    return text;
}

QString printConfig(const LoadedSettings &loaded)
{
    qsizetype nameWidth = 0;
    qsizetype valueWidth = 0;
    QStringList values;
    for (const SettingSpec &spec : settingsTable()) {
        const QString value = settingTextToShow(loaded.settings, spec);
        values.append(value.isEmpty() ? u"-"_s : value);
        nameWidth = qMax(nameWidth, spec.key.size());
        valueWidth = qMax(valueWidth, qMin(values.last().size(), qsizetype(40)));
    }
    QString text;
    for (qsizetype i = 0; i < values.size(); ++i) {
        const SettingSpec &spec = settingsTable()[size_t(i)];
        const SettingSource source = loaded.sources.value(&spec);
        QString where;
        if (source == SettingSource::File)
            where = u' ' + loaded.file;
        else if (source != SettingSource::Default)
            where = u' ' + QString::fromLatin1(settingName(spec, source));
        text += QString(spec.key).leftJustified(nameWidth + 2) + values[i].leftJustified(valueWidth + 2)
            + (values[i].size() > valueWidth ? u"  "_s : QString()) + nameOf(source) + where + u'\n';
    }
    return text;
}

QString settingsReferenceMarkdown()
{
    QString text
        = u"The key in the settings file is the variable's name in camel case: `MAX_CONNECTIONS` is "
          "`maxConnections`. Lists are comma separated, in the file an array of strings. Before every variable may stand "
          "`RELAY_`, and then it counts first: `RELAY_PORT` before `PORT`.\n"_s;
    std::optional<SettingGroup> group;
    for (const SettingSpec &spec : settingsTable()) {
        if (group != spec.group) {
            text += u"\n**%1**\n\n| Setting | Option | Default | Allowed | What it does "
                    "|\n|---|---|---|---|---|\n"_s.arg(nameOf(spec.group));
            group = spec.group;
        }
        const QString option
            = spec.notAnOption ? u"\u2013"_s : u'`' + QString::fromLatin1(spec.option()) + u'`';
        text += u"| `%1` | %2 | "_s.arg(QString::fromLatin1(spec.environmentName()), option)
            + defaultMarkdown(spec) + " | "_L1 + cell(plain(spec.allowedText())) + " | "_L1
            + cell(description(spec)) + " |\n"_L1;
    }
    return text;
}

} // namespace rr
