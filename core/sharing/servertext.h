// SPDX-License-Identifier: MIT
#pragma once

#include <QMap>
#include <QString>

namespace rr {

/// What the owner of a server pastes there, once, for the ways over it (ssh-server, ssh-server-n).
struct ServerText
{
    QString account; ///< commands, as root: the account, and the folder of the socket
    QString authorizedKeys; ///< the line before a public key, in ~/.ssh/authorized_keys of that account
    QString sshd; ///< /etc/ssh/sshd_config.d/realtime-relay.conf
    QString nginx; ///< /etc/nginx/sites-available/NAME, or …
    QString caddy; ///< … /etc/caddy/Caddyfile
    bool isExample = false; ///< a field is empty or wrong: to be looked at, and not to be pasted
};

/// With the fields of the way filled in (destination, remote, address); what is empty or wrong is taken from an example.
ServerText serverText(const QMap<QString, QString> &fields);

} // namespace rr
