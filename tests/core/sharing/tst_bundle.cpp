// SPDX-License-Identifier: MIT
#include "core/sharing/bundle.h"

#include "core/sharing/doctor.h"
#include "tests/support/relaytest.h"

#include <QFile>
#include <QFileInfo>
#include <QJsonObject>
#include <QTemporaryDir>
#include <QTest>

using namespace rr;
using namespace Qt::StringLiterals;

namespace {

CheckStep brokenProxy()
{
    CheckStep step;
    step.id = "proxy"_L1;
    step.result = CheckStep::Result::Bad;
    step.code = "proxy_failed"_L1;
    step.text = Sentence("It said %1.", {u"Bearer sk-abcdefghijklmnopqrstuvwxyz012345"_s});
    step.next = "Ask whoever runs it.";
    step.ms = 12;
    return step;
}

} // namespace

class tst_Bundle : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void saysWhatHelps()
    {
        BundleParts parts;
        parts.loaded.file = u"/etc/relay.json"_s;
        parts.loaded.settings.port = 8099;
        parts.loaded.settings.upstreamProxy = u"http://someone:hidden-word@proxy.example.org:3128"_s;
        parts.loaded.settings.statsToken = u"hidden-token"_s;
        parts.loaded.settings.openaiApiKey = u"hidden-key"_s;
        parts.loaded.settings.storeUrl = u"postgresql://someone:hidden-word@db.example.org/relay"_s;
        parts.loaded.sources[findSetting(u"port"_s)] = SettingSource::Environment;
        parts.lastError = RelayError{"port_in_use", "port", "Port 8099 is in use."};
        parts.steps = {brokenProxy()};
        parts.journal = {journalEntry(LogLevel::Info, "listening", "Listening.")};
        parts.otherLog = u"one\nAuthorization: Bearer sk-abcdefghijklmnopqrstuvwxyz012345\n"_s;
        const QString text = bundleText(parts);
        for (const QString &part : {u"Qt "_s, u"/etc/relay.json"_s, u"port = 8099  [environment]"_s,
                 u"port_in_use: Port 8099 is in use."_s, u"bad  Proxy: "_s, u"[proxy_failed]"_s,
                 u"Ask whoever runs it."_s, u"Listening."_s, u"  one\n"_s, u"proxy.example.org"_s,
                 u"db.example.org/relay"_s})
            QVERIFY2(text.contains(part), qPrintable(part + u" in "_s + text));
        for (const QString &secret :
            {u"hidden-word"_s, u"hidden-token"_s, u"hidden-key"_s, u"abcdefghijkl"_s})
            QVERIFY2(!text.contains(secret), qPrintable(secret));
    }

    void longLogs()
    {
        BundleParts parts;
        for (int i = 0; i < bundleLogLines + 5; ++i)
            parts.otherLog += u"line-%1-\n"_s.arg(i);
        const QString text = bundleText(parts);
        QVERIFY(!text.contains(u"line-4-"_s));
        QVERIFY(text.contains(u"line-5-"_s));
        QVERIFY(text.contains(u"line-%1-"_s.arg(bundleLogLines + 4)));
    }

    void forPrograms()
    {
        const QJsonObject step = stepsAsJson({brokenProxy()}).first().toObject();
        QCOMPARE(step[u"id"_s], u"proxy"_s);
        QCOMPARE(step[u"result"_s], u"bad"_s);
        QCOMPARE(step[u"code"_s], u"proxy_failed"_s);
        QCOMPARE(step[u"title"_s].toString(), plain(Doctor::titleOf("proxy"_L1)));
        QCOMPARE(step[u"ms"_s].toInt(), 12);
        QVERIFY(!step[u"text"_s].toString().contains(u"abcdefghijkl"_s));
    }

    void isForItsOwnerAlone()
    {
        const QTemporaryDir folder;
        const QString file = folder.filePath(u"bundle.txt"_s);
        QFile before(file);
        QVERIFY(before.open(QIODevice::WriteOnly));
        before.write("old and longer");
        before.close();
        QVERIFY(before.setPermissions(
            QFile::ReadOwner | QFile::WriteOwner | QFile::ReadGroup | QFile::ReadOther));
        QVERIFY(!writeBundle(file, u"new"_s));
        QFile after(file);
        QVERIFY(after.open(QIODevice::ReadOnly));
        QCOMPARE(after.readAll(), "new"_ba);
#ifdef Q_OS_UNIX
        QVERIFY(!(QFileInfo(file).permissions()
            & (QFile::ReadGroup | QFile::WriteGroup | QFile::ReadOther | QFile::WriteOther)));
#endif
        const auto problem = writeBundle(folder.filePath(u"no/such/folder"_s), u"new"_s);
        QVERIFY(problem);
        QVERIFY(plain(*problem).contains(u"cannot be written"_s));
    }
};

RELAY_TEST(tst_Bundle)
#include "tst_bundle.moc"
