// SPDX-License-Identifier: MIT
#include "ui/control/autostart.h"

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
        QVERIFY(content.contains(
            QStringLiteral("Exec=\"%1\" --minimized\n").arg(QCoreApplication::applicationFilePath())));
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

QTEST_GUILESS_MAIN(TestAutostart)
#include "tst_autostart.moc"
