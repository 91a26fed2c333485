// SPDX-License-Identifier: MIT
#pragma once

#include "core/realtime/jsoncursor.h"

#include <QByteArray>
#include <QByteArrayView>

#include <algorithm>
#include <initializer_list>
#include <utility>

/// JSON that is taken apart and put together as text, so that what nobody changes stays as it was written: numbers with all
/// their digits, strings with their escapes, null. Values are views into the text; only what is written is allocated.
namespace rr {

/// Whether all of `text` is one JSON value (RFC 8259), nested 500 deep at the most. What the bytes of its strings are, UTF-8 or
/// not, is not looked at. Allocates nothing.
bool isJson(QByteArrayView text);

inline bool isJsonObject(QByteArrayView value)
{
    return value.startsWith('{');
}
inline bool isJsonString(QByteArrayView value)
{
    return value.startsWith('"');
}
inline bool isJsonNull(QByteArrayView value)
{
    return value == "null";
}
/// Whether it is the string with this content; `content` has nothing that must be escaped.
bool isJsonString(QByteArrayView value, QByteArrayView content);

inline bool isOneOf(QByteArrayView name, std::initializer_list<QByteArrayView> names)
{
    return std::find(names.begin(), names.end(), name) != names.end();
}

/// The value of an object's first member of that name; empty when it has none, or is no object. `name` as in JsonParts.
QByteArrayView jsonMemberValue(QByteArrayView object, QByteArrayView name);

/// Goes along the members of an object, or the elements of an array; anything else has none. The text is, or is part of,
/// what isJson() was true for, and outlives this.
class JsonParts
{
public:
    explicit JsonParts(QByteArrayView objectOrArray);

    /// False when there are no more.
    bool next();
    /// Of a member, as it is written between its quotes: one with an escape in it is not taken for the name it means.
    QByteArrayView name() const { return m_name; }
    QByteArrayView value() const { return m_value; }

private:
    JsonCursor m_cursor;
    QByteArrayView m_name;
    QByteArrayView m_value;
    bool m_isObject;
    bool m_isFirst = true;
    bool m_isOver;
};

/// Where JSON is written to. Who writes more than `most` bytes gets more than that, and how much does not count: what is
/// written behind it is not kept.
class JsonOut
{
public:
    explicit JsonOut(qsizetype most)
        : m_most(most)
    {
    }
    void reserve(qsizetype size) { m_bytes.reserve(size); }
    JsonOut &append(QByteArrayView text)
    {
        if (m_bytes.size() <= m_most)
            m_bytes.append(text);
        return *this;
    }
    JsonOut &append(char c) { return append(QByteArrayView(&c, 1)); }
    JsonOut &operator+=(QByteArrayView text) { return append(text); }
    JsonOut &operator+=(char c) { return append(c); }
    QByteArray take() { return std::move(m_bytes); }

private:
    QByteArray m_bytes;
    qsizetype m_most;
};

/// Writes an object or an array behind what is in `out` already; close() ends it.
class JsonWriter
{
public:
    enum Kind : char { Object = '}', Array = ']' };

    explicit JsonWriter(JsonOut &out, Kind kind = Object)
        : m_out(out)
        , m_end(kind)
    {
        m_out += kind == Object ? '{' : '[';
    }

    /// A member whose value is written next, into what is returned.
    JsonOut &member(QByteArrayView name)
    {
        separate();
        return m_out.append('"').append(name).append("\":");
    }
    void member(QByteArrayView name, QByteArrayView value) { member(name).append(value); }
    /// The same; none when there is no value.
    void memberIf(QByteArrayView name, QByteArrayView value)
    {
        if (!value.isEmpty())
            member(name, value);
    }
    /// An element that is written next, likewise.
    JsonOut &element()
    {
        separate();
        return m_out;
    }
    void close() { m_out += char(m_end); }

private:
    void separate()
    {
        if (m_isFirst)
            m_isFirst = false;
        else
            m_out += ',';
    }

    JsonOut &m_out;
    Kind m_end;
    bool m_isFirst = true;
};

/// An object whose members are written by `write(JsonWriter &, name, value)`, one by one. One of more than `most` bytes is
/// wrong behind these.
template <typename Write>
QByteArray rewrittenJson(const QByteArray &object, qsizetype most, Write write)
{
    JsonOut out(most);
    out.reserve(object.size() + 512); // so that a large one is not moved about for what is added
    JsonWriter to(out);
    for (JsonParts each(object); each.next();)
        write(to, each.name(), each.value());
    to.close();
    return out.take();
}

} // namespace rr
