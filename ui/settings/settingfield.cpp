// SPDX-License-Identifier: MIT
#include "ui/settings/settingfield.h"

#include "core/config/settingvalue.h"
#include "ui/settings/editorforkind.h"
#include "ui/settings/settingwords.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QStyle>
#include <QToolButton>
#include <QVBoxLayout>

namespace rr {

namespace {

QLabel *makeText(QWidget *parent)
{
    auto *label = new QLabel(parent);
    label->setTextFormat(Qt::PlainText);
    label->setWordWrap(true);
    return label;
}

} // namespace

SettingField::SettingField(const SettingSpec &spec, const Settings &defaults, QWidget *parent)
    : QWidget(parent)
    , m_spec(spec)
    , m_default(settingText(defaults, spec))
    , m_layout(new QVBoxLayout(this))
    , m_title(makeText(this))
    , m_reset(new QToolButton(this))
    , m_editor(makeSettingEditor(spec, this))
    , m_problemRow(new QWidget(this))
    , m_problem(makeText(m_problemRow))
    , m_source(makeText(this))
{
    QFont bold = font();
    bold.setBold(true);
    m_title->setFont(bold);
    m_title->setBuddy(m_editor);
    m_reset->setText(tr("Reset"));
    m_reset->setAccessibleName(tr("Reset: %1").arg(settingTitle(spec)));
    m_reset->setToolTip(tr("Back to the default"));
    m_reset->setFocusPolicy(Qt::StrongFocus);
    QSizePolicy keepsItsPlace = m_reset->sizePolicy();
    keepsItsPlace.setRetainSizeWhenHidden(true);
    m_reset->setSizePolicy(keepsItsPlace);
    connect(m_reset, &QToolButton::clicked, this, &SettingField::reset);

    auto *titleRow = new QHBoxLayout;
    titleRow->addWidget(m_title, 1);
    titleRow->addWidget(m_reset);

    auto *icon = new QLabel(m_problemRow);
    icon->setPixmap(style()
                        ->standardIcon(QStyle::SP_MessageBoxWarning)
                        .pixmap(style()->pixelMetric(QStyle::PM_SmallIconSize)));
    m_problem->setFont(bold);
    auto *problemLayout = new QHBoxLayout(m_problemRow);
    problemLayout->setContentsMargins(0, 0, 0, 0);
    problemLayout->addWidget(icon, 0, Qt::AlignTop);
    problemLayout->addWidget(m_problem, 1);
    m_problemRow->hide();
    m_source->hide();

    QLabel *help = makeText(this);
    help->setText(settingHelp(spec));

    m_layout->setContentsMargins(0, 0, 0, 0);
    m_layout->addLayout(titleRow);
    m_layout->addWidget(m_editor);
    m_layout->addWidget(m_problemRow);
    m_layout->addWidget(m_source);
    m_layout->addWidget(help);
    connect(m_editor, &SettingEditor::edited, this, &SettingField::editorEdited);
}

void SettingField::addWidget(QWidget *widget)
{
    m_layout->addWidget(widget);
}

void SettingField::setInForce(const QString &text, SettingSource source)
{
    const bool keep = m_inForce && isChanged() && source < SettingSource::Environment;
    m_inForce = text;
    m_fixed = source >= SettingSource::Environment;
    const QString name = QString::fromLatin1(settingName(m_spec, source));
    m_source->setText(source == SettingSource::CommandLine
            ? tr("Set on the command line by %1, so it cannot be changed here.").arg(name)
            : tr("Set by the environment variable %1, so it cannot be changed here.").arg(name));
    m_source->setVisible(m_fixed);
    m_editor->setEnabled(!m_fixed);
    if (!keep)
        m_editor->setText(text);
    update();
}

void SettingField::setText(const QString &text)
{
    if (!m_fixed)
        m_editor->setText(text);
}

void SettingField::revert()
{
    m_editor->setText(*m_inForce);
}

void SettingField::reset()
{
    setText(m_default);
}

QString SettingField::text() const
{
    return m_editor->text();
}

bool SettingField::isChanged() const
{
    return m_editor->text() != m_inForce;
}

std::optional<QString> SettingField::problem() const
{
    if (m_fixed)
        return {};
    if (auto problem = m_editor->problem())
        return problem;
    if (!m_told.isEmpty())
        return m_told;
    return m_conflict.isEmpty() ? std::nullopt : std::optional(m_conflict);
}

void SettingField::setProblem(const QString &problem)
{
    m_told = problem;
    update();
}

QString SettingField::shownProblem() const
{
    if (const auto problem = this->problem())
        return *problem;
    if (m_fixed && !m_told.isEmpty())
        return m_told;
    return isChanged() ? QString() : m_refusal;
}

void SettingField::setRefusal(const QString &refusal)
{
    m_refusal = refusal;
    update();
}

void SettingField::setConflict(const QString &conflict)
{
    m_conflict = conflict;
    update();
}

void SettingField::editorEdited()
{
    m_told.clear();
    update();
    Q_EMIT edited();
}

void SettingField::update()
{
    const QString problem = shownProblem();
    m_problem->setText(problem);
    m_problemRow->setVisible(!problem.isEmpty());
    const QString title = settingTitle(m_spec);
    m_title->setText(isChanged() ? tr("%1 (changed)").arg(title) : title);
    m_reset->setVisible(!m_fixed && text() != m_default);
    if (QWidget *control = m_editor->focusProxy())
        control->setAccessibleDescription(problem.isEmpty() ? settingHelp(m_spec) : problem);
}

} // namespace rr
