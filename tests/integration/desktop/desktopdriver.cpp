// SPDX-License-Identifier: MIT
#include "tests/integration/desktop/desktopdriver.h"

#include <QFile>

namespace rr {

using namespace Qt::StringLiterals;

DesktopDriver::~DesktopDriver()
{
    if (isRunning()) {
        m_process.kill();
        m_process.waitForFinished();
    }
}

QStringList DesktopDriver::commandLine(const QStringList &arguments) const
{
    const QStringList upstream
        = m_upstream.isEmpty() ? QStringList{u"--demo"_s} : QStringList{u"--upstream-url"_s, m_upstream};
    return upstream
        + QStringList{u"--config"_s, m_folder.filePath(u"settings.json"_s), u"--port"_s,
            QString::number(port())}
    + arguments;
}

void DesktopDriver::start(
    const QStringList &arguments, const QStringList &environment, const QByteArray &settings)
{
    m_port.bind(QHostAddress::LocalHost, 0, QAbstractSocket::ShareAddress);
    if (!settings.isEmpty()) {
        QFile file(m_folder.filePath(u"settings.json"_s));
        if (file.open(QIODevice::WriteOnly))
            file.write(settings);
    }
    m_environment = QProcessEnvironment::systemEnvironment();
    for (const QString &each : environment)
        m_environment.insert(each.section(u'=', 0, 0), each.section(u'=', 1));
    m_process.setProcessEnvironment(m_environment);
    m_process.setProcessChannelMode(QProcess::ForwardedChannels);
    m_process.start(qEnvironmentVariable("TEST_PROGRAM"), commandLine(arguments));
    m_process.waitForStarted();
}

int DesktopDriver::startAgain() const
{
    QProcess second;
    second.setProcessEnvironment(m_environment);
    second.start(qEnvironmentVariable("TEST_PROGRAM"), commandLine({}));
    return second.waitForFinished() ? second.exitCode() : -1;
}

void DesktopDriver::terminate()
{
    m_process.terminate();
}

bool DesktopDriver::isListening() const
{
    QTcpSocket socket;
    socket.connectToHost(QHostAddress::LocalHost, port());
    return socket.waitForConnected(10'000); // where nobody listens it is known at once
}

void DesktopDriver::call()
{
    auto socket = std::make_unique<QWebSocket>(u"http://localhost:5173"_s);
    QNetworkRequest request(QUrl(u"ws://127.0.0.1:%1/realtime?model=gpt-realtime"_s.arg(port())));
    request.setRawHeader("Sec-WebSocket-Protocol", "realtime, openai-insecure-api-key.sk-demo-0123456789");
    QWebSocket *call = socket.get();
    const auto speak = [call] {
        call->sendTextMessage(
            u"{\"type\":\"conversation.item.create\",\"item\":{\"type\":\"message\",\"role\":\"user\","
            "\"content\":[{\"type\":\"input_text\",\"text\":\"Hello\"}]}}"_s);
        call->sendTextMessage(u"{\"type\":\"response.create\"}"_s);
    };
    QObject::connect(call, &QWebSocket::connected, call, speak);
    QObject::connect(call, &QWebSocket::textMessageReceived, call, [this, speak](const QString &event) {
        if (event.contains(u"\"response.done\""_s)) {
            ++m_responses;
            speak();
        }
    });
    call->open(request);
    m_calls.push_back(std::move(socket));
}

QString DesktopDriver::run(const QString &program, const QStringList &arguments) const
{
    QProcess process;
    process.start(program, arguments);
    process.waitForFinished();
    return QString::fromUtf8(process.readAllStandardOutput()).trimmed();
}

QString DesktopDriver::window() const
{
    // Menus, notifications and dialogs are windows too; the one with a frame and this very title is meant.
    return run(u"xdotool"_s,
        {u"search"_s, u"--onlyvisible"_s, u"--maxdepth"_s, u"4"_s, u"--name"_s, u"^Realtime Relay$"_s})
        .section(u'\n', -1);
}

bool DesktopDriver::windowHasFocus() const
{
    const QString shown = window();
    return !shown.isEmpty() && run(u"xdotool"_s, {u"getactivewindow"_s}) == shown;
}

QRect DesktopDriver::geometryOf(const QString &window) const
{
    // X=1, Y=2, WIDTH=3, HEIGHT=4, a line each.
    const QString text = run(u"xdotool"_s, {u"getwindowgeometry"_s, u"--shell"_s, window});
    const auto value = [&text](const QString &name) {
        return text.section(u'\n' + name + u'=', 1).section(u'\n', 0, 0).toInt();
    };
    return {value(u"X"_s), value(u"Y"_s), value(u"WIDTH"_s), value(u"HEIGHT"_s)};
}

QRect DesktopDriver::windowGeometry() const
{
    return geometryOf(window());
}

QRect DesktopDriver::trayGeometry() const
{
    const QString tray = run(u"xdotool"_s, {u"search"_s, u"--onlyvisible"_s, u"--class"_s, u"trayer"_s});
    return tray.isEmpty() ? QRect() : geometryOf(tray.section(u'\n', -1));
}

QStringList DesktopDriver::shown() const
{
    return run(u"xdotool"_s, {u"search"_s, u"--onlyvisible"_s, u"--class"_s, u"^realtime-relay$"_s})
        .split(u'\n', Qt::SkipEmptyParts);
}

QRect DesktopDriver::iconGeometry() const
{
    const QRect tray = trayGeometry();
    if (tray.bottomRight() != screenArea.bottomRight())
        return {};
    const QStringList windows = shown();
    for (const QString &window : windows) {
        const QRect icon = geometryOf(window);
        if (tray.contains(icon) && tray.width() < 2 * icon.width())
            return icon;
    }
    return {};
}

QString DesktopDriver::menu() const
{
    const QRect tray = trayGeometry();
    const QStringList windows = shown();
    for (const QString &window : windows) {
        if (!tray.contains(geometryOf(window))
            && !run(u"xprop"_s, {u"-id"_s, window, u"_NET_WM_WINDOW_TYPE"_s}).contains(u"TOOLTIP"_s))
            return window;
    }
    return {};
}

void DesktopDriver::killTray() const
{
    run(u"xdotool"_s, {u"search"_s, u"--onlyvisible"_s, u"--class"_s, u"trayer"_s, u"windowkill"_s});
}

QImage DesktopDriver::grab(const QString &window) const
{
    const QString file = m_folder.filePath(u"grab.png"_s);
    QFile::remove(file); // that of before is not this one
    if (window.isEmpty())
        return {};
    run(u"import"_s, {u"-window"_s, window, file});
    return QImage(file);
}

void DesktopDriver::click(const QPoint &at, int button) const
{
    run(u"xdotool"_s,
        {u"mousemove"_s, QString::number(at.x()), QString::number(at.y()), u"click"_s,
            QString::number(button)});
}

void DesktopDriver::press(const QStringList &keys) const
{
    run(u"xdotool"_s, QStringList{u"key"_s, u"--delay"_s, u"50"_s} + keys);
}

} // namespace rr
