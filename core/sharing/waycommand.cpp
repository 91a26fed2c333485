// SPDX-License-Identifier: MIT
#include "core/sharing/waycommand.h"

#include "core/config/settingstable.h"

#include <QFileInfo>
#include <QHostAddress>
#include <QProcess>
#include <QStandardPaths>
#include <QTcpServer>

#include <functional>

using namespace Qt::StringLiterals;

namespace rr {

namespace {

/// Free at this moment; whoever takes it meanwhile makes the program fail, which is then run again with another.
QString freePort()
{
    QTcpServer server;
    server.listen(QHostAddress::LocalHost);
    return QString::number(server.serverPort());
}

/// The text with what stands in braces filled in, once: what was filled in is not looked at again.
QString filledIn(const QString &text, const std::function<QString(const QString &name)> &value)
{
    static const QRegularExpression placeholder(u"\\{([a-z]+)\\}"_s);
    QString result;
    qsizetype from = 0;
    auto found = placeholder.globalMatch(text);
    while (found.hasNext()) {
        const auto match = found.next();
        result += QStringView(text).sliced(from, match.capturedStart() - from);
        result += value(match.captured(1));
        from = match.capturedEnd();
    }
    return result.append(QStringView(text).sliced(from));
}

/// Of the program of a command that whoever shares has written: it may be a path, too.
QString pathOf(const QString &program)
{
    const QFileInfo info(program);
    if (info.isAbsolute())
        return info.isExecutable() ? program : QString();
    return QStandardPaths::findExecutable(program);
}

} // namespace

std::variant<WayCommand, WayProblem> commandOf(
    const Way &way, const QMap<QString, QString> &fields, quint16 port, const QMap<QString, QString> &more)
{
    QMap<QString, QString> values{{u"port"_s, QString::number(port)}};
    for (const Ask &ask : way.ask) {
        const QString value = fields.value(ask.name, ask.preset).trimmed();
        if (const auto problem = problemOf(ask, value))
            return WayProblem{u"field"_s, *problem};
        values.insert(ask.name, value);
    }
    const auto value = [&values](const QString &name) {
        if (!values.contains(name) && (name == "metrics"_L1 || name == "aux"_L1))
            values.insert(name, freePort());
        return values.value(name);
    };
    const auto fill = [&value](const QString &text) { return filledIn(text, value); };
    const auto pattern = [&value](const QString &text) {
        return QRegularExpression(
            filledIn(text, [&](const QString &name) { return QRegularExpression::escape(value(name)); }));
    };

    WayCommand command;
    if (way.program.startsWith(u'{')) {
        QStringList words = QProcess::splitCommand(fill(way.program));
        const QString program = words.takeFirst();
        command.program = pathOf(program);
        if (command.program.isEmpty())
            return WayProblem{u"not_installed"_s,
                {QT_TRANSLATE_NOOP("Core", "There is no program “%1” on this machine that can be run."),
                    {program}}};
        for (const QString &word : std::as_const(words))
            command.args.append(fill(word));
    } else {
        const Finding found = findProgram(way);
        if (!found.found)
            return WayProblem{u"not_installed"_s, found.howToGet};
        command.program = found.program;
    }
    for (const QString &arg : way.args)
        command.args.append(fill(arg));

    command.environment = QProcessEnvironment::systemEnvironment();
    // Of the relay's own secrets a program that only passes bytes on has no need.
    QStringList secrets{u"OPENAI_API_KEY"_s};
    for (const SettingSpec &spec : settingsTable()) {
        if (spec.secret)
            secrets.append(QString::fromLatin1(spec.environmentName()));
    }
    for (const QString &name : std::as_const(secrets)) {
        command.environment.remove(name);
        command.environment.remove(environmentPrefix + name);
    }
    for (auto each = way.env.begin(); each != way.env.end(); ++each) {
        const QString text = each->has_value() ? fill(**each) : QString();
        if (!text.isEmpty())
            command.environment.insert(each.key(), text);
        else if (!each->has_value())
            command.environment.remove(each.key());
    }
    for (auto each = more.begin(); each != more.end(); ++each)
        command.environment.insert(each.key(), each.value());
    command.input = way.input;

    command.address = publicAddress(fill(way.url.value));
    if (!way.url.pattern.isEmpty())
        command.addressPattern = pattern(way.url.pattern);
    command.lastAddress = way.url.last;
    command.addressPage = QUrl(fill(way.url.address));
    command.addressPointer = way.url.pointer;
    command.addressFind = way.url.find;
    command.addressPrefix = way.url.prefix;
    command.readyFrom = way.ready.from;
    command.readyPattern = QRegularExpression(way.ready.pattern);
    command.readyPage = QUrl(fill(way.ready.address));
    command.readyStatus = way.ready.status;
    return command;
}

} // namespace rr
