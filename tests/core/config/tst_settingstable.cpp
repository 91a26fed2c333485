// SPDX-License-Identifier: MIT
#include "core/config/settingstable.h"
#include "tests/support/relaytest.h"

#include <QTest>

#include <set>

using namespace Qt::StringLiterals;
using namespace rr;

class TestSettingsTable : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void everySettingOnce()
    {
        // Does not compile when a member is added to Settings: then it needs its row in the table, and its
        // name here.
        const auto &[host, port, adminHost, adminPort, token, cert, certKey, proxies, tryPage, url, ca, proxy,
            forward, aliases, aliasesForAll, connect, check, origins, hosts, max, maxPerIp, rate, halfOpen,
            halfOpenPerIp, heartbeat, inactivity, limit, handshake, drain, stall, message, buffer, budget,
            heldKey, heldKeyFile, usdADay, store, days, prices, factor, level, format, debug, workers]
            = m_defaults;
        const std::set<const void *> members{&host, &port, &adminHost, &adminPort, &token, &cert, &certKey,
            &proxies, &tryPage, &url, &ca, &proxy, &forward, &aliases, &aliasesForAll, &connect, &check,
            &origins, &hosts, &max, &maxPerIp, &rate, &halfOpen, &halfOpenPerIp, &heartbeat, &inactivity,
            &limit, &handshake, &drain, &stall, &message, &buffer, &budget, &heldKey, &heldKeyFile, &usdADay,
            &store, &days, &prices, &factor, &level, &format, &debug, &workers};
        std::set<const void *> described;
        for (const SettingSpec &spec : settingsTable())
            std::visit([&](auto member) { described.insert(&(m_defaults.*member)); }, spec.member);
        QCOMPARE(settingsTable().size(), members.size());
        QVERIFY(described == members);
    }

    void environmentNames()
    {
        // Users have these in their scripts.
        const QByteArrayList expected
            = "HOST PORT ADMIN_HOST ADMIN_PORT STATS_TOKEN TLS_CERT_FILE TLS_KEY_FILE TRUSTED_PROXIES TRY_PAGE UPSTREAM_URL "
              "UPSTREAM_CA_FILE "
              "UPSTREAM_PROXY "
              "FORWARD_HEADERS MODEL_ALIASES MODEL_ALIASES_FOR_ALL CONNECT_TIMEOUT CHECK_UPSTREAM ALLOWED_ORIGINS ALLOWED_HOSTS MAX_CONNECTIONS "
              "MAX_CONNECTIONS_PER_IP CONNECTION_RATE_PER_IP MAX_HALF_OPEN MAX_HALF_OPEN_PER_IP "
              "HEARTBEAT_INTERVAL INACTIVITY_TIMEOUT SESSION_LIMIT HANDSHAKE_TIMEOUT "
              "DRAIN_TIMEOUT "
              "STALL_TIMEOUT "
              "MAX_MESSAGE_BYTES SESSION_BUFFER_BYTES BUFFER_BUDGET_BYTES OPENAI_API_KEY OPENAI_API_KEY_FILE STORE_URL HISTORY_DAYS "
              "BUDGET_USD_A_DAY PRICES_FILE PRICE_FACTOR LOG_LEVEL LOG_FORMAT DEBUG "
              "WORKERS"_ba.split(' ');
        QByteArrayList names;
        for (const SettingSpec &spec : settingsTable())
            names.append(spec.environmentName());
        QCOMPARE(names, expected);
    }

    void find_data()
    {
        QTest::addColumn<QString>("name");
        QTest::addColumn<QString>("key");
        QTest::newRow("JSON key") << u"maxConnectionsPerIp"_s << u"maxConnectionsPerIp"_s;
        QTest::newRow("environment") << u"MAX_CONNECTIONS_PER_IP"_s << u"maxConnectionsPerIp"_s;
        QTest::newRow("option") << u"--max-connections-per-ip"_s << u"maxConnectionsPerIp"_s;
        QTest::newRow("any case") << u"Max_Connections"_s << u"maxConnections"_s;
        QTest::newRow("unknown") << u"maxConnection"_s << QString();
        QTest::newRow("empty") << QString() << QString();
        QTest::newRow("ignored") << u"NODE_ENV"_s << QString();
    }

    void find()
    {
        QFETCH(QString, name);
        const SettingSpec *spec = findSetting(name);
        QTEST(spec ? QString(spec->key) : QString(), "key");
    }

    void rows_data()
    {
        QTest::addColumn<int>("index");
        for (size_t i = 0; i < settingsTable().size(); ++i)
            QTest::newRow(settingsTable()[i].key.data()) << int(i);
    }

    void rows()
    {
        QFETCH(int, index);
        const SettingSpec &spec = settingsTable()[size_t(index)];
        for (const QByteArray &name : {spec.environmentName(), spec.option(), QByteArray(spec.key.data())})
            QCOMPARE(findSetting(QString::fromLatin1(name)), &spec);
        QVERIFY(!spec.allowedText().isEmpty());
        QVERIFY(QByteArray(spec.help).endsWith('.'));
        QVERIFY(spec.minimum <= spec.maximum);
        QVERIFY(!nameOf(spec.group).isEmpty());
        // Groups are told under one heading each.
        QVERIFY(index == 0 || settingsTable()[size_t(index - 1)].group <= spec.group);
    }

    void allowedText()
    {
        const auto allowed = [](QStringView name) { return plain(findSetting(name)->allowedText()); };
        QCOMPARE(allowed(u"port"), u"0 (any free port), or 1 to 65535"_s);
        QCOMPARE(allowed(u"maxConnections"), u"1 to 100000"_s);
        QCOMPARE(allowed(u"connectTimeout"), u"100 to 600000 milliseconds"_s);
        QCOMPARE(allowed(u"sessionBufferBytes"), u"4096 to 67108864 bytes"_s);
        QCOMPARE(allowed(u"logLevel"), u"debug, info, warning or error"_s);
        QCOMPARE(allowed(u"logFormat"), u"text or json"_s);
    }

private:
    const Settings m_defaults;
};

RELAY_TEST(TestSettingsTable)
#include "tst_settingstable.moc"
