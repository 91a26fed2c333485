// SPDX-License-Identifier: MIT
#include "ui/log/logtable.h"

#include "ui/control/displaytext.h"
#include "ui/log/logmodel.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QHeaderView>
#include <QScopedValueRollback>
#include <QScrollBar>

namespace rr {

namespace {

constexpr int leastMessage = 48; ///< letters, as all widths here
constexpr int details = 28;

} // namespace

LogTable::LogTable(LogModel &model, QWidget *parent)
    : TableView(parent)
    , m_model(model)
{
    setModel(&model);
    horizontalHeader()->setDefaultAlignment(Qt::AlignLeading | Qt::AlignVCenter);
    LogTable::fitColumns();

    connect(verticalScrollBar(), &QScrollBar::valueChanged, this, &LogTable::scrolled);
    connect(&model, &LogModel::rowsInserted, this, [this] {
        const QScopedValueRollback adjusting(m_adjusting, true);
        if (m_following)
            scrollToBottom();
    });
    connect(&model, &LogModel::modelReset, this, [this] {
        const QScopedValueRollback adjusting(m_adjusting, true);
        if (m_following)
            scrollToBottom();
    });
    connect(&model, &LogModel::rowsRemoved, this, [this](const QModelIndex &, int first, int last) {
        const QScopedValueRollback adjusting(m_adjusting, true);
        if (!m_following)
            verticalScrollBar()->setValue(verticalScrollBar()->value() - (last - first + 1));
    });
}

void LogTable::setFollowing(bool following)
{
    const QScopedValueRollback adjusting(m_adjusting, true);
    if (following)
        scrollToBottom();
    if (following != m_following) {
        m_following = following;
        Q_EMIT followingChanged(following);
    }
}

void LogTable::scrolled(int value)
{
    if (!m_adjusting)
        setFollowing(value == verticalScrollBar()->maximum());
}

void LogTable::copy() const
{
    QByteArray lines;
    const bool all = !selectionModel()->hasSelection();
    for (int row = 0; row < m_model.rowCount(); ++row) {
        if (all || selectionModel()->isRowSelected(row))
            lines += journalLine(m_model.entry(row), LogFormat::Text) + '\n';
    }
    QGuiApplication::clipboard()->setText(QString::fromUtf8(lines));
}

void LogTable::resizeEvent(QResizeEvent *event)
{
    TableView::resizeEvent(event);
    fitMessage();
}

void LogTable::fitMessage()
{
    // The message has the room that the other columns leave; where that is too little, one scrolls sideways.
    QHeaderView &header = *horizontalHeader();
    const int least = fontMetrics().averageCharWidth() * leastMessage;
    const int others = header.length() - header.sectionSize(LogModel::Message);
    const auto mode = viewport()->width() - others >= least ? QHeaderView::Stretch : QHeaderView::Interactive;
    if (mode == header.sectionResizeMode(LogModel::Message))
        return;
    header.setSectionResizeMode(LogModel::Message, mode);
    if (mode == QHeaderView::Interactive)
        header.resizeSection(LogModel::Message, least);
}

void LogTable::fitColumns()
{
    const QFontMetrics metrics = fontMetrics();
    const int margin = metrics.averageCharWidth() * 3;
    QFont bold = font();
    bold.setBold(true);
    int levelWidth = 0;
    for (const LogLevel level : {LogLevel::Debug, LogLevel::Info, LogLevel::Warning, LogLevel::Error})
        levelWidth = qMax(levelWidth, QFontMetrics(bold).horizontalAdvance(logLevelName(level)));

    verticalHeader()->setDefaultSectionSize(
        qMax(metrics.height(), iconSize().height()) + metrics.height() / 3);
    QHeaderView &header = *horizontalHeader();
    const auto fit = [&header](int column, int width) {
        header.resizeSection(column, qMax(width, header.sectionSizeHint(column)));
    };
    fit(LogModel::Time, metrics.horizontalAdvance(QStringLiteral("00:00:00.000")) + margin);
    fit(LogModel::Level, levelWidth + iconSize().width() + 2 * margin);
    fit(LogModel::Call, metrics.horizontalAdvance(QStringLiteral("00000000")) + margin);
    fit(LogModel::Message, metrics.averageCharWidth() * leastMessage);
    fit(LogModel::Details, metrics.averageCharWidth() * details);
    fitMessage();
}

} // namespace rr
