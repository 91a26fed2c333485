// SPDX-License-Identifier: MIT
#include "tests/support/relaytest.h"
#include "ui/tray/singleinstance.h"

#include <QFile>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using namespace rr;

class TestSingleInstance : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void theSecondRaisesTheFirst()
    {
        const QTemporaryDir folder;
        const QString file = folder.filePath(QStringLiteral("new/settings.json"));
        SingleInstance first(file);
        QSignalSpy raised(&first, &SingleInstance::raiseRequested);
        QVERIFY(first.claim(false));

        SingleInstance quiet(file);
        QVERIFY(!quiet.claim(true));
        SingleInstance second(file);
        QVERIFY(!second.claim(false));
        QTRY_COMPARE(raised.size(), 1);

        SingleInstance elsewhere(folder.filePath(QStringLiteral("other.json")));
        QVERIFY(elsewhere.claim(false));
    }

    void whoAnswersIsTheFirstWithoutALock()
    {
        const QTemporaryDir folder;
        QFile block(folder.filePath(QStringLiteral("block"))); // where a folder for the lock would have to be
        QVERIFY(block.open(QIODevice::WriteOnly));
        const QString file = folder.filePath(QStringLiteral("block/settings.json"));
        SingleInstance first(file);
        QSignalSpy raised(&first, &SingleInstance::raiseRequested);
        QVERIFY(first.claim(false));

        SingleInstance quiet(file);
        QVERIFY(!quiet.claim(true));
        SingleInstance second(file);
        QVERIFY(!second.claim(false));
        QTRY_COMPARE(raised.size(), 1);
    }

    void anEndedOneMakesRoom()
    {
        const QTemporaryDir folder;
        const QString file = folder.filePath(QStringLiteral("settings.json"));
        {
            SingleInstance first(file);
            QVERIFY(first.claim(false));
        }
        SingleInstance second(file);
        QVERIFY(second.claim(false));
    }
};

RELAY_TEST(TestSingleInstance)
#include "tst_singleinstance.moc"
