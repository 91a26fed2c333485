// SPDX-License-Identifier: MIT
#include "ui/control/statuspresenter.h"

#include "ui/control/coretext.h"
#include "ui/control/displaytext.h"

#include <QCoreApplication>

namespace rr {

using namespace Qt::StringLiterals;

namespace {

constexpr qint64 certificateWarningDays = 14;
constexpr qint64 fullWarningSeconds = 60;

class Status
{
    Q_DECLARE_TR_FUNCTIONS(Status)
public:
    static Problem startProblem(const RelayError &error, quint16 port)
    {
        const QString detail = coreText(error.detail);
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

    static QList<Problem> problems(const StatusInput &input)
    {
        QList<Problem> problems;
        const bool on = input.snapshot.state != RelayState::Stopped;
        if (input.error) {
            problems.append(startProblem(*input.error, input.port));
            problems.last().setting = input.error->setting;
        }
        if (on && !input.troubles.upstream.isEmpty())
            problems.append({tr("Calls do not reach the upstream."), coreText(input.troubles.upstream),
                Problem::CheckUpstream});
        const QDateTime &expiry = input.troubles.certificateExpiry;
        if (expiry.isValid()) {
            const qint64 days = input.now.daysTo(expiry);
            if (expiry <= input.now)
                problems.append({tr("The relay's certificate has expired: browsers refuse to connect."),
                    tr("Get a new certificate and choose it in the settings."), Problem::OpenSettings,
                    "tlsCertFile"});
            else if (days < certificateWarningDays)
                problems.append({tr("The relay's certificate expires in %n day(s).", nullptr, int(days)),
                    tr("Renew it; the relay reads the new file by itself."), Problem::None});
        }
        if (on && input.troubles.lastFull.isValid()
            && input.troubles.lastFull.secsTo(input.now) < fullWarningSeconds)
            problems.append({tr("All places are taken: callers are turned away."),
                tr("Raise the limit of calls at once in the settings, or end calls that are no longer "
                   "needed."),
                Problem::OpenSettings, "maxConnections"});
        return problems;
    }

    static StatusView present(const StatusInput &input)
    {
        const Snapshot &snapshot = input.snapshot;
        const int calls = int(snapshot.activeConnections);
        StatusView view;
        view.badge = calls;
        view.problems = problems(input);
        view.starts = snapshot.state == RelayState::Stopped;
        switch (snapshot.state) {
        case RelayState::Stopped:
            view.icon = IconState::Off;
            view.sentence
                = input.error ? tr("The relay is off: it could not start.") : tr("The relay is off.");
            view.statusLine = input.error ? tr("Could not start") : tr("Off");
            view.action = tr("Start relay");
            break;
        case RelayState::Running:
            view.icon = calls > 0 ? IconState::Live : IconState::Idle;
            view.sentence = calls > 0 ? tr("The relay is on, with %n call(s).", nullptr, calls)
                                      : tr("The relay is on and waits for calls.");
            view.statusLine = calls > 0 ? tr("On, %n call(s)", nullptr, calls) : tr("On, no calls");
            view.action = tr("Stop relay");
            break;
        case RelayState::Draining:
            view.icon = calls > 0 ? IconState::Live : IconState::Off;
            view.sentence = tr("The relay is stopping: %n call(s) may still finish.", nullptr, calls);
            view.statusLine = tr("Stopping, %n call(s) left", nullptr, calls);
            view.action = tr("End calls now");
            break;
        }
        if (!view.problems.isEmpty())
            view.icon = view.icon == IconState::Off ? IconState::OffAttention : IconState::OnAttention;
        view.tooltip = tooltip(input, view);
        return view;
    }

private:
    static QString tooltip(const StatusInput &input, const StatusView &view)
    {
        QStringList lines{tr("Realtime Relay: %1").arg(view.statusLine)};
        if (input.demo)
            lines.last() += u' ' + tr("(demo)");
        if (!view.problems.isEmpty())
            lines.append(view.problems.first().text);
        if (input.snapshot.state != RelayState::Stopped) {
            if (!input.address.isEmpty())
                lines.append(input.address.toString());
            const qint64 messages = input.snapshot.up.messages + input.snapshot.down.messages;
            lines.append(tr("%1 calls so far, %2 messages")
                             .arg(countText(input.snapshot.totalConnections), countText(messages)));
        }
        return lines.join(u'\n');
    }
};

} // namespace

StatusView presentStatus(const StatusInput &input)
{
    return Status::present(input);
}

} // namespace rr
