// SPDX-License-Identifier: MIT
#include "core/websocket/upgradeanswer.h"

#include <algorithm>
#include <utility>

namespace rr {

namespace {

constexpr QByteArrayView lineEnd("\r\n");
constexpr QByteArrayView headEnd("\r\n\r\n");
constexpr QByteArrayView statusLine("HTTP/1.x 000");

bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}

/// Whether it can become a status line (RFC 9112 4), as far as it goes.
bool beginsLikeHttp(QByteArrayView bytes)
{
    for (qsizetype i = 0; i < std::min(bytes.size(), statusLine.size()); ++i) {
        const char expected = statusLine[i];
        if (expected == 'x' || expected == '0' ? !isDigit(bytes[i]) : bytes[i] != expected)
            return false;
    }
    return bytes.size() <= statusLine.size() || bytes[statusLine.size()] == ' '
        || bytes[statusLine.size()] == '\r';
}

} // namespace

UpgradeAnswer::State UpgradeAnswer::add(QByteArrayView bytes)
{
    qsizetype searched = std::max<qsizetype>(0, m_bytes.size() - headEnd.size() + 1);
    m_bytes.append(bytes);
    while (m_state == State::InHead && readHead(searched))
        searched = 0;
    if (m_state == State::InBody)
        readBody();
    return m_state;
}

UpgradeAnswer::State UpgradeAnswer::end()
{
    if (m_state == State::InBody)
        m_state = State::Refused;
    return m_state;
}

/// True: it was an interim answer, and more is here.
bool UpgradeAnswer::readHead(qsizetype searched)
{
    if (!beginsLikeHttp(m_bytes)) {
        m_state = State::NotHttp;
        return false;
    }
    const qsizetype end = m_bytes.indexOf(headEnd, searched);
    if (m_interimBytes + (end < 0 ? m_bytes.size() : end) > mostHeadBytes) {
        m_state = State::NotHttp;
        return false;
    }
    if (end < 0)
        return false;
    m_head = m_bytes.first(end + headEnd.size());
    m_bytes.remove(0, m_head.size());
    const int status = QByteArrayView(m_head).sliced(statusLine.size() - 3, 3).toInt();
    if (status < 100) {
        m_state = State::NotHttp;
        return false;
    }
    if (status < 200 && status != 101) {
        m_interimBytes += m_head.size();
        return !m_bytes.isEmpty();
    }
    m_status = status;
    m_state = status == 101 ? State::Switching : State::InBody;
    return false;
}

void UpgradeAnswer::readBody()
{
    // RFC 9112 6.3. What is framed otherwise ends with the connection.
    bool complete = false;
    if (header("Transfer-Encoding").compare("chunked", Qt::CaseInsensitive) == 0) {
        complete = readChunks();
    } else {
        m_body.append(std::exchange(m_bytes, {}));
        bool isNumber = false;
        const qint64 length = header("Content-Length").toLongLong(&isNumber);
        const bool all = isNumber && length >= 0 && m_body.size() >= length;
        if (all)
            m_body.truncate(length);
        complete = all || m_status == 204 || m_status == 304;
    }
    if (m_body.size() >= mostBodyBytes) {
        m_body.truncate(mostBodyBytes);
        complete = true;
    }
    if (complete)
        m_state = State::Refused;
}

/// Takes whole chunks (RFC 9112 7.1). True: that was the last, or they are none.
bool UpgradeAnswer::readChunks()
{
    for (;;) {
        const qsizetype sizeEnd = m_bytes.indexOf(lineEnd);
        if (sizeEnd < 0)
            return m_bytes.size() > mostBodyBytes;
        const QByteArrayView line = QByteArrayView(m_bytes).first(sizeEnd);
        const qsizetype semicolon = line.indexOf(';'); // extensions follow
        bool known = false;
        const qint64 size = (semicolon < 0 ? line : line.first(semicolon)).trimmed().toLongLong(&known, 16);
        if (!known || size <= 0)
            return true;
        const qsizetype begin = sizeEnd + lineEnd.size();
        if (size > mostBodyBytes || m_bytes.size() < begin + size + lineEnd.size()) {
            if (m_bytes.size() - begin < mostBodyBytes)
                return false;
            m_body.append(QByteArrayView(m_bytes).sliced(begin));
            return true;
        }
        m_body.append(QByteArrayView(m_bytes).sliced(begin, size));
        m_bytes.remove(0, begin + size + lineEnd.size());
    }
}

QByteArray UpgradeAnswer::header(QByteArrayView name) const
{
    for (qsizetype at = m_head.indexOf(lineEnd); at >= 0; at = m_head.indexOf(lineEnd, at + 1)) {
        const qsizetype begin = at + lineEnd.size();
        const QByteArrayView line
            = QByteArrayView(m_head).sliced(begin, m_head.indexOf(lineEnd, begin) - begin);
        const qsizetype colon = line.indexOf(':');
        if (colon == name.size() && line.first(colon).compare(name, Qt::CaseInsensitive) == 0)
            return line.sliced(colon + 1).trimmed().toByteArray();
        if (line.isEmpty())
            break;
    }
    return {};
}

} // namespace rr
