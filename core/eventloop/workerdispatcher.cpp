// SPDX-License-Identifier: MIT
#include "core/eventloop/workerdispatcher.h"

#include <QAbstractEventDispatcher>

#ifdef Q_OS_LINUX
#include "core/eventloop/epolldispatcher.h"
#endif

namespace rr {

std::unique_ptr<QAbstractEventDispatcher> makeWorkerDispatcher()
{
#ifdef Q_OS_LINUX
    return std::make_unique<EpollDispatcher>();
#else
    return nullptr;
#endif
}

} // namespace rr
