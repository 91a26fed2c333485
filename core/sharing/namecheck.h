// SPDX-License-Identifier: MIT
#pragma once

#include "core/sharing/checkverdict.h"
#include "core/sharing/publicnames.h"

#include <QHostAddress>
#include <QList>
#include <QObject>
#include <QString>

#include <chrono>
#include <memory>
#include <optional>

namespace rr {

/// What a public resolver (null: nobody answered) and this system say of a name, and what that means. `addresses` are where
/// to connect then.
struct NameFinding
{
    CheckVerdict verdict;
    QList<QHostAddress> addresses;
};
NameFinding judgeName(
    const QString &host, const std::optional<QList<QHostAddress>> &others, const QList<QHostAddress> &here);

/// Finds out where a name leads: first what a public resolver says, for whom it may be waited, and only then what this
/// system does. An address is its own answer. One thread; nothing blocks.
class NameCheck final : public QObject
{
    Q_OBJECT
public:
    explicit NameCheck(NameSources sources, QObject *parent = nullptr);
    ~NameCheck() override;

    /// Exactly one finished() follows, in a later turn. `patience`: as in PublicNames::ask().
    void run(const QString &host, std::chrono::milliseconds patience);

Q_SIGNALS:
    void finished(const rr::NameFinding &finding);

private:
    void askSystem();

    const NameSources m_sources;
    QString m_host;
    std::unique_ptr<PublicNames> m_names;
    std::optional<QList<QHostAddress>> m_others;
};

} // namespace rr
