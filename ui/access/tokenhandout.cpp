// SPDX-License-Identifier: MIT
#include "ui/access/tokenhandout.h"

#include "core/sharing/linkforms.h"
#include "ui/control/relaycontrol.h"
#include "ui/parts/copybutton.h"
#include "ui/parts/plainlabel.h"

#include <QDialogButtonBox>
#include <QFontDatabase>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QVBoxLayout>

#include <algorithm>

namespace rr {

using namespace Qt::StringLiterals;

namespace {

constexpr int handoutWidth = 680;

/// A title, what is to be copied, and the button for it.
void addLine(QVBoxLayout &column, const QString &title, const QString &text, const QString &copy,
    const QString &name, QWidget *parent)
{
    QLabel *head = plainLabel(parent, 1, true);
    head->setText(title);
    head->setWordWrap(true);
    auto *line = new QLineEdit(text, parent);
    line->setObjectName(name);
    line->setReadOnly(true);
    line->setAccessibleName(title);
    line->setCursorPosition(0);
    line->setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
    auto *button = new CopyButton(
        copy, [text] { return text; }, parent);
    button->setObjectName(u"copy-"_s + name);
    auto *row = new QHBoxLayout;
    row->addWidget(line, 1);
    row->addWidget(button);
    column.addWidget(head);
    column.addLayout(row);
}

} // namespace

Handout handoutOf(const RelayControl &control, const Secret &token)
{
    Handout handout;
    handout.token = QString::fromLatin1(token.reveal());
    const Sharing::Status &share = control.sharing().status();
    LinkForms forms;
    if (share.state == Sharing::State::Shared && !share.address.isEmpty()) {
        forms = linkForms(share.address, share.secret);
        handout.shareLink = forms.tryLink;
    } else if (const QList<RelayAddress> addresses = control.addresses(); !addresses.isEmpty()) {
        forms = openForms(addresses.first().url);
    }
    handout.env = forms.env;
    handout.program
        = u"new WebSocket(url, [\"realtime\", \"openai-insecure-api-key.%1\"])"_s.arg(handout.token);
    return handout;
}

TokenHandout::TokenHandout(const AccessTerms &terms, const Handout &handout, QWidget *parent)
    : QDialog(parent)
{
    setAttribute(Qt::WA_DeleteOnClose);
    setWindowTitle(tr("The new access token"));
    QLabel *once = plainLabel(this);
    once->setObjectName(u"handoutOnce"_s);
    once->setWordWrap(true);
    once->setText(tr(
        "This is the access token \"%1\". It is shown this once and kept nowhere: copy it now. Whoever has "
        "it can call at your expense, within its limits, until it expires or you revoke it.")
                      .arg(terms.name));
    auto *column = new QVBoxLayout(this);
    column->setSpacing(8);
    column->addWidget(once);
    addLine(*column, tr("The token: it goes where a key of OpenAI would"), handout.token,
        tr("Copy the token"), u"handoutToken"_s, this);
    if (!handout.env.isEmpty())
        addLine(*column, tr("Where to call: a line of a frontend's .env file"), handout.env,
            tr("Copy the line for .env"), u"handoutEnv"_s, this);
    addLine(*column, tr("In a page: the token among the subprotocols"), handout.program,
        tr("Copy the line for a page"), u"handoutProgram"_s, this);
    addLine(*column, tr("In a program: the token in a header"), u"Authorization: Bearer "_s + handout.token,
        tr("Copy the header"), u"handoutHeader"_s, this);
    if (!handout.shareLink.isEmpty())
        addLine(*column,
            tr("For a person: the link of the share, to be opened in a browser; the token goes in there"),
            handout.shareLink, tr("Copy the link of the share"), u"handoutLink"_s, this);
    QLabel *where = plainLabel(this);
    where->setWordWrap(true);
    where->setText(handout.env.isEmpty()
            ? tr("The relay takes no calls now; its address is shown on the overview once it runs.")
            : tr(
                "Do not put the token into a page that everybody can open: a page's visitors can read it. There, let "
                "your server make short-lived ones with it, by POST to /v1/realtime/client_secrets."));
    column->addWidget(where);
    column->addStretch();
    auto *buttons = new QDialogButtonBox(this);
    auto *close = buttons->addButton(tr("Done"), QDialogButtonBox::AcceptRole);
    close->setObjectName(u"handoutDone"_s);
    connect(buttons, &QDialogButtonBox::accepted, this, &QDialog::accept);
    column->addWidget(buttons);
    const int width = std::max(handoutWidth, minimumSizeHint().width());
    resize(width, layout()->totalHeightForWidth(width));
    findChild<QAbstractButton *>(u"copy-handoutToken"_s)->setFocus();
}

} // namespace rr
