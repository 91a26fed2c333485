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
    m_server = new SimulatorServer(SimulatorSettings());
    m_server->moveToThread(&m_thread);
    QObject::connect(&m_thread, &QThread::finished, m_server, &QObject::deleteLater);
    m_thread.setObjectName(QStringLiteral("simulator"));
    if (auto dispatcher = makeWorkerDispatcher())
        m_thread.setEventDispatcher(dispatcher.release());
    m_thread.start();

    std::optional<QString> problem;
    QMetaObject::invokeMethod(
        m_server,
        [this, &problem] {
            problem = m_server->start();
            m_url = m_server->url();
        },
        Qt::BlockingQueuedConnection);
    return problem;
}

} // namespace rr
