// SPDX-License-Identifier: MIT
#include "ui/overview/statehead.h"

#include "ui/icons/glyphicon.h"
#include "ui/icons/relayicon.h"
#include "ui/parts/plainlabel.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QStyle>
#include <QStyleFactory>
#include <QVBoxLayout>

namespace rr {

using namespace Qt::StringLiterals;

namespace {

constexpr int iconPixels = 56;

/// No news are calls that come and go, nor the seconds of a countdown.
IconState withoutCalls(IconState icon)
{
    return icon == IconState::Live ? IconState::Idle : icon;
}

} // namespace

StateHead::StateHead(QWidget *parent)
    : QWidget(parent)
    , m_picture(new QLabel(this))
    , m_sentence(plainLabel(this, largeText, true))
    , m_detail(plainLabel(this))
    , m_toggle(new QPushButton(this))
    , m_keepRunning(new QPushButton(tr("Keep running"), this))
{
    m_sentence->setObjectName(u"stateSentence"_s);
    m_sentence->setWordWrap(true);
    m_sentence->setAccessibleDescription(tr("State of the relay"));
    m_detail->setWordWrap(true);
    m_toggle->setObjectName(u"toggle"_s);
    // The styles of Windows and macOS leave out the colour of a button's ground, on which its words are to be read.
    QStyle *const fusion = QStyleFactory::create(u"Fusion"_s);
    fusion->setParent(this);
    m_toggle->setStyle(fusion);
    QFont font = m_toggle->font();
    font.setPointSizeF(font.pointSizeF() * 1.2);
    font.setBold(true);
    m_toggle->setFont(font);
    m_toggle->setMinimumSize(fontMetrics().height() * 11, fontMetrics().height() * 3);
    m_toggle->setIconSize({18, 18});
    m_keepRunning->setObjectName(u"keepRunning"_s);
    m_keepRunning->setToolTip(tr("Takes new calls again; no live call is ended"));
    m_keepRunning->hide();
    connect(m_toggle, &QPushButton::clicked, this, &StateHead::toggleRequested);
    connect(m_keepRunning, &QPushButton::clicked, this, &StateHead::keepRunningRequested);

    auto *words = new QVBoxLayout;
    words->setSpacing(2);
    words->addStretch();
    words->addWidget(m_sentence);
    words->addWidget(m_detail);
    words->addStretch();
    auto *buttons = new QVBoxLayout;
    buttons->addWidget(m_toggle);
    buttons->addWidget(m_keepRunning);
    auto *row = new QHBoxLayout(this);
    row->setContentsMargins(0, 4, 0, 4);
    row->setSpacing(16);
    row->addWidget(m_picture);
    row->addLayout(words, 1);
    row->addLayout(buttons);
}

void StateHead::show(const StatusView &view, const QString &detail)
{
    if (view.icon != m_icon || view.badge != m_badge) {
        QPixmap pixmap = relayPixmap(int(iconPixels * devicePixelRatioF()), view.icon, view.badge);
        pixmap.setDevicePixelRatio(devicePixelRatioF());
        m_picture->setPixmap(pixmap);
    }
    // What the button does is another thing in each state of the relay.
    const bool isNews = m_badge >= 0
        && (withoutCalls(view.icon) != withoutCalls(m_icon) || view.trouble != m_trouble
            || view.action != m_toggle->text());
    m_icon = view.icon;
    m_trouble = view.trouble;
    m_badge = view.badge;
    m_sentence->setText(view.sentence);
    m_detail->setText(detail);
    if (isNews)
        announce(*m_sentence);
    if (m_toggle->text() != view.action || m_toggle->icon().isNull()) {
        m_toggle->setText(view.action);
        m_toggle->setIcon(view.starts ? glyphIcon(Glyph::Start, Qt::white) : glyphIcon(Glyph::Stop));
        m_starts = view.starts;
        colorToggle();
    }
    m_keepRunning->setVisible(view.mayKeepRunning);
}

void StateHead::changeEvent(QEvent *event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange)
        colorToggle();
}

void StateHead::colorToggle()
{
    QPalette colors;
    if (m_starts) {
        colors.setColor(QPalette::Button, QColor(0x0f, 0x76, 0x6e)); // of which Fusion makes a paler one
        colors.setColor(QPalette::ButtonText, Qt::white);
    }
    m_toggle->setPalette(colors);
}

} // namespace rr
