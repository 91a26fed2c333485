// SPDX-License-Identifier: MIT
#include "tests/support/relaytest.h"
#include "ui/log/logfilter.h"

#include <QTest>

using namespace Qt::StringLiterals;
using rr::LogFilter;
using rr::LogLevel;

class TestLogFilter : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void matches_data();
    void matches();
    void fieldsText();
    void oneLine();
};

namespace {

rr::JournalEntry entry()
{
    rr::JournalEntry entry;
    entry.level = LogLevel::Warning;
    entry.event = "session_closed";
    entry.call = u"a1b2c3d4"_s;
    entry.message = "The upstream vanished.";
    entry.fields = {{"code", 1011}, {"origin", QString()}, {"by", u"upstream"_s}};
    return entry;
}

} // namespace

void TestLogFilter::matches_data()
{
    QTest::addColumn<LogLevel>("minimum");
    QTest::addColumn<QString>("call");
    QTest::addColumn<QString>("text");
    QTest::addColumn<bool>("matches");

    QTest::newRow("nothing asked") << LogLevel::Debug << ""
                                   << "" << true;
    QTest::newRow("its level") << LogLevel::Warning << ""
                               << "" << true;
    QTest::newRow("a higher level") << LogLevel::Error << ""
                                    << "" << false;
    QTest::newRow("its call") << LogLevel::Debug << "a1b2c3d4"
                              << "" << true;
    QTest::newRow("how its call begins") << LogLevel::Debug << "A1B"
                                         << "" << true;
    QTest::newRow("inside its call") << LogLevel::Debug << "b2c3"
                                     << "" << false;
    QTest::newRow("another call") << LogLevel::Debug << "ffffffff"
                                  << "" << false;
    QTest::newRow("in the message") << LogLevel::Debug << ""
                                    << "VANISHED" << true;
    QTest::newRow("in the fields") << LogLevel::Debug << ""
                                   << "code=1011" << true;
    QTest::newRow("in the event") << LogLevel::Debug << ""
                                  << "session_cl" << true;
    QTest::newRow("in the call") << LogLevel::Debug << ""
                                 << "c3d4" << true;
    QTest::newRow("nowhere") << LogLevel::Debug << ""
                             << "nowhere" << false;
    QTest::newRow("all three") << LogLevel::Warning << "a1"
                               << "vanished" << true;
    QTest::newRow("one of three not") << LogLevel::Error << "a1"
                                      << "vanished" << false;
}

void TestLogFilter::matches()
{
    QFETCH(LogLevel, minimum);
    QFETCH(QString, call);
    QFETCH(QString, text);
    const LogFilter filter{minimum, call, text};
    QTEST(filter.matches(entry(), rr::logFieldsText(entry())), "matches");
}

void TestLogFilter::fieldsText()
{
    QCOMPARE(rr::logFieldsText(entry()), u"code=1011 by=upstream"_s);
    QCOMPARE(rr::logFieldsText({}), QString());
}

void TestLogFilter::oneLine()
{
    QCOMPARE(rr::inOneLine(u"a\nb\u202Ec \u00E4 \U0001F600"_s), u"a\uFFFDb\uFFFDc \u00E4 \U0001F600"_s);
}

RELAY_TEST(TestLogFilter)
#include "tst_logfilter.moc"
