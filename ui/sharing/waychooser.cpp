// SPDX-License-Identifier: MIT
#include "ui/sharing/waychooser.h"

#include "ui/control/translated.h"
#include "ui/parts/copybutton.h"
#include "ui/parts/fold.h"
#include "ui/parts/plainlabel.h"
#include "ui/parts/tone.h"
#include "ui/sharing/serverbox.h"

#include <QFileDialog>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QPushButton>
#include <QVBoxLayout>

#include <algorithm>

namespace rr {

using namespace Qt::StringLiterals;

namespace {

constexpr int badgeSide = 20;
constexpr int listBadgeSide = 14;
constexpr int listWidth = 220;

/// Those whose program is here, then those that are worth getting.
QList<std::pair<Way, Finding>> waysHere()
{
    QList<std::pair<Way, Finding>> ways;
    const QList<Way> all = builtInWays();
    for (const Way &way : all) {
        const Finding finding = findProgram(way);
        if (finding.found || !way.onlyWhereFound)
            ways.append({way, finding});
    }
    std::stable_partition(ways.begin(), ways.end(), [](const auto &each) { return each.second.found; });
    return ways;
}

/// Whether it can be had without a word more.
bool isReady(const Way &way, const Finding &finding)
{
    return finding.found && std::all_of(way.ask.cbegin(), way.ask.cend(), [](const Ask &ask) {
        return ask.isOptional || !ask.preset.isEmpty();
    });
}

bool isOwnServer(const Way &way)
{
    const auto asks = [&way](QLatin1String name) {
        return std::any_of(
            way.ask.cbegin(), way.ask.cend(), [name](const Ask &ask) { return ask.name == name; });
    };
    return way.tlsEnd == TlsEnd::OwnServer && asks("remote"_L1) && asks("address"_L1);
}

/// The very command that installs it, or else the page that says how.
QString howToGetIt(const Way &way)
{
    return way.installCommand.isEmpty() ? way.installPage : way.installCommand;
}

QString asList(const Way &way)
{
    QStringList lines;
    if (!way.account.isEmpty())
        lines.append(u"• "_s + translated(way.account));
    for (const Sentence &fact : way.facts)
        lines.append(u"• "_s + translated(fact));
    return lines.join(u'\n');
}

} // namespace

WayChooser::WayChooser(QWidget *parent)
    : QWidget(parent)
    , m_list(new QListWidget(this))
    , m_details(new QWidget(this))
    , m_badge(new QLabel(m_details))
    , m_whoReads(plainLabel(m_details, 1, true))
    , m_facts(plainLabel(m_details))
    , m_missing(new QWidget(m_details))
    , m_howToGet(plainLabel(m_missing))
    , m_form(new QFormLayout)
    , m_server(new ServerBox)
{
    m_list->setObjectName(u"ways"_s);
    m_list->setAccessibleName(tr("Ways"));
    m_list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_list->setWordWrap(true);
    m_list->setSpacing(2);
    m_list->setIconSize({listBadgeSide, listBadgeSide});
    m_list->setFixedWidth(listWidth);
    m_whoReads->setObjectName(u"whoReads"_s);
    for (QLabel *label : {m_whoReads, m_facts, m_howToGet}) {
        label->setWordWrap(true);
        label->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    }

    auto *get = new QVBoxLayout(m_missing);
    get->setContentsMargins({});
    get->addWidget(m_howToGet);
    auto *buttons = new QHBoxLayout;
    m_copyHowToGet = new CopyButton(
        tr("Copy how to get it"), [this] { return chosen() ? howToGetIt(*chosen()) : QString(); }, m_missing);
    m_copyHowToGet->setObjectName(u"copyHowToGet"_s);
    buttons->addWidget(m_copyHowToGet);
    auto *again = new QPushButton(tr("Look again"), m_missing);
    again->setAutoDefault(false);
    connect(again, &QPushButton::clicked, this, [this] {
        const QString way = this->way();
        fill();
        choose(way, m_typed.value(way));
    });
    buttons->addWidget(again);
    buttons->addStretch();
    get->addLayout(buttons);

    m_serverFold = new Fold(tr("What the server needs"), m_server, m_details);
    m_form->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
    m_form->setRowWrapPolicy(QFormLayout::WrapLongRows);
    auto *reads = new QHBoxLayout;
    reads->setSpacing(10);
    reads->addWidget(m_badge, 0, Qt::AlignTop);
    reads->addWidget(m_whoReads, 1);
    auto *column = new QVBoxLayout(m_details);
    column->setContentsMargins({});
    column->setSpacing(10);
    column->addLayout(reads);
    column->addWidget(m_facts);
    column->addWidget(m_missing);
    column->addLayout(m_form);
    column->addWidget(m_serverFold);
    column->addStretch();
    auto *row = new QHBoxLayout(this);
    row->setContentsMargins({});
    row->setSpacing(16);
    row->addWidget(m_list);
    row->addWidget(m_details, 1);

    connect(m_list, &QListWidget::currentRowChanged, this, [this](int index) {
        if (index >= 0)
            show(m_ways[index]);
    });
    fill();
    int ready = 0;
    while (ready < m_ways.size() && !isReady(m_ways[ready], m_findings[ready]))
        ++ready;
    m_list->setCurrentRow(ready < m_ways.size() ? ready : 0);
}

void WayChooser::fill()
{
    if (!m_shown.isEmpty())
        m_typed[m_shown] = fields();
    m_shown.clear();
    const QSignalBlocker quietly(m_list);
    m_list->clear();
    m_ways.clear();
    m_findings.clear();
    const auto ways = waysHere();
    for (const auto &[way, finding] : ways) {
        m_ways.append(way);
        m_findings.append(finding);
        const QString title = translated(way.title);
        const QPixmap badge
            = toneBadge(finding.found ? Tone::Good : Tone::Quiet, listBadgeSide, devicePixelRatioF());
        new QListWidgetItem(badge, finding.found ? title : tr("%1 (not installed)").arg(title), m_list);
    }
}

void WayChooser::choose(const QString &way, const QMap<QString, QString> &fields)
{
    m_typed[way] = fields;
    const auto found
        = std::find_if(m_ways.cbegin(), m_ways.cend(), [&way](const Way &each) { return each.id == way; });
    m_shown.clear();
    m_list->setCurrentRow(-1);
    m_list->setCurrentRow(found == m_ways.cend() ? 0 : int(found - m_ways.cbegin()));
}

const Way *WayChooser::chosen() const
{
    const int row = m_list->currentRow();
    return row < 0 ? nullptr : &m_ways[row];
}

QString WayChooser::way() const
{
    return chosen() ? chosen()->id : QString();
}

QMap<QString, QString> WayChooser::fields() const
{
    QMap<QString, QString> fields;
    for (auto edit = m_edits.cbegin(); edit != m_edits.cend(); ++edit)
        fields.insert(edit.key(), edit.value()->text().trimmed());
    return fields;
}

void WayChooser::show(const Way &way)
{
    if (!m_shown.isEmpty())
        m_typed[m_shown] = fields();
    m_shown = way.id;
    const Finding &finding = m_findings[m_list->currentRow()];
    const bool isPrivate = way.tlsEnd == TlsEnd::OwnServer || way.tlsEnd == TlsEnd::Here;
    m_badge->setPixmap(toneBadge(isPrivate ? Tone::Good : Tone::Warning, badgeSide, devicePixelRatioF()));
    m_whoReads->setText(translated(way.whoReads()));
    m_facts->setText(asList(way));
    m_facts->setVisible(!m_facts->text().isEmpty());
    m_missing->setVisible(!finding.found);
    m_howToGet->setText(translated(finding.howToGet));
    m_copyHowToGet->setVisible(!howToGetIt(way).isEmpty());
    while (m_form->rowCount() > 0)
        m_form->removeRow(0);
    m_edits.clear();
    for (const Ask &ask : way.ask)
        addField(ask);
    m_serverFold->setVisible(isOwnServer(way));
    showServerText();
    Q_EMIT edited();
}

void WayChooser::addField(const Ask &ask)
{
    const QString title = translated(ask.title);
    auto *edit = new QLineEdit(m_typed.value(m_shown).value(ask.name, ask.preset), m_details);
    edit->setObjectName("field "_L1 + ask.name);
    edit->setPlaceholderText(ask.isOptional ? tr("%1 (may stay empty)").arg(ask.example) : ask.example);
    edit->setAccessibleName(title);
    if (ask.kind == Ask::Kind::Secret)
        edit->setEchoMode(QLineEdit::Password);
    connect(edit, &QLineEdit::textChanged, this, [this] {
        showServerText();
        Q_EMIT edited();
    });
    m_edits.insert(ask.name, edit);
    QWidget *field = edit;
    if (ask.kind == Ask::Kind::File) {
        field = new QWidget(m_details);
        auto *browse = new QPushButton(tr("Browse…"), field);
        browse->setAutoDefault(false);
        connect(browse, &QPushButton::clicked, edit, [this, edit, title] {
            const QString file = QFileDialog::getOpenFileName(this, title);
            if (!file.isEmpty())
                edit->setText(file);
        });
        auto *row = new QHBoxLayout(field);
        row->setContentsMargins({});
        row->addWidget(edit, 1);
        row->addWidget(browse);
    }
    auto *label = new QLabel(title, m_details);
    label->setTextFormat(Qt::PlainText);
    label->setBuddy(edit);
    m_form->addRow(label, field);
    if (ask.kind == Ask::Kind::Command) {
        QLabel *hint = plainLabel(m_details);
        hint->setObjectName(u"commandHint"_s);
        hint->setWordWrap(true);
        hint->setText(tr("It is kept in the settings file: put no token or password into it."));
        edit->setAccessibleDescription(hint->text());
        m_form->addRow(hint);
    }
}

void WayChooser::showServerText()
{
    if (m_serverFold->isHidden())
        return;
    m_server->show(fields());
}

std::optional<QString> WayChooser::problem()
{
    const Way *way = chosen();
    if (!way)
        return tr("Choose a way.");
    const Finding &finding = m_findings[m_list->currentRow()];
    if (!finding.found) {
        m_list->setFocus();
        return translated(finding.howToGet);
    }
    for (const Ask &ask : way->ask) {
        QLineEdit *edit = m_edits.value(ask.name);
        const QString value = edit->text().trimmed();
        if (value.isEmpty() && ask.isOptional)
            continue;
        if (const auto wrong = problemOf(ask, value)) {
            edit->setFocus();
            return u"%1: %2"_s.arg(translated(ask.title), translated(*wrong));
        }
    }
    return {};
}

} // namespace rr
