// SPDX-License-Identifier: MIT
#pragma once

#include "core/monitor/journal.h"
#include "core/relay/relay.h"
#include "core/wire/framewriter.h"
#include "tests/core/simulator/rawclient.h"
#include "tests/core/wire/scriptedserver.h"

#include <memory>

namespace rr {

/// A relay on a free port, and an upstream whose every byte a test decides.
class RelayFixture
{
public:
    explicit RelayFixture(ScriptedServer::Answer answer = switchingProtocols, const Patience &patience = {})
        : upstream(std::move(answer))
        , relay(journal, patience)
    {
        settings.host = QStringLiteral("127.0.0.1");
        settings.port = 0;
        settings.workers = 2;
        settings.upstreamUrl
            = QUrl(QStringLiteral("ws://127.0.0.1:%1/v1/realtime").arg(upstream.serverPort()));
    }

    bool start()
    {
        const auto error = relay.start(settings);
        if (error)
            qWarning("%s", qPrintable(plain(error->detail)));
        return !error;
    }

    /// A client whose upstream is open too.
    std::unique_ptr<RawClient> call()
    {
        const auto before = upstream.heads.size();
        auto client = std::make_unique<RawClient>(relay.port());
        client->ask("/v1/realtime?model=gpt-realtime");
        if (!QTest::qWaitFor(
                [&] { return client->status() == 101 && upstream.heads.size() > before; }, 30'000))
            qWarning("no call");
        return client;
    }

    void upstreamSays(Opcode opcode, const QByteArray &payload, int which = -1)
    {
        upstreamSocket(which)->write(makeFrame(FrameScanner::Sender::Server, opcode, payload));
    }
    QSslSocket *upstreamSocket(int which = -1)
    {
        return upstream.sockets.at(which < 0 ? upstream.sockets.size() - 1 : which);
    }

    /// The frames that clients' sides of all calls sent upstream: "opcode payload", unmasked. With one call only.
    QList<QByteArray> upstreamHeard() const
    {
        FrameScanner scanner(FrameScanner::Sender::Client, 1 << 30);
        QList<QByteArray> frames;
        const char *at = upstream.received.constData();
        const char *const end = at + upstream.received.size();
        for (;;) {
            const auto step = scanner.next(at, end);
            if (step.kind == FrameScanner::Step::NeedMore || step.kind == FrameScanner::Step::Breach)
                return frames;
            QByteArray payload(step.payload.size(), 0);
            applyMask(payload.data(), step.payload, step.mask);
            frames.append(QByteArray::number(int(step.opcode)) + ' ' + payload);
        }
    }

    Settings settings;
    ScriptedServer upstream;
    Journal journal;
    Relay relay;
};

} // namespace rr
