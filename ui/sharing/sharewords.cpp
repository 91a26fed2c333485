// SPDX-License-Identifier: MIT
#include "ui/sharing/sharewords.h"

#include "core/sharing/way.h"
#include "ui/control/displaytext.h"
#include "ui/control/translated.h"

#include <QCoreApplication>
#include <QLocale>

#include <algorithm>
#include <array>

namespace rr {

using namespace Qt::StringLiterals;

namespace {

class ShareText
{
    Q_DECLARE_TR_FUNCTIONS(ShareText)
};

constexpr int longestName = 40;

QString clockText(const QDateTime &at)
{
    return QLocale().toString(at.toLocalTime().time(), QLocale::ShortFormat);
}

/// "Reachable from outside · 84 ms · checked 12:03"
QString proofText(const ProofResult &proof)
{
    QStringList parts{ShareText::tr("Reachable from outside")};
    if (proof.roundTripMs >= 0)
        parts.append(ShareText::tr("%1 ms").arg(countText(proof.roundTripMs)));
    parts.append(ShareText::tr("checked %1").arg(clockText(proof.at)));
    return parts.join(u" · "_s);
}

/// What is to be known of a proof that holds: a page that people see first, for instance.
QString warningsOf(const QList<CheckStep> &steps)
{
    QStringList warnings;
    for (const CheckStep &step : steps) {
        if (step.result == CheckStep::Result::Warning)
            warnings.append(translated(joined(step.text, step.next)));
    }
    return warnings.join(u'\n');
}

} // namespace

ShareView presentShare(const Sharing::Status &status)
{
    ShareView view;
    const QString reason = translated(status.reason);
    switch (status.state) {
    case Sharing::State::Off:
        view.word = ShareText::tr("Not shared");
        if (!reason.isEmpty()) {
            view.tone = Tone::Warning;
            view.sentence = ShareText::tr("Sharing has ended: %1").arg(reason);
        }
        break;
    case Sharing::State::Starting:
        view.tone = Tone::Working;
        view.word = ShareText::tr("Starting");
        view.sentence = ShareText::tr("Waiting for the tunnel to say that it stands.");
        break;
    case Sharing::State::AddressKnown:
        view.tone = Tone::Working;
        view.word = ShareText::tr("Starting");
        view.sentence = ShareText::tr("The address is known; waiting until the way to it stands.");
        break;
    case Sharing::State::Testing:
        view.tone = Tone::Working;
        view.word = ShareText::tr("Testing");
        view.sentence = ShareText::tr("Going out to the public address and back in, as others will.");
        break;
    case Sharing::State::Shared:
        view.tone = Tone::Good;
        view.word = ShareText::tr("Shared");
        if (status.proof)
            view.sentence = proofText(*status.proof);
        if (const QString warnings = warningsOf(status.steps); !warnings.isEmpty()) {
            view.tone = Tone::Warning;
            view.sentence += u'\n' + warnings;
        }
        view.tryText = ShareText::tr("Test again");
        break;
    case Sharing::State::Broken:
        view.tone = Tone::Bad;
        view.word = ShareText::tr("Broken");
        view.sentence = reason;
        if (status.retryIn.count() > 0) {
            // Rounded up, so that 0 is when it is tried.
            const int seconds = int((status.retryIn.count() + 999) / 1000);
            view.word = ShareText::tr("Broken · again in %n s", nullptr, seconds);
        }
        view.tryText = ShareText::tr("Try again");
        break;
    case Sharing::State::NeedsYou:
        view.tone = Tone::Warning;
        view.word = ShareText::tr("Needs you");
        view.sentence = reason;
        view.tryText = ShareText::tr("Try again");
        break;
    case Sharing::State::Stopping:
        view.tone = Tone::Working;
        view.word = ShareText::tr("Stopping");
        view.sentence = ShareText::tr("Nobody comes in any more; waiting for the tunnel to end.");
        break;
    }
    return view;
}

QString titleOfWay(const QString &id)
{
    const auto way = wayCalled(id);
    return way ? translated(way->title) : id;
}

QString untilText(const QDateTime &until, const QDateTime &now)
{
    const qint64 left = std::max<qint64>(0, now.msecsTo(until));
    const QDateTime local = until.toLocalTime();
    const QString when = local.date() == now.toLocalTime().date()
        ? clockText(until)
        : QLocale().toString(local, QLocale::ShortFormat);
    return ShareText::tr("Ends at %1, in %2.").arg(when, durationText(left));
}

QString deviceName(const QString &userAgent)
{
    // The more special first: an Android says that it is a Linux, and an iPhone that it is like a Mac.
    static constexpr std::array devices{
        "iPhone"_L1, "iPad"_L1, "Android"_L1, "Windows"_L1, "CrOS"_L1, "Macintosh"_L1, "Linux"_L1};
    if (userAgent.startsWith("Mozilla/"_L1)) {
        for (const QLatin1String device : devices) {
            if (userAgent.contains(device))
                return device == "Macintosh"_L1 ? u"Mac"_s
                    : device == "CrOS"_L1       ? u"Chromebook"_s
                                                : QString(device);
        }
        return ShareText::tr("A browser");
    }
    // "node", "python-requests/2.31"
    const QString name = userAgent.section(u'/', 0, 0).section(u' ', 0, 0).trimmed();
    return name.isEmpty() ? ShareText::tr("A program") : name.left(longestName);
}

QString visitorText(const Visitor &visitor)
{
    QStringList parts{deviceName(visitor.userAgent)};
    if (!visitor.address.isEmpty())
        parts.append(visitor.address);
    parts.append(clockText(visitor.at));
    return (visitor.address.isEmpty()
            ? ShareText::tr("Somebody has opened the link; whether from outside is not known. (%1)")
            : ShareText::tr("Seen from outside: %1"))
        .arg(parts.join(u", "_s));
}

} // namespace rr
