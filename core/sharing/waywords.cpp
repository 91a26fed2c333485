// SPDX-License-Identifier: MIT
#include "core/sharing/waywords.h"

#include <QLatin1String>

namespace rr {

namespace {

struct Words
{
    const char *name;
    const char *text;
};

template <std::size_t count>
const char *wordsOf(const Words (&table)[count], QStringView name)
{
    for (const Words &row : table) {
        if (name == QLatin1String(row.name))
            return row.text;
    }
    return nullptr;
}

constexpr const char *titles[] = {
    QT_TRANSLATE_NOOP("Core", "Own server, by SSH"),
    QT_TRANSLATE_NOOP("Core", "Own server, by SSH, an account without a shell"),
    QT_TRANSLATE_NOOP("Core", "Cloudflare, without an account"),
    QT_TRANSLATE_NOOP("Core", "Cloudflare, a tunnel with a name"),
    QT_TRANSLATE_NOOP("Core", "Cloudflare, a tunnel by its token"),
    QT_TRANSLATE_NOOP("Core", "sish, one's own or tuns.sh"),
    QT_TRANSLATE_NOOP("Core", "frp, own server"),
    QT_TRANSLATE_NOOP("Core", "Another command"),
};

constexpr Words asks[] = {
    {"destination", QT_TRANSLATE_NOOP("Core", "Server")},
    {"remote", QT_TRANSLATE_NOOP("Core", "Where on the server")},
    {"address", QT_TRANSLATE_NOOP("Core", "Public address")},
    {"name", QT_TRANSLATE_NOOP("Core", "Name")},
    {"sshport", QT_TRANSLATE_NOOP("Core", "SSH port")},
    {"https", QT_TRANSLATE_NOOP("Core", "Public port: 443, 8443 or 10000")},
    {"tokenfile", QT_TRANSLATE_NOOP("Core", "File with the tunnel's token")},
    {"configfile", QT_TRANSLATE_NOOP("Core", "Configuration file")},
    {"token", QT_TRANSLATE_NOOP("Core", "Authtoken, unless the program has it already")},
    {"command", QT_TRANSLATE_NOOP("Core", "Command")},
    {"shows", QT_TRANSLATE_NOOP("Core", "What it prints before the address")},
};

constexpr Words accounts[] = {
    {"none", QT_TRANSLATE_NOOP("Core", "No account; free.")},
    {"free", QT_TRANSLATE_NOOP("Core", "A free account that this machine is signed in to.")},
    {"server", QT_TRANSLATE_NOOP("Core", "A server of your own with a name, for about 5 dollars a month.")},
    {"domain", QT_TRANSLATE_NOOP("Core", "A Cloudflare account, and a domain in it; the tunnel is free.")},
    {"key", QT_TRANSLATE_NOOP("Core", "No account, but an SSH key; free.")},
    {"server_or_service",
        QT_TRANSLATE_NOOP(
            "Core", "A server of your own with sish, or an account of a service that runs it.")},
    {"token", QT_TRANSLATE_NOOP("Core", "An account and its authtoken; free within limits.")},
    {"microsoft", QT_TRANSLATE_NOOP("Core", "A Microsoft or GitHub account; free within limits.")},
    {"unknown", QT_TRANSLATE_NOOP("Core", "Depends on the command.")},
};

constexpr Words facts[] = {
    {"fixed_address", QT_TRANSLATE_NOOP("Core", "The address stays the same.")},
    {"asked_address",
        QT_TRANSLATE_NOOP("Core", "The address stays the same while nobody else takes the name.")},
    {"new_address", QT_TRANSLATE_NOOP("Core", "The address is another one each time.")},
    {"changing_address",
        QT_TRANSLATE_NOOP(
            "Core", "The address also changes while you share; the link follows, and has to be sent again.")},
    {"listed",
        QT_TRANSLATE_NOOP("Core",
            "Certificates are published: the name is in public lists, and strangers try it within minutes. They get "
            "nowhere without the link.")},
    {"unlisted", QT_TRANSLATE_NOOP("Core", "The name is in no public list of certificates.")},
    {"no_promise",
        QT_TRANSLATE_NOOP("Core", "It is meant for trying things out: nobody promises that it stays up.")},
    {"two_hundred", QT_TRANSLATE_NOOP("Core", "It carries 200 calls and requests at a time.")},
    {"made_by_command",
        QT_TRANSLATE_NOOP("Core",
            "The tunnel must have been made by “cloudflared tunnel create”: one that is managed on Cloudflare's pages "
            "leads to the port that is written there, and this one is another each time.")},
    {"slow_at_first", QT_TRANSLATE_NOOP("Core", "The first time its certificate takes up to a minute.")},
    {"capped", QT_TRANSLATE_NOOP("Core", "Its bandwidth is limited; how much is not published.")},
    {"slower_before_10_1",
        QT_TRANSLATE_NOOP("Core",
            "With OpenSSH before 10.1 on the server, speech arrives up to 40 ms later than by an account with a "
            "shell.")},
    {"ends_early", QT_TRANSLATE_NOOP("Core", "It is said to end after some minutes at times.")},
    {"sixty_minutes",
        QT_TRANSLATE_NOOP("Core", "It ends after 60 minutes; then it begins again with another address.")},
    {"one_per_address", QT_TRANSLATE_NOOP("Core", "One at a time from one network.")},
    {"often_down", QT_TRANSLATE_NOOP("Core", "The service has been down for days at times.")},
    {"no_browsers",
        QT_TRANSLATE_NOOP("Core",
            "On the free plan browsers get a page in between, and web pages cannot call at all; programs can.")},
    {"one_gigabyte", QT_TRANSLATE_NOOP("Core", "On the free plan 1 GB and 20,000 requests a month.")},
    {"frp_port",
        QT_TRANSLATE_NOOP("Core",
            "The port is another one each time: write localPort = {{ .Envs.RELAY_PORT }} into the configuration.")},
    {"page_between", QT_TRANSLATE_NOOP("Core", "Browsers may get a page in between; the check tells.")},
    {"page_between_pages",
        QT_TRANSLATE_NOOP(
            "Core", "Whoever opens the link in a browser gets a page in between first; calls do not.")},
};

constexpr Words failures[] = {
    {"auth",
        QT_TRANSLATE_NOOP("Core",
            "%1 did not accept your SSH key. Add its public half to ~/.ssh/authorized_keys of that account. If the "
            "key has a passphrase, run ssh-add first: nobody is asked for it here.")},
    {"host_key",
        QT_TRANSLATE_NOOP("Core",
            "%1 is not the server that this machine knows by that name: its host key has changed. If you have set it "
            "up anew, run ssh-keygen -R with its name and try again; if not, somebody may be in between.")},
    {"host_unknown",
        QT_TRANSLATE_NOOP("Core",
            "The host key of %1 could not be verified. Connect once by hand, compare the key, and try again.")},
    {"place_taken",
        QT_TRANSLATE_NOOP("Core",
            "%1 does not give away %2: an earlier tunnel may still hold it, or its account may not listen there. With "
            "ClientAliveInterval 10 and ClientAliveCountMax 2 in sshd_config a dead one lets go within a minute; "
            "permitlisten in authorized_keys must name it in the same words.")},
    {"socket_taken",
        QT_TRANSLATE_NOOP("Core",
            "%1 does not give away %2: an earlier tunnel has left it behind, or the account may not write there. Set "
            "StreamLocalBindUnlink yes in sshd_config, and see that the folder is there and belongs to the account; "
            "AllowTcpForwarding no refuses sockets, too.")},
    {"port_taken",
        QT_TRANSLATE_NOOP("Core",
            "%3 has another service at this port already. Take another port, for example 8443, or end that one.")},
    {"elsewhere",
        QT_TRANSLATE_NOOP(
            "Core", "%3 has this name in use already: end the other tunnel, on this machine or another.")},
    {"name",
        QT_TRANSLATE_NOOP(
            "Core", "There is no server called %1. Check its name, and this machine's network.")},
    {"unreachable",
        QT_TRANSLATE_NOOP("Core",
            "%1 does not answer. See that it is on and that its firewall lets the port in; some networks let nothing "
            "out but the web.")},
    {"service_unreachable",
        QT_TRANSLATE_NOOP(
            "Core", "%3 cannot be reached. Check this machine's network; some networks block it.")},
    {"service_down",
        QT_TRANSLATE_NOOP(
            "Core", "%3 gives out no tunnel at the moment. It is tried again; another way may help.")},
    {"service_refused",
        QT_TRANSLATE_NOOP("Core",
            "%3 lets nobody in without a key of theirs. Make one with ssh-keygen, or take another way.")},
    {"rate_limited",
        QT_TRANSLATE_NOOP("Core",
            "%3 gives this network no more tunnels for now, for there were too many. It is tried again after 10 minutes; "
            "another way works at once.")},
    {"udp_blocked", QT_TRANSLATE_NOOP("Core", "This network lets no QUIC through; it is tried over HTTP/2.")},
    {"expired",
        QT_TRANSLATE_NOOP("Core", "%3 has given up this tunnel. A new one is begun, with another address.")},
    {"broke", QT_TRANSLATE_NOOP("Core", "The connection to %1 broke off.")},
    {"no_shell",
        QT_TRANSLATE_NOOP("Core",
            "The account on %1 has no shell. Take the way for an account without a shell, or give it one with a forced "
            "command.")},
    {"consent",
        QT_TRANSLATE_NOOP(
            "Core", "%3 wants your consent first. Open the page; this goes on by itself then.")},
    {"login", QT_TRANSLATE_NOOP("Core", "%3 does not know you on this machine. Run once: %4")},
    {"token",
        QT_TRANSLATE_NOOP("Core", "%3 does not accept the token. Copy it anew from your account there.")},
    {"not_running",
        QT_TRANSLATE_NOOP("Core", "%3 is not running or not signed in on this machine. Run once: %4")},
    {"not_allowed",
        QT_TRANSLATE_NOOP("Core", "%3 does not allow it to your account. An administrator of it can.")},
};

} // namespace

Sentence wayTitle(const QString &title)
{
    for (const char *const text : titles) {
        if (title == QString::fromUtf8(text))
            return text;
    }
    return asTheySaid(title);
}

std::optional<Sentence> askTitle(QStringView name)
{
    const char *const text = wordsOf(asks, name);
    return text ? std::optional<Sentence>(text) : std::nullopt;
}

std::optional<Sentence> wayAccount(QStringView name)
{
    const char *const text = wordsOf(accounts, name);
    return text ? std::optional<Sentence>(text) : std::nullopt;
}

std::optional<Sentence> wayFact(QStringView name)
{
    const char *const text = wordsOf(facts, name);
    return text ? std::optional<Sentence>(text) : std::nullopt;
}

std::optional<Sentence> wayFailure(QStringView code, const FailureDetails &details)
{
    const char *const text = wordsOf(failures, code);
    if (!text)
        return std::nullopt;
    return Sentence{text, {details.destination, details.remote, details.title, details.run}};
}

} // namespace rr
