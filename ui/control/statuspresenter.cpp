// SPDX-License-Identifier: MIT
#include "ui/control/statuspresenter.h"

#include "core/admission/originpolicy.h"
#include "core/config/settingstable.h"
#include "ui/control/displaytext.h"
#include "ui/control/relaycontrol.h"
#include "ui/control/translated.h"

#include <QCoreApplication>

#include <algorithm>

namespace rr {

using namespace Qt::StringLiterals;

namespace {

class Status
{
    Q_DECLARE_TR_FUNCTIONS(Status)
public:
    static Problem startProblem(const RelayError &error, quint16 port)
    {
        const QString detail = translated(error.detail);
        if (error.code == "port_in_use")
            return {tr("The relay could not start: port %1 is in use by another program.").arg(port),
                tr("Stop that program, or let the relay listen on another port."), Problem::AnotherPort};
        if (error.code == "permission_denied")
            return {tr("The relay could not start: this program may not listen on port %1.").arg(port),
                tr("Ports below 1024 need a permission. Take a higher one."), Problem::AnotherPort};
        if (error.code == "address_not_available")
            return {
                tr("The relay could not start: this machine does not have the address it shall listen on."),
                tr("Choose 127.0.0.1 for this machine only, or 0.0.0.0 for every network, in the settings."),
                Problem::OpenSettings};
        if (error.code == "tls_files")
            return {tr("The relay could not start: its certificate or key cannot be used."),
                tr("Check the TLS files in the settings.") + u' ' + detail, Problem::OpenSettings};
        if (error.code == "settings")
            return {tr("The relay could not start: a setting is wrong."), detail, Problem::OpenSettings};
        return {tr("The relay could not start."), detail, Problem::OpenSettings};
    }

    /// What a button beside the trouble can do. A trouble that is not named here has none, and is shown all the same.
    static std::pair<Problem::Fix, QByteArray> fixOf(TroubleCode code)
    {
        switch (code) {
        case TroubleCode::NotListening:
            return {Problem::OpenSettings, "host"};
        case TroubleCode::CertificateRefused:
        case TroubleCode::CertificateExpired:
        case TroubleCode::CertificateNotTrusted:
        case TroubleCode::TlsOnPlainPort:
            return {Problem::OpenSettings, "tlsCertFile"};
        case TroubleCode::UpstreamUnreachable:
        case TroubleCode::UpstreamRefused:
        case TroubleCode::UpstreamLost:
            return {Problem::CheckUpstream, {}};
        case TroubleCode::RelayFull:
            return {Problem::OpenSettings, "maxConnections"};
        case TroubleCode::HalfOpenCut:
            return {Problem::OpenSettings, "maxHalfOpenPerIp"};
        case TroubleCode::OriginRefused:
            return {Problem::OpenSettings, "allowedOrigins"};
        case TroubleCode::HeldKeyRefused:
        case TroubleCode::HeldKeyMissing:
        case TroubleCode::BudgetSpent:
        case TroubleCode::BudgetNearlySpent:
        case TroubleCode::TokensRefused:
            return {Problem::OpenAccess, {}};
        case TroubleCode::StoreAway:
        case TroubleCode::StoreRowsLost:
            return {Problem::OpenSettings, "storeUrl"};
        case TroubleCode::PricesRefused:
            return {Problem::OpenSettings, "pricesFile"};
        case TroubleCode::HeldKeyIdle:
            return {Problem::OpenSettings, "storeUrl"};
        case TroubleCode::ProxyNotTrusted:
            return {Problem::OpenSettings, "trustedProxies"};
        default:
            return {Problem::None, {}};
        }
    }

    /// "3 times, the last 2 minutes ago"
    static QString howOften(const TroubleSubject &subject, const QDateTime &now)
    {
        const int minutes = int(subject.last.secsTo(now) / 60);
        const QString last = minutes < 1 ? tr("just now") : tr("%n minute(s) ago", nullptr, minutes);
        return subject.times == 1 ? tr("once, %1").arg(last)
                                  : tr("%1 times, the last %2").arg(countText(subject.times), last);
    }

    /// One for each page, so that each can be let in.
    static QList<Problem> originProblems(const Trouble &trouble, const StatusInput &input)
    {
        QList<Problem> problems;
        const bool isOfShare = trouble.code == TroubleCode::ShareOriginRefused;
        for (const TroubleSubject &subject : trouble.subjects) {
            Problem problem;
            problem.text = (isOfShare ? tr("A page of %1 came with the link and was turned away (%2).")
                                      : tr("A page of %1 was turned away (%2)."))
                               .arg(subject.name, howOften(subject, input.snapshot.takenAt));
            if (!isOfShare)
                problem.setting = "allowedOrigins";
            problem.about = nameOf(trouble.code) + u' ' + subject.name;
            if (subject.name == "null"_L1) {
                problem.text = tr("A page without an origin was turned away (%1).")
                                   .arg(howOften(subject, input.snapshot.takenAt));
                problem.nextStep
                    = tr("It was opened from a file, or stands in a sandbox, and cannot be told from any "
                         "other. Serve it, for example from http://localhost.");
            } else if (!OriginPolicy::canBeAllowed(subject.name.toUtf8())) {
                problem.nextStep = tr("What it sent is not an origin, and cannot be allowed by itself.");
                problem.fix = isOfShare ? Problem::None : Problem::OpenSettings;
            } else if (isOfShare) {
                problem.nextStep
                    = tr("If it shall call through the link, allow its origin there. Calls go on meanwhile.");
                problem.fix = Problem::AllowSharedOrigin;
                problem.origin = subject.name;
            } else if (input.originsAreFixed) {
                problem.nextStep = tr(
                    "If it shall use the relay, add its origin to the allowed ones: they are fixed by the "
                    "environment or the command line.");
            } else {
                problem.nextStep = tr("If it shall use the relay, allow its origin. Calls go on meanwhile.");
                problem.fix = Problem::AllowOrigin;
                problem.origin = subject.name;
            }
            problems.append(problem);
        }
        return problems;
    }

    /// Its subjects are access tokens, of one of which the text tells; how often that was said means nothing.
    static QString budgetsOf(const Trouble &trouble)
    {
        QStringList names;
        for (const TroubleSubject &subject : trouble.subjects)
            names.append(subject.name);
        return names.size() < 2 ? QString() : u'\n' + tr("Access tokens: %1").arg(names.join(u", "_s));
    }

    /// Which clients it concerns.
    static QString clientsOf(const Trouble &trouble, const QDateTime &now)
    {
        if (trouble.subjects.isEmpty())
            return {};
        if (trouble.code == TroubleCode::BudgetSpent || trouble.code == TroubleCode::BudgetNearlySpent)
            return budgetsOf(trouble);
        const TroubleSubject &last = *std::max_element(trouble.subjects.cbegin(), trouble.subjects.cend(),
            [](const TroubleSubject &one, const TroubleSubject &other) { return one.last < other.last; });
        const int others = int(trouble.subjects.size()) - 1;
        return u'\n'
            + (others == 0 ? tr("Client: %1 (%2).").arg(last.name, howOften(last, now))
                           : tr("Client: %1 (%2), and %n other(s).", nullptr, others)
                                 .arg(last.name, howOften(last, now)));
    }

    static QList<Problem> problems(const StatusInput &input)
    {
        QList<Problem> problems;
        if (input.error) {
            problems.append(startProblem(*input.error, input.port));
            problems.last().setting = input.error->setting;
            problems.last().about = QString::fromLatin1(input.error->code);
        }
        for (const Trouble &trouble : input.snapshot.troubles) {
            if (input.error && trouble.code == TroubleCode::NotListening)
                continue; // that is it, and the error knows more
            if (trouble.code == TroubleCode::ShareBroken)
                continue; // the panel of the share tells it, with its steps and what can be done
            const bool isOfPages = trouble.code == TroubleCode::OriginRefused
                || trouble.code == TroubleCode::ShareOriginRefused;
            if (isOfPages && !trouble.subjects.isEmpty()) {
                problems += originProblems(trouble, input);
                continue;
            }
            const auto [fix, setting] = fixOf(trouble.code);
            problems.append({translated(trouble.title),
                translated(trouble.text) + clientsOf(trouble, input.snapshot.takenAt), fix, setting, {},
                nameOf(trouble.code)});
        }
        return problems;
    }

    /// The worst that the icon shall tell of: not of what may be as it should be.
    static const Trouble *worst(const StatusInput &input)
    {
        const QList<Trouble> &troubles = input.snapshot.troubles;
        const auto told = std::find_if(troubles.cbegin(), troubles.cend(),
            [](const Trouble &trouble) { return trouble.severity > Severity::Note; });
        return told == troubles.cend() ? nullptr : &*told;
    }

    static QString upstreamName(const StatusInput &input)
    {
        return input.upstream.isEmpty() ? tr("the upstream") : input.upstream;
    }

    static void presentOn(StatusView &view, const StatusInput &input)
    {
        const int calls = view.badge;
        const QString host = upstreamName(input);
        const Trouble *trouble = worst(input);
        view.action = tr("Stop relay");
        if (trouble && trouble->severity == Severity::Error) {
            view.icon = IconState::Failing;
            if (trouble->code == TroubleCode::UpstreamUnreachable) {
                view.sentence = tr("The relay is on, but cannot reach %1.").arg(host);
                view.statusLine = tr("Cannot reach %1").arg(host);
            } else if (trouble->code == TroubleCode::UpstreamRefused) {
                view.sentence = tr("The relay is on, but %1 refuses calls.").arg(host);
                view.statusLine = tr("%1 refuses calls").arg(host);
            } else {
                view.sentence = tr("The relay is on, but calls do not work.");
                view.statusLine = shortTitle(*trouble);
            }
        } else if (!input.snapshot.upstreamAnsweredAt.isValid()) {
            view.icon = trouble ? IconState::Failing : IconState::Unchecked;
            view.sentence = tr("The relay is on; whether it reaches %1 is not checked yet.").arg(host);
            view.statusLine = trouble ? shortTitle(*trouble) : tr("On, not checked yet");
        } else if (trouble) {
            view.icon = IconState::OnAttention;
            view.sentence = calls > 0
                ? tr("The relay works, with %n call(s), but something needs attention.", nullptr, calls)
                : tr("The relay works, but something needs attention.");
            view.statusLine = shortTitle(*trouble);
        } else {
            view.icon = calls > 0 ? IconState::Live : IconState::Idle;
            view.sentence = calls > 0 ? tr("The relay works, with %n call(s).", nullptr, calls)
                                      : tr("The relay works and waits for calls.");
            view.statusLine = calls > 0 ? tr("Works, %n call(s)", nullptr, calls) : tr("Works, no calls");
            return;
        }
        if (calls > 0)
            view.statusLine = tr("%1 (%n call(s))", nullptr, calls).arg(view.statusLine);
    }

    static StatusView present(const StatusInput &input)
    {
        const Snapshot &snapshot = input.snapshot;
        const int calls = int(snapshot.activeConnections);
        StatusView view;
        view.badge = calls;
        if (const Trouble *trouble = worst(input))
            view.trouble = trouble->code;
        view.problems = problems(input);
        view.starts = snapshot.state == RelayState::Stopped;
        switch (snapshot.state) {
        case RelayState::Stopped:
            view.icon = input.error || worst(input) ? IconState::OffAttention : IconState::Off;
            view.sentence
                = input.error ? tr("The relay is off: it could not start.") : tr("The relay is off.");
            view.statusLine = input.error ? tr("Could not start") : tr("Off");
            view.action = tr("Start relay");
            break;
        case RelayState::Running:
            presentOn(view, input);
            break;
        case RelayState::Draining: {
            // Rounded up: 0:00 is when they are closed.
            const QString left = durationText((snapshot.drainLeftMs + 999) / 1000 * 1000);
            if (worst(input))
                view.icon = calls > 0 ? IconState::OnAttention : IconState::OffAttention;
            else
                view.icon = calls > 0 ? IconState::Live : IconState::Off;
            view.sentence = snapshot.drainLeftMs > 0
                ? tr("The relay is stopping: %n call(s) may still finish; in %1 it cuts them off.", nullptr,
                    calls)
                      .arg(left)
                : tr("The relay is stopping: %n call(s) are being ended.", nullptr, calls);
            view.statusLine = snapshot.drainLeftMs > 0
                ? tr("Stopping, %n call(s) left (%1)", nullptr, calls).arg(left)
                : tr("Stopping, %n call(s) left", nullptr, calls);
            view.action = tr("End calls now");
            view.mayKeepRunning = snapshot.drainLeftMs > 0;
            break;
        }
        }
        if (!input.sharedAt.isEmpty())
            view.statusLine = tr("%1 · shared").arg(view.statusLine);
        view.tooltip = tooltip(input, view);
        return view;
    }

private:
    /// Of a menu's line and a tooltip's, which have no full stop.
    static QString shortTitle(const Trouble &trouble)
    {
        QString title = translated(trouble.title);
        if (title.endsWith(u'.'))
            title.chop(1);
        return title;
    }

    static QString tooltip(const StatusInput &input, const StatusView &view)
    {
        QStringList lines{tr("Realtime Relay: %1").arg(view.statusLine)};
        if (input.demo)
            lines.last() += u' ' + tr("(demo)");
        if (!view.problems.isEmpty() && !view.statusLine.startsWith(view.problems.first().text.chopped(1)))
            lines.append(view.problems.first().text); // the line above does not say it
        if (input.snapshot.state != RelayState::Stopped) {
            if (!input.address.isEmpty())
                lines.append(input.address.toString());
            if (!input.sharedAt.isEmpty())
                lines.append(tr("Shared at %1").arg(input.sharedAt));
            lines.append(
                tr("%1 calls so far, %2 messages").arg(countText(input.calls), countText(input.messages)));
        }
        return lines.join(u'\n');
    }
};

} // namespace

StatusInput statusNow(const RelayControl &control)
{
    StatusInput input;
    input.snapshot = control.latest();
    input.error = control.lastError();
    input.port = control.settings().port;
    input.demo = control.isDemo();
    input.upstream = control.settings().upstreamUrl.host();
    if (const Sharing::Status &share = control.sharing().status(); share.state == Sharing::State::Shared)
        input.sharedAt = share.address.authority(QUrl::PrettyDecoded);
    const RunTotals totals = control.totals();
    input.calls = totals.calls;
    input.messages = totals.messages;
    input.originsAreFixed = control.isFixed(*findSetting(u"allowedOrigins"));
    return input;
}

StatusView presentStatus(const StatusInput &input)
{
    return Status::present(input);
}

} // namespace rr
