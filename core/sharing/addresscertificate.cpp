// SPDX-License-Identifier: MIT
#include "core/sharing/addresscertificate.h"

#include "core/config/regularfile.h"

#include <QHostAddress>
#include <QSslConfiguration>
#include <QSslSocket>
#include <QUrl>

#include <algorithm>

namespace rr {

using namespace Qt::StringLiterals;

namespace {

/// "relay.example.org, 192.0.2.7": all that it is for; empty: nothing that clients would take.
QString namesOf(const QSslCertificate &certificate)
{
    constexpr int mostNames = 5;
    QStringList names = certificate.subjectAlternativeNames().values();
    names.sort();
    if (names.size() > mostNames)
        names = names.first(mostNames) << u"…"_s;
    return names.join(u", "_s);
}

/// As RFC 9525 has it, and browsers: the subject's common name does not count, and "*" stands for one whole label.
bool isFor(const QSslCertificate &certificate, const QString &host)
{
    const auto names = certificate.subjectAlternativeNames();
    if (const QHostAddress address(host); !address.isNull()) {
        const auto addresses = names.values(QSsl::IpAddressEntry);
        return std::any_of(addresses.begin(), addresses.end(),
            [&address](const QString &each) { return QHostAddress(each) == address; });
    }
    QString name = QString::fromLatin1(QUrl::toAce(host)).toLower();
    if (name.endsWith(u'.'))
        name.chop(1);
    const auto patterns = names.values(QSsl::DnsEntry);
    return std::any_of(patterns.begin(), patterns.end(), [&name](const QString &pattern) {
        const QString each = pattern.toLower();
        if (!each.startsWith("*."_L1))
            return each == name;
        const qsizetype dot = name.indexOf(u'.');
        return dot > 0 && name.sliced(dot) == each.sliced(1);
    });
}

bool isSignedBy(const QSslCertificate &certificate, const QSslCertificate &by)
{
    return certificate.issuerInfo(QSslCertificate::CommonName) == by.subjectInfo(QSslCertificate::CommonName)
        && certificate.issuerInfo(QSslCertificate::Organization)
        == by.subjectInfo(QSslCertificate::Organization);
}

/// What this system says of who has signed it.
std::optional<Sentence> issuerProblem(const QList<QSslCertificate> &chain)
{
    bool unknown = false;
    const auto errors = QSslCertificate::verify(chain);
    for (const QSslError &error : errors) {
        switch (error.error()) {
        case QSslError::SelfSignedCertificate:
        case QSslError::SelfSignedCertificateInChain:
        case QSslError::UnableToGetIssuerCertificate:
        case QSslError::UnableToGetLocalIssuerCertificate:
        case QSslError::UnableToVerifyFirstCertificate:
        case QSslError::CertificateUntrusted:
            unknown = true;
            break;
        default:
            break; // dates are looked at before
        }
    }
    if (!unknown)
        return {};
    const QString issuer = chain.last().issuerDisplayName();
    if (chain.size() == 1)
        return Sentence(
            QT_TRANSLATE_NOOP("Core",
                "The certificate was issued by %1, which this system does not know, and the file holds nothing that leads "
                "further. If it is an intermediate authority, put its certificate behind the relay's own into the same "
                "file (\"fullchain.pem\"); if it is your own authority, every client has to trust it."),
            {issuer});
    return Sentence(
        QT_TRANSLATE_NOOP("Core",
            "The certificate leads to %1, which this system does not know. Every client has to trust that "
            "authority; browsers of others will not. Take a certificate of a public authority."),
        {issuer});
}

} // namespace

std::optional<Sentence> certificateProblem(
    const QList<QSslCertificate> &chain, const QString &shownHost, const QDateTime &now)
{
    if (chain.isEmpty())
        return Sentence(QT_TRANSLATE_NOOP("Core", "There is no certificate."));
    const QSslCertificate &own = chain.first();
    if (own.effectiveDate() > now)
        return Sentence(
            QT_TRANSLATE_NOOP("Core",
                "The certificate is not valid before %1. Does this machine's clock go right? It says %2."),
            {own.effectiveDate().toString(Qt::ISODate), now.toString(Qt::ISODate)});
    if (own.expiryDate() < now)
        return Sentence(QT_TRANSLATE_NOOP("Core", "The certificate expired on %1. Renew it."),
            {own.expiryDate().toString(Qt::ISODate)});
    if (!isFor(own, shownHost)) {
        const QString names = namesOf(own);
        if (names.isEmpty())
            return Sentence(
                QT_TRANSLATE_NOOP("Core",
                    "The certificate names no host (no subject alternative name), so no client takes it for %1. Take "
                    "one that was issued for that name."),
                {shownHost});
        return Sentence(
            QT_TRANSLATE_NOOP("Core",
                "The certificate is for %1, and not for %2, so no client takes it there. Give others an "
                "address that it names, or take a certificate for %2."),
            {names, shownHost});
    }
    if (own.isSelfSigned())
        return Sentence(QT_TRANSLATE_NOOP("Core",
            "The certificate is signed by itself, so browsers and SDKs refuse it until each of them is told to trust it. "
            "Take one of a public authority, or share by a tunnel."));
    for (qsizetype i = 1; i < chain.size(); ++i) {
        if (!isSignedBy(chain[i - 1], chain[i]))
            return Sentence(
                QT_TRANSLATE_NOOP("Core",
                    "The certificates are not in order: %1 was issued by %2, and %3 follows. Put each issuer's "
                    "certificate behind the one that it has issued."),
                {chain[i - 1].subjectDisplayName(), chain[i - 1].issuerDisplayName(),
                    chain[i].subjectDisplayName()});
        if (chain[i].expiryDate() < now)
            return Sentence(
                QT_TRANSLATE_NOOP("Core",
                    "The certificate of the authority %1 in the chain expired on %2. Take the chain that your "
                    "authority gives now."),
                {chain[i].subjectDisplayName(), chain[i].expiryDate().toString(Qt::ISODate)});
    }
    return issuerProblem(chain);
}

std::optional<Sentence> certificateProblemOfFile(const QString &certFile, const QString &shownHost)
{
    const auto pem = readRegularFile(certFile);
    if (const auto *why = std::get_if<Sentence>(&pem))
        return Sentence(
            QT_TRANSLATE_NOOP("Core", "%1 cannot be read: %2. Check the path and its permissions."),
            {certFile, *why});
    return certificateProblem(QSslCertificate::fromData(std::get<QByteArray>(pem), QSsl::Pem), shownHost);
}

} // namespace rr
