// SPDX-License-Identifier: MIT
#include "core/realtime/modelaliases.h"

#include <algorithm>
#include <iterator>

using namespace Qt::StringLiterals;

namespace rr {

namespace {

// The previews were announced to leave in 2026; the last was a snapshot that left with them.
constexpr ModelAlias builtIn[] = {
    {"gpt-4o-realtime-preview", "gpt-realtime-1.5"},
    {"gpt-4o-realtime-preview-2024-10-01", "gpt-realtime-1.5"},
    {"gpt-4o-realtime-preview-2024-12-17", "gpt-realtime-1.5"},
    {"gpt-4o-realtime-preview-2025-06-03", "gpt-realtime-1.5"},
    {"gpt-4o-mini-realtime-preview", "gpt-realtime-mini"},
    {"gpt-4o-mini-realtime-preview-2024-12-17", "gpt-realtime-mini"},
    {"gpt-realtime-mini-2025-10-06", "gpt-realtime-mini"},
};

} // namespace

std::span<const ModelAlias> builtInModelAliases()
{
    return builtIn;
}

QByteArray answeringModel(const QByteArray &asked, const QStringList &entries)
{
    for (auto entry = entries.crbegin(); entry != entries.crend(); ++entry) {
        const qsizetype equals = entry->indexOf(u'=');
        if (equals < 0 || QStringView(*entry).first(equals) != QLatin1StringView(asked))
            continue;
        const QByteArray answers = entry->sliced(equals + 1).toLatin1();
        return answers.isEmpty() ? asked : answers;
    }
    if (entries.contains("none"_L1))
        return asked;
    const auto *const found = std::find_if(std::begin(builtIn), std::end(builtIn),
        [&asked](const ModelAlias &each) { return each.asked == asked; });
    return found == std::end(builtIn) ? asked : found->answers.toByteArray();
}

QByteArray withAnsweringModel(const QByteArray &query, const QStringList &entries)
{
    QByteArray result = query;
    for (qsizetype at = 0; at < result.size();) {
        qsizetype end = result.indexOf('&', at);
        if (end < 0)
            end = result.size();
        const qsizetype equals = result.indexOf('=', at);
        if (equals >= 0 && equals < end
            && QByteArray::fromPercentEncoding(result.sliced(at, equals - at)) == "model") {
            const QByteArray asked
                = QByteArray::fromPercentEncoding(result.sliced(equals + 1, end - equals - 1));
            const QByteArray answers = answeringModel(asked, entries);
            if (answers != asked) {
                result.replace(equals + 1, end - equals - 1, answers);
                end = equals + 1 + answers.size();
            }
        }
        at = end + 1;
    }
    return result;
}

} // namespace rr
