// SPDX-License-Identifier: MIT
#include "app/daemon/tokentext.h"

#include "core/config/usd.h"
#include "tests/support/relaytest.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

using namespace rr;
using namespace Qt::StringLiterals;

class tst_TokenText : public QObject
{
    Q_OBJECT
    const QDateTime m_now = QDateTime::fromString(u"2026-11-27T12:00:00Z"_s, Qt::ISODate);

    AccessTerms full() const
    {
        AccessTerms terms;
        terms.id = 1;
        terms.name = u"demo"_s;
        terms.createdAt = m_now;
        terms.expiresAt = m_now.addDays(7);
        terms.models = QStringList{u"gpt-realtime"_s};
        terms.origins = QStringList{u"https://a.example"_s, u"https://b.example"_s};
        terms.callsAtOnce = 3;
        terms.minutesACall = 30;
        terms.usdADay = *readUsd(u"5"_s);
        terms.usdInAll = *readUsd(u"20.125"_s);
        return terms;
    }
    QList<AccessTerms> some() const
    {
        AccessTerms expired;
        expired.id = 2;
        expired.name = u"old"_s;
        expired.expiresAt = m_now;
        AccessTerms revoked;
        revoked.id = 3;
        revoked.name = u"gone\x1b[2J"_s;
        revoked.isRevoked = true;
        return {full(), expired, revoked};
    }
    const QList<BudgetStand> m_budgets{{0, Budget::RelayDay, *readUsd(u"1.5"_s), *readUsd(u"50"_s)},
        {1, Budget::TokenDay, *readUsd(u"1.25"_s), *readUsd(u"5"_s)},
        {1, Budget::TokenInAll, *readUsd(u"19.0001"_s), *readUsd(u"20.125"_s)}};

private Q_SLOTS:
    void aNewOneIsShownWithWhereItGoes()
    {
        const Store::NewToken token{full(), Secret("ek_rr_0123456789")};
        Settings settings;
        settings.port = 9000;
        const QString text = newTokenAsText(token, settings);
        for (const QString &part :
            {u"demo, good until 2026-12-04T12:00:00Z"_s, u"\n  ek_rr_0123456789\n"_s,
                u"\"openai-insecure-api-key.ek_rr_0123456789\""_s,
                u"Authorization: Bearer ek_rr_0123456789\n"_s,
                u"    VITE_OPENAI_RELAY_URL=ws://localhost:9000/v1/realtime\n"
                "    VITE_OPENAI_API_KEY=ek_rr_0123456789\n"_s,
                u"    new WebSocket(\"ws://localhost:9000/v1/realtime?model=gpt-realtime\", [\"realtime\", "_s})
            QVERIFY2(text.contains(part), qPrintable(text));
        settings.host = u"192.0.2.1"_s;
        settings.tlsCertFile = u"cert.pem"_s;
        QVERIFY(newTokenAsText(token, settings).contains(u"wss://192.0.2.1:9000/v1/realtime"_s));

        const QJsonObject json = QJsonDocument::fromJson(newTokenAsJson(token).toUtf8()).object();
        QCOMPARE(json.value("token"_L1).toString(), u"ek_rr_0123456789"_s);
        QCOMPARE(json.value("name"_L1).toString(), u"demo"_s);
        QCOMPARE(json.value("usdADay"_L1).toString(), u"5.00"_s);
        QCOMPARE(json.value("usdInAll"_L1).toString(), u"20.125"_s);
        QCOMPARE(json.value("expiresAt"_L1).toString(), u"2026-12-04T12:00:00Z"_s);
        QVERIFY(!newTokenAsJson(token).contains("hash"_L1));
    }

    void aTable()
    {
        const QStringList lines = tokensAsText(some(), m_budgets, m_now).split(u'\n');
        QCOMPARE(lines.size(), 6);
        QCOMPARE(
            lines[0].simplified(), u"NAME STATE EXPIRES USD TODAY USD IN ALL CALLS MINUTES MODELS ORIGINS"_s);
        QCOMPARE(lines[1].simplified(),
            u"demo good 2026-12-04T12:00:00Z 1.25 of 5.00 19.0001 of 20.125 3 30 gpt-realtime "
            "https://a.example,https://b.example"_s);
        QCOMPARE(lines[2].simplified(), u"old expired 2026-11-27T12:00:00Z - - - - - -"_s);
        QCOMPARE(lines[3].simplified(), u"gone?[2J revoked - - - - - - -"_s);
        QCOMPARE(lines[4], u"All together today: 1.50 of 50.00 US dollars."_s);
        QCOMPARE(lines[0].indexOf("STATE"_L1), lines[2].indexOf("expired"_L1));
        QVERIFY(tokensAsText({}, {}, m_now).contains("token add"_L1));
    }

    void asJson()
    {
        const QJsonArray all
            = QJsonDocument::fromJson(tokensAsJson(some(), m_budgets, m_now).toUtf8()).array();
        QCOMPARE(all.size(), 3);
        const QJsonObject first = all[0].toObject();
        QCOMPARE(first.value("state"_L1).toString(), u"good"_s);
        QCOMPARE(first.value("spentTodayUsd"_L1).toString(), u"1.25"_s);
        QCOMPARE(first.value("spentInAllUsd"_L1).toString(), u"19.0001"_s);
        QCOMPARE(first.value("callsAtOnce"_L1).toInt(), 3);
        QCOMPARE(all[1].toObject().value("state"_L1).toString(), u"expired"_s);
        QVERIFY(!all[1].toObject().contains("usdADay"_L1));
        QCOMPARE(all[2].toObject().value("state"_L1).toString(), u"revoked"_s);
        QCOMPARE(tokensAsJson({}, {}, m_now), u"[]\n"_s);
    }

    void aBudgetWhoseStandIsNotKnown()
    {
        QVERIFY(tokensAsText({full()}, {}, m_now).contains("? of 5.00"_L1));
    }
};

RELAY_TEST(tst_TokenText)
#include "tst_tokentext.moc"
