// SPDX-License-Identifier: MIT
#include "core/relay/relayjournal.h"

#include "tests/support/relaytest.h"

#include <QTest>

using namespace rr;
using namespace Qt::StringLiterals;

class tst_RelayJournal : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void aTroubleEndsAsLoudAsItBegan_data()
    {
        QTest::addColumn<Severity>("severity");
        QTest::addColumn<LogLevel>("level");
        QTest::newRow("note") << Severity::Note << LogLevel::Info;
        QTest::newRow("warning") << Severity::Warning << LogLevel::Warning;
        QTest::newRow("error") << Severity::Error << LogLevel::Error;
    }
    void aTroubleEndsAsLoudAsItBegan()
    {
        QFETCH(Severity, severity);
        Trouble trouble;
        trouble.code = TroubleCode::RelayFull;
        trouble.severity = severity;
        trouble.title = "Full.";
        trouble.text = "Raise it.";
        trouble.steadySince = Moment::now().steady - std::chrono::seconds(5);
        const JournalEntry began = troubleBegan(trouble);
        const JournalEntry ended = troubleEnded(trouble);
        QTEST(began.level, "level");
        QTEST(ended.level, "level");
        QCOMPARE(began.event, "trouble_began"_ba);
        QCOMPARE(ended.event, "trouble_ended"_ba);
        QCOMPARE(plain(began.message), u"Full. Raise it."_s);
        QCOMPARE(plain(ended.message), u"No longer so: Full."_s);
        QCOMPARE(began.fields.first().second.toString(), u"relay_full"_s);
        QVERIFY(ended.fields.last().second.toLongLong() >= 5000);
    }

    void aRefusalSaysWhoWasRefused()
    {
        const JournalEntry entry
            = requestRefused(403, "origin_not_allowed", "No.", QHostAddress(u"192.0.2.7"_s), u"https://a"_s);
        QCOMPARE(entry.level, LogLevel::Warning);
        const QList<std::pair<QByteArray, QVariant>> expected{{"code", u"origin_not_allowed"_s},
            {"status", 403}, {"client", u"192.0.2.7"_s}, {"origin", u"https://a"_s}};
        QCOMPARE(entry.fields, expected);
    }

    void anExchangeSaysWhatBecameOfIt()
    {
        const JournalEntry entry = exchangeEnded(LogLevel::Info, "Done.",
            {"POST", "/v1/realtime/client_secrets", 200, 85, QHostAddress(u"192.0.2.7"_s), u"https://a"_s});
        QCOMPARE(entry.event, "exchange"_ba);
        const QList<std::pair<QByteArray, QVariant>> expected{{"method", u"POST"_s},
            {"path", u"/v1/realtime/client_secrets"_s}, {"status", 200}, {"duration_ms", qint64(85)},
            {"client", u"192.0.2.7"_s}, {"origin", u"https://a"_s}};
        QCOMPARE(entry.fields, expected);
    }

    void theShareIsNamed()
    {
        const std::pair<QByteArray, QVariant> expected{"door", QVariant(nameOf(Door::Share))};
        QCOMPARE(requestRefused(404, "wrong_link", "No.", {}, {}, Door::Share).fields.last(), expected);
        QCOMPARE(
            exchangeEnded(LogLevel::Info, "Done.", {"POST", "/x", 200, 1, {}, {}, Door::Share}).fields.last(),
            expected);
        QCOMPARE(connectionFailed(ConnectionFailure::TlsFailed, {}, u"why"_s, Door::Share).fields.last(),
            expected);
    }

    void theAccessTokenIsNamed()
    {
        const std::pair<QByteArray, QVariant> expected{"access", QVariant(u"demo"_s)};
        QCOMPARE(
            exchangeEnded(LogLevel::Info, "Done.", {"POST", "/x", 200, 1, {}, {}, Door::Public, u"demo"_s})
                .fields.last(),
            expected);
    }

    void aFailureSaysWhoseItWas()
    {
        QStringList sentences;
        for (size_t i = 0; i < connectionFailureNames.size(); ++i) {
            const auto failure = ConnectionFailure(i);
            const JournalEntry entry = connectionFailed(failure, QHostAddress(u"192.0.2.7"_s));
            QCOMPARE(entry.event, "connection_failed"_ba);
            const QList<std::pair<QByteArray, QVariant>> expected{
                {"code", QString(nameOf(failure))}, {"client", u"192.0.2.7"_s}};
            QCOMPARE(entry.fields, expected);
            QVERIFY(!sentences.contains(plain(entry.message)));
            sentences.append(plain(entry.message));
        }
        QCOMPARE(
            connectionFailed(ConnectionFailure::TlsFailed, {}, u"no shared cipher"_s).fields.last().second,
            QVariant(u"no shared cipher"_s));
        // Who just leaves is not warned of.
        QCOMPARE(connectionFailed(ConnectionFailure::LeftEarly, {}).level, LogLevel::Info);
        QCOMPARE(connectionFailed(ConnectionFailure::CertificateNotTrusted, {}).level, LogLevel::Warning);
    }
};

RELAY_TEST(tst_RelayJournal)
#include "tst_relayjournal.moc"
