// SPDX-License-Identifier: MIT
#include "core/sharing/servertext.h"

#include "core/sharing/way.h"

using namespace Qt::StringLiterals;

namespace rr {

namespace {

/// The value of a field, where it is one and has no character that means something to a shell; or the example, which is
/// noted in `isExample`.
QString valueOf(const QMap<QString, QString> &fields, const QString &name, Ask::Kind kind,
    const QString &example, bool &isExample)
{
    static const QRegularExpression harmless(u"^[A-Za-z0-9@/:._-]+$"_s);
    Ask ask;
    ask.kind = kind;
    const QString value = fields.value(name).trimmed();
    if (!problemOf(ask, value) && harmless.match(value).hasMatch())
        return value;
    isExample = true;
    return example;
}

} // namespace

ServerText serverText(const QMap<QString, QString> &fields)
{
    ServerText text;
    const QString destination = valueOf(
        fields, u"destination"_s, Ask::Kind::Destination, u"relay@relay.example.org"_s, text.isExample);
    const QString remote
        = valueOf(fields, u"remote"_s, Ask::Kind::Place, u"/run/relay/relay.sock"_s, text.isExample);
    const QString host = publicAddress(
        valueOf(fields, u"address"_s, Ask::Kind::Address, u"relay.example.org"_s, text.isExample))
                             .host();
    const QString user
        = destination.contains(u'@') ? destination.section(u'/', -1).section(u'@', 0, 0) : u"relay"_s;
    const bool isSocket = remote.startsWith(u'/');
    const QString folder = remote.section(u'/', 0, -2);
    const auto fill = [&](QString lines) {
        return lines.replace("{user}"_L1, user)
            .replace("{remote}"_L1, remote)
            .replace("{folder}"_L1, folder)
            .replace("{host}"_L1, host)
            .replace("{upstream}"_L1, isSocket ? u"http://unix:"_s + remote : u"http://"_s + remote)
            .replace("{dial}"_L1, isSocket ? u"unix/"_s + remote : remote);
    };

    text.account = fill(uR"(useradd --create-home --shell /bin/sh {user}
)"_s);
    if (isSocket) {
        text.account += fill(uR"(echo 'd {folder} 0755 {user} {user}' >/etc/tmpfiles.d/realtime-relay.conf
systemd-tmpfiles --create /etc/tmpfiles.d/realtime-relay.conf
)"_s);
    }
    // A shell runs the command, and nothing else can be done with the key. permitlisten knows no paths.
    text.authorizedKeys = isSocket
        ? u"restrict,port-forwarding,command=\"echo relay-tunnel-up; exec cat\""_s
        : fill(
            u"restrict,port-forwarding,permitlisten=\"{remote}\",command=\"echo relay-tunnel-up; exec cat\""_s);
    text.sshd = fill(isSocket ? uR"(Match User {user}
    AllowStreamLocalForwarding remote
    # "no" would refuse sockets as well; so no port may be listened on.
    AllowTcpForwarding remote
    PermitListen none
    # A new connection takes the socket over, also from one that hangs; and the web server may open it.
    StreamLocalBindUnlink yes
    StreamLocalBindMask 0111
    ClientAliveInterval 10
    ClientAliveCountMax 2
)"_s
                              : uR"(Match User {user}
    AllowStreamLocalForwarding no
    AllowTcpForwarding remote
    PermitListen {remote}
    # A connection that hangs lets go of the port.
    ClientAliveInterval 10
    ClientAliveCountMax 2
)"_s);
    text.nginx = fill(uR"(server {
    listen 443 ssl;
    listen [::]:443 ssl;
    server_name {host};
    # certbot certonly --nginx -d {host}
    ssl_certificate /etc/letsencrypt/live/{host}/fullchain.pem;
    ssl_certificate_key /etc/letsencrypt/live/{host}/privkey.pem;
    # The path holds the secret of the link.
    access_log off;

    location / {
        proxy_pass {upstream};
        proxy_http_version 1.1;
        proxy_set_header Host $host;
        proxy_set_header Upgrade $http_upgrade;
        proxy_set_header Connection "upgrade";
        proxy_set_header X-Forwarded-For $remote_addr;
        # The relay's heartbeat keeps a live call from being quiet for so long.
        proxy_read_timeout 5m;
        proxy_send_timeout 5m;
    }
}
)"_s);
    text.caddy = fill(uR"({host} {
    reverse_proxy {dial}
}
)"_s);
    return text;
}

} // namespace rr
