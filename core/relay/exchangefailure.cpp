// SPDX-License-Identifier: MIT
#include "core/relay/exchangefailure.h"

#include "core/realtime/redaction.h"

using namespace Qt::StringLiterals;

namespace rr {

namespace {

int statusFor(const ExchangeFailure &failure)
{
    if (failure.kind == ExchangeFailure::Late)
        return 504;
    if (failure.kind != ExchangeFailure::Unreachable)
        return 502;
    return failure.upstream.kind == UpstreamFailure::Timeout      ? 504
        : failure.upstream.kind == UpstreamFailure::NoDescriptors ? 503
                                                                  : 502;
}

} // namespace

Sentence describe(const ExchangeFailure &failure, const QString &host)
{
    const Sentence upstream = asTheySaid(outsideText(host));
    switch (failure.kind) {
    case ExchangeFailure::Unreachable:
        return adviceFor(failure.upstream, host);
    case ExchangeFailure::Late:
        return {
            QT_TRANSLATE_NOOP("Core",
                "%1 was asked, but did not answer in time; try again, and have the relay's operator raise "
                "CONNECT_TIMEOUT when it happens again."),
            {upstream}};
    case ExchangeFailure::NoAnswer:
        return {QT_TRANSLATE_NOOP("Core",
                    "What %1 sent is no answer that can be passed on: it %2. Have the relay's operator check "
                    "UPSTREAM_URL, and what stands on the way there."),
            {upstream, Sentence(failure.why)}};
    case ExchangeFailure::CutOff:
        return {
            QT_TRANSLATE_NOOP("Core", "The connection to %1 ended before its answer was whole; try again."),
            {upstream}};
    case ExchangeFailure::TooLarge:
        return {
            QT_TRANSLATE_NOOP("Core",
                "The answer of %1 is larger than 64 KiB, more than any of its answers to such a request; have the "
                "relay's operator check UPSTREAM_URL."),
            {upstream}};
    case ExchangeFailure::NotUnderstood:
        break;
    }
    return {
        QT_TRANSLATE_NOOP("Core",
            "%1 answered with something else than what this request is answered with; have the relay's operator "
            "check UPSTREAM_URL."),
        {upstream}};
}

HttpResponse failureResponse(const ExchangeFailure &failure, const Sentence &message)
{
    const QByteArray code = failure.kind == ExchangeFailure::Unreachable ? "upstream_unreachable"_ba
                                                                         : "upstream_answer_failed"_ba;
    return errorResponse(statusFor(failure), code, plain(message));
}

} // namespace rr
