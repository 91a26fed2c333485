// SPDX-License-Identifier: MIT
#pragma once

#include "core/monitor/journal.h"
#include "core/relay/relay.h"
#include "core/sharing/publicproof.h"

#include <QTest>

#include <optional>

namespace rr {

/// A relay that is shared, and the proof of it.
class SharedRelay
{
public:
    SharedRelay()
        : relay(journal)
    {
        Settings settings;
        settings.host = QStringLiteral("127.0.0.1");
        settings.port = 0;
        settings.workers = 1;
        settings.upstreamUrl = QUrl(QStringLiteral("ws://127.0.0.1:1/v1/realtime")); // no call is made
        if (const auto error = relay.start(settings))
            qFatal("%s", qPrintable(plain(error->detail)));
        ShareTerms terms;
        terms.secret = "0123456789abcdefghijkl";
        terms.origins = {QStringLiteral("https://demo.example")};
        const auto opened = relay.openShare(terms);
        if (!std::holds_alternative<quint16>(opened))
            qFatal("%s", qPrintable(plain(std::get<RelayError>(opened).detail)));
        port = std::get<quint16>(opened);
    }

    /// Not patient with what is wrong.
    ProofPlan plan(const QString &address)
    {
        ProofPlan plan;
        plan.address = QUrl(address);
        plan.sharePort = port;
        plan.origin = "https://demo.example";
        plan.proofs = &relay.shareProofs();
        plan.names.servers.clear(); // none of the internet's
        plan.patience.way = std::chrono::milliseconds(0);
        plan.patience.step = std::chrono::seconds(30);
        plan.patience.again = std::chrono::milliseconds(20);
        return plan;
    }

    static ProofResult prove(const ProofPlan &plan)
    {
        PublicProof proof;
        std::optional<ProofResult> result;
        QObject::connect(&proof, &PublicProof::finished, &proof, [&](const ProofResult &r) { result = r; });
        proof.run(plan);
        if (!QTest::qWaitFor([&] { return result.has_value(); }, 60'000))
            qWarning("the proof has not finished");
        return result.value_or(ProofResult());
    }

    /// "websocket: no_websocket" for each step that is not good and was looked at, and what is said of it where that is asked
    /// for.
    static QStringList complaints(const ProofResult &result)
    {
        QStringList all;
        for (const CheckStep &step : result.steps) {
            if (step.result == CheckStep::Result::Bad || step.result == CheckStep::Result::Warning)
                all.append(step.id + QLatin1String(": ") + step.code);
        }
        return all;
    }
    static QString textOf(const ProofResult &result, QLatin1String id)
    {
        for (const CheckStep &step : result.steps) {
            if (step.id == id)
                return plain(step.text);
        }
        return {};
    }

    Journal journal;
    Relay relay;
    quint16 port = 0; ///< of the share
};

} // namespace rr
