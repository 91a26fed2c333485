// SPDX-License-Identifier: MIT
#include "core/sharing/way.h"

#include "tests/support/relaytest.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

using namespace Qt::StringLiterals;
using rr::Way;
using rr::WayFailure;
using rr::WayReady;

namespace {

/// A line as the tunnel sees it.
QString seen(QString line)
{
    static const QRegularExpression colours(u"\\x1b\\[[0-9;]*m"_s);
    return line.remove(colours).remove(u'\r');
}

/// JSON with the other quotation marks, for the sake of legibility.
QByteArray json(QByteArray text)
{
    return text.replace('\'', '"');
}

const QByteArray good = json("{'id':'a','title':'A','program':'a','args':['{port}'],"
                             "'url':{'from':'output','pattern':'(x)'},'ready':{'from':'url'},'stop':['kill'],"
                             "'account':'none'}");

/// That row with a member that is another, or (null text) gone.
QByteArray changed(const QString &name, const char *value)
{
    QJsonObject row = QJsonDocument::fromJson(good).object();
    if (value)
        row[name] = QJsonDocument::fromJson('[' + json(value) + ']').array().at(0);
    else
        row.remove(name);
    return QJsonDocument(QJsonArray{row}).toJson();
}

} // namespace

class tst_WayReader : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void linesOfTheRows_data()
    {
        QTest::addColumn<QString>("id");
        QTest::addColumn<QString>("line");
        QTest::addColumn<QString>("understood");
        for (const Way &way : rr::builtInWays()) {
            int number = 0;
            QVERIFY2(!way.lines.isEmpty(), qPrintable(way.id));
            for (const auto &[line, understood] : way.lines)
                QTest::addRow("%s %d", qPrintable(way.id), ++number) << way.id << line << understood;
        }
        // What stands around it, and is none.
        const auto decoy = [](const QString &id, const QString &line) {
            QTest::addRow("%s: %s", qPrintable(id), qPrintable(line.left(60))) << id << line << QString();
        };
        for (const QString &id : {u"localhost.run"_s, u"serveo"_s, u"pinggy"_s, u"sish"_s, u"ssh-server"_s}) {
            decoy(id, u"Warning: Permanently added 'localhost.run' (RSA) to the list of known hosts.\r"_s);
            decoy(id,
                u"Welcome to localhost.run! Follow your favourite reverse tunnel at [https://twitter.com/localhost_run]."_s);
            decoy(id, u"Open your tunnel address on your mobile with this QR:"_s);
            decoy(id, u"HTTP request from 192.0.2.1 to https://relay.example.net/s/x"_s);
        }
        decoy(u"cloudflared-quick"_s,
            u"2026-08-15T21:00:00Z INF Thank you for trying Cloudflare Tunnel. Doing so, without a "
            "Cloudflare account, is a quick way to experiment and try it out. (https://www.cloudflare.com/website-terms/)"_s);
        decoy(u"cloudflared-quick"_s,
            u"2026-08-15T21:00:00Z INF Retrying connection in up to 2s connIndex=0"_s);
        decoy(u"cloudflared-quick"_s,
            u"2026-08-15T21:00:00Z INF Initiating graceful shutdown due to signal terminated ..."_s);
        decoy(u"tailscale-funnel"_s, u"Press Ctrl+C to exit."_s);
        decoy(u"ngrok"_s,
            u"t=2026-09-09T04:05:04+0530 lvl=info msg=\"starting web service\" obj=web addr=127.0.0.1:4040"_s);
        decoy(u"frp"_s, u"[I] [client/service.go:299] [1234] login to server success, get run id [1234]"_s);
        decoy(u"devtunnel"_s, u"Hosting port: 3978"_s);
    }
    void linesOfTheRows()
    {
        QFETCH(QString, id);
        QFETCH(QString, line);
        QFETCH(QString, understood);
        const Way way = rr::wayCalled(id).value();
        const QString text = seen(line);
        QString pattern = way.url.pattern;
        pattern.replace(u"{shows}"_s, u"your url is:"_s);
        const auto url = QRegularExpression(pattern).match(text);
        const QString address = pattern.isEmpty() ? QString() : url.captured(1);
        QString code;
        for (const WayFailure &failure : way.failures) {
            if (code.isEmpty() && failure.pattern.match(text).hasMatch())
                code = failure.code;
        }
        const bool isReady = way.ready.from == WayReady::From::Output
            && QRegularExpression(way.ready.pattern).match(text).hasMatch();
        if (understood.startsWith("https://"_L1)) {
            QCOMPARE(address, understood);
            QCOMPARE(code, QString());
        } else if (understood == "ready"_L1) {
            QVERIFY(isReady);
            QCOMPARE(code, QString());
        } else {
            QCOMPARE(code, understood);
            QCOMPARE(address, QString());
            QVERIFY(!isReady);
        }
    }

    void everyFailureHasALine()
    {
        for (const Way &way : rr::builtInWays()) {
            if (way.failures.isEmpty())
                continue;
            QVERIFY2(std::any_of(way.lines.begin(), way.lines.end(),
                         [](const auto &line) {
                             return !line.second.isEmpty() && line.second != "ready"_L1
                                 && !line.second.startsWith("https://"_L1);
                         })
                    || way.program == "ssh"_L1,
                qPrintable(way.id));
        }
    }

    void likeAnother()
    {
        const Way like = rr::wayCalled(u"localhost.run"_s).value();
        QCOMPARE(like.failures.first().code, u"service_refused"_s); // its own come first
        QVERIFY(std::any_of(like.failures.begin(), like.failures.end(),
            [](const WayFailure &failure) { return failure.code == "broke"_L1; }));
        QVERIFY(std::none_of(like.failures.begin(), like.failures.end(),
            [](const WayFailure &failure) { return !failure.use.isEmpty(); }));
    }

    void badRows_data()
    {
        QTest::addColumn<QByteArray>("rows");
        QTest::addColumn<QString>("said");
        QTest::newRow("no JSON") << QByteArray("[{") << u"The file is no JSON: "_s;
        QTest::newRow("no list") << QByteArray("{}") << u"The file must be a list of rows."_s;
        QTest::newRow("no object") << QByteArray("[1]") << u"Row 1 (\"\"): is no object"_s;
        QTest::newRow("twice") << QByteArray("[") + good + "," + good + "]"
                               << u"Row 2 (\"a\"): another row is called so"_s;
        const auto row = [](const char *name, const char *member, const char *value, const char *said) {
            QTest::newRow(name) << changed(QLatin1String(member), value)
                                << u"Row 1 (\"a\")"_s + QString::fromUtf8(said);
        };
        row("no program", "program", nullptr, ": \"program\" must be a text");
        row("unknown member", "argz", "[]", ": \"argz\" is no member of a row here");
        row("number among texts", "args", "[1]", ": \"args\" must be a list of texts");
        row("unknown placeholder", "args", "['{host}']", ": nobody fills in {host}");
        row("asked for nothing", "ask", "[{'name':'name'}]", ": \"name\" is asked for, and used nowhere");
        row("field without words", "ask", "[{'name':'nonsense'}]",
            ", \"ask\": nothing is known of \"nonsense\", which \"name\" names");
        row("no group", "url", "{'from':'output','pattern':'x'}",
            ", \"url\": \"pattern\" needs a group around what is wanted");
        row("no pattern", "url", "{'from':'output','pattern':'(x'}",
            ", \"url\": \"pattern\" is no pattern: ");
        row("unknown source", "url", "{'from':'dns'}", ", \"url\": \"from\" cannot be \"dns\"");
        row("ready without a page", "ready", "{'from':'http'}", ", \"ready\": \"address\" must be a text");
        row("code without words", "failures", "[{'pattern':'x','code':'nonsense'}]",
            ", \"failures\": nothing is known of \"nonsense\", which \"code\" names");
        row("link without a group", "failures", "[{'pattern':'x','code':'consent','link':1}]",
            ", \"failures\": \"pattern\" needs a group around what is wanted");
        row("stops too kindly", "stop", "['terminate']", ": \"stop\" must end with \"kill\"");
        row("like nobody", "like", "'b'", ": it is like \"b\", and no row before it is called so");
        row("nobody's service", "tls", "'service'", ": \"keeper\" must say whose service ends TLS");
        row("fact without words", "facts", "['nonsense']",
            ": nothing is known of \"nonsense\", which \"facts\" names");
        row("negative time", "lasts", "-1", ": \"lasts\" must be a number, 0 or more");
        row("environment", "env", "{'A':1}", ": \"env\" sets texts, or null to take away");
        QTest::newRow("offers nobody") << changed(u"failures"_s, "[{'pattern':'x','code':'auth','use':'b'}]")
                                       << u"Row \"a\": it offers \"b\", and no row is called so"_s;
        QJsonObject secret = QJsonDocument::fromJson(good).object();
        secret[u"args"_s] = QJsonArray{u"{token}"_s};
        secret[u"ask"_s] = QJsonArray{QJsonObject{{u"name"_s, u"token"_s}, {u"kind"_s, u"secret"_s}}};
        QTest::newRow("secret that all can see") << QJsonDocument(QJsonArray{secret}).toJson()
                                                 << u"Row 1 (\"a\"): \"token\" is a secret, and every user"_s;
    }
    void badRows()
    {
        QFETCH(QByteArray, rows);
        QFETCH(QString, said);
        const auto ways = rr::readWays(rows);
        const QString *const problem = std::get_if<QString>(&ways);
        QVERIFY(problem);
        QVERIFY2(problem->startsWith(said), qPrintable(*problem));
    }
    void goodRow()
    {
        const auto ways = rr::readWays(QByteArray("[") + good + "]");
        QVERIFY2(std::holds_alternative<QList<Way>>(ways),
            qPrintable(std::get_if<QString>(&ways) ? std::get<QString>(ways) : QString()));
        QCOMPARE(std::get<QList<Way>>(ways).size(), 1);
    }
};

RELAY_TEST(tst_WayReader)
#include "tst_wayreader.moc"
