// SPDX-License-Identifier: MIT
#include "core/relay/exchangetroubles.h"
#include "tests/support/relaytest.h"

#include <QTest>

using namespace rr;
using namespace Qt::StringLiterals;

class tst_ExchangeTroubles : public QObject
{
    Q_OBJECT

    static ResponseReader answerOf(int status, const QByteArray &body = {})
    {
        ResponseReader reader;
        reader.add("HTTP/1.1 " + QByteArray::number(status)
            + " X\r\nContent-Length: " + QByteArray::number(body.size()) + "\r\n\r\n" + body);
        return reader;
    }
    static QList<TroubleCode> codes(const Troubles &troubles)
    {
        QList<TroubleCode> found;
        // Late enough for those that are not told at once.
        const auto all = troubles.current(Moment::now() + std::chrono::seconds(60));
        for (const Trouble &trouble : all)
            found.append(trouble.code);
        return found;
    }

private Q_SLOTS:
    void begin_data()
    {
        QTest::addColumn<int>("status");
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<QList<TroubleCode>>("expected");
        const auto error
            = [](const char *code) { return "{\"error\":{\"code\":\"" + QByteArray(code) + "\"}}"; };
        QTest::newRow("answered") << 200 << QByteArray("{}") << QList<TroubleCode>{};
        QTest::newRow("key") << 401 << error("invalid_api_key") << QList{TroubleCode::KeyRefused};
        QTest::newRow("quota") << 429 << error("insufficient_quota") << QList{TroubleCode::QuotaUsedUp};
        QTest::newRow("rate") << 429 << error("rate_limit_exceeded") << QList<TroubleCode>{};
        QTest::newRow("the client's own affair") << 400 << error("invalid_value") << QList<TroubleCode>{};
    }
    void begin()
    {
        QFETCH(int, status);
        QFETCH(QByteArray, body);
        QFETCH(QList<TroubleCode>, expected);
        Troubles troubles;
        troubles.report(TroubleCode::UpstreamUnreachable, "Gone.");
        noteAnswer(troubles, answerOf(status, body), "/v1/realtime/client_secrets", u"192.0.2.7"_s);
        QCOMPARE(codes(troubles), expected); // that it is gone is over in any case
        if (!expected.isEmpty())
            QVERIFY(plain(troubles.current(Moment::now() + std::chrono::seconds(60))[0].text)
                        .contains("/v1/realtime/client_secrets"_L1));
        noteAnswer(troubles, answerOf(200), "/v1/realtime/client_secrets", u"192.0.2.8"_s);
        QCOMPARE(codes(troubles), expected); // of another client
        noteAnswer(troubles, answerOf(200), "/v1/realtime/client_secrets", u"192.0.2.7"_s);
        QVERIFY(codes(troubles).isEmpty());
    }

    void theRelaysOwnKey()
    {
        Troubles troubles;
        noteAnswer(troubles, answerOf(401), "/v1/realtime/client_secrets", u"192.0.2.7"_s, true);
        QCOMPARE(codes(troubles), QList{TroubleCode::HeldKeyRefused});
        noteAnswer(troubles, answerOf(200), "/v1/realtime/client_secrets", u"192.0.2.8"_s, true);
        QVERIFY(codes(troubles).isEmpty());
    }
};

RELAY_TEST(tst_ExchangeTroubles)
#include "tst_exchangetroubles.moc"
