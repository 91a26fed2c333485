// SPDX-License-Identifier: MIT
#include "app/daemon/sharecommand.h"

#include "app/daemon/hiddeninput.h"
#include "app/daemon/sharetext.h"
#include "core/sharing/sharewords.h"

#include <QTextStream>

#include <cstdio>

#ifdef Q_OS_WIN
#include <io.h>
#else
#include <unistd.h>
#endif

namespace rr {

using namespace Qt::StringLiterals;

namespace {

constexpr int couldNotRun = 1;
constexpr int badSettings = 2;
constexpr int notAccepted = 3;

void print(std::FILE *file, const QString &text)
{
    std::fputs(text.toUtf8().constData(), file);
    std::fflush(file);
}

void complain(const QString &text)
{
    print(stderr, u"realtime-relayd: %1\n"_s.arg(text));
}

bool isTerminal(std::FILE *file)
{
#ifdef Q_OS_WIN
    return _isatty(_fileno(file)) != 0;
#else
    return isatty(fileno(file)) != 0;
#endif
}

} // namespace

ShareCommand::ShareCommand(Host &host, ShareCommandLine line)
    : m_host(host)
    , m_line(std::move(line))
    , m_plan(planOf(m_line, host.sharing().lastPlan()))
{
    connect(&host.sharing(), &Sharing::changed, this, &ShareCommand::follow);
}

void ShareCommand::list(bool json)
{
    print(stdout, json ? waysAsJson() : waysAsText());
}

std::optional<int> ShareCommand::prepare()
{
    if (m_plan.way.isEmpty()) {
        complain(u"Name the way to share by; realtime-relayd share --list shows them."_s);
        return badSettings;
    }
    if (const QString problem = exposedSecret(m_line, m_plan); !problem.isEmpty()) {
        complain(problem);
        return badSettings;
    }
    for (const QString &name : fieldsToRead(m_plan)) {
        const Secret secret = readHidden(u"%1: "_s.arg(name));
        if (secret.isEmpty()) {
            complain(u"No %1 came on standard input."_s.arg(name));
            return badSettings;
        }
        m_plan.fields[name] = QString::fromUtf8(secret.reveal());
    }
    if (const auto problem = problemOf(m_plan)) {
        complain(plain(*problem));
        return badSettings;
    }
    const Finding finding = findProgram(*wayCalled(m_plan.way));
    if (!finding.found) {
        complain(plain(finding.howToGet));
        return couldNotRun;
    }
    if (m_line.yes || m_host.sharing().wasAccepted())
        return {};
    if (!isTerminal(stdin) || !isTerminal(stderr)) {
        complain(u"Before the first share there is a question, which --yes answers. %1"_s.arg(
            termsAsLine(inWords(m_plan, *wayCalled(m_plan.way)))));
        return notAccepted;
    }
    if (!ask())
        return notAccepted;
    return {};
}

/// On standard error, so that what is printed on standard output is the link and what becomes of it.
bool ShareCommand::ask()
{
    print(stderr, termsAsText(inWords(m_plan, *wayCalled(m_plan.way))));
    print(stderr, u"Share it so? [y/N] "_s);
    const QString answer = QTextStream(stdin).readLine().trimmed().toLower();
    if (answer != "y"_L1 && answer != "yes"_L1) {
        complain(u"Not shared."_s);
        return false;
    }
    return true;
}

std::optional<int> ShareCommand::start()
{
    if (const auto problem = m_host.sharing().start(m_plan)) {
        complain(plain(*problem));
        return couldNotRun;
    }
    if (!m_line.yes)
        m_host.sharing().accept();
    return {};
}

void ShareCommand::stop()
{
    m_host.sharing().stop();
}

void ShareCommand::follow()
{
    const Sharing::Status &status = m_host.sharing().status();
    const QByteArray link = status.state == Sharing::State::Shared
        ? status.address.toEncoded() + '#' + status.secret
        : m_saidLink;
    const bool isNews = status.state != m_said || status.reason != m_saidReason
        || status.consentPage != m_saidConsent || link != m_saidLink
        || status.visitor.has_value() != m_saidVisitor;
    if (!isNews)
        return;
    if (m_line.json)
        print(stdout, statusAsJson(status));
    else
        sayState(status);
    m_said = status.state;
    m_saidReason = status.reason;
    m_saidConsent = status.consentPage;
    m_saidLink = link;
    m_saidVisitor = status.visitor.has_value();

    // A page to open is waited for: whoever reads this can open it.
    if (status.state == Sharing::State::NeedsYou && status.consentPage.isEmpty()) {
        m_exitCode = couldNotRun;
        QMetaObject::invokeMethod(this, &ShareCommand::stop, Qt::QueuedConnection);
    }
    if (status.state == Sharing::State::Off)
        Q_EMIT ended();
}

void ShareCommand::sayState(const Sharing::Status &status)
{
    const bool isShared = status.state == Sharing::State::Shared;
    if (status.state != m_said || status.reason != m_saidReason || status.consentPage != m_saidConsent)
        print(stdout, stateAsText(status));
    if (isShared && status.address.toEncoded() + '#' + status.secret != m_saidLink)
        print(stdout, linkAsText(status));
    if (status.visitor && !m_saidVisitor)
        print(stdout, visitorAsText(*status.visitor));
}

} // namespace rr
