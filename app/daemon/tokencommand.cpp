// SPDX-License-Identifier: MIT
#include "app/daemon/tokencommand.h"

#include "app/daemon/tokentext.h"
#include "core/config/settingvalue.h"

#include <QFileInfo>

#include <cstdio>

#ifdef Q_OS_UNIX
#include <grp.h>
#include <unistd.h>
#endif

namespace rr {

using namespace Qt::StringLiterals;

namespace {

constexpr int done = 0;
constexpr int couldNotRun = 1;
constexpr int badSettings = 2;
constexpr int notTaken = 3;

void print(std::FILE *file, const QString &text)
{
    std::fputs(text.toUtf8().constData(), file);
    std::fflush(file);
}

void complain(const QString &text)
{
    print(stderr, u"realtime-relayd: %1\n"_s.arg(text));
}

int failed(const RelayError &error)
{
    complain(plain(error.detail));
    return error.code == "name_taken" || error.code == "bad_terms" || error.code == "no_such_token"
        ? notTaken
        : couldNotRun;
}

/// Files that root makes beside a database are root's, and the relay could write to it no more. Returns what went wrong.
QString becomeOwnerOf(const QString &storeUrl)
{
#ifdef Q_OS_UNIX
    if (::geteuid() != 0 || !storeUrl.startsWith("sqlite:"_L1))
        return {};
    const QFileInfo file(storeUrl.sliced(7));
    const QFileInfo owned(file.exists() ? file.filePath() : file.absolutePath());
    if (!owned.exists() || owned.ownerId() == 0 || owned.ownerId() == uint(-2))
        return {};
    if (::setgroups(0, nullptr) != 0 || ::setgid(owned.groupId()) != 0 || ::setuid(owned.ownerId()) != 0)
        return u"The store %1 belongs to another user, and this program cannot become that one: run it as %2."_s
            .arg(file.filePath(), owned.owner());
#else
    Q_UNUSED(storeUrl)
#endif
    return {};
}

} // namespace

TokenCommand::TokenCommand(const Settings &settings, TokenCommandLine line)
    : m_settings(settings)
    , m_line(std::move(line))
{
}

int TokenCommand::run()
{
    if (m_settings.storeUrl.isEmpty()) {
        complain(
            u"STORE_URL is not set, so there is nothing that access tokens could be kept in. Set it as the relay has it, or "
            "name the relay's settings with --config FILE."_s);
        return badSettings;
    }
    if (const QString problem = becomeOwnerOf(m_settings.storeUrl); !problem.isEmpty()) {
        complain(problem);
        return couldNotRun;
    }
    const auto opened = TokenDesk::open(m_settings.storeUrl);
    if (const auto *error = std::get_if<RelayError>(&opened)) {
        complain(plain(error->detail));
        return couldNotRun;
    }
    TokenDesk &desk = *std::get<std::unique_ptr<TokenDesk>>(opened);
    switch (m_line.verb) {
    case TokenCommandLine::Add:
        return add(desk);
    case TokenCommandLine::List:
        return list(desk);
    case TokenCommandLine::Revoke:
        return revoke(desk);
    case TokenCommandLine::Set:
        return set(desk);
    case TokenCommandLine::None:
        break;
    }
    return badSettings;
}

int TokenCommand::add(TokenDesk &desk) const
{
    AccessTerms terms;
    terms.name = m_line.name;
    const auto answer = desk.add(changed(terms, m_line));
    if (const auto *error = std::get_if<RelayError>(&answer))
        return failed(*error);
    const auto &token = std::get<Store::NewToken>(answer);
    print(stdout, m_line.json ? newTokenAsJson(token) : newTokenAsText(token, m_settings));
    return done;
}

int TokenCommand::list(TokenDesk &desk) const
{
    const auto answer = desk.list();
    if (const auto *error = std::get_if<RelayError>(&answer))
        return failed(*error);
    const auto &tokens = std::get<QList<AccessTerms>>(answer);
    const QList<BudgetStand> budgets = desk.budgets();
    const QDateTime now = QDateTime::currentDateTimeUtc();
    print(stdout, m_line.json ? tokensAsJson(tokens, budgets, now) : tokensAsText(tokens, budgets, now));
    return done;
}

int TokenCommand::revoke(TokenDesk &desk) const
{
    const auto found = desk.find(m_line.name);
    if (const auto *error = std::get_if<RelayError>(&found))
        return failed(*error);
    const auto &terms = std::get<AccessTerms>(found);
    if (const auto error = desk.revoke(terms.id))
        return failed(*error);
    AccessTerms revoked = terms;
    revoked.isRevoked = true;
    if (m_line.json)
        print(stdout, tokensAsJson({revoked}, {}, QDateTime::currentDateTimeUtc()));
    else
        print(stdout,
            terms.isRevoked
                ? u"%1 was revoked before.\n"_s.arg(printable(terms.name))
                : u"%1 is revoked. Its calls end within three seconds.\n"_s.arg(printable(terms.name)));
    return done;
}

int TokenCommand::set(TokenDesk &desk) const
{
    const auto found = desk.find(m_line.name);
    if (const auto *error = std::get_if<RelayError>(&found))
        return failed(*error);
    const auto answer = desk.set(changed(std::get<AccessTerms>(found), m_line));
    if (const auto *error = std::get_if<RelayError>(&answer))
        return failed(*error);
    const QList<AccessTerms> tokens{std::get<AccessTerms>(answer)};
    const QList<BudgetStand> budgets = desk.budgets();
    const QDateTime now = QDateTime::currentDateTimeUtc();
    print(stdout, m_line.json ? tokensAsJson(tokens, budgets, now) : tokensAsText(tokens, budgets, now));
    return done;
}

} // namespace rr
