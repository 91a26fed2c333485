// SPDX-License-Identifier: MIT
#include "ui/about/aboutpage.h"

#include "ui/about/diagnostics.h"
#include "ui/control/relaycontrol.h"
#include "ui/icons/glyphicon.h"
#include "ui/icons/relayicon.h"

#include <QApplication>
#include <QClipboard>
#include <QDesktopServices>
#include <QDir>
#include <QFileInfo>
#include <QFormLayout>
#include <QGroupBox>
#include <QLabel>
#include <QMessageBox>
#include <QPushButton>
#include <QScrollArea>
#include <QTimer>
#include <QVBoxLayout>

namespace rr {

using namespace Qt::StringLiterals;

namespace {

constexpr int iconPixels = 64;
constexpr int copiedShownMs = 1500;

QLabel *makeText(const QString &text, QWidget *parent)
{
    auto *label = new QLabel(text, parent);
    label->setWordWrap(true);
    label->setTextInteractionFlags(Qt::TextBrowserInteraction);
    label->setOpenExternalLinks(true);
    return label;
}

} // namespace

AboutPage::AboutPage(RelayControl &control, QWidget *parent)
    : QWidget(parent)
    , m_control(control)
{
    auto *content = new QWidget;
    auto *column = new QVBoxLayout(content);
    column->setSpacing(12);
    column->addWidget(makeHead());
    column->addWidget(makeFiles());
    column->addWidget(makeDiagnostics());
    column->addWidget(makeLicences());
    column->addStretch();

    auto *scroll = new QScrollArea(this);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setWidgetResizable(true);
    scroll->setWidget(content);
    scroll->setFocusPolicy(Qt::NoFocus);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins({});
    layout->addWidget(scroll);
}

QWidget *AboutPage::makeHead()
{
    auto *head = new QWidget(this);
    auto *icon = new QLabel(head);
    QPixmap pixmap = relayPixmap(int(iconPixels * devicePixelRatioF()), IconState::Idle, 0);
    pixmap.setDevicePixelRatio(devicePixelRatioF());
    icon->setPixmap(pixmap);
    auto *name = new QLabel(u"Realtime Relay"_s, head);
    QFont font = name->font();
    font.setPointSizeF(font.pointSizeF() * 1.7);
    font.setBold(true);
    name->setFont(font);
    auto *version = makeText(
        tr("Version %1, with Qt %2").arg(QApplication::applicationVersion(), QLatin1String(qVersion())),
        head);
    auto *purpose = makeText(tr("Relays OpenAI Realtime API calls from where OpenAI is reachable."), head);

    auto *words = new QVBoxLayout;
    words->setSpacing(2);
    words->addWidget(name);
    words->addWidget(version);
    words->addWidget(purpose);
    auto *row = new QHBoxLayout(head);
    row->setContentsMargins(0, 4, 0, 4);
    row->setSpacing(16);
    row->addWidget(icon, 0, Qt::AlignTop);
    row->addLayout(words, 1);
    return head;
}

QWidget *AboutPage::makeFiles()
{
    auto *box = new QGroupBox(tr("Where files are"), this);
    auto *form = new QFormLayout(box);
    form->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
    form->setRowWrapPolicy(QFormLayout::WrapLongRows);
    form->addRow(
        tr("Settings:"), makeText(QDir::toNativeSeparators(m_control.settingsFile()).toHtmlEscaped(), box));
    form->addRow(tr("Program:"),
        makeText(QDir::toNativeSeparators(QApplication::applicationFilePath()).toHtmlEscaped(), box));
    form->addRow(tr("Log:"), makeText(tr("in memory only; export it from the page Log"), box));
    auto *open = new QPushButton(tr("Open settings folder"), box);
    connect(open, &QPushButton::clicked, this, [this] {
        const QString folder = QFileInfo(m_control.settingsFile()).path();
        QDir().mkpath(folder);
        QDesktopServices::openUrl(QUrl::fromLocalFile(folder));
    });
    form->addRow(QString(), open);
    form->setAlignment(open, Qt::AlignLeft);
    open->setSizePolicy(QSizePolicy::Maximum, QSizePolicy::Fixed);
    return box;
}

QWidget *AboutPage::makeDiagnostics()
{
    auto *box = new QGroupBox(tr("When you ask for help"), this);
    auto *text = makeText(
        tr("Versions, settings, numbers and the last log lines, without keys, passwords or anything "
           "that was said in a call."),
        box);
    auto *button = new QPushButton(glyphIcon(Glyph::Copy), tr("Copy diagnostics"), box);
    button->setObjectName(u"copyDiagnostics"_s);
    connect(button, &QPushButton::clicked, this, [this, button] {
        QApplication::clipboard()->setText(diagnosticsText(m_control));
        button->setIcon(glyphIcon(Glyph::Done));
        QTimer::singleShot(copiedShownMs, button, [button] { button->setIcon(glyphIcon(Glyph::Copy)); });
    });
    auto *row = new QHBoxLayout(box);
    row->addWidget(text, 1);
    row->addWidget(button);
    return box;
}

QWidget *AboutPage::makeLicences()
{
    auto *box = new QGroupBox(tr("Licences"), this);
    auto *column = new QVBoxLayout(box);
    column->addWidget(
        makeText(tr("Realtime Relay is free software under the MIT licence: use it, change it and pass "
                    "it on, as long as its copyright notice stays with it. It comes without any "
                    "warranty."),
            box));
    column->addWidget(
        makeText(tr("It uses Qt under the GNU Lesser General Public License, version 3 "
                    "(<a href=\"https://www.gnu.org/licenses/lgpl-3.0.html\">text</a>), linked so that "
                    "you may replace it by a version of your own."),
            box));
    column->addWidget(
        makeText(tr("It contains the QR Code generator of Project Nayuki under the MIT licence "
                    "(<a href=\"https://www.nayuki.io/page/qr-code-generator-library\">home page</a>)."),
            box));
#ifdef Q_OS_LINUX
    column->addWidget(makeText(tr("It uses OpenSSL under the Apache License, version 2.0 "
                                  "(<a href=\"https://www.apache.org/licenses/LICENSE-2.0\">text</a>)."),
        box));
#endif
    column->addWidget(
        makeText(tr("OpenAI is a trademark of its owner; this program is not made or endorsed by it."), box));
    auto *button = new QPushButton(tr("About Qt"), box);
    button->setSizePolicy(QSizePolicy::Maximum, QSizePolicy::Fixed);
    connect(button, &QPushButton::clicked, qApp, &QApplication::aboutQt);
    column->addWidget(button);
    return box;
}

} // namespace rr
