// SPDX-License-Identifier: MIT
#include "core/realtime/endreason.h"
#include "tests/support/relaytest.h"

#include <QFile>
#include <QRegularExpression>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace rr;

namespace {

/// A row of the table in doc/ends.md.
struct Row
{
    QString what, reason, closeCode, errorCode;
};

QList<Row> readPage()
{
    QFile file(QStringLiteral(ENDS_PAGE));
    if (!file.open(QIODevice::ReadOnly))
        qFatal("%s cannot be read", ENDS_PAGE);
    static const QRegularExpression row(
        u"^\\| (.*) \\| `([a-z_]+)` \\| (.*) \\| (.*) \\|$"_s, QRegularExpression::MultilineOption);
    QList<Row> rows;
    auto found = row.globalMatch(QString::fromUtf8(file.readAll()));
    while (found.hasNext()) {
        const auto match = found.next();
        rows.append({match.captured(1), match.captured(2), match.captured(3), match.captured(4)});
    }
    return rows;
}

/// The last word in backquotes: what is told when the upstream says nothing of its own.
QByteArray lastWord(const QString &cell)
{
    return cell.section(u'`', -2, -2).toLatin1();
}

/// The refusals that a row speaks of, without words of the upstream's but those that the row asks for.
QList<UpstreamFailure> refusalsOf(const QString &what)
{
    const auto refusal = [](int status, const QByteArray &body = {}) {
        UpstreamFailure failure;
        failure.kind = UpstreamFailure::Refused;
        failure.status = status;
        failure.body = body;
        return failure;
    };
    if (what.contains(u"any other status"_s))
        return {refusal(200), refusal(302), refusal(400), refusal(422)};
    if (what.contains(u"quota"_s))
        return {refusal(402), refusal(429, R"({"error":{"type":"insufficient_quota"}})"),
            refusal(429, R"({"error":{"type":"billing_not_active"}})")};
    QList<UpstreamFailure> refusals;
    static const QRegularExpression number(u"\\b[45]\\d\\d\\b"_s);
    auto found = number.globalMatch(what);
    while (found.hasNext())
        refusals.append(refusal(found.next().captured().toInt()));
    if (what.contains(u"other 429"_s))
        refusals.append(refusal(429));
    if (what.contains(u"5xx"_s))
        refusals += {refusal(500), refusal(502), refusal(503)};
    return refusals;
}

/// "403", or "429 `insufficient_quota`", as often as they stand in a row.
QList<EndDetails::Refusal> accessRefusalsOf(const QString &what)
{
    static const QRegularExpression refusal(u"\\b([45]\\d\\d)(?: `([a-z_]+)`)?"_s);
    QList<EndDetails::Refusal> refusals;
    auto found = refusal.globalMatch(what);
    while (found.hasNext()) {
        const auto match = found.next();
        refusals.append({match.captured(1).toInt(), match.captured(2).toLatin1(), "Why.", 0});
    }
    return refusals;
}

} // namespace

/// doc/ends.md tells of every end what describe() makes of it.
class TestEndsPage : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void tellsEveryEnd()
    {
        const QList<Row> rows = readPage();
        for (int i = 0; i <= int(EndReason::AccessRefused); ++i) {
            const auto reason = EndReason(i);
            const QString name = nameOf(reason);
            int told = 0;
            for (const Row &row : rows) {
                if (row.reason != name)
                    continue;
                ++told;
                compare(row, reason);
            }
            QVERIFY2(told > 0, qPrintable(u"doc/ends.md has no row for "_s + name));
        }
    }

    void tellsNoOther()
    {
        const QList<Row> rows = readPage();
        QVERIFY(!rows.isEmpty());
        for (const Row &row : rows) {
            bool known = false;
            for (int i = 0; i <= int(EndReason::AccessRefused); ++i)
                known = known || row.reason == nameOf(EndReason(i));
            QVERIFY2(known, qPrintable(row.reason));
        }
    }

private:
    static void compare(const Row &row, EndReason reason)
    {
        EndDetails details;
        if (reason == EndReason::ClientClosed || reason == EndReason::UpstreamClosed) {
            details.closeCode = 4321;
            const EndDescription end = describe(reason, details);
            QVERIFY2(row.closeCode.startsWith(u"its own code and reason"_s), qPrintable(row.closeCode));
            QCOMPARE(reason == EndReason::ClientClosed ? end.upstreamCode : end.clientCode, quint16(4321));
            QVERIFY(!end.hasErrorEvent());
            return;
        }
        if (reason == EndReason::AccessRefused) {
            const QList<EndDetails::Refusal> refusals = accessRefusalsOf(row.what);
            QVERIFY2(!refusals.isEmpty(), qPrintable(row.what));
            for (const EndDetails::Refusal &refusal : refusals) {
                details.refusal = refusal;
                QCOMPARE(QString::number(describe(reason, details).clientCode), row.closeCode);
            }
            return;
        }
        QList<UpstreamFailure> failures{{}};
        if (reason == EndReason::UpstreamRefused) {
            failures = refusalsOf(row.what);
            QVERIFY2(!failures.isEmpty(), qPrintable(row.what));
        }
        for (const UpstreamFailure &failure : failures) {
            details.failure = failure;
            const EndDescription end = describe(reason, details);
            const QString code = end.clientCode == 0 ? u"–"_s : QString::number(end.clientCode);
            QVERIFY2(row.closeCode == code, qPrintable(row.what + u": close "_s + code));
            QVERIFY2(lastWord(row.errorCode) == end.errorCode,
                qPrintable(row.what + u": "_s + QString::fromLatin1(end.errorCode)));
        }
    }
};

RELAY_TEST(TestEndsPage)
#include "tst_endspage.moc"
