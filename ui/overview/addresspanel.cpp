// SPDX-License-Identifier: MIT
#include "ui/overview/addresspanel.h"

#include "ui/icons/glyphicon.h"

#include <QClipboard>
#include <QFontDatabase>
#include <QGridLayout>
#include <QGuiApplication>
#include <QLabel>
#include <QMenu>
#include <QShortcut>
#include <QTimer>
#include <QToolButton>

namespace rr {

namespace {

constexpr int copiedShownMs = 1500;

QString reachName(RelayAddress::Reach reach)
{
    switch (reach) {
    case RelayAddress::ThisMachine:
        return AddressPanel::tr("This machine");
    case RelayAddress::LocalNetwork:
        return AddressPanel::tr("Local network");
    case RelayAddress::Public:
        return AddressPanel::tr("Public");
    }
    return {};
}

void copy(QToolButton *button, const QString &text)
{
    QGuiApplication::clipboard()->setText(text);
    button->setIcon(glyphIcon(Glyph::Done));
    QTimer::singleShot(copiedShownMs, button, [button] { button->setIcon(glyphIcon(Glyph::Copy)); });
}

} // namespace

AddressPanel::AddressPanel(QWidget *parent)
    : QWidget(parent)
    , m_grid(new QGridLayout)
    , m_hint(new QLabel(this))
{
    m_grid->setColumnStretch(1, 1);
    m_grid->setHorizontalSpacing(16);
    m_grid->setVerticalSpacing(4);
    m_hint->setWordWrap(true);
    m_hint->setTextFormat(Qt::RichText);
    m_hint->setTextInteractionFlags(Qt::TextBrowserInteraction);
    m_hint->setAccessibleName(tr("Hint about addresses"));
    connect(m_hint, &QLabel::linkActivated, this, &AddressPanel::linkActivated);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins({});
    column->addLayout(m_grid);
    column->addWidget(m_hint);
}

void AddressPanel::show(const QList<RelayAddress> &addresses, const QString &hint)
{
    m_hint->setText(hint);
    m_hint->setVisible(!hint.isEmpty());
    if (addresses == m_addresses)
        return;
    m_addresses = addresses;
    while (QLayoutItem *item = m_grid->takeAt(0)) {
        if (QWidget *widget = item->widget()) {
            widget->hide();
            widget->deleteLater();
        }
        delete item;
    }
    for (const RelayAddress &address : addresses)
        addRow(address);
}

void AddressPanel::addRow(const RelayAddress &address)
{
    const int row = m_grid->rowCount();
    const QString text = address.url.toString();
    auto *name = new QLabel(reachName(address.reach), this);
    auto *url = new QLabel(text, this);
    url->setTextFormat(Qt::PlainText);
    url->setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
    url->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    url->setAccessibleName(tr("Address for %1: %2").arg(name->text(), text));

    auto *button = new QToolButton(this);
    button->setText(tr("Copy"));
    button->setIcon(glyphIcon(Glyph::Copy));
    button->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    button->setPopupMode(QToolButton::MenuButtonPopup);
    button->setAccessibleName(tr("Copy %1").arg(text));
    button->setFocusPolicy(Qt::StrongFocus);
    connect(button, &QToolButton::clicked, button, [button, text] { copy(button, text); });
    auto *menu = new QMenu(button);
    const QUrl target = address.url;
    menu->addAction(tr("Copy address"), button, [button, text] { copy(button, text); });
    menu->addAction(tr("Copy as line for .env (VITE_OPENAI_RELAY_URL=…)"), button,
        [button, target] { copy(button, environmentLine(target)); });
    menu->addAction(
        tr("Copy as wscat command"), button, [button, target] { copy(button, wscatLine(target)); });
    button->setMenu(menu);
    // The keys that open a combo box, and the menu key.
    auto *open = new QShortcut(QKeySequence(Qt::ALT | Qt::Key_Down), button);
    open->setContext(Qt::WidgetShortcut);
    connect(open, &QShortcut::activated, button, &QToolButton::showMenu);
    button->setContextMenuPolicy(Qt::CustomContextMenu);
    connect(button, &QWidget::customContextMenuRequested, button, &QToolButton::showMenu);

    m_grid->addWidget(name, row, 0);
    m_grid->addWidget(url, row, 1);
    m_grid->addWidget(button, row, 2);
}

} // namespace rr
