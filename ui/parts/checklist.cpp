// SPDX-License-Identifier: MIT
#include "ui/parts/checklist.h"

#include "ui/control/translated.h"
#include "ui/parts/plainlabel.h"

#include <QEvent>
#include <QGridLayout>
#include <QLabel>
#include <QLocale>
#include <QPainter>
#include <QStyleOptionFocusRect>

namespace rr {

using namespace Qt::StringLiterals;

namespace {

constexpr int badgeSide = 18;

} // namespace

Tone toneOf(CheckStep::Result result)
{
    switch (result) {
    case CheckStep::Result::Running:
        return Tone::Working;
    case CheckStep::Result::Good:
        return Tone::Good;
    case CheckStep::Result::Warning:
        return Tone::Warning;
    case CheckStep::Result::Bad:
        return Tone::Bad;
    case CheckStep::Result::Skipped:
        break;
    }
    return Tone::Quiet;
}

QString wordOf(CheckStep::Result result)
{
    switch (result) {
    case CheckStep::Result::Running:
        return CheckList::tr("Looking…");
    case CheckStep::Result::Good:
        return CheckList::tr("Good");
    case CheckStep::Result::Warning:
        return CheckList::tr("To know");
    case CheckStep::Result::Bad:
        return CheckList::tr("Wrong");
    case CheckStep::Result::Skipped:
        break;
    }
    return CheckList::tr("Not looked at");
}

class CheckRow final : public QWidget
{
public:
    explicit CheckRow(QWidget *parent)
        : QWidget(parent)
        , m_badge(new QLabel(this))
        , m_title(plainLabel(this, 1, true))
        , m_word(plainLabel(this))
        , m_text(plainLabel(this))
        , m_next(plainLabel(this))
    {
        setFocusPolicy(Qt::StrongFocus);
        m_title->setWordWrap(true);
        m_word->setAlignment(Qt::AlignRight | Qt::AlignTop);
        for (QLabel *label : {m_text, m_next}) {
            label->setWordWrap(true);
            label->setTextInteractionFlags(Qt::TextSelectableByMouse);
        }
        auto *grid = new QGridLayout(this);
        grid->setContentsMargins(6, 6, 6, 6);
        grid->setHorizontalSpacing(10);
        grid->setVerticalSpacing(2);
        grid->addWidget(m_badge, 0, 0, 3, 1, Qt::AlignTop);
        grid->addWidget(m_title, 0, 1);
        grid->addWidget(m_word, 0, 2);
        grid->addWidget(m_text, 1, 1, 1, 2);
        grid->addWidget(m_next, 2, 1, 1, 2);
        grid->setColumnStretch(1, 1);
    }

    void show(const CheckStep &step, const QString &title)
    {
        m_result = step.result;
        const QString text = translated(step.text);
        const QString next = translated(step.next);
        QString word = wordOf(step.result);
        m_title->setText(title);
        m_word->setText(
            step.ms < 0 ? word : CheckList::tr("%1 · %2 ms").arg(word, QLocale().toString(step.ms)));
        m_text->setText(text);
        m_text->setVisible(!text.isEmpty());
        m_next->setText(next);
        m_next->setVisible(!next.isEmpty());
        QStringList said{u"%1: %2."_s.arg(title, word)};
        said += {text, next};
        said.removeAll(QString());
        if (const QString all = said.join(u' '); all != accessibleName())
            setAccessibleName(all); // which a screen reader is told of
        drawResult();
        setVisible(true);
    }

protected:
    void changeEvent(QEvent *event) override
    {
        QWidget::changeEvent(event);
        if (event->type() == QEvent::PaletteChange)
            drawResult();
    }

    void paintEvent(QPaintEvent *) override
    {
        if (!hasFocus())
            return;
        QPainter painter(this);
        painter.setPen(palette().color(QPalette::Text));
        painter.drawRect(rect().adjusted(0, 0, -1, -1));
    }

    void focusInEvent(QFocusEvent *event) override
    {
        QWidget::focusInEvent(event);
        update();
    }

    void focusOutEvent(QFocusEvent *event) override
    {
        QWidget::focusOutEvent(event);
        update();
    }

private:
    void drawResult()
    {
        const Tone tone = toneOf(m_result);
        m_badge->setPixmap(toneBadge(tone, badgeSide, devicePixelRatioF()));
        QPalette ink;
        ink.setColor(QPalette::WindowText, toneInk(tone, palette()));
        m_word->setPalette(ink);
    }

    QLabel *m_badge;
    QLabel *m_title;
    QLabel *m_word;
    QLabel *m_text;
    QLabel *m_next;
    CheckStep::Result m_result = CheckStep::Result::Skipped;
};

CheckList::CheckList(std::function<Sentence(QLatin1String id)> titleOf, QWidget *parent)
    : QWidget(parent)
    , m_titleOf(std::move(titleOf))
    , m_column(new QVBoxLayout(this))
{
    m_column->setContentsMargins({});
    m_column->setSpacing(2);
}

void CheckList::show(const QList<CheckStep> &steps)
{
    m_steps = steps;
    while (m_rows.size() < steps.size()) {
        m_rows.append(new CheckRow(this));
        m_column->addWidget(m_rows.last());
    }
    for (qsizetype i = 0; i < m_rows.size(); ++i) {
        if (i < steps.size())
            m_rows[i]->show(steps[i], translated(m_titleOf(steps[i].id)));
        else
            m_rows[i]->hide();
    }
}

QString CheckList::report() const
{
    QStringList lines;
    for (const CheckStep &step : m_steps) {
        QString line = u"%1: %2"_s.arg(translated(m_titleOf(step.id)), wordOf(step.result));
        if (step.ms >= 0)
            line += u" (%1 ms)"_s.arg(step.ms);
        lines.append(line);
        for (const Sentence &more : {step.text, step.next}) {
            if (!more.isEmpty())
                lines.append(u"    "_s + translated(more));
        }
    }
    return lines.join(u'\n') + u'\n';
}

} // namespace rr
