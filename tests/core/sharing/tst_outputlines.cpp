// SPDX-License-Identifier: MIT
#include "core/sharing/outputlines.h"

#include "tests/support/relaytest.h"

#include <QTest>

using namespace Qt::StringLiterals;
using rr::OutputLines;

class tst_OutputLines : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void lines_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<QStringList>("lines");
        QTest::newRow("two") << QByteArray("a\nb\n") << QStringList{u"a"_s, u"b"_s};
        QTest::newRow("not ended") << QByteArray("a\nb") << QStringList{u"a"_s, u"b"_s};
        QTest::newRow("carriage returns") << QByteArray("a\r\n\rb\r\r\n") << QStringList{u"a"_s, u"b"_s};
        QTest::newRow("colours") << QByteArray("\x1b[44mHTTPS\x1b[0m: \x1b[1;38;5;9mhttps://a.b\x1b[K\n")
                                 << QStringList{u"HTTPS: https://a.b"_s};
        QTest::newRow("title and link")
            << QByteArray("\x1b]0;title\x07one \x1b]8;;https://x.y\x1b\\two\x1b]8;;\x1b\\\n")
            << QStringList{u"one two"_s};
        QTest::newRow("empty") << QByteArray("\n\n") << QStringList{QString(), QString()};
        QTest::newRow("too long") << QByteArray(5'000, 'x') + "\nshort\n"
                                  << QStringList{QString(OutputLines::longest, u'x'), u"short"_s};
    }
    void lines()
    {
        QFETCH(QByteArray, bytes);
        QFETCH(QStringList, lines);
        for (const qsizetype step : {qsizetype(1), qsizetype(3), bytes.size()}) { // as they happen to come
            OutputLines read;
            QStringList got;
            for (qsizetype at = 0; at < bytes.size(); at += step)
                got += read.take(bytes.mid(at, step));
            if (const QString rest = read.rest(); !rest.isEmpty())
                got.append(rest);
            QCOMPARE(got, lines);
        }
    }

    void shownLine_data()
    {
        QTest::addColumn<QString>("line");
        QTest::addColumn<QString>("shown");
        QTest::newRow("plain") << u"Forwarding to 127.0.0.1"_s << u"Forwarding to 127.0.0.1"_s;
        QTest::newRow("secret in a path")
            << u"GET /s/AbCdEfGhIjKlMnOpQrSt-_/v1/realtime"_s << u"GET /s/…/v1/realtime"_s;
        QTest::newRow("secret in a link")
            << u"https://a.b/try#k=AbCdEfGhIjKlMnOpQrSt-_"_s << u"https://a.b/try#k=…"_s;
        QTest::newRow("secret in a subprotocol")
            << u"realtime, realtime-relay-access.AbCdEfGhIjKlMnOpQrSt-_"_s
            << u"realtime, realtime-relay-access.…"_s;
        QTest::newRow("key") << u"Bearer sk-proj-123"_s << u"Bearer …"_s;
        QTest::newRow("direction") << u"a\u202eb"_s << u"a b"_s;
        QTest::newRow("long") << QString(1'001, u'x') << QString(999, u'x') + u'…';
    }
    void shownLine()
    {
        QFETCH(QString, line);
        QFETCH(QString, shown);
        QCOMPARE(rr::shownLine(line), shown);
    }
};

RELAY_TEST(tst_OutputLines)
#include "tst_outputlines.moc"
