// SPDX-License-Identifier: MIT
#include "core/monitor/journal.h"
#include "tests/support/relaytest.h"

#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>
#include <QScopeGuard>
#include <QTemporaryFile>
#include <QTest>

#ifndef Q_OS_WIN
#include <fcntl.h>
#include <poll.h>
#include <sys/resource.h>
#include <unistd.h>
#endif

#include <memory>

using namespace rr;
using namespace std::chrono_literals;
using namespace Qt::StringLiterals;

namespace {

JournalEntry lineOf(const QString &message)
{
    JournalEntry result;
    result.event = "test";
    result.message = asTheySaid(message);
    return result;
}

#ifndef Q_OS_WIN

struct Pipe
{
    int reading = -1;
    int writing = -1;
    Pipe()
    {
        int ends[2];
        if (::pipe(ends) == 0) {
            reading = ends[0];
            writing = ends[1];
        }
    }
    ~Pipe()
    {
        stopReading();
        ::close(writing);
    }
    Q_DISABLE_COPY_MOVE(Pipe)

    void stopReading()
    {
        if (reading >= 0)
            ::close(reading);
        reading = -1;
    }
    bool isReadable() const
    {
        pollfd ready{reading, POLLIN, 0};
        return ::poll(&ready, 1, 0) == 1;
    }
    /// What can be read at once.
    QByteArray take() const
    {
        QByteArray all;
        while (isReadable()) {
            char buffer[65536];
            const ssize_t n = ::read(reading, buffer, sizeof(buffer));
            if (n <= 0)
                break;
            all.append(buffer, n);
        }
        return all;
    }
};

#endif

} // namespace

class TestJournalWriter : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void writesAllBeforeTheEnd_data()
    {
        QTest::addColumn<int>("format");
        QTest::newRow("text") << int(LogFormat::Text);
        QTest::newRow("json") << int(LogFormat::Json);
    }
    void writesAllBeforeTheEnd()
    {
        QFETCH(int, format);
        QTemporaryFile file;
        QVERIFY(file.open());
        {
            Journal journal;
            journal.writeTo(file.handle(), LogFormat(format), 60s);
            for (int i = 0; i < 1000; ++i)
                journal.add(lineOf(u"line %1"_s.arg(i)));
            journal.setLevel(LogLevel::Error);
            journal.add(lineOf(u"below the level"_s));
        }
        QFile written(file.fileName());
        QVERIFY(written.open(QIODevice::ReadOnly));
        QList<QByteArray> lines = written.readAll().split('\n');
        QCOMPARE(lines.takeLast(), ""_ba);
        QCOMPARE(lines.size(), 1000);
        for (qsizetype i = 0; i < lines.size(); ++i) {
            const QByteArray message = "line " + QByteArray::number(i);
            if (LogFormat(format) == LogFormat::Json)
                QCOMPARE(QJsonDocument::fromJson(lines[i]).object()[u"message"].toString().toUtf8(), message);
            else
                QVERIFY(lines[i].endsWith(message));
        }
    }

    void formatChanges()
    {
        QTemporaryFile file;
        QVERIFY(file.open());
        Journal journal;
        journal.writeTo(file.handle(), LogFormat::Text);
        journal.setFormat(LogFormat::Json);
        journal.add(lineOf(u"m"_s));
        QFile written(file.fileName());
        QVERIFY(written.open(QIODevice::ReadOnly));
        QTRY_VERIFY(written.size() > 0);
        QTRY_COMPARE(written.peek(1), "{"_ba);
    }

#ifndef Q_OS_WIN
    void stuckPipe()
    {
        const Pipe pipe;
        Journal journal;
        journal.writeTo(pipe.writing, LogFormat::Text);
        constexpr int count = 50'000;
        const QString filling(100, u'x'); // far more than a pipe and the queue hold
        for (int i = 0; i < count; ++i) // would hang here if the pipe held it up
            journal.add(lineOf(u"line %1 %2"_s.arg(i).arg(filling)));
        QCOMPARE(journal.lastNumber(), quint64(count));

        QByteArray read;
        QTRY_VERIFY_WITH_TIMEOUT((read += pipe.take()).contains("dropped"), 20'000);
        journal.add(lineOf(u"the last"_s));
        QTRY_VERIFY_WITH_TIMEOUT((read += pipe.take()).endsWith("the last\n"), 20'000);

        // Every line came, or was counted; in order, and the count stands where the lines are missing.
        qint64 dropped = 0;
        qint64 came = 0;
        qint64 next = 0;
        for (const QByteArray &line : read.split('\n')) {
            if (const qsizetype at = line.indexOf(" line "); at >= 0) {
                QCOMPARE(line.mid(at + 6).split(' ').first().toLongLong(), next);
                ++next;
                ++came;
            } else if (const qsizetype counted = line.indexOf(" count="); counted >= 0) {
                QVERIFY(line.contains(" WARN "));
                const qint64 missing = line.mid(counted + 7).toLongLong();
                dropped += missing;
                next += missing;
            }
        }
        QVERIFY(dropped > 0);
        QCOMPARE(journal.lostLines(), dropped);
        QCOMPARE(came + dropped, qint64(count));
    }

    void stuckPipeDoesNotHoldUpTheEnd()
    {
        const Pipe pipe;
        auto journal = std::make_unique<Journal>();
        journal->writeTo(pipe.writing, LogFormat::Text);
        for (int i = 0; i < 5000; ++i)
            journal->add(lineOf(QString(100, u'x')));
        QTRY_VERIFY(pipe.isReadable());
        journal.reset(); // hangs, or touches what is gone, if the thread is waited for or not let go
        QVERIFY(!pipe.take().isEmpty());
    }

    void readerIsGone()
    {
        Pipe pipe;
        pipe.stopReading();
        QTemporaryFile file;
        QVERIFY(file.open());
        Journal journal;
        journal.writeTo(pipe.writing, LogFormat::Text); // SIGPIPE would end this program
        journal.add(lineOf(u"m"_s));
        journal.writeTo(file.handle(), LogFormat::Text); // the former writer has ended here
        journal.add(lineOf(u"afterwards"_s));
        QTRY_VERIFY(QFile(file.fileName()).size() > 0);
    }

    void nonBlockingDescriptor()
    {
        const Pipe pipe;
        QVERIFY(::fcntl(pipe.writing, F_SETFL, O_NONBLOCK) == 0);
        Journal journal;
        journal.writeTo(pipe.writing, LogFormat::Text);
        constexpr int count = 2000; // more than the pipe holds, less than the queue
        for (int i = 0; i < count; ++i)
            journal.add(lineOf(QString(100, u'x')));
        QByteArray read;
        QTRY_COMPARE_WITH_TIMEOUT((read += pipe.take()).count('\n'), count, 20'000);
        QVERIFY(!read.contains("dropped"));
    }

    /// A limit on the file's size is to the writer what a full disk is: a line cut short, then nothing but
    /// errors.
    void fullDisk()
    {
        constexpr rlim_t room = 150;
        rlimit before{};
        QVERIFY(::getrlimit(RLIMIT_FSIZE, &before) == 0);
        rlimit full = before;
        full.rlim_cur = room;
        QTemporaryFile file;
        QVERIFY(file.open());
        QVERIFY(::setrlimit(RLIMIT_FSIZE, &full) == 0);
        const auto giveRoom = qScopeGuard([&] { ::setrlimit(RLIMIT_FSIZE, &before); });

        Journal journal;
        journal.writeTo(file.handle(), LogFormat::Text);
        for (int i = 0; i < 20; ++i)
            journal.add(lineOf(u"line end"_s));
        QTRY_COMPARE(QFile(file.fileName()).size(), qint64(room));
        QFile written(file.fileName());
        QVERIFY(written.open(QIODevice::ReadOnly));
        QByteArray all = written.readAll();
        // Not before every line was tried is there room again.
        const qint64 lost = 20 - all.count('\n');
        QTRY_COMPARE(journal.lostLines(), lost);
        ::setrlimit(RLIMIT_FSIZE, &before);

        journal.add(lineOf(u"afterwards"_s));
        const QByteArray counted = " count=" + QByteArray::number(lost) + '\n';
        QTRY_VERIFY2((all += written.readAll()).contains(counted) && all.contains(" INFO  afterwards\n"),
            all.constData());
        QCOMPARE(all.count(" line end\n"), 20 - lost);
    }
#endif
};

RELAY_TEST(TestJournalWriter)
#include "tst_journalwriter.moc"
