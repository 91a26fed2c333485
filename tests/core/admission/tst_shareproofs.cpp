// SPDX-License-Identifier: MIT
#include "core/admission/shareproofs.h"
#include "tests/support/relaytest.h"

#include <QMessageAuthenticationCode>
#include <QSet>
#include <QTest>

using namespace rr;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

class tst_ShareProofs : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void noncesAreNeverTheSame()
    {
        ShareProofs proofs;
        QSet<QByteArray> nonces;
        for (int i = 0; i < 1000; ++i) {
            const QByteArray nonce = proofs.issue();
            QCOMPARE(nonce.size(), 22);
            const auto decoded = QByteArray::fromBase64Encoding(
                nonce, QByteArray::Base64UrlEncoding | QByteArray::AbortOnBase64DecodingErrors);
            QVERIFY(decoded);
            QCOMPARE(decoded.decoded.size(), 16);
            nonces.insert(nonce);
        }
        QCOMPARE(nonces.size(), 1000);
    }

    void onceForEachKind()
    {
        ShareProofs proofs;
        const QByteArray nonce = proofs.issue();
        QVERIFY(proofs.isFresh(ShareProofs::http, nonce));
        QCOMPARE(proofs.answer(ShareProofs::http, nonce, {}), proofs.proofOf("http", nonce));
        QVERIFY(!proofs.isFresh(ShareProofs::http, nonce));
        QVERIFY(!proofs.answer(ShareProofs::http, nonce, {}));
        QVERIFY(proofs.isFresh(ShareProofs::ws, nonce));
        QCOMPARE(proofs.answer(ShareProofs::ws, nonce, {}), proofs.proofOf("ws", nonce));
        QVERIFY(!proofs.answer(ShareProofs::ws, nonce, {}));
        QVERIFY(!proofs.isFresh("other", proofs.issue()));
        QVERIFY(!proofs.isFresh(ShareProofs::http, "AAAAAAAAAAAAAAAAAAAAAA"));
        QVERIFY(!proofs.isFresh(ShareProofs::http, {}));
    }

    // Of one process, one kind and one nonce.
    void proofsTellApart()
    {
        ShareProofs here;
        ShareProofs elsewhere;
        const QByteArray nonce = here.issue();
        const QByteArray proof = here.proofOf("http", nonce);
        QCOMPARE(proof.size(), 43); // 32 bytes
        QCOMPARE(here.proofOf("http", nonce), proof);
        QVERIFY(here.proofOf("ws", nonce) != proof);
        QVERIFY(here.proofOf("http", here.issue()) != proof);
        QVERIFY(elsewhere.proofOf("http", nonce) != proof);
        QVERIFY(!elsewhere.isFresh(ShareProofs::http, nonce));
    }

    void grownOld()
    {
        ShareProofs proofs;
        const ShareProofs::TimePoint start{1000h};
        const QByteArray nonce = proofs.issue(start);
        QVERIFY(proofs.isFresh(ShareProofs::http, nonce, start + 60s));
        QVERIFY(!proofs.isFresh(ShareProofs::http, nonce, start + 61s));
        QVERIFY(!proofs.answer(ShareProofs::http, nonce, {}, start + 61s));
        QVERIFY(!proofs.arrivalOf(nonce));
    }

    void notMoreThanSoMany()
    {
        ShareProofs proofs;
        const QByteArray first = proofs.issue();
        const QByteArray second = proofs.issue();
        for (qsizetype i = 1; i < ShareProofs::mostNonces; ++i)
            proofs.issue();
        QVERIFY(!proofs.isFresh(ShareProofs::http, first));
        QVERIFY(proofs.isFresh(ShareProofs::http, second));
    }

    void whatHasArrivedIsKept()
    {
        ShareProofs proofs;
        const QByteArray nonce = proofs.issue();
        QVERIFY(!proofs.arrivalOf(nonce));
        const ShareProofs::Arrival first{"relay.example", "https://app.example", "Mozilla/5.0",
            "192.0.2.77, 203.0.113.9", {"realtime"}, QHostAddress::LocalHost};
        proofs.answer(ShareProofs::http, nonce, first);
        const auto kept = proofs.arrivalOf(nonce);
        QVERIFY(kept);
        QCOMPARE(kept->host, "relay.example"_ba);
        QCOMPARE(kept->origin, "https://app.example"_ba);
        QCOMPARE(kept->userAgent, "Mozilla/5.0"_ba);
        QCOMPARE(kept->forwardedFor, "192.0.2.77, 203.0.113.9"_ba);
        QCOMPARE(kept->subprotocols, QList<QByteArray>{"realtime"});
        QCOMPARE(kept->peer, QHostAddress(QHostAddress::LocalHost));
        proofs.answer(ShareProofs::http, nonce, {"other.example", {}, {}, {}, {}, {}}); // comes too late
        QCOMPARE(proofs.arrivalOf(nonce)->host, "relay.example"_ba);
        proofs.answer(ShareProofs::ws, nonce, {"again.example", {}, {}, {}, {}, {}});
        QCOMPARE(proofs.arrivalOf(nonce)->host, "again.example"_ba);

        const QByteArray other = proofs.issue();
        proofs.answer(ShareProofs::http, other, first);
        QVERIFY(proofs.hasComeFrom(QHostAddress(u"203.0.113.9"_s)));
        QVERIFY(!proofs.hasComeFrom(QHostAddress(u"192.0.2.77"_s))); // which anybody may write
    }
};

RELAY_TEST(tst_ShareProofs)
#include "tst_shareproofs.moc"
