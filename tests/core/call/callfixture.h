// SPDX-License-Identifier: MIT
#pragma once

#include "core/call/call.h"
#include "core/monitor/journal.h"
#include "core/wire/framewriter.h"
#include "tests/core/call/frames.h"
#include "tests/core/wire/memorystream.h"
#include "tests/core/wire/scriptedserver.h"

#include <QTest>

#include <memory>

namespace rr {

/// An upstream's answer that does not come.
inline QByteArray silence(const QByteArray &)
{
    return {};
}

/// A Call alone, in the test's thread: its client a MemoryStream, its upstream a ScriptedServer, its clock the test's.
struct CallFixture
{
    explicit CallFixture(ScriptedServer::Answer answer = switchingProtocols)
        : upstream(std::move(answer))
    {
        services.budget.setLimits(256 * 1024, 64 * 1024 * 1024);
        plan.target.host = QStringLiteral("127.0.0.1");
        plan.target.port = upstream.serverPort();
        plan.target.secure = false;
        plan.target.request.host = "127.0.0.1:" + QByteArray::number(upstream.serverPort());
        plan.target.request.target = "/v1/realtime";
        plan.target.timeout = std::chrono::hours(1); // the upstream is the test's, too
        plan.keys = {Secret("sk-any")};
        plan.client = QHostAddress::LocalHost;
    }

    /// Makes the call, with the settings as they are.
    void make()
    {
        context.settings = std::make_shared<const Settings>(settings);
        services.admission.setRules(settings);
        record = services.registry.open({{}, {}, {}, kind, Door::Public, access, accessName});
        call = std::make_unique<Call>(
            context, record, std::get<Ticket>(services.admission.admit({plan.client, {}})), plan, nullptr);
    }
    void start(bool browser = true)
    {
        make();
        auto stream = std::make_unique<MemoryStream>();
        client = stream.get();
        call->start({std::move(stream), switching, browser});
    }
    bool open()
    {
        start();
        return QTest::qWaitFor([this] { return call->phase() == Call::Phase::Open; }, 30'000);
    }
    /// As a reload of the relay does.
    void reload(const Settings &changed) { context.settings = std::make_shared<const Settings>(changed); }

    void clientSays(Opcode opcode, const QByteArray &payload)
    {
        client->incoming += makeFrame(FrameScanner::Sender::Client, opcode, payload);
        client->tellReadable();
    }
    void upstreamSays(const QByteArray &bytes) { upstream.sockets.last()->write(bytes); }

    /// What the client was told behind its 101.
    QList<QByteArray> clientHeard() const
    {
        const QByteArray &all = client->written;
        return framesOf(
            all.startsWith(switching) ? all.mid(switching.size()) : all, FrameScanner::Sender::Server);
    }
    QList<QByteArray> upstreamHeard() const
    {
        return framesOf(upstream.received, FrameScanner::Sender::Client);
    }

    const QByteArray switching = "HTTP/1.1 101 Switching Protocols\r\n\r\n";
    CallKind kind = CallKind::Realtime;
    qint64 access = 0;
    QString accessName;
    Settings settings;
    Call::Plan plan;
    Journal journal;
    RelayServices services{journal, {}, {}, {}, {}, {}};
    CallContext context{services, {}, {}};
    ScriptedServer upstream;
    std::shared_ptr<CallRecord> record;
    MemoryStream *client = nullptr; ///< belongs to the call
    std::unique_ptr<Call> call;
};

} // namespace rr
