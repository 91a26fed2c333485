// SPDX-License-Identifier: MIT
#include "ui/overview/tlshint.h"

#include "ui/control/pageorigin.h"
#include "ui/control/relaycontrol.h"
#include "ui/overview/tickline.h"
#include "ui/sharing/sharedialog.h"

#include <QHBoxLayout>
#include <QHostAddress>
#include <QPushButton>
#include <QVBoxLayout>

#include <algorithm>

namespace rr {

using namespace Qt::StringLiterals;

QString pageInNeedOfTls(const QStringList &allowedOrigins, const QUrl &offered)
{
    const bool willDo = offered.isEmpty() || offered.scheme() != "ws"_L1 || offered.host() == "localhost"_L1
        || QHostAddress(offered.host()).isLoopback();
    if (willDo)
        return {};
    const QStringList elsewhere = originsElsewhere(allowedOrigins);
    const auto page = std::find_if(elsewhere.cbegin(), elsewhere.cend(),
        [](const QString &origin) { return origin.startsWith("https://"_L1, Qt::CaseInsensitive); });
    return page == elsewhere.cend() ? QString() : *page;
}

TlsHint::TlsHint(RelayControl &control, QWidget *parent)
    : QWidget(parent)
    , m_control(control)
    , m_line(new TickLine(this))
    , m_tunnel(new QPushButton(tr("By a tunnel…"), this))
    , m_certificate(new QPushButton(tr("By a certificate…"), this))
{
    m_tunnel->setObjectName(u"tlsByTunnel"_s);
    m_tunnel->setToolTip(tr("Gives the relay a wss address at once, without a certificate of your own"));
    m_certificate->setToolTip(tr("Shows the settings for a certificate and its key"));
    for (QPushButton *button : {m_tunnel, m_certificate})
        button->setAutoDefault(false);
    auto *row = new QHBoxLayout;
    row->setContentsMargins(tickIndent(*this), 0, 0, 0);
    row->addWidget(m_tunnel);
    row->addWidget(m_certificate);
    row->addStretch();
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins({});
    column->setSpacing(4);
    column->addWidget(m_line);
    column->addLayout(row);
    connect(m_tunnel, &QPushButton::clicked, this, [this] { ShareDialog::open(m_control, this); });
    connect(m_certificate, &QPushButton::clicked, this, [this] { Q_EMIT settingsRequested("tlsCertFile"); });
    hide();
}

void TlsHint::refresh()
{
    const auto addresses = m_control.addresses();
    const QUrl offered = addresses.isEmpty() ? QUrl() : addresses.first().url;
    const bool isShared = m_control.sharing().status().state == Sharing::State::Shared; // by wss
    const QString page = isShared ? QString() : pageInNeedOfTls(m_control.settings().allowedOrigins, offered);
    setVisible(!page.isEmpty());
    m_tunnel->setEnabled(!m_control.sharing().isOn());
    if (!page.isEmpty())
        m_line->show(Tick::Attention,
            tr("Browsers let a page of https open wss:// only. For %1, %2 will not do: wss comes by a tunnel, or by a "
               "certificate for a name that leads here.")
                .arg(page, offered.toString(QUrl::RemovePath)));
}

} // namespace rr
