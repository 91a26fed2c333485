// SPDX-License-Identifier: MIT
#include "core/sharing/namecheck.h"

#include "core/sharing/addresskind.h"

#include <algorithm>
#include <utility>

namespace rr {

namespace {

using Result = CheckStep::Result;

QString written(const QList<QHostAddress> &addresses)
{
    QStringList all;
    for (const QHostAddress &address : addresses.first(std::min<qsizetype>(addresses.size(), 4)))
        all.append(address.toString());
    return all.join(QLatin1String(", "));
}

/// What there is to know of where a name leads; nothing: it leads to the internet.
std::optional<CheckVerdict> noteOn(const QString &host, const QHostAddress &address)
{
    const QString text = address.toString();
    switch (addressKindOf(address)) {
    case AddressKind::MadeUp:
        return CheckVerdict{Result::Warning, QLatin1String("made_up_address"),
            {QT_TRANSLATE_NOOP("Core",
                 "A program on this machine answers for %1 with an address that it has made up (%2)."),
                {host, text}},
            QT_TRANSLATE_NOOP("Core",
                "Clash and its like do so. This check goes their way then, and callers do not: have a colleague try the "
                "link.")};
    case AddressKind::Tailnet:
        return CheckVerdict{Result::Warning, QLatin1String("tailnet_address"),
            {QT_TRANSLATE_NOOP(
                 "Core", "%1 is an address inside a tailnet or a provider's network here (%2)."),
                {host, text}},
            QT_TRANSLATE_NOOP("Core",
                "This machine may reach it by a shorter way than callers do: have a colleague try the link.")};
    case AddressKind::Private:
        return CheckVerdict{Result::Warning, QLatin1String("private_address"),
            {QT_TRANSLATE_NOOP("Core", "%1 leads to an address of a private network (%2)."), {host, text}},
            QT_TRANSLATE_NOOP("Core",
                "Only who is in that network reaches it. For callers elsewhere take a public name, or another way.")};
    case AddressKind::Loopback:
        return CheckVerdict{Result::Warning, QLatin1String("loopback_address"),
            {QT_TRANSLATE_NOOP("Core", "%1 leads to this very machine (%2)."), {host, text}},
            QT_TRANSLATE_NOOP(
                "Core", "Nobody else reaches it. For callers elsewhere take a public name, or another way.")};
    case AddressKind::Public:
        break;
    }
    return std::nullopt;
}

} // namespace

NameFinding judgeName(
    const QString &host, const std::optional<QList<QHostAddress>> &others, const QList<QHostAddress> &here)
{
    const Sentence leads{QT_TRANSLATE_NOOP("Core", "%1 leads to %2."),
        {host, written(others && !others->isEmpty() ? *others : here)}};
    if (others && !others->isEmpty()) {
        if (const auto note = noteOn(host, others->first()))
            return {*note, *others};
        if (here.isEmpty())
            return {
                {Result::Warning, QLatin1String("unknown_here"),
                    {QT_TRANSLATE_NOOP(
                         "Core", "This system still says that %1 does not exist; others see it (%2)."),
                        {host, written(*others)}},
                    QT_TRANSLATE_NOOP("Core",
                        "Callers are not hindered. On this machine it may take half an hour, or until its memory of "
                        "names is emptied (Windows: ipconfig /flushdns).")},
                *others};
        if (const auto note = noteOn(host, here.first()))
            return {*note, *others};
        return {{Result::Good, {}, leads, {}}, *others};
    }
    if (here.isEmpty()) {
        if (others)
            return {
                {Result::Bad, QLatin1String("no_such_name"),
                    {QT_TRANSLATE_NOOP("Core", "The name %1 does not exist yet."), {host}},
                    QT_TRANSLATE_NOOP("Core",
                        "A new name may take minutes: test again. If it is a name of your own, see how it is written "
                        "and whether its record of type A or AAAA is there.")},
                {}};
        return {
            {Result::Bad, QLatin1String("no_resolver"),
                {QT_TRANSLATE_NOOP(
                     "Core", "Nobody answers what address %1 has: no public resolver, nor this system."),
                    {host}},
                QT_TRANSLATE_NOOP("Core",
                    "See whether this machine is connected to the internet, and which resolver (DNS) it is told to "
                    "ask.")},
            {}};
    }
    if (others)
        return {{Result::Warning, QLatin1String("known_only_here"),
                    {QT_TRANSLATE_NOOP(
                         "Core", "Only this network knows the name %1 (%2); a public resolver does not."),
                        {host, written(here)}},
                    QT_TRANSLATE_NOOP("Core",
                        "Callers elsewhere cannot find it yet. If it is new, test again in some minutes.")},
            here};
    if (const auto note = noteOn(host, here.first()))
        return {*note, here};
    return {{Result::Good, {}, leads, {}}, here};
}

NameCheck::NameCheck(NameSources sources, QObject *parent)
    : QObject(parent)
    , m_sources(std::move(sources))
{
}

NameCheck::~NameCheck() = default;

void NameCheck::run(const QString &host, std::chrono::milliseconds patience)
{
    m_host = host;
    if (const QHostAddress address(host); !address.isNull()) {
        QMetaObject::invokeMethod(
            this,
            [this, address] {
                NameFinding finding = judgeName(m_host, std::nullopt, {address});
                Q_EMIT finished(finding);
            },
            Qt::QueuedConnection);
        return;
    }
    // Nobody outside knows this one (RFC 6761 6.3).
    if (host == QLatin1String("localhost") || host.endsWith(QLatin1String(".localhost"))) {
        askSystem();
        return;
    }
    m_names = std::make_unique<PublicNames>(m_sources.servers);
    connect(m_names.get(), &PublicNames::answered, this, [this](PublicNames::Outcome outcome) {
        if (outcome != PublicNames::Outcome::NobodyAnswers)
            m_others = m_names->addresses();
        askSystem();
    });
    m_names->ask(host, patience);
}

void NameCheck::askSystem()
{
    const auto answered = [this](const QHostInfo &info) {
        QList<QHostAddress> here = info.addresses();
        std::stable_partition(here.begin(), here.end(),
            [](const QHostAddress &address) { return address.protocol() == QHostAddress::IPv4Protocol; });
        Q_EMIT finished(judgeName(m_host, m_others, here));
    };
    if (m_sources.system)
        m_sources.system(m_host, this, answered);
    else
        QHostInfo::lookupHost(m_host, this, answered);
}

} // namespace rr
