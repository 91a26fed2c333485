// SPDX-License-Identifier: MIT
#include "core/store/historycsv.h"
#include "core/store/rowwriter.h"
#include "tests/core/store/storeplaces.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QTest>

#ifdef Q_OS_LINUX
#include <csignal>
#include <sys/resource.h>
#include <sys/stat.h>
#endif

using namespace rr;
using namespace rr::test;
using namespace Qt::StringLiterals;

namespace {

CallEntry entry(int number)
{
    CallEntry call;
    call.id = "call" + QByteArray::number(number);
    call.startedAt = QDateTime::fromMSecsSinceEpoch(1'700'000'000'000 + number / 2).toUTC();
    return call;
}

QByteArray contentOf(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray("none");
}

const auto never = [] { return false; };

} // namespace

class TestHistoryCsv : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void line()
    {
        HistoryCall row;
        row.call = entry(0);
        row.call.endedAt = row.call.startedAt.addMSecs(1500);
        row.call.client = u"=HYPERLINK(\"http://x\")"_s;
        row.call.origin = u"https://a,b\n\"c\""_s;
        row.call.model = u"+1"_s;
        row.call.tokenName = u"@Präsentation"_s;
        row.call.failed = true;
        row.call.closeCode = -1; // a number is none that came from outside
        row.usage.cost = Money::ofPico(12'345'600'000);
        row.usage.responses = 2;
        row.usage.usage.audioOut = 7;
        QCOMPARE(historycsv::line(row),
            "call0,2023-11-14T22:13:20.000Z,2023-11-14T22:13:21.500Z,\"'=HYPERLINK(\"\"http://x\"\")\","
            "\"https://a,b\n\"\"c\"\"\",'+1,realtime,public,'@Präsentation,client_closed,,-1,true,0,0,0,0,0,0,2,0,0.012346,"
            "0,0,0,0,0,0,0,7,0\r\n"_ba);
        QCOMPARE(historycsv::head().count(','), 30);

        row.usage = {};
        row.usage.unpriced = 1;
        row.call.endedAt = {};
        const QByteArrayList cells = historycsv::line(row).split(',');
        QCOMPARE(cells.last(), "0\r\n"_ba);
        QVERIFY(historycsv::line(row).contains(",0,1,,0,")); // no price is known: no cost is told
    }
    void file()
    {
        if (!PostgresServer::isInstalled())
            qInfo("only on SQLite: %s", PostgresServer::howToInstall());
        QStringList urls{u"sqlite:"_s + m_places.folder() + u"/csv.sqlite"_s};
        std::unique_ptr<PostgresServer> server;
        if (PostgresServer::isInstalled()) {
            server = std::make_unique<PostgresServer>();
            urls.append(server->newUrl());
        }
        for (const QString &url : urls) {
            OpenDatabase open(url);
            Slices slices(open.database, u"a"_s);
            constexpr int calls = 2500; // in three pieces
            std::vector<StoreRow> rows;
            for (int i = 0; i < calls; ++i)
                rows.push_back(CallBegun{entry(i)});
            QVERIFY(writeRows(open.database, slices, rows));
            const QString path = m_places.folder() + u"/out.csv"_s;
            HistoryQuery query;
            query.most = 7;
            QVERIFY(!historycsv::write(open.database, query, path, never));
            const QByteArrayList lines = contentOf(path).split('\n');
            QCOMPARE(lines.size(), calls + 2);
            QVERIFY(lines[1].startsWith("call2499,")); // the newest first
            QVERIFY(lines[calls].startsWith("call0,"));
            QVERIFY(QFile::remove(path));
        }
    }
    void failures()
    {
        const QString url = u"sqlite:"_s + m_places.folder() + u"/failures.sqlite"_s;
        OpenDatabase open(url);
        const auto codeOf = [&](const QString &path, const std::function<bool()> &isStopped = never) {
            const auto error = historycsv::write(open.database, {}, path, isStopped);
            return error ? error->code : QByteArray();
        };
        const QString path = m_places.folder() + u"/kept.csv"_s;
        QCOMPARE(codeOf(path), QByteArray());
        const QByteArray before = contentOf(path);
        QCOMPARE(before, historycsv::head());
        QCOMPARE(codeOf(path, [] { return true; }), "stopped"_ba);
        QCOMPARE(codeOf(m_places.folder() + u"/none/x.csv"_s), "file_not_written"_ba);
        QCOMPARE(codeOf(m_places.folder()), "file_not_written"_ba);
        open.database.close();
        QCOMPARE(codeOf(path), "store_away"_ba);
        QCOMPARE(contentOf(path), before); // as it was
        QCOMPARE(QDir(m_places.folder()).entryList({u"kept*"_s}),
            QStringList{u"kept.csv"_s}); // and nothing beside it
    }
    void fullDisk()
    {
#ifdef Q_OS_LINUX
        const QString url = u"sqlite:"_s + m_places.folder() + u"/full.sqlite"_s;
        OpenDatabase open(url);
        Slices slices(open.database, u"a"_s);
        std::vector<StoreRow> rows;
        for (int i = 0; i < 1000; ++i)
            rows.push_back(CallBegun{entry(i)});
        QVERIFY(writeRows(open.database, slices, rows));
        const QString path = m_places.folder() + u"/full.csv"_s;
        // No file may grow further, as where the disk is full.
        ::signal(SIGXFSZ, SIG_IGN);
        rlimit before = {};
        ::getrlimit(RLIMIT_FSIZE, &before);
        const rlimit little{10'000, before.rlim_max};
        ::setrlimit(RLIMIT_FSIZE, &little);
        const auto error = historycsv::write(open.database, {}, path, never);
        ::setrlimit(RLIMIT_FSIZE, &before);
        QVERIFY(error);
        QCOMPARE(error->code, "file_not_written"_ba);
        QVERIFY(!QFile::exists(path));
        QVERIFY(!historycsv::write(open.database, {}, path, never));
#else
        QSKIP("its limits are Linux's");
#endif
    }
    /// What is no file is not replaced by one.
    void noFile()
    {
#ifdef Q_OS_LINUX
        OpenDatabase open(u"sqlite:"_s + m_places.folder() + u"/nofile.sqlite"_s);
        const QString pipe = m_places.folder() + u"/pipe"_s;
        QCOMPARE(::mkfifo(QFile::encodeName(pipe).constData(), 0600), 0);
        const auto error = historycsv::write(open.database, {}, pipe, never);
        QVERIFY(error);
        QCOMPARE(error->code, "file_not_written"_ba);
        QVERIFY(!QFileInfo(pipe).isFile());
#else
        QSKIP("of Unix");
#endif
    }

private:
    StorePlaces m_places;
};

RELAY_TEST(TestHistoryCsv)
#include "tst_historycsv.moc"
