// SPDX-License-Identifier: MIT
#include "ui/sharing/linkbox.h"

#include "ui/control/translated.h"
#include "ui/parts/copybutton.h"
#include "ui/parts/plainlabel.h"
#include "ui/sharing/qrcode.h"

#include <QFontDatabase>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QTabBar>
#include <QVBoxLayout>

namespace rr {

using namespace Qt::StringLiterals;

namespace {

constexpr int codeSide = 226;
constexpr int linesShown = 5;

} // namespace

LinkBox::LinkBox(QWidget *parent)
    : QWidget(parent)
    , m_code(new QrCode(codeSide, this))
    , m_tryLink(new QLineEdit(this))
    , m_tabs(new QTabBar(this))
    , m_text(new QPlainTextEdit(this))
{
    m_tryLink->setObjectName(u"tryLink"_s);
    m_tryLink->setReadOnly(true);
    m_tryLink->setAccessibleName(tr("Link for a person"));
    QLabel *forPerson = plainLabel(this, 1, true);
    forPerson->setText(tr("For a person: open it, or scan it"));
    forPerson->setWordWrap(true);
    auto *copyLink = new CopyButton(
        tr("Copy the link for a person"), [this] { return m_forms.tryLink; }, this);
    copyLink->setObjectName(u"copyTryLink"_s);

    QLabel *forProgram = plainLabel(this, 1, true);
    forProgram->setText(tr("For a program: paste it"));
    m_tabs->setObjectName(u"forms"_s);
    m_tabs->setAccessibleName(tr("Forms of the link"));
    m_tabs->setDrawBase(false);
    m_tabs->setExpanding(false);
    for (const QString &name : {u".env"_s, u"JavaScript"_s, u"Python"_s, u"wscat"_s, u"curl"_s})
        m_tabs->addTab(name);
    m_tabs->addTab(u"URL"_s);
    m_text->setObjectName(u"form"_s);
    m_text->setReadOnly(true);
    m_text->setTabChangesFocus(true);
    m_text->setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
    m_text->setWordWrapMode(QTextOption::WrapAnywhere);
    m_text->setFixedHeight(m_text->fontMetrics().lineSpacing() * linesShown + 14);
    auto *copyForm = new CopyButton(
        tr("Copy the link in this form"), [this] { return form(); }, this);
    copyForm->setObjectName(u"copyForm"_s);
    auto *copyNote = new CopyButton(
        tr("Copy a note for a colleague"), [this] { return translated(m_forms.note); }, this);
    copyNote->setObjectName(u"copyNote"_s);
    copyNote->setText(tr("Copy a note for a colleague"));
    copyNote->setToolTip(tr("Both links, and what is to be known of them, to be sent in a message"));
    connect(m_tabs, &QTabBar::currentChanged, this, &LinkBox::showForm);

    auto *person = new QHBoxLayout;
    person->addWidget(m_tryLink, 1);
    person->addWidget(copyLink);
    auto *last = new QHBoxLayout;
    last->addWidget(copyForm);
    last->addStretch();
    last->addWidget(copyNote);
    auto *column = new QVBoxLayout;
    column->setSpacing(6);
    column->addWidget(forPerson);
    column->addLayout(person);
    column->addSpacing(4);
    column->addWidget(forProgram);
    column->addWidget(m_tabs, 0, Qt::AlignLeft);
    column->addWidget(m_text);
    column->addLayout(last);
    column->addStretch();
    auto *row = new QHBoxLayout(this);
    row->setContentsMargins({});
    row->setSpacing(16);
    row->addWidget(m_code, 0, Qt::AlignTop);
    row->addLayout(column, 1);
}

void LinkBox::show(const LinkForms &forms)
{
    if (forms.tryLink == m_forms.tryLink)
        return;
    m_forms = forms;
    m_code->setAddress(forms.tryLink);
    m_tryLink->setText(forms.tryLink);
    m_tryLink->setCursorPosition(0);
    showForm();
}

QString LinkBox::form() const
{
    switch (m_tabs->currentIndex()) {
    case 0:
        return m_forms.env;
    case 1:
        return m_forms.javaScript;
    case 2:
        return m_forms.python;
    case 3:
        return m_forms.wscat;
    case 4:
        return m_forms.curl;
    default:
        return m_forms.address;
    }
}

void LinkBox::showForm()
{
    m_text->setPlainText(form());
    m_text->setAccessibleName(tr("Link for a program: %1").arg(m_tabs->tabText(m_tabs->currentIndex())));
}

} // namespace rr
