// SPDX-License-Identifier: MIT
#pragma once

#include "ui/icons/glyphicon.h"

#include <QDeadlineTimer>
#include <QMainWindow>

#include <functional>

class QListWidget;
class QStackedWidget;

namespace rr {

/// The window: a list of pages at its side, and the chosen page. Remembers its geometry and page in the given
/// file. Closing it only hides it and says so.
class MainWindow : public QMainWindow
{
    Q_OBJECT
public:
    explicit MainWindow(const QString &stateFile, QWidget *parent = nullptr);
    ~MainWindow() override;

    void addPage(QWidget *page, const QString &name, Glyph glyph); ///< takes ownership
    /// What a page has to remember, beside the geometry: `save` is called when the window closes, `restore`
    /// now.
    void keepState(const QString &key, const std::function<QByteArray()> &save,
        const std::function<bool(QByteArray)> &restore);
    /// After the last addPage().
    void restore();
    void showPage(QWidget *page);
    QWidget *currentPage() const;
    /// Brings it before the user's eyes.
    void present();
    /// Seen and in the foreground now, or until a click outside, on the tray icon for example, a moment ago.
    bool isInFront() const;

Q_SIGNALS:
    void closed();
    void quitRequested();

protected:
    void closeEvent(QCloseEvent *event) override;
    void changeEvent(QEvent *event) override;

private:
    void remember() const;
    void fitSidebar();

    QString m_stateFile;
    QListWidget *m_sidebar;
    QStackedWidget *m_pages;
    QList<std::pair<QString, std::function<QByteArray()>>> m_states;
    QDeadlineTimer m_recentlyActive{0};
};

} // namespace rr
