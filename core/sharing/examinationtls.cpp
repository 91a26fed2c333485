// SPDX-License-Identifier: MIT
#include "core/realtime/redaction.h"
#include "core/sharing/doctorwords.h"
#include "core/sharing/examination.h"

#include <QHostAddress>
#include <QSslCertificate>

namespace rr {

using namespace Qt::StringLiterals;

using Result = CheckStep::Result;

/// First whoever answers is looked at, whatever its certificate is worth: that tells why calls refuse it, and what time it
/// is there.
void Doctor::Examination::lookAtTls()
{
    if (skipsUpstream())
        return;
    look(upstreamPeer(), [this](const PeerSight &sight) {
        m_upstreamSeen = sight;
        if (!isUpstreamSecure()) {
            const QHostAddress address(upstreamHost());
            if (m_plan.isDemo || address.isLoopback() || upstreamHost() == "localhost"_L1)
                good(QT_TRANSLATE_NOOP("Core", "The upstream is on this machine, and asked without TLS."));
            else
                done(Result::Warning, "without_tls"_L1,
                    QT_TRANSLATE_NOOP("Core",
                        "The upstream is asked without TLS (ws://): keys and all that is said can be read on the way."),
                    QT_TRANSLATE_NOOP("Core", "Use its wss:// address, if it has one."));
            return;
        }
        connectTo(upstreamDestination(true), [this](const UpstreamFailure *failure) {
            if (failure) {
                judgeTls(*failure);
                return;
            }
            const QSslCertificate own = m_upstreamSeen.chain.value(0);
            if (own.isNull())
                good(QT_TRANSLATE_NOOP("Core", "Its certificate is trusted."));
            else
                good({QT_TRANSLATE_NOOP("Core", "Its certificate is trusted: issued by %1, valid until %2."),
                    {outsideText(own.issuerDisplayName()), own.expiryDate().toString(Qt::ISODate)}});
        });
    });
}

void Doctor::Examination::judgeTls(const UpstreamFailure &failure)
{
    m_upstreamIsBad = true;
    const PeerSight &seen = m_upstreamSeen;
    const QString host = upstreamHost();
    const QSslCertificate own = seen.chain.value(0);
    const bool early = seen.hasDoubt(QSslError::CertificateNotYetValid);
    if (failure.kind == UpstreamFailure::Tls && (early || seen.hasDoubt(QSslError::CertificateExpired))) {
        if (seen.date.isValid()) {
            const CheckStep clocks = foundOfClocks(seen.seenAt, seen.date);
            if (clocks.result != Result::Good) {
                done(Result::Bad, "clock_wrong"_L1,
                    {QT_TRANSLATE_NOOP(
                         "Core", "By this machine's clock the certificate of %1 is not valid now. %2"),
                        {host, clocks.text}},
                    clocks.next);
                return;
            }
        }
        if (early)
            done(Result::Bad, "certificate_not_yet_valid"_L1,
                {QT_TRANSLATE_NOOP(
                     "Core", "The certificate of %1 is valid from %2 on only; this machine's clock says %3."),
                    {host, own.effectiveDate().toString(Qt::ISODate), seen.seenAt.toString(Qt::ISODate)}},
                QT_TRANSLATE_NOOP("Core",
                    "Set this machine's clock if it is wrong; if it is right, whoever runs the upstream has to mend "
                    "this."));
        else
            done(Result::Bad, "certificate_expired"_L1,
                {QT_TRANSLATE_NOOP("Core", "The certificate of %1 expired on %2."),
                    {host, own.expiryDate().toString(Qt::ISODate)}},
                QT_TRANSLATE_NOOP(
                    "Core", "Whoever runs the upstream has to renew it. Check this machine's clock, too."));
        return;
    }
    if (failure.kind == UpstreamFailure::Tls && seen.hasDoubt(QSslError::HostNameMismatch)) {
        done(Result::Bad, "certificate_wrong_name"_L1,
            {QT_TRANSLATE_NOOP("Core", "Who answers as %1 has a certificate for %2."),
                {host, outsideText(own.subjectAlternativeNames().values().join(u", "_s))}},
            QT_TRANSLATE_NOOP("Core",
                "Correct the upstream's address (UPSTREAM_URL); if it is right, something on the way answers in its "
                "place."));
        return;
    }
    if (failure.kind == UpstreamFailure::Tls && !seen.doubts.isEmpty()) {
        const QSslCertificate last = seen.chain.isEmpty() ? own : seen.chain.last();
        done(Result::Bad, "certificate_unknown_issuer"_L1,
            {QT_TRANSLATE_NOOP(
                 "Core", "The certificate of %1 was issued by %2, which the relay does not trust."),
                {host, outsideText(last.issuerDisplayName())}},
            QT_TRANSLATE_NOOP("Core",
                "If that is a proxy or a virus scanner of your own network, give its authority as UPSTREAM_CA_FILE; if "
                "you do not know it, somebody on the way reads along: do not call from this network."));
        return;
    }
    bad(foundOf(failure, {QT_TRANSLATE_NOOP("Core", "%1 port %2"), {host, QString::number(upstreamPort())}}));
}

void Doctor::Examination::lookAtClock()
{
    if (m_upstreamSeen.date.isValid())
        bad(foundOfClocks(m_upstreamSeen.seenAt, m_upstreamSeen.date));
    else if (!skipsUpstream())
        skipped(QT_TRANSLATE_NOOP("Core", "The upstream does not say what time it is."));
}

} // namespace rr
