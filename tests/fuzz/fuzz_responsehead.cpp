// SPDX-License-Identifier: MIT
// Whatever comes: no crash, and what was said of an answer stays true however its bytes arrive.
#include "core/http/responsereader.h"
#include "tests/fuzz/require.h"

#include <algorithm>

using namespace rr;

namespace {

bool isSafe(const QByteArray &text)
{
    return std::none_of(
        text.begin(), text.end(), [](char c) { return (uchar(c) < 0x20 && c != '\t') || c == 0x7f; });
}

void checkHead(const ResponseHead &head, QByteArrayView bytes)
{
    require(head.size > 0 && head.size <= bytes.size() && head.size <= maxResponseHeadBytes);
    require(bytes.first(head.size).endsWith("\r\n\r\n"));
    require(head.status >= 100 && head.status <= 999);
    require(head.contentLength >= 0);
    for (const HttpHeader &header : head.headers) {
        require(!header.name.isEmpty() && isSafe(header.name) && isSafe(header.value));
        for (const QByteArray &member : head.list(header.name))
            require(!member.isEmpty() && !member.contains(','));
    }
    if (head.status == 101 && !checkSwitching(head, "dGhlIHNhbXBsZSBub25jZQ=="))
        require(head.header("Sec-WebSocket-Accept") == "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
}

ResponseReader read(QByteArrayView bytes, qsizetype piece)
{
    ResponseReader reader;
    for (qsizetype at = 0; at < bytes.size() && !reader.isOver(); at += piece)
        reader.add(bytes.sliced(at, std::min(piece, bytes.size() - at)));
    require(reader.body().size() <= ResponseReader::mostBodyBytes);
    return reader;
}

/// The same, its body taken piece by piece.
QByteArray taken(QByteArrayView bytes, qsizetype piece)
{
    ResponseReader reader;
    QByteArray body;
    for (qsizetype at = 0; at < bytes.size() && !reader.isOver(); at += piece) {
        reader.add(bytes.sliced(at, std::min(piece, bytes.size() - at)));
        body += reader.takeBody();
    }
    return body;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const QByteArrayView bytes(data, qsizetype(size));
    const auto result = parseResponseHead(bytes);
    const auto *head = std::get_if<ResponseHead>(&result);
    if (head) {
        checkHead(*head, bytes);
        require(std::holds_alternative<ResponseHead>(parseResponseHead(bytes.first(head->size))));
        require(std::holds_alternative<HeadIncomplete>(parseResponseHead(bytes.first(head->size - 1))));
    }
    // Fewer bytes of the same: a fault stays a fault, and what is well so far is not refused too early
    const auto half = parseResponseHead(bytes.first(bytes.size() / 2));
    require(!std::holds_alternative<ResponseFault>(half) || std::holds_alternative<ResponseFault>(result));
    require(!std::holds_alternative<ResponseHead>(half) || head);

    const ResponseReader whole = read(bytes, std::max<qsizetype>(1, bytes.size()));
    const ResponseReader pieces = read(bytes, 1 + bytes.size() / 7);
    require(whole.state() == pieces.state() && whole.body() == pieces.body()
        && whole.isWhole() == pieces.isWhole());
    if (whole.isWhole())
        require(whole.body() == taken(bytes, 1 + bytes.size() / 5));
    require(
        !std::holds_alternative<ResponseFault>(result) || whole.state() == ResponseReader::State::Malformed);
    return 0;
}
