// SPDX-License-Identifier: MIT
#include "tests/support/relaytest.h"
#include "ui/control/certificatefile.h"

#include <QTemporaryDir>
#include <QTest>

#ifdef Q_OS_UNIX
#include <sys/stat.h>
#endif

using namespace rr;
using namespace Qt::StringLiterals;

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

} // namespace

class TestCertificateFile : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void readsTheFirst()
    {
        QCOMPARE(firstCertificate(write(certificate + "rest")).subjectDisplayName(), u"relay.example.org"_s);
        QVERIFY(firstCertificate(write("nothing")).isNull());
        QVERIFY(firstCertificate({}).isNull());
        QVERIFY(firstCertificate(m_folder.path()).isNull());
    }

    void looksAtTheBeginningOnly()
    {
        QVERIFY(!firstCertificate(write(QByteArray(1024, '\n') + certificate)).isNull());
        QVERIFY(firstCertificate(write(QByteArray(1024 * 1024, '\n') + certificate)).isNull());
    }

    void waitsForNoPipe()
    {
#ifdef Q_OS_UNIX
        const QString pipe = m_folder.filePath(u"pipe"_s);
        QCOMPARE(mkfifo(pipe.toLocal8Bit().constData(), 0600), 0);
        QVERIFY(firstCertificate(pipe).isNull());
#else
        QSKIP("Pipes are no files here.");
#endif
    }

private:
    QString write(const QByteArray &content)
    {
        const QString path = m_folder.filePath(u"cert.pem"_s);
        QFile file(path);
        if (file.open(QIODevice::WriteOnly))
            file.write(content);
        return path;
    }

    QTemporaryDir m_folder;
};

RELAY_TEST(TestCertificateFile)
#include "tst_certificatefile.moc"
