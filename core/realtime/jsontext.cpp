// SPDX-License-Identifier: MIT
#include "core/realtime/jsontext.h"

#include "core/realtime/jsonmember.h"

#include <bitset>

namespace rr {

namespace {

constexpr std::size_t mostLevels = 500;

/// Takes the words of RFC 8259 strictly; each function says whether its word was there.
class Grammar
{
public:
    explicit Grammar(QByteArrayView text)
        : m_at(text.begin())
        , m_end(text.end())
    {
    }

    bool isAtEnd() const { return m_at == m_end; }

    void blanks()
    {
        while (m_at != m_end && (*m_at == ' ' || *m_at == '\n' || *m_at == '\r' || *m_at == '\t'))
            ++m_at;
    }

    bool take(char wanted)
    {
        if (m_at == m_end || *m_at != wanted)
            return false;
        ++m_at;
        return true;
    }

    bool name()
    {
        blanks();
        if (!string())
            return false;
        blanks();
        return take(':');
    }

    /// A value that is neither an object nor an array.
    bool scalar()
    {
        if (m_at == m_end)
            return false;
        switch (*m_at) {
        case '"':
            return string();
        case 't':
            return word("true");
        case 'f':
            return word("false");
        case 'n':
            return word("null");
        default:
            return number();
        }
    }

private:
    bool string()
    {
        if (!take('"'))
            return false;
        while (m_at != m_end) {
            const char c = *m_at++;
            if (c == '"')
                return true;
            if (uchar(c) < 0x20 || (c == '\\' && !escape()))
                return false;
        }
        return false;
    }

    bool escape()
    {
        if (m_at == m_end)
            return false;
        const char c = *m_at++;
        if (c != 'u')
            return QByteArrayView("\"\\/bfnrt").contains(c);
        for (int i = 0; i < 4; ++i) {
            if (m_at == m_end || !QByteArrayView("0123456789abcdefABCDEF").contains(*m_at++))
                return false;
        }
        return true;
    }

    bool word(QByteArrayView letters)
    {
        for (const char letter : letters) {
            if (!take(letter))
                return false;
        }
        return true;
    }

    bool digits()
    {
        const char *const start = m_at;
        while (m_at != m_end && *m_at >= '0' && *m_at <= '9')
            ++m_at;
        return m_at != start;
    }

    bool number()
    {
        take('-');
        if (!take('0') && !digits())
            return false;
        if (take('.') && !digits())
            return false;
        if (take('e') || take('E')) {
            if (!take('+'))
                take('-');
            return digits();
        }
        return true;
    }

    const char *m_at;
    const char *m_end;
};

} // namespace

bool isJson(QByteArrayView text)
{
    Grammar grammar(text);
    std::bitset<mostLevels> inObject; // by level: an object or an array
    std::size_t level = 0;
    for (;;) { // at a value
        grammar.blanks();
        const bool isObject = grammar.take('{');
        if (isObject || grammar.take('[')) {
            if (level == mostLevels)
                return false;
            grammar.blanks();
            if (!grammar.take(isObject ? '}' : ']')) {
                inObject[level++] = isObject;
                if (isObject && !grammar.name())
                    return false;
                continue;
            }
        } else if (!grammar.scalar()) {
            return false;
        }
        for (;;) { // behind one
            grammar.blanks();
            if (level == 0)
                return grammar.isAtEnd();
            if (grammar.take(',')) {
                if (inObject[level - 1] && !grammar.name())
                    return false;
                break;
            }
            if (!grammar.take(inObject[level - 1] ? '}' : ']'))
                return false;
            --level;
        }
    }
}

bool isJsonString(QByteArrayView value, QByteArrayView content)
{
    return value.size() == content.size() + 2 && isJsonString(value)
        && value.sliced(1, content.size()) == content;
}

QByteArrayView jsonMemberValue(QByteArrayView object, QByteArrayView name)
{
    QByteArrayView value;
    return JsonCursor(jsonMember(object, name)).takeValue(value) ? value : QByteArrayView();
}

JsonParts::JsonParts(QByteArrayView objectOrArray)
    : m_cursor(objectOrArray)
    , m_isObject(m_cursor.take('{'))
    , m_isOver(!m_isObject && !m_cursor.take('['))
{
}

bool JsonParts::next()
{
    m_isOver = m_isOver || (!m_isFirst && !m_cursor.take(','))
        || (m_isObject && !(m_cursor.takeString(m_name) && m_cursor.take(':')))
        || !m_cursor.takeValue(m_value);
    m_isFirst = false;
    return !m_isOver;
}

} // namespace rr
