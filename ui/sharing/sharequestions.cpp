// SPDX-License-Identifier: MIT
#include "ui/sharing/sharequestions.h"

#include "ui/control/relaycontrol.h"
#include "ui/control/translated.h"

#include <QCoreApplication>
#include <QMessageBox>
#include <QPointer>
#include <QPushButton>

#include <functional>

namespace rr {

namespace {

class ShareQuestion
{
    Q_DECLARE_TR_FUNCTIONS(ShareQuestion)
};

void bringForward(QWidget *window)
{
    window->raise();
    window->activateWindow();
}

/// `asked`: the same question, where it stands already; it is not asked twice.
void askFirst(QPointer<QMessageBox> &asked, QWidget *over, const QString &question,
    const QString &consequence, const QString &yes, const std::function<void()> &agreed)
{
    if (asked && asked->isVisible()) {
        asked->setInformativeText(consequence);
        return bringForward(asked);
    }
    auto *box = new QMessageBox(QMessageBox::Question, question, question, QMessageBox::NoButton, over);
    asked = box;
    box->setInformativeText(consequence);
    box->setAttribute(Qt::WA_DeleteOnClose);
    QPushButton *button = box->addButton(yes, QMessageBox::AcceptRole);
    QPushButton *cancel = box->addButton(ShareQuestion::tr("Cancel"), QMessageBox::RejectRole);
    box->setDefaultButton(button);
    box->setEscapeButton(cancel);
    QObject::connect(button, &QPushButton::clicked, box, agreed);
    box->open();
    bringForward(box);
}

} // namespace

void stopSharing(RelayControl &control, QWidget *over)
{
    const auto stop = [&control] { control.sharing().stop(); };
    const int calls = control.refreshed().sharedCalls;
    if (calls == 0)
        return stop();
    static QPointer<QMessageBox> asked;
    askFirst(asked, over, ShareQuestion::tr("Stop sharing?"),
        ShareQuestion::tr("%n call(s) came in by it and end at once.", nullptr, calls),
        ShareQuestion::tr("Stop sharing"), stop);
}

void makeNewLink(RelayControl &control, QWidget *over)
{
    static QPointer<QMessageBox> asked;
    askFirst(asked, over, ShareQuestion::tr("Make a new link?"),
        ShareQuestion::tr("The link that you have given out opens nothing any more. Live calls go on."),
        ShareQuestion::tr("New link"), [&control] { control.sharing().newLink(); });
}

void shareAgain(RelayControl &control, QWidget *over)
{
    const auto plan = control.sharing().lastPlan();
    if (!plan)
        return;
    const auto problem = control.share(*plan);
    if (!problem)
        return;
    const QString title = ShareQuestion::tr("It cannot be shared.");
    auto *box = new QMessageBox(QMessageBox::Warning, title, title, QMessageBox::Ok, over);
    box->setInformativeText(translated(*problem));
    box->setAttribute(Qt::WA_DeleteOnClose);
    box->open();
}

} // namespace rr
