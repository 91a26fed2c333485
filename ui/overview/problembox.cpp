// SPDX-License-Identifier: MIT
#include "ui/overview/problembox.h"

#include "ui/icons/glyphicon.h"
#include "ui/parts/plainlabel.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QPainter>
#include <QPushButton>
#include <QStyle>

namespace rr {

namespace {

QLabel *makeText(QWidget *parent)
{
    QLabel *label = plainLabel(parent);
    label->setWordWrap(true);
    label->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    label->setFocusPolicy(Qt::NoFocus);
    return label;
}

} // namespace

ProblemBox::ProblemBox(QWidget *parent)
    : QFrame(parent)
    , m_icon(new QLabel(this))
    , m_text(makeText(this))
    , m_nextStep(makeText(this))
    , m_button(new QPushButton(this))
{
    drawIcon();
    QFont bold = font();
    bold.setBold(true);
    m_text->setFont(bold);
    m_button->setAutoDefault(true);

    auto *words = new QVBoxLayout;
    words->addWidget(m_text);
    words->addWidget(m_nextStep);
    auto *row = new QHBoxLayout(this);
    row->setContentsMargins(14, 10, 14, 10);
    row->setSpacing(12);
    row->addWidget(m_icon, 0, Qt::AlignTop);
    row->addLayout(words, 1);
    row->addWidget(m_button, 0, Qt::AlignVCenter);
    connect(m_button, &QPushButton::clicked, this, [this] { Q_EMIT fixRequested(m_problem); });
}

void ProblemBox::show(const Problem &problem, const QString &button)
{
    const bool isNews = isHidden() || problem.about != m_problem.about;
    m_problem = problem;
    m_text->setText(problem.text);
    m_nextStep->setText(problem.nextStep);
    m_nextStep->setVisible(!problem.nextStep.isEmpty());
    m_button->setText(button);
    m_button->setVisible(!button.isEmpty());
    setAccessibleName(problem.text);
    setVisible(true);
    if (isNews)
        announce(*m_text);
}

void ProblemBox::drawIcon()
{
    const int size = style()->pixelMetric(QStyle::PM_LargeIconSize);
    m_icon->setPixmap(glyphIcon(Glyph::Warning).pixmap(QSize(size, size) * 3 / 4, devicePixelRatioF()));
}

void ProblemBox::changeEvent(QEvent *event)
{
    QFrame::changeEvent(event);
    if (event->type() == QEvent::PaletteChange)
        drawIcon();
}

void ProblemBox::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const bool dark = palette().color(QPalette::Window).lightnessF() < 0.5;
    painter.setPen(dark ? QColor(0xa1, 0x6a, 0x0a) : QColor(0xe2, 0xa0, 0x2b));
    painter.setBrush(dark ? QColor(0x3d, 0x2e, 0x10) : QColor(0xff, 0xf4, 0xd9));
    painter.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6);
}

} // namespace rr
