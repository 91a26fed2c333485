// SPDX-License-Identifier: MIT
#include "core/config/regularfile.h"
#include "tests/support/relaytest.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#ifdef Q_OS_UNIX
#include <sys/stat.h>
#endif

using namespace Qt::StringLiterals;
using namespace rr;

class TestRegularFile : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void isRead()
    {
        for (const QByteArray &content : {""_ba, "one"_ba, QByteArray(100, 'x')}) {
            put(content);
            QCOMPARE(std::get<QByteArray>(readRegularFile(m_path, 100)), content);
        }
    }

    void isNotEndless()
    {
        put(QByteArray(101, 'x'));
        QCOMPARE(why(m_path), u"it is larger than 100 bytes"_s);
    }

    void isNotThere() { QVERIFY(!why(m_folder.filePath(u"none"_s)).isEmpty()); }

    void folder() { QCOMPARE(why(m_folder.path()), u"it is a folder"_s); }

#ifdef Q_OS_UNIX
    void pipeWithoutAWriter()
    {
        const QString pipe = m_folder.filePath(u"pipe"_s);
        QCOMPARE(mkfifo(QFile::encodeName(pipe).constData(), 0600), 0);
        QCOMPARE(why(pipe), u"it is a pipe or a device, not a file"_s);
    }

    void device()
    {
        QCOMPARE(why(u"/dev/zero"_s), u"it is a pipe or a device, not a file"_s);
    }

    void linkIsFollowed()
    {
        put("one");
        QVERIFY(QFile::link(m_path, m_folder.filePath(u"link"_s)));
        QCOMPARE(std::get<QByteArray>(readRegularFile(m_folder.filePath(u"link"_s))), "one");
    }
#endif

private:
    void put(const QByteArray &content)
    {
        QFile file(m_path);
        QVERIFY(file.open(QIODevice::WriteOnly) && file.write(content) == content.size());
    }

    static QString why(const QString &path)
    {
        const auto content = readRegularFile(path, 100);
        const auto *sentence = std::get_if<Sentence>(&content);
        return sentence ? plain(*sentence) : QString();
    }

    QTemporaryDir m_folder;
    const QString m_path = m_folder.filePath(u"file"_s);
};

RELAY_TEST(TestRegularFile)
#include "tst_regularfile.moc"
