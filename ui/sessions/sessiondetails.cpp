// SPDX-License-Identifier: MIT
#include "ui/sessions/sessiondetails.h"

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

QList<std::pair<QString, QString>> sessionFacts(const SessionRow &row)
{
    const auto tr = [](const char *text) { return QCoreApplication::translate("rr::Sessions", text); };
    const SessionSnapshot &session = row.session;
    const auto milliseconds = [&tr](qint64 value) {
        return value <= 0 ? QString() : tr(QT_TRANSLATE_NOOP("rr::Sessions", "%1 ms")).arg(countText(value));
    };
    const auto upAndDown = [](const QString &up, const QString &down) {
        return QStringLiteral("\u2191 %1    \u2193 %2").arg(up, down);
    };
    QString state = sessionStateName(session.state);
    if (row.leftMs >= 0)
        state += tr(QT_TRANSLATE_NOOP("rr::Sessions", " (%1 left)")).arg(durationText(row.leftMs));

    QList<std::pair<QString, QString>> facts{
        {columnName(SessionColumn::State), state},
        {columnName(SessionColumn::Started), QLocale().toString(session.startedAt, QLocale::ShortFormat)},
        {columnName(SessionColumn::Duration), durationText(session.durationMs)},
        {columnName(SessionColumn::Client), session.clientAddress},
        {columnName(SessionColumn::Origin),
            session.origin.isEmpty() ? tr(QT_TRANSLATE_NOOP("rr::Sessions", "none: not a browser"))
                                     : inOneLine(session.origin)},
        {columnName(SessionColumn::Model), inOneLine(session.model)},
        {tr(QT_TRANSLATE_NOOP("rr::Sessions", "Messages")),
            upAndDown(countText(session.up.messages), countText(session.down.messages))},
        {tr(QT_TRANSLATE_NOOP("rr::Sessions", "Bytes")),
            upAndDown(bytesText(session.up.bytes), bytesText(session.down.bytes))},
        {tr(QT_TRANSLATE_NOOP("rr::Sessions", "Rate")), cellText(row, SessionColumn::Rate)},
        {tr(QT_TRANSLATE_NOOP("rr::Sessions", "Backlog")),
            upAndDown(bytesText(session.up.backlogBytes), bytesText(session.down.backlogBytes))},
        {columnName(SessionColumn::RttClient), roundTripText(session.downstreamRttUs)},
        {columnName(SessionColumn::RttUpstream), roundTripText(session.upstreamRttUs)},
        {tr(QT_TRANSLATE_NOOP("rr::Sessions", "Upstream connected after")), milliseconds(session.connectMs)},
        {tr(QT_TRANSLATE_NOOP("rr::Sessions", "First audio after")), milliseconds(session.firstAudioMs)},
        {columnName(SessionColumn::LastEvent), QString::fromLatin1(session.lastEventType)},
        {columnName(SessionColumn::EndedBy), endedByName(session.endedBy)},
        {columnName(SessionColumn::CloseCode), cellText(row, SessionColumn::CloseCode)},
        {columnName(SessionColumn::CloseReason), cellText(row, SessionColumn::CloseReason)},
    };
    for (auto &[name, value] : facts) {
        if (value.isEmpty())
            value = QStringLiteral("\u2013");
    }
    return facts;
}

SessionDetails::SessionDetails(Journal &journal, QWidget *parent)
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
    m_openLog->setToolTip(tr("Show what the log says about this session on the page of the log"));
    connect(m_openLog, &QPushButton::clicked, this, [this] { Q_EMIT logRequested(m_session); });

    m_facts->setAccessibleName(tr("Details of the session"));
    m_facts->setColumnCount(2);
    m_facts->setHeaderHidden(true);
    m_facts->setRootIsDecorated(false);
    m_facts->setUniformRowHeights(true);
    m_facts->setAlternatingRowColors(true);
    m_facts->header()->setSectionResizeMode(0, QHeaderView::ResizeToContents);
    const auto facts = sessionFacts({});
    for (const auto &[name, value] : facts)
        new QTreeWidgetItem(m_facts, {name});

    auto *table = new LogTable(*m_log, this);
    table->setAccessibleName(tr("Log of the session"));
    table->setColumnHidden(LogModel::Session, true);

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

void SessionDetails::show(const std::optional<SessionRow> &row)
{
    setVisible(row.has_value());
    if (!row)
        return;
    if (row->session.id != m_session) {
        m_session = row->session.id;
        m_title->setText(tr("Session %1").arg(m_session));
        LogFilter filter;
        filter.session = m_session;
        m_log->setFilter(filter);
    }
    const auto facts = sessionFacts(*row);
    for (qsizetype i = 0; i < facts.size(); ++i) {
        QTreeWidgetItem *item = m_facts->topLevelItem(int(i));
        if (item->text(1) == facts[i].second)
            continue; // spares painting it
        item->setText(1, facts[i].second);
        item->setToolTip(1, facts[i].second.toHtmlEscaped());
    }
    pollLog();
}

void SessionDetails::pollLog()
{
    if (isVisible())
        m_log->poll();
}

} // namespace rr
