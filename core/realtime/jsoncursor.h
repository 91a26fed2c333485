// SPDX-License-Identifier: MIT
#pragma once

#include <QByteArrayView>

namespace rr {

/// Goes along a JSON text, which may be cut short or no JSON at all: every function says whether it found what it was to
/// take, and never looks beyond the end. It allocates nothing, and what it skips it does not check. A plain value.
class JsonCursor
{
public:
    explicit JsonCursor(QByteArrayView text)
        : m_at(text.begin())
        , m_end(text.end())
    {
    }

    char next()
    {
        while (m_at != m_end && (*m_at == ' ' || *m_at == '\n' || *m_at == '\r' || *m_at == '\t'))
            ++m_at;
        return m_at == m_end ? '\0' : *m_at;
    }

    bool take(char wanted)
    {
        if (next() != wanted)
            return false;
        ++m_at;
        return true;
    }

    /// What stands between the quotes, escapes as they are. False when the string does not end here.
    bool takeString(QByteArrayView &inside)
    {
        if (!take('"'))
            return false;
        const char *const start = m_at;
        for (; m_at != m_end; ++m_at) {
            if (*m_at == '"') {
                inside = QByteArrayView(start, m_at++);
                return true;
            }
            if (*m_at == '\\' && ++m_at == m_end)
                return false;
        }
        return false;
    }

    bool skipValue()
    {
        QByteArrayView ignored;
        int depth = 0;
        do {
            switch (next()) {
            case '\0':
                return false;
            case '"':
                if (!takeString(ignored))
                    return false;
                break;
            case '{':
            case '[':
                ++depth;
                ++m_at;
                break;
            case '}':
            case ']':
                if (--depth < 0)
                    return false;
                ++m_at;
                break;
            case ',':
            case ':':
                if (depth == 0)
                    return false;
                ++m_at;
                break;
            default:
                while (m_at != m_end && !isPunctuation(*m_at))
                    ++m_at;
            }
        } while (depth > 0);
        return true;
    }

    /// The text of a value, without blanks around it. False when it does not end here.
    bool takeValue(QByteArrayView &text)
    {
        next();
        const char *const start = m_at;
        if (!skipValue())
            return false;
        text = QByteArrayView(start, m_at);
        return true;
    }

    QByteArrayView rest() const { return {m_at, m_end}; }

private:
    static bool isPunctuation(char c)
    {
        return c == ',' || c == ':' || c == '"' || c == '{' || c == '}' || c == '[' || c == ']' || c == ' '
            || c == '\n' || c == '\r' || c == '\t' || c == '\0';
    }

    const char *m_at;
    const char *m_end;
};

} // namespace rr
