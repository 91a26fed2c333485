// SPDX-License-Identifier: MIT
#include "ui/overview/addresspanel.h"

#include "core/sharing/linkforms.h"
#include "ui/icons/glyphicon.h"
#include "ui/parts/plainlabel.h"

#include <QClipboard>
#include <QFontDatabase>
#include <QGridLayout>
#include <QGuiApplication>
#include <QLabel>
#include <QMenu>
#include <QPushButton>
#include <QShortcut>
#include <QStyle>
#include <QTimer>
#include <QToolButton>

namespace rr {

namespace {

constexpr int copiedShownMs = 1500;

QString reachName(const RelayAddress &address)
{
    switch (address.reach) {
    case RelayAddress::ThisMachine:
        return AddressPanel::tr("This machine");
    case RelayAddress::Internet:
        return AddressPanel::tr("Internet (%1)").arg(address.network);
    case RelayAddress::Public:
        return AddressPanel::tr("Public");
    case RelayAddress::Network:
    case RelayAddress::Containers:
        break;
    }
    return address.network;
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
    , m_problemRow(new QWidget(this))
    , m_problem(plainLabel(m_problemRow, 1, true))
    , m_hint(new QLabel(this))
{
    m_grid->setColumnStretch(1, 1);
    m_grid->setHorizontalSpacing(16);
    m_grid->setVerticalSpacing(4);
    m_hint->setWordWrap(true);
    m_hint->setTextFormat(Qt::RichText);
    m_hint->setTextInteractionFlags(Qt::TextBrowserInteraction);
    m_hint->setAccessibleDescription(tr("Hint about addresses"));
    connect(m_hint, &QLabel::linkActivated, this, &AddressPanel::linkActivated);
    m_problem->setObjectName(QStringLiteral("certificateProblem"));
    m_problem->setWordWrap(true);
    m_problem->setTextInteractionFlags(Qt::TextSelectableByMouse);
    auto *certificate = new QPushButton(tr("Certificate…"), m_problemRow);
    certificate->setAutoDefault(false);
    certificate->setToolTip(tr("Shows it in the settings"));
    connect(certificate, &QPushButton::clicked, this,
        [this] { Q_EMIT linkActivated(QStringLiteral("tlsCertFile")); });
    auto *problem = new QHBoxLayout(m_problemRow);
    problem->setContentsMargins({});
    problem->addWidget(makeWarning({}), 0, Qt::AlignTop);
    problem->addWidget(m_problem, 1);
    problem->addWidget(certificate, 0, Qt::AlignTop);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins({});
    column->addLayout(m_grid);
    column->addWidget(m_problemRow);
    column->addWidget(m_hint);
    m_problemRow->hide();
}

void AddressPanel::show(
    const QList<RelayAddress> &addresses, const QString &hint, const QHash<QString, QString> &problems)
{
    m_hint->setText(hint);
    m_hint->setVisible(!hint.isEmpty());
    if (addresses == m_addresses && problems == m_problems)
        return;
    m_addresses = addresses;
    m_problems = problems;
    const QString problem = addresses.isEmpty() ? QString() : problems.value(addresses.first().url.host());
    const bool isNews = !problem.isEmpty() && problem != m_problem->text();
    m_problem->setText(problem);
    m_problemRow->setVisible(!problem.isEmpty());
    if (isNews)
        announce(*m_problem);
    while (QLayoutItem *item = m_grid->takeAt(0)) {
        if (QWidget *widget = item->widget()) {
            widget->hide();
            widget->deleteLater();
        }
        delete item;
    }
    m_folded.clear();
    m_foldedRows = 0;
    for (const RelayAddress &address : addresses)
        addRow(address);
    if (!m_folded.isEmpty())
        addFold();
}

/// A sign, with `problem` for those who ask for it; empty: it stands beside the words.
QWidget *AddressPanel::makeWarning(const QString &problem)
{
    auto *sign = new QLabel(this);
    const int size = style()->pixelMetric(QStyle::PM_SmallIconSize);
    sign->setPixmap(glyphIcon(Glyph::Warning).pixmap(QSize(size, size), devicePixelRatioF()));
    sign->setToolTip(problem);
    sign->setAccessibleName(problem);
    return sign;
}

/// A line that opens and closes the rows that hardly anybody wants.
void AddressPanel::addFold()
{
    auto *fold = new QToolButton(this);
    fold->setObjectName(QStringLiteral("fold"));
    fold->setText(tr("Addresses of containers and virtual machines: %1").arg(m_foldedRows));
    fold->setToolTip(tr("Only what runs on this machine reaches the relay by them"));
    fold->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    fold->setAutoRaise(true);
    fold->setCheckable(true);
    fold->setFocusPolicy(Qt::StrongFocus);
    const auto open = [this, fold](bool isOpen) {
        m_isUnfolded = isOpen;
        fold->setArrowType(isOpen ? Qt::DownArrow : Qt::RightArrow);
        for (QWidget *widget : std::as_const(m_folded))
            widget->setVisible(isOpen);
    };
    connect(fold, &QToolButton::toggled, this, open);
    fold->setChecked(m_isUnfolded);
    open(m_isUnfolded);
    m_grid->addWidget(fold, m_grid->rowCount(), 0, 1, 4, Qt::AlignLeft);
}

void AddressPanel::addRow(const RelayAddress &address)
{
    const int row = m_grid->rowCount();
    const QString text = address.url.toString();
    auto *name = new QLabel(reachName(address), this);
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
    const LinkForms forms = openForms(address.url);
    for (const auto &[title, form] : {std::pair(tr("Copy address"), forms.address),
             std::pair(tr("Copy as line for .env (VITE_OPENAI_RELAY_URL=…)"), forms.env),
             std::pair(tr("Copy as JavaScript"), forms.javaScript),
             std::pair(tr("Copy as Python"), forms.python),
             std::pair(tr("Copy as wscat command"), forms.wscat),
             std::pair(tr("Copy as curl command"), forms.curl)})
        menu->addAction(title, button, [button, form = form] { copy(button, form); });
    button->setMenu(menu);
    // The keys that open a combo box, and the menu key.
    auto *open = new QShortcut(QKeySequence(Qt::ALT | Qt::Key_Down), button);
    open->setContext(Qt::WidgetShortcut);
    connect(open, &QShortcut::activated, button, &QToolButton::showMenu);
    button->setContextMenuPolicy(Qt::CustomContextMenu);
    connect(button, &QWidget::customContextMenuRequested, button, &QToolButton::showMenu);

    m_grid->addWidget(name, row, 0);
    m_grid->addWidget(url, row, 1);
    m_grid->addWidget(button, row, 3);
    if (address.reach == RelayAddress::Containers) {
        m_folded += {name, url, button};
        ++m_foldedRows;
    } else if (const QString problem = m_problems.value(address.url.host()); !problem.isEmpty()) {
        m_grid->addWidget(makeWarning(problem), row, 2);
    }
}

} // namespace rr
