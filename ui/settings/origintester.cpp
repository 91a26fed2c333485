// SPDX-License-Identifier: MIT
#include "ui/settings/origintester.h"

#include "core/admission/originpolicy.h"
#include "core/config/originpattern.h"
#include "ui/control/pageorigin.h"
#include "ui/settings/settingwords.h"

#include <QGridLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QStyle>

namespace rr {

using namespace Qt::StringLiterals;

OriginVerdict judgeOrigin(const QString &typed, const QStringList &allowedOrigins)
{
    using enum OriginVerdict::Kind;
    const QString text = typed.trimmed();
    if (text.isEmpty())
        return {};
    const QString origin = text == "null"_L1 ? text : originOf(text);
    if (origin.isEmpty()) {
        const auto problem = originPatternProblem(text);
        return {NotAnOrigin, {}, {},
            problem ? asSentence(*problem) : OriginTester::tr("This is a pattern, not one origin.")};
    }
    for (const QString &allowed : allowedOrigins) {
        if (OriginPolicy({allowed}).allows(origin.toLatin1()))
            return {LetIn, origin, allowed, {}};
    }
    return {Refused, origin, {}, {}};
}

OriginTester::OriginTester(QWidget *parent)
    : QWidget(parent)
    , m_line(new QLineEdit(this))
    , m_icon(new QLabel(this))
    , m_verdict(new QLabel(this))
    , m_add(new QPushButton(tr("Add it"), this))
{
    auto *question = new QLabel(tr("&Would this origin be let in?"), this);
    question->setBuddy(m_line);
    question->setWordWrap(true);
    m_line->setAccessibleName(tr("Origin to test"));
    m_line->setPlaceholderText(tr("Type an origin, or the address of a page"));
    m_line->setClearButtonEnabled(true);
    m_verdict->setWordWrap(true);
    m_verdict->setTextFormat(Qt::PlainText);

    auto *layout = new QGridLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(question, 0, 0, 1, 3);
    layout->addWidget(m_line, 1, 0, 1, 3);
    layout->addWidget(m_icon, 2, 0, Qt::AlignTop);
    layout->addWidget(m_verdict, 2, 1);
    layout->addWidget(m_add, 2, 2, Qt::AlignTop);
    layout->setColumnStretch(1, 1);
    m_add->setAccessibleName(tr("Add the tested origin to the list"));
    m_add->setAutoDefault(false);
    connect(m_add, &QPushButton::clicked, this, [this] { Q_EMIT addRequested(m_origin); });
    connect(m_line, &QLineEdit::textChanged, this, &OriginTester::judge);
    judge();
}

void OriginTester::setAllowedOrigins(const QStringList &allowedOrigins)
{
    m_allowedOrigins = allowedOrigins;
    judge();
}

void OriginTester::judge()
{
    const OriginVerdict verdict = judgeOrigin(m_line->text(), m_allowedOrigins);
    QStyle::StandardPixmap icon = QStyle::SP_MessageBoxInformation;
    QString text;
    switch (verdict.kind) {
    case OriginVerdict::Kind::NothingAsked:
        break;
    case OriginVerdict::Kind::NotAnOrigin:
        text = verdict.reason;
        break;
    case OriginVerdict::Kind::LetIn:
        icon = QStyle::SP_DialogApplyButton;
        text = tr("Yes: %1 is let in by %2.").arg(verdict.origin, verdict.by);
        break;
    case OriginVerdict::Kind::Refused:
        icon = QStyle::SP_DialogCancelButton;
        text = tr("No: no entry of the list lets %1 in.").arg(verdict.origin);
        break;
    }
    m_icon->setVisible(!text.isEmpty());
    m_icon->setPixmap(style()->standardIcon(icon).pixmap(style()->pixelMetric(QStyle::PM_SmallIconSize)));
    m_origin = verdict.origin;
    m_add->setVisible(m_mayAdd && verdict.kind == OriginVerdict::Kind::Refused
        && OriginPolicy::canBeAllowed(verdict.origin.toLatin1()));
    m_verdict->setVisible(!text.isEmpty());
    m_verdict->setText(text);
    m_line->setAccessibleDescription(text);
}

} // namespace rr
