// SPDX-License-Identifier: MIT
#pragma once

#include "core/admission/mintedtoken.h"
#include "core/monitor/journal.h"
#include "core/realtime/prices.h"
#include "core/relay/worker.h"
#include "tests/core/admission/fakeledger.h"
#include "tests/core/simulator/rawclient.h"
#include "tests/core/wire/scriptedserver.h"

#include <QTcpServer>

#include <algorithm>
#include <chrono>
#include <memory>
#include <variant>

namespace rr {

inline constexpr qint64 token = 7;
inline const QByteArray heldKey = "sk-Held-Key-Of-The-Relay-1";
inline const QByteArray mintedKey = makeMintedToken().reveal();
inline const QByteArray upstreamsKey = "ek_Made-At-The-Upstream-1"; // that is sealed under it

/// A worker with a held key, the port whose connections it gets, and the upstream it dials.
class AccessFixture : public QTcpServer
{
public:
    explicit AccessFixture(ScriptedServer::Answer answer = switchingProtocols)
        : upstream(std::move(answer))
    {
        if (!listen(QHostAddress::LocalHost))
            qFatal("listen");
        settings.upstreamUrl = QUrl(QStringLiteral("ws://127.0.0.1:%1/v1/realtime").arg(upstream.serverPort()));
        settings.handshakeTimeout = std::chrono::hours(1);
        settings.allowedOrigins = {QStringLiteral("*")};
        services.snapshot = [] { return Snapshot(); };
        services.accounts.setLedger(&ledger);
        terms.id = token;
        terms.name = QStringLiteral("demo");
        terms.hash = hashOfToken(key);
        ledger.minted
            = {{hashOfToken(Secret(mintedKey)), {token, sealed(Secret(upstreamsKey), Secret(mintedKey))},
                QDateTime::currentDateTimeUtc().addSecs(600)}};
    }

    void start(const QByteArray &held = heldKey)
    {
        services.admission.setRules(settings);
        services.halfOpen.setLimits(settings);
        services.budget.setLimits(settings.sessionBufferBytes, settings.bufferBudgetBytes);
        setBook();
        auto rules = std::make_shared<RelayRules>();
        rules->settings = std::make_shared<const Settings>(settings);
        rules->upstreamProxy = QNetworkProxy(QNetworkProxy::NoProxy);
        rules->heldKey = Secret(held);
        rules->prices = std::get<std::shared_ptr<const Prices>>(
            Prices::read(R"({"models":[{"ids":["voice","gpt-realtime-mini"],"text":{"in":4,"out":16}}]})"));
        worker = std::make_unique<Worker>(services, rules);
    }
    void setBook() { services.accounts.setBook(std::make_shared<const AccessBook>(QList<AccessTerms>{terms})); }

    static QByteArray with(const QByteArray &bearer) { return "Authorization: Bearer " + bearer + "\r\n"; }
    std::unique_ptr<RawClient> ask(const QByteArray &target, const QByteArray &headers)
    {
        auto client = std::make_unique<RawClient>(serverPort());
        client->ask(target, headers);
        return client;
    }
    std::unique_ptr<RawClient> ask(const QByteArray &target = "/v1/realtime?model=voice")
    {
        return ask(target, with(key.reveal()));
    }
    Snapshot seen() const
    {
        Snapshot snapshot;
        services.registry.fill(snapshot, true);
        return snapshot;
    }
    QByteArray journalText() const
    {
        QByteArray lines;
        const auto entries = journal.entriesAfter(0);
        for (const JournalEntry &entry : entries)
            lines += journalLine(entry, LogFormat::Json) + '\n';
        return lines;
    }
    bool hasTrouble(TroubleCode code) const
    {
        const auto troubles = services.troubles.current(Moment::now() + std::chrono::seconds(60));
        return std::any_of(troubles.begin(), troubles.end(),
            [code](const Trouble &trouble) { return trouble.code == code; });
    }

    FakeLedger ledger;
    AccessTerms terms;
    const Secret key = makeAccessToken();
    Settings settings;
    Journal journal;
    RelayServices services{journal, {}, {}, {}, {}, {}};
    ScriptedServer upstream;
    std::unique_ptr<Worker> worker;

protected:
    void incomingConnection(qintptr descriptor) override { worker->take(descriptor); }
};

} // namespace rr
