// SPDX-License-Identifier: MIT
#include "ui/overview/tickline.h"

#include "ui/parts/plainlabel.h"
#include "ui/parts/tone.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QStyle>

#include <utility>

namespace rr {

namespace {

constexpr int tickGap = 8;

int signSize(const QWidget &widget)
{
    return widget.style()->pixelMetric(QStyle::PM_SmallIconSize, nullptr, &widget);
}

} // namespace

int tickIndent(const QWidget &widget)
{
    return signSize(widget) + tickGap;
}

TickLine::TickLine(QWidget *parent)
    : QWidget(parent)
    , m_sign(new QLabel(this))
    , m_text(plainLabel(this, 1, true))
{
    m_text->setWordWrap(true);
    m_sign->setFixedSize(signSize(*this), fontMetrics().height());
    auto *row = new QHBoxLayout(this);
    row->setContentsMargins({});
    row->setSpacing(tickGap);
    row->addWidget(m_sign, 0, Qt::AlignTop);
    row->addWidget(m_text, 1);
}

QString TickLine::text() const
{
    return m_text->text();
}

void TickLine::show(Tick tick, const QString &text)
{
    const bool isNews = m_isShown && tick != m_tick;
    m_text->setText(text);
    if (m_isShown && !isNews)
        return;
    m_isShown = true;
    m_tick = tick;
    drawSign();
    if (isNews && isVisible())
        announce(*m_text);
}

void TickLine::drawSign()
{
    const auto [tone, words] = [this]() -> std::pair<Tone, QString> {
        switch (m_tick) {
        case Tick::Done:
            return {Tone::Good, tr("Done")};
        case Tick::Attention:
            return {Tone::Warning, tr("Needs attention")};
        case Tick::Open:
            break;
        }
        return {Tone::Quiet, tr("Not yet")};
    }();
    m_sign->setPixmap(toneBadge(tone, signSize(*this), devicePixelRatioF()));
    m_sign->setAccessibleName(words);
}

} // namespace rr
