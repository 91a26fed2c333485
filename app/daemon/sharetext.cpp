// SPDX-License-Identifier: MIT
#include "app/daemon/sharetext.h"

#include "core/realtime/redaction.h"
#include "core/sharing/linkforms.h"
#include "core/sharing/way.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include <chrono>

namespace rr {

using namespace std::chrono_literals;
using namespace Qt::StringLiterals;

namespace {

QString linesOf(const QJsonValue &value)
{
    const QJsonDocument document
        = value.isArray() ? QJsonDocument(value.toArray()) : QJsonDocument(value.toObject());
    return QString::fromUtf8(document.toJson(QJsonDocument::Compact)) + u'\n';
}

/// Every line of it further to the right.
QString indented(const QString &text)
{
    QString result = "    "_L1 + text;
    result.replace(u'\n', "\n    "_L1);
    return result + u'\n';
}

QString timeOf(const QDateTime &time)
{
    return time.toLocalTime().toString(u"yyyy-MM-dd HH:mm:ss"_s);
}

QString textOf(const CheckStep &step)
{
    QString text = plain(PublicProof::titleOf(step.id));
    if (!text.isEmpty())
        text += ": "_L1;
    return text + plain(joined(step.text, step.next));
}

QLatin1String nameOf(CheckStep::Result result)
{
    switch (result) {
    case CheckStep::Result::Running:
        return "running"_L1;
    case CheckStep::Result::Good:
        return "good"_L1;
    case CheckStep::Result::Warning:
        return "warning"_L1;
    case CheckStep::Result::Bad:
        return "bad"_L1;
    case CheckStep::Result::Skipped:
        return "skipped"_L1;
    }
    return {};
}

QJsonArray stepsOf(const Sharing::Status &status)
{
    QJsonArray steps;
    for (const CheckStep &step : status.steps) {
        QJsonObject object{{u"id"_s, step.id}, {u"result"_s, nameOf(step.result)}};
        if (!step.code.isEmpty())
            object.insert(u"code"_s, step.code);
        if (!step.text.isEmpty())
            object.insert(u"text"_s, plain(step.text));
        if (!step.next.isEmpty())
            object.insert(u"next"_s, plain(step.next));
        if (step.ms >= 0)
            object.insert(u"ms"_s, step.ms);
        steps.append(object);
    }
    return steps;
}

QJsonObject linkOf(const Sharing::Status &status)
{
    const LinkForms forms = linkForms(status.address, status.secret);
    return {{u"address"_s, forms.address}, {u"try"_s, forms.tryLink}, {u"env"_s, forms.env},
        {u"javaScript"_s, forms.javaScript}, {u"python"_s, forms.python}, {u"wscat"_s, forms.wscat},
        {u"curl"_s, forms.curl}, {u"note"_s, plain(forms.note)}};
}

QString warningsOf(const Sharing::Status &status)
{
    QString text;
    for (const CheckStep &step : status.steps) {
        if (step.result == CheckStep::Result::Warning)
            text += "  Note: "_L1 + textOf(step) + u'\n';
    }
    return text;
}

} // namespace

QString waysAsText()
{
    QString text;
    for (const Way &way : builtInWays()) {
        const Finding finding = findProgram(way);
        text += way.id + '\n'_L1 + "  "_L1 + plain(way.title) + u'\n';
        text += "  "_L1
            + (finding.found ? u"Found: %1"_s.arg(finding.program)
                             : u"Not found. "_s + plain(finding.howToGet))
            + u'\n';
        if (!way.account.isEmpty())
            text += "  "_L1 + plain(way.account) + u'\n';
        text += "  "_L1 + plain(whatOthersCanRead(way)) + u'\n';
        for (const Sentence &fact : way.facts)
            text += "  "_L1 + plain(fact) + u'\n';
        for (const Ask &ask : way.ask) {
            text += u"  --set %1=…  %2%3%4\n"_s.arg(ask.name, plain(ask.title),
                ask.example.isEmpty() ? QString() : u", such as %1"_s.arg(ask.example),
                ask.isOptional ? u" (optional)"_s : QString());
        }
        text += u'\n';
    }
    return text;
}

QString waysAsJson()
{
    QJsonArray ways;
    for (const Way &way : builtInWays()) {
        const Finding finding = findProgram(way);
        QJsonArray asks;
        for (const Ask &ask : way.ask)
            asks.append(QJsonObject{{u"name"_s, ask.name}, {u"title"_s, plain(ask.title)},
                {u"example"_s, ask.example}, {u"optional"_s, ask.isOptional || !ask.preset.isEmpty()}});
        QJsonObject object{{u"way"_s, way.id}, {u"title"_s, plain(way.title)}, {u"found"_s, finding.found},
            {u"readers"_s, plain(whatOthersCanRead(way))}, {u"asks"_s, asks}};
        if (finding.found)
            object.insert(u"program"_s, finding.program);
        else
            object.insert(u"howToGet"_s, plain(finding.howToGet));
        ways.append(object);
    }
    return linesOf(ways);
}

QString termsAsText(const ShareTermsInWords &words)
{
    QString text = u"\nBefore the first share:\n"_s;
    for (const Sentence &sentence : {words.who, words.limits, words.end, words.readers, words.openAi})
        text += "  - "_L1 + plain(sentence) + u'\n';
    return text;
}

QString termsAsLine(const ShareTermsInWords &words)
{
    return QStringList{
        plain(words.who), plain(words.limits), plain(words.end), plain(words.readers), plain(words.openAi)}
        .join(u' ');
}

QString stateAsText(const Sharing::Status &status)
{
    switch (status.state) {
    case Sharing::State::Off:
        return status.reason.isEmpty() ? u"Not shared any more.\n"_s : plain(status.reason) + u'\n';
    case Sharing::State::Starting:
        return u"Starting %1 …\n"_s.arg(status.way);
    case Sharing::State::AddressKnown:
        return u"Address: %1, whose way does not stand yet …\n"_s.arg(status.address.toString());
    case Sharing::State::Testing:
        return u"Testing %1 from outside …\n"_s.arg(status.address.toString());
    case Sharing::State::Shared:
        return u"Shared at %1: reachable from outside, %2 ms there and back, until %3.\n"_s
                   .arg(status.address.toString())
                   .arg(status.proof ? status.proof->roundTripMs : 0)
                   .arg(timeOf(status.until))
            + warningsOf(status);
    case Sharing::State::Broken:
        return u"Not reachable: %1 Again in %2 s.\n"_s.arg(plain(status.reason),
            QString::number(std::chrono::ceil<std::chrono::seconds>(status.retryIn).count()));
    case Sharing::State::NeedsYou:
        return status.consentPage.isEmpty() ? u"It needs you: %1\n"_s.arg(plain(status.reason))
                                            : u"It needs you: %1\n  Open %2\n"_s.arg(plain(status.reason),
                                                status.consentPage.toString(QUrl::FullyEncoded));
    case Sharing::State::Stopping:
        return u"The door is closed; waiting for the tunnel's program to end …\n"_s;
    }
    return {};
}

QString linkAsText(const Sharing::Status &status)
{
    const LinkForms forms = linkForms(status.address, status.secret);
    return u"\n  Try it in a browser:\n"_s + indented(forms.tryLink) + u"\n  Your frontend's .env:\n"_s
        + indented(forms.env) + u"\n  JavaScript, in a browser:\n"_s + indented(forms.javaScript)
        + u"\n  Python:\n"_s + indented(forms.python) + u"\n  wscat:\n"_s + indented(forms.wscat)
        + u"\n  curl, for a short-lived token:\n"_s + indented(forms.curl) + u"\n  For your colleague:\n"_s
        + indented(plain(forms.note)) + u"\n  Whoever has the link may call. Ctrl+C ends it.\n\n"_s;
}

QString visitorAsText(const Visitor &visitor)
{
    QStringList seen;
    for (const QString &part : {visitor.address, outsideText(visitor.userAgent), timeOf(visitor.at)}) {
        if (!part.isEmpty())
            seen.append(part);
    }
    return (visitor.address.isEmpty()
            ? u"Somebody has opened the link; whether from outside is not known. (%1)\n"_s
            : u"Seen from outside: %1.\n"_s)
        .arg(seen.join(", "_L1));
}

QString statusAsJson(const Sharing::Status &status)
{
    QJsonObject object{{u"state"_s, nameOf(status.state)}, {u"way"_s, status.way}};
    if (!status.address.isEmpty())
        object.insert(u"address"_s, status.address.toString());
    if (status.until.isValid())
        object.insert(u"until"_s, status.until.toUTC().toString(Qt::ISODate));
    if (!status.reason.isEmpty())
        object.insert(u"reason"_s, plain(status.reason));
    if (!status.consentPage.isEmpty())
        object.insert(u"consentPage"_s, status.consentPage.toString(QUrl::FullyEncoded));
    if (status.retryIn > 0ms)
        object.insert(u"retryInMs"_s, qint64(status.retryIn.count()));
    if (!status.steps.isEmpty())
        object.insert(u"steps"_s, stepsOf(status));
    if (status.state == Sharing::State::Shared) {
        if (status.proof)
            object.insert(u"roundTripMs"_s, status.proof->roundTripMs);
        object.insert(u"link"_s, linkOf(status));
    }
    if (status.visitor)
        object.insert(u"visitor"_s,
            QJsonObject{{u"address"_s, status.visitor->address},
                {u"userAgent"_s, outsideText(status.visitor->userAgent)},
                {u"at"_s, status.visitor->at.toUTC().toString(Qt::ISODate)}});
    return linesOf(object);
}

} // namespace rr
