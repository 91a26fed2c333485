// SPDX-License-Identifier: MIT
// The program itself, on a store of its own.
#include "core/admission/accessbook.h"
#include "tests/support/relaytest.h"

#include <QDir>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>

using namespace rr;
using namespace Qt::StringLiterals;

class tst_TokenCommand : public QObject
{
    Q_OBJECT

    struct Outcome
    {
        int code = -1;
        QString out;
        QString err;
    };

    std::unique_ptr<QTemporaryDir> m_folder;
    QString m_url;

    QString path(const QString &name) const { return m_folder->filePath(name); }

    /// `environment`: besides that of this test.
    Outcome run(const QStringList &arguments, const QMap<QString, QString> &environment) const
    {
        QProcess process;
        QProcessEnvironment variables = QProcessEnvironment::systemEnvironment();
        for (auto each = environment.begin(); each != environment.end(); ++each)
            variables.insert(each.key(), each.value());
        process.setProcessEnvironment(variables);
        process.start(QStringLiteral(RELAY_DAEMON), QStringList{u"token"_s} + arguments, QIODevice::ReadOnly);
        if (!process.waitForFinished(60'000))
            return {};
        return {process.exitStatus() == QProcess::NormalExit ? process.exitCode() : -1,
            QString::fromUtf8(process.readAllStandardOutput()),
            QString::fromUtf8(process.readAllStandardError())};
    }
    Outcome token(const QStringList &arguments) const { return run(arguments, {{u"STORE_URL"_s, m_url}}); }

    QJsonArray listed() const
    {
        return QJsonDocument::fromJson(token({u"list"_s, u"--json"_s}).out.toUtf8()).array();
    }

private Q_SLOTS:
    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        m_url = "sqlite:"_L1 + path(u"store.sqlite"_s);
    }

    void fromBeginningToEnd()
    {
        const Outcome added
            = token({u"add"_s, u"demo"_s, u"--expires=7d"_s, u"--usd-a-day=5"_s, u"--calls"_s, u"3"_s});
        QVERIFY2(added.code == 0, qPrintable(added.err));
        static const QRegularExpression form(
            u"^  (ek_rr_[A-Za-z0-9_-]{32})$"_s, QRegularExpression::MultilineOption);
        const auto match = form.match(added.out);
        QVERIFY2(match.hasMatch(), qPrintable(added.out));
        const QByteArray secret = match.captured(1).toLatin1();
        QVERIFY(added.out.contains("openai-insecure-api-key."_L1 + match.captured(1)));

        // It is shown this once, and kept as its hash.
        const Outcome list = token({u"list"_s});
        QCOMPARE(list.code, 0);
        QVERIFY2(list.out.contains("demo"_L1) && list.out.contains("good"_L1)
                && list.out.contains("0.00 of 5.00"_L1),
            qPrintable(list.out));
        QVERIFY(!list.out.contains(match.captured(1)));
        const QStringList files = QDir(m_folder->path()).entryList(QDir::Files | QDir::Hidden);
        QVERIFY(!files.isEmpty());
        QByteArray kept;
        for (const QString &name : files) {
            QFile file(path(name));
            QVERIFY(file.open(QIODevice::ReadOnly));
            kept += file.readAll();
            QCOMPARE(int(file.permissions() & (QFile::ReadGroup | QFile::ReadOther)), 0);
        }
        QVERIFY(!kept.contains(secret));
        const QByteArray hash = hashOfToken(Secret(secret));
        QVERIFY(kept.contains(hash) || kept.contains(hash.toHex()));

        QCOMPARE(token({u"set"_s, u"demo"_s, u"--usd-a-day=7.50"_s, u"--name"_s, u"other"_s}).code, 0);
        QJsonObject terms = listed().first().toObject();
        QCOMPARE(terms.value("name"_L1).toString(), u"other"_s);
        QCOMPARE(terms.value("usdADay"_L1).toString(), u"7.50"_s);
        QCOMPARE(terms.value("callsAtOnce"_L1).toInt(), 3);

        QCOMPARE(token({u"revoke"_s, u"other"_s}).code, 0);
        QCOMPARE(listed().first().toObject().value("state"_L1).toString(), u"revoked"_s);
        const Outcome again = token({u"revoke"_s, u"other"_s});
        QCOMPARE(again.code, 0);
        QVERIFY(again.out.contains("before"_L1));
        QCOMPARE(token({u"set"_s, u"other"_s, u"--calls=1"_s}).code, 3);
    }

    void asJson()
    {
        const Outcome added = token({u"add"_s, u"demo"_s, u"--json"_s});
        const QJsonObject terms = QJsonDocument::fromJson(added.out.toUtf8()).object();
        QVERIFY(terms.value("token"_L1).toString().startsWith("ek_rr_"_L1));
        QCOMPARE(listed().first().toObject().value("name"_L1).toString(), u"demo"_s);
        QVERIFY(!listed().first().toObject().contains("token"_L1));
        QCOMPARE(token({u"list"_s}).out.count(u'\n'), 2);
    }

    void fromASettingsFile()
    {
        QFile file(path(u"relayd.json"_s));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(QJsonDocument(QJsonObject{{u"storeUrl"_s, m_url}, {u"port"_s, 9000}}).toJson());
        file.close();
        const Outcome added = run({u"add"_s, u"demo"_s, u"--config"_s, file.fileName()}, {});
        QVERIFY2(added.code == 0, qPrintable(added.err));
        QVERIFY2(added.out.contains("ws://localhost:9000/v1/realtime"_L1), qPrintable(added.out));
        QCOMPARE(listed().size(), 1);
    }

    void refusals_data()
    {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<int>("code");
        QTest::addColumn<QString>("says");
        QTest::newRow("a name that is taken") << QStringList{u"add"_s, u"taken"_s} << 3 << u"taken"_s;
        QTest::newRow("no such token") << QStringList{u"revoke"_s, u"none"_s} << 3 << u"none"_s;
        QTest::newRow("none to change") << QStringList{u"set"_s, u"none"_s, u"--calls=1"_s} << 3 << u"none"_s;
        QTest::newRow("a wrong time")
            << QStringList{u"add"_s, u"a"_s, u"--expires=soon"_s} << 2 << u"--expires takes"_s;
        QTest::newRow("no verb") << QStringList{} << 2 << u"add, list, revoke or set"_s;
        QTest::newRow("another option")
            << QStringList{u"list"_s, u"--colour"_s} << 2 << u"--colour is not an option"_s;
        QTest::newRow("a wrong setting") << QStringList{u"list"_s, u"--port=many"_s} << 2 << u"--port"_s;
    }
    void refusals()
    {
        QFETCH(QStringList, arguments);
        QFETCH(int, code);
        QFETCH(QString, says);
        QCOMPARE(token({u"add"_s, u"taken"_s}).code, 0);
        const Outcome outcome = token(arguments);
        QCOMPARE(outcome.code, code);
        QVERIFY2(outcome.err.startsWith("realtime-relayd: "_L1) && outcome.err.contains(says),
            qPrintable(outcome.err));
        QCOMPARE(outcome.out, QString());
        QCOMPARE(listed().size(), 1);
    }

    void withoutAStore()
    {
        const Outcome outcome = run({u"list"_s}, {{u"STORE_URL"_s, QString()}});
        QCOMPARE(outcome.code, 2);
        QVERIFY2(outcome.err.contains("STORE_URL"_L1), qPrintable(outcome.err));
    }

    void aStoreThatCannotBeReached()
    {
        const Outcome outcome = run({u"list"_s},
            {{u"STORE_URL"_s, "sqlite:"_L1 + path(u"a"_s) + "/b"_L1},
                {u"OPENAI_API_KEY"_s, u"sk-hunter2"_s}});
        QCOMPARE(outcome.code, 0); // its folder is made
        QFile file(path(u"file"_s));
        QVERIFY(file.open(QIODevice::WriteOnly));
        const Outcome failed = run({u"list"_s},
            {{u"STORE_URL"_s, "sqlite:"_L1 + path(u"file/b"_s)}, {u"OPENAI_API_KEY"_s, u"sk-hunter2"_s}});
        QCOMPARE(failed.code, 1);
        QVERIFY2(failed.err.contains(path(u"file"_s)), qPrintable(failed.err));
        QVERIFY(!failed.err.contains("hunter2"_L1));
    }

    void helps()
    {
        const Outcome outcome = run({u"--help"_s}, {});
        QCOMPARE(outcome.code, 0);
        QVERIFY(outcome.out.contains("token add NAME"_L1));
        QVERIFY(outcome.out.contains("Exit codes"_L1));
    }
};

RELAY_TEST(tst_TokenCommand)
#include "tst_tokencommand.moc"
