// SPDX-License-Identifier: MIT
#include "ui/access/tokenhandout.h"

#include "ui/control/relaycontrol.h"
#include "ui/parts/copybutton.h"
#include "ui/parts/plainlabel.h"

#include <QDialogButtonBox>
#include <QFontDatabase>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QScrollBar>
#include <QVBoxLayout>

#include <algorithm>
#include <cmath>

namespace rr {

using namespace Qt::StringLiterals;

namespace {

constexpr int handoutWidth = 680;

/// What is to be copied, to be seen in full.
QWidget *makeText(const QString &text, QWidget *parent)
{
    const QFont font = QFontDatabase::systemFont(QFontDatabase::FixedFont);
    if (!text.contains(u'\n')) {
        auto *line = new QLineEdit(text, parent);
        line->setReadOnly(true);
        line->setCursorPosition(0);
        line->setFont(font);
        return line;
    }
    auto *lines = new QPlainTextEdit(text, parent);
    lines->setReadOnly(true);
    lines->setTabChangesFocus(true);
    lines->setLineWrapMode(QPlainTextEdit::NoWrap);
    lines->setFont(font);
    const int margins = 2 * (lines->frameWidth() + int(std::ceil(lines->document()->documentMargin())));
    lines->setFixedHeight(lines->fontMetrics().lineSpacing() * int(text.count(u'\n') + 1) + margins
        + lines->horizontalScrollBar()->sizeHint().height());
    return lines;
}

/// A title, what is to be copied, and the button for it.
void addLine(QVBoxLayout &column, const QString &title, const QString &text, const QString &copy,
    const QString &name, QWidget *parent)
{
    QLabel *head = plainLabel(parent, 1, true);
    head->setText(title);
    head->setWordWrap(true);
    QWidget *shown = makeText(text, parent);
    shown->setObjectName(name);
    shown->setAccessibleName(title);
    auto *button = new CopyButton(
        copy, [text] { return text; }, parent);
    button->setObjectName(u"copy-"_s + name);
    auto *row = new QHBoxLayout;
    row->addWidget(shown, 1);
    row->addWidget(button, 0, Qt::AlignTop);
    column.addWidget(head);
    column.addLayout(row);
}

} // namespace

Handout handoutOf(const RelayControl &control, const AccessTerms &terms, const Secret &token)
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
    handout.hasAddress = !forms.address.isEmpty();
    handout.forms = tokenForms(forms, handout.token, terms.models);
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
    addLine(*column,
        handout.hasAddress ? tr("In a frontend's .env file: where to call, and the token")
                           : tr("In a frontend's .env file: the token"),
        handout.forms.env, tr("Copy the lines for .env"), u"handoutEnv"_s, this);
    addLine(*column, tr("In a page: the token among the subprotocols"), handout.forms.javaScript,
        tr("Copy the line for a page"), u"handoutProgram"_s, this);
    addLine(*column, tr("In a program: the token in a header"), handout.forms.header, tr("Copy the header"),
        u"handoutHeader"_s, this);
    if (!handout.shareLink.isEmpty())
        addLine(*column,
            tr("For a person: the link of the share, to be opened in a browser; the token goes in there"),
            handout.shareLink, tr("Copy the link of the share"), u"handoutLink"_s, this);
    QLabel *where = plainLabel(this);
    where->setObjectName(u"handoutHint"_s);
    where->setWordWrap(true);
    QString hint = tr(
        "Do not put the token into a page that everybody can open: a page's visitors can read it. There, let "
        "your server make short-lived ones with it, by POST to /v1/realtime/client_secrets.");
    if (!handout.hasAddress)
        hint.prepend(
            tr("The relay takes no calls now; its address is shown on the overview once it runs.") + u'\n');
    where->setText(hint);
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
