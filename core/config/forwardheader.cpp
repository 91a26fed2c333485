// SPDX-License-Identifier: MIT
#include "core/config/forwardheader.h"

#include <QRegularExpression>

#include <algorithm>
#include <iterator>

using namespace Qt::StringLiterals;

namespace rr {

namespace {

constexpr const char *ofOneConnection
    = QT_TRANSLATE_NOOP("Core", "it is about the connection to the relay, and means nothing behind it");
constexpr const char *ofTheHandshake
    = QT_TRANSLATE_NOOP("Core", "it belongs to the handshake, which the relay makes anew with the upstream");
constexpr const char *passedAnyway
    = QT_TRANSLATE_NOOP("Core", "the relay passes the client's key on by itself");

struct Unforwarded
{
    QLatin1String name; ///< "-" at the end: all that begin so
    const char *why;
};

constexpr Unforwarded neverForwarded[] = {
    {"connection"_L1, ofOneConnection},
    {"content-length"_L1, ofOneConnection},
    {"expect"_L1, ofOneConnection},
    {"http2-settings"_L1, ofOneConnection},
    {"keep-alive"_L1, ofOneConnection},
    {"proxy-"_L1, ofOneConnection},
    {"te"_L1, ofOneConnection},
    {"trailer"_L1, ofOneConnection},
    {"transfer-encoding"_L1, ofOneConnection},
    {"upgrade"_L1, ofOneConnection},
    {"host"_L1, ofTheHandshake},
    {"sec-websocket-"_L1, ofTheHandshake},
    {"openai-beta"_L1,
        QT_TRANSLATE_NOOP(
            "Core", "the upstream has no beta any more; the relay translates for clients that speak it")},
    {"origin"_L1, QT_TRANSLATE_NOOP("Core", "it names a web page, and to the upstream the relay is none")},
    {"api-key"_L1, passedAnyway},
    {"authorization"_L1, passedAnyway},
};

constexpr QLatin1String onlyByFullName[] = {"cf-connecting-ip"_L1, "cookie"_L1, "forwarded"_L1,
    "true-client-ip"_L1, "via"_L1, "x-client-ip"_L1, "x-forwarded-"_L1, "x-real-ip"_L1};

bool means(QLatin1String listed, const QString &name)
{
    return listed.endsWith('-'_L1) ? name.startsWith(listed) : name == listed;
}

const Unforwarded *findUnforwarded(const QString &name)
{
    const auto found = std::find_if(std::begin(neverForwarded), std::end(neverForwarded),
        [&name](const Unforwarded &each) { return means(each.name, name); });
    return found == std::end(neverForwarded) ? nullptr : &*found;
}

} // namespace

std::optional<Sentence> forwardHeaderProblem(const QString &entry)
{
    static const QRegularExpression token(
        u"^[A-Za-z0-9!#$%&'+.^_`|~-]+\\*?$"_s); // RFC 9110 5.6.2, but for the "*"
    if (entry == "*"_L1)
        return QT_TRANSLATE_NOOP(
            "Core", "all headers would be too many: write how the names begin, for example X-Portkey-*");
    if (!token.match(entry).hasMatch())
        return QT_TRANSLATE_NOOP(
            "Core", "it is neither the name of a header nor a beginning with one * behind it");
    const bool isBeginning = entry.endsWith(u'*');
    const Unforwarded *found = findUnforwarded((isBeginning ? entry.chopped(1) : entry).toLower());
    // A beginning may go on otherwise, unless all that begin so are left out.
    return found && (!isBeginning || found->name.endsWith('-'_L1)) ? std::optional(Sentence(found->why))
                                                                   : std::nullopt;
}

bool isForwarded(QByteArrayView header, const QStringList &entries)
{
    if (entries.isEmpty())
        return false;
    const QString name = QString::fromLatin1(header).toLower();
    if (findUnforwarded(name))
        return false;
    const bool inFull = std::any_of(std::begin(onlyByFullName), std::end(onlyByFullName),
        [&name](QLatin1String listed) { return means(listed, name); });
    return std::any_of(entries.begin(), entries.end(), [&](const QString &entry) {
        return entry.endsWith(u'*')
            ? !inFull && name.startsWith(QStringView(entry).chopped(1), Qt::CaseInsensitive)
            : name.compare(entry, Qt::CaseInsensitive) == 0;
    });
}

} // namespace rr
