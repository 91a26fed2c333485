// SPDX-License-Identifier: MIT
// Whatever a client of the beta or its upstream says: what goes on is JSON where that was, and what is none goes on as it came.
// The first byte: which of them says it, and what the query was; the others are messages, with a line feed between them.
#include "core/realtime/beta/clientsecret.h"
#include "core/realtime/beta/dialect.h"
#include "core/realtime/jsontext.h"
#include "tests/fuzz/require.h"

#include <QJsonDocument>

using namespace rr;

namespace {

constexpr qint64 most = 2000;

/// Qt reads more (control characters in strings) and less (UTF-8 alone, and no numbers that a double cannot hold).
bool isJsonToQt(const QByteArray &text)
{
    QJsonParseError error;
    QJsonDocument::fromJson('[' + text + ']', &error);
    return error.error == QJsonParseError::NoError;
}

void check(const QByteArray &before, const QByteArray &after)
{
    if (!isJson(before)) {
        // A rename reads nothing but the type.
        require(after == before || (after.size() < before.size() && before.contains("\"response.output_")));
        return;
    }
    require(after.size() <= most + before.size() + 512);
    if (after.size() > most)
        return; // and is no event any more
    require(isJson(after));
    if (before.count('[') + before.count('{') < 400 && isJsonToQt(before))
        require(isJsonToQt(after));
}

/// The same as the body of a request beside calls, and as the answer to it.
void checkSecret(const QByteArray &text)
{
    BetaMemory memory;
    const QByteArray asked = secretRequestFromBeta(text, memory);
    require(isJson(asked) || asked == text);
    const QByteArray told = secretAnswerToBeta(text, memory);
    require(told.isNull() || (isJson(told) && isJson(text)));
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 1)
        return 0;
    const bool fromClient = data[0] & 1;
    const char *const queries[]
        = {"model=gpt-4o-realtime-preview", "", "intent=transcription", "call_id=rtc_1"};
    BetaDialect dialect(queries[(data[0] >> 1) & 3], {}, most);
    const QByteArray all(reinterpret_cast<const char *>(data) + 1, qsizetype(size - 1));
    const QList<QByteArray> messages = all.split('\n');
    for (qsizetype i = 0; i < messages.size(); ++i) {
        const QByteArray &message = messages[i];
        // Of numbers that no double holds and of strings that are no text Qt thinks otherwise.
        if (isJson(message) && QByteArrayView(message).isValidUtf8()
            && message.count('[') + message.count('{') < 400 && !message.contains('e')
            && !message.contains('E') && !message.contains('\\'))
            require(isJsonToQt(message));
        checkSecret(message);
        const EventType type = sniffEventType(message);
        if (fromClient == (i % 2 == 0)) {
            const QByteArray sent = dialect.toUpstream(message);
            check(message, sent);
            require(!BetaDialect::passesUp(type) || sent == message);
        } else {
            const auto shown = dialect.toClient(message);
            if (shown.event)
                check(message, *shown.event);
            require(!BetaDialect::passesDown(type) || shown.event == message);
            require(shown.unforeseenType.isEmpty() || !shown.event);
        }
    }
    return 0;
}
