// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <cstdio>
#include <string>
#include <string_view>

namespace rr::bench {

/// A JSON object built member by member: `Json().add("n", 1).add("inner", Json()).text()`.
class Json
{
public:
    Json &add(std::string_view name, const Json &object) { return addRaw(name, object.text()); }
    Json &add(std::string_view name, uint64_t value) { return addRaw(name, std::to_string(value)); }
    Json &add(std::string_view name, double value)
    {
        char text[64];
        std::snprintf(text, sizeof text, "%.3f", value);
        return addRaw(name, text);
    }
    Json &add(std::string_view name, std::string_view value) { return addRaw(name, quoted(value)); }
    /// `value` is JSON already.
    Json &addRaw(std::string_view name, std::string_view value)
    {
        m_members.append(m_members.empty() ? "" : ",").append(quoted(name)).append(":").append(value);
        return *this;
    }
    std::string text() const { return "{" + m_members + "}"; }

private:
    static std::string quoted(std::string_view value)
    {
        std::string result = "\"";
        for (const char c : value) {
            char escaped[8] = {c};
            if (c == '"' || c == '\\')
                std::snprintf(escaped, sizeof escaped, "\\%c", c);
            else if (static_cast<unsigned char>(c) < 0x20 || static_cast<unsigned char>(c) >= 0x7f)
                std::snprintf(escaped, sizeof escaped, "\\u%04x", static_cast<unsigned char>(c));
            result += escaped;
        }
        return result + "\"";
    }

    std::string m_members;
};

} // namespace rr::bench
