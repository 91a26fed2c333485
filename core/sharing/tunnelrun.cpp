// SPDX-License-Identifier: MIT
#include "core/sharing/tunnelrun.h"

#include "core/sharing/childlife.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QJsonValue>

#include <utility>

using namespace Qt::StringLiterals;

namespace rr {

namespace {

constexpr int pollsAsRarely = 4; ///< once it is ready

QStringList textsIn(const QJsonValue &value)
{
    if (value.isString())
        return {value.toString()};
    QStringList result;
    const QVariantList members
        = value.isObject() ? value.toObject().toVariantMap().values() : value.toVariant().toList();
    for (const QVariant &member : members)
        result += textsIn(QJsonValue::fromVariant(member));
    return result;
}

} // namespace

TunnelRun::TunnelRun(const Way &way, WayCommand command, const TunnelPatience &patience, QObject *parent)
    : QObject(parent)
    , m_way(way)
    , m_command(std::move(command))
    , m_patience(patience)
{
    m_grace.setSingleShot(true);
    connect(&m_grace, &QTimer::timeout, this, &TunnelRun::nextStop);
    connect(&m_addressPage, &PagePoll::answered, this,
        [this](int, const QByteArray &body) { lookAtAddressPage(body); });
    connect(&m_readyPage, &PagePoll::answered, this, [this](int status) { lookAtReadyPage(status); });
    connect(&m_process, &QProcess::started, this, [this] { bindStartedLife(m_process); });
    // Later, for on Windows it comes out of start(). Of a program whose address was known before nothing else is awaited.
    connect(&m_process, &QProcess::started, this, &TunnelRun::becomeReady, Qt::QueuedConnection);
    connect(&m_process, &QProcess::readyReadStandardOutput, this,
        [this] { read(m_process.readAllStandardOutput(), m_output); });
    connect(&m_process, &QProcess::readyReadStandardError, this,
        [this] { read(m_process.readAllStandardError(), m_errors); });
    connect(&m_process, &QProcess::errorOccurred, this, [this](QProcess::ProcessError error) {
        if (error != QProcess::FailedToStart)
            return;
        // Later, for it may come out of start().
        QMetaObject::invokeMethod(
            this, [this] { finish(-2, m_process.errorString()); }, Qt::QueuedConnection);
    });
    connect(&m_process, &QProcess::finished, this, [this](int exitCode, QProcess::ExitStatus status) {
        finish(status == QProcess::NormalExit ? exitCode : -1, {});
    });
}

TunnelRun::~TunnelRun()
{
    m_process.disconnect(this);
    if (m_process.state() == QProcess::NotRunning)
        return;
    m_process.kill();
    m_process.waitForFinished(1'000);
    killLeftovers(m_pid);
}

void TunnelRun::start()
{
    m_process.setProgram(m_command.program);
    m_process.setArguments(m_command.args);
    m_process.setProcessEnvironment(m_command.environment);
    if (m_command.input == Way::Stdin::Null)
        m_process.setStandardInputFile(QProcess::nullDevice());
    bindLife(m_process);
    if (m_command.addressPage.isValid() && !m_command.addressPage.isEmpty())
        m_addressPage.start(m_command.addressPage, m_patience.poll, m_patience.answer);
    if (m_command.readyFrom == WayReady::From::Http)
        m_readyPage.start(m_command.readyPage, m_patience.poll, m_patience.answer);
    m_hasAddress = !m_command.address.isEmpty();
    m_process.start();
    m_pid = m_process.processId();
}

void TunnelRun::read(QByteArray bytes, OutputLines &lines)
{
    const QStringList whole = lines.take(bytes);
    for (const QString &line : whole)
        look(line);
}

void TunnelRun::look(const QString &line)
{
    if (line.isEmpty())
        return;
    Q_EMIT printed(line);
    for (const WayFailure &failure : m_way.failures) {
        const auto match = failure.pattern.match(line);
        if (!match.hasMatch())
            continue;
        Q_EMIT failed(failure, failure.link > 0 ? match.captured(failure.link) : QString());
        break;
    }
    if (!m_command.addressPattern.pattern().isEmpty() && (!m_hasAddress || m_command.lastAddress)) {
        if (const auto match = m_command.addressPattern.match(line); match.hasMatch())
            see(match.captured(1));
    }
    if (m_command.readyFrom == WayReady::From::Output && m_command.readyPattern.match(line).hasMatch()) {
        m_saidReady = true;
        becomeReady();
    }
}

void TunnelRun::see(const QString &address)
{
    const QUrl url = publicAddress(address);
    if (url.isEmpty())
        return;
    m_hasAddress = true;
    m_addressPage.stop();
    Q_EMIT addressSeen(url);
    becomeReady();
}

void TunnelRun::lookAtAddressPage(const QByteArray &body)
{
    const QJsonDocument document = QJsonDocument::fromJson(body);
    const QJsonValue all = document.isArray() ? QJsonValue(document.array()) : QJsonValue(document.object());
    if (!m_command.addressPointer.isEmpty()) {
        QJsonValue value = all;
        for (const QString &step : m_command.addressPointer.split(u'/', Qt::SkipEmptyParts))
            value = value.isArray() ? value.toArray().at(step.toInt()) : value.toObject().value(step);
        if (!value.toString().isEmpty())
            see(m_command.addressPrefix + value.toString());
        return;
    }
    const QRegularExpression wanted(m_command.addressFind);
    const QStringList texts = textsIn(all);
    for (const QString &text : texts) {
        if (wanted.match(text).hasMatch()) {
            see(m_command.addressPrefix + text);
            return;
        }
    }
}

void TunnelRun::lookAtReadyPage(int status)
{
    if (status == m_command.readyStatus) {
        m_sinceReady.start();
        m_saidReady = true;
        becomeReady();
    } else if (m_isReady && m_sinceReady.hasExpired(m_patience.lost.count())) {
        m_readyPage.stop();
        Q_EMIT lost();
    }
}

void TunnelRun::becomeReady()
{
    if (m_isReady || m_isStopping || m_isOver || !m_hasAddress
        || (m_command.readyFrom != WayReady::From::Url && !m_saidReady))
        return;
    m_isReady = true;
    if (m_command.readyFrom == WayReady::From::Http)
        m_readyPage.start(m_command.readyPage, m_patience.poll * pollsAsRarely, m_patience.answer);
    Q_EMIT ready();
}

void TunnelRun::stop()
{
    if (m_isStopping || m_isOver)
        return;
    m_isStopping = true;
    m_addressPage.stop();
    m_readyPage.stop();
    nextStop();
}

void TunnelRun::nextStop()
{
    bool asked = false;
    while (!asked) {
        const Way::Stop how = m_stops < m_way.stop.size() ? m_way.stop[m_stops] : Way::Stop::Kill;
        ++m_stops;
        switch (how) {
        case Way::Stop::Stdin:
            asked = m_command.input == Way::Stdin::Open;
            m_process.closeWriteChannel();
            break;
        case Way::Stop::Interrupt:
            asked = interruptProgram(m_process);
            break;
        case Way::Stop::Terminate:
            asked = terminateProgram(m_process);
            break;
        case Way::Stop::Kill:
            asked = true;
            m_process.kill();
            break;
        }
    }
    m_grace.start(m_way.grace.count() * m_patience.second);
}

void TunnelRun::finish(int exitCode, const QString &why)
{
    if (std::exchange(m_isOver, true))
        return;
    m_grace.stop();
    m_addressPage.stop();
    m_readyPage.stop();
    killLeftovers(m_pid);
    look(m_output.rest());
    look(m_errors.rest());
    Q_EMIT ended(exitCode, why);
}

} // namespace rr
