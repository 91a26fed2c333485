// SPDX-License-Identifier: MIT
#pragma once

#include <memory>

class QAbstractEventDispatcher;

namespace rr {

/// The event dispatcher that a thread full of sockets should run: epoll on Linux, where Qt's own asks poll()
/// about every descriptor on every turn. Null where Qt's own is to be used, which then needs nothing done.
/// Give it to QThread::setEventDispatcher() before the thread starts, or to
/// QCoreApplication::setEventDispatcher() before there is a QCoreApplication; both take ownership.
std::unique_ptr<QAbstractEventDispatcher> makeWorkerDispatcher();

} // namespace rr
