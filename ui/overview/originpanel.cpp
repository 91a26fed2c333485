// SPDX-License-Identifier: MIT
#include "ui/overview/originpanel.h"

#include "core/admission/originpolicy.h"
#include "core/config/settingstable.h"
#include "ui/control/displaytext.h"
#include "ui/control/pageorigin.h"
#include "ui/control/relaycontrol.h"
#include "ui/control/translated.h"
#include "ui/overview/tickline.h"
#include "ui/parts/plainlabel.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QVBoxLayout>

#include <algorithm>

namespace rr {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype mostNamed = 3;

} // namespace

OriginPanel::OriginPanel(RelayControl &control, QWidget *parent)
    : QWidget(parent)
    , m_control(control)
    , m_state(new TickLine(this))
    , m_page(new QLineEdit(this))
    , m_add(new QPushButton(tr("&Add"), this))
    , m_told(plainLabel(this))
{
    m_page->setObjectName(u"pageAddress"_s);
    m_page->setAccessibleName(tr("Address of the page that may come in"));
    m_page->setPlaceholderText(tr("Paste your page's address, as the browser shows it"));
    m_page->setClearButtonEnabled(true);
    m_add->setObjectName(u"addOrigin"_s);
    m_add->setToolTip(tr("Lets in pages of this address from now on; calls go on meanwhile"));
    m_add->setAccessibleName(tr("Let the page in"));
    m_add->setAutoDefault(false);
    m_add->setEnabled(false);
    m_told->setObjectName(u"toldOfOrigin"_s);
    m_told->setWordWrap(true);
    m_told->hide();

    auto *row = new QHBoxLayout;
    row->addWidget(m_page, 1);
    row->addWidget(m_add);
    auto *below = new QVBoxLayout;
    below->setContentsMargins(tickIndent(*this), 0, 0, 0);
    below->setSpacing(4);
    below->addLayout(row);
    below->addWidget(m_told);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins({});
    column->setSpacing(4);
    column->addWidget(m_state);
    column->addLayout(below);

    connect(m_page, &QLineEdit::textChanged, this, [this](const QString &text) {
        m_add->setEnabled(!text.trimmed().isEmpty());
        if (!text.isEmpty())
            m_told->hide();
    });
    connect(m_page, &QLineEdit::returnPressed, this, &OriginPanel::add);
    connect(m_add, &QPushButton::clicked, this, &OriginPanel::add);
}

void OriginPanel::add()
{
    const QString typed = m_page->text().trimmed();
    if (typed.isEmpty())
        return;
    const QString origin = pastedOrigin(typed);
    if (origin.isEmpty())
        return told(typed == u"*"_s
                ? tr("That would let in every page there is. Paste the address of yours.")
                : tr("This is no address of a page. Paste it as the browser shows it, such as "
                     "https://app.example.org/login."));
    if (OriginPolicy(m_control.settings().allowedOrigins).allows(origin.toLatin1())) {
        m_page->clear();
        return told(tr("Pages of %1 may come in already.").arg(origin));
    }
    if (const auto problems = m_control.allowOrigin(origin); !problems.isEmpty())
        return told(translated(problems.first().message));
    m_page->clear();
    told(tr("Pages of %1 may come in from now on.").arg(origin));
    refresh();
}

void OriginPanel::told(const QString &text)
{
    m_told->setText(text);
    m_told->show();
    announce(*m_told);
}

void OriginPanel::refresh()
{
    const QStringList &allowed = m_control.settings().allowedOrigins;
    QStringList origins = originsElsewhere(allowed);
    const QStringList &shared = m_control.sharing().origins();
    if (allowed.contains(u"*"_s)) {
        m_state->show(Tick::Done, tr("Every page may come in, whosever it is (*)."));
    } else if (origins.isEmpty() && !shared.isEmpty()) {
        m_state->show(Tick::Done, tr("Pages of %1 may come in by the link.").arg(shared.join(u", "_s)));
    } else if (origins.isEmpty()) {
        m_state->show(Tick::Open,
            tr("Programs may come in, but of web pages only those that this machine itself serves."));
    } else {
        const qsizetype more = origins.size() - mostNamed;
        origins = origins.first(std::min(mostNamed, origins.size()));
        const QString named = origins.join(u", "_s);
        m_state->show(Tick::Done,
            more > 0 ? tr("Pages of %1 and %2 more may come in.").arg(named, countText(more))
                     : tr("Pages of %1 may come in.").arg(named));
    }
    const bool isFixed = m_control.isFixed(*findSetting(u"allowedOrigins"));
    m_page->setEnabled(!isFixed);
    if (isFixed) {
        m_told->setText(tr("Which pages may come in is fixed by the environment or the command line."));
        m_told->show();
    }
}

} // namespace rr
