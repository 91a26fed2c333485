// SPDX-License-Identifier: MIT
#include "core/config/settingsfile.h"
#include "tests/support/relaytest.h"

#include <QFile>
#include <QFileInfo>
#include <QTemporaryDir>
#include <QTest>

#ifdef Q_OS_UNIX
#include <csignal>
#include <sys/resource.h>
#include <sys/stat.h>
#endif

using namespace Qt::StringLiterals;
using namespace rr;

class TestSettingsFile : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        QVERIFY(m_folder->isValid());
        m_path = m_folder->filePath(u"relay.json"_s);
    }

    void unreadable_data()
    {
        QTest::addColumn<QByteArray>("content");
        QTest::addColumn<QString>("says");
        QTest::newRow("empty") << ""_ba << u"line 1, column 1"_s;
        QTest::newRow("second line") << "{\n  \"port\": x\n}"_ba << u"line 2, column 11"_s;
        QTest::newRow("behind characters of several bytes") << "{\"ü€\": x}"_ba << u"line 1, column 8"_s;
        QTest::newRow("an array") << "[1]"_ba << u"JSON object"_s;
        QTest::newRow("UTF-16") << "\xff\xfe{\0}\0"_ba << u"UTF-16: save it as UTF-8"_s;
        QTest::newRow("UTF-16, the other way round") << QByteArray("\xfe\xff\0{\0}", 6) << u"UTF-16"_s;
        QTest::newRow("UTF-16 without a mark") << QByteArray("{\0}\0", 4) << u"UTF-16"_s;
        QTest::newRow("a path of Windows") << "{\n  \"tlsKeyFile\": \"C:\\Users\"\n}"_ba
                                           << u"twice there (C:\\\\relay) at line 2, column 20"_s;
    }

    void unreadable()
    {
        QFETCH(QByteArray, content);
        QFETCH(QString, says);
        put(content);
        const SettingsFile file = readSettingsFile(m_path);
        QVERIFY(file.exists);
        QVERIFY2(plain(file.problem).contains(says), qPrintable(plain(file.problem)));
        QVERIFY(plain(file.problem).contains(m_path));

        // Saving does not destroy what somebody wrote by hand.
        const std::optional<Sentence> problem = saveSettings(m_path, {}, {});
        QVERIFY(problem);
        QVERIFY2(plain(*problem).contains("mend it"_L1), qPrintable(plain(*problem)));
        QCOMPARE(content, read());
    }

    void endlessIsRefused()
    {
        put("{\"colour\": \"" + QByteArray(5'000'000, 'x') + "\"}");
        QVERIFY(plain(readSettingsFile(m_path).problem).contains("larger than"_L1));
    }

    void folderIsRefused()
    {
        m_path = m_folder->path();
        QVERIFY(plain(readSettingsFile(m_path).problem).contains("it is a folder"_L1));
    }

    void markOfUtf8IsNoneOfThem()
    {
        put("\xef\xbb\xbf{\"port\": 1}\r\n");
        QCOMPARE(readSettingsFile(m_path).content, (QJsonObject{{u"port"_s, 1}}));
    }

#ifdef Q_OS_UNIX
    /// It would wait for a writer for ever.
    void pipeIsRefused()
    {
        QCOMPARE(mkfifo(QFile::encodeName(m_path).constData(), 0600), 0);
        const SettingsFile file = readSettingsFile(m_path);
        QVERIFY(file.exists);
        QVERIFY2(plain(file.problem).contains("it is a pipe"_L1), qPrintable(plain(file.problem)));
        QVERIFY(saveSettings(m_path, {}, {}));
    }

    void fullDiskLosesNothing()
    {
        Settings settings;
        settings.port = 9000;
        QVERIFY(!saveSettings(m_path, settings, {}));
        const QByteArray before = read();
        // A file that may not grow is a disk that is full.
        std::signal(SIGXFSZ, SIG_IGN);
        rlimit limit{};
        getrlimit(RLIMIT_FSIZE, &limit);
        const rlimit tiny{4, limit.rlim_max};
        setrlimit(RLIMIT_FSIZE, &tiny);
        settings.port = 9001;
        const std::optional<Sentence> problem = saveSettings(m_path, settings, {});
        setrlimit(RLIMIT_FSIZE, &limit);
        QVERIFY(problem);
        QVERIFY2(plain(*problem).contains(m_path), qPrintable(plain(*problem)));
        QCOMPARE(read(), before);
    }
#endif

    void missing()
    {
        const SettingsFile file = readSettingsFile(m_path);
        QVERIFY(!file.exists);
        QVERIFY(plain(file.problem).contains(m_path));
    }

    void saveWritesDifferencesInOrder()
    {
        Settings settings;
        settings.debug = true;
        settings.maxConnections = 5;
        settings.port = 9000;
        settings.allowedOrigins = QStringList{u"https://a.org"_s, u"*"_s};
        QCOMPARE(saveSettings(m_path, settings, {}), std::nullopt);
        QCOMPARE(read(),
            "{\n    \"port\": 9000,\n    \"allowedOrigins\": [\"https://a.org\",\"*\"],\n    "
            "\"maxConnections\": 5,\n    \"debug\": true\n}\n"_ba);
        QCOMPARE(saveSettings(m_path, {}, {}), std::nullopt);
        QCOMPARE(read(), "{}\n"_ba);
    }

    void saveKeepsWhatIsNoSetting()
    {
        put("{\"zoom\":[1,{\"a\":2}],\"port\":1,\"application\":{\"window\":{"
            "\"width\":80},\"quote\":\"\\\"\\n\"}}");
        const QJsonObject before = readSettingsFile(m_path).content;
        Settings settings;
        settings.port = 9000;
        QCOMPARE(saveSettings(m_path, settings, {}), std::nullopt);
        QJsonObject expected = before;
        expected.insert("port"_L1, 9000);
        QCOMPARE(readSettingsFile(m_path).content, expected);

        QCOMPARE(saveApplication(m_path, {{u"window"_s, 1}}), std::nullopt);
        expected.insert("application"_L1, QJsonObject{{u"window"_s, 1}});
        QCOMPARE(readSettingsFile(m_path).content, expected);
    }

    void saveIsForTheOwnerOnly()
    {
        put("{}");
        QFile::setPermissions(m_path, QFile::Permissions(0x6644));
        QCOMPARE(saveSettings(m_path, {}, {}), std::nullopt);
#ifdef Q_OS_UNIX
        const QFile::Permissions others = QFile::ReadGroup | QFile::WriteGroup | QFile::ExeGroup
            | QFile::ReadOther | QFile::WriteOther | QFile::ExeOther;
        QVERIFY(!(QFile::permissions(m_path) & others));
#endif
        QVERIFY(QFile::permissions(m_path) & QFile::WriteOwner);
    }

    void saveMakesTheFolder()
    {
        m_path = m_folder->filePath(u"a/b/relay.json"_s);
        QCOMPARE(saveApplication(m_path, {}), std::nullopt);
        QVERIFY(QFileInfo::exists(m_path));
    }

    void saveSaysWhatToDo()
    {
        put("{}");
        const QString below = m_path + "/relay.json"_L1; // a file is no folder
        const std::optional<Sentence> problem = saveSettings(below, {}, {});
        QVERIFY(problem);
        QVERIFY(plain(*problem).contains(m_path));
        QVERIFY(plain(*problem).contains("Check that"_L1));
    }

private:
    void put(const QByteArray &content)
    {
        QFile file(m_path);
        QVERIFY(file.open(QIODevice::WriteOnly) && file.write(content) == content.size());
    }

    QByteArray read() const
    {
        QFile file(m_path);
        return file.open(QIODevice::ReadOnly) ? file.readAll() : "cannot be read"_ba;
    }

    std::unique_ptr<QTemporaryDir> m_folder;
    QString m_path;
};

RELAY_TEST(TestSettingsFile)
#include "tst_settingsfile.moc"
