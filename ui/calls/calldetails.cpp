// SPDX-License-Identifier: MIT
#include "ui/calls/calldetails.h"

#include "core/realtime/eventtype.h"
#include "ui/calls/callwords.h"
#include "ui/control/displaytext.h"
#include "ui/log/logfilter.h"
#include "ui/log/logmodel.h"
#include "ui/log/logtable.h"

#include <QCoreApplication>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QLocale>
#include <QPushButton>
#include <QSplitter>
#include <QTreeWidget>
#include <QVBoxLayout>

namespace rr {

namespace {

QString costFact(const CallSnapshot &call)
{
    const auto said = [](const char *text) { return QCoreApplication::translate("rr::Calls", text); };
    if (call.isUsageElsewhere)
        return said(QT_TRANSLATE_NOOP("rr::Calls", "none of its own: the call that it watches is billed"));
    QStringList parts{callCostText(call)};
    if (parts.first().isEmpty())
        return {};
    if (call.usage.unpriced > 0)
        parts.append(said(QT_TRANSLATE_NOOP("rr::Calls", "without a known price: %1"))
                         .arg(countText(call.usage.unpriced)));
    if (call.usage.unread > 0)
        parts.append(
            said(QT_TRANSLATE_NOOP("rr::Calls", "usage not told: %1")).arg(countText(call.usage.unread)));
    if (call.isUsageUnconfirmed)
        parts.append(said(QT_TRANSLATE_NOOP("rr::Calls", "up to a minute ago")));
    return parts.join(QLatin1String("; "));
}

QString responsesFact(const UsageTotals &usage)
{
    if (usage.responses == 0)
        return {};
    const QString all = countText(usage.responses);
    return usage.cancelled == 0 ? all
                                : QCoreApplication::translate("rr::Calls", "%1, of these %2 cancelled")
                                      .arg(all, countText(usage.cancelled));
}

} // namespace

QList<std::pair<QString, QString>> callFacts(const CallRow &row)
{
    const auto said = [](const char *text) { return QCoreApplication::translate("rr::Calls", text); };
    const CallSnapshot &call = row.call;
    const auto milliseconds = [&said](qint64 value) {
        return value <= 0 ? QString() : said(QT_TRANSLATE_NOOP("rr::Calls", "%1 ms")).arg(countText(value));
    };
    const auto upAndDown = [](const QString &up, const QString &down) {
        return QStringLiteral("\u2191 %1    \u2193 %2").arg(up, down);
    };
    QString state = callStateName(call.state);
    if (row.leftMs >= 0)
        state += said(QT_TRANSLATE_NOOP("rr::Calls", " (%1 left)")).arg(durationText(row.leftMs));

    QList<std::pair<QString, QString>> facts{
        {columnName(CallColumn::State), state},
        {columnName(CallColumn::Started), QLocale().toString(call.startedAt, QLocale::ShortFormat)},
        {columnName(CallColumn::Duration), durationText(call.durationMs)},
        {columnName(CallColumn::Client), call.clientAddress},
        {said(QT_TRANSLATE_NOOP("rr::Calls", "Came by")),
            call.door == Door::Share ? said(QT_TRANSLATE_NOOP("rr::Calls", "the shared link")) : QString()},
        {columnName(CallColumn::Origin),
            call.origin.isEmpty() ? said(QT_TRANSLATE_NOOP("rr::Calls", "none: not a browser"))
                                  : inOneLine(call.origin)},
        {columnName(CallColumn::Kind), callKindName(call.kind)},
        {columnName(CallColumn::Model), modelText(call)},
        {columnName(CallColumn::Access),
            call.accessName.isEmpty()
                ? said(QT_TRANSLATE_NOOP("rr::Calls", "none: a key of the client's own"))
                : inOneLine(call.accessName)},
        {columnName(CallColumn::Cost), costFact(call)},
        {said(QT_TRANSLATE_NOOP("rr::Calls", "Tokens in")), tokensInText(call.usage.usage)},
        {said(QT_TRANSLATE_NOOP("rr::Calls", "Tokens out")), tokensOutText(call.usage.usage)},
        {said(QT_TRANSLATE_NOOP("rr::Calls", "Speech that is billed by time")),
            call.usage.usage.ms == 0 ? QString() : durationText(call.usage.usage.ms)},
        {said(QT_TRANSLATE_NOOP("rr::Calls", "Responses")), responsesFact(call.usage)},
        {said(QT_TRANSLATE_NOOP("rr::Calls", "Not told to the client")),
            untoldText(call).replace(QLatin1Char('\n'), QLatin1Char(' '))},
        {said(QT_TRANSLATE_NOOP("rr::Calls", "Messages")),
            upAndDown(countText(call.up.messages), countText(call.down.messages))},
        {said(QT_TRANSLATE_NOOP("rr::Calls", "Bytes")),
            upAndDown(bytesText(call.up.bytes), bytesText(call.down.bytes))},
        {said(QT_TRANSLATE_NOOP("rr::Calls", "Rate")), cellText(row, CallColumn::Rate)},
        {said(QT_TRANSLATE_NOOP("rr::Calls", "Backlog")),
            upAndDown(bytesText(call.up.backlogBytes), bytesText(call.down.backlogBytes))},
        {columnName(CallColumn::RttClient), roundTripText(call.downstreamRttUs)},
        {columnName(CallColumn::RttUpstream), roundTripText(call.upstreamRttUs)},
        {said(QT_TRANSLATE_NOOP("rr::Calls", "Upstream connected after")), milliseconds(call.connectMs)},
        {said(QT_TRANSLATE_NOOP("rr::Calls", "First audio after")), milliseconds(call.firstAudioMs)},
        {columnName(CallColumn::LastEvent), QString::fromLatin1(eventTypeName(call.lastEventType))},
        {columnName(CallColumn::EndedBy), endedByName(call.endedBy)},
        {columnName(CallColumn::CloseCode), cellText(row, CallColumn::CloseCode)},
        {columnName(CallColumn::CloseReason), cellText(row, CallColumn::CloseReason)},
    };
    for (auto &[name, value] : facts) {
        if (value.isEmpty())
            value = QStringLiteral("\u2013");
    }
    return facts;
}

CallDetails::CallDetails(Journal &journal, QWidget *parent)
    : QWidget(parent)
    , m_log(new LogModel(journal, this))
    , m_title(new QLabel(this))
    , m_openLog(new QPushButton(tr("Open in &log"), this))
    , m_facts(new QTreeWidget(this))
{
    QFont bold = font();
    bold.setBold(true);
    m_title->setFont(bold);
    m_title->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_openLog->setAutoDefault(false);
    m_openLog->setToolTip(tr("Show what the log says about this call on the page of the log"));
    connect(m_openLog, &QPushButton::clicked, this, [this] { Q_EMIT logRequested(m_call); });

    m_facts->setAccessibleName(tr("Details of the call"));
    m_facts->setColumnCount(2);
    m_facts->setHeaderHidden(true);
    m_facts->setRootIsDecorated(false);
    m_facts->setUniformRowHeights(true);
    m_facts->setAlternatingRowColors(true);
    m_facts->header()->setSectionResizeMode(0, QHeaderView::ResizeToContents);
    const auto facts = callFacts({});
    for (const auto &[name, value] : facts)
        new QTreeWidgetItem(m_facts, {name});

    auto *table = new LogTable(*m_log, this);
    table->setAccessibleName(tr("Log of the call"));
    table->setColumnHidden(LogModel::Call, true);

    auto *splitter = new QSplitter(this);
    splitter->setChildrenCollapsible(false);
    splitter->addWidget(m_facts);
    splitter->addWidget(table);
    splitter->setStretchFactor(0, 2);
    splitter->setStretchFactor(1, 3);
    auto *titleRow = new QHBoxLayout;
    titleRow->addWidget(m_title, 1);
    titleRow->addWidget(m_openLog);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addLayout(titleRow);
    layout->addWidget(splitter, 1);
}

void CallDetails::show(const std::optional<CallRow> &row)
{
    setVisible(row.has_value());
    if (!row)
        return;
    if (row->call.id != m_call) {
        m_call = row->call.id;
        m_title->setText(tr("Call %1").arg(m_call));
        LogFilter filter;
        filter.call = m_call;
        m_log->setFilter(filter);
    }
    const auto facts = callFacts(*row);
    for (qsizetype i = 0; i < facts.size(); ++i) {
        QTreeWidgetItem *item = m_facts->topLevelItem(int(i));
        if (item->text(1) == facts[i].second)
            continue; // spares painting it
        item->setText(1, facts[i].second);
        item->setToolTip(1, facts[i].second.toHtmlEscaped());
    }
    pollLog();
}

void CallDetails::pollLog()
{
    if (isVisible())
        m_log->poll();
}

} // namespace rr
