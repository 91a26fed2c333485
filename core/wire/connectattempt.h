// SPDX-License-Identifier: MIT
#pragma once

#include "core/realtime/upstreamfailure.h"
#include "core/wire/bytestream.h"

#include <QObject>

#include <memory>

namespace rr {

/// One attempt to open one connection, begun when it is made. reached() and connected() follow, or failed(), all in later
/// turns of the event loop; there is no deadline here. One thread; owned by whoever connects; destroying it gives the
/// attempt up.
class ConnectAttempt : public QObject
{
    Q_OBJECT
public:
    using QObject::QObject;

    /// The connection, with the relay's options; once, after connected().
    virtual std::unique_ptr<ByteStream> takeStream() = 0;
    /// Whether it has no descriptor, which failed() is about to tell.
    virtual bool lacksDescriptor() const = 0;

Q_SIGNALS:
    void reached(); ///< there is a TCP connection, behind the proxy if there is one
    void connected(); ///< it is ready to be used
    void failed(const rr::UpstreamFailure &failure);
};

} // namespace rr
