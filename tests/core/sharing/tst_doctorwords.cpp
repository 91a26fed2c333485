// SPDX-License-Identifier: MIT
#include "core/sharing/doctorwords.h"

#include "tests/support/relaytest.h"

#include <QTest>
#include <QTimeZone>

using namespace rr;
using namespace Qt::StringLiterals;

namespace {

UpstreamFailure refusal(int status, const QByteArray &code = {})
{
    UpstreamFailure failure;
    failure.kind = UpstreamFailure::Refused;
    failure.status = status;
    failure.body = "{\"error\":{\"code\":\"" + code + "\"}}";
    return failure;
}

TestCallResult failedCall(int status, const QByteArray &code)
{
    TestCallResult result;
    result.status = status;
    result.errorCode = code;
    result.failure = Sentence("It failed.");
    return result;
}

} // namespace

class tst_DoctorWords : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void failures()
    {
        QStringList codes;
        for (int kind = UpstreamFailure::Refused; kind <= UpstreamFailure::Network; ++kind) {
            const CheckStep step
                = foundOf({UpstreamFailure::Kind(kind), 404, asTheySaid(u"the \u202edetail"_s)},
                    asTheySaid(u"api.example.org"_s));
            QCOMPARE(step.result, CheckStep::Result::Bad);
            QVERIFY(!step.code.isEmpty() && !step.next.isEmpty());
            QVERIFY(!plain(step.text).contains(u'\u202e'));
            codes.append(step.code);
        }
        QCOMPARE(codes,
            (QStringList{u"not_an_api"_s, u"name_not_found"_s, u"connection_refused"_s, u"no_answer"_s,
                u"tls_failed"_s, u"proxy_failed"_s, u"bad_answer"_s, u"too_many_files"_s,
                u"network_unreachable"_s}));
    }

    void refusals_data()
    {
        QTest::addColumn<int>("status");
        QTest::addColumn<QByteArray>("said");
        QTest::addColumn<QString>("code");
        QTest::newRow("asks for a key") << 401 << QByteArray() << QString();
        QTest::newRow("asks for a model") << 400 << QByteArray() << QString();
        QTest::newRow("is busy") << 429 << QByteArray() << QString();
        QTest::newRow("another region")
            << 403 << "unsupported_country_region_territory"_ba << u"region_refused"_s;
        QTest::newRow("another 403") << 403 << QByteArray() << u"access_refused"_s;
        QTest::newRow("no such path") << 404 << QByteArray() << u"not_an_api"_s;
        QTest::newRow("elsewhere") << 302 << QByteArray() << u"not_an_api"_s;
        QTest::newRow("a page") << 200 << QByteArray() << u"not_an_api"_s;
        QTest::newRow("down") << 503 << QByteArray() << u"upstream_fails"_s;
    }
    void refusals()
    {
        QFETCH(int, status);
        QFETCH(QByteArray, said);
        QFETCH(QString, code);
        const CheckStep step = foundOfRefusal(refusal(status, said), u"api.example.org"_s);
        QCOMPARE(QString(step.code), code);
        QCOMPARE(step.result == CheckStep::Result::Good, code.isEmpty());
        QCOMPARE(step.next.isEmpty(), code.isEmpty());
        QVERIFY(plain(step.text).contains(u"api.example.org"_s));
    }

    void calls_data()
    {
        QTest::addColumn<int>("status");
        QTest::addColumn<QByteArray>("said");
        QTest::addColumn<QString>("code");
        QTest::newRow("401") << 401 << "invalid_api_key"_ba << u"key_refused"_s;
        QTest::newRow("in an event") << 0 << "invalid_api_key"_ba << u"key_refused"_s;
        QTest::newRow("no such model") << 0 << "model_not_found"_ba << u"model_unknown"_s;
        QTest::newRow("quota") << 429 << "insufficient_quota"_ba << u"quota_used_up"_s;
        QTest::newRow("region") << 403 << "unsupported_country_region_territory"_ba << u"region_refused"_s;
        QTest::newRow("permission") << 403 << "missing_scope"_ba << u"access_refused"_s;
        QTest::newRow("anything else") << 0 << QByteArray() << u"call_failed"_s;
    }
    void calls()
    {
        QFETCH(int, status);
        QFETCH(QByteArray, said);
        QFETCH(QString, code);
        const CheckStep step = foundOfCall(failedCall(status, said), u"api.example.org"_s);
        QCOMPARE(step.result, CheckStep::Result::Bad);
        QCOMPARE(QString(step.code), code);
        QVERIFY(!step.next.isEmpty() && !step.text.isEmpty());
    }

    void clocks()
    {
        const QDateTime there(QDate(2026, 11, 27), QTime(12, 0), QTimeZone::utc());
        QCOMPARE(foundOfClocks(there, there).result, CheckStep::Result::Good);
        QCOMPARE(foundOfClocks(there.addSecs(clockToleranceSeconds), there).result, CheckStep::Result::Good);
        for (const qint64 off : {clockToleranceSeconds + 1, -clockToleranceSeconds - 1}) {
            const CheckStep step = foundOfClocks(there.addSecs(off), there);
            QCOMPARE(step.result, CheckStep::Result::Bad);
            QCOMPARE(step.code, "clock_wrong"_L1);
        }
    }
};

RELAY_TEST(tst_DoctorWords)
#include "tst_doctorwords.moc"
