// SPDX-License-Identifier: MIT
#include "core/relay/exchangefailure.h"
#include "tests/support/relaytest.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

using namespace rr;
using namespace Qt::StringLiterals;

class tst_ExchangeFailure : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void answers_data()
    {
        QTest::addColumn<int>("kind");
        QTest::addColumn<int>("upstream");
        QTest::addColumn<int>("status");
        QTest::addColumn<QString>("code");
        QTest::addColumn<QString>("words");
        const auto row = [](const char *name, ExchangeFailure::Kind kind, UpstreamFailure::Kind upstream,
                             int status, const QString &code, const QString &words) {
            QTest::newRow(name) << int(kind) << int(upstream) << status << code << words;
        };
        using F = ExchangeFailure;
        using U = UpstreamFailure;
        row("no address", F::Unreachable, U::Dns, 502, u"upstream_unreachable"_s,
            u"no address for api.example"_s);
        row("too late to connect", F::Unreachable, U::Timeout, 504, u"upstream_unreachable"_s, u"in time"_s);
        row("no descriptors", F::Unreachable, U::NoDescriptors, 503, u"upstream_unreachable"_s,
            u"open no more files"_s);
        row("too late to answer", F::Late, U::Network, 504, u"upstream_answer_failed"_s,
            u"CONNECT_TIMEOUT"_s);
        row("no HTTP", F::NoAnswer, U::Network, 502, u"upstream_answer_failed"_s, u"is not HTTP/1.1"_s);
        row("cut off", F::CutOff, U::Network, 502, u"upstream_answer_failed"_s,
            u"before its answer was whole"_s);
        row("too large", F::TooLarge, U::Network, 502, u"upstream_answer_failed"_s, u"64 KiB"_s);
        row("another thing", F::NotUnderstood, U::Network, 502, u"upstream_answer_failed"_s,
            u"something else"_s);
    }
    void answers()
    {
        QFETCH(int, kind);
        QFETCH(int, upstream);
        QFETCH(QString, words);
        const ExchangeFailure failure{
            ExchangeFailure::Kind(kind), {UpstreamFailure::Kind(upstream)}, "is not HTTP/1.1"};
        const Sentence message = describe(failure, u"api.example"_s);
        QVERIFY2(plain(message).contains(words), qPrintable(plain(message)));
        QVERIFY(plain(message).contains("api.example"_L1));
        const HttpResponse response = failureResponse(failure, message);
        QTEST(response.status, "status");
        const QJsonObject error = QJsonDocument::fromJson(response.body).object()["error"_L1].toObject();
        QTEST(error["code"_L1].toString(), "code");
        QCOMPARE(error["type"_L1].toString(), u"server_error"_s);
        QCOMPARE(error["message"_L1].toString(), plain(message));
    }
};

RELAY_TEST(tst_ExchangeFailure)
#include "tst_exchangefailure.moc"
