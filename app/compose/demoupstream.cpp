// SPDX-License-Identifier: MIT
#include "app/compose/demoupstream.h"

#include "core/eventloop/workerdispatcher.h"
#include "core/simulator/simulatorserver.h"

#include <QAbstractEventDispatcher>

namespace rr {

DemoUpstream::~DemoUpstream()
{
    m_thread.quit();
    m_thread.wait();
}

std::optional<QString> DemoUpstream::start()
{
    SimulatorSettings settings;
    settings.models = Models(QStringLiteral("any")); // a demo is no place to fail for a new model's name
    auto server = std::make_unique<SimulatorServer>(settings);
    if (auto problem = server->start())
        return problem;
    m_url = server->url();
    qputenv("no_proxy", m_url.host().toLatin1()); // no proxy finds it; the lower case counts first
    server->moveToThread(&m_thread);
    QObject::connect(&m_thread, &QThread::finished, server.release(), &QObject::deleteLater);
    m_thread.setObjectName(QStringLiteral("simulator"));
    if (auto dispatcher = makeWorkerDispatcher())
        m_thread.setEventDispatcher(dispatcher.release());
    m_thread.start();
    return std::nullopt;
}

} // namespace rr
