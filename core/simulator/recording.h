// SPDX-License-Identifier: MIT
#pragma once

#include <QByteArray>
#include <QList>
#include <QString>

#include <optional>

namespace rr {

/// A recorded session to be played again: its events in order, read from JSON lines of the form
/// `{"from": "client"|"server", "event": {…}}`. Read only once loaded.
class Recording
{
public:
    struct Event
    {
        bool fromServer = false;
        QString type;
        QByteArray json; ///< byte for byte as in the file
    };

    /// Reads the file. On error returns nullopt and says in `error` what is wrong, and on which line.
    static std::optional<Recording> load(const QString &fileName, QString &error);

    const QList<Event> &events() const { return m_events; }

private:
    QList<Event> m_events;
};

} // namespace rr
