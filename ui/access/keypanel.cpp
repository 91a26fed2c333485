// SPDX-License-Identifier: MIT
#include "ui/access/keypanel.h"

#include "ui/access/accesswords.h"
#include "ui/control/accesscontrol.h"
#include "ui/parts/plainlabel.h"
#include "ui/parts/tone.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QMessageBox>
#include <QPushButton>
#include <QVBoxLayout>

namespace rr {

using namespace Qt::StringLiterals;

namespace {

constexpr int keyBadgeSide = 20;

} // namespace

KeyPanel::KeyPanel(AccessControl &access, QWidget *parent)
    : QGroupBox(tr("The relay's own key"), parent)
    , m_access(access)
    , m_badge(new QLabel(this))
    , m_state(plainLabel(this))
    , m_label(new QLabel(tr("API &key of OpenAI:"), this))
    , m_key(new QLineEdit(this))
    , m_keep(new QPushButton(tr("Keep it"), this))
    , m_remove(new QPushButton(tr("Remove…"), this))
    , m_settings(new QPushButton(tr("Open settings"), this))
    , m_problem(plainLabel(this))
{
    m_state->setObjectName(u"keyState"_s);
    m_state->setWordWrap(true);
    m_state->setAccessibleDescription(tr("Where the relay's own key is"));
    m_key->setObjectName(u"heldKey"_s);
    m_key->setEchoMode(QLineEdit::Password);
    m_key->setPlaceholderText(tr("sk-…; it is not shown again"));
    m_key->setToolTip(tr("Used for calls with an access token alone; without tokens it serves nobody"));
    m_key->setAccessibleDescription(m_key->toolTip());
    m_label->setBuddy(m_key);
    m_keep->setObjectName(u"keepKey"_s);
    m_remove->setObjectName(u"removeKey"_s);
    m_settings->setObjectName(u"keySettings"_s);
    for (QPushButton *button : {m_keep, m_remove, m_settings})
        button->setAutoDefault(false);
    m_problem->setObjectName(u"keyProblem"_s);
    m_problem->setWordWrap(true);
    m_problem->hide();

    auto *head = new QHBoxLayout;
    head->addWidget(m_badge, 0, Qt::AlignTop);
    head->addWidget(m_state, 1);
    head->addWidget(m_settings, 0, Qt::AlignTop);
    head->addWidget(m_remove, 0, Qt::AlignTop);
    auto *entry = new QHBoxLayout;
    entry->addWidget(m_label);
    entry->addWidget(m_key, 1);
    entry->addWidget(m_keep);
    auto *column = new QVBoxLayout(this);
    column->addLayout(head);
    column->addLayout(entry);
    column->addWidget(m_problem);
    setTabOrder(m_key, m_keep);
    setTabOrder(m_keep, m_settings);
    setTabOrder(m_settings, m_remove);

    connect(m_keep, &QPushButton::clicked, this, &KeyPanel::keep);
    connect(m_key, &QLineEdit::returnPressed, this, &KeyPanel::keep);
    connect(m_key, &QLineEdit::textChanged, this, [this] {
        m_wrong.clear();
        refresh();
    });
    connect(m_remove, &QPushButton::clicked, this, &KeyPanel::askToRemove);
    connect(
        m_settings, &QPushButton::clicked, this, [this] { Q_EMIT settingsRequested("openaiApiKeyFile"); });
    refresh();
}

void KeyPanel::refresh()
{
    const HeldKeyStand key = m_access.heldKey();
    const HeldKeyPlace place = key.place;
    const bool isSet = place == HeldKeyPlace::Settings || place == HeldKeyPlace::Outside;
    const bool isBusy = m_access.vault().isBusy();
    m_badge->setPixmap(toneBadge(
        place == HeldKeyPlace::Nowhere ? Tone::Quiet : Tone::Good, keyBadgeSide, devicePixelRatioF()));
    const QString state = isBusy ? tr("Waiting for the system's keychain…") : heldKeyText(key);
    if (state != m_state->text())
        m_state->setText(state);
    for (QWidget *each :
        {static_cast<QWidget *>(m_label), static_cast<QWidget *>(m_key), static_cast<QWidget *>(m_keep)})
        each->setVisible(!isSet);
    m_keep->setEnabled(!isBusy && !m_key->text().trimmed().isEmpty());
    m_keep->setText(place == HeldKeyPlace::Nowhere ? tr("Keep it") : tr("Replace it"));
    m_remove->setVisible(place == HeldKeyPlace::Keychain || place == HeldKeyPlace::File);
    m_remove->setEnabled(!isBusy);
    // The key itself has no field there, but its file has one.
    m_settings->setVisible(place == HeldKeyPlace::Settings && !key.keyFile.isEmpty());
    if (!isBusy)
        say(m_wrong.isEmpty() ? m_access.vault().problem() : m_wrong);
}

void KeyPanel::keep()
{
    const QByteArray key = m_key->text().trimmed().toUtf8();
    if (key.isEmpty() || m_access.vault().isBusy())
        return;
    if (const auto wrong = m_access.vault().store(Secret(key))) {
        m_wrong = *wrong;
        return say(m_wrong);
    }
    m_key->clear(); // and never shown again
    refresh();
}

void KeyPanel::askToRemove()
{
    auto *box = new QMessageBox(QMessageBox::Question, tr("Remove the key"),
        tr("Remove the relay's own key?"), QMessageBox::Cancel, this);
    box->setInformativeText(tr(
        "Access tokens are of no use without it: calls with one are refused until a key is entered again."));
    box->setTextFormat(Qt::PlainText);
    QPushButton *remove = box->addButton(tr("Remove it"), QMessageBox::AcceptRole);
    box->setDefaultButton(QMessageBox::Cancel);
    box->setAttribute(Qt::WA_DeleteOnClose);
    connect(remove, &QPushButton::clicked, this, [this] { m_access.vault().erase(); });
    box->open();
}

void KeyPanel::say(const QString &problem)
{
    m_problem->setVisible(!problem.isEmpty());
    if (problem == m_problem->text())
        return;
    m_problem->setText(problem);
    QPalette ink;
    ink.setColor(QPalette::WindowText, toneInk(Tone::Bad, palette()));
    m_problem->setPalette(ink);
    if (!problem.isEmpty())
        announce(*m_problem);
}

} // namespace rr
