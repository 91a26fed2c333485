// SPDX-License-Identifier: MIT
#pragma once

#include <QByteArray>
#include <QString>

namespace rr {

/// The JSON of an `error` server event, in the shape of OpenAI's RealtimeServerEventError, with an event_id
/// of its own. `message` is the sentence for the client.
QByteArray errorEvent(QByteArrayView type, QByteArrayView code, const QString &message);

} // namespace rr
