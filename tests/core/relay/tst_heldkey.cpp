// SPDX-License-Identifier: MIT
#include "core/relay/heldkey.h"

#include "core/relay/relayrules.h"
#include "tests/support/relaytest.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace rr;
using namespace Qt::StringLiterals;

class tst_HeldKey : public QObject
{
    Q_OBJECT
    QTemporaryDir m_dir;

    QString file(const QByteArray &content)
    {
        QFile file(m_dir.filePath(u"key"_s));
        if (!file.open(QIODevice::WriteOnly) || file.write(content) != content.size())
            qFatal("write");
        return file.fileName();
    }

private Q_SLOTS:
    void none() { QVERIFY(std::get<Secret>(loadHeldKey({})).isEmpty()); }

    void ofTheSettings()
    {
        Settings settings;
        settings.openaiApiKey = u"sk-held"_s;
        QCOMPARE(std::get<Secret>(loadHeldKey(settings)).reveal(), "sk-held"_ba);
        const auto rules = makeRules(settings);
        QCOMPARE(std::get<std::shared_ptr<const RelayRules>>(rules)->heldKey.reveal(), "sk-held"_ba);
    }

    void ofAFile()
    {
        Settings settings;
        settings.openaiApiKeyFile = file(" sk-held\r\n\n");
        QCOMPARE(std::get<Secret>(loadHeldKey(settings)).reveal(), "sk-held"_ba);
    }

    void cannotBeUsed_data()
    {
        QTest::addColumn<QByteArray>("content");
        QTest::addColumn<QString>("why");
        QTest::newRow("empty") << " \n"_ba << u"it is empty"_s;
        QTest::newRow("two lines") << "sk-hunter2\nsk-hunter3"_ba << u"blanks"_s;
        QTest::newRow("a line of an environment") << "OPENAI_API_KEY = sk-hunter2"_ba << u"blanks"_s;
        QTest::newRow("an access token") << "ek_rr_hunter2"_ba << u"access token"_s;
    }
    void cannotBeUsed()
    {
        QFETCH(QByteArray, content);
        QFETCH(QString, why);
        Settings settings;
        settings.openaiApiKeyFile = file(content);
        const auto rules = makeRules(settings);
        const auto *error = std::get_if<RelayError>(&rules);
        QVERIFY(error);
        QCOMPARE(error->code, "key_file"_ba);
        QCOMPARE(error->setting, "openaiApiKeyFile"_ba);
        const QString text = plain(error->detail);
        QVERIFY2(text.contains(why) && text.contains(settings.openaiApiKeyFile), qPrintable(text));
        QVERIFY(!text.contains("hunter2"_L1));
    }

    void cannotBeRead()
    {
        const QString paths[] = {m_dir.path(), m_dir.filePath(u"none"_s)};
        for (const QString &path : paths) {
            Settings settings;
            settings.openaiApiKeyFile = path;
            const auto key = loadHeldKey(settings);
            const auto *error = std::get_if<RelayError>(&key);
            QVERIFY(error);
            QCOMPARE(error->code, "key_file"_ba);
            QVERIFY(plain(error->detail).contains("cannot be read"_L1));
        }
    }
};

RELAY_TEST(tst_HeldKey)
#include "tst_heldkey.moc"
