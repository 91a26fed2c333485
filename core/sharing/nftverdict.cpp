// SPDX-License-Identifier: MIT
#include "core/sharing/nftverdict.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QList>
#include <QMap>
#include <QString>

#include <algorithm>

namespace rr {

using namespace Qt::StringLiterals;

namespace {

enum class Fits : quint8 { No, Yes, Unknown };
enum class Verdict : quint8 { GoesOn, Accepts, Refuses, Unknown };

constexpr int deepest = 16; ///< of chains that jump into others; nft has 16, too

bool holds(const QJsonValue &set, const QJsonValue &value)
{
    if (set.isArray() || set["set"_L1].isArray()) {
        const QJsonArray members = set.isArray() ? set.toArray() : set["set"_L1].toArray();
        return std::any_of(
            members.begin(), members.end(), [&value](const QJsonValue &each) { return holds(each, value); });
    }
    if (set["range"_L1].isArray())
        return value.toInt() >= set["range"_L1][0].toInt() && value.toInt() <= set["range"_L1][1].toInt();
    return set == value;
}

/// `{"match":{"op":"==","left":…,"right":…}}`
Fits fits(const QJsonObject &match, quint16 port)
{
    const QJsonValue left = match.value("left"_L1);
    const QJsonValue right = match.value("right"_L1);
    const QString key = left["meta"_L1]["key"_L1].toString();
    QJsonValue value;
    if (left["payload"_L1]["field"_L1] == "dport"_L1) {
        const QString protocol = left["payload"_L1]["protocol"_L1].toString();
        if (protocol == "udp"_L1)
            return Fits::No;
        value = int(port);
    } else if (key == "l4proto"_L1 || left["payload"_L1]["field"_L1] == "protocol"_L1) {
        value = u"tcp"_s;
        if (right.isDouble())
            value = 6; // its number (RFC 9293)
    } else if (left["ct"_L1]["key"_L1] == "state"_L1) {
        value = u"new"_s;
    } else if (key == "iifname"_L1 || key == "iif"_L1) {
        if (right != "lo"_L1)
            return Fits::Unknown;
        value = u"another"_s;
    } else {
        return Fits::Unknown;
    }
    const bool isIn = holds(right, value);
    const QString op = match.value("op"_L1).toString();
    if (op == "=="_L1 || op == "in"_L1)
        return isIn ? Fits::Yes : Fits::No;
    return op == "!="_L1 ? (isIn ? Fits::No : Fits::Yes) : Fits::Unknown;
}

class Rules
{
public:
    Rules(const QJsonArray &ruleset, quint16 port)
        : m_port(port)
    {
        for (const QJsonValue &each : ruleset) {
            if (each["chain"_L1].isObject())
                m_chains.append(each["chain"_L1].toObject());
            else if (each["rule"_L1].isObject())
                m_rules[nameOf(each["rule"_L1].toObject(), u"chain"_s)].append(
                    each["rule"_L1]["expr"_L1].toArray());
        }
    }

    /// Each hook has its say, and one that refuses is enough.
    std::optional<bool> verdict() const
    {
        bool unknown = false;
        for (const QJsonObject &chain : m_chains) {
            if (chain.value("hook"_L1) != "input"_L1 || chain.value("type"_L1) != "filter"_L1)
                continue;
            Verdict verdict = ofChain(nameOf(chain, u"name"_s), 0);
            if (verdict == Verdict::GoesOn)
                verdict = chain.value("policy"_L1) == "drop"_L1 ? Verdict::Refuses : Verdict::Accepts;
            if (verdict == Verdict::Refuses)
                return false;
            unknown = unknown || verdict == Verdict::Unknown;
        }
        return unknown ? std::nullopt : std::optional(true);
    }

private:
    static QString nameOf(const QJsonObject &of, const QString &member)
    {
        return of.value("family"_L1).toString() + u' ' + of.value("table"_L1).toString() + u' '
            + of.value(member).toString();
    }

    Verdict ofChain(const QString &name, int depth) const
    {
        if (depth > deepest)
            return Verdict::Unknown;
        const QString table = name.section(u' ', 0, 1) + u' ';
        bool unsure = false; // a rule may have decided otherwise before
        for (const QJsonArray &rule : m_rules.value(name)) {
            bool returns = false;
            const Verdict verdict = ofRule(rule, table, depth, unsure, returns);
            if (verdict != Verdict::GoesOn)
                return unsure ? Verdict::Unknown : verdict;
            if (returns)
                break;
        }
        return unsure ? Verdict::Unknown : Verdict::GoesOn;
    }

    Verdict ofRule(const QJsonArray &rule, const QString &table, int depth, bool &unsure, bool &returns) const
    {
        bool fitsForSure = true;
        for (const QJsonValue &part : rule) {
            if (part["match"_L1].isObject()) {
                const Fits is = fits(part["match"_L1].toObject(), m_port);
                if (is == Fits::No)
                    return Verdict::GoesOn;
                fitsForSure = fitsForSure && is == Fits::Yes;
                continue;
            }
            if (part["xt"_L1].isObject()
                || part["limit"_L1].isObject()) { // of iptables: what it asks is not told
                fitsForSure = false;
                continue;
            }
            if (part["vmap"_L1].isObject()) {
                unsure = unsure || part["vmap"_L1]["key"_L1]["ct"_L1]["key"_L1] != "state"_L1;
                continue;
            }
            Verdict verdict = Verdict::GoesOn;
            const QJsonObject said = part.toObject();
            if (said.contains("accept"_L1))
                verdict = Verdict::Accepts;
            else if (said.contains("drop"_L1) || said.contains("reject"_L1))
                verdict = Verdict::Refuses;
            else if (said.contains("return"_L1))
                returns = fitsForSure;
            else if (const QJsonValue to = said.contains("jump"_L1) ? said["jump"_L1] : said["goto"_L1];
                     to.isObject())
                verdict = ofChain(table + to["target"_L1].toString(), depth + 1);
            if (said.contains("goto"_L1) && fitsForSure)
                returns = true;
            if (verdict == Verdict::GoesOn)
                continue;
            if (fitsForSure)
                return verdict;
            // It lets somebody in, who may be anybody: that a rule behind it refuses is not for sure then.
            unsure = true;
            return Verdict::GoesOn;
        }
        return Verdict::GoesOn;
    }

    quint16 m_port;
    QList<QJsonObject> m_chains;
    QMap<QString, QList<QJsonArray>> m_rules;
};

} // namespace

std::optional<bool> nftLetsIn(const QByteArray &ruleset, quint16 port)
{
    const QJsonValue all = QJsonDocument::fromJson(ruleset).object().value("nftables"_L1);
    if (!all.isArray())
        return {};
    return Rules(all.toArray(), port).verdict();
}

} // namespace rr
