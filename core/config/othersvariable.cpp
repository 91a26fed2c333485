// SPDX-License-Identifier: MIT
#include "core/config/othersvariable.h"

#include "core/config/settingvalue.h"

#include <QHostAddress>
#include <QRegularExpression>

#include <algorithm>
#include <vector>

using namespace Qt::StringLiterals;

namespace rr {

namespace {

/// As many slips of the fingers: a character changed, added, left out, or two swapped (Damerau).
int distance(QStringView a, QStringView b)
{
    std::vector<std::vector<int>> slips(size_t(a.size() + 1), std::vector<int>(size_t(b.size() + 1)));
    for (size_t i = 0; i < slips.size(); ++i) {
        for (size_t j = 0; j < slips[i].size(); ++j) {
            int &here = slips[i][j];
            if (i == 0 || j == 0) {
                here = int(i + j);
                continue;
            }
            const auto equal = [&](size_t back, size_t other) {
                return a[qsizetype(i - back)] == b[qsizetype(j - other)];
            };
            here = std::min(
                {slips[i - 1][j] + 1, slips[i][j - 1] + 1, slips[i - 1][j - 1] + (equal(1, 1) ? 0 : 1)});
            if (i > 1 && j > 1 && equal(1, 2) && equal(2, 1))
                here = std::min(here, slips[i - 2][j - 2] + 1);
        }
    }
    return slips.back().back();
}

const SettingSpec *nearest(const QString &name)
{
    if (const SettingSpec *same = findSetting(name))
        return same;
    const auto farFrom = [&](const SettingSpec &spec) {
        return distance(name, QString::fromLatin1(spec.environmentName()));
    };
    const auto table = settingsTable();
    const auto best = std::min_element(table.begin(), table.end(),
        [&](const SettingSpec &a, const SettingSpec &b) { return farFrom(a) < farFrom(b); });
    return farFrom(*best) <= std::max(1, int(name.size() / 4)) ? &*best : nullptr;
}

/// As containers are told of each other: tcp://10.0.0.1:8080.
bool isLink(const QString &value)
{
    static const QRegularExpression link(u"^(tcp|udp|sctp)://"_s);
    return link.match(value).hasMatch();
}

/// A name or a page's address. What may be a misspelt address, or a misspelt localhost, is none: who meant it would be
/// open to other networks than was said.
bool isNoAttemptAtAddress(const QString &text)
{
    static const QRegularExpression name(u"^[A-Za-z][A-Za-z0-9._-]*$"_s);
    static const QRegularExpression url(u"^[A-Za-z][A-Za-z0-9+.-]*://"_s);
    return (name.match(text).hasMatch() && !text.startsWith("local"_L1, Qt::CaseInsensitive)
               && QHostAddress(text).isNull())
        || url.match(text).hasMatch();
}

} // namespace

std::optional<Sentence> othersValue(const SettingSpec &spec, const QString &variable, const QString &value)
{
    const bool prefixed = variable.startsWith(environmentPrefix);
    if (prefixed && isLink(value))
        return QT_TRANSLATE_NOOP(
            "Core", "the address of another service that is named \"relay\", set by Kubernetes or Docker");
    if (prefixed)
        return {};
    if (spec.key == "host"_L1 && isNoAttemptAtAddress(value))
        return QT_TRANSLATE_NOOP("Core", "no address to listen on");
    Settings scratch;
    if (spec.key == "debug"_L1 && setSetting(scratch, spec, value))
        return QT_TRANSLATE_NOOP("Core", "neither yes nor no");
    return {};
}

std::optional<Sentence> strayVariable(const QString &variable, const QString &value)
{
    static const QRegularExpression ofService(
        u"_SERVICE_(HOST|PORT)(_|$)|_PORT_[0-9]+_(TCP|UDP|SCTP)(_|$)"_s);
    if (!variable.startsWith(environmentPrefix) || isLink(value) || ofService.match(variable).hasMatch())
        return {};
    const QString name = printable(variable);
    if (const SettingSpec *meant = nearest(variable.sliced(environmentPrefix.size())))
        return Sentence(QT_TRANSLATE_NOOP("Core",
                            "The environment variable %1 is not a setting and is passed over. Is %2 meant?"),
            {name, environmentPrefix + QString::fromLatin1(meant->environmentName())});
    return Sentence(QT_TRANSLATE_NOOP("Core",
                        "The environment variable %1 is not a setting and is passed over: see --help."),
        {name});
}

QString withoutQuotes(const QString &value)
{
    const QString text = value.trimmed();
    const bool quoted
        = text.size() >= 2 && text.front() == text.back() && (text.front() == u'"' || text.front() == u'\'');
    return quoted ? text.sliced(1, text.size() - 2).trimmed() : text;
}

} // namespace rr
