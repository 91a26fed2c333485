// SPDX-License-Identifier: MIT
#include "core/config/settingsfile.h"

#include "core/config/settingvalue.h"

#include <QDir>
#include <QFileInfo>
#include <QJsonArray>
#include <QJsonDocument>
#include <QSaveFile>

using namespace Qt::StringLiterals;

namespace rr {

namespace {

QString positionIn(const QByteArray &json, qsizetype offset)
{
    const QByteArray before = json.first(qBound(qsizetype(0), offset, json.size()));
    const qsizetype lineStart = before.lastIndexOf('\n') + 1;
    return u"line %1, column %2"_s.arg(before.count('\n') + 1)
        .arg(QString::fromUtf8(before.sliced(lineStart)).size() + 1);
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

std::optional<QString> write(const QString &path, const QJsonObject &content)
{
    const QString advice
        = u" Check that the folder exists, that you may write to it and that the disk is not full."_s;
    const QString folder = QFileInfo(path).absolutePath();
    if (!QDir().mkpath(folder))
        return u"The folder %1 for the settings cannot be made."_s.arg(folder) + advice;
    QSaveFile file(path);
    // The permissions come first: what is secret never stands in a file that others can read.
    const bool saved = file.open(QIODevice::WriteOnly)
        && file.setPermissions(QFile::ReadOwner | QFile::WriteOwner) && file.write(fileText(content)) >= 0
        && file.flush() && file.commit(); // commit() alone does not notice a full disk (Qt 6.4)
    if (!saved)
        return u"The settings cannot be saved to %1: %2."_s.arg(path, file.errorString()) + advice;
    return {};
}

/// What the file holds now, to be changed and written again.
std::optional<QString> readForChange(const QString &path, QJsonObject &content)
{
    const SettingsFile file = readSettingsFile(path);
    content = file.content;
    if (!file.exists || file.problem.isEmpty())
        return {};
    return file.problem + " It was not overwritten: mend it, or move it away, and save again."_L1;
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
        result.problem = u"The settings file %1 does not exist."_s.arg(path);
        return result;
    }
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly)) {
        result.problem = u"The settings file %1 cannot be read: %2."_s.arg(path, file.errorString());
        return result;
    }
    const QByteArray json = file.readAll();
    QJsonParseError error;
    const QJsonDocument document = QJsonDocument::fromJson(json, &error);
    if (error.error != QJsonParseError::NoError)
        result.problem = u"The settings file %1 is not JSON: %2 at %3."_s.arg(
            path, error.errorString(), positionIn(json, error.offset));
    else if (!document.isObject())
        result.problem = u"The settings file %1 does not hold a JSON object { … }."_s.arg(path);
    else
        result.content = document.object();
    return result;
}

std::optional<QString> saveSettings(const QString &file, const Settings &settings, const Settings &defaults)
{
    QJsonObject content;
    if (std::optional<QString> problem = readForChange(file, content))
        return problem;
    put(settings, defaults, content);
    return write(file, content);
}

std::optional<QString> exportSettings(
    const QString &file, const Settings &settings, const Settings &defaults, const QJsonObject &application)
{
    QJsonObject content{{applicationKey, application}};
    put(settings, defaults, content);
    return write(file, content);
}

std::optional<QString> saveApplication(const QString &file, const QJsonObject &application)
{
    QJsonObject content;
    if (std::optional<QString> problem = readForChange(file, content))
        return problem;
    content.insert(applicationKey, application);
    return write(file, content);
}

} // namespace rr
