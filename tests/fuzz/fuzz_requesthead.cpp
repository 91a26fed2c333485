// SPDX-License-Identifier: MIT
// Whatever comes: no crash, and what was said of a head stays true however its bytes arrive.
#include "core/http/linksecret.h"
#include "core/http/requesthead.h"
#include "tests/fuzz/require.h"

#include <algorithm>

using namespace rr;

namespace {

bool isSafe(const QByteArray &text)
{
    return std::none_of(
        text.begin(), text.end(), [](char c) { return (uchar(c) < 0x20 && c != '\t') || c == 0x7f; });
}

void checkHead(const RequestHead &head, QByteArrayView bytes)
{
    require(head.size > 0 && head.size <= bytes.size() && head.size <= maxHeadBytes);
    require(bytes.first(head.size).endsWith("\r\n\r\n"));
    require(!head.method.isEmpty() && isSafe(head.target));
    require(head.path.startsWith('/') || head.path == "*");
    require(head.headers.size() <= maxHeaderCount);
    require(head.minorVersion == 0 || !head.header("Host").isEmpty());
    require(head.contentLength >= 0 && !(head.chunked && head.contentLength > 0));
    for (const HttpHeader &header : head.headers) {
        require(!header.name.isEmpty() && isSafe(header.name) && isSafe(header.value));
        for (const QByteArray &member : head.list(header.name))
            require(!member.isEmpty() && !member.contains(','));
    }
    if (!checkUpgrade(head))
        require(head.wantsUpgrade() && head.header("Sec-WebSocket-Key").size() == 24);
    head.keepAlive();
}

/// What is taken is nowhere left where it stood, and nothing else is.
void checkLinkSecret(RequestHead head)
{
    const auto before = head.headers.size();
    const bool wasOffered = head.list("Sec-WebSocket-Protocol").join(',').contains(linkSubprotocol);
    const QByteArray path = head.path;
    const QByteArray secret = takeLinkSecret(head);
    require(head.path.startsWith('/') || head.path == "*");
    require(path.endsWith(head.path) || head.path == "/");
    require(secret.isNull() || wasOffered || path.contains("/s/"));
    require(!secret.isNull() || (head.path == path && head.headers.size() == before));
    for (const QByteArray &offered : head.list("Sec-WebSocket-Protocol"))
        require(!offered.startsWith(linkSubprotocol));
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const QByteArrayView bytes(data, qsizetype(size));
    const auto result = parseRequestHead(bytes);
    const auto *head = std::get_if<RequestHead>(&result);
    if (head) {
        checkHead(*head, bytes);
        checkLinkSecret(*head);
        require(std::holds_alternative<RequestHead>(parseRequestHead(bytes.first(head->size))));
        require(std::holds_alternative<HeadIncomplete>(parseRequestHead(bytes.first(head->size - 1))));
    }
    // Fewer bytes of the same: an error stays an error, and what is well so far is not refused too early
    const auto half = parseRequestHead(bytes.first(bytes.size() / 2));
    require(!std::holds_alternative<HeadError>(half) || std::holds_alternative<HeadError>(result));
    require(!std::holds_alternative<RequestHead>(half) || head);
    return 0;
}
