// SPDX-License-Identifier: MIT
#include "ui/control/autostart.h"

#include <QCoreApplication>
#include <QDir>
#include <QFile>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>

using namespace rr;

class TestAutostart : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init()
    {
#if !defined(Q_OS_LINUX)
        QSKIP("Would change the real settings of this user.");
#endif
        m_folder = std::make_unique<QTemporaryDir>();
        qputenv("XDG_CONFIG_HOME", m_folder->path().toUtf8());
    }

    void startsHiddenFromTheRightPlace()
    {
        const Autostart autostart;
        QVERIFY(!autostart.isOn());
        QVERIFY(!autostart.set(true));
        QVERIFY(autostart.isOn());
        QFile file(m_folder->filePath(QStringLiteral("autostart/realtime-relay.desktop")));
        QVERIFY(file.open(QIODevice::ReadOnly));
        const QString content = QString::fromUtf8(file.readAll());
        QVERIFY(content.startsWith(QLatin1String("[Desktop Entry]\n")));
        QVERIFY2(content.contains(QStringLiteral("Exec=\"%1\" --minimized --config \"%2/my settings.json\"\n")
                                      .arg(QCoreApplication::applicationFilePath(), QDir::currentPath())),
            qPrintable(content));
        QVERIFY(!autostart.set(false));
        QVERIFY(!autostart.isOn());
        QVERIFY(!autostart.set(false));
    }

    void respectsWhatTheDesktopSwitchedOff()
    {
        const Autostart autostart;
        QVERIFY(!autostart.set(true));
        QFile file(m_folder->filePath(QStringLiteral("autostart/realtime-relay.desktop")));
        QVERIFY(file.open(QIODevice::Append));
        file.write("Hidden=true\n");
        file.close();
        QVERIFY(!autostart.isOn());
    }

    void anEntryOfAnotherProgramIsNotThisOne()
    {
        const Autostart autostart;
        QVERIFY(!autostart.set(true));
        QFile file(m_folder->filePath(QStringLiteral("autostart/realtime-relay.desktop")));
        QVERIFY(file.open(QIODevice::ReadWrite));
        QByteArray content = file.readAll();
        content.replace("my settings.json", "other.json");
        QVERIFY(file.resize(0) && file.seek(0) && file.write(content) > 0);
        file.close();
        QVERIFY(!autostart.isOn());
        QVERIFY(!autostart.set(true));
        QVERIFY(autostart.isOn());
    }

    void findsTheSettingsFile()
    {
        const QString file = QDir::current().absoluteFilePath(QStringLiteral("a.json"));
        QCOMPARE(givenSettingsFile({QStringLiteral("--config=a.json")}), file);
        QCOMPARE(givenSettingsFile({QStringLiteral("--config=b"), QStringLiteral("--config"), file}), file);
        QCOMPARE(givenSettingsFile({QStringLiteral("--minimized")}), QString());
        QCOMPARE(givenSettingsFile({QStringLiteral("--config")}), QString());
    }

    void saysWhatCannotBeWritten()
    {
        QFile block(m_folder->filePath(QStringLiteral("autostart")));
        QVERIFY(block.open(QIODevice::WriteOnly));
        const auto problem = Autostart().set(true);
        QVERIFY(problem);
        QVERIFY(problem->contains(QLatin1String("realtime-relay.desktop")));
    }

private:
    std::unique_ptr<QTemporaryDir> m_folder;
};

int main(int argc, char *argv[])
{
    // As the program is started; what Qt Test is told goes to it alone.
    char option[] = "--config=my settings.json";
    char *arguments[] = {argv[0], option, nullptr};
    int count = 2;
    const QCoreApplication application(count, arguments);
    TestAutostart test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_autostart.moc"
