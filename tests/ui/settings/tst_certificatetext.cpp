// SPDX-License-Identifier: MIT
#include "tests/support/relaytest.h"
#include "ui/settings/certificatetext.h"

#include <QTemporaryDir>
#include <QTest>
#include <QTimeZone>

using namespace Qt::StringLiterals;

class TestCertificateText : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void tells_data();
    void tells();
    void isHeldAgainstWhatIsShown();
    void noFile();
    void noCertificate();

private:
    QString write(const QByteArray &content);

    QTemporaryDir m_folder;
};

namespace {

// Self-signed, of relay.example.org.
const QByteArray certificate = "-----BEGIN CERTIFICATE-----\n"
                               "MIIBjzCCATWgAwIBAgIUNkqjvuE9Oj7H/OGNIWWdZ7wfLaMwCgYIKoZIzj0EAwIw\n"
                               "HDEaMBgGA1UEAwwRcmVsYXkuZXhhbXBsZS5vcmcwIBcNMjYxMTIzMDIyOTQ5WhgP\n"
                               "MjEyNjEwMzAwMjI5NDlaMBwxGjAYBgNVBAMMEXJlbGF5LmV4YW1wbGUub3JnMFkw\n"
                               "EwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEmndDn7k2DeZyYfF29SEH+9ttAfSpyih9\n"
                               "RgyA2WS1m1/gXrxl/4u7o/8cCPIPiHEoMmz+LIZye41M5e8WLb7OcaNTMFEwHQYD\n"
                               "VR0OBBYEFDwvLzAj5dVBnhPK8RgVf76LTV3KMB8GA1UdIwQYMBaAFDwvLzAj5dVB\n"
                               "nhPK8RgVf76LTV3KMA8GA1UdEwEB/wQFMAMBAf8wCgYIKoZIzj0EAwIDSAAwRQIh\n"
                               "ANTNVsVYwY1qCMF+3sGeGGJ2Wv2wKNeQ4cflnJJnXOQPAiB5CXBrySZLMF+GGr56\n"
                               "GEjH15ptC7kZIZqNH+0h2rB4cQ==\n"
                               "-----END CERTIFICATE-----\n";

QDateTime at(const char *text)
{
    return QDateTime::fromString(QString::fromLatin1(text), Qt::ISODate);
}

} // namespace

QString TestCertificateText::write(const QByteArray &content)
{
    const QString path = m_folder.filePath(u"cert.pem"_s);
    QFile file(path);
    if (file.open(QIODevice::WriteOnly))
        file.write(content);
    return path;
}

void TestCertificateText::tells_data()
{
    QTest::addColumn<QDateTime>("now");
    QTest::addColumn<QString>("part");
    QTest::addColumn<bool>("warning");
    QTest::newRow("valid") << at("2040-01-01T00:00:00Z") << "Valid until" << false;
    QTest::newRow("about to expire") << at("2126-10-27T02:29:49Z") << "Expires soon" << true;
    QTest::newRow("expired") << at("2126-11-02T02:29:49Z") << "Expired on" << true;
    QTest::newRow("not yet valid") << at("2020-01-01T00:00:00Z") << "Not valid before" << true;
}

void TestCertificateText::tells()
{
    QFETCH(QDateTime, now);
    QFETCH(QString, part);
    const rr::CertificateText text = rr::certificateText(write(certificate), now);
    QVERIFY2(text.text.contains(u"relay.example.org"_s), qPrintable(text.text));
    QVERIFY2(text.text.contains(part), qPrintable(text.text));
    QTEST(text.warning, "warning");
}

void TestCertificateText::isHeldAgainstWhatIsShown()
{
    const QString file = write(certificate);
    const auto now = at("2040-01-01T00:00:00Z");
    const rr::CertificateText text = rr::certificateText(file, now, u"192.0.2.7"_s);
    QVERIFY(text.warning);
    QVERIFY2(
        text.text.contains("Valid until"_L1) && text.text.contains("192.0.2.7"_L1), qPrintable(text.text));
    // Of one that has expired, that is enough.
    QCOMPARE(rr::certificateText(file, at("2126-11-02T02:29:49Z"), u"192.0.2.7"_s).text,
        rr::certificateText(file, at("2126-11-02T02:29:49Z")).text);
}

void TestCertificateText::noFile()
{
    QVERIFY(rr::certificateText({}, at("2030-01-01T00:00:00Z")).text.isEmpty());
    QVERIFY(rr::certificateText(u"/no/such/file"_s, at("2030-01-01T00:00:00Z")).text.isEmpty());
    QVERIFY(rr::certificateText(m_folder.path(), at("2030-01-01T00:00:00Z")).text.isEmpty());
}

void TestCertificateText::noCertificate()
{
    const rr::CertificateText text = rr::certificateText(write("nothing"), at("2030-01-01T00:00:00Z"));
    QVERIFY(!text.text.isEmpty());
    QVERIFY(text.warning);
}

RELAY_TEST(TestCertificateText)
#include "tst_certificatetext.moc"
