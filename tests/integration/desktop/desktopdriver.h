// SPDX-License-Identifier: MIT
#pragma once

#include <QImage>
#include <QPoint>
#include <QProcess>
#include <QProcessEnvironment>
#include <QRect>
#include <QStringList>
#include <QTcpSocket>
#include <QTemporaryDir>
#include <QWebSocket>

#include <memory>
#include <vector>

namespace rr {

inline constexpr QRect screenArea(0, 0, 1920, 1440); ///< as withdesktop.sh has it

/// Starts realtime-relay and does with it what a person does: looks, clicks, types; and calls it as clients
/// do.
class DesktopDriver
{
public:
    ~DesktopDriver();

    /// Instead of --demo; before start().
    void useUpstream(const QString &url) { m_upstream = url; }
    /// The program with --demo on a free port. `environment`: beside the inherited one, "NAME=VALUE".
    void start(const QStringList &arguments = {}, const QStringList &environment = {},
        const QByteArray &settings = {});
    /// A second start with the same file. Returns its exit code.
    int startAgain() const;
    bool isRunning() const { return m_process.state() == QProcess::Running; }
    void terminate();

    quint16 port() const { return m_port.localPort(); }
    bool isListening() const;
    void call(); ///< and talk without end
    int responses() const { return m_responses; } ///< that all calls have got
    void hangUp() { m_calls.clear(); }

    /// The number of the window as X has it; empty: none is seen.
    QString window() const;
    bool windowHasFocus() const;
    QRect windowGeometry() const;
    /// Of one that is known: to search for it may fail while another window goes.
    QRect geometryOf(const QString &window) const;
    QImage grab(const QString &window) const; ///< "root": the whole screen; null where it is not there
    QRect trayGeometry() const;
    /// Of the program's icon, once the tray stands in its corner with it alone; null before.
    QRect iconGeometry() const;
    /// The number of the icon's menu, where nothing else of the program is seen but the icon; empty: it is not open.
    QString menu() const;
    void killTray() const; ///< nobody starts it again
    void click(const QPoint &at, int button) const;
    void press(const QStringList &keys) const;

private:
    QString run(const QString &program, const QStringList &arguments) const;
    QStringList shown() const; ///< the program's windows, whatever they are
    QStringList commandLine(const QStringList &arguments) const;

    QString m_upstream;
    QTemporaryDir m_folder;
    QProcess m_process;
    QProcessEnvironment m_environment;
    std::vector<std::unique_ptr<QWebSocket>> m_calls;
    QTcpSocket m_port; ///< holds it: nobody else is given it while the program does not listen
    int m_responses = 0;
};

} // namespace rr
