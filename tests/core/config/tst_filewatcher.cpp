// SPDX-License-Identifier: MIT
#include "core/config/filewatcher.h"
#include "tests/support/relaytest.h"

#include <QDir>
#include <QFile>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include <filesystem>
#include <functional>

using namespace Qt::StringLiterals;
using namespace rr;
using namespace std::chrono_literals;

class TestFileWatcher : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        QVERIFY(m_folder->isValid());
    }

    void tells_data()
    {
        using Change = std::function<void()>;
        QTest::addColumn<Change>("change");
        QTest::newRow("written in place") << Change([this] { put(u"a"_s, "longer"); });
        QTest::newRow("replaced by a rename") << Change([this] { replace(u"a"_s, "longer"); });
        QTest::newRow("deleted") << Change([this] { QFile::remove(path(u"a"_s)); });
        QTest::newRow("made") << Change([this] { put(u"b"_s, "new"); });
        QTest::newRow("made with its folder") << Change([this] {
            QDir().mkpath(path(u"later/still"_s));
            put(u"later/still/c"_s, "new");
        });
        QTest::newRow("permissions") << Change(
            [this] { QFile::setPermissions(path(u"a"_s), QFile::ReadOwner); });
        QTest::newRow("moved away and written anew") << Change([this] {
            QFile::rename(path(u"a"_s), path(u"a~"_s));
            put(u"a"_s, "longer");
        });
        QTest::newRow("folder moved away")
            << Change([this] { QDir().rename(path(u"folder"_s), path(u"gone"_s)); });
    }

    /// Each change is told, and what comes after it too.
    void tells()
    {
        QFETCH(std::function<void()>, change);
        put(u"a"_s, "one");
        QDir().mkpath(path(u"folder"_s));
        put(u"folder/d"_s, "one");
        FileWatcher watcher(
            {path(u"a"_s), path(u"b"_s), path(u"later/still/c"_s), path(u"folder/d"_s)}, nullptr, 20ms);
        QSignalSpy spy(&watcher, &FileWatcher::changed);
        change();
        QTRY_VERIFY(spy.size() >= 1);

        for (const QByteArray &content : {"second one"_ba, "and a third one"_ba}) {
            spy.clear();
            replace(u"a"_s, content);
            QTRY_VERIFY(spy.size() >= 1);
            spy.clear();
            put(u"a"_s, content + content);
            QTRY_VERIFY(spy.size() >= 1);
        }
    }

    void link()
    {
#ifdef Q_OS_UNIX
        // As orchestrators mount files: the name stays, a link in its path is exchanged.
        QDir().mkpath(path(u"v1"_s));
        QDir().mkpath(path(u"v2"_s));
        put(u"v1/a"_s, "one");
        put(u"v2/a"_s, "two");
        QVERIFY(QFile::link(u"v1"_s, path(u"data"_s)));
        QVERIFY(QFile::link(u"data/a"_s, path(u"a"_s)));
        FileWatcher watcher({path(u"a"_s)}, nullptr, 20ms);
        QSignalSpy spy(&watcher, &FileWatcher::changed);
        QVERIFY(QFile::remove(path(u"data"_s)));
        QVERIFY(QFile::link(u"v2"_s, path(u"data"_s)));
        QTRY_VERIFY(spy.size() >= 1);
        spy.clear();
        put(u"v2/a"_s, "written in place");
        QTRY_VERIFY(spy.size() >= 1);
#endif
    }

    void othersAreNotTold()
    {
        put(u"a"_s, "one");
        FileWatcher watcher({path(u"a"_s), QString()}, nullptr, 20ms);
        FileWatcher other({path(u"b"_s)}, nullptr, 20ms);
        QSignalSpy spy(&watcher, &FileWatcher::changed);
        QSignalSpy otherSpy(&other, &FileWatcher::changed);
        put(u"b"_s, "two");
        QTRY_COMPARE(otherSpy.size(), 1);
        put(u"a"_s, "three");
        QTRY_COMPARE(spy.size(), 1); // and not two
    }

    void severalChangesAreToldOnce()
    {
        put(u"a"_s, "one");
        FileWatcher watcher({path(u"a"_s)}, nullptr, 300ms);
        QSignalSpy spy(&watcher, &FileWatcher::changed);
        for (int i = 0; i < 20; ++i) {
            put(u"a"_s, QByteArray(10 + i, 'x'));
            QCoreApplication::processEvents();
        }
        QTRY_COMPARE(spy.size(), 1);
    }

private:
    QString path(const QString &name) const
    {
        return m_folder->filePath(name);
    }

    void put(const QString &name, const QByteArray &content)
    {
        QFile file(path(name));
        QVERIFY(file.open(QIODevice::WriteOnly) && file.write(content) == content.size());
    }

    void replace(const QString &name, const QByteArray &content)
    {
        put(u"new"_s, content);
        std::filesystem::rename(path(u"new"_s).toStdU16String(), path(name).toStdU16String());
    }

    std::unique_ptr<QTemporaryDir> m_folder;
};

RELAY_TEST(TestFileWatcher)
#include "tst_filewatcher.moc"
