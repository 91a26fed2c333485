// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

namespace rr::bench {

/// A WebSocket text frame made once, of which only the send time and the number are written anew: sending
/// costs the generator next to nothing. The JSON in it looks like the API's, the time and number are its
/// event_id.
class MessageFrame
{
public:
    /// A frame whose payload is `bytes` of JSON with this type and that member filled with base64-like text.
    /// A masked frame uses one constant key: cheap here, and it still costs a relay that unmasks what it
    /// would.
    MessageFrame(std::string_view type, std::string_view member, unsigned bytes, bool masked);

    /// The whole frame, valid until the next call.
    std::string_view stamped(int64_t sentNs, uint32_t number);

private:
    void writeDigits(size_t offset, uint64_t value, int digits);

    std::string m_frame;
    size_t m_payload; ///< where the payload starts in the frame
    size_t m_stamp; ///< where the stamp starts in the payload
    bool m_masked;
};

/// A control frame (close 0x8, pong 0xA) around `payload` (at most 125 bytes).
std::string controlFrame(uint8_t opcode, std::string_view payload, bool masked);

/// What stands in a message's event_id.
struct Stamp
{
    int64_t sentNs = 0;
    uint32_t number = 0;
};

/// False when the text is none of ours.
bool readStamp(std::string_view start, Stamp *stamp);

/// One whole message or control frame, as FrameReader reports it.
struct Message
{
    uint8_t opcode; ///< 1 text, 2 binary, 8 close, 9 ping, 10 pong
    std::string_view start; ///< its first bytes, unmasked; a control frame's whole payload
    uint64_t bytes; ///< payload of all its frames
};

/// Finds the messages in a stream of frames, keeping only the start of each.
class FrameReader
{
public:
    /// Calls `onMessage(const Message &)` for each message that is complete. The callback may not feed again.
    template <typename OnMessage>
    void feed(const char *data, size_t size, OnMessage &&onMessage)
    {
        while (size > 0) {
            if (m_have < m_need) {
                m_header[m_have++] = uint8_t(*data++);
                --size;
                if (m_have == 2)
                    m_need = headerSize();
                if (m_have < m_need)
                    continue;
                beginFrame();
            } else {
                const size_t taken = size_t(std::min<uint64_t>(size, m_left));
                keepStart(data, taken);
                data += taken;
                size -= taken;
                m_left -= taken;
                m_taken += taken;
            }
            if (m_left == 0 && m_have == m_need) {
                m_have = 0;
                m_need = 2;
                Message message;
                if (endFrame(&message))
                    onMessage(message);
            }
        }
    }

private:
    struct Start
    {
        char bytes[160];
        size_t size = 0;
    };

    bool isControl() const { return m_header[0] & 0x08; }
    unsigned headerSize() const;
    void beginFrame();
    void keepStart(const char *data, size_t size);
    bool endFrame(Message *message);

    uint8_t m_header[14];
    unsigned m_have = 0;
    unsigned m_need = 2;
    uint64_t m_left = 0; ///< payload bytes of this frame still to come
    uint64_t m_taken = 0; ///< and already seen
    uint64_t m_messageBytes = 0;
    uint8_t m_opcode = 0; ///< of the data message under way
    Start m_data;
    Start m_control;
};

} // namespace rr::bench
