// SPDX-License-Identifier: MIT
#include "frames.h"

#include <charconv>

namespace rr::bench {

namespace {

constexpr uint8_t maskKey[4] = {0x37, 0xfa, 0x21, 0x3d};
constexpr int timeDigits = 20;
constexpr int numberDigits = 10;
constexpr std::string_view stampKey = "\"event_id\":\"";

void appendHeader(std::string &frame, uint8_t opcode, uint64_t size, bool masked)
{
    const uint8_t maskBit = masked ? 0x80 : 0;
    frame += char(0x80 | opcode);
    const int lengthBytes = size < 126 ? 0 : size < 65536 ? 2 : 8;
    frame += char(maskBit | (lengthBytes == 0 ? size : lengthBytes == 2 ? 126 : 127));
    for (int i = lengthBytes - 1; i >= 0; --i)
        frame += char(size >> (8 * i));
    if (masked)
        frame.append(reinterpret_cast<const char *>(maskKey), 4);
}

void appendPayload(std::string &frame, std::string_view payload, bool masked)
{
    for (size_t i = 0; i < payload.size(); ++i)
        frame += masked ? char(uint8_t(payload[i]) ^ maskKey[i % 4]) : payload[i];
}

} // namespace

MessageFrame::MessageFrame(std::string_view type, std::string_view member, unsigned bytes, bool masked)
    : m_masked(masked)
{
    std::string json;
    json.append("{\"type\":\"").append(type).append("\",").append(stampKey);
    m_stamp = json.size();
    json.append(timeDigits + 1 + numberDigits, '0').append("\",\"").append(member).append("\":\"");
    json[m_stamp + timeDigits] = '-';
    uint32_t random = 1;
    while (json.size() + 2 < bytes) {
        random = random * 1664525 + 1013904223;
        json += "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"[random >> 26];
    }
    json += "\"}";

    appendHeader(m_frame, 0x1, json.size(), masked);
    m_payload = m_frame.size();
    appendPayload(m_frame, json, masked);
}

std::string_view MessageFrame::stamped(int64_t sentNs, uint32_t number)
{
    writeDigits(m_stamp, uint64_t(sentNs), timeDigits);
    writeDigits(m_stamp + timeDigits + 1, number, numberDigits);
    return m_frame;
}

void MessageFrame::writeDigits(size_t offset, uint64_t value, int digits)
{
    for (size_t at = offset + size_t(digits); at-- > offset; value /= 10) {
        const char digit = char('0' + value % 10);
        m_frame[m_payload + at] = m_masked ? char(uint8_t(digit) ^ maskKey[at % 4]) : digit;
    }
}

std::string controlFrame(uint8_t opcode, std::string_view payload, bool masked)
{
    std::string frame;
    appendHeader(frame, opcode, payload.size(), masked);
    appendPayload(frame, payload, masked);
    return frame;
}

bool readStamp(std::string_view start, Stamp *stamp)
{
    const size_t key = start.find(stampKey);
    if (key == start.npos || start.size() < key + stampKey.size() + timeDigits + 1 + numberDigits)
        return false;
    const char *const time = start.data() + key + stampKey.size();
    const char *const number = time + timeDigits + 1;
    return std::from_chars(time, time + timeDigits, stamp->sentNs).ptr == time + timeDigits
        && std::from_chars(number, number + numberDigits, stamp->number).ptr == number + numberDigits;
}

unsigned FrameReader::headerSize() const
{
    const unsigned length = m_header[1] & 0x7f;
    return 2 + (length == 126 ? 2 : length == 127 ? 8 : 0) + (m_header[1] & 0x80 ? 4 : 0);
}

void FrameReader::beginFrame()
{
    const unsigned length = m_header[1] & 0x7f;
    m_left = length;
    if (length >= 126) {
        m_left = 0;
        for (unsigned i = 0; i < (length == 126 ? 2u : 8u); ++i)
            m_left = m_left << 8 | m_header[2 + i];
    }
    m_taken = 0;
    if (isControl()) {
        m_control.size = 0;
    } else if (m_header[0] & 0x0f) {
        m_opcode = m_header[0] & 0x0f;
        m_data.size = 0;
        m_messageBytes = 0;
    }
    if (!isControl())
        m_messageBytes += m_left;
}

void FrameReader::keepStart(const char *data, size_t size)
{
    Start &start = isControl() ? m_control : m_data;
    const size_t kept = std::min(size, sizeof start.bytes - start.size);
    if (m_header[1] & 0x80) {
        const uint8_t *const key = m_header + m_need - 4;
        for (size_t i = 0; i < kept; ++i)
            start.bytes[start.size + i] = char(uint8_t(data[i]) ^ key[(m_taken + i) % 4]);
    } else {
        std::memcpy(start.bytes + start.size, data, kept);
    }
    start.size += kept;
}

bool FrameReader::endFrame(Message *message)
{
    if (isControl()) {
        *message = {uint8_t(m_header[0] & 0x0f), {m_control.bytes, m_control.size}, m_control.size};
        return true;
    }
    *message = {m_opcode, {m_data.bytes, m_data.size}, m_messageBytes};
    return m_header[0] & 0x80;
}

} // namespace rr::bench
