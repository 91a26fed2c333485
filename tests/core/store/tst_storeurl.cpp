// SPDX-License-Identifier: MIT
#include "core/store/storeurl.h"
#include "tests/support/relaytest.h"

#include <QDir>
#include <QTest>

using namespace rr;
using namespace Qt::StringLiterals;

namespace {

StoreUrl parsed(const QString &url)
{
    const auto result = parseStoreUrl(url);
    if (const auto *error = std::get_if<RelayError>(&result))
        qFatal("%s", qPrintable(plain(error->detail)));
    return std::get<StoreUrl>(result);
}

} // namespace

class TestStoreUrl : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void files()
    {
        QCOMPARE(parsed(u"sqlite:/var/lib/relay/store.sqlite"_s).file,
            QDir::cleanPath(u"/var/lib/relay/store.sqlite"_s));
        QCOMPARE(parsed(u" sqlite:///srv/a b%20.db "_s).file, u"/srv/a b%20.db"_s);
        QCOMPARE(parsed(u"sqlite:store.db"_s).file, QDir::current().absoluteFilePath(u"store.db"_s));
        QVERIFY(parsed(u"sqlite:store.db"_s).engine == StoreUrl::Engine::Sqlite);
    }
    void servers()
    {
        const StoreUrl url = parsed(
            u"postgresql://re%40lay:p%3Aa%2Fss%25@db.example:6432/the%20store?sslmode=verify-full&sslrootcert=/etc/a%20b"_s);
        QVERIFY(url.engine == StoreUrl::Engine::Postgres);
        QCOMPARE(url.user, u"re@lay"_s);
        QCOMPARE(url.password, u"p:a/ss%"_s);
        QCOMPARE(url.host, u"db.example"_s);
        QCOMPARE(url.port, quint16(6432));
        QCOMPARE(url.database, u"the store"_s);
        QCOMPARE(url.sslMode, u"verify-full"_s);
        QCOMPARE(url.sslRootCert, u"/etc/a b"_s);
        QCOMPARE(url.shown(), u"postgresql://re@lay@db.example:6432/the store"_s);

        QCOMPARE(parsed(u"postgres://relay@[::1]:77/x"_s).host, u"::1"_s);
        QCOMPARE(parsed(u"postgres://relay@[::1]/x"_s).port, quint16(5432));
        QCOMPARE(parsed(u"postgres://relay@[::1]/x"_s).shown(), u"postgresql://relay@[::1]/x"_s);
        QCOMPARE(parsed(u"postgresql:///x?host=/run/postgresql"_s).host, u"/run/postgresql"_s);
        QCOMPARE(parsed(u"postgresql://%2Frun%2Fpostgresql/x"_s).host, u"/run/postgresql"_s);
    }
    void errors_data()
    {
        QTest::addColumn<QString>("url");
        for (const char *url :
            {"", "sqlite:", "sqlite::memory:", "sqlite:/folder/", "mysql://u:secret@h/d", "/a/file",
                "postgresql://u:secret@h", "postgresql://u:secret@h:0/d", "postgresql://u:secret@h:x/d",
                "postgresql://u:secret@h/d?sslmode=on", "postgresql://u:secret@h/d?options=x"})
            QTest::newRow(url) << QString::fromLatin1(url);
    }
    void errors()
    {
        QFETCH(QString, url);
        const auto result = parseStoreUrl(url);
        const auto *error = std::get_if<RelayError>(&result);
        QVERIFY(error);
        QCOMPARE(error->code, "store_url"_ba);
        QCOMPARE(error->setting, "storeUrl"_ba);
        QVERIFY(plain(error->detail).contains("postgresql://"_L1)); // what to write instead
        QVERIFY(!plain(error->detail).contains("secret"_L1));
    }
    void whatWasSaid()
    {
        const StoreUrl url = parsed(u"postgresql://u:s3cret@h/d"_s);
        QCOMPARE(url.clean(u"FATAL:  no s3cret\nDETAIL: a row"_s), u"no …"_s);
        QCOMPARE(url.clean(u" full. "_s), u"full"_s);
    }
};

RELAY_TEST(TestStoreUrl)
#include "tst_storeurl.moc"
