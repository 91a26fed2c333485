// SPDX-License-Identifier: MIT
#include "core/config/settingsfile.h"

#include "core/config/jsonoddities.h"
#include "core/config/regularfile.h"
#include "core/config/settingvalue.h"

#include <QDir>
#include <QFileInfo>
#include <QJsonArray>
#include <QJsonDocument>
#include <QSaveFile>

using namespace Qt::StringLiterals;

namespace rr {

namespace {

Sentence notJson(const QString &path, const QByteArray &json, qsizetype offset, const Sentence &why)
{
    const QByteArray before = json.first(qBound(qsizetype(0), offset, json.size()));
    const qsizetype lineStart = before.lastIndexOf('\n') + 1;
    return {QT_TRANSLATE_NOOP("Core", "The settings file %1 is not JSON: %2 at line %3, column %4."),
        {path, why, before.count('\n') + 1, QString::fromUtf8(before.sliced(lineStart)).size() + 1}};
}

/// As Windows PowerShell 5 writes with ">": with a mark at the beginning, and every other byte of English is 0.
bool isUtf16(const QByteArray &text)
{
    return text.startsWith("\xff\xfe") || text.startsWith("\xfe\xff") || text.left(4).contains('\0');
}

QByteArray jsonText(const QJsonValue &value)
{
    if (value.isObject())
        return QJsonDocument(value.toObject()).toJson().trimmed().replace("\n", "\n    ");
    const QByteArray inBrackets = QJsonDocument(QJsonArray{value}).toJson(QJsonDocument::Compact);
    return inBrackets.sliced(1, inBrackets.size() - 2);
}

/// By hand, since QJsonObject sorts its keys: the settings stand in the order of the table, then the rest.
QByteArray fileText(QJsonObject content)
{
    QByteArrayList lines;
    const auto addLine = [&lines](const QString &key, const QJsonValue &value) {
        lines.append("    " + jsonText(key) + ": " + jsonText(value));
    };
    for (const SettingSpec &spec : settingsTable()) {
        if (content.contains(spec.key))
            addLine(spec.key, content.take(spec.key));
    }
    for (auto rest = content.constBegin(); rest != content.constEnd(); ++rest)
        addLine(rest.key(), rest.value());
    return lines.isEmpty() ? QByteArray("{}\n") : "{\n" + lines.join(",\n") + "\n}\n";
}

std::optional<Sentence> write(const QString &path, const QJsonObject &content)
{
    const Sentence advice = QT_TRANSLATE_NOOP(
        "Core", "Check that the folder exists, that you may write to it and that the disk is not full.");
    const QString folder = QFileInfo(path).absolutePath();
    if (!QDir().mkpath(folder))
        return joined(
            {QT_TRANSLATE_NOOP("Core", "The folder %1 for the settings cannot be made."), {folder}}, advice);
    QSaveFile file(path);
    // The permissions come first: what is secret never stands in a file that others can read.
    const bool saved = file.open(QIODevice::WriteOnly)
        && file.setPermissions(QFile::ReadOwner | QFile::WriteOwner) && file.write(fileText(content)) >= 0
        && file.flush() && file.commit(); // commit() alone does not notice a full disk (Qt 6.4)
    if (!saved)
        return joined({QT_TRANSLATE_NOOP("Core", "The settings cannot be saved to %1: %2."),
                          {path, file.errorString()}},
            advice);
    return {};
}

/// What the file holds now, to be changed and written again.
std::optional<Sentence> readForChange(const QString &path, QJsonObject &content)
{
    const SettingsFile file = readSettingsFile(path);
    content = file.content;
    if (!file.exists || file.problem.isEmpty())
        return {};
    return joined(file.problem,
        QT_TRANSLATE_NOOP("Core", "It was not overwritten: mend it, or move it away, and save again."));
}

void put(const Settings &settings, const Settings &defaults, QJsonObject &content)
{
    for (const SettingSpec &spec : settingsTable()) {
        const QJsonValue value = settingJson(settings, spec);
        if (value == settingJson(defaults, spec))
            content.remove(spec.key);
        else
            content.insert(spec.key, value);
    }
}

} // namespace

SettingsFile readSettingsFile(const QString &path)
{
    SettingsFile result;
    result.exists = QFileInfo::exists(path);
    if (!result.exists) {
        result.problem = {QT_TRANSLATE_NOOP("Core", "The settings file %1 does not exist."), {path}};
        return result;
    }
    const auto content = readRegularFile(path);
    if (const auto *why = std::get_if<Sentence>(&content)) {
        result.problem
            = {QT_TRANSLATE_NOOP("Core", "The settings file %1 cannot be read: %2."), {path, *why}};
        return result;
    }
    const auto &json = std::get<QByteArray>(content);
    if (isUtf16(json)) {
        result.problem
            = {QT_TRANSLATE_NOOP("Core", "The settings file %1 is written in UTF-16: save it as UTF-8."),
                {path}};
        return result;
    }
    QJsonParseError error;
    const QJsonDocument document = QJsonDocument::fromJson(json, &error);
    if (error.error != QJsonParseError::NoError) {
        result.problem = notJson(path, json, error.offset, asTheySaid(error.errorString()));
        return result;
    }
    const JsonOddities oddities = jsonOddities(json);
    result.repeatedKeys = oddities.repeatedKeys;
    if (oddities.strayBackslash >= 0)
        result.problem = notJson(path, json, oddities.strayBackslash,
            QT_TRANSLATE_NOOP("Core", "a single backslash, which is written twice there (C:\\\\relay)"));
    else if (!document.isObject())
        result.problem
            = {QT_TRANSLATE_NOOP("Core", "The settings file %1 does not hold a JSON object { … }."), {path}};
    else
        result.content = document.object();
    return result;
}

std::optional<Sentence> saveSettings(const QString &file, const Settings &settings, const Settings &defaults)
{
    QJsonObject content;
    if (std::optional<Sentence> problem = readForChange(file, content))
        return problem;
    put(settings, defaults, content);
    return write(file, content);
}

std::optional<Sentence> exportSettings(
    const QString &file, const Settings &settings, const Settings &defaults, const QJsonObject &application)
{
    QJsonObject content{{applicationKey, application}};
    put(settings, defaults, content);
    return write(file, content);
}

std::optional<Sentence> saveApplication(const QString &file, const QJsonObject &application)
{
    QJsonObject content;
    if (std::optional<Sentence> problem = readForChange(file, content))
        return problem;
    content.insert(applicationKey, application);
    return write(file, content);
}

} // namespace rr
