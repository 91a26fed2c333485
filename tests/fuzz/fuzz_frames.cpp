// SPDX-License-Identifier: MIT
// Whatever comes: FrameScanner sees the frames that RFC 6455 says are there, however the bytes are cut. The first byte says
// whose they are and how large a message may be, the second and third where the bytes are cut.
#include "core/wire/framescanner.h"
#include "core/wire/framewriter.h"
#include "tests/fuzz/require.h"

#include <algorithm>
#include <vector>

using namespace rr;

namespace {

/// One frame as far as it has come, or the rule that was broken.
struct Seen
{
    int opcode = 0;
    bool startsMessage = false;
    bool endsFrame = false;
    bool endsMessage = false;
    QByteArray payload = {}; ///< unmasked
    int breach = 0; ///< a close code; the other members mean nothing then

    bool operator==(const Seen &) const = default;
};

struct Reading
{
    std::vector<Seen> frames;
    bool insideFrame = false;
    bool insideMessage = false;

    bool operator==(const Reading &) const = default;
};

/// RFC 6455 5.2 to 5.5, read from its text: one byte after the other, all of them at hand.
Reading readByTheRfc(QByteArrayView bytes, bool fromClient, quint64 mostBytes)
{
    Reading reading;
    bool fragmented = false; // a message's last frame has yet to come
    quint64 messageBytes = 0;
    const auto byteAt = [&bytes](qsizetype at) { return unsigned(uchar(bytes[at])); };
    for (qsizetype at = 0; bytes.size() - at >= 2;) {
        const auto broken = [&reading](int code) {
            reading.frames.push_back({.breach = code});
            return reading;
        };
        const bool fin = byteAt(at) >= 128;
        const unsigned reserved = byteAt(at) / 16 % 8;
        const unsigned opcode = byteAt(at) % 16;
        const bool masked = byteAt(at + 1) >= 128;
        const unsigned shortLength = byteAt(at + 1) % 128;
        const bool control = opcode >= 8;
        if (reserved != 0 || masked != fromClient)
            return broken(1002);
        if (control ? (opcode > 10 || !fin || shortLength > 125) : opcode > 2)
            return broken(1002);
        if (!control && fragmented != (opcode == 0))
            return broken(1002);
        const qsizetype lengthBytes = shortLength == 126 ? 2 : shortLength == 127 ? 8 : 0;
        const qsizetype head = 2 + lengthBytes + (masked ? 4 : 0);
        if (bytes.size() - at < head)
            return reading;
        quint64 length = lengthBytes == 0 ? shortLength : 0;
        for (qsizetype i = 0; i < lengthBytes; ++i)
            length = length * 256 + byteAt(at + 2 + i);
        if ((lengthBytes == 2 && length < 126) || (lengthBytes == 8 && (length < 65'536 || length >> 63)))
            return broken(1002); // "the minimal number of bytes MUST be used"; the highest bit "MUST be 0"

        const quint64 before = fragmented ? messageBytes : 0;
        if (!control && length > mostBytes - std::min(mostBytes, before))
            return broken(1009);
        const qsizetype here = qsizetype(std::min<quint64>(length, quint64(bytes.size() - at - head)));
        const bool whole = quint64(here) == length;
        if (control ? !whole : here == 0 && !whole)
            return reading; // a control frame comes whole, and a header with the first of its payload
        Seen seen{.opcode = int(opcode)};
        for (qsizetype i = 0; i < here; ++i) {
            const unsigned key = masked ? byteAt(at + head - 4 + i % 4) : 0;
            seen.payload.append(char(byteAt(at + head + i) ^ key));
        }
        if (!control) {
            seen.startsMessage = !fragmented;
            seen.endsFrame = whole;
            seen.endsMessage = whole && fin;
            messageBytes = before + length;
            fragmented = !fin;
            reading.insideFrame = !whole;
            reading.insideMessage = !whole || fragmented;
        }
        reading.frames.push_back(seen);
        if (!whole)
            return reading;
        at += head + here;
    }
    return reading;
}

QByteArray unmasked(const FrameScanner::Step &step)
{
    QByteArray payload = step.payload.toByteArray();
    if (step.mask)
        applyMask(payload.data(), step.payload, step.mask, step.maskAt);
    return payload;
}

/// What the scanner makes of the bytes when they come in pieces of these sizes, the last one again and again.
Reading scan(
    QByteArrayView bytes, FrameScanner::Sender sender, qint64 mostBytes, const std::vector<int> &sizes)
{
    FrameScanner scanner(sender, mostBytes);
    Reading reading;
    QByteArray held;
    size_t piece = 0;
    for (qsizetype from = 0; from < bytes.size();) {
        const qsizetype size
            = std::min<qsizetype>(sizes[std::min(piece++, sizes.size() - 1)], bytes.size() - from);
        held += bytes.sliced(from, size);
        from += size;
        const char *at = held.constData();
        const char *const end = at + held.size();
        for (;;) {
            const char *const before = at;
            const FrameScanner::Step step = scanner.next(at, end);
            require(at >= before && at <= end);
            if (step.kind == FrameScanner::Step::NeedMore) {
                require(at == before);
                break;
            }
            if (step.kind == FrameScanner::Step::Breach) {
                reading.frames.push_back({.breach = step.closeCode});
                return reading;
            }
            require(at > before && !(step.mask && sender == FrameScanner::Sender::Server));
            if (step.kind == FrameScanner::Step::Control) {
                reading.frames.push_back({.opcode = int(step.opcode), .payload = unmasked(step)});
                continue;
            }
            if (!reading.insideFrame) {
                reading.frames.push_back({.opcode = int(step.opcode), .startsMessage = step.startsMessage});
            }
            Seen &seen = reading.frames.back();
            seen.payload += unmasked(step);
            seen.endsFrame = step.endsFrame;
            seen.endsMessage = step.endsMessage;
            reading.insideFrame = !scanner.atFrameBoundary();
            reading.insideMessage = !scanner.atMessageBoundary();
            require(reading.insideFrame == !step.endsFrame && scanner.messageBytes() <= mostBytes);
        }
        held.remove(0, at - held.constData());
        require(held.size() <= FrameScanner::maxHeldBack);
    }
    return reading;
}

/// What the relay itself says is read as it was meant.
void checkWriter(QByteArrayView payload, FrameScanner::Sender sender)
{
    const bool asClient = sender == FrameScanner::Sender::Client;
    for (const Opcode opcode : {Opcode::Text, Opcode::Ping}) {
        const bool control = opcode == Opcode::Ping;
        const QByteArrayView said
            = payload.first(std::min<qsizetype>(payload.size(), control ? 125 : 70'000));
        const Reading reading = readByTheRfc(makeFrame(sender, opcode, said), asClient, 70'000);
        const Seen wanted{.opcode = int(opcode),
            .startsMessage = !control,
            .endsFrame = !control,
            .endsMessage = !control,
            .payload = said.toByteArray()};
        require(reading.frames == std::vector{wanted});
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 3)
        return 0;
    const auto sender = data[0] & 1 ? FrameScanner::Sender::Client : FrameScanner::Sender::Server;
    const qint64 mostBytes = data[0] & 2 ? 100'000 : 300;
    const QByteArrayView bytes(data + 3, qsizetype(size - 3));
    const Reading wanted = readByTheRfc(bytes, sender == FrameScanner::Sender::Client, quint64(mostBytes));
    const std::vector<std::vector<int>> cuts{
        {int(size)}, {1}, {1 + data[1], int(size)}, {1 + data[1], 1 + data[2], 1 + data[1] % 7}};
    for (const std::vector<int> &sizes : cuts)
        require(scan(bytes, sender, mostBytes, sizes) == wanted);
    checkWriter(bytes, sender);
    return 0;
}
