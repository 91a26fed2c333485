// SPDX-License-Identifier: MIT
#include "ui/window/mainwindow.h"

#include <QCloseEvent>
#include <QHBoxLayout>
#include <QListWidget>
#include <QPainter>
#include <QScreen>
#include <QSettings>
#include <QShortcut>
#include <QStackedWidget>
#include <QStyle>
#include <QStyledItemDelegate>

#include <algorithm>

namespace rr {

using namespace Qt::StringLiterals;

namespace {

constexpr auto recently = std::chrono::milliseconds(400);
constexpr QSize firstSize(1040, 720);

/// Paints the chosen page's row in the palette's colours, ground, icon and words. Windows' styles have a ground and words
/// of their own, of which an icon is not told. And frames the row that has the focus: the style's own frame is about the
/// words alone, and has the colour of the ground.
class PageDelegate final : public QStyledItemDelegate
{
public:
    using QStyledItemDelegate::QStyledItemDelegate;

    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override
    {
        QStyleOptionViewItem row(option);
        initStyleOption(&row, index);
        const bool hasFocus = row.state.testFlag(QStyle::State_HasFocus);
        row.state &= ~QStyle::State_HasFocus;
        if (row.state.testFlag(QStyle::State_Selected)) {
            painter->fillRect(row.rect, row.palette.brush(QPalette::Active, QPalette::Highlight));
            const QColor ink = row.palette.color(QPalette::Active, QPalette::HighlightedText);
            row.palette.setColor(QPalette::Text, ink);
            const qreal ratio = row.widget->devicePixelRatioF();
            row.icon = QIcon(row.icon.pixmap(row.decorationSize, ratio, QIcon::Selected));
            row.state &= ~(QStyle::State_Selected | QStyle::State_MouseOver);
        }
        row.widget->style()->drawControl(QStyle::CE_ItemViewItem, &row, painter, row.widget);
        if (!hasFocus)
            return;
        painter->save();
        painter->setPen(row.palette.color(QPalette::Active, QPalette::Text));
        painter->setBrush(Qt::NoBrush);
        painter->drawRect(row.rect.adjusted(1, 1, -2, -2));
        painter->restore();
    }
};

} // namespace

MainWindow::MainWindow(const QString &stateFile, QWidget *parent)
    : QMainWindow(parent)
    , m_stateFile(stateFile)
    , m_sidebar(new QListWidget)
    , m_pages(new QStackedWidget)
{
    setWindowTitle(u"Realtime Relay"_s);
    m_sidebar->setAccessibleName(tr("Pages"));
    m_sidebar->setFrameShape(QFrame::NoFrame);
    m_sidebar->setIconSize({20, 20});
    m_sidebar->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_sidebar->setUniformItemSizes(true);
    m_sidebar->setItemDelegate(new PageDelegate(m_sidebar));
    QPalette colors = m_sidebar->palette();
    colors.setColor(QPalette::Base, Qt::transparent);
    m_sidebar->setPalette(colors);
    connect(m_sidebar, &QListWidget::currentRowChanged, m_pages, &QStackedWidget::setCurrentIndex);

    auto *content = new QWidget;
    auto *row = new QHBoxLayout(content);
    row->setSpacing(12);
    row->addWidget(m_sidebar);
    row->addWidget(m_pages, 1);
    setCentralWidget(content);

    auto *quit = new QShortcut(QKeySequence(Qt::CTRL | Qt::Key_Q), this);
    connect(quit, &QShortcut::activated, this, &MainWindow::quitRequested);
    auto *close = new QShortcut(QKeySequence(Qt::CTRL | Qt::Key_W), this);
    connect(close, &QShortcut::activated, this, &QWidget::close);
}

MainWindow::~MainWindow()
{
    remember();
}

void MainWindow::addPage(QWidget *page, const QString &name, Glyph glyph)
{
    const int number = m_pages->addWidget(page);
    auto *item = new QListWidgetItem(glyphIcon(glyph), name, m_sidebar);
    const QKeySequence keys(int(Qt::CTRL) | (Qt::Key_1 + number));
    item->setToolTip(u"%1 (%2)"_s.arg(name, keys.toString(QKeySequence::NativeText)));
    auto *shortcut = new QShortcut(keys, this);
    connect(shortcut, &QShortcut::activated, this, [this, page] { showPage(page); });
    fitSidebar();
}

void MainWindow::keepState(const QString &key, const std::function<QByteArray()> &save,
    const std::function<bool(QByteArray)> &restore)
{
    m_states.append({u"pages/"_s + key, save});
    restore(QSettings(m_stateFile, QSettings::IniFormat).value(m_states.last().first).toByteArray());
}

void MainWindow::fitSidebar()
{
    const QFontMetrics metrics(m_sidebar->font());
    int width = 0;
    for (int i = 0; i < m_sidebar->count(); ++i) {
        width = std::max(width, metrics.horizontalAdvance(m_sidebar->item(i)->text()));
        m_sidebar->item(i)->setSizeHint(QSize(0, std::max(metrics.height(), 20) + 16));
    }
    m_sidebar->setFixedWidth(width + m_sidebar->iconSize().width() + 4 * metrics.averageCharWidth() + 12);
}

void MainWindow::restore()
{
    QSettings state(m_stateFile, QSettings::IniFormat);
    if (!restoreGeometry(state.value("window/geometry"_L1).toByteArray()))
        resize(firstSize.boundedTo(screen()->availableSize() * 0.9));
    const int page = state.value("window/page"_L1).toInt();
    m_sidebar->setCurrentRow(std::clamp(page, 0, std::max(0, m_sidebar->count() - 1)));
}

void MainWindow::remember() const
{
    QSettings state(m_stateFile, QSettings::IniFormat);
    state.setValue("window/geometry"_L1, saveGeometry());
    state.setValue("window/page"_L1, m_sidebar->currentRow());
    for (const auto &[key, save] : m_states)
        state.setValue(key, save());
}

void MainWindow::showPage(QWidget *page)
{
    m_sidebar->setCurrentRow(m_pages->indexOf(page));
}

QWidget *MainWindow::currentPage() const
{
    return m_pages->currentWidget();
}

void MainWindow::present()
{
    if (isMinimized())
        showNormal();
    show();
    raise();
    activateWindow();
}

bool MainWindow::isInFront() const
{
    return isVisible() && !isMinimized() && (isActiveWindow() || !m_recentlyActive.hasExpired());
}

void MainWindow::closeEvent(QCloseEvent *event)
{
    remember();
    event->accept();
    Q_EMIT closed();
}

void MainWindow::changeEvent(QEvent *event)
{
    QMainWindow::changeEvent(event);
    // Windows takes the focus away before the tray icon is told of the click.
    if (event->type() == QEvent::ActivationChange && !isActiveWindow())
        m_recentlyActive.setRemainingTime(recently);
}

} // namespace rr
