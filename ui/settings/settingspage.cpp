// SPDX-License-Identifier: MIT
#include "ui/settings/settingspage.h"

#include "core/config/settingsfile.h"
#include "core/config/settingvalue.h"
#include "ui/control/displaytext.h"
#include "ui/control/relaycontrol.h"
#include "ui/control/translated.h"
#include "ui/settings/applicationform.h"
#include "ui/settings/certificatetext.h"
#include "ui/settings/filenotice.h"
#include "ui/settings/listeditor.h"
#include "ui/settings/origintester.h"
#include "ui/settings/refusals.h"
#include "ui/settings/settingfield.h"
#include "ui/settings/settingsections.h"
#include "ui/settings/settingwords.h"

#include <QDataStream>
#include <QFileDialog>
#include <QHBoxLayout>
#include <QIODevice>
#include <QLabel>
#include <QMessageBox>
#include <QPushButton>
#include <QVBoxLayout>

#include <algorithm>

namespace rr {

using namespace Qt::StringLiterals;

namespace {

/// It is typed on the page of access tokens, and kept in the keychain; here it would stand in the settings file.
constexpr auto heldKey = "openaiApiKey"_L1;

/// A password or key that an export is to be without.
bool holdsSecret(const SettingSpec &spec, const QString &text)
{
    return spec.secret
        && (spec.kind == SettingKind::Secret ? !text.isEmpty()
                                             : text.contains(u'@') && !text.startsWith("sqlite:"_L1));
}

constexpr quint32 stateMark = 0x53455401; // "SET", and the version of what follows

} // namespace

SettingsPage::SettingsPage(RelayControl &control, QWidget *parent, const QStringList &languages)
    : QWidget(parent)
    , m_control(control)
    , m_sections(new SettingSections(this))
    , m_notice(new FileNotice(this))
{
    auto *layout = new QVBoxLayout(this);
    layout->addWidget(m_notice);
    connect(m_notice, &FileNotice::setAsideRequested, this, &SettingsPage::setFileAside);
    layout->addWidget(m_sections, 1);
    m_message = new QLabel(this);
    m_message->setWordWrap(true);
    m_message->setTextFormat(Qt::PlainText);
    layout->addWidget(m_message);
    layout->addWidget(makeActionRow());
    makeSections(languages);

    connect(&control, &RelayControl::settingsChanged, this, &SettingsPage::followControl);
    connect(&control, &RelayControl::applicationChanged, this, &SettingsPage::followControl);
    followControl();
}

void SettingsPage::makeSections(const QStringList &languages)
{
    int section = 0;
    for (const SettingGroup group : {SettingGroup::Admission, SettingGroup::Calls, SettingGroup::Network,
             SettingGroup::Upstream, SettingGroup::Access, SettingGroup::Program}) {
        auto *content = new QWidget;
        auto *layout = new QVBoxLayout(content);
        layout->setSpacing(layout->spacing() * 2);
        for (const SettingSpec &spec : settingsTable()) {
            if (spec.group != group || spec.key == heldKey)
                continue;
            auto *field = new SettingField(spec, m_control.defaults(), content);
            layout->addWidget(field);
            m_fields.append(field);
            m_fieldOf.insert(spec.jsonName(), field);
            m_sectionOf.insert(field, section);
            connect(field, &SettingField::edited, this, &SettingsPage::fieldEdited);
        }
        if (group == SettingGroup::Admission) {
            m_tester = new OriginTester;
            SettingField *origins = m_fieldOf.value("allowedOrigins");
            origins->addWidget(m_tester);
            connect(m_tester, &OriginTester::addRequested, origins, [origins](const QString &origin) {
                static_cast<ListEditor *>(origins->editor())->add(origin);
            });
        }
        if (group == SettingGroup::Network) {
            m_certificate = new QLabel;
            m_certificate->setWordWrap(true);
            m_certificate->setTextFormat(Qt::PlainText);
            m_fieldOf.value("tlsCertFile")->addWidget(m_certificate);
            connect(m_fieldOf.value("tlsCertFile"), &SettingField::edited, this,
                &SettingsPage::updateCertificate);
        }
        layout->addStretch();
        m_sections->addSection(settingGroupTitle(group), content);
        ++section;
    }

    auto *content = new QWidget;
    auto *layout = new QVBoxLayout(content);
    m_application = new ApplicationForm(languages, content);
    layout->addWidget(m_application);
    connect(m_application, &ApplicationForm::edited, this, &SettingsPage::fieldEdited);
    m_applicationSection = section;
    m_sections->addSection(tr("Application"), content);
    m_sections->fitList();
}

QWidget *SettingsPage::makeActionRow()
{
    auto *row = new QWidget(this);
    auto *layout = new QHBoxLayout(row);
    layout->setContentsMargins(0, 0, 0, 0);
    const auto addButton = [&](const QString &text, const QString &toolTip, void (SettingsPage::*slot)()) {
        auto *button = new QPushButton(text, row);
        button->setToolTip(toolTip);
        button->setAutoDefault(false);
        connect(button, &QPushButton::clicked, this, slot);
        layout->addWidget(button);
        return button;
    };
    addButton(tr("&Import…"), tr("Take the settings of a file into the fields"), &SettingsPage::chooseImport);
    addButton(tr("&Export…"), tr("Save the settings to a file"), &SettingsPage::chooseExport);
    addButton(tr("&Reset all"), tr("Set all fields to their defaults"), &SettingsPage::resetAll);
    layout->addStretch();
    m_revert = addButton(tr("Re&vert"), tr("Forget the changes that are not applied"), &SettingsPage::revert);
    m_apply = addButton(tr("&Apply"), tr("Acts at once; no live call is dropped"), &SettingsPage::apply);
    return row;
}

void SettingsPage::followControl()
{
    const Refusals refusals = sortRefusals(m_control.problems());
    for (SettingField *field : std::as_const(m_fields)) {
        field->setInForce(
            settingText(m_control.settings(), field->spec()), m_control.sourceOf(field->spec()));
        field->setRefusal(refusals.ofFields.value(&field->spec()));
    }
    // What has no field here is told above them all.
    QStringList ofFile = refusals.ofFile;
    for (auto refusal = refusals.ofFields.cbegin(); refusal != refusals.ofFields.cend(); ++refusal) {
        if (!m_fieldOf.contains(refusal.key()->jsonName()))
            ofFile.append(u"%1: %2"_s.arg(settingTitle(*refusal.key()), refusal.value()));
    }
    m_notice->setProblems(ofFile);
    m_applyMends = refusals.applyMends;
    m_application->setInForce(m_control.application(), m_control.startsAtLogin());
    updateCertificate();
    updateState();
}

void SettingsPage::showEvent(QShowEvent *event)
{
    QWidget::showEvent(event);
    m_control.watch(this, Relay::Detail::Totals);
    followControl(); // the system's own settings may have changed the start at login; the certificate ages
}

void SettingsPage::hideEvent(QHideEvent *event)
{
    m_control.unwatch(this);
    QWidget::hideEvent(event);
}

void SettingsPage::fieldEdited()
{
    showMessage({});
    updateState();
}

Settings SettingsPage::edited() const
{
    Settings settings = m_control.settings();
    for (const SettingField *field : m_fields) {
        if (!field->isFixed())
            setSetting(settings, field->spec(), field->text());
    }
    return settings;
}

void SettingsPage::findConflicts()
{
    QHash<QByteArray, QString> conflicts;
    const QList<SettingProblem> problems = settingConflicts(edited());
    for (const SettingProblem &problem : problems)
        conflicts.insert(problem.key, withSettingTitles(translated(problem.message)));
    for (SettingField *field : std::as_const(m_fields))
        field->setConflict(conflicts.value(field->spec().jsonName()));
}

void SettingsPage::updateState()
{
    findConflicts();
    int changes = m_application->isChanged() ? 1 : 0;
    QSet<int> marked;
    bool inTheWay = m_application->problem().has_value();
    for (SettingField *field : std::as_const(m_fields)) {
        changes += field->isChanged() ? 1 : 0;
        inTheWay = inTheWay || field->problem();
        if (!field->shownProblem().isEmpty())
            marked.insert(m_sectionOf.value(field));
    }
    if (m_application->problem())
        marked.insert(m_applicationSection);
    for (int section = 0; section <= m_applicationSection; ++section)
        m_sections->setMarked(section, marked.contains(section));

    m_tester->setMayAdd(!m_fieldOf.value("allowedOrigins")->isFixed());
    m_tester->setAllowedOrigins(
        static_cast<ListEditor *>(m_fieldOf.value("allowedOrigins")->editor())->entries());
    m_apply->setEnabled((changes > 0 || m_applyMends) && !inTheWay);
    m_revert->setEnabled(changes > 0);
    if (!m_message->text().isEmpty() && changes == 0)
        return;
    if (inTheWay)
        showMessage(tr("Something needs attention before the changes can be applied."));
    else if (changes > 0 && m_message->text().isEmpty())
        showMessage(tr("Changes that are not applied yet: %1").arg(countText(changes)));
}

void SettingsPage::updateCertificate()
{
    const CertificateText text = certificateText(
        m_fieldOf.value("tlsCertFile")->text(), QDateTime::currentDateTimeUtc(), m_control.offeredHost());
    m_certificate->setText(text.text);
    m_certificate->setVisible(!text.text.isEmpty());
    QFont font = this->font();
    font.setBold(text.warning);
    m_certificate->setFont(font);
}

void SettingsPage::showMessage(const QString &text)
{
    m_message->setText(text);
}

bool SettingsPage::hasChanges() const
{
    return m_application->isChanged()
        || std::any_of(
            m_fields.cbegin(), m_fields.cend(), [](const SettingField *field) { return field->isChanged(); });
}

void SettingsPage::apply()
{
    for (SettingField *field : std::as_const(m_fields)) {
        if (field->problem())
            return m_sections->reveal(field->editor());
        if (field->isFixed())
            field->setProblem({}); // it was told when this was tried before
    }
    if (m_application->problem())
        return m_sections->setCurrent(m_applicationSection);

    // The values first: once they are taken, followControl() shows what is in force.
    const ApplicationSettings application = m_application->application();
    const bool startsAtLogin = m_application->startsAtLogin();
    const QList<SettingProblem> problems = m_control.apply(edited());
    QStringList messages;
    for (const SettingProblem &problem : problems) {
        const SettingSpec *spec = findSetting(QString::fromUtf8(problem.key));
        SettingField *field = spec ? m_fieldOf.value(spec->jsonName()) : nullptr;
        if (!field) {
            messages.append(translated(problem.message));
            continue;
        }
        field->setProblem(withSettingTitles(translated(problem.message)));
        m_sections->reveal(field->editor());
    }
    if (!problems.isEmpty()) {
        followControl();
        return showMessage(messages.isEmpty() ? tr("Nothing was changed: see what is said beside the field.")
                                              : tr("Nothing was changed. %1").arg(messages.join(u' ')));
    }
    if (const auto problem = m_control.applyApplication(application))
        messages.append(translated(*problem));
    if (const auto problem = m_control.setStartsAtLogin(startsAtLogin))
        messages.append(*problem);
    followControl();
    if (messages.isEmpty())
        messages.append(m_control.problems().isEmpty()
                ? tr("Applied: the settings are in force.")
                : tr("Saved. The relay does not start before the rest is right, too: see what is marked."));
    showMessage(messages.join(u' '));
}

void SettingsPage::setFileAside()
{
    const auto problem = m_control.setFileAside();
    showMessage(
        problem ? translated(*problem) : tr("The settings file was set aside, and a new one was written."));
}

void SettingsPage::revert()
{
    for (SettingField *field : std::as_const(m_fields)) {
        field->revert();
        field->setProblem({});
    }
    m_application->revert();
    showMessage({});
    updateState();
}

void SettingsPage::resetAll()
{
    for (SettingField *field : std::as_const(m_fields))
        field->reset();
    m_application->reset();
}

void SettingsPage::showSetting(const QByteArray &key)
{
    const SettingSpec *spec = findSetting(QString::fromUtf8(key));
    const SettingField *field = spec ? m_fieldOf.value(spec->jsonName()) : nullptr;
    if (field)
        m_sections->reveal(field->editor());
}

std::optional<QString> SettingsPage::importFrom(const QString &file)
{
    SettingsInput input;
    input.defaults = m_control.defaults();
    input.file = file;
    input.fileMustExist = true;
    const LoadedSettings loaded = loadSettings(input);
    if (!loaded.problems.isEmpty()) {
        QStringList messages;
        for (const SettingProblem &problem : loaded.problems)
            messages.append(translated(problem.message));
        return messages.join(u'\n');
    }
    for (SettingField *field : std::as_const(m_fields)) {
        // An export is without them; those that are here stay.
        const bool isLeftOut
            = holdsSecret(field->spec(), field->text()) && !loaded.sources.contains(&field->spec());
        if (!isLeftOut)
            field->setText(settingText(loaded.settings, field->spec()));
    }
    if (!loaded.application.isEmpty())
        m_application->setTo(applicationFrom(loaded.application));
    showMessage(hasChanges() ? tr("The file was read. Apply brings its settings into force.")
                             : tr("The file was read. Its settings are in force already."));
    return {};
}

std::optional<QString> SettingsPage::exportTo(const QString &file) const
{
    Settings settings = m_control.settings();
    for (const SettingSpec &spec : settingsTable()) {
        // What is fixed belongs to this machine, and a secret to nobody who is given the file.
        if (m_control.isFixed(spec) || holdsSecret(spec, settingText(settings, spec)))
            setSetting(settings, spec, settingText(m_control.defaults(), spec));
    }
    QJsonObject application;
    writeInto(application, m_control.application());
    const auto problem = exportSettings(file, settings, m_control.defaults(), application);
    return problem ? std::optional(translated(*problem)) : std::nullopt;
}

void SettingsPage::chooseImport()
{
    auto *dialog = new QFileDialog(this, tr("Import settings"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::ExistingFile);
    dialog->setNameFilters({tr("Settings (*.json)"), tr("All files (*)")});
    connect(dialog, &QFileDialog::fileSelected, this, [this](const QString &file) {
        if (const auto problem = importFrom(file))
            showMessage(tr("Nothing was changed. %1").arg(*problem));
    });
    dialog->open();
}

void SettingsPage::chooseExport()
{
    auto *dialog = new QFileDialog(this, tr("Export settings"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setNameFilters({tr("Settings (*.json)")});
    dialog->setDefaultSuffix(QStringLiteral("json"));
    dialog->selectFile(QStringLiteral("realtime-relay.json"));
    connect(dialog, &QFileDialog::fileSelected, this, [this](const QString &file) {
        showMessage(
            exportTo(file).value_or(tr("The settings that are in force were saved to %1.").arg(file)));
    });
    dialog->open();
}

QByteArray SettingsPage::saveState() const
{
    QByteArray state;
    QDataStream stream(&state, QIODevice::WriteOnly);
    stream << stateMark << qint32(m_sections->current());
    return state;
}

bool SettingsPage::restoreState(const QByteArray &state)
{
    QDataStream stream(state);
    quint32 mark = 0;
    qint32 section = 0;
    stream >> mark >> section;
    if (stream.status() != QDataStream::Ok || mark != stateMark)
        return false;
    m_sections->setCurrent(section);
    return true;
}

} // namespace rr
