// SPDX-License-Identifier: MIT
#include "ui/sharing/serverbox.h"

#include "core/sharing/servertext.h"
#include "ui/parts/copybutton.h"
#include "ui/parts/plainlabel.h"

#include <QComboBox>
#include <QFontDatabase>
#include <QHBoxLayout>
#include <QLabel>
#include <QPlainTextEdit>
#include <QVBoxLayout>

namespace rr {

using namespace Qt::StringLiterals;

namespace {

constexpr int serverLines = 9;

enum WebServer { Caddy, Nginx };

QString written(const QString &into, const QString &file, const QString &text)
{
    return u"cat %1%2 <<'END'\n%3END\n"_s.arg(into, file, text);
}

/// All of it for one shell; what a key is asked for stands as a comment, for only its owner has that.
QString pasted(WebServer server, const ServerText &text)
{
    QString all = text.account + written(u">"_s, u"/etc/ssh/sshd_config.d/realtime-relay.conf"_s, text.sshd)
        + "systemctl reload ssh\n"_L1;
    if (server == Caddy)
        all += written(u">>"_s, u"/etc/caddy/Caddyfile"_s, text.caddy) + "systemctl reload caddy\n"_L1;
    else
        all += written(u">"_s, u"/etc/nginx/sites-available/realtime-relay"_s, text.nginx)
            + "ln -sf ../sites-available/realtime-relay /etc/nginx/sites-enabled/\n"
              "systemctl reload nginx\n"_L1;
    return all + "# Before your public key in ~/.ssh/authorized_keys of that account:\n# "_L1
        + text.authorizedKeys + u'\n';
}

} // namespace

ServerBox::ServerBox(QWidget *parent)
    : QWidget(parent)
    , m_webServer(new QComboBox(this))
    , m_copy(new CopyButton(
          tr("Copy what is to be pasted on the server"), [this] { return m_text->toPlainText(); }, this))
    , m_text(new QPlainTextEdit(this))
{
    m_webServer->addItems({u"Caddy"_s, u"nginx"_s});
    m_webServer->setAccessibleName(tr("Web server"));
    m_text->setObjectName(u"serverText"_s);
    m_text->setAccessibleName(tr("To be pasted on the server"));
    m_text->setReadOnly(true);
    m_text->setTabChangesFocus(true);
    m_text->setLineWrapMode(QPlainTextEdit::NoWrap);
    m_text->setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
    m_text->setFixedHeight(m_text->fontMetrics().lineSpacing() * serverLines + 24);
    QLabel *explanation = plainLabel(this);
    explanation->setWordWrap(true);
    explanation->setText(tr(
        "Paste it there once, into a shell of root (Debian, Ubuntu), when the fields above are filled in. The name must "
        "lead to the server, and Caddy, or nginx with a certificate of certbot, must be installed on it."));

    auto *row = new QHBoxLayout;
    row->addWidget(m_webServer);
    row->addWidget(m_copy);
    row->addStretch();
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins({});
    column->addWidget(explanation);
    column->addLayout(row);
    column->addWidget(m_text);
    connect(m_webServer, &QComboBox::currentIndexChanged, this, &ServerBox::showText);
    showText();
}

void ServerBox::show(const QMap<QString, QString> &fields)
{
    m_fields = fields;
    showText();
}

void ServerBox::showText()
{
    const ServerText text = serverText(m_fields);
    m_text->setPlainText(pasted(m_webServer->currentIndex() == 0 ? Caddy : Nginx, text));
    m_copy->setEnabled(!text.isExample);
}

} // namespace rr
