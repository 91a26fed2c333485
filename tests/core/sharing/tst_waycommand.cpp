// SPDX-License-Identifier: MIT
#include "core/sharing/waycommand.h"

#include "playground.h"
#include "tests/support/relaytest.h"

#include <QTest>

using namespace Qt::StringLiterals;
using rr::WayCommand;
using rr::test::Playground;

namespace {

WayCommand made(
    const QString &id, const QMap<QString, QString> &fields = {}, const QMap<QString, QString> &more = {})
{
    auto command = rr::commandOf(rr::wayCalled(id).value(), fields, 24211, more);
    if (const auto *problem = std::get_if<rr::WayProblem>(&command))
        qFatal("%s", qPrintable(plain(problem->text)));
    return std::get<WayCommand>(command);
}

} // namespace

class tst_WayCommand : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void ownServer()
    {
        const Playground ground("");
        const WayCommand command = made(u"ssh-server"_s,
            {{u"destination"_s, u" me@relay.example.org "_s}, {u"address"_s, u"relay.example.org"_s}});
        QVERIFY(command.program.endsWith("/ssh"_L1));
        const qsizetype at = command.args.indexOf(u"-R"_s);
        QCOMPARE(command.args.sliced(at + 1),
            (QStringList{u"127.0.0.1:9000:127.0.0.1:24211"_s, u"me@relay.example.org"_s,
                u"echo relay-tunnel-up; exec cat"_s}));
        QCOMPARE(command.address, QUrl(u"https://relay.example.org"_s));
        QCOMPARE(command.input, rr::Way::Stdin::Open);
    }

    void environment()
    {
        const Playground ground("");
        qputenv("TUNNEL_TOKEN", "of another tunnel");
        qputenv("OPENAI_API_KEY", "of the relay");
        const WayCommand command
            = made(u"cloudflared-quick"_s, {}, {{u"TUNNEL_TRANSPORT_PROTOCOL"_s, u"http2"_s}});
        qunsetenv("TUNNEL_TOKEN");
        qunsetenv("OPENAI_API_KEY");
        QVERIFY(!command.environment.contains(u"TUNNEL_TOKEN"_s));
        QVERIFY(!command.environment.contains(u"OPENAI_API_KEY"_s));
        QCOMPARE(command.environment.value(u"TUNNEL_TRANSPORT_PROTOCOL"_s), u"http2"_s);
        QVERIFY(command.environment.contains(u"PATH"_s));
    }
    void theRelaysSecretsAreNotInIt()
    {
        const Playground ground("");
        const QStringList secrets{u"OPENAI_API_KEY"_s, u"STATS_TOKEN"_s, u"UPSTREAM_PROXY"_s,
            u"RELAY_OPENAI_API_KEY"_s, u"RELAY_STATS_TOKEN"_s, u"RELAY_UPSTREAM_PROXY"_s};
        for (const QString &name : secrets)
            qputenv(name.toLatin1(), "http://me:secret@proxy.example");
        qputenv("HTTPS_PROXY", "http://proxy.example"); // it may need that, as any program
        const WayCommand command = made(u"cloudflared-quick"_s);
        for (const QString &name : secrets) {
            qunsetenv(name.toLatin1());
            QVERIFY2(!command.environment.contains(name), qPrintable(name));
        }
        qunsetenv("HTTPS_PROXY");
        QVERIFY(command.environment.contains(u"HTTPS_PROXY"_s));
    }
    void anEmptySecretIsNotSet()
    {
        rr::Way way = rr::wayCalled(u"ngrok"_s).value();
        way.program = u"sh"_s;
        const auto tokenOf = [&way](const QMap<QString, QString> &fields) {
            const auto command = rr::commandOf(way, fields, 24211);
            return std::get<WayCommand>(command).environment.value(u"NGROK_AUTHTOKEN"_s, u"none"_s);
        };
        QCOMPARE(tokenOf({}), u"none"_s);
        QCOMPARE(tokenOf({{u"token"_s, u"2abc"_s}}), u"2abc"_s);
    }

    void onePageOneFreePort()
    {
        const Playground ground("");
        const WayCommand command = made(u"cloudflared-quick"_s);
        const QString metrics = command.args[command.args.indexOf(u"--metrics"_s) + 1];
        QVERIFY(metrics.section(u':', 1).toInt() > 0);
        QCOMPARE(command.addressPage, QUrl(u"http://"_s + metrics + u"/quicktunnel"_s));
        QCOMPARE(command.readyPage, QUrl(u"http://"_s + metrics + u"/ready"_s));
    }

    // No shell looks at it, and what was filled in is not filled in again.
    void ownCommand()
    {
        const Playground ground("");
        const WayCommand command = made(u"command"_s,
            {{u"command"_s, u"mytunnel --to \"a b\" {port} ; $(id) {shows}"_s},
                {u"shows"_s, u"url (is) {port}:"_s}});
        QVERIFY(command.program.endsWith("/mytunnel"_L1));
        QCOMPARE(command.args,
            (QStringList{u"--to"_s, u"a b"_s, u"24211"_s, u";"_s, u"$(id)"_s, u"url (is) {port}:"_s}));
        QCOMPARE(command.addressPattern
                     .match(u"docs: https://x.y url (is) {port}: https://relay.example.net:8443/z"_s)
                     .captured(1),
            u"https://relay.example.net:8443"_s);
        QVERIFY(command.address.isEmpty());
        QCOMPARE(made(u"command"_s, {{u"command"_s, u"/bin/sh"_s}, {u"address"_s, u"a.example"_s}}).address,
            QUrl(u"https://a.example"_s));
    }
};

RELAY_TEST(tst_WayCommand)
#include "tst_waycommand.moc"
