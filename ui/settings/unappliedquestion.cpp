// SPDX-License-Identifier: MIT
#include "ui/settings/unappliedquestion.h"

#include "ui/settings/settingspage.h"

#include <QMessageBox>
#include <QPushButton>

namespace rr {

void settleChanges(SettingsPage &page, const std::function<void()> &goOn)
{
    if (!page.hasChanges())
        return goOn();
    if (auto *open = page.findChild<QMessageBox *>()) {
        open->raise();
        open->activateWindow();
        return;
    }
    auto *question = new QMessageBox(QMessageBox::Question, SettingsPage::tr("Quit Realtime Relay?"),
        SettingsPage::tr("Settings were changed, but not applied."), QMessageBox::NoButton, &page);
    question->setAttribute(Qt::WA_DeleteOnClose);
    QPushButton *apply = question->addButton(SettingsPage::tr("Apply and quit"), QMessageBox::AcceptRole);
    QPushButton *forget
        = question->addButton(SettingsPage::tr("Quit without them"), QMessageBox::DestructiveRole);
    question->setDefaultButton(apply);
    question->setEscapeButton(question->addButton(SettingsPage::tr("Cancel"), QMessageBox::RejectRole));
    QObject::connect(apply, &QPushButton::clicked, &page, [&page, goOn] {
        page.apply();
        if (!page.hasChanges())
            goOn();
    });
    QObject::connect(forget, &QPushButton::clicked, &page, [&page, goOn] {
        page.revert();
        goOn();
    });
    question->open();
}

} // namespace rr
