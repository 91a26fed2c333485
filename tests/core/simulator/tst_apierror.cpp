// SPDX-License-Identifier: MIT
#include "core/simulator/apierror.h"
#include "tests/support/relaytest.h"

#include <QTest>

using namespace rr;
using namespace Qt::StringLiterals;

class TestApiError : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void forClose_data()
    {
        QTest::addColumn<int>("closeCode");
        QTest::addColumn<QString>("reason"); ///< type and code, as the close frame names them
        QTest::addColumn<QString>("param");
        QTest::newRow("3000") << 3000 << u"invalid_request_error.invalid_api_key"_s << QString();
        QTest::newRow("4000") << 4000 << u"invalid_request_error.missing_model"_s << u"model"_s;
        QTest::newRow("4004") << 4004 << u"invalid_request_error.model_not_found"_s << u"model"_s;
        QTest::newRow("1013") << 1013 << u"insufficient_quota.insufficient_quota"_s << QString();
        QTest::newRow("any other") << 1011 << u"server_error.server_error"_s << QString();
        QTest::newRow("none") << 0 << u"server_error.server_error"_s << QString();
    }
    void forClose()
    {
        QFETCH(int, closeCode);
        QFETCH(QString, reason);
        QFETCH(QString, param);
        const ApiError error = errorForClose(quint16(closeCode));
        QCOMPARE(error.closeReason(), reason);
        QCOMPARE(error.param, param);
        QCOMPARE(error.param.isNull(), param.isNull());
        QVERIFY(!error.message.isEmpty());
    }

    void forStatus_data()
    {
        QTest::addColumn<int>("status");
        QTest::addColumn<QString>("type");
        QTest::addColumn<QString>("code");
        QTest::newRow("400") << 400 << u"invalid_request_error"_s << u"bad_request"_s;
        QTest::newRow("401") << 401 << u"invalid_request_error"_s << u"invalid_api_key"_s;
        QTest::newRow("403") << 403 << u"request_forbidden"_s << u"unsupported_country_region_territory"_s;
        QTest::newRow("404") << 404 << u"invalid_request_error"_s << u"not_found"_s;
        QTest::newRow("426") << 426 << u"invalid_request_error"_s << u"upgrade_required"_s;
        QTest::newRow("429") << 429 << u"requests"_s << u"rate_limit_exceeded"_s;
        QTest::newRow("the last of the caller's") << 499 << u"invalid_request_error"_s << u"bad_request"_s;
        QTest::newRow("the first of the server's") << 500 << u"server_error"_s << u"server_error"_s;
        QTest::newRow("599") << 599 << u"server_error"_s << u"server_error"_s;
    }
    void forStatus()
    {
        QFETCH(int, status);
        QFETCH(QString, type);
        QFETCH(QString, code);
        const ApiError error = errorForStatus(status);
        QCOMPARE(error.type, type);
        QCOMPARE(error.code, code);
        QVERIFY(!error.message.isEmpty());
    }

    void json()
    {
        const ApiError about{u"invalid_value"_s, u"Wrong."_s, u"session.type"_s, u"a_type"_s};
        QCOMPARE(about.toJson(),
            (QJsonObject{{u"type"_s, u"a_type"_s}, {u"code"_s, u"invalid_value"_s},
                {u"message"_s, u"Wrong."_s}, {u"param"_s, u"session.type"_s}}));
        const ApiError aboutNone{u"c"_s, u"m"_s};
        QCOMPARE(aboutNone.toJson(),
            (QJsonObject{{u"type"_s, u"invalid_request_error"_s}, {u"code"_s, u"c"_s}, {u"message"_s, u"m"_s},
                {u"param"_s, QJsonValue::Null}}));
    }
};

RELAY_TEST(TestApiError)
#include "tst_apierror.moc"
