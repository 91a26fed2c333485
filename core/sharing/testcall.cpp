// SPDX-License-Identifier: MIT
#include "core/sharing/testcall.h"

#include "core/config/regularfile.h"
#include "core/relay/tlsfiles.h"
#include "core/sharing/testcallline.h"

#include <QSslCertificate>
#include <QSslSocket>
#include <QUrlQuery>

#include <utility>
#include <variant>

namespace rr {

using namespace Qt::StringLiterals;

namespace {

/// A host that the certificate is for, by which it can be checked.
QString hostOf(const QSslCertificate &certificate)
{
    const auto names = certificate.subjectAlternativeNames();
    for (QString name : names.values(QSsl::DnsEntry))
        return name.startsWith("*."_L1) ? u"relay"_s + name.sliced(1) : name;
    return names.value(QSsl::IpAddressEntry);
}

} // namespace

TestCallPlan callToListener(const Settings &settings, quint16 port, const QByteArray &model)
{
    TestCallPlan plan;
    const QHostAddress listens(settings.host);
    const bool v6Only = listens.protocol() == QHostAddress::IPv6Protocol && listens != QHostAddress::AnyIPv6;
    plan.address = listens.isNull() || listens == QHostAddress::AnyIPv4 || listens == QHostAddress::AnyIPv6
        ? QHostAddress(QHostAddress::LocalHost)
        : listens;
    plan.key = Secret("test-call");
    plan.url.setScheme(u"ws"_s);
    plan.url.setHost(v6Only ? plan.address.toString() : u"127.0.0.1"_s);
    plan.url.setPort(port);
    plan.url.setPath(u"/v1/realtime"_s);
    QUrlQuery query;
    query.addQueryItem(u"model"_s, QString::fromUtf8(model));
    plan.url.setQuery(query);
    if (settings.tlsCertFile.isEmpty())
        return plan;

    // Nothing but this certificate is taken, so that a key is shown to nobody else; where it cannot be read nothing is.
    plan.url.setScheme(u"wss"_s);
    const auto pem = readRegularFile(settings.tlsCertFile);
    QList<QSslCertificate> chain;
    if (const auto *content = std::get_if<QByteArray>(&pem))
        chain = QSslCertificate::fromData(*content, QSsl::Pem);
    if (!chain.isEmpty() && !hostOf(chain.first()).isEmpty())
        plan.url.setHost(hostOf(chain.first()));
    plan.tls.qt = QSslConfiguration::defaultConfiguration();
    plan.tls.qt.setProtocol(QSsl::TlsV1_2OrLater);
    plan.tls.qt.setPeerVerifyMode(QSslSocket::VerifyPeer);
    plan.tls.qt.setCaCertificates(chain);
#ifdef Q_OS_LINUX
    plan.tls.client = std::make_shared<TlsClient>(chain);
#endif
    return plan;
}

TestCall::TestCall(QObject *parent)
    : QObject(parent)
{
}

TestCall::~TestCall() = default;

void TestCall::run(const TestCallPlan &plan)
{
    if (isRunning())
        return;
    TestCallPlan whole = plan;
    if (whole.url.scheme() == "wss"_L1 && !whole.tls.client && whole.tls.qt.isNull()) {
        Settings settings; // of which no file is named: nothing can go wrong
        settings.upstreamUrl = whole.url;
        whole.tls = std::get<UpstreamTls>(loadUpstreamTls(settings));
    }
    m_line = std::make_unique<Line>(*this, std::move(whole));
    m_line->begin();
}

void TestCall::hangUp()
{
    if (m_line)
        m_line->hangUp();
}

void TestCall::cancel()
{
    m_line.reset();
}

} // namespace rr
